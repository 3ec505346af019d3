"""What the charts of the quizzes show, read from their specifications."""

import json
import unicodedata
from typing import Any

import altair as alt
import pandas as pd
import pytest
import vl_convert

from charts.quizzes import KEYED, OTHER, RIVAL, answer_bars, correct_bars, pass_rate_line, score_bars

DAYS = pd.to_datetime(["2026-03-01", "2026-03-02", "2026-03-03"])


def test_the_pass_rate_is_that_of_this_period_and_has_a_gap_where_nobody_tried():
    results = pd.DataFrame(
        {
            "activity_date": [*DAYS, DAYS[0]],
            "window": ["this", "this", "this", "previous"],
            "attempts": [4, 0, 2, 9],
            "passed": [3, 0, 2, 9],
        }
    )

    shown = rows_of(pass_rate_line(results, "Day"))

    assert [row["pass_rate"] for row in shown] == [75, None, 100]


@pytest.mark.parametrize("unit", ["Day", "Week from"])
def test_the_dots_say_which_day_or_week_they_stand_for(unit: str):
    results = pd.DataFrame({"activity_date": DAYS, "window": "this", "attempts": 1, "passed": 1})

    dots = pass_rate_line(results, unit).to_dict()["layer"][1]

    assert dots["encoding"]["tooltip"][0]["title"] == unit


def test_questions_stand_in_the_order_given_and_carry_their_finding():
    shown = rows_of(correct_bars(questions(findings=["hard", None, "wrong_key"])))

    assert [row["kind"] for row in shown] == ["Hard", "As expected", "Suspected wrong key"]
    assert [row["label"] for row in shown] == ["1. What is 1?", "2. What is 2?", "3. What is 3?"]
    assert [row["value"] for row in shown] == [0, 10, 20]


def test_the_legend_names_only_findings_that_there_are():
    chart = correct_bars(questions(findings=["hard", None])).to_dict()

    assert chart["encoding"]["color"]["legend"]["values"] == ["As expected", "Hard"]


def test_without_a_finding_there_is_no_legend():
    assert correct_bars(questions(findings=[None, None])).to_dict()["encoding"]["color"]["legend"] is None


def test_the_keyed_answer_is_marked_by_a_tick_and_the_probable_one_by_name():
    shown = rows_of(answer_bars(answers({"once": 2, "twice": 30, "never": 0}, key="once"), rival="twice"))

    assert {row["answer"]: (row["kind"], row["value"]) for row in shown} == {
        "once": (KEYED, 2),
        "twice": (RIVAL, 30),
        "never": (OTHER, 0),
    }
    assert [row["label"] for row in shown] == ["✓ once", "twice", "never"]


def test_many_answers_are_cut_to_eight_and_none_is_lost():
    given = answers({f"typed {number}": 20 - number for number in range(20)}, key="typed 19")

    shown = rows_of(answer_bars(given))

    assert len(shown) == 8
    assert shown[-1]["answer"] == "13 other answers"
    assert "typed 19" in [row["answer"] for row in shown]
    assert sum(row["value"] for row in shown) == given["students"].sum()


def test_long_and_equal_texts_stay_apart():
    long = "the same long beginning of an answer that never ends, "
    shown = rows_of(answer_bars(answers({long + "one": 1, long + "two": 2}, key="none")))

    assert len({row["place"] for row in shown}) == 2
    assert all(len(row["label"]) <= 46 for row in shown)


def test_labels_are_written_as_they_are_with_nothing_invisible_in_them():
    asked = questions(findings=[None, None]).assign(number=1, prompt=['Is "a" \\ it\'s ${b}?'] * 2)

    chart = correct_bars(asked).to_dict()

    assert not any(unicodedata.category(sign) == "Cf" for sign in json.dumps(chart, ensure_ascii=False))
    written = chart["encoding"]["y"]["axis"]["labelExpr"].removesuffix("[datum.value]")
    assert json.loads(written) == ['1. Is "a" \\ it\'s ${b}?'] * 2
    drawn = vl_convert.vegalite_to_svg(chart)
    assert drawn.count("it's ${b}?</text>") == 2


def test_a_missing_answer_is_named():
    assert rows_of(answer_bars(answers({None: 3, "once": 1}, key="once")))[0]["answer"] == "(no answer)"


def test_scores_are_split_into_first_and_later_attempts():
    scores = pd.DataFrame({"score_from": range(0, 100, 10), "first_attempts": 1, "later_attempts": 2})

    shown = rows_of(score_bars(scores))

    assert sum(row["attempts"] for row in shown if row["which"] == "First attempts") == 10
    assert sum(row["attempts"] for row in shown if row["which"] == "Later attempts") == 20
    assert [row["label"] for row in shown[:10]][-1] == "90–100"


def questions(findings: list[str | None]) -> pd.DataFrame:
    places = range(1, len(findings) + 1)
    return pd.DataFrame(
        {
            "number": places,
            "prompt": [f"What is {number}?" for number in places],
            "correct_percent": [10.0 * (number - 1) for number in places],
            "answers": 12,
            "finding": findings,
        }
    )


def answers(students: dict[str | None, int], key: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"answer": list(students), "students": list(students.values()), "is_keyed": [text == key for text in students]}
    )


def rows_of(chart: alt.Chart | alt.LayerChart) -> list[dict[str, Any]]:
    """The only data set of the chart."""
    (rows,) = chart.to_dict()["datasets"].values()
    return rows
