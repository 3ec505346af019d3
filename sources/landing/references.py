"""Which rows others refer to: they stay when the import that described them is undone."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from sources.landing.relations import ATTEMPTS, BY_ID, COURSES, QUESTIONS, QUIZZES, RUNS, STUDENTS, VIDEOS, Relation
from sources.landing.tables import array

# By relation: the tables and columns that refer to it, and what does not count.
TOLD = " and (enrolments.import_number is not null or enrolments.follows_arrival is not true)"
REFERENCES: Mapping[Relation, tuple[tuple[str, str, str], ...]] = {
    STUDENTS: (
        ("enrolments", "student_id", TOLD),
        ("video_progress", "student_id", ""),
        ("watch_segments", "student_id", ""),
        ("activity_events", "student_id", ""),
        ("chat_sessions", "student_id", ""),
        ("chat_messages", "student_id", ""),
        ("quiz_attempts", "student_id", ""),
        ("invitations", "student_id", ""),
        ("announcement_skips", "student_id", ""),
    ),
    VIDEOS: (
        ("video_progress", "video_id", ""),
        ("watch_segments", "video_id", ""),
        ("retention_points", "video_id", ""),
        ("activity_events", "video_id", ""),
        ("chat_messages", "video_id", ""),
        ("quizzes", "video_id", ""),
        ("uploads", "video_id", ""),
    ),
    QUIZZES: (("quiz_questions", "quiz_id", ""), ("quiz_attempts", "quiz_id", "")),
    QUESTIONS: (("quiz_answers", "question_id", ""), ("markings", "question_id", "")),
    ATTEMPTS: (("quiz_answers", "attempt_id", ""),),
    COURSES: (("videos", "course_id", ""), ("quizzes", "course_id", "")),
    RUNS: (("enrolments", "run_id", ""), ("invitations", "run_id", "")),
}
# The last course stays, and the last run of each.
NOT_THE_LAST = {
    COURSES: """
    and exists (
        select
        from courses as others
        where
            others.creator_id = known.creator_id
            and others.id <> known.id
    )
    and not exists (
        select
        from course_runs
        join enrolments
            on
                enrolments.creator_id = course_runs.creator_id
                and enrolments.run_id = course_runs.id
        where
            course_runs.creator_id = known.creator_id
            and course_runs.course_id = known.id
    )""",
    RUNS: """
    and exists (
        select
        from course_runs as others
        where
            others.creator_id = known.creator_id
            and others.course_id = known.course_id
            and others.id <> known.id
    )""",
}


def removable(connection: Connection, creator_id: UUID, relation: Relation, ids: Iterable[UUID]) -> set[UUID]:
    """Those of these rows that nothing refers to."""
    asked = {"creator_id": creator_id, "ids": array("uuid", ids)}
    return set(connection.execute(_removable(relation), asked).scalars())


def remove_undescribed(
    connection: Connection, creator_id: UUID, relation: Relation, ids: Iterable[UUID] | None = None
) -> list[Any]:
    """Delete the rows (of these) that nobody described and nothing refers to; returns ids and fixed columns."""
    asked = {"creator_id": creator_id, "every": ids is None, "ids": array("uuid", ids or ())}
    return list(connection.execute(_undescribed(relation), asked).all())


@lru_cache(maxsize=20)
def _removable(relation: Relation) -> TextClause:
    return text(
        f"""
select known.id
from {relation.name} as known
where
    known.creator_id = :creator_id
    and known.id = any(cast(:ids as uuid[])){_free(relation)}
"""
    )


@lru_cache(maxsize=20)
def _undescribed(relation: Relation) -> TextClause:
    returned = ",\n    ".join(f"known.{column.name}" for column in (*BY_ID, *relation.fixed))
    return text(
        f"""
delete from {relation.name} as known
where
    known.creator_id = :creator_id
    and known.import_number = 0
    and (
        :every
        or known.id = any(cast(:ids as uuid[]))
    ){_free(relation)}
returning
    {returned}
"""
    )


def _free(relation: Relation) -> str:
    parts = [
        f"""
    and not exists (
        select
        from {table}
        where
            {table}.creator_id = known.creator_id
            and {table}.{column} = known.id{but.replace(" and ", chr(10) + "            and ", 1)}
    )"""
        for table, column, but in REFERENCES[relation]
    ]
    return "".join(parts) + NOT_THE_LAST.get(relation, "")
