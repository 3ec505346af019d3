"""A creator whose week has something of everything to report."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from database.creators import Creator, creator_of_id
from mail.digest.week import Week
from tests.builders import (
    ACreator,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_quiz,
    a_quiz_question,
    a_segment,
    a_student,
    a_video,
    a_watch,
    an_answer,
    an_attempt,
    an_event,
)

MONDAY = date(2026, 2, 23)
ZONE = "America/New_York"
WEEK = Week(MONDAY, ZONE)
TRANSCRIPT = "Welcome to loops. This part is hard to follow. Goodbye and good luck."


def in_week(day: float, hour: float = 12) -> datetime:
    """This many days after the Monday, in New York (five hours behind UTC in winter)."""
    return datetime(2026, 2, 23, 5, tzinfo=UTC) + timedelta(days=day, hours=hour)


def a_busy_creator(name: str = "Mira Vale", student_name: str = "Ada Moss", **texts: Any) -> ACreator:
    """Ada slipped away, Ben came back, Cleo finished; a video has a cliff, a quiz fails, a question goes unanswered."""
    question = texts.get("question", "What is recursion?")
    title = texts.get("title", "Loops")
    columns = {column: texts[column] for column in ("category", "tags") if column in texts}
    video = a_video(title, transcript=texts.get("transcript", TRANSCRIPT), duration_seconds=600, **columns)
    quiz = a_quiz(title, video=video)
    hard = a_quiz_question(quiz, prompt=question)
    ada, ben, cleo = a_student(student_name), a_student(f"Ben {student_name}", enrolled_days_ago=90), a_student("Cleo")
    crowd = [a_student(f"Student {number}", email=None) for number in range(10)]
    return a_creator(
        [ada, ben, cleo, *crowd, video, quiz, hard],
        an_event(ada, at=in_week(-4)),
        [an_event(ben, at=in_week(day)) for day in (-60, -58, -56, 2)],
        a_watch(cleo, video, at=in_week(3), seconds=600),
        a_progress(cleo, video, at=in_week(3), completed=True, watch_percentage=100),
        [a_watch(one, video, at=in_week(1), seconds=300) for one in crowd],
        [an_attempt(one, quiz, passed=False, at=in_week(4), answers={hard: False}) for one in crowd],
        [a_chat(a_question(question), student=one, at=in_week(5)) for one in crowd[:3]],
        a_chat(a_question("Why?", rating=1), an_answer(), student=crowd[4], at=in_week(-2)),
        [a_segment(one, video, at=in_week(-3), seconds=120) for one in crowd[:2]],
        name=name,
        timezone=ZONE,
    )


def known(creator: ACreator) -> Creator:
    return creator_of_id(creator.id)
