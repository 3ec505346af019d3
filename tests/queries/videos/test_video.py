"""One video's figures, questions and quizzes: small literal cases, edges, outsiders."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given

from queries.videos.one_video import completion_band, quiz_results_of_video, related_questions, video_analytics
from tests import oracle, watching_oracle
from tests.builders import (
    NOW,
    a_chat,
    a_creator,
    a_file,
    a_progress,
    a_question,
    a_quiz,
    a_student,
    a_video,
    a_watch,
    add,
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

    for expected in watching_oracle.video_analytics(source, NOW):
        found = video_analytics.fresh(creator.id, expected["video_id"])
        asked = asked_about(source, expected["video_id"])
        assert found.views == expected["total_views"]
        assert found.unique_viewers == expected["unique_viewers"]
        assert found.completions == expected["completions"]
        assert found.completion_rate_percent is None  # of fewer than five viewers
        assert found.avg_watched_percent == pytest.approx(expected["avg_watch_percentage"])
        assert found.avg_drop_off_percent == pytest.approx(expected["avg_drop_off_percentage"])
        assert found.watch_seconds == expected["total_watch_seconds"]
        assert found.last_watched_at == expected["last_watched_at"]
        assert found.views_7d == views_of_week(source, expected["video_id"])
        assert found.questions_asked == len(asked)
        assert found.question_askers == len({question.student_id for question in asked})


@given(histories(until=NOW))
def test_the_questions_equal_plain_python(history):
    creator = refreshed(history)
    source = oracle.source(creator.id)

    for video in source.videos:
        found = related_questions.fresh(creator.id, video["id"])
        asked = asked_about(source, video["id"])
        topics = Counter(question.topic for question in asked)
        assert sorted(found.messages) == sorted(topics.values())
        for row in found.itertuples():
            topic = next(question.topic for question in asked if question.content.strip() == row.question)
            same = [question for question in asked if question.topic == topic]
            ratings = [one.rating for one in same if one.rating is not None]
            assert (row.people, row.messages) == (len({one.student_id for one in same}), len(same))
            assert row.unanswered == sum(not one.is_answered for one in same)
            assert row.ratings == len(ratings)
            assert row.is_badly_answered == (len(ratings) >= 3 and 2 * sum(ratings) < len(ratings))


def asked_about(source, video_id):
    return [question for question in oracle.questions(source, until=NOW) if question.video_id == video_id]


def views_of_week(source, video_id):
    return sum(
        row["video_id"] == video_id and NOW - WEEK <= row["began_at"] <= NOW
        for row in watching_oracle.views(source, NOW)
    )


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
    creator = a_creator(video, a_watch(video=video, at=began, seconds=0), a_watch(video=video, at=began + gap))

    assert video_analytics.fresh(creator.id, video.id).views_7d == views


@pytest.mark.parametrize("zone", ["America/Havana", "Asia/Kolkata", "Pacific/Apia"])
@pytest.mark.parametrize("hours", [0, 5, 13, 23])
def test_views_of_the_days_that_the_week_cuts_are_counted_to_the_instant(zone, hours, monkeypatch):
    now = NOW + timedelta(hours=hours)
    monkeypatch.setenv("DASHBOARD_NOW", now.isoformat())
    video = a_video()
    began = [now - WEEK - timedelta(hours=2) + timedelta(hours=half / 2, seconds=1) for half in range(0, 345, 3)]
    creator = a_creator(video, [a_watch(video=video, at=at) for at in began], timezone=zone)

    found = video_analytics.fresh(creator.id, video.id)

    assert found.views_7d == sum(now - WEEK <= at <= now for at in began)


@pytest.mark.parametrize("zone", ["America/Havana", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe"])
@pytest.mark.parametrize("change", ["2025-11-02", "2025-10-31", "2025-04-06", "2025-03-09", "2025-04-25"])
def test_the_week_is_168_hours_also_where_clocks_change(zone, change, monkeypatch):
    video = a_video()
    changed = datetime.fromisoformat(f"{change}T05:30:00+00:00")
    began = [changed + timedelta(minutes=31 * number) for number in range(-60, 60)]
    creator = a_creator(video, [a_watch(video=video, at=at, seconds=1) for at in began], timezone=zone)

    for offset in (timedelta(0), timedelta(hours=-3), timedelta(hours=3), timedelta(days=7), WEEK + timedelta(hours=4)):
        monkeypatch.setenv("DASHBOARD_NOW", (changed + offset).isoformat())
        found = video_analytics.fresh(creator.id, video.id).views_7d
        assert found == sum(timedelta(0) <= changed + offset - at <= WEEK for at in began)


def test_a_rate_of_fewer_than_five_viewers_is_no_rate():
    video, students = a_video(), [a_student() for _ in range(5)]
    creator = a_creator(video, students, [a_progress(one, video, completed=True) for one in students[:4]])
    of_four = video_analytics.fresh(creator.id, video.id)
    add(creator, a_progress(students[4], video))
    of_five = video_analytics.fresh(refreshed(creator).id, video.id)

    assert (of_four.completions, of_four.completion_rate_percent) == (4, None)
    assert (of_five.completions, of_five.completion_rate_percent) == (4, 80)


def test_figures_are_of_the_file_in_force():
    ada, ben = a_student("Ada"), a_student("Ben")
    video = a_video(duration_seconds=60)
    creator = a_creator(
        [ada, ben, video],
        a_watch(ada, video, days_ago=3, seconds=600),
        a_file(video, edition=1, duration_seconds=600),
        a_file(video, days_ago=2),
        a_watch(ben, video, days_ago=1, seconds=30),
    )

    found = video_analytics.fresh(creator.id, video.id)

    assert (found.unique_viewers, found.views, found.completions, found.watch_seconds) == (1, 1, 0, 30)
    assert (found.avg_watched_percent, found.duration_seconds) == (50, 60)
    assert found.views_7d == 2  # of any file


@pytest.mark.parametrize(
    ("rate", "viewers", "band"),
    [
        (29.99, 5, "may be too long or too difficult"),
        (30, 5, "average completion"),
        (60, 5, "average completion"),
        (60.01, 5, "high completion"),
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
