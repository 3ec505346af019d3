"""What the statements of one sitting at a quiz say: an attempt with its answers, or several."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sources.facts import Answer, Attempt, Course, Fact, Question, Quiz
from sources.xapi.keys import Json, key
from sources.xapi.meanings import attempt_id, content_id, course_of, quiz_of
from sources.xapi.values import instant, seconds
from sources.xapi.vocabulary import ANSWERED, ATTEMPT_NUMBER, ENDINGS, EVALUATED, definition, extension, title, words

PASSED_FROM = 50.0
LONGEST_TEXT = 10_000


class Told(NamedTuple):
    """A statement of the sitting: an answer to a question, or the result of the whole."""

    at: datetime
    quiz: str
    is_whole: bool
    statement: Json


def sitting(statements: Sequence[Json], student: str) -> list[Fact]:
    """The facts of one sitting of a student at a quiz, from all of its statements, in any order."""
    told = sorted(
        (_told(one, statements) for one in statements), key=lambda one: (one.at, one.is_whole, str(one.statement["id"]))
    )
    facts: list[Fact] = list(_contents(told))
    for attempt, number in _attempts(told):
        facts += _attempt(attempt, number, student)
    return facts


def _told(statement: Json, statements: Sequence[Json]) -> Told:
    quiz = content_id(quiz_of(statement)["id"])
    own = statement["object"]["id"]
    is_part = own != quiz and attempt_id(statement) != own
    if statement["verb"]["id"] in ENDINGS:
        is_whole = True
    elif statement["verb"]["id"] == ANSWERED or statement["verb"]["id"] == EVALUATED:
        # The result of several questions is told for all of them as well.
        is_whole = not is_part and len(statements) > 1 and any(_is_part(one, quiz) for one in statements)
    else:
        is_whole = not is_part
    return Told(instant(statement["timestamp"]), quiz, is_whole, statement)


def _is_part(statement: Json, quiz: str) -> bool:
    return statement["object"]["id"] != quiz and statement["verb"]["id"] not in ENDINGS


def _contents(told: Sequence[Told]) -> Iterator[Fact]:
    """The course, the quiz and its questions, with the words that the newest statement has for them."""
    quizzes: dict[str, Quiz] = {}
    questions: dict[str, Question] = {}
    for one in told:
        course = course_of(one.statement)
        if course:
            yield Course(course["id"], title(course))
        named = quiz_of(one.statement)
        own = named if content_id(named["id"]) == named["id"] else None
        before = quizzes.get(one.quiz, Quiz(one.quiz))
        called = _title(own, one) or before.title
        quizzes[one.quiz] = Quiz(one.quiz, title=called, course=course["id"] if course else before.course)
        if not one.is_whole:
            question = _question(one)
            questions[question.id] = question
    yield from quizzes.values()
    yield from questions.values()


def _title(quiz: Json | None, told: Told) -> str | None:
    if quiz is None:
        return None
    return title(quiz) or (_words(quiz) if quiz["id"] == told.statement["object"]["id"] else None)


def _words(activity: Json) -> str | None:
    return words(definition(activity).get("description"))


def _question(told: Told) -> Question:
    about = told.statement["object"]
    choices = definition(about).get("choices", ())
    options = tuple(words(one.get("description")) or one["id"].replace("\0", "") for one in choices)
    pattern = definition(about).get("correctResponsesPattern", ())
    return Question(
        about["id"],
        told.quiz,
        prompt=_words(about) or title(about),
        options=options or None,
        correct_answer=_in_words(about, pattern[0])[:LONGEST_TEXT] if pattern and pattern[0] else None,
    )


def _attempts(told: Sequence[Told]) -> Iterator[tuple[list[Told], int | None]]:
    """The statements of each attempt. Where senders have no id for it, the result of the whole ends an attempt."""
    pending: list[Told] = []
    for one in told:
        pending.append(one)
        if one.is_whole and attempt_id(one.statement) is None and one.statement["verb"]["id"] != EVALUATED:
            yield pending, None
            pending = []
        elif not one.is_whole and one.quiz == one.statement["object"]["id"] and attempt_id(one.statement) is None:
            yield [one], _number(one)  # a question that is a quiz of its own
            pending.remove(one)
    if pending:
        yield pending, _number(pending[0])


def _number(told: Told) -> int | None:
    number = extension(told.statement, "result", ATTEMPT_NUMBER) or definition(told.statement["object"]).get(
        "extensions", {}
    ).get(ATTEMPT_NUMBER)
    return number if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 100_000 else None


def _attempt(told: Sequence[Told], number: int | None, student: str) -> Iterator[Fact]:
    answers = {one.statement["object"]["id"]: one for one in told if not one.is_whole}
    whole = next((one for one in reversed(told) if one.is_whole), None)
    quiz = told[-1].quiz
    name = next((found for one in told if (found := attempt_id(one.statement))), None) or _own_name(told, quiz, student)
    ended = whole or told[-1]
    is_correct = [_is_correct(one.statement) for one in answers.values()]
    score = _score(ended.statement) if whole or len(answers) == 1 else None
    if score is None:
        score = 100 * sum(is_correct) / len(is_correct) if is_correct else _of_success(ended.statement)
    success = ended.statement.get("result", {}).get("success") if whole or len(answers) == 1 else None
    yield Attempt(
        quiz,
        student,
        ended.at,
        score,
        success if success is not None else score >= PASSED_FROM,
        id=name,
        number=number,
        time_taken_seconds=_time_taken(ended.statement),
    )
    for one in answers.values():
        about = one.statement["object"]
        response = one.statement.get("result", {}).get("response") or None
        words_of_it = _in_words(about, response)[:LONGEST_TEXT] if response else None
        yield Answer(quiz, about["id"], student, one.at, _is_correct(one.statement), answer=words_of_it, attempt=name)


def _own_name(told: Sequence[Told], quiz: str, student: str) -> str:
    """An attempt that the sender has no id for is named after its end, which every one of its statements leads to."""
    end = next((one for one in reversed(told) if one.is_whole), told[0])
    whole = end.statement.get("context", {}).get("statement", {}).get("id")
    if end.statement["verb"]["id"] == EVALUATED:
        return str(whole or end.statement["id"]).lower()
    return str(key("attempt", f"{quiz} {student} {end.at.isoformat()}"))


def _is_correct(statement: Json) -> bool:
    result = statement.get("result", {})
    if "success" in result:
        return bool(result["success"])
    return (_score(statement) or 0.0) >= 100


def _of_success(statement: Json) -> float:
    return 100.0 if statement.get("result", {}).get("success") else 0.0


def _score(statement: Json) -> float | None:
    """In percent. Raw and maximum first: Moodle sends a scaled 0.0 beside 50 of 100."""
    score: dict[str, float] = statement.get("result", {}).get("score", {})
    raw, low, high = score.get("raw"), score.get("min", 0), score.get("max")
    if raw is not None and high is not None and high > max(low, 0):
        return min(100.0, max(0.0, 100 * (raw - max(low, 0)) / (high - max(low, 0))))
    scaled = score.get("scaled")
    return None if scaled is None else min(100.0, max(0.0, 100 * scaled))


def _time_taken(statement: Json) -> int | None:
    duration = statement.get("result", {}).get("duration")
    found = seconds(duration) if duration else None
    return round(found) if found is not None and found < 2_000_000_000 else None


def _in_words(about: Json, response: str) -> str:
    """An answer as people gave it: ids of choices become their words, lists written as JSON or with [,] become text."""
    choices = {one["id"]: words(one.get("description")) or one["id"] for one in definition(about).get("choices", ())}
    parts = response.split("[,]")
    if response.startswith("["):
        try:
            told = json.loads(response)
            parts = [str(part) for part in told] if isinstance(told, list) else parts
        except (ValueError, RecursionError):
            pass
    return ", ".join(choices.get(part, part) for part in parts).replace("\0", "")
