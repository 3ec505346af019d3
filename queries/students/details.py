"""Everything about one student, gathered once for the page and for programs."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import records
from database.tenancy import reading_together
from queries.cache.caching import cached_query
from queries.students.answers import (
    AttemptRow,
    FailedQuestionRow,
    StudentQuestionRow,
    attempts_of_student,
    failed_questions,
    questions_of_student,
)
from queries.students.history import (
    CourseVideoRow,
    EventRow,
    Page,
    WatchedVideoRow,
    course_progress,
    timeline,
    watch_history,
    watched_ranges,
)
from queries.students.lists import student
from queries.students.rows import StudentRow
from queries.students.signals import SignalRow, student_signals


@dataclass(frozen=True)
class StudentDetails:
    """All data of one student, from the queries of the same names.

    `ranges` belong to the videos of `watched`.
    """

    student: StudentRow
    signals: Annotated[pd.DataFrame, SignalRow]
    course: Annotated[pd.DataFrame, CourseVideoRow]
    watched: Annotated[Page, WatchedVideoRow]
    ranges: pd.DataFrame
    attempts: Annotated[pd.DataFrame, AttemptRow]
    failed_questions: Annotated[pd.DataFrame, FailedQuestionRow]
    questions: Annotated[pd.DataFrame, StudentQuestionRow]
    timeline: Annotated[Page, EventRow]


@cached_query
def student_details(
    creator_id: UUID, student_id: UUID, watched_offset: int = 0, events_offset: int = 0
) -> StudentDetails | None:
    """One student's profile; None for a student who is unknown, deleted or another creator's.

    The offsets choose a page of the watch history and of the timeline; past the end, the first page.
    """
    with reading_together(creator_id):
        found = student.fresh(creator_id, student_id)
        if found.empty:
            return None
        watched = watch_history.fresh(creator_id, student_id, watched_offset)
        return StudentDetails(
            student=records(found, StudentRow)[0],
            signals=student_signals.fresh(creator_id, student_id),
            course=course_progress.fresh(creator_id, student_id),
            watched=watched,
            ranges=watched_ranges.fresh(creator_id, student_id, tuple(watched.rows["video_id"])),
            attempts=attempts_of_student.fresh(creator_id, student_id),
            failed_questions=failed_questions.fresh(creator_id, student_id),
            questions=questions_of_student.fresh(creator_id, student_id),
            timeline=timeline.fresh(creator_id, student_id, events_offset),
        )
