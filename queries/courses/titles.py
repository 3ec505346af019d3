"""Titles of videos and quizzes followed by their course, if several courses are shown together."""

from collections.abc import Mapping
from uuid import UUID

import pandas as pd


def with_course(title: str, course: str) -> str:
    """Such as "Loops (Python)"; the title alone without a course."""
    return f"{title} ({course})" if course else title


def titles_with_course(
    rows: pd.DataFrame, courses: Mapping[UUID, str], row_id: str = "video_id", title: str = "title"
) -> pd.DataFrame:
    """The rows with these titles; unchanged if `courses`, from `courses_of_contents`, is empty."""
    if not courses:
        return rows
    named = zip(rows[title], rows[row_id], strict=True)
    return rows.assign(**{title: [with_course(said, courses.get(one, "")) for said, one in named]})


def steps_by_course(steps: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The frame of `queries.courses.funnel.funnel` for each course, with its name; positions count from 1 in each."""
    return [
        (str(course), of_course.assign(place=range(1, len(of_course) + 1)).reset_index(drop=True))
        for course, of_course in steps.groupby("course_title", sort=False)
    ]
