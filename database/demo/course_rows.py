"""A course's videos, quizzes and questions as rows."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from database.demo.courses import Course
from database.demo.ids import stable_id
from database.demo.lessons import Lessons
from database.demo.tables import Table


def course_rows(lessons: Lessons, moment: datetime) -> Iterator[Table]:
    """The courses with their runs, videos and quizzes, in an order that foreign keys allow.

    If there is only one run, the database enrols new students in it.
    """
    yield from _courses(lessons.course, moment)
    course_ids = {part: course_id(lessons.course, lessons.course.section_of(part)) for part in lessons.course.parts}
    yield _videos(lessons, course_ids)
    yield _quizzes(lessons, course_ids)
    yield _questions(lessons)


def course_id(course: Course, section: int) -> UUID:
    """The id of the course at this place among the creator's courses."""
    return stable_id("course", course.subject, *([section] if section else []))


def run_id(course: Course, section: int, run: int) -> UUID:
    return stable_id("run", course.subject, *([section, run] if section or run else []))


def _courses(course: Course, moment: datetime) -> Iterator[Table]:
    yield Table(
        "courses",
        ("id", "number", "position", "external_id", "title"),
        [
            (
                course_id(course, place),
                place + 1,
                place,
                f"{course.subject}-{place}" if place else course.subject,
                section.title,
            )
            for place, section in enumerate(course.all_sections)
        ],
    )
    runs = [
        (section, place, run)
        for section, of_section in enumerate(course.all_sections)
        for place, run in enumerate(of_section.runs)
    ]
    yield Table(
        "course_runs",
        ("id", "course_id", "number", "external_id", "title", "starts_at", "ends_at"),
        [
            (
                run_id(course, section, place),
                course_id(course, section),
                number,
                course.subject if number == 1 else f"{course.subject}-{section}-{place}",
                run.title,
                days_before(moment, run.starts_days_ago),
                days_before(moment, run.ends_days_ago),
            )
            for number, (section, place, run) in enumerate(runs, start=1)
        ],
    )


def _videos(lessons: Lessons, course_ids: Mapping[str, UUID]) -> Table:
    return Table(
        "videos",
        (
            "id",
            "course_id",
            "external_id",
            "title",
            "description",
            "category",
            "tags",
            "difficulty_level",
            "duration_seconds",
            "position",
            "status",
            "storage_key",
            "transcript",
            "created_at",
            "updated_at",
            "deleted_at",
        ),
        (
            (
                video.id,
                course_ids[video.part],
                str(video.id),
                video.title,
                video.topic.description(),
                video.part,
                [lessons.course.subject, video.part.lower()],
                video.level,
                video.duration_seconds,
                video.position,
                video.status,
                f"videos/{video.id}.mp4",
                video.topic.transcript() if video.status == "completed" else None,
                video.created_at,
                video.deleted_at or video.created_at + timedelta(hours=1) * (video.status == "completed"),
                video.deleted_at,
            )
            for video in lessons.videos
        ),
    )


def _quizzes(lessons: Lessons, course_ids: Mapping[str, UUID]) -> Table:
    return Table(
        "quizzes",
        ("id", "course_id", "external_id", "video_id", "title", "position", "status", "created_at"),
        (
            (
                quiz.id,
                course_ids[lessons.published[quiz.video_index].part],
                str(quiz.id),
                lessons.published[quiz.video_index].id,
                quiz.title,
                quiz.position,
                "published",
                quiz.created_at,
            )
            for quiz in lessons.quizzes
        ),
    )


def _questions(lessons: Lessons) -> Table:
    return Table(
        "quiz_questions",
        ("id", "external_id", "quiz_id", "position", "kind", "prompt", "options", "correct_answer"),
        (
            (
                question.id,
                str(question.id),
                quiz.id,
                question.position,
                question.kind,
                question.prompt,
                json.dumps(question.options if question.kind == "multiple_choice" else []),
                question.correct_answer,
            )
            for quiz in lessons.quizzes
            for question in quiz.questions
        ),
    )


def days_before(moment: datetime, days: int | None) -> datetime | None:
    return None if days is None else moment - timedelta(days=days)
