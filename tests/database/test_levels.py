"""What is kept of a course, or a run of it, is what a creator would have whose students did nothing else.

The level's rows are compared with those of another creator, who has what belongs to the level and no more; who
belongs where is told once more here, in plain Python.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from sqlalchemy import text

from database.engine import engine
from database.refresh import rebuild
from tests.builders import NOW, ACreator, History, a_creator, a_student, a_video, add, histories, refreshed
from tests.database.snapshots import CORE, assert_same_rows, rows_at_level
from tests.histories import instants
from tests.oracle import Record, rows_of
from tests.rows import Row

pytestmark = pytest.mark.usefixtures("shared_database")

# The second course has two runs.
COURSE_OF_RUN = {1: 1, 2: 2, 3: 2}
LEVELS = [(1, 0), (2, 0), (2, 2), (2, 3)]
EVER = datetime(1970, 1, 1, tzinfo=UTC)
ALWAYS = datetime(2200, 1, 1, tzinfo=UTC)
NOBODY = UUID(int=0xFFFF)  # whose words are said to be where they do not count


@dataclass(frozen=True)
class Enrolment:
    student_id: UUID
    run: int
    enrolled_at: datetime
    ended_at: datetime | None

    @property
    def end(self) -> datetime:
        return self.ended_at or ALWAYS


@dataclass(frozen=True)
class Courses:
    """What belongs to the second course, and who is enrolled where."""

    videos: frozenset[UUID]
    quizzes: frozenset[UUID]
    enrolments: tuple[Enrolment, ...]


@st.composite
def courses(draw: DrawFn, history: History) -> Courses:
    ids = {table: [row.id for row in history.rows if row.table == table] for table in ("students", "videos", "quizzes")}
    when = instants(NOW)
    enrolments = {
        (student_id, run): Enrolment(student_id, run, begun, draw(st.none() | st.none() | st.just(begun + draw(ENDS))))
        for student_id in ids["students"]
        for run in draw(st.sets(st.sampled_from([1, 2, 3])))
        for begun in [draw(when)]
    }
    chosen = [
        frozenset(draw(st.sets(st.sampled_from(known))) if known else ()) for known in (ids["videos"], ids["quizzes"])
    ]
    return Courses(chosen[0], chosen[1], tuple(enrolments.values()))


ENDS = st.sampled_from([timedelta(0), timedelta(minutes=30), timedelta(days=3), timedelta(days=400)])


@st.composite
def placed_histories(draw: DrawFn) -> tuple[History, Courses]:
    history = draw(histories(until=NOW))
    in_courses = draw(courses(history))
    return History(history.timezone, [row for row in history.rows if is_of_one_run(row, in_courses)]), in_courses


@given(placed_histories())
@settings(max_examples=20)
def test_each_level_is_a_creator_of_its_own(placed: tuple[History, Courses]) -> None:
    history, in_courses = placed
    creator = a_creator(history.rows, timezone=history.timezone)
    put(creator, in_courses)

    rebuild(creator.id)

    for course, run in LEVELS:
        alone = refreshed(belonging(history, in_courses, course, run))
        for relation in CORE:
            found, wanted = kept_at(creator, relation, course, run), kept_at(alone, relation, 0, 0)
            assert_same_rows(relation, found, wanted)


@given(placed_histories(), st.data())
@settings(max_examples=20)
def test_whatever_changes_is_at_every_level_as_if_it_had_always_been_so(
    placed: tuple[History, Courses], data: st.DataObject
) -> None:
    history, in_courses = placed
    written = data.draw(st.integers(0, len(history.rows)))
    with_parents = [row for row in history.rows if row.table in PARENTS or row in history.rows[:written]]
    creator = a_creator(with_parents, timezone=history.timezone)
    put(creator, in_courses)
    refreshed(creator)
    add(creator, [row for row in history.rows if row not in with_parents])
    moved = data.draw(courses(history))
    enrol_anew(creator, moved.enrolments)

    assert_every_level_equals_a_rebuild(creator)


def test_the_second_course_and_the_second_run_begin_levels() -> None:
    creator = a_creator()
    assert levels(creator) == {(0, 0)}

    put(creator, Courses(frozenset(), frozenset(), ()))
    refreshed(creator)

    assert levels(creator) == {(0, 0), *LEVELS}


def test_progress_over_two_runs_is_activity_in_both_and_a_view_in_the_later() -> None:
    person, video = Row("students", {"id": UUID(int=1), "name": "Ada", "email": None, "created_at": NOW}), a_video()
    began, ended = NOW - timedelta(days=9), NOW - timedelta(days=1)
    values = {"student_id": person.id, "video_id": video.id, "first_watched": began, "last_watched": ended}
    creator = a_creator(person, video, Row("video_progress", values))
    turn = NOW - timedelta(days=5)
    enrolments = (Enrolment(person.id, 2, began, turn), Enrolment(person.id, 3, turn, None))

    put(creator, Courses(frozenset([video.id]), frozenset(), enrolments))
    refreshed(creator)

    assert [[row["day"] for row in kept_at(creator, "student_days", 2, run)] for run in (2, 3)] == [
        [began.date()],
        [ended.date()],
    ]
    assert [len(kept_at(creator, "watched_videos", 2, run)) for run in (2, 3)] == [0, 1]


def test_whoever_will_leave_a_course_counts_in_it_until_then(monkeypatch: pytest.MonkeyPatch) -> None:
    person = a_student()
    creator = a_creator(person)
    leaves = NOW + timedelta(hours=2)
    put(creator, Courses(frozenset(), frozenset(), (Enrolment(person.id, 2, NOW - timedelta(days=3), leaves),)))

    refreshed(creator)
    assert [row["students"] for row in kept_at(creator, "course_totals", 2, 0)] == [1]

    monkeypatch.setenv("DASHBOARD_NOW", (leaves + timedelta(minutes=1)).isoformat())
    refreshed(creator)
    assert kept_at(creator, "course_totals", 2, 0) == []
    assert [row["students"] for row in kept_at(creator, "course_totals", 0, 0)] == [1]


def test_a_creator_who_is_deleted_leaves_no_mark() -> None:
    creator = a_creator(a_student())
    put(creator, Courses(frozenset(), frozenset(), ()))
    refreshed(creator)

    with engine().begin() as owner:
        owner.execute(text("delete from creators where id = :id"), {"id": creator.id})
        assert (
            owner.execute(text("select count(*) from changes where creator_id = :id"), {"id": creator.id}).scalar() == 0
        )


PARENTS = ("students", "videos", "quizzes", "quiz_questions", "question_editions", "chat_sessions")


def put(creator: ACreator, in_courses: Courses) -> None:
    """A second course with two runs, whatever belongs to it, and who is enrolled."""
    known = {"id": creator.id, "videos": list(in_courses.videos), "quizzes": list(in_courses.quizzes)}
    with engine().begin() as owner:
        owner.execute(text("select set_config('app.creator_id', :id, true)"), {"id": str(creator.id)})
        owner.execute(text("select first_course(:id)"), known)
        owner.execute(text("insert into courses (creator_id, number, title) values (:id, 2, 'Sorting')"), known)
        for number in (2, 3):
            owner.execute(
                text(
                    "insert into course_runs (creator_id, course_id, number)"
                    " select creator_id, id, :number from courses where creator_id = :id and number = 2"
                ),
                {**known, "number": number},
            )
        for table in ("videos", "quizzes"):
            owner.execute(
                text(
                    f"update {table} set course_id = courses.id from courses where courses.creator_id = :id"
                    f" and courses.number = 2 and {table}.creator_id = :id and {table}.id = any(:{table})"
                ),
                known,
            )
    enrol_anew(creator, in_courses.enrolments)


def enrol_anew(creator: ACreator, enrolments: Iterable[Enrolment]) -> None:
    with engine().begin() as owner:
        owner.execute(text("select set_config('app.now', :now, true)"), {"now": NOW.isoformat()})
        owner.execute(text("delete from enrolments where creator_id = :id"), {"id": creator.id})
        for enrolment in enrolments:
            owner.execute(
                text(
                    "insert into enrolments (creator_id, run_id, student_id, enrolled_at, ended_at)"
                    " select creator_id, id, :student_id, :enrolled_at, :ended_at"
                    " from course_runs where creator_id = :id and number = :run"
                ),
                {"id": creator.id, **vars(enrolment)},
            )


def kept_at(creator: ACreator, relation: str, course: int, run: int) -> list[Record]:
    rows = rows_at_level(creator.id, relation, course, run)
    return [{name: value for name, value in row.items() if name != "creator_id"} for row in rows]


def levels(creator: ACreator) -> set[tuple[int, int]]:
    [shown] = [row for row in rows_of(creator.id, "creator_generations") if row["state"] == "shown"]
    return set(zip(shown["courses"], shown["runs"], strict=True))


def assert_every_level_equals_a_rebuild(creator: ACreator) -> None:
    refreshed(creator)
    kept = {(relation, *level): kept_at(creator, relation, *level) for relation in CORE for level in LEVELS}
    rebuild(creator.id)
    for (relation, course, run), rows in kept.items():
        assert_same_rows(relation, rows, kept_at(creator, relation, course, run))


def is_of_one_run(row: Row, in_courses: Courses) -> bool:
    """Progress that lies in two runs counts in the later one, its instants each in their own: that has its own test."""
    if row.table != "video_progress":
        return True
    own = [one for one in in_courses.enrolments if one.student_id == row.values["student_id"]]
    for course in (1, 2):
        of_course = [one for one in own if COURSE_OF_RUN[one.run] == course]
        if of_course and in_force(of_course, row.values["first_watched"]) != in_force(
            of_course, row.values["last_watched"]
        ):
            return False
    return True


def in_force(enrolments: list[Enrolment], instant: datetime) -> int:
    """The run that an instant belongs to: of the enrolment that covers it, else of the one before, else behind."""
    covering = [one for one in enrolments if one.enrolled_at <= instant < one.end]
    before = [one for one in enrolments if one.enrolled_at <= instant]
    if covering or before:
        return max(covering or before, key=lambda one: (one.enrolled_at, one.run)).run
    return min(enrolments, key=lambda one: (one.enrolled_at, -one.run)).run


def belonging(history: History, in_courses: Courses, course: int, run: int) -> History:
    """A history of what belongs to the level alone."""
    place = _Place(history, in_courses, course, run)
    rows = [kept for row in history.rows if (kept := place.kept(row))]
    return History(
        history.timezone,
        [*rows, Row("students", {"id": NOBODY, "name": "Nobody", "email": None, "created_at": NOW, "deleted_at": NOW})],
    )


class _Place:
    def __init__(self, history: History, in_courses: Courses, course: int, run: int) -> None:
        self._course, self._run = course, run
        self._enrolments = [one for one in in_courses.enrolments if COURSE_OF_RUN[one.run] == course]
        here = {row.id for row in history.rows if row.table == "students" and row.values.get("deleted_at") is None}
        self._members = {student_id for student_id in here if self._is_member(student_id)}
        second = {"videos": in_courses.videos, "quizzes": in_courses.quizzes}
        self.videos, self.quizzes = (
            {row.id for row in history.rows if row.table == table and (row.id in second[table]) == (course == 2)}
            for table in ("videos", "quizzes")
        )
        self._attempts = {
            row.id for row in history.rows if row.table == "quiz_attempts" and self._counts(row, "completed_at")
        }
        self._questions = {
            row.id for row in history.rows if row.table == "quiz_questions" and row.values["quiz_id"] in self.quizzes
        }
        self._talks = {
            (row.values["session_id"], row.values["student_id"])
            for row in history.rows
            if row.table == "chat_messages" and self._counts(row, "created_at")
        }

    def kept(self, row: Row) -> Row | None:
        """The row as it is of the level; None: it is of none, or of another one."""
        values = row.values
        match row.table:
            case "students":
                return self._student(row)
            case "videos":
                return row if row.id in self.videos else None
            case "quizzes":
                return row if row.id in self.quizzes else None
            case "video_editions" | "retention_points":
                return row if values["video_id"] in self.videos else None
            case "quiz_questions":
                return row if row.id in self._questions else None
            case "question_editions":
                return row if values["question_id"] in self._questions else None
            case "quiz_answers":
                return row if values["attempt_id"] in self._attempts else None
            case "quiz_attempts":
                return row if row.id in self._attempts else None
            case "watch_segments":
                return row if self._counts(row, "watched_at") else None
            case "activity_events":
                return row if self._counts(row, "occurred_at") else None
            case "video_progress":
                return (
                    row
                    if self._counts(row, "last_watched" if values["last_watched"] <= NOW else "first_watched")
                    else None
                )
            case "chat_sessions":
                return self._said(row, (row.id, values["student_id"]) in self._talks)
            case "chat_messages":
                return self._about(self._said(row, self._counts(row, "created_at")))
        raise AssertionError(row.table)

    def _student(self, row: Row) -> Row:
        if row.id not in self._members:
            return Row(row.table, {**row.values, "deleted_at": NOW})
        own = [one.enrolled_at for one in self._enrolments if one.student_id == row.id and self._run in (0, one.run)]
        return Row(row.table, {**row.values, "created_at": min(own)})

    def _counts(self, row: Row, instant: str) -> bool:
        values: dict[str, Any] = row.values
        is_of_course = values.get("quiz_id") in self.quizzes or values.get("video_id") in self.videos
        if not is_of_course or values["student_id"] not in self._members:
            return False
        return self._run in (0, self._in_force(values["student_id"], values[instant]))

    def _said(self, row: Row, counts: bool) -> Row:
        return row if counts else Row(row.table, {**row.values, "student_id": NOBODY})

    def _about(self, row: Row) -> Row:
        return row if row.values["video_id"] in self.videos else Row(row.table, {**row.values, "video_id": None})

    def _is_member(self, student_id: UUID) -> bool:
        own = [one for one in self._enrolments if one.student_id == student_id]
        if not any(one.end > NOW for one in own):
            return False
        turns = [EVER, *(one.enrolled_at for one in own), *(one.ended_at for one in own if one.ended_at)]
        return self._run == 0 or any(self._in_force(student_id, turn) == self._run for turn in turns)

    def _in_force(self, student_id: UUID, instant: datetime) -> int:
        return in_force([one for one in self._enrolments if one.student_id == student_id], instant)
