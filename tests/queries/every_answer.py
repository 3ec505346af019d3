"""Every cached query, with arguments, about a creator for whom each returns something."""

import pkgutil
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from inspect import signature
from typing import Any
from uuid import UUID

import findings
import queries
from queries.cache.caching import CachedQuery
from queries.chat.questions import QuestionFilters
from queries.courses.known import courses
from queries.periods.period import MONTH
from queries.students.lists import StudentFilters
from queries.videos.lists import VideoFilters
from tests.builders import (
    NOW,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_quiz,
    a_quiz_question,
    a_student,
    a_video,
    a_watch,
    an_answer,
    an_attempt,
    an_event,
)

Asked = tuple[CachedQuery[..., Any], tuple[Any, ...]]


@dataclass(frozen=True)
class Told:
    """A creator, and the ids that queries are called with."""

    creator_id: UUID
    student_id: UUID
    video_id: UUID
    quiz_id: UUID


def all_queries() -> list[CachedQuery[..., Any]]:
    """The cached queries of every module of `queries` and `findings`, each once, in order."""
    modules = [
        import_module(module.name)
        for package in (queries, findings)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    found = {value.fresh: value for module in modules for value in vars(module).values() if _is_query(value)}
    return sorted(found.values(), key=full_name)


def asked(about: Told) -> list[Asked]:
    """Each query with arguments."""
    return [(query, arguments(query, about)) for query in all_queries()]


def arguments(query: CachedQuery[..., Any], about: Told) -> tuple[Any, ...]:
    """One argument for every parameter without a default."""
    parameters = list(signature(query.fresh).parameters.values())[1:]
    return tuple(_argument(query, parameter.name, about) for parameter in parameters if _is_needed(parameter))


def full_name(query: CachedQuery[..., Any]) -> str:
    return f"{query.fresh.__module__}.{query.fresh.__qualname__}"


def a_told_creator() -> Told:
    """Students who watch, ask, take quizzes and stop coming."""
    ada, bo, cy = a_student("Ada Moss"), a_student("Bo Lind", enrolled_days_ago=90), a_student("Cy Hart")
    video, other = a_video(transcript="Loops run.", category="Basics", tags=["loops"]), a_video("Recursion", position=1)
    quiz = a_quiz(video=video)
    question = a_quiz_question(quiz)
    people = (ada, bo, cy)
    creator = a_creator(
        people,
        video,
        other,
        quiz,
        question,
        [a_watch(person, video, days_ago=days + 20) for days, person in enumerate(people)],
        a_progress(ada, video, days_ago=1, watch_percentage=80, completed=True),
        [an_attempt(person, quiz, passed=person is ada, answers={question: person is ada}) for person in people],
        [a_chat(a_question(rating=0.2, video=video), an_answer(), student=person, days_ago=3) for person in people],
        an_event(bo, at=NOW - timedelta(days=20)),
    )
    return Told(creator.id, ada.id, video.id, quiz.id)


def _is_query(value: Any) -> bool:
    return isinstance(value, CachedQuery)


def _is_needed(parameter: Any) -> bool:
    return parameter.default is parameter.empty


def _argument(query: CachedQuery[..., Any], name: str, about: Told) -> Any:
    filters = {"students": StudentFilters(), "students_fitting": StudentFilters(), "videos": VideoFilters()}
    known = {
        "student_id": about.student_id,
        "video_id": about.video_id,
        "quiz_id": about.quiz_id,
        "period": MONTH,
        "filters": filters.get(query.fresh.__name__, QuestionFilters(MONTH)),
        "typed": "example",
        "account_id": about.creator_id,  # of somebody who has marked nothing
        "second": 10,
        "video_ids": (about.video_id,),
        "course_ids": tuple(course.course_id for course in courses.fresh(about.creator_id).courses),
    }
    return known[name]
