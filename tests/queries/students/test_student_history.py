"""One student's history: against plain Python, in small cases, and never another creator's."""

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given

from queries.students.answers import attempts_of_student, failed_questions, questions_of_student
from queries.students.details import student_details
from queries.students.history import Page, course_progress, timeline, watch_history, watched_ranges
from queries.students.signals import student_signals
from tests import oracle
from tests.builders import (
    NOW,
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
    histories,
    refreshed,
)
from tests.queries.comparing import rows_of
from tests.queries.students import student_expected as expected

pytestmark = pytest.mark.usefixtures("shared_database")

EVERYTHING = 10_000


@given(histories(until=NOW))
def test_everything_equals_a_plain_python_count(history):
    creator = refreshed(history)
    source = oracle.source(creator.id)

    for student in source["students"]:
        who = (creator.id, student["id"])
        is_here = student["deleted_at"] is None
        assert _course(*who) == (expected.course(source, student["id"], NOW) if is_here else [])
        assert list(watch_history.fresh(*who, 0, EVERYTHING).rows["video_id"]) == expected.watched(
            source, student["id"], NOW
        )
        assert _plays(*who, [video["id"] for video in source["videos"]]) == expected.plays(source, student["id"], NOW)
        attempts = [row["id"] for row in expected.attempts(source, student["id"], NOW)]
        assert list(attempts_of_student.fresh(*who)["attempt_id"]) == attempts
        assert list(student_signals.fresh(*who)["kind"].unique()) == expected.signals(source, student["id"], NOW)
        assert _events(*who) == expected.events(source, student["id"], NOW)


def test_seconds_played_again_count_twice_and_neighbouring_plays_are_one_stretch():
    ada, video = a_student(), a_video()
    creator = a_creator(
        [ada, video, a_progress(ada, video)],
        a_segment(ada, video, start_second=0, seconds=30),
        a_segment(ada, video, start_second=30, seconds=30),
        a_segment(ada, video, start_second=40, seconds=10),
        a_segment(ada, video, start_second=90, seconds=0),
    )

    ranges = watched_ranges(creator.id, ada.id, (video.id,))

    found = ranges[["start_second", "end_second", "plays"]].values.tolist()
    assert found == [[0, 40, 1], [40, 50, 2], [50, 60, 1]]


@pytest.mark.parametrize(
    ("end_second", "duration_seconds", "completed", "stopped"),
    [
        (500, 600, False, 500),
        (588, 600, False, 588),
        (589, 600, False, None),  # in the credits: watched to the end
        (600, 600, False, None),
        (700, 600, False, None),
        (500, 600, True, None),
        (50, None, False, 50),
    ],
)
def test_a_student_stops_before_the_end_or_nowhere(end_second, duration_seconds, completed, stopped):
    ada, video = a_student(), a_video(duration_seconds=duration_seconds)
    creator = a_creator(
        [ada, video],
        a_segment(ada, video, seconds=end_second),
        a_segment(ada, video, seconds=10),
        a_progress(ada, video, completed=completed),
    )

    assert rows_of(course_progress(creator.id, ada.id))[0]["stopped_at_second"] == stopped
    assert rows_of(watch_history(creator.id, ada.id).rows)[0]["stopped_at_second"] == stopped


def test_playback_alone_makes_a_video_started():
    ada, video = a_student(), a_video()
    creator = a_creator([ada, video], a_segment(ada, video, seconds=30))

    row = rows_of(course_progress(creator.id, ada.id))[0]

    assert (row["state"], row["stopped_at_second"]) == ("started", 30)
    assert watch_history(creator.id, ada.id).total == 1


def test_a_jump_to_the_end_is_no_place_to_stop_and_completes_nothing():
    ada, video = a_student(), a_video(duration_seconds=600)
    creator = a_creator(
        [ada, video],
        a_segment(ada, video, seconds=30),
        a_segment(ada, video, start_second=598, seconds=2, days_ago=0.01),
        a_progress(ada, video),
    )

    row = rows_of(course_progress(creator.id, ada.id))[0]

    assert (row["state"], row["stopped_at_second"]) == ("started", 30)


def test_the_curve_of_all_viewers_says_nothing_about_one_student():
    ada, known, unknown = a_student(), a_video("Known"), a_video("Unknown")
    creator = a_creator(
        [ada, known, unknown], a_progress(ada, known, watch_percentage=40, days_ago=1), a_progress(ada, unknown)
    )

    rows = rows_of(watch_history(creator.id, ada.id).rows)

    assert [(row["title"], row["watched_percent"], row["furthest_second"]) for row in rows] == [
        ("Unknown", None, None),
        ("Known", 40, None),
    ]


def test_pages_follow_one_another_and_one_beyond_the_end_is_the_first():
    ada, videos = a_student(), [a_video(f"Video {number}") for number in range(5)]
    creator = a_creator(ada, videos, [a_progress(ada, video, days_ago=place) for place, video in enumerate(videos)])

    first, second, beyond = (watch_history(creator.id, ada.id, offset, 3) for offset in (0, 3, 300))

    assert list(first.rows["title"]) == ["Video 0", "Video 1", "Video 2"]
    assert list(second.rows["title"]) == ["Video 3", "Video 4"]
    assert first.total == second.total == beyond.total == 5
    assert list(beyond.rows["title"]) == list(first.rows["title"])


def test_a_question_is_failed_until_it_is_answered_right():
    ada, quiz = a_student(), a_quiz()
    learnt, lost, empty = (a_quiz_question(quiz, prompt) for prompt in ("Learnt?", "Lost?", "Known?"))
    creator = a_creator(
        [ada, quiz, learnt, lost, empty],
        an_attempt(ada, quiz, passed=False, days_ago=3, answers={learnt: False, lost: False, empty: True}),
        an_attempt(ada, quiz, passed=False, days_ago=2, answers={learnt: True, lost: False, empty: True}),
    )

    found = rows_of(failed_questions(creator.id, ada.id))

    assert [(row["prompt"], row["answer"], row["correct_answer"], row["wrong"], row["times"]) for row in found] == [
        ("Lost?", "never", "ten times", 2, 2)
    ]


