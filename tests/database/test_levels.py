"""The figures of a course or run equal those of a creator whose students did nothing else.

The level's rows are compared with those of another creator, who has what belongs to the level and nothing more; which
rows belong where is determined a second time here, in plain Python.
"""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from database.engine import engine
from database.refresh import rebuild
from database.tenancy import tenant_tx
from tests.builders import (
    NOW,
    ACreator,
    History,
    a_chat,
    a_creator,
    a_question,
    a_student,
    a_video,
    add,
    an_answer,
    refreshed,
)
from tests.database.portions import a_portion
from tests.database.rows import one
from tests.database.snapshots import CORE, assert_same_rows, rows_by_level
from tests.levels import (
    LEVELS,
    Courses,
    Enrolment,
    alone_at,
    courses,
    enrol_anew,
    placed_creator,
    placed_histories,
    put,
)
from tests.oracle import Record, rows_of
from tests.rows import Row

pytestmark = pytest.mark.usefixtures("shared_database")

AN_ENROLMENT = one("enrolments", "student_id, run_id", "student_id, run_id")
PARENTS = ("students", "videos", "quizzes", "quiz_questions", "question_editions", "chat_sessions")


@given(placed_histories())
@settings(max_examples=20)
def test_each_level_is_a_creator_of_its_own(placed: tuple[History, Courses]) -> None:
    history, in_courses = placed
    found = rows_by_level(placed_creator(history, in_courses).id)

    for level in LEVELS:
        wanted = rows_by_level(alone_at(history, in_courses, *level).id)
        for relation in CORE:
            assert_same_rows(relation, of_anybody(found[relation], level), of_anybody(wanted[relation], (0, 0)))


# What may happen to enrolments, and to what counts where, while nobody does anything.
DEEDS = {
    "an enrolment goes": f"delete from enrolments where (student_id, run_id) = {AN_ENROLMENT}",
    "an enrolment ends": f"""
        update enrolments set ended_at = greatest(enrolled_at, dashboard_now() - interval '1 day')
        where (student_id, run_id) = {AN_ENROLMENT}
    """,
    "an enrolment goes on": f"update enrolments set ended_at = null where (student_id, run_id) = {AN_ENROLMENT}",
    "an enrolment is of another run": f"""
        update enrolments set run_id = {one("course_runs", place="other")}
        where
            (student_id, run_id) = {AN_ENROLMENT}
            and not exists (
                select
                from enrolments as known
                where
                    known.student_id = enrolments.student_id
                    and known.run_id = {one("course_runs", place="other")}
            )
    """,
    "a student leaves": f"update students set deleted_at = dashboard_now() where id = {one('students')}",
    "a student returns": f"update students set deleted_at = null where id = {one('students')}",
    "a student is erased": f"delete from students where id = {one('students')}",
    "a message is another student's": f"""
        update chat_messages set student_id = {one("students", place="other")} where id = {one("chat_messages")}
    """,
    "a message is about another video": f"""
        update chat_messages set video_id = {one("videos", place="other")} where id = {one("chat_messages")}
    """,
    "a message is erased": f"delete from chat_messages where id = {one('chat_messages')}",
    "a video is of another course": f"""
        update videos set course_id = {one("courses", place="other")} where id = {one("videos")}
    """,
    "a run ends": f"update course_runs set ends_at = dashboard_now() where id = {one('course_runs')}",
    "a course is closed": f"update courses set closed_at = dashboard_now() where id = {one('courses')}",
}


@given(
    placed_histories(),
    st.lists(
        st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 7), st.integers(0, 7), st.integers(0, 3)), max_size=8
    ),
)
@settings(max_examples=40)
def test_whoever_comes_or_goes_is_at_every_level_as_if_it_had_always_been_so(
    placed: tuple[History, Courses], deeds: list[tuple[str, int, int, int]]
) -> None:
    creator = placed_creator(*placed)
    for deed, place, other, portions in deeds:
        with tenant_tx(creator.id) as connection:
            connection.execute(text(DEEDS[deed]), {"place": place, "other": other})
        for _ in range(portions):  # of one key or one student, so that the next deed meets half-finished work
            a_portion(creator, most_keys=1, most_students=1)

    assert_every_level_equals_a_rebuild(creator)


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
    enrol_anew(creator, moved.told)

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

    put(creator, Courses(frozenset([video.id]), frozenset(), enrolments, enrolments))
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
    enrolments = (Enrolment(person.id, 2, NOW - timedelta(days=3), leaves),)
    put(creator, Courses(frozenset(), frozenset(), enrolments, enrolments))

    refreshed(creator)
    assert [row["students"] for row in kept_at(creator, "course_totals", 2, 0)] == [1]

    monkeypatch.setenv("DASHBOARD_NOW", (leaves + timedelta(minutes=1)).isoformat())
    refreshed(creator)
    assert kept_at(creator, "course_totals", 2, 0) == []
    assert [row["students"] for row in kept_at(creator, "course_totals", 0, 0)] == [1]


