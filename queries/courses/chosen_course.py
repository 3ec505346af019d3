"""The course an account chose last."""

from dataclasses import dataclass
from uuid import UUID

from database.frames import frame, records

CHOSEN = """
    -- One row if the account chose a course, or a run, that has not been closed since.
    select
        chosen_courses.course_id,
        course_runs.id as run_id
    from chosen_courses
    left join courses
        on
            courses.creator_id = chosen_courses.creator_id
            and courses.id = chosen_courses.course_id
    left join course_runs
        on
            course_runs.creator_id = chosen_courses.creator_id
            and course_runs.id = chosen_courses.run_id
    where
        chosen_courses.creator_id = :creator_id
        and chosen_courses.account_id = :account_id
        and (courses.closed_at is null or courses.closed_at <= chosen_courses.chosen_at)
"""


@dataclass(frozen=True)
class ChosenCourse:
    """A course and a run of it; None: all of them. A creator with one course only chooses the run."""

    course_id: UUID | None = None
    run_id: UUID | None = None


def chosen_course(creator_id: UUID, account_id: UUID) -> ChosenCourse:
    """The account's last choice, from chosen_courses; all courses without a choice, or if it was closed since.

    Never cached: a visit reads it once and keeps it.
    """
    return next(iter(records(frame(creator_id, CHOSEN, account_id=account_id), ChosenCourse)), ChosenCourse())
