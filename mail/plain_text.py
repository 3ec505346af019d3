"""User text for emails."""

from mail.message import one_line

LONGEST = 120  # characters of a name, a title or a question


def in_one_line(text: object, longest: int = LONGEST) -> str:
    """User text on one line, without control characters, cut to the length."""
    return one_line(str(text or ""), longest)
