"""A message to a student, suggested from what the data say; the creator's own mail program sends it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from database.frames import records
from queries.student_details import StudentDetails
from ui.student_findings import shortened
from ui.text import E_MAIL

LONGEST_NAME = 80  # characters; mail programs give up on very long links


@dataclass(frozen=True)
class Message:
    subject: str
    text: str


def suggested_message(details: StudentDetails, creator_name: str) -> Message:
    """What to write, about the worst signal or, where none holds, about how it goes."""
    worst = next(iter(records(details.signals)), {"kind": "none"})
    subject, said = _content(worst)
    first_name = next(iter(str(details.student["name"]).split()), "")[:LONGEST_NAME]
    greeting = f"Hi {first_name}," if first_name else "Hi,"
    signature = shortened(creator_name, LONGEST_NAME)
    return Message(subject, f"{greeting}\n\n{said}\n\nBest wishes,\n{signature}")


def mail_link(address: str | None, message: Message) -> str | None:
    """A mailto link with subject and text; None without an address that can be written to."""
    if not address or not E_MAIL.fullmatch(address):
        return None
    text = message.text.replace("\n", "\r\n")  # as RFC 6068 wants it
    return f"mailto:{address}?subject={quote(message.subject, safe='')}&body={quote(text, safe='')}"


def _content(signal: dict[str, Any]) -> tuple[str, str]:
    """Subject and sentences."""
    about = shortened(str(signal.get("subject") or ""))
    contents = {
        "never_started": (
            "Shall we start together?",
            "You enrolled, and have not started the first video yet. Is anything in your way? "
            "It takes only a few minutes, and I am happy to help.",
        ),
        "silent": (
            "How are you getting on?",
            "I have not seen you in the course for a while. Did something get in the way, or was something unclear? "
            "Write me a line, and we will find a way to go on.",
        ),
        "failing": (
            "Let us look at the quizzes together",
            f"The last quizzes did not go well, the latest being “{about}”. That happens. "
            "Tell me which question puzzles you most, and I will explain it in another way.",
        ),
        "stuck": (
            f"Can I help with “{about}”?",
            f"You stopped in the middle of “{about}”. Was something unclear there? "
            "Tell me where it became difficult, and I will help you past it.",
        ),
        "repeating": (
            "About your question",
            f"You asked several times: “{about}” So the answers have not helped yet. "
            "Let me answer myself: what exactly is still unclear?",
        ),
        "came_back": (
            "Good to see you back",
            "I noticed that you came back to the course, and I am glad. "
            "If you would like to know where best to go on, just ask.",
        ),
        "finished": (
            "You finished the course. Well done!",
            "You completed every video: congratulations! What helped you most, and what did you miss? "
            "Your answer makes the course better for those who come after you.",
        ),
        "none": (
            "How is the course going?",
            "I wanted to ask how the course is going for you. Is there anything that I could explain better?",
        ),
    }
    return contents[signal["kind"]]