def test_attempts_at_a_deleted_quiz_are_told_but_its_questions_are_not():
    ada, quiz = a_student(), a_quiz(deleted_at=NOW)
    question = a_quiz_question(quiz)
    creator = a_creator([ada, quiz, question], an_attempt(ada, quiz, passed=False, answers={question: False}))

    assert rows_of(attempts_of_student(creator.id, ada.id))[0]["is_deleted"] is True
    assert failed_questions(creator.id, ada.id).empty


def test_a_question_comes_with_the_first_answer_after_it():
    ada = a_student()
    chat = a_chat(
        a_question("One?"), a_question("Two?"), an_answer("Yes.", rating=0.5), an_answer("More."), student=ada
    )
    creator = a_creator(ada, chat, a_chat(a_question("Three?"), student=ada, days_ago=1))

    rows = rows_of(questions_of_student(creator.id, ada.id))

    assert [(row["question"], row["answer"], row["rating"]) for row in rows] == [
        ("Two?", "Yes.", 0.5),
        ("One?", "Yes.", None),
        ("Three?", None, None),
    ]


def test_the_timeline_tells_a_small_history_newest_first():
    ada, video = a_student(enrolled_days_ago=60), a_video()
    creator = a_creator(
        [ada, video],
        [an_event(ada, days_ago=days) for days in (52, 51, 50)],
        a_watch(ada, video, days_ago=50, seconds=600),
        a_progress(ada, video, days_ago=1, first_days_ago=50, completed=True),
        an_attempt(ada, passed=False, days_ago=0.5),
    )

    found = rows_of(timeline(creator.id, ada.id).rows)

    assert [(row["kind"], row["days"]) for row in found] == [
        ("failed", None),
        ("came_back", 49),
        ("silence", 49),
        ("completed", None),
        ("first_video", None),
        ("enrolled", None),
    ]
    assert found[1]["occurred_at"] == datetime(2026, 3, 3, tzinfo=UTC)
    assert found[2]["occurred_at"] == datetime(2026, 1, 13, 23, 59, 59, tzinfo=UTC)


def test_the_details_gather_every_query():
    ada, video = a_student(), a_video()
    creator = a_creator([ada, video], a_watch(ada, video, days_ago=1), an_attempt(ada), a_chat(student=ada))

    details = student_details(creator.id, ada.id)

    assert details.student.name == "Ada Moss"
    assert details.watched.total == len(details.ranges) == len(details.attempts) == len(details.questions) == 1
    assert details.timeline.total == 4


@pytest.mark.parametrize("who", ["unknown", "deleted", "foreign"])
def test_nobody_is_told_about_a_student_who_is_not_theirs_even_from_a_warm_cache(who):
    ada, left, video = a_student(), a_student(deleted_days_ago=1), a_video()
    rows = [a_watch(ada, video), an_attempt(ada, passed=False), a_chat(student=ada)]
    owner = a_creator([ada, left, video], rows, a_watch(left, video), a_chat(student=left))
    outsider = a_creator(a_student("Fay"), a_video("Own"))
    asker, student_id = {"unknown": (owner, uuid4()), "deleted": (owner, left.id), "foreign": (outsider, ada.id)}[who]
    assert _told(owner.id, ada.id, video.id) > 5

    assert _told(asker.id, student_id, video.id) == 0
    assert student_details(asker.id, student_id) is None


def _told(creator_id: UUID, student_id: UUID, video_id: UUID) -> int:
    """How many rows all queries have about a student."""
    queries = (course_progress, attempts_of_student, failed_questions, questions_of_student, student_signals)
    pages: list[Page] = [watch_history(creator_id, student_id), timeline(creator_id, student_id)]
    told = sum(len(query(creator_id, student_id)) for query in queries)
    told += len(watched_ranges(creator_id, student_id, (video_id,)))
    return told + sum(len(page.rows) + page.total for page in pages)


def _course(creator_id: UUID, student_id: UUID) -> list[tuple[UUID, str, int | None]]:
    rows = rows_of(course_progress.fresh(creator_id, student_id))
    assert [row["place"] for row in rows] == list(range(1, len(rows) + 1))
    return [(row["video_id"], row["state"], row["stopped_at_second"]) for row in rows]


def _plays(creator_id: UUID, student_id: UUID, videos: list[UUID]) -> dict[UUID, Counter[int]]:
    counted: dict[UUID, Counter[int]] = {}
    ranges = rows_of(watched_ranges.fresh(creator_id, student_id, tuple(videos)))
    for before, row in pairwise(ranges):
        if before["video_id"] == row["video_id"]:
            assert before["end_second"] <= row["start_second"]
            assert before["end_second"] < row["start_second"] or before["plays"] != row["plays"]
    for row in ranges:
        assert row["start_second"] < row["end_second"]
        seconds = dict.fromkeys(range(row["start_second"], row["end_second"]), row["plays"])
        counted.setdefault(row["video_id"], Counter()).update(seconds)
    return counted


def _events(creator_id: UUID, student_id: UUID) -> Counter[tuple[str, datetime]]:
    found = timeline.fresh(creator_id, student_id, 0, EVERYTHING)
    rows = rows_of(found.rows)
    at = [row["occurred_at"] for row in rows]
    assert at == sorted(at, reverse=True)
    assert found.total == len(rows)
    return Counter((row["kind"], row["occurred_at"]) for row in rows)
