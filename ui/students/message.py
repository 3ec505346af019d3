"""A suggested message to a student, sent with the creator's own email program."""

from dataclasses import dataclass
from urllib.parse import quote

from database.frames import records
from queries.students.details import StudentDetails
from queries.students.signals import SignalRow
from rules.sentences import always, sentence
from ui.shared.text import E_MAIL
from ui.students.findings import shortened

LONGEST_NAME = 80  # characters; email programs fail on very long links


@dataclass(frozen=True)
class Message:
    subject: str
    text: str


def suggested_message(details: StudentDetails, creator_name: str) -> Message:
    """A message about the most serious signal or, without one, about how the course is going."""
    worst = next(iter(records(details.signals, SignalRow)), None)
    subject, said = content_about(worst)
    first_name = next(iter(details.student.name.split()), "")[:LONGEST_NAME]
    greeting = f"Hi {first_name}," if first_name else "Hi,"
    signature = shortened(creator_name, LONGEST_NAME)
    return Message(subject, f"{greeting}\n\n{said}\n\n{always('Best wishes,')}\n{signature}")


def mail_link(address: str | None, message: Message) -> str | None:
    """A mailto link with subject and text; None without a usable address."""
    if not address or not E_MAIL.fullmatch(address):
        return None
    text = message.text.replace("\n", "\r\n")  # required by RFC 6068
    return f"mailto:{address}?subject={quote(message.subject, safe='')}&body={quote(text, safe='')}"


@sentence
def content_about(signal: SignalRow | None) -> tuple[str, str]:
    """Subject and sentences."""
    about = shortened(signal.subject or "") if signal else ""
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
    return contents[signal.kind if signal else "none"]
