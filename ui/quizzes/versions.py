"""The versions of a quiz that two people edit at once."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pandas as pd

from actions.quiz_content import QuestionContent, QuizContent, stored_question, stored_quiz
from database.frames import records
from queries.quizzes.content import QuizContentRow
from rules.edits import EditConflict


def opened_quiz(content: pd.DataFrame) -> QuizContent:
    """The quiz of the frame of `queries.quizzes.content.quiz_content`, as it is stored."""
    rows = records(content, QuizContentRow)
    questions = [
        stored_question(
            id=row.question_id,
            prompt=row.prompt,
            kind=row.kind,
            options=row.options or (),
            correct_answer=row.correct_answer,
        )
        for row in rows
        if row.question_id
    ]
    return stored_quiz(rows[0].title, questions, rows[0].video_id, rows[0].quiz_id)


def part_shown(videos: dict[str, str], version: QuizContent, part: Any) -> tuple[str, str]:
    """A label and the text of a part in a version: the title, the video by its title, or a question by its id."""
    if part == "title":
        return "Title", version.title
    if part == "video_id":
        return "Video", videos.get(str(version.video_id), "None")
    question = _question(version, part)
    if question is None:
        return "Question", "Removed"
    answers = [f"Options: {' | '.join(question.options)}"] if question.options else []
    return "Question", "\n".join([question.prompt, *answers, f"Correct answer: {question.correct_answer or '-'}"])


def with_saved_parts(mine: QuizContent, conflict: EditConflict) -> QuizContent:
    """Mine, with the parts in conflict as they are saved; a question that is gone there is gone."""
    saved: QuizContent = conflict.saved
    disputed = {part: _question(saved, part) for part in conflict.parts if isinstance(part, UUID)}
    kept = [disputed.pop(question.id, question) if question.id else question for question in mine.questions]
    return replace(
        mine,
        title=saved.title if "title" in conflict.parts else mine.title,
        video_id=saved.video_id if "video_id" in conflict.parts else mine.video_id,
        # What is left was removed here, and changed there.
        questions=tuple(question for question in (*kept, *disputed.values()) if question is not None),
    )


def _question(version: QuizContent, question_id: UUID) -> QuestionContent | None:
    return next((question for question in version.questions if question.id == question_id), None)
