"""Whatever happens in whatever order: the rollups kept by refreshes equal those built from nothing."""

from collections import defaultdict
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import text

from database.tenancy import tenant_tx
from tests.builders import (
    NOW,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_quiz,
    a_quiz_question,
    a_retention_curve,
    a_segment,
    a_student,
    a_video,
    add,
    an_answer,
    an_attempt,
    an_event,
    refreshed,
)
from tests.database.portions import a_portion
from tests.database.rows import one
from tests.database.snapshots import assert_equal_to_rebuilt
from tests.histories import GAPS, RATINGS, SHARES, WORDINGS, ZONES, instants
from tests.rows import Row, Rows, flat

PLACES = st.integers(0, 11)
INSTANTS = instants(NOW)

PAIR = one("video_progress", "student_id, video_id", "student_id, video_id")

SEGMENT = one("watch_segments", "ctid", "student_id, video_id, watched_at, start_second")


class Platform(RuleBasedStateMachine):
    """A learning platform that writes, corrects and deletes, while the dashboard refreshes now and then."""

    @initialize(zone=st.sampled_from(ZONES))
    def begins(self, zone: str) -> None:
        self.creator = a_creator(numbered(everybody_did_everything()), timezone=zone)
        self.last_id = 1000

    @rule()
    def refreshes(self) -> None:
        refreshed(self.creator)

    @rule()
    def refreshes_once_more(self) -> None:
        """Often enough that a change is alone with its marks."""
        refreshed(self.creator)

    @rule(keys=st.integers(1, 20), portions=st.integers(1, 6))
    def some_portions_are_taken(self, keys: int, portions: int) -> None:
        """One student or the sums of one at a time, so that what comes in between meets a half-built generation."""
        for _ in range(portions):
            a_portion(self.creator, most_keys=keys, most_students=1)

    @rule()
    def everything_is_built_anew(self) -> None:
        self.write("insert into changes (creator_id, kind, subjects) select id, 'moved', array[id] from creators")

    @rule(gone=st.booleans(), place=PLACES)
    def a_student_leaves_or_returns(self, gone: bool, place: int) -> None:
        self.write(
            f"update students set deleted_at = case when :gone then dashboard_now() end where id = {one('students')}",
            gone=gone,
            place=place,
        )

    @rule(place=PLACES, name=st.sampled_from(["Ada Moss", "Cy Hall"]))
    def a_student_is_renamed(self, place: int, name: str) -> None:
        self.write(f"update students set name = :name where id = {one('students')}", name=name, place=place)

    @rule(at=INSTANTS)
    def a_student_enrols(self, at) -> None:
        self.write_row("students", name="Bo Lind", created_at=at)

    @rule(table=st.sampled_from(["students", "videos", "chat_sessions", "quizzes", "quiz_questions"]), place=PLACES)
    def a_whole_branch_is_erased(self, table: str, place: int) -> None:
        self.write(f"delete from {table} where id = {one(table)}", place=place)

    @rule(table=st.sampled_from(["activity_events", "quiz_attempts", "chat_messages"]), place=PLACES)
    def a_row_is_erased(self, table: str, place: int) -> None:
        self.write(f"delete from {table} where id = {one(table)}", place=place)

    @rule(place=PLACES)
    def playback_is_erased(self, place: int) -> None:
        self.write(f"delete from watch_segments where ctid = {SEGMENT}", place=place)

    @rule(
        place=PLACES,
        status=st.sampled_from(["uploaded", "processing", "completed", "failed"]),
        gone=st.sampled_from([False, False, True]),
    )
    def a_video_changes_its_status(self, place: int, status: str, gone: bool) -> None:
        self.write(
            "update videos set status = :status, deleted_at = case when :gone then dashboard_now() end"
            f" where id = {one('videos')}",
            place=place,
            status=status,
            gone=gone,
        )

    @rule(at=INSTANTS)
    def a_video_is_uploaded(self, at) -> None:
        self.write_row("videos", title="Tuples", status="completed", created_at=at)

    @rule(place=PLACES, other=PLACES, at=INSTANTS, gap=GAPS, share=SHARES, completed=st.booleans())
    def a_video_is_started_or_overwritten(self, place, other, at, gap, share, completed) -> None:
        self.write(
            f"""
            insert into video_progress as known
                (creator_id, student_id, video_id, first_watched, last_watched, watch_percentage, completed)
            select current_creator(), student_id, video_id, :first, :last, :share, :completed
            from {one("students", "id as student_id")} as students
            cross join {one("videos", "id as video_id", place="other")} as videos
            on conflict (creator_id, student_id, video_id) do update set
                last_watched = greatest(known.last_watched, excluded.last_watched),
                watch_percentage = excluded.watch_percentage,
                completed = excluded.completed
            """,
            place=place,
            other=other,
            first=at,
            last=at + gap,
            share=share,
            completed=completed,
        )

    @rule(place=PLACES, at=INSTANTS)
    def a_student_comes_back_to_a_video(self, place, at) -> None:
        self.write(
            "update video_progress set last_watched = greatest(last_watched, :at)"
            f" where (student_id, video_id) = {PAIR}",
            place=place,
            at=at,
        )

    @rule(place=PLACES, at=INSTANTS, gap=GAPS)
    def both_instants_of_a_progress_are_replaced(self, place, at, gap) -> None:
        self.write(
            "update video_progress set first_watched = :first, last_watched = :last"
            f" where (student_id, video_id) = {PAIR}",
            place=place,
            first=at,
            last=at + gap,
        )

    @rule(place=PLACES)
    def progress_is_erased(self, place: int) -> None:
        self.write(f"delete from video_progress where (student_id, video_id) = {PAIR}", place=place)

    @rule(place=PLACES, other=PLACES, at=INSTANTS, start=st.sampled_from([0, 0, 40]), seconds=st.integers(0, 90))
    def playback_is_reported(self, place, other, at, start, seconds) -> None:
        self.write(
            f"""
            insert into watch_segments as known (creator_id, student_id, video_id, start_second, end_second, watched_at)
            select current_creator(), student_id, video_id, :start, :start + :seconds, :at
            from {one("students", "id as student_id")} as students
            cross join {one("videos", "id as video_id", place="other")} as videos
            on conflict (creator_id, student_id, video_id, watched_at, start_second) do update set
                end_second = greatest(known.end_second, excluded.end_second)
            """,
            start=start,
            place=place,
            other=other,
            at=at,
            seconds=seconds,
        )

    @rule(place=PLACES, other=PLACES, at=INSTANTS)
    def playback_is_corrected(self, place, other, at) -> None:
        self.write(
            f"""
            update watch_segments
            set watched_at = :at, end_second = end_second + 7, student_id = moved_to.id
            from {one("students", place="other")} as moved_to
            where
                watch_segments.ctid = {SEGMENT}
                and not exists (
                    select
                    from watch_segments as known
                    where
                        (known.student_id, known.video_id, known.watched_at, known.start_second)
                        = (moved_to.id, watch_segments.video_id, :at, watch_segments.start_second)
                )
            """,
            place=place,
            other=other,
            at=at,
        )

    @rule(
        table=st.sampled_from(["activity_events.occurred_at", "quiz_attempts.completed_at"]), place=PLACES, at=INSTANTS
    )
    def a_sign_of_life_is_moved(self, table: str, place: int, at) -> None:
        name, column = table.split(".")
        self.write(f"update {name} set {column} = :at where id = {one(name)}", place=place, at=at)

    @rule(place=PLACES)
    def an_attempt_is_marked_again(self, place: int) -> None:
        self.write(f"update quiz_attempts set passed = not passed where id = {one('quiz_attempts')}", place=place)

    @rule(place=PLACES, other=PLACES, at=INSTANTS, score=st.sampled_from([0, 9.995, 60, 100]))
    def a_quiz_is_taken(self, place: int, other: int, at, score) -> None:
        self.write(
            f"""
            insert into quiz_attempts
                (creator_id, id, quiz_id, student_id, attempt_number, score_percent, passed, completed_at)
            select
                current_creator(),
                :id,
                quizzes.id,
                students.id,
                1 + coalesce((
                    select max(attempt_number)
                    from quiz_attempts
                    where (quiz_id, student_id) = (quizzes.id, students.id)
                ), 0),
                :score,
                :score > 50,
                :at
            from {one("students")} as students
            cross join {one("quizzes", place="other")} as quizzes
            """,
            id=self.new_id(),
            place=place,
            other=other,
            at=at,
            score=score,
        )

    @rule(place=PLACES, other=PLACES, answer=st.none() | st.sampled_from(["never", "ten times"]), right=st.booleans())
    def a_question_is_answered(self, place: int, other: int, answer: str | None, right: bool) -> None:
        self.write(
            f"""
            insert into quiz_answers (creator_id, attempt_id, question_id, answer, is_correct)
            select current_creator(), attempts.id, questions.id, :answer, :right
            from {one("quiz_attempts")} as attempts
            cross join {one("quiz_questions", place="other")} as questions
            on conflict (creator_id, attempt_id, question_id) do update set
                answer = excluded.answer,
                is_correct = excluded.is_correct
            """,
            place=place,
            other=other,
            answer=answer,
            right=right,
        )

    @rule(place=PLACES, key=st.sampled_from(["never", "once", "ten times"]))
    def a_question_gets_another_key(self, place: int, key: str) -> None:
        self.write(
            f"update quiz_questions set correct_answer = :key where id = {one('quiz_questions')}", place=place, key=key
        )

    @rule(place=PLACES, gone=st.booleans())
    def a_quiz_is_deleted_or_returns(self, place: int, gone: bool) -> None:
        self.write(
            f"update quizzes set deleted_at = case when :gone then dashboard_now() end where id = {one('quizzes')}",
            gone=gone,
            place=place,
        )

    @rule(place=PLACES, at=INSTANTS)
    def an_event_comes(self, place: int, at) -> None:
        self.write(
            "insert into activity_events (creator_id, id, student_id, kind, occurred_at)"
            f" select current_creator(), :id, id, 'login', :at from {one('students')} as students",
            id=self.new_id(),
            place=place,
            at=at,
        )

    @rule(
        place=PLACES,
        role=st.sampled_from(["user", "assistant"]),
        wording=st.sampled_from(WORDINGS),
        gap=GAPS,
        rating=RATINGS,
    )
    def something_is_said(self, place, role, wording, gap, rating) -> None:
        self.write(
            f"""
            insert into chat_messages
                (creator_id, id, session_id, student_id, role, content, helpful_rating, created_at)
            select current_creator(), :id, id, student_id, :role, :content, :rating, started_at + :gap
            from {one("chat_sessions", "id, student_id, started_at")} as sessions
            """,
            id=self.new_id(),
            place=place,
            role=role,
            content=wording,
            rating=rating,
            gap=gap,
        )

    @rule(place=PLACES, rating=RATINGS)
    def a_message_is_rated(self, place: int, rating: float | None) -> None:
        self.write(
            f"update chat_messages set helpful_rating = :rating where id = {one('chat_messages')}",
            place=place,
            rating=rating,
        )

    @rule(place=PLACES, wording=st.sampled_from(WORDINGS), role=st.sampled_from(["user", "assistant"]))
    def a_message_is_edited(self, place: int, wording: str, role: str) -> None:
        self.write(
            f"update chat_messages set content = :content, role = :role where id = {one('chat_messages')}",
            place=place,
            content=wording,
            role=role,
        )

    @rule(place=PLACES, other=PLACES)
    def a_message_moves_to_another_conversation(self, place: int, other: int) -> None:
        self.write(
            f"update chat_messages set session_id = {one('chat_sessions', place='other')}"
            f" where id = {one('chat_messages')}",
            place=place,
            other=other,
        )

    @rule(place=PLACES, position=st.sampled_from([0, 33.3, 100]), viewers=st.sampled_from([0, 50, 100]))
    def a_curve_is_drawn(self, place: int, position: float, viewers: float) -> None:
        self.write(
            f"""
            insert into retention_points (creator_id, video_id, position_percent, viewers_percent)
            select current_creator(), id, :position, :viewers from {one("videos")} as videos
            on conflict (creator_id, video_id, position_percent) do update set
                viewers_percent = excluded.viewers_percent
            """,
            place=place,
            position=position,
            viewers=viewers,
        )

    @rule(place=PLACES, edition=st.sampled_from([1, 2, 3]), at=INSTANTS, seconds=st.sampled_from([None, 0, 30, 600]))
    def a_file_is_replaced(self, place, edition, at, seconds) -> None:
        self.write(
            f"""
            insert into video_editions (creator_id, video_id, edition, began_at, duration_seconds)
            select current_creator(), id, :edition, :at, :seconds from {one("videos")} as videos
            on conflict (creator_id, video_id, edition) do update set
                began_at = excluded.began_at,
                duration_seconds = excluded.duration_seconds
            """,
            place=place,
            edition=edition,
            at=at,
            seconds=seconds,
        )

    @rule(place=PLACES)
    def a_file_is_brought_back(self, place: int) -> None:
        self.write(f"delete from video_editions where video_id = {one('videos')}", place=place)

    @rule(place=PLACES, seconds=st.sampled_from([None, 0, 5, 30, 90, 600]))
    def a_length_becomes_known(self, place: int, seconds: int | None) -> None:
        self.write(
            f"update videos set duration_seconds = :seconds where id = {one('videos')}", place=place, seconds=seconds
        )

    @rule(place=PLACES)
    def a_curve_is_erased(self, place: int) -> None:
        self.write(f"delete from retention_points where video_id = {one('videos')}", place=place)

    @rule(zone=st.sampled_from(ZONES))
    def the_creator_moves(self, zone: str) -> None:
        self.write("update creators set timezone = :zone", zone=zone)

    def teardown(self) -> None:
        if hasattr(self, "creator"):
            assert_equal_to_rebuilt(self.creator)

    def write(self, statement: str, **values: object) -> None:
        with tenant_tx(self.creator.id) as connection:
            connection.execute(text(statement), values)

    def write_row(self, table: str, **values: object) -> None:
        add(self.creator, Row(table, {"id": self.new_id(), **values}))

    def new_id(self) -> UUID:
        self.last_id += 1
        return UUID(int=self.last_id)


