"""A course's videos, quizzes and questions as rows."""

import json
from collections.abc import Iterator
from datetime import timedelta

from database.demo.ids import stable_id
from database.demo.lessons import Lessons
from database.demo.tables import Table


def course_rows(lessons: Lessons) -> Iterator[Table]:
    """The course, in an order that foreign keys allow; everybody is enrolled in its only run."""
    subject = lessons.course.subject
    course_id, run_id = stable_id("course", subject), stable_id("run", subject)
    yield Table("courses", ("id", "number", "external_id"), [(course_id, 1, subject)])
    yield Table("course_runs", ("id", "course_id", "number", "external_id"), [(run_id, course_id, 1, subject)])
    yield Table(
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
                course_id,
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
    yield Table(
        "quizzes",
        ("id", "course_id", "external_id", "video_id", "title", "position", "status", "created_at"),
        (
            (
                quiz.id,
                course_id,
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
    yield Table(
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
