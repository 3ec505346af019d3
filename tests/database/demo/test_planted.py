"""Every planted fact is found again in the loaded rows, by plain Python."""

from collections import Counter
from datetime import timedelta
from statistics import mean

import pytest

from database.clock import now
from database.demo import DemoSize, load_demo
from database.demo.courses import BREAD, PYTHON, WATERCOLOUR
from database.demo.planted import planted
from rules.errors import InputError
from tests.database.demo.loaded import Loaded, by_id, grouped, loaded, longest_gap
from tests.rows import NOW

SIZE = DemoSize()


@pytest.fixture(scope="module")
def demos(shared_database: object) -> dict[str, Loaded]:
    load_demo(SIZE)
    return {course.subject: loaded(course, SIZE) for course in (PYTHON, WATERCOLOUR)}


@pytest.fixture(params=["ada", "marisol"])
def demo(demos: dict[str, Loaded], request: pytest.FixtureRequest) -> Loaded:
    return demos[request.param]


@pytest.fixture
def ada(demos: dict[str, Loaded]) -> Loaded:
    return demos["ada"]


def test_most_viewers_leave_the_cliff_video_at_one_second(demo):
    viewers = demo.segments_of(demo.planted.cliff_video_id).values()

    furthest = Counter(max(segment["end_second"] for segment in segments) for segments in viewers)

    second, count = furthest.most_common(1)[0]
    assert second == demo.planted.cliff_second
    assert count > len(viewers) / 2


def test_many_viewers_play_the_replayed_section_two_to_four_times(demo):
    first, last = demo.planted.replayed_seconds
    viewers = demo.segments_of(demo.planted.replayed_video_id).values()
    reached = [segments for segments in viewers if max(s["end_second"] for s in segments) >= last]

    plays = [min(_plays(segments, second) for second in range(first, last)) for segments in reached]

    assert sum(count >= 2 for count in plays) > len(reached) * 0.4
    assert max(plays) in (4, 5)  # five: one who came back to the whole video later
    elsewhere = [mean(_plays(segments, second) for second in range(0, first - 40)) for segments in reached]
    assert mean(plays) > 1.6 > 1.2 > mean(elsewhere)


def test_the_stuck_students_never_get_past_the_stuck_video(demo):
    position = {video["id"]: video["position"] for video in demo.rows["videos"]}
    started = grouped(demo.rows["video_progress"], "student_id")

    for student_id in demo.planted.stuck_student_ids:
        furthest = max(started[student_id], key=lambda pair: position[pair["video_id"]])
        assert furthest["video_id"] == demo.planted.stuck_video_id
        assert not furthest["completed"]


def test_more_students_give_up_at_the_stuck_video_than_at_any_other_beyond_the_fifth(demo):
    position = {video["id"]: video["position"] for video in demo.rows["videos"]}
    furthest = (
        max(pairs, key=lambda pair: position[pair["video_id"]])
        for pairs in grouped(demo.rows["video_progress"], "student_id").values()
    )

    given_up = Counter(pair["video_id"] for pair in furthest if not pair["completed"])

    far = {video_id: count for video_id, count in given_up.items() if position[video_id] > 5}
    assert max(far, key=lambda video_id: far[video_id]) == demo.planted.stuck_video_id


def test_the_hard_question_is_answered_by_few_and_by_the_better_students(demo):
    question_id = demo.planted.hard_question_id

    assert 0.05 < demo.share_right(question_id) < 0.35
    assert demo.discrimination(question_id) > 0.15


def test_the_better_students_fail_the_miskeyed_question_with_one_and_the_same_answer(demo):
    question_id = demo.planted.miskeyed_question_id
    answers = Counter(answer["answer"] for answer in demo.first_answers(question_id))
    key = by_id(demo.rows["quiz_questions"])[question_id]["correct_answer"]

    assert answers.most_common(1)[0][0] == demo.planted.miskeyed_answer != key
    assert answers[demo.planted.miskeyed_answer] > answers.total() / 2
    assert demo.discrimination(question_id) < -0.15


def test_no_other_question_is_as_hard_or_tells_students_apart_the_wrong_way(ada):
    planted_ids = {ada.planted.hard_question_id, ada.planted.miskeyed_question_id}
    others = [row["id"] for row in ada.rows["quiz_questions"] if row["id"] not in planted_ids]
    answered = [question_id for question_id in others if len(ada.first_answers(question_id)) >= 60]

    assert len(answered) > 10
    assert min(map(ada.share_right, answered)) > 0.5
    assert min(map(ada.discrimination, answered)) > 0


def test_the_failing_students_failed_their_last_three_quizzes(demo):
    attempts = grouped(demo.rows["quiz_attempts"], "student_id")

    assert len(demo.planted.failing_student_ids) == 3
    for student_id in demo.planted.failing_student_ids:
        ordered = sorted(attempts[student_id], key=lambda attempt: attempt["completed_at"])
        assert not any(attempt["passed"] for attempt in ordered)
        assert len({attempt["quiz_id"] for attempt in ordered}) >= 3


