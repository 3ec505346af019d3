"""What a message to students may begin with."""

from dataclasses import dataclass
from uuid import UUID

from database.frames import records
from queries.students.reasons import SIGNALS
from queries.students.signals import SignalRow, student_signals
from rules.sentences import always, sentence
from ui.students.findings import shortened

LONGEST_NAME, LONGEST_SUBJECT_NAMED = 80, 100  # characters; a subject has at most 150
NO_SUBJECT = ("failing", "stuck", "repeating")  # of several students, whose quizzes, videos and questions differ


@dataclass(frozen=True)
class Text:
    """A subject on one line, and a text in Markdown; both may have placeholders."""

    subject: str
    body: str


def suggested_text(about: str, creator_name: str) -> Text:
    """A text to several students about a kind of signal; empty for any other word."""
    if about not in SIGNALS or about in NO_SUBJECT:
        return Text("", "")
    return _letter(content_about(about, ""), creator_name)


def suggested_text_to(creator_id: UUID, student_id: UUID, creator_name: str) -> Text:
    """A text to one student about the most serious signal or, without one, about how the course is going."""
    worst = next(iter(records(student_signals(creator_id, student_id), SignalRow)), None)
    return _letter(content_about(worst.kind if worst else "none", (worst and worst.subject) or ""), creator_name)


def _letter(content: tuple[str, str], creator_name: str) -> Text:
    subject, said = content
    signature = shortened(creator_name, LONGEST_NAME)
    return Text(subject, f"Hi {{first name}},\n\n{said}\n\n{always('Best wishes,')}\n{signature}")


@sentence
def content_about(kind: str, subject: str) -> tuple[str, str]:
    """Subject and sentences about a kind of signal and the title or the question that it names."""
    about = shortened(subject, LONGEST_SUBJECT_NAMED)
    contents = {
        "never_started": (
            "Shall we start together?",
            "You enrolled, and have not started the first video yet. Is anything getting in your way? "
            "It takes only a few minutes, and I am happy to help.",
        ),
        "silent": (
            "How are you getting on?",
            "I have not seen you in the course for a while. Did something come up, or was something unclear? "
            "Drop me a line, and we will find a way forward.",
        ),
        "failing": (
            "Let's look at the quizzes together",
            f"The last few quizzes, most recently “{about}”, did not go well. That happens. "
            "Tell me which question puzzles you most, and I will explain it another way.",
        ),
        "stuck": (
            f"Can I help with “{about}”?",
            f"You stopped in the middle of “{about}”. Was something unclear there? "
            "Tell me where it became difficult, and I will help you past it.",
        ),
        "repeating": (
            "About your question",
            f"You have asked several times: “{about}” The answers do not seem to have helped. "
            "Let me answer it myself: what exactly is still unclear?",
        ),
        "came_back": (
            "Good to see you back",
            "I noticed that you came back to the course, and I am glad. "
            "If you would like to know where to pick up, just ask.",
        ),
        "finished": (
            "You finished the course. Well done!",
            "You completed every video: congratulations! What helped you most, and what was missing? "
            "Your answer will make the course better for the next students.",
        ),
        "none": (
            "How is the course going?",
            "I wanted to ask how the course is going for you. Is there anything I could explain better?",
        ),
    }
    return contents[kind]
