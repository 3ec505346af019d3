"""Quiz figures against plain Python on built histories, at their thresholds, and on an imported run."""

import json
import random
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import sqrt
from statistics import fmean, pstdev
from uuid import uuid4
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from database.demo import DemoSize, load_demo
from database.demo.courses import PYTHON, WATERCOLOUR
from database.demo.planted import planted
from database.frames import records
from database.importers.futurelearn import import_futurelearn
from queries.periods.period import PERIODS, WEEK
from queries.quizzes.question_analysis import QuestionRow, answers, finding_in_words, flagged_questions, questions
from queries.quizzes.results import (
    by_week,
    daily_results,
    period_results,
    quiz,
    quiz_analytics,
    quizzes,
    score_distribution,
    struggling_areas,
    students_without_a_pass,
)
from tests import futurelearn_oracle
from tests.builders import (
    NOW,
    Row,
    a_creator,
    a_quiz,
    a_quiz_question,
    a_student,
    a_video,
    an_attempt,
    refreshed,
    remove,
)
from tests.course_runs import AFTER_THE_RUN
from tests.queries.comparing import rows_of
from tests.quiz_oracle import hundredths
from tests.rows import flat

pytestmark = pytest.mark.usefixtures("shared_database")

SEEDS = range(10)
OPTIONS = ["once", "twice", "never", "ten times"]
KOLKATA = "Asia/Kolkata"
DAY_START = datetime(2026, 3, 3, 18, 30, tzinfo=UTC)  # of NOW's day in Kolkata
INSTANT = timedelta(microseconds=1)

every_seed = pytest.mark.parametrize("seed", SEEDS)
every_period = pytest.mark.parametrize("period", PERIODS.values(), ids=PERIODS)


@every_seed
def test_every_quiz_equals_plain_python(seed):
    history = a_history(seed)

    found = rows_of(quizzes.fresh(history.creator().id))

    assert [row["title"] for row in found] == [one["title"] for one in history.live_quizzes]
    for row, one in zip(found, history.live_quizzes, strict=True):
        tried = history.attempts_that_count(one)
        assert row == nearly(expected_quiz(one, tried, history)), one["title"]


@every_seed
def test_every_question_equals_plain_python(seed):
    history = a_history(seed)
    creator = history.creator()

    for one in history.live_quizzes:
        found = rows_of(questions.fresh(creator.id, one["id"]))

        assert [row["number"] for row in found] == list(range(1, len(found) + 1))
        expected = [expected_question(asked, history) for asked in history.questions_of(one)]
        assert [{key: row[key] for key in expected[0]} for row in found] == [nearly(row) for row in expected]


@every_seed
def test_the_flagged_questions_are_those_of_all_quizzes_with_a_finding(seed):
    history = a_history(seed)
    creator = history.creator()

    flagged = flagged_questions.fresh(creator.id)

    everything = pd.concat(questions.fresh(creator.id, one["id"]) for one in history.live_quizzes)
    of_interest = everything[everything["finding"].notna()]
    assert set(flagged["question_id"]) == set(of_interest["question_id"])
    by_id = {row["question_id"]: row for row in rows_of(of_interest)}
    assert all(row == nearly(by_id[row["question_id"]]) for row in rows_of(flagged))
    order = [(row["finding"] != "wrong_key", row["correct_percent"]) for row in rows_of(flagged)]
    assert order == sorted(order)


def test_the_histories_hold_every_finding():
    findings = Counter(
        expected_question(asked, history)["finding"]
        for history in map(a_history, SEEDS)
        for one in history.live_quizzes
        for asked in history.questions_of(one)
    )

    assert all(findings[finding] >= 3 for finding in ("wrong_key", "hard", None))


@every_seed
def test_the_answers_equal_a_plain_count(seed):
    history = a_history(seed)
    creator = history.creator()

    for one in history.live_quizzes:
        found = rows_of(answers.fresh(creator.id, one["id"]))

        for asked in history.questions_of(one):
            given = Counter(answer for _, answer in history.first_answers(asked))
            expected = {option: (given[option], option == asked["correct_answer"]) for option in (*OPTIONS, *given)}
            shown = {
                row["answer"]: (row["students"], row["is_keyed"]) for row in found if row["question_id"] == asked["id"]
            }
            assert shown == expected