def test_an_answer_to_one_student_answers_what_another_asked_in_a_course_of_theirs() -> None:
    owner, guest, video = a_student(), a_student(), a_video()
    session, question = a_chat(a_question(video=video), student=owner, at=NOW - timedelta(hours=1))
    of_guest = Row("chat_messages", question.values | {"student_id": guest.id})
    creator = a_creator(owner, guest, video, session, of_guest)
    enrolments = (Enrolment(guest.id, 2, NOW - timedelta(days=3), None),)
    put(creator, Courses(frozenset([video.id]), frozenset(), enrolments, enrolments))
    refreshed(creator)
    assert [row["is_answered"] for row in kept_at(creator, "asked_questions", 2, 0)] == [False]

    _, answer = a_chat(an_answer(), student=owner, at=NOW - timedelta(minutes=50))
    add(creator, Row("chat_messages", answer.values | {"session_id": session.id}))
    refreshed(creator)

    assert [row["is_answered"] for row in kept_at(creator, "asked_questions", 2, 0)] == [True]


@pytest.mark.parametrize("is_guest_first", [True, False])
def test_whoever_asks_in_a_conversation_of_another_is_enrolled_before_it_is_built(is_guest_first: bool) -> None:
    first, second = (a_student(id=UUID(int=number)) for number in (1, 2))
    owner, guest = (second, first) if is_guest_first else (first, second)
    video = a_video()
    session, question = a_chat(a_question(video=video), student=owner, at=NOW - timedelta(hours=1))
    creator = a_creator(owner, guest, video)
    put(creator, Courses(frozenset([video.id]), frozenset(), ()))
    add(creator, session, Row("chat_messages", question.values | {"student_id": guest.id}))

    # As after a load, whose rows are not noted key by key.
    with engine().begin() as owner_of_tables:
        owner_of_tables.execute(text("delete from changes where creator_id = :id"), {"id": creator.id})
    rebuild(creator.id)

    assert [row["student_id"] for row in kept_at(creator, "asked_questions", 2, 0)] == [guest.id]


def test_a_creator_who_is_deleted_leaves_no_mark() -> None:
    creator = a_creator(a_student())
    put(creator, Courses(frozenset(), frozenset(), ()))
    refreshed(creator)

    with engine().begin() as owner:
        owner.execute(text("delete from creators where id = :id"), {"id": creator.id})
        assert (
            owner.execute(text("select count(*) from changes where creator_id = :id"), {"id": creator.id}).scalar() == 0
        )


def kept_at(creator: ACreator, relation: str, course: int, run: int) -> list[Record]:
    return of_anybody(rows_by_level(creator.id, [relation])[relation], (course, run))


def of_anybody(rows: dict[tuple[int, int], list[Record]], level: tuple[int, int]) -> list[Record]:
    """The rows of the level without the creator, which is where the compared ones differ."""
    return [{name: value for name, value in row.items() if name != "creator_id"} for row in rows.get(level, [])]


def levels(creator: ACreator) -> set[tuple[int, int]]:
    [shown] = [row for row in rows_of(creator.id, "creator_generations") if row["state"] == "shown"]
    return set(zip(shown["courses"], shown["runs"], strict=True))


def assert_every_level_equals_a_rebuild(creator: ACreator) -> None:
    refreshed(creator)
    kept = rows_by_level(creator.id)
    rebuild(creator.id)
    rebuilt = rows_by_level(creator.id)
    for relation in CORE:
        for level in [(0, 0), *LEVELS]:
            assert_same_rows(relation, kept[relation].get(level, []), rebuilt[relation].get(level, []))