def everybody_did_everything() -> Rows:
    """Three students, all of whom started both videos, asked the same question, and more: any change shows."""
    students, loops, tuples, quiz = [a_student() for _ in range(3)], a_video(), a_video(), a_quiz()
    asked, other = a_quiz_question(quiz), a_quiz_question(quiz, position=1)
    deeds = [
        [
            a_segment(student, loops, days_ago=days, seconds=30),
            a_progress(student, loops, days_ago=days, completed=True),
            a_progress(student, tuples, days_ago=days + 20, watch_percentage=50, watch_duration=70),
            an_event(student, days_ago=days + 4),
            an_attempt(student, quiz, attempt_number=1, days_ago=days + 6, answers={asked: True, other: days > 1}),
            a_chat(a_question(), an_answer(rating=1), a_question("“Write” a loop"), student=student, days_ago=days + 8),
        ]
        for days, student in enumerate(students)
    ]
    return [students, loops, tuples, quiz, asked, other, a_retention_curve({50: 60}, loops), deeds]


def numbered(rows: Rows) -> list[Row]:
    """The rows with ids 1, 2, 3 and so on, so that a failing example can be repeated."""
    ids: defaultdict[UUID, UUID] = defaultdict(lambda: UUID(int=len(ids) + 1))
    return [
        Row(
            row.table,
            {column: ids[value] if isinstance(value, UUID) else value for column, value in row.values.items()},
        )
        for row in flat(rows)
    ]


@pytest.mark.usefixtures("shared_database")
class TestPlatform(Platform.TestCase):  # type: ignore[misc, valid-type]
    settings = settings(stateful_step_count=15)
