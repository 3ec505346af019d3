"""The contents of courses, and the enrolments of students."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import frame
from database.statements import sql
from queries.cache.caching import cached_query
from queries.courses.known import is_of_a_course
from queries.courses.names import course_names

CONTENTS = sql("queries/courses/contents")
ENROLMENTS_OF_STUDENT = """
    -- One row per run that the student was ever enrolled in, newest first.
    select
        courses.id as course_id,
        course_runs.id as run_id,
        enrolments.enrolled_at,
        enrolments.ended_at,
        enrolments.access_expires_at
    from enrolments
    join course_runs
        on
            course_runs.creator_id = enrolments.creator_id
            and course_runs.id = enrolments.run_id
    join courses
        on
            courses.creator_id = course_runs.creator_id
            and courses.id = course_runs.course_id
    where
        enrolments.creator_id = :creator_id
        and enrolments.student_id = :student_id
    order by
        enrolments.enrolled_at desc,
        course_runs.number desc
"""
INSTANTS = ["enrolled_at", "ended_at", "access_expires_at"]


@dataclass(frozen=True, slots=True)
class ContentRow:
    """One row per video and quiz."""

    kind: str  # video or quiz
    id: UUID
    title: str
    course_id: UUID


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """One row per run that a student was ever enrolled in."""

    course_id: UUID
    run_id: UUID
    enrolled_at: datetime
    ended_at: datetime | None
    access_expires_at: datetime | None  # None: never


@cached_query
def course_contents(creator_id: UUID) -> Annotated[pd.DataFrame, ContentRow]:
    """Every video, then every quiz, of all courses; from videos and quizzes."""
    return frame(creator_id, CONTENTS)


@cached_query
def enrolments_of_student(creator_id: UUID, student_id: UUID) -> Annotated[pd.DataFrame, EnrolmentRow]:
    """The student's current and past enrolments, newest first."""
    return frame(creator_id, ENROLMENTS_OF_STUDENT, dates=INSTANTS, student_id=student_id)


def courses_of_contents(creator_id: UUID) -> dict[UUID, str]:
    """The course name of every video and quiz, if several courses are shown together; otherwise empty."""
    names = course_names(creator_id)
    if is_of_a_course() or len(names) < 2:
        return {}
    contents = course_contents(creator_id)
    return {row_id: names[course_id] for row_id, course_id in zip(contents["id"], contents["course_id"], strict=True)}


def course_of_quiz(creator_id: UUID, quiz_id: UUID) -> UUID | None:
    """The course of a quiz; None if it does not exist."""
    contents = course_contents(creator_id)
    found: list[UUID] = contents.loc[contents["id"] == quiz_id, "course_id"].tolist()
    return found[0] if found else None
