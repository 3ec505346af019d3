"""What happened to the students and findings on the last digest's list."""

from collections.abc import Iterable
from uuid import UUID

from mail.digest.content import DigestOutcome
from mail.digest.week import Week
from mail.plain_text import in_one_line
from queries.mails.digest_items import ListedItems, listed_students


def outcome_of(
    creator_id: UUID, before: ListedItems, keys_now: Iterable[tuple[str, str]], timezone: str
) -> DigestOutcome | None:
    """How the listed students are doing and which findings are resolved; None if nothing was listed."""
    week = Week(before.week_start, timezone)
    student_ids = before.of("student")
    found_before = {(kind, key) for kind, keys in before.keys.items() if kind != "student" for key in keys}
    if not student_ids and not found_before:
        return None
    students = listed_students(creator_id, sorted(student_ids), week.after.begins_at)
    finished = students[students["is_finished"].astype(bool)]
    others = students[~students["is_finished"].astype(bool)]
    back = others[others["has_come_back"].astype(bool)]
    return DigestOutcome(
        week=week,
        students=len(student_ids),
        came_back=tuple(in_one_line(name) for name in back["name"]),
        finished=tuple(in_one_line(name) for name in finished["name"]),
        still_silent=len(others) - len(back),
        left=len(student_ids) - len(students),
        findings=len(found_before),
        findings_solved=len(found_before - set(keys_now)),
    )
