"""Random histories in two courses, the second with two runs, and what belongs to each, in plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from sqlalchemy import text

from database.engine import engine
from database.levels import Level
from database.refresh import rebuild
from queries.courses.known import courses as courses_of
from queries.courses.known import level_of
from tests.builders import NOW, ACreator, History, histories, refreshed, written
from tests.histories import instants
from tests.rows import Row

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
    told: tuple[Enrolment, ...] = ()  # those of them that are written; the others follow from what students did


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
    return Courses(chosen[0], chosen[1], tuple(enrolments.values()), tuple(enrolments.values()))


def implied(history: History, told: Courses) -> list[Enrolment]:
    """Students who do something in a course without an enrolment are enrolled from then on; here in its newest run."""
    here = {row.id for row in history.rows if row.table == "students" and row.values.get("deleted_at") is None}
    begun: dict[tuple[UUID, int], datetime] = {}
    for row in history.rows:
        instant = row.values.get(BEGINNINGS.get(row.table, ""))
        if instant is None or instant > NOW or row.values["student_id"] not in here:
            continue
        if row.table == "chat_messages" and row.values["role"] != "user":
            continue
        if (course := course_of(row, told)) is not None:
            key = (row.values["student_id"], course)
            begun[key] = min(instant, begun.get(key, instant))
    enrolled = {(one.student_id, COURSE_OF_RUN[one.run]) for one in told.enrolments}
    return [
        Enrolment(student_id, {1: 1, 2: 3}[course], instant, None)
        for (student_id, course), instant in begun.items()
        if (student_id, course) not in enrolled
    ]


def course_of(row: Row, told: Courses) -> int | None:
    """The course of the row's quiz, otherwise of its video."""
    if (quiz_id := row.values.get("quiz_id")) is not None:
        return 2 if quiz_id in told.quizzes else 1
    if (video_id := row.values.get("video_id")) is not None:
        return 2 if video_id in told.videos else 1
    return None


BEGINNINGS = {
    "video_progress": "first_watched",
    "watch_segments": "watched_at",
    "activity_events": "occurred_at",
    "chat_messages": "created_at",
    "quiz_attempts": "completed_at",
}


ENDS = st.sampled_from([timedelta(0), timedelta(minutes=30), timedelta(days=3), timedelta(days=400)])


@st.composite
def placed_histories(draw: DrawFn) -> tuple[History, Courses]:
    drawn = draw(histories(until=NOW))
    told = draw(courses(drawn))
    history = History(drawn.timezone, [row for row in drawn.rows if is_of_one_run(row, told)])
    return history, replace(told, enrolments=(*told.told, *implied(history, told)))


def placed_creator(history: History, in_courses: Courses) -> ACreator:
    """A creator with this history in these courses, and the figures of every level."""
    creator = written(history)
    put(creator, in_courses)
    rebuild(creator.id)
    return creator


def put(creator: ACreator, in_courses: Courses) -> None:
    """A second course with two runs, everything that belongs to it, and who is enrolled."""
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
    enrol_anew(creator, in_courses.told)


def enrol_anew(creator: ACreator, enrolments: Iterable[Enrolment]) -> None:
    told = list(enrolments)
    with engine().begin() as owner:
        owner.execute(text("select set_config('app.now', :now, true)"), {"now": NOW.isoformat()})
        owner.execute(text("delete from enrolments where creator_id = :id"), {"id": creator.id})
        owner.execute(
            text(
                "insert into enrolments (creator_id, run_id, student_id, enrolled_at, ended_at)"
                " select creator_id, id, student_id, enrolled_at, ended_at"
                " from unnest(cast(:students as uuid[]), cast(:runs as integer[]), cast(:begun as timestamptz[]),"
                " cast(:ended as timestamptz[])) as told (student_id, run, enrolled_at, ended_at)"
                " join course_runs on creator_id = :id and number = told.run"
            ),
            {
                "id": creator.id,
                "students": [one.student_id for one in told],
                "runs": [one.run for one in told],
                "begun": [one.enrolled_at for one in told],
                "ended": [one.ended_at for one in told],
            },
        )


def is_of_one_run(row: Row, in_courses: Courses) -> bool:
    """Progress that spans two runs counts in the later one, its instants each in their own: that has its own test."""
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
    """The run that an instant belongs to: of the enrolment that covers it, else the one before, else the one after."""
    covering = [one for one in enrolments if one.enrolled_at <= instant < one.end]
    before = [one for one in enrolments if one.enrolled_at <= instant]
    if covering or before:
        return max(covering or before, key=lambda one: (one.enrolled_at, one.run)).run
    return min(enrolments, key=lambda one: (one.enrolled_at, -one.run)).run


def belonging(history: History, in_courses: Courses, course: int, run: int) -> History:
    """A history of only what belongs to the level."""
    place = _Place(history, in_courses, course, run)
    rows = [kept for row in history.rows if (kept := place.kept(row))]
    return History(
        history.timezone,
        [*rows, Row("students", {"id": NOBODY, "name": "Nobody", "email": None, "created_at": NOW, "deleted_at": NOW})],
    )


def alone_at(history: History, in_courses: Courses, course: int, run: int) -> ACreator:
    """Another creator, who has only what belongs to the level; their students take part for as long as here."""
    creator = written(belonging(history, in_courses, course, run))
    ends = _Place(history, in_courses, course, run).ends()
    with engine().begin() as owner:
        owner.execute(text("select set_config('app.now', :now, true)"), {"now": NOW.isoformat()})
        owner.execute(
            text(
                "update enrolments set ended_at = told.ended_at"
                " from unnest(cast(:students as uuid[]), cast(:ends as timestamptz[])) as told (student_id, ended_at)"
                " where creator_id = :creator_id and enrolments.student_id = told.student_id"
            ),
            {
                "creator_id": creator.id,
                "students": list(ends),
                "ends": [end if end < ALWAYS else None for end in ends.values()],
            },
        )
    return refreshed(creator)


def level_named(creator: ACreator, course: int, run: int) -> Level:
    """The level by the ids of the course and the run, as an address names them."""
    of_course = next(one for one in courses_of.fresh(creator.id).courses if one.number == course)
    return level_of(
        creator.id, of_course.course_id, next((one.run_id for one in of_course.runs if one.number == run), None)
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
            if row.table == "chat_messages" and row.values["created_at"] <= NOW and self._counts(row, "created_at")
        }

    def kept(self, row: Row) -> Row | None:
        """The row as it belongs to the level; None if it belongs to none, or to another one."""
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

    def ends(self) -> dict[UUID, datetime]:
        """When each member's last enrolment of the level ends."""
        of_level = [one for one in self._enrolments if self._run in (0, one.run)]
        return {
            student_id: max(one.end for one in of_level if one.student_id == student_id) for student_id in self._members
        }

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
