"""Texts of people and numbers as they stand in mail."""

from reports.mail.message import one_line

LONGEST = 120  # characters of a name, a title or a question


def in_one_line(text: object, longest: int = LONGEST) -> str:
    """What a person wrote, on one line, without control characters, cut at the length."""
    return one_line(str(text or ""), longest)


def counted(count: float, noun: str, plural: str | None = None) -> str:
    """1 student, 1,200 students."""
    return f"1 {noun}" if count == 1 else f"{count:,.0f} {plural or noun + 's'}"


def listed(names: list[str], total: int | None = None, shown: int = 3) -> str:
    """Ada; Ada and Ben; Ada, Ben, Cleo and 4 others. `total` where there are more than the names given."""
    rest = (total or len(names)) - len(names[:shown])
    if rest > 0:
        return f"{', '.join(names[:shown])} and {counted(rest, 'other')}"
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
