"""Checks the subject and message of an announcement."""

import unicodedata
from dataclasses import dataclass

from rules.errors import InputError

ANNOUNCEMENT = "announcement"  # the kind of mail
LONGEST_SUBJECT, LONGEST_BODY = 150, 20_000  # characters
LINE_ENDS = ("\n", "\t")


@dataclass(frozen=True)
class Announcement:
    """A subject on one line, and a text in Markdown.

    Raises InputError if it is empty, too long, or contains characters that are not allowed in email.
    """

    subject: str
    body: str

    def __post_init__(self) -> None:
        _check("subject", self.subject, LONGEST_SUBJECT, ())
        _check("text", self.body, LONGEST_BODY, LINE_ENDS)

    @classmethod
    def typed(cls, subject: str, body: str) -> "Announcement":
        """The typed text without surrounding spaces and with normalised line ends."""
        lines = body.replace("\r\n", "\n").replace("\r", "\n")
        return cls(subject.strip(), lines.strip())


def _check(what: str, text: str, longest: int, allowed: tuple[str, ...]) -> None:
    if not text.strip():
        raise InputError(f"The {what} is empty; fill it in before you send.")
    if len(text) > longest:
        raise InputError(f"The {what} has {len(text):,} characters; write at most {longest:,}.")
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in allowed for letter in text):
        raise InputError(f"The {what} contains a character that cannot be shown; remove it.")