@every_seed
def test_scores_and_students_without_a_pass_equal_plain_python(seed):
    history = a_history(seed)
    creator = history.creator()

    for one in history.live_quizzes:
        tried = history.attempts_that_count(one)
        bins = Counter((min(int(row["score_percent"] // 10) * 10, 90), row["attempt_number"] == 1) for row in tried)
        expected = [(low, bins[low, True], bins[low, False]) for low in range(0, 100, 10)]
        assert list(score_distribution.fresh(creator.id, one["id"]).itertuples(index=False, name=None)) == expected

        by_student = grouped(tried, "student_id")
        failing = {key: rows for key, rows in by_student.items() if not any(row["passed"] for row in rows)}
        found = rows_of(students_without_a_pass.fresh(creator.id, one["id"]))
        assert {row["student_id"]: row["failed_attempts"] for row in found} == {
            key: len(rows) for key, rows in failing.items()
        }
        for row in found:
            assert row["best_score_percent"] == max(tried["score_percent"] for tried in failing[row["student_id"]])
            assert row["last_attempt_at"] == max(tried["completed_at"] for tried in failing[row["student_id"]])
        assert [row["failed_attempts"] for row in found] == sorted(map(len, failing.values()), reverse=True)


@every_period
@every_seed
def test_the_period_and_its_days_equal_plain_python(seed, period):
    history = a_history(seed)
    creator = history.creator()
    today = NOW.astimezone(ZoneInfo(KOLKATA)).date()
    tried = [row for one in history.live_quizzes for row in history.attempts_that_count(one)]
    ago = [(today - row["completed_at"].astimezone(ZoneInfo(KOLKATA)).date()).days for row in tried]
    this = [row for row, days in zip(tried, ago, strict=True) if 0 <= days < period.days]
    before = [row for row, days in zip(tried, ago, strict=True) if period.days <= days < 2 * period.days]

    assert asdict(period_results.fresh(creator.id, period)) == nearly(
        {
            "attempts": len(this),
            "attempts_before": len(before),
            "passed": sum(row["passed"] for row in this),
            "passed_before": sum(row["passed"] for row in before),
            "students": len({row["student_id"] for row in this}),
            "students_before": len({row["student_id"] for row in before}),
            "mean_score_percent": mean(row["score_percent"] for row in this),
            "mean_score_percent_before": mean(row["score_percent"] for row in before),
        }
    )
    days = daily_results.fresh(creator.id, period)
    counts = Counter(ago)
    assert days["attempts"].tolist() == [counts[back] for back in reversed(range(2 * period.days))]
    assert days["passed"].sum() == sum(row["passed"] for row in this + before)
    weeks = by_week(days)
    assert weeks[["attempts", "passed"]].sum().tolist() == days[["attempts", "passed"]].sum().tolist()
    assert set(weeks["activity_date"].dt.day_of_week) == {0}


@pytest.mark.parametrize(
    ("at", "place"),
    [
        (DAY_START - timedelta(days=13) - INSTANT, None),
        (DAY_START - timedelta(days=6) - INSTANT, "before"),
        (DAY_START - timedelta(days=6), "this"),
        (NOW, "this"),
        (NOW + INSTANT, None),  # counts from then on
    ],
    ids=["too old", "just before", "first", "last", "after the clock"],
)
def test_the_edges_of_a_period(at, place):
    creator = a_creator(an_attempt(at=at), timezone=KOLKATA)

    found = period_results.fresh(creator.id, WEEK)

    assert (found.attempts, found.attempts_before) == (int(place == "this"), int(place == "before"))


def test_the_clock_at_every_hour_of_three_loaded_days(monkeypatch):
    rng, zone = random.Random(5), ZoneInfo(KOLKATA)
    pupils, first_day = some(4), DAY_START - timedelta(days=3)
    taken_at = [first_day + timedelta(minutes=rng.randint(0, 3 * 24 * 60)) for _ in range(60)]
    tries = [an_attempt(rng.choice(pupils), passed=rng.random() < 0.5, at=at) for at in taken_at]
    creator = a_creator(pupils, a_quiz(), tries, timezone=KOLKATA)
    tried = [row.values for row in flat(tries) if row.table == "quiz_attempts"]

    for hour in range(3 * 24 + 1):
        now = first_day + timedelta(hours=hour)
        monkeypatch.setenv("DASHBOARD_NOW", now.isoformat())
        by_now = [row for row in tried if row["completed_at"] <= now]
        per_day = Counter(row["completed_at"].astimezone(zone).date() for row in by_now)

        found, days = period_results.fresh(creator.id, WEEK), rows_of(daily_results.fresh(creator.id, WEEK))

        assert found.attempts == len(by_now)
        assert found.passed == sum(row["passed"] for row in by_now)
        assert found.students == len({row["student_id"] for row in by_now})
        assert [day["attempts"] for day in days] == [per_day[day["activity_date"]] for day in days]
        assert days[-1]["activity_date"] == now.astimezone(zone).date()


def test_the_change_of_the_pass_rate_compares_rates_and_not_attempts():
    creator = a_creator([an_attempt(passed=passed, days_ago=days) for passed, days in [(1, 1), (1, 2), (1, 8), (0, 9)]])

    found = period_results.fresh(creator.id, WEEK)

    assert (found.pass_rate_percent, found.pass_rate_percent_before, found.pass_rate_change_points) == (100, 50, 50)


def test_a_pass_rate_of_nothing_is_none():
    found = period_results.fresh(a_creator(a_quiz()).id, WEEK)

    assert (found.pass_rate_percent, found.pass_rate_change_points) == (None, None)


@pytest.mark.parametrize(
    ("passed", "failed", "is_struggling"), [(0, 4, False), (2, 3, True), (3, 3, False), (0, 5, True)]
)
def test_struggling_needs_five_attempts_and_more_failed_than_passed(passed, failed, is_struggling):
    tries = [an_attempt(passed=number < passed) for number in range(passed + failed)]

    found = quizzes.fresh(a_creator(tries).id)

    assert found["is_struggling"].tolist() == [is_struggling]
    assert len(struggling_areas(found)) == is_struggling


def test_the_worst_quiz_is_named_first():
    bad, worse = a_quiz("Bad", position=1), a_quiz("Worse", position=2)
    tries = [
        an_attempt(quiz=one, passed=number < lucky) for one, lucky in ((bad, 2), (worse, 1)) for number in range(6)
    ]

    assert struggling_areas(quizzes.fresh(a_creator(bad, worse, tries).id))["title"].tolist() == ["Worse", "Bad"]


@pytest.mark.parametrize(("right", "of", "finding"), [(3, 9, None), (3, 10, "hard"), (4, 10, None), (0, 10, "hard")])
def test_hard_needs_ten_answers_of_which_under_forty_percent_are_right(right, of, finding):
    easy, hard = a_quiz_question(prompt="Easy?", position=1), a_quiz_question(prompt="Hard?", position=2)
    pupils = some(of)
    tries = [an_attempt(pupil, answers={easy: True, hard: number < right}) for number, pupil in enumerate(pupils)]
    creator = a_creator(pupils, easy, hard, tries)

    found = questions.fresh(creator.id, quizzes.fresh(creator.id)["quiz_id"].iloc[0])

    assert rows_of(found)[1]["finding"] == finding
    assert rows_of(found)[0]["finding"] is None
    assert len(flagged_questions.fresh(creator.id)) == (finding is not None)


def test_discrimination_is_the_point_biserial_correlation():
    # Rest scores of those right: 1, 1, 1, 0; of those wrong: 0, 0, 0, 0, 0, 1.
    right = [(True, 1), (True, 1), (True, 1), (True, 0), *[(False, 0)] * 5, (False, 1)]
    creator, quiz_id = two_questions(right)

    found = rows_of(questions.fresh(creator.id, quiz_id))[0]

    spread = pstdev([1, 1, 1, 0, 0, 0, 0, 0, 0, 1])
    assert found["discrimination"] == pytest.approx((3 / 4 - 1 / 6) / spread * sqrt(0.4 * 0.6))


@pytest.mark.parametrize(
    "outcomes",
    [[(True, 1), (False, 0)] * 4, [(True, 1), (True, 0)] * 8, [(True, 1), (False, 1)] * 8],
    ids=["eight answers", "all right", "same rest"],
)
def test_discrimination_of_few_or_equal_answers_is_unknown(outcomes):
    creator, quiz_id = two_questions(outcomes)

    assert rows_of(questions.fresh(creator.id, quiz_id))[0]["discrimination"] is None


def test_a_rest_score_that_rounding_might_make_vary_does_not():
    first, *others = [a_quiz_question(prompt=f"{number}?", position=number) for number in range(4)]
    pupils = some(31)
    rest = dict(zip(others, (True, True, False), strict=True))  # two thirds for everyone
    tries = [an_attempt(pupil, answers={first: number % 3 > 0} | rest) for number, pupil in enumerate(pupils)]
    creator = a_creator(pupils, first, others, tries)

    found = questions.fresh(creator.id, quizzes.fresh(creator.id)["quiz_id"].iloc[0])

    assert found["discrimination"].isna().all()


def test_a_suspected_key_is_explained_in_words():
    creator, quiz_id = two_questions([(False, 1)] * 8 + [(True, 0)] * 4)

    (row,) = [row for row in records(questions.fresh(creator.id, quiz_id), QuestionRow) if row.finding == "wrong_key"]

    assert finding_in_words(row) == (
        "8 of 12 chose “never”, and they did better on the rest (100% right) "
        "than the 4 who chose “ten times”, the answer marked correct (0%)."
    )


def test_only_first_attempts_of_students_who_stayed_judge_a_question():
    asked, ada = a_quiz_question(), a_student()
    left = a_student("Dan Left", deleted_days_ago=1)
    tries = [an_attempt(ada, answers={asked: right}) for right in (False, True, True)]
    creator = a_creator(ada, left, asked, tries, an_attempt(left, answers={asked: True}))

    found = rows_of(questions.fresh(creator.id, quizzes.fresh(creator.id)["quiz_id"].iloc[0]))[0]

    assert (found["answers"], found["correct"]) == (1, 0)


def test_a_quiz_of_a_deleted_video_names_none():
    gone = a_video(deleted_days_ago=1)

    found = quizzes.fresh(a_creator(gone, a_quiz(video=gone)).id)

    assert rows_of(found)[0]["video_title"] is None


def test_an_outsider_sees_nothing_even_after_the_owner_warmed_the_cache():
    history = a_history(0)
    owner, outsider = history.creator(), a_creator(name="Outsider")
    for one in history.live_quizzes:
        for query in (quiz, questions, answers, students_without_a_pass):
            assert len(query(owner.id, one["id"]))
            assert query(outsider.id, one["id"]).empty
        assert score_distribution(owner.id, one["id"])["first_attempts"].sum() > 0
        assert not score_distribution(outsider.id, one["id"])[["first_attempts", "later_attempts"]].any().any()
    for query in (quizzes, flagged_questions):  # type: ignore[assignment]
        assert len(query(owner.id))  # type: ignore[call-arg]
        assert query(outsider.id).empty  # type: ignore[call-arg]
    assert period_results(owner.id, PERIODS["90d"]).attempts > period_results(outsider.id, PERIODS["90d"]).attempts == 0
    assert daily_results(outsider.id, PERIODS["90d"])["attempts"].sum() == 0
    assert quiz_analytics(outsider.id)["quizzes"] == []


def test_a_foreign_quiz_is_as_unknown_as_one_that_does_not_exist():
    foreign = a_quiz()
    a_creator(foreign, an_attempt(quiz=foreign))
    creator = a_creator(an_attempt())

    for quiz_id in (foreign.id, uuid4()):
        assert quiz(creator.id, quiz_id).empty
        assert questions(creator.id, quiz_id).empty


def test_a_deleted_attempt_is_gone_from_every_figure():
    tried = an_attempt()
    creator = a_creator(tried)
    assert quizzes(creator.id)["attempts"].tolist() == [1]

    remove(creator, tried[0])
    refreshed(creator)

    assert quizzes(creator.id)["attempts"].tolist() == [0]


def test_programs_get_the_same_figures():
    creator, quiz_id = two_questions([(False, 1)] * 8 + [(True, 0)] * 4)

    told = json.loads(json.dumps(quiz_analytics(creator.id)))

    assert told["overall"] == {"attempts": 12, "passed": 12, "passRate": 100}
    assert [one["quizId"] for one in told["quizzes"]] == [str(quiz_id)]
    assert told["strugglingAreas"] == told["hardQuestions"] == []
    (suspected,) = told["suspectedWrongKeys"]
    assert (suspected["prompt"], suspected["answers"], suspected["correctRate"]) == ("First?", 12, 33)
    assert suspected["reason"].startswith("8 of 12 chose “never”")


def test_programs_get_null_where_there_is_no_figure():
    told = quiz_analytics(a_creator(a_quiz()).id)

    assert told["overall"]["passRate"] is None
    assert told["quizzes"][0]["passRate"] is told["quizzes"][0]["avgTimeSeconds"] is None


def test_exactly_the_planted_questions_of_the_demo_are_flagged():
    size = DemoSize()
    load_demo(size, replace=True)

    for course in (PYTHON, WATERCOLOUR):
        facts = planted(course, size)
        found = flagged_questions.fresh(course.creator_id)
        assert dict(zip(found["question_id"], found["finding"], strict=True)) == {
            facts.miskeyed_question_id: "wrong_key",
            facts.hard_question_id: "hard",
        }
        suspected = rows_of(found)[0]
        assert suspected["wrong_answer"] == facts.miskeyed_answer


def test_first_attempts_of_an_imported_run_equal_a_count_from_its_files(course_run, database, monkeypatch):
    monkeypatch.setenv("DASHBOARD_NOW", AFTER_THE_RUN.isoformat())
    folder = course_run.folder
    creator_id = import_futurelearn(folder, f"Quizzes, {course_run.name}", timezone=course_run.zone).creator_id

    every = quizzes.fresh(creator_id)
    asked = pd.concat(questions.fresh(creator_id, quiz_id) for quiz_id in every["quiz_id"])

    expected = futurelearn_oracle.first_attempt_correct_percent(folder)
    assert {row["prompt"]: row["correct_percent"] for row in rows_of(asked) if row["answers"]} == {
        f"Question {number} of quiz {quiz}": pytest.approx(share) for (quiz, number), share in expected.items()
    }
    assert every["attempts"].sum() == len(futurelearn_oracle.quiz_attempts(folder))
    assert every["passed"].sum() == futurelearn_oracle.quiz_passes(folder)
    assert asked["correct_answer"].isna().all()
    assert not asked["has_options"].any()


@dataclass(frozen=True)
class History:
    rows: list[Row]
    answered: dict  # attempt id -> {question id: (is_correct, answer)}

    def creator(self):
        return a_creator(self.rows, timezone=KOLKATA)

    @property
    def live_quizzes(self):
        found = [one for one in self.of("quizzes") if one["deleted_at"] is None]
        return sorted(found, key=lambda one: one["position"])

    def of(self, table):
        return [row.values for row in self.rows if row.table == table]

    def questions_of(self, one):
        found = [asked for asked in self.of("quiz_questions") if asked["quiz_id"] == one["id"]]
        return sorted(found, key=lambda asked: asked["position"])

    def attempts_that_count(self, one):
        here = {student["id"] for student in self.of("students") if student["deleted_at"] is None}
        return [row for row in self.of("quiz_attempts") if row["quiz_id"] == one["id"] and row["student_id"] in here]

    def first_tries(self, asked):
        tried = self.attempts_that_count({"id": asked["quiz_id"]})
        given = (self.answered[row["id"]] for row in tried if row["attempt_number"] == 1)
        return [answered for answered in given if asked["id"] in answered]

    def first_answers(self, asked):
        return [answered[asked["id"]] for answered in self.first_tries(asked)]


def a_history(seed):
    """Three quizzes, one of them deleted; students of differing ability, some of whom left; a key that is wrong."""
    rng = random.Random(seed)
    students = [
        a_student(f"Student {number}", deleted_days_ago=1 if rng.random() < 0.1 else None)
        for number in range(rng.randint(14, 40))
    ]
    ability = {student.id: rng.random() for student in students}
    rows, answered = [*students], {}
    for place in range(3):
        one = a_quiz(f"Quiz {place}", position=place, deleted_at=NOW if place == 2 else None)
        asked = [a_question(one, number, rng) for number in range(rng.randint(2, 5))]
        rows += [one, *(row for row, _ in asked)]
        for student in students:
            for number in range(1, rng.choice([1, 2, 2, 3, 4])):
                tried = an_attempt(
                    student,
                    one,
                    attempt_number=number,
                    passed=rng.random() < 0.5,
                    score_percent=rng.choice([0, 9.99, 10, 55.5, 89.99, 90, 100]),
                    time_taken_seconds=rng.choice([None, 60, 200]),
                    at=NOW - timedelta(minutes=rng.randint(0, 200 * 24 * 60)),
                )[0]
                given = {
                    row.id: an_answer_to(row, truth, ability[student.id], rng)
                    for row, truth in asked
                    if rng.random() < 0.95
                }
                answered[tried.id] = given
                rows += [tried, *answer_rows(tried, given)]
    return History(rows, answered)


def a_question(one, number, rng):
    truth = rng.choice(OPTIONS)
    key = rng.choice([option for option in OPTIONS if option != truth]) if number == 1 else truth
    return a_quiz_question(one, f"{number}?", position=number, options=json.dumps(OPTIONS), correct_answer=key), truth


def an_answer_to(row, truth, ability, rng):
    knows = rng.random() < ability * (0.5 if row.values["position"] == 2 else 1)
    answer = truth if knows else rng.choice([*OPTIONS, None, "typed freely"])
    return answer == row.values["correct_answer"], answer


def answer_rows(tried, given):
    return [
        Row(
            "quiz_answers",
            {"attempt_id": tried.id, "question_id": question_id, "answer": answer, "is_correct": is_correct},
        )
        for question_id, (is_correct, answer) in given.items()
    ]


def expected_quiz(one, tried, history):
    first = [row for row in tried if row["attempt_number"] == 1]
    failed = sum(not row["passed"] for row in tried)
    return {
        "quiz_id": one["id"],
        "title": one["title"],
        "status": "published",
        "position": one["position"],
        "video_id": None,
        "video_title": None,
        "questions": len(history.questions_of(one)),
        "attempts": len(tried),
        "students": len({row["student_id"] for row in tried}),
        "passed": len(tried) - failed,
        "pass_rate_percent": mean(100.0 * row["passed"] for row in tried),
        "first_pass_rate_percent": mean(100.0 * row["passed"] for row in first),
        "mean_score_percent": mean(float(row["score_percent"]) for row in tried),
        "mean_time_seconds": mean(row["time_taken_seconds"] for row in tried if row["time_taken_seconds"]),
        "best_first_score_percent": max((float(row["score_percent"]) for row in first), default=None),
        "is_struggling": len(tried) >= 5 and failed > len(tried) / 2,
    }


def expected_question(asked, history):
    tries = history.first_tries(asked)
    outcomes = [(answered[asked["id"]], rest_of(answered, asked["id"])) for answered in tries]
    right = [is_correct for (is_correct, _), _ in outcomes]
    paired = [(float(is_correct), rest) for (is_correct, _), rest in outcomes if rest is not None]
    discrimination = correlation(paired) if len(paired) >= 10 else None
    keyed_rest = mean(rest for (is_correct, _), rest in outcomes if is_correct and rest is not None)
    rivals = [
        answer
        for answer in [*OPTIONS, "typed freely"]
        if answer != asked["correct_answer"]
        and discrimination is not None
        and discrimination < -0.1
        and (chosen := [rest for (_, given), rest in outcomes if given == answer])
        and len(chosen) > sum(right)
        and (mean(rest for rest in chosen if rest is not None) or 0) > keyed_rest + 0.0001  # less may be rounding
    ]
    is_hard = len(right) >= 10 and sum(right) / len(right) < 0.4
    return {
        "question_id": asked["id"],
        "answers": len(right),
        "correct": sum(right),
        "correct_percent": mean(100.0 * one for one in right),
        "discrimination": discrimination,
        "finding": "wrong_key" if rivals else "hard" if is_hard else None,
    }


def rest_of(answered, question_id):
    """The share of the other answers that were right, kept in hundredths of a percent as every share in a sum is."""
    others = [is_correct for key, (is_correct, _) in answered.items() if key != question_id]
    return hundredths(Decimal(100 * sum(others)) / len(others)) / 10_000 if others else None


def correlation(pairs):
    """Point-biserial: the difference of the two groups' means, over the spread of all."""
    ones, zeros = ([rest for right, rest in pairs if right == group] for group in (1, 0))
    spread = pstdev(rest for _, rest in pairs)
    if not ones or not zeros or not spread:
        return None
    return (fmean(ones) - fmean(zeros)) / spread * sqrt(len(ones) * len(zeros)) / len(pairs)


def two_questions(outcomes):
    """A quiz whose students got the first question right or not, and the second (1) or not (0)."""
    first, second = a_quiz_question(prompt="First?", position=1), a_quiz_question(prompt="Second?", position=2)
    pupils = some(len(outcomes))
    tries = [
        an_attempt(pupil, answers={first: right, second: bool(rest)})
        for pupil, (right, rest) in zip(pupils, outcomes, strict=True)
    ]
    creator = a_creator(pupils, first, second, tries)
    return creator, quizzes.fresh(creator.id)["quiz_id"].iloc[0]


def some(count):
    return [a_student(f"Student {number}") for number in range(count)]


def mean(values):
    found = list(values)
    return fmean(found) if found else None


def grouped(rows, column):
    groups = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def nearly(row):
    return {key: pytest.approx(value, abs=1e-9) if isinstance(value, float) else value for key, value in row.items()}
