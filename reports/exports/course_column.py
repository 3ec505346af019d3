"""The column with the course of each row, if the creator has several courses."""

from uuid import UUID

from queries.courses.known import courses
from reports.exports.table import Column

NAME = "coalesce(nullif(courses.title, ''), 'Course ' || courses.number)"


def has_several_courses(creator_id: UUID) -> bool:
    return len(courses.fresh(creator_id).courses) > 1


def course_column(meaning: str, print_share: float = 2) -> Column:
    """The definition of the column, which comes last."""
    return Column("course", "Course", "text", meaning, print_share=print_share)


def course_of(table: str, row_id: str) -> str:
    """An additional selected column, after the others: the course of a video or quiz."""
    return f""",
        (
            select {NAME}
            from {table} as placed
            join courses
                on
                    courses.creator_id = placed.creator_id
                    and courses.id = placed.course_id
            where
                placed.creator_id = :creator_id
                and placed.id = {row_id}
        ) as course"""


def courses_of_student(student_id: str) -> str:
    """The same for the courses that the student is in and has not left."""
    return f""",
        (
            select string_agg({NAME}, '; ' order by courses.position, courses.number)
            from courses
            where
                courses.creator_id = :creator_id
                and exists (
                    select
                    from course_runs
                    join enrolments
                        on
                            enrolments.creator_id = course_runs.creator_id
                            and enrolments.run_id = course_runs.id
                    where
                        course_runs.creator_id = courses.creator_id
                        and course_runs.course_id = courses.id
                        and enrolments.student_id = {student_id}
                        and (enrolments.ended_at is null or enrolments.ended_at > dashboard_now())
                )
        ) as course"""
