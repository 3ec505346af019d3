"""What students ask, against plain Python and in small literal cases."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given

from queries.chat.figures import (
    Satisfaction,
    chat_analytics,
    daily_questions,
    people_asking,
    questions_by_video,
    satisfaction_breakdown,
    videos_asked_about,
)
from queries.chat.questions import (
    QuestionFilters,
    badly_answered,
    most_asked,
    most_asked_questions,
    question_groups,
    unanswered,
)
from queries.periods.period import MONTH, PERIODS, WEEK
from rules.searching import is_found
from tests import oracle, watching_oracle
from tests.builders import (
    NOW,
    a_chat,
    a_creator,
    a_file,
    a_progress,
    a_question,
    a_student,
    a_video,
    a_watch,
    an_answer,
    histories,
    refreshed,
)
from tests.queries import expected
from tests.queries.comparing import assert_same_rows, rows_of

pytestmark = pytest.mark.usefixtures("shared_database")

THIS_MONTH = QuestionFilters(MONTH)
THIS_WEEK = QuestionFilters(WEEK)
WHY = "Why does recursion end?"


def asked_in(source, days, video_id=None, search=""):
    """(question, video, whether it belongs to this period), for this period and the one before it."""
    today = expected.local_date(source, NOW)
    for question in oracle.questions(source, until=NOW):
        days_ago = (today - expected.local_date(source, question.asked_at)).days
        fits = video_id in (None, question.video_id) and (not search or is_found(search, question.content))
        if fits and days_ago < 2 * days:
            yield question, question.video_id, days_ago < days


def mean(ratings):
    known = [rating for rating in ratings if rating is not None]
    return float(sum(known) / len(known)) if known else None


def expected_groups(source, days, **filters):
    groups = {}
    for question, video_id, is_now in asked_in(source, days, **filters):
        groups.setdefault(question.topic, []).append((question, video_id, is_now))
    return {topic: _group(source, asked) for topic, asked in groups.items() if any(is_now for *_, is_now in asked)}


def _group(source, asked):
    now = [(question, video_id) for question, video_id, is_now in asked if is_now]
    titles = {video["id"]: video["title"] for video in source.videos}
    wordings = Counter(question.content.strip(" ") for question, _ in now)
    ordered = sorted(wordings, key=lambda wording: (-wordings[wording], wording))
    return {
        "question": ordered[0],
        "messages": len(now),
        "people": len({question.student_id for question, _ in now}),
        "people_before": len({question.student_id for question, _, is_now in asked if not is_now}),
        "unanswered": sum(not question.is_answered for question, _ in now),
        "mean_rating": mean(question.rating for question, _ in now),
        "ratings": sum(question.rating is not None for question, _ in now),
        "last_asked_at": max(question.asked_at for question, _ in now),
        "wordings": ordered[:5],
        "wording_count": len(ordered),
        "videos": len({video_id for _, video_id in now if video_id in titles}),
    }


@given(histories(until=NOW))
def test_the_questions_of_every_period_equal_plain_python(history):
    creator = refreshed(history)
    source = oracle.source(creator.id)
    for period in PERIODS.values():
        for filters in ({}, {"search": "RECURSION"}, {"video_id": UUID(int=1)}):
            found = rows_of_lists(question_groups.fresh(creator.id, QuestionFilters(period, **filters)))

            by_question = {row["question"]: row for row in found}
            assert len(by_question) == len(found)
            wanted = {row["question"]: row for row in expected_groups(source, period.days, **filters).values()}
            assert by_question == {question: approximately(row) for question, row in wanted.items()}
            if not filters:
                common = most_asked(question_groups.fresh(creator.id, QuestionFilters(period)))
                told = most_asked_questions.fresh(creator.id, period)
                assert rows_of(told) == rows_of(common[told.columns.tolist()])
            counts = [(-row["people"], -row["messages"]) for row in found]
            assert counts == sorted(counts)


@given(histories(until=NOW))
def test_days_ratings_and_videos_equal_plain_python(history):
    creator = refreshed(history)
    source = oracle.source(creator.id)
    for period in PERIODS.values():
        filters = QuestionFilters(period)
        asked = list(asked_in(source, period.days))
        now = [(question, video_id) for question, video_id, is_now in asked if is_now]
        per_day = Counter(expected.local_date(source, question.asked_at) for question, *_ in asked)

        days = [
            day | {"questions": per_day[day["activity_date"]]} for day in expected.two_periods(source, NOW, period.days)
        ]
        assert_same_rows(daily_questions.fresh(creator.id, filters), days)
        assert satisfaction_breakdown.fresh(creator.id, filters) == expected_satisfaction([q for q, _ in now])
        assert people_asking.fresh(creator.id, filters) == len({question.student_id for question, _ in now})
        found = rows_of(questions_by_video.fresh(creator.id, filters))
        assert {row["video_id"]: row for row in found} == expected_videos(source, now)


def expected_satisfaction(questions):
    ratings = [question.rating for question in questions]
    return Satisfaction(
        good=sum(rating is not None and rating >= Fraction(1, 2) for rating in ratings),
        bad=sum(rating is not None and rating < Fraction(1, 2) for rating in ratings),
        unrated=ratings.count(None),
        answered=sum(question.is_answered for question in questions),
        mean_rating=pytest.approx(mean(ratings)),
    )


def expected_videos(source, now):
    watched = {(row["video_id"], row["student_id"]) for row in watching_oracle.watched_videos(source, NOW)}
    viewers = Counter(video_id for video_id, _ in watched)  # whichever edition of the file they watched
    rows = {}
    for video in source.videos:
        asked = [question for question, video_id in now if video_id == video["id"]]
        if asked:
            rows[video["id"]] = approximately(
                {
                    "video_id": video["id"],
                    "title": video["title"],
                    "questions": len(asked),
                    "people": len({question.student_id for question in asked}),
                    "unanswered": sum(not question.is_answered for question in asked),
                    "mean_rating": mean(question.rating for question in asked),
                    "ratings": sum(question.rating is not None for question in asked),
                    "viewers": viewers[video["id"]],
                    "questions_per_viewer": len(asked) / viewers[video["id"]] if viewers[video["id"]] else None,
                }
            )
    return rows


def rows_of_lists(groups):
    rows = rows_of(groups.drop(columns=["wordings", "video_titles", "question_key"]))
    lists = zip(groups["wordings"], groups["video_titles"], strict=True)
    return [
        row | {"wordings": list(words), "videos": len(titles)} for row, (words, titles) in zip(rows, lists, strict=True)
    ]


def approximately(row):
    return {column: pytest.approx(value) if isinstance(value, float) else value for column, value in row.items()}


ZONE = ZoneInfo("Asia/Kolkata")
FIRST_DAY = datetime(2026, 2, 26, tzinfo=ZONE)  # of the seven that end on 4 March
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("at", "people", "people_before", "on_days"),
    [
        (FIRST_DAY - SECOND, 0, 1, 1),
        (FIRST_DAY, 1, 0, 1),
        (NOW, 1, 0, 1),
        (NOW + SECOND, 0, 0, 0),
        (FIRST_DAY - timedelta(days=7), 0, 1, 1),
        (FIRST_DAY - timedelta(days=7) - SECOND, 0, 0, 0),
    ],
)
def test_a_period_ends_now_and_begins_with_the_creators_day(at, people, people_before, on_days):
    creator = a_creator(a_chat(at=at), a_chat(at=NOW - SECOND), timezone="Asia/Kolkata")

    days, groups = daily_questions(creator.id, THIS_WEEK), question_groups(creator.id, THIS_WEEK)

    assert days.questions.sum() == on_days + 1
    assert groups.messages.tolist() == [people + 1]
    assert groups.people_before.tolist() == [people_before]


def test_wordings_of_one_question_are_one_question():
    students = [a_student(name) for name in ("Ada", "Ben", "Cem")]
    words = ["What is a loop?", "what is a loop", "Can you explain a loop, please?"]
    chats = [a_chat(a_question(said), student=who) for who, said in zip(students, words, strict=True)]
    again = a_chat(a_question(words[2]), student=students[0])

    groups = question_groups(a_creator(students, chats, again).id, THIS_MONTH)

    assert groups.question.tolist() == [words[2]]
    assert (groups.people[0], groups.messages[0], groups.wording_count[0]) == (3, 4, 3)
    assert set(groups.wordings[0]) == set(words)


def test_one_student_who_keeps_asking_is_no_common_question():
    creator = a_creator([a_chat() for _ in range(3)])

    groups = question_groups(creator.id, THIS_MONTH)

    assert groups.messages.tolist() == [3]
    assert most_asked(groups).empty


@pytest.mark.parametrize(
    ("ratings", "is_bad"),
    [([0.25, 0.25], False), ([0.25, 0.5, 0.5], True), ([0.5, 0.5, 0.5], False), ([None, None, None], False)],
)
def test_a_question_is_judged_from_three_ratings_on(ratings, is_bad):
    video = a_video()
    chats = [a_chat(a_question(video=video), an_answer(rating=rating)) for rating in ratings]
    creator = a_creator(video, chats)

    assert len(badly_answered(question_groups(creator.id, THIS_MONTH))) == is_bad
    assert len(badly_answered(questions_by_video(creator.id, THIS_MONTH))) == is_bad


def test_questions_without_an_answer_come_first_where_most_are_left():
    loops, lists = "What is a loop?", "What is a list?"
    chats = [a_chat(a_question(loops)), a_chat(a_question(lists)), a_chat(a_question(lists))]
    answered = a_chat(a_question("What is a set?"), an_answer())

    left = unanswered(question_groups(a_creator(chats, answered).id, THIS_MONTH))

    assert list(zip(left.question, left.unanswered, strict=True)) == [(lists, 2), (loops, 1)]


def test_the_rare_but_bad_and_the_unanswered_are_not_lost_among_many():
    students = [a_student("Ada"), a_student("Ben")]
    many = [a_chat(a_question(f"What is word{n}?"), an_answer(), student=who) for n in range(51) for who in students]
    bad = [a_chat(a_question("Why slices?"), an_answer(rating=0)) for _ in range(3)]
    left = a_chat(a_question("Why nothing?"))

    groups = question_groups(a_creator(students, many, bad, left).id, THIS_MONTH)

    assert len(most_asked(groups)) == 50
    assert badly_answered(groups).question.tolist() == ["Why slices?"]
    assert unanswered(groups).question.tolist() == ["Why nothing?"]


def test_all_questions_are_what_a_search_finds_that_fits_all():
    """Without filters, not all questions that were asked once are read: after all others the newest come first."""
    students = [a_student("Ada"), a_student("Ben")]
    once = [
        a_chat(a_question(f"Why own{n}?"), *[an_answer()] * (n % 3 > 0), student=students[n % 2], days_ago=1 + n / 30)
        for n in range(150)
    ]
    often = [a_chat(a_question("Why lists?"), student=who, days_ago=days) for days in (3, 9) for who in students]
    creator = a_creator(students, once, often)

    everything, found = (question_groups(creator.id, QuestionFilters(WEEK, search=said)) for said in ("", "why"))

    pd.testing.assert_frame_equal(everything, found)
    assert everything.question.tolist()[:3] == ["Why lists?", "Why own0?", "Why own1?"]
    assert len(everything) > 50
    assert everything.unanswered.sum() == 2 + 49
    assert everything.people_before.tolist()[:2] == [2, 0]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("recursion why", {WHY}),  # in any order
        ("recur WHY", {WHY}),  # each the beginning of a word
        ("cursion", set()),
        ("elodie", {"What is Élodie’s loop?"}),
        ("100% a_b", {"Is 100% of a_b more?"}),
        ("%", set()),
        ("\\ ' ;--", set()),
        ("漢字", {"これは漢字ですか"}),  # no spaces between words
        ("字これ", set()),
    ],
)
def test_a_search_finds_words_in_any_order_by_their_beginning(search, found):
    asked = [WHY, "What is Élodie’s loop?", "Is 100% of a_b more?", "これは漢字ですか"]
    creator = a_creator(*(a_chat(a_question(text)) for text in asked))

    filters = QuestionFilters(MONTH, search=search)
    assert set(question_groups(creator.id, filters).question) == found
    assert daily_questions(creator.id, filters).questions.sum() == len(found)


def test_videos_with_many_viewers_are_not_blamed():
    students = [a_student(f"Student {number}") for number in range(4)]
    few, many = a_video("Few", position=1), a_video("Many", position=2)
    watched = [a_progress(students[0], few), *(a_progress(student, many) for student in students)]
    chats = [a_chat(a_question(video=few)), a_chat(a_question(video=many), a_question(video=many), days_ago=1)]
    creator = a_creator(students, few, many, watched, chats)

    by_video = questions_by_video(creator.id, THIS_MONTH)

    assert by_video.title.tolist() == ["Few", "Many"]
    assert by_video.questions_per_viewer.tolist() == [1, 0.5]
    assert videos_asked_about(creator.id).title.tolist() == ["Few", "Many"]


def test_a_viewer_of_several_files_is_one_viewer_of_the_video():
    ada, ben, video = a_student("Ada"), a_student("Ben"), a_video(duration_seconds=60)
    creator = a_creator(
        [ada, ben, video],
        [a_watch(person, video, days_ago=3) for person in (ada, ben)],
        a_file(video, edition=1, duration_seconds=600),
        a_file(video, days_ago=2),
        a_watch(ada, video, days_ago=1),
        a_chat(a_question(video=video)),
    )

    assert questions_by_video.fresh(creator.id, THIS_MONTH)["viewers"].tolist() == [2]


def test_chat_analytics_gathers_the_last_thirty_days():
    ada, ben = a_student("Ada"), a_student("Ben")
    chats = [
        a_chat(a_question("What is a loop?"), an_answer(rating=1), student=ada, days_ago=2),
        a_chat(a_question("a loop?"), student=ben, days_ago=2),
        a_chat(a_question("a loop?"), student=ben, days_ago=40),
    ]

    told = chat_analytics(a_creator(ada, ben, chats).id)

    assert (told.questions_asked, told.questions_answered, told.satisfaction_rate) == (2, 1, 1)
    assert [(asked.question, asked.people) for asked in told.most_asked_questions] == [("What is a loop?", 2)]
    assert len(told.daily_volume) == 30
    assert sum(day.questions for day in told.daily_volume) == 2
    assert told.daily_volume[-3].activity_date == datetime(2026, 3, 2, tzinfo=UTC).date()
    assert told.daily_volume[-3].questions == 2


def test_chat_analytics_of_nothing_has_no_rate():
    told = chat_analytics(a_creator().id)

    assert told.satisfaction_rate is None
    assert (told.questions_asked, told.most_asked_questions) == (0, ())


def test_an_outsider_sees_nothing_after_the_owner_warmed_the_cache():
    video = a_video()
    owner = a_creator(a_student(), video, a_progress(video=video), a_chat(a_question(video=video), an_answer(rating=1)))
    outsider = a_creator()
    for filters in (THIS_MONTH, QuestionFilters(MONTH, video_id=video.id)):
        assert len(question_groups(owner.id, filters)) == len(questions_by_video(owner.id, filters)) == 1
        assert daily_questions(owner.id, filters).questions.sum() == satisfaction_breakdown(owner.id, filters).good == 1

        for of in (question_groups, questions_by_video):
            assert of(outsider.id, filters).empty
            assert of.fresh(outsider.id, filters).empty
        assert daily_questions(outsider.id, filters).questions.sum() == 0
        assert satisfaction_breakdown(outsider.id, filters) == Satisfaction(0, 0, 0, 0, None)
    assert len(videos_asked_about(owner.id)) == 1
    assert videos_asked_about(outsider.id).empty
    assert chat_analytics(outsider.id).questions_asked == 0


def test_another_creators_video_is_answered_like_an_unknown_one():
    foreign = a_video()
    a_creator(foreign, a_chat(a_question(video=foreign)))
    creator = a_creator(a_chat())

    answers = [question_groups(creator.id, QuestionFilters(MONTH, video_id=of)) for of in (foreign.id, uuid4())]

    pd.testing.assert_frame_equal(*answers)
    assert answers[0].empty
