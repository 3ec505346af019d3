"""Quiz results and answers, as charts."""

import altair as alt
import pandas as pd

from rules.visible import visible, visible_line

EXPECTED, HARD, WRONG_KEY = "As expected", "Hard", "Suspected wrong key"
KEYED, OTHER, RIVAL = "Keyed answer", "Other answers", "Probably right"
FIRST, LATER = "First attempts", "Later attempts"
NOTHING_GIVEN = "(no answer)"
INVISIBLE = "\u200b"
MOST_ANSWERS = 8
LABEL_CHARACTERS = 46  # what a phone's width holds
ROW_HEIGHT, HEIGHT = 46, 260
AROUND = 100  # legend and axis, which count as part of a chart's height


def pass_rate_line(results: pd.DataFrame, unit: str) -> alt.LayerChart:
    """The pass rate per day or week of this period; a larger dot stands for more attempts.

    Takes `queries.quizzes.daily_results`, or `by_week` of it; `unit` is "Day" or "Week from".
    """
    this = results[results["window"] == "this"]
    rated = this.assign(pass_rate=100 * this["passed"] / this["attempts"].where(this["attempts"] > 0))
    # Named days, not a time axis: there, Vega labels Sundays where the dots stand on Mondays.
    named = rated.assign(label=[f"{at:%-d %b}" for at in rated["activity_date"]])
    base = alt.Chart(named).encode(
        x=alt.X("label:O", title=None, sort=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=alt.Y("pass_rate:Q", title="Passed, in % of attempts", scale=alt.Scale(domain=[0, 100])),
    )
    dots = base.mark_circle(opacity=1).encode(
        size=alt.Size("attempts:Q", scale=alt.Scale(rangeMin=30, rangeMax=220, domainMin=0), legend=None),
        tooltip=[
            alt.Tooltip("activity_date:T", title=unit, format="%a %-d %b %Y"),
            alt.Tooltip("pass_rate:Q", title="Passed (%)", format=".0f"),
            alt.Tooltip("attempts:Q", title="Attempts", format=","),
        ],
    )
    return alt.LayerChart(layer=[base.mark_line(), dots], height=HEIGHT)


def correct_bars(questions: pd.DataFrame) -> alt.Chart:
    """The share of right first answers per question, in the order given.

    Takes the frame of `queries.question_analysis.questions`.
    """
    named = pd.DataFrame(
        {
            "label": [
                f"{number}. {_short(prompt)}"
                for number, prompt in zip(questions["number"], questions["prompt"], strict=True)
            ],
            "prompt": questions["prompt"].map(visible).tolist(),
            "value": questions["correct_percent"].tolist(),
            "answers": questions["answers"].tolist(),
            "kind": questions["finding"].map({"hard": HARD, "wrong_key": WRONG_KEY}).fillna(EXPECTED).tolist(),
        }
    )
    # Places in the theme's palette: blue for what is fine, orange and red for what is not.
    colour = _colour([EXPECTED, " ", "  ", HARD, "   ", WRONG_KEY], [EXPECTED, HARD, WRONG_KEY], named["kind"])
    tooltip = [
        alt.Tooltip("prompt:N", title="Question"),
        alt.Tooltip("value:Q", title="Right (%)", format=".0f"),
        alt.Tooltip("answers:Q", title="Answers", format=","),
    ]
    x = alt.X("value:Q", title="Right at the first attempt, in %", scale=alt.Scale(domain=[0, 100]))
    return _labelled_bars(named, x, colour, tooltip)


def answer_bars(answers: pd.DataFrame, rival: str | None = None) -> alt.Chart:
    """How many students gave each answer to one question, the keyed one marked by a tick and its colour.

    Takes the rows of `queries.question_analysis.answers` of one question; at most eight answers are
    shown, the rest together as one. `rival` is the answer that is probably right instead.
    """
    shown = _most_given(answers)
    texts = [NOTHING_GIVEN if pd.isna(answer) else str(answer) for answer in shown["answer"]]
    kinds = [
        KEYED if is_keyed else RIVAL if rival is not None and text == rival else OTHER
        for text, is_keyed in zip(texts, shown["is_keyed"], strict=True)
    ]
    named = pd.DataFrame(
        {
            "label": [
                f"{'✓ ' if kind == KEYED else ''}{_short(text)}" for text, kind in zip(texts, kinds, strict=True)
            ],
            "answer": [visible(text) for text in texts],
            "value": shown["students"].tolist(),
            "kind": kinds,
        }
    )
    colour = _colour([KEYED, OTHER, " ", RIVAL], [KEYED, OTHER, RIVAL], named["kind"])
    tooltip = [
        alt.Tooltip("answer:N", title="Answer"),
        alt.Tooltip("value:Q", title="Students", format=","),
        alt.Tooltip("kind:N", title="This is"),
    ]
    x = alt.X("value:Q", title="Students, first attempts", axis=alt.Axis(tickMinStep=1))
    return _labelled_bars(named, x, colour, tooltip)


def score_bars(scores: pd.DataFrame) -> alt.Chart:
    """Attempts per ten percent of the score; takes `queries.quizzes.score_distribution`."""
    named = scores.assign(label=[f"{low}–{100 if low == 90 else low + 9}" for low in scores["score_from"]])
    long = named.melt(["score_from", "label"], ["first_attempts", "later_attempts"], "which", "attempts")
    long["which"] = long["which"].map({"first_attempts": FIRST, "later_attempts": LATER})
    bars: alt.Chart = (
        alt.Chart(long)
        .mark_bar()
        .encode(
            x=alt.X(
                "label:O", title="Score in %", sort=list(named["label"]), axis=alt.Axis(labelAngle=0, labelOverlap=True)
            ),
            y=alt.Y("attempts:Q", title="Attempts", axis=alt.Axis(tickMinStep=1)),
            color=_colour([FIRST, LATER], [FIRST, LATER], long["which"], "which"),
            order=alt.Order("which:N"),
            tooltip=[
                alt.Tooltip("label:O", title="Score (%)"),
                alt.Tooltip("which:N", title="Of"),
                alt.Tooltip("attempts:Q", title="Attempts", format=","),
            ],
        )
        .properties(height=HEIGHT)
    )
    return bars


def _labelled_bars(rows: pd.DataFrame, x: alt.X, colour: alt.Color, tooltip: list[alt.Tooltip]) -> alt.Chart:
    """One bar per row with its text above it: there, a long text has the whole width of a phone."""
    # Axis labels take the theme's colour; an invisible end keeps equal texts apart.
    apart = [f"{label}{INVISIBLE * place}" for place, label in enumerate(rows["label"])]
    axis = alt.Axis(
        title=None,
        labelAlign="left",
        labelBaseline="bottom",
        labelPadding=0,
        labelOffset=-10,
        labelLimit=600,
        labelFontSize=13,
        ticks=False,
        domain=False,
        grid=False,
        zindex=1,
    )
    y = alt.Y("apart:O", sort=None, axis=axis, scale=alt.Scale(paddingInner=0.65, paddingOuter=0.5))
    bars: alt.Chart = (
        alt.Chart(rows.assign(apart=apart))
        .mark_bar(cornerRadiusEnd=2)
        .encode(x=x, y=y, color=colour, tooltip=tooltip)
        .properties(height=ROW_HEIGHT * max(len(rows), 1) + AROUND)
    )
    return bars


def _colour(domain: list[str], legend: list[str], present: pd.Series, field: str = "kind") -> alt.Color:
    shown = [name for name in legend if name in set(present)]
    return alt.Color(
        f"{field}:N",
        title=None,
        scale=alt.Scale(domain=domain),
        legend=alt.Legend(orient="top", values=shown) if len(shown) > 1 else None,
    )


def _most_given(answers: pd.DataFrame) -> pd.DataFrame:
    if len(answers) <= MOST_ANSWERS:
        return answers
    ranked = answers.sort_values(["is_keyed", "students"], ascending=False, kind="stable")
    kept, rest = ranked.head(MOST_ANSWERS - 1), ranked.iloc[MOST_ANSWERS - 1 :]
    together = {"answer": f"{len(rest)} other answers", "students": rest["students"].sum(), "is_keyed": False}
    return pd.concat([kept.sort_index(), pd.DataFrame([together])], ignore_index=True)


def _short(text: str) -> str:
    line = visible_line(text)
    return line if len(line) <= LABEL_CHARACTERS else f"{line[: LABEL_CHARACTERS - 1].rstrip()}…"