def test_many_students_ask_the_common_question_in_different_words(demo):
    asked = [row for row in demo.questions if row["content"] in demo.planted.common_wordings]

    assert len({row["question_key"] for row in asked}) == 1
    assert len({row["content"] for row in asked}) >= 3
    assert len({row["student_id"] for row in asked}) >= 15
    most_asked = max(demo.most_asked, key=lambda row: row["unique_askers"])
    assert most_asked["question_key"] == asked[0]["question_key"]


def test_one_student_repeats_a_question_that_nobody_else_asks(demo):
    asked = [row for row in demo.questions if row["content"] == demo.planted.repeated_question]

    assert {row["student_id"] for row in asked} == demo.planted.repeating_student_ids
    assert len({row["session_id"] for row in asked}) == len(asked) == 6
    assert asked[0]["question_key"] not in {row["question_key"] for row in demo.most_asked}


def test_answers_in_one_video_are_rated_badly_and_only_there(demo):
    rated = [row for row in demo.rows["chat_messages"] if row["helpful_rating"] is not None]
    bad = [row["helpful_rating"] for row in rated if row["video_id"] == demo.planted.badly_answered_video_id]
    good = [row["helpful_rating"] for row in rated if row["video_id"] != demo.planted.badly_answered_video_id]

    assert len(bad) >= 5
    assert mean(bad) < 0.2
    assert mean(good) > 0.8
    keys = {row["question_key"] for row in demo.questions if row["content"] in demo.planted.badly_answered_wordings}
    (question,) = [row for row in demo.most_asked if row["question_key"] in keys]
    assert question["avg_satisfaction"] < 0.2


def test_exactly_the_planted_students_never_started(demo):
    silent = {row["id"] for row in demo.rows["students"]} - demo.signs_of_life.keys()

    assert silent == demo.planted.never_started_student_ids
    assert {row["student_id"] for row in demo.tiers if row["last_active"] is None} == silent


def test_the_finished_completed_every_published_video_and_one_went_silent(demo):
    published = {row["id"] for row in demo.rows["videos"] if row["status"] == "completed" and not row["deleted_at"]}
    completed = grouped((row for row in demo.rows["video_progress"] if row["completed"]), "student_id")

    for student_id in demo.planted.finished_student_ids:
        assert {row["video_id"] for row in completed[student_id]} >= published
    silent = {row["student_id"] for row in demo.tiers if row["is_finished"] and row["engagement_tier"] == "inactive"}
    assert silent == demo.planted.finished_silent_student_ids


def test_the_returning_students_are_back_after_weeks_of_silence(demo):
    assert demo.planted.returning_student_ids
    for student_id in demo.planted.returning_student_ids:
        instants = demo.signs_of_life[student_id]
        assert longest_gap(instants) > timedelta(days=28)
        assert instants[-1] > NOW - timedelta(days=7)


def test_three_videos_cannot_be_watched_any_more_or_yet(demo):
    videos, facts = by_id(demo.rows["videos"]), demo.planted

    assert videos[facts.processing_video_id]["status"] == "processing"
    assert videos[facts.failed_video_id]["status"] == "failed"
    assert videos[facts.deleted_video_id]["deleted_at"] < NOW
    assert sum(row["deleted_at"] is not None or row["status"] != "completed" for row in videos.values()) == 3
    assert demo.segments_of(facts.deleted_video_id)
    unfinished = {facts.processing_video_id, facts.failed_video_id}
    assert not unfinished & {row["video_id"] for row in demo.rows["video_progress"]}


def test_exactly_the_planted_students_left(demo):
    left = {row["id"] for row in demo.rows["students"] if row["deleted_at"]}

    assert left == demo.planted.deleted_student_ids != frozenset()
    assert not left & {row["student_id"] for row in demo.tiers}


def test_no_text_gives_the_facts_away(demo):
    texts = [row["title"] + row["description"] + (row["transcript"] or "") for row in demo.rows["videos"]]
    texts += [row["name"] + (row["email"] or "") + row["external_id"] for row in demo.rows["students"]]
    texts += [row["title"] for row in demo.rows["quizzes"]] + [row["content"] for row in demo.rows["chat_messages"]]

    for word in ("cliff", "stuck", "planted", "demo", "miskeyed", "replay", "drop-off"):
        assert not [text for text in texts if word in text.lower().split()]


def test_the_facts_depend_on_the_size_alone(monkeypatch):
    before = planted(PYTHON, DemoSize(seed=1))

    monkeypatch.setenv("DASHBOARD_NOW", "2030-01-01T00:00:00Z")

    assert planted(PYTHON, DemoSize(seed=2)) == before
    assert now().year == 2030


def test_nothing_is_planted_in_the_small_course():
    with pytest.raises(InputError, match="Tomasz"):
        planted(BREAD)


def _plays(segments: list[dict[str, object]], second: int) -> int:
    return sum(segment["start_second"] <= second < segment["end_second"] for segment in segments)  # type: ignore[operator]
