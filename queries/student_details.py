"""Everything about one student, gathered once for the page and for programs."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import records
from database.tenancy import reading_together
from queries.caching import cached_query
from queries.student_answers import attempts_of_student, failed_questions, questions_of_student
from queries.student_history import Page, course_progress, timeline, watch_history, watched_ranges
from queries.student_signals import student_signals
from queries.students import student


@dataclass(frozen=True)
class StudentDetails:
    """Everything there is to tell about one student, from the queries of the same names.

    `student` is a row of `queries.students.student`; `ranges` belong to the videos of `watched`.
    """

    student: dict[str, Any]
    signals: pd.DataFrame
    course: pd.DataFrame
    watched: Page
    ranges: pd.DataFrame
    attempts: pd.DataFrame
    failed_questions: pd.DataFrame
    questions: pd.DataFrame
    timeline: Page


@cached_query
def student_details(
    creator_id: UUID, student_id: UUID, watched_offset: int = 0, events_offset: int = 0
) -> StudentDetails | None:
    """One student's profile; None for a student who is unknown, deleted or another creator's.

    The offsets choose a page of the watch history and of the timeline; one beyond the end is the first page.
    """
    with reading_together(creator_id):
        found = student.fresh(creator_id, student_id)
        if found.empty:
            return None
        watched = watch_history.fresh(creator_id, student_id, watched_offset)
        return StudentDetails(
            student=records(found)[0],
            signals=student_signals.fresh(creator_id, student_id),
            course=course_progress.fresh(creator_id, student_id),
            watched=watched,
            ranges=watched_ranges.fresh(creator_id, student_id, tuple(watched.rows["video_id"])),
            attempts=attempts_of_student.fresh(creator_id, student_id),
            failed_questions=failed_questions.fresh(creator_id, student_id),
            questions=questions_of_student.fresh(creator_id, student_id),
            timeline=timeline.fresh(creator_id, student_id, events_offset),
        )
