"""One video's figures, questions and quizzes: small literal cases, edges, outsiders."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given

from queries.video import completion_band, quiz_results_of_video, related_questions, video_analytics
from tests import oracle
from tests.builders import (
    NOW,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_quiz,
    a_student,
    a_video,
    a_watch,
    an_answer,
    an_attempt,
    histories,
    refreshed,
)

pytestmark = pytest.mark.usefixtures("shared_database")

INSTANT = timedelta(microseconds=1)
WEEK = timedelta(days=7)
HALF_AN_HOUR = timedelta(minutes=30)


@given(histories(until=NOW))
def test_the_figures_equal_plain_python(history):
    creator = refreshed(history)
    source = oracle.source(creator.id)

    for expected in oracle.video_analytics(source):
        found = video_analytics.fresh(creator.id, expected["video_id"])
        pairs = [pair for pair in oracle.started_videos(source) if pair.video["id"] == expected["video_id"]]
        asked = asked_about(source, expected["video_id"])
        assert found.views == expected["total_views"]
        assert found.unique_viewers == expected["unique_viewers"] == len(pairs)
        assert found.completions == expected["completions"]
        assert found.completion_rate_percent == pytest.approx(expected["completion_rate"])
        assert found.avg_watched_percent == pytest.approx(expected["avg_watch_percentage"])
        assert found.avg_drop_off_percent == pytest.approx(expected["avg_drop_off_percentage"])
        assert found.views_7d == sum(views_of_week(source, pair) for pair in pairs)
        assert found.questions_asked == len(asked)
        assert found.question_askers == len({message["student_id"] for message in asked})


@given(histories(until=NOW))
def test_the_questions_equal_plain_python(history):
    creator = refreshed(history)
    source = oracle.source(creator.id)

    for video in source.videos:
        found = related_questions.fresh(creator.id, video["id"])
        asked = asked_about(source, video["id"])
        details = {id(message): oracle._question(message, following(source, message)) for message in asked}
        topics = Counter(details[id(message)].topic for message in asked)
        assert sorted(found.messages) == sorted(topics.values())
        for row in found.itertuples():
            topic = next(details[id(m)].topic for m in asked if m["content"].strip() == row.question)
            same = [details[id(message)] for message in asked if details[id(message)].topic == topic]
            ratings = [one.rating for one in same if one.rating is not None]
            assert (row.people, row.messages) == (len({one.student_id for one in same}), len(same))
            assert row.unanswered == sum(not one.is_answered for one in same)
            assert row.ratings == len(ratings)
            assert row.is_badly_answered == (len(ratings) >= 3 and 2 * sum(ratings) < len(ratings))


def asked_about(source, video_id):
    return [m for m in source.of_students("chat_messages") if m["role"] == "user" and m["video_id"] == video_id]


def following(source, message):
    return oracle._messages_after(source, message)


def views_of_week(source, pair):
    played = [
        segment["watched_at"]
        for segment in source["watch_segments"]
        if (segment["student_id"], segment["video_id"]) == (pair.student_id, pair.video["id"])
    ]
    first = next(
        row["first_watched"]
        for row in source["video_progress"]
        if (row["student_id"], row["video_id"]) == (pair.student_id, pair.video["id"])
    )
    return sum(NOW - WEEK <= run[0] <= NOW for run in oracle._runs(played) or [[first]])


@pytest.mark.parametrize(
    ("at", "views"),
    [(NOW - WEEK - INSTANT, 0), (NOW - WEEK, 1), (NOW, 1), (NOW + INSTANT, 0)],
    ids=["just before", "first", "last", "just after"],
)
@pytest.mark.parametrize("viewing", [a_watch, a_progress], ids=["playback", "progress only"])
def test_the_edges_of_the_week(viewing, at, views):
    video = a_video()

    assert video_analytics.fresh(a_creator(video, viewing(video=video, at=at)).id, video.id).views_7d == views


@pytest.mark.parametrize(("gap", "views"), [(HALF_AN_HOUR, 0), (HALF_AN_HOUR + INSTANT, 1)])
def test_a_view_that_began_before_the_week_is_not_of_the_week(gap, views):
    video, began = a_video(), NOW - WEEK - INSTANT
    creator = a_creator(video, a_watch(video=video, at=began), a_watch(video=video, at=began + gap))

    assert video_analytics.fresh(creator.id, video.id).views_7d == views


@pytest.mark.parametrize(
    ("rate", "viewers", "band"),
    [
        (29.99, 5, "may be too long or too difficult"),
        (30, 5, "average engagement"),
        (60, 5, "average engagement"),
        (60.01, 5, "high-quality content"),
        (100, 4, "too few viewers to tell"),
        (None, 0, "too few viewers to tell"),
    ],
)
def test_the_bands_of_the_completion_rate(rate, viewers, band):
    assert completion_band(rate, viewers) == band


def test_a_video_without_viewers_has_figures_of_nothing():
    video = a_video("Loops", duration_seconds=None, status="processing")

    found = video_analytics.fresh(a_creator(video).id, video.id)

    assert (found.title, found.status, found.duration_seconds) == ("Loops", "processing", None)
    assert (found.views, found.unique_viewers, found.views_7d, found.questions_asked) == (0, 0, 0, 0)
    assert found.completion_rate_percent is None
    assert found.avg_watched_percent is None
    assert found.avg_drop_off_percent is None


def test_questions_count_people_and_messages_whatever_the_wording():
    ada, bo, gone = a_student("Ada"), a_student("Bo"), a_student("Gone", deleted_days_ago=1)
    video, other = a_video(), a_video("Lists")
    creator = a_creator(
        [ada, bo, gone, video, other],
        a_chat(a_question("What is recursion?", video=video), an_answer(), student=ada),
        a_chat(a_question("what is RECURSION", video=video), student=ada),
        a_chat(a_question("What is recursion?", video=video), an_answer(), student=bo),
        a_chat(a_question("What is recursion?", video=video), student=gone),
        a_chat(a_question("What is recursion?", video=other), student=bo),
        a_chat(a_question("Why?", video=video), student=bo),
    )

    found = related_questions.fresh(creator.id, video.id)

    assert found.question.tolist() == ["What is recursion?", "Why?"]
    assert found.people.tolist() == [2, 1]
    assert found.messages.tolist() == [3, 1]
    assert found.unanswered.tolist() == [1, 1]
    assert found.mean_rating.isna().all()
    assert not found.is_badly_answered.any()


@pytest.mark.parametrize(
    ("ratings", "is_bad"), [((0, 0), False), ((0, 0, 1), True), ((0.5, 0.5, 0.5), False), ((0.5, 0.5, 0.49), True)]
)
def test_badly_answered_is_a_mean_under_a_half_of_three_ratings(ratings, is_bad):
    video = a_video()
    chats = [a_chat(a_question(video=video), an_answer(rating=rating)) for rating in ratings]

    found = related_questions.fresh(a_creator(video, chats).id, video.id)

    assert found.is_badly_answered.tolist() == [is_bad]


def test_quizzes_of_the_video_with_their_attempts():
    ada, gone = a_student("Ada"), a_student("Gone", deleted_days_ago=1)
    video = a_video()
    first, empty = a_quiz("First", video=video, position=1), a_quiz("Empty", video=video, position=2, status="draft")
    unrelated, deleted = a_quiz("Unrelated"), a_quiz("Deleted", video=video, deleted_at=NOW)
    attempts = [an_attempt(ada, first, passed=passed) for passed in (False, True, False, True)]
    creator = a_creator(
        [ada, gone, video, first, empty, unrelated, deleted],
        attempts,
        an_attempt(gone, first, passed=False),
        an_attempt(ada, unrelated),
    )

    found = quiz_results_of_video.fresh(creator.id, video.id)

    assert found.title.tolist() == ["First", "Empty"]
    assert found.status.tolist() == ["published", "draft"]
    assert found.attempts.tolist() == [4, 0]
    assert found.students.tolist() == [1, 0]
    assert found.pass_rate_percent.iloc[0] == 50
    assert found.pass_rate_percent.isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("failed", "passed", "is_struggling"), [(4, 0, False), (3, 2, True), (5, 0, True), (3, 3, False), (4, 3, True)]
)
def test_struggling_is_more_than_half_of_at_least_five_attempts_failed(failed, passed, is_struggling):
    video = a_video()
    quiz = a_quiz(video=video)
    attempts = [an_attempt(quiz=quiz, passed=which) for which in [False] * failed + [True] * passed]

    found = quiz_results_of_video.fresh(a_creator(video, quiz, attempts).id, video.id)

    assert found.is_struggling.tolist() == [is_struggling]


def test_an_outsider_sees_nothing_also_after_the_owner_looked():
    video = a_video()
    quiz = a_quiz(video=video)
    owner = a_creator(video, a_watch(video=video), quiz, an_attempt(quiz=quiz), a_chat(a_question(video=video)))
    outsider = a_creator(a_video())
    assert video_analytics(owner.id, video.id).views == 1
    assert len(related_questions(owner.id, video.id)) == len(quiz_results_of_video(owner.id, video.id)) == 1

    for unknown in (video.id, uuid4()):
        assert video_analytics(outsider.id, unknown) is None
        assert related_questions(outsider.id, unknown).empty
        assert quiz_results_of_video(outsider.id, unknown).empty


def test_a_deleted_video_is_unknown():
    video = a_video(deleted_days_ago=1)
    creator = a_creator(video, a_quiz(video=video), a_watch(video=video), a_chat(a_question(video=video)))

    assert video_analytics.fresh(creator.id, video.id) is None
    assert related_questions.fresh(creator.id, video.id).empty
    assert quiz_results_of_video.fresh(creator.id, video.id).empty
