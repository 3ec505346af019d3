"""Quiz results and answers, as charts."""

import json
from dataclasses import replace

import altair as alt
import pandas as pd

from charts.tables import Template, filled, table
from charts.timeline import PLAIN, Timeline, marked
from rules.excerpts import excerpts
from rules.visible import visible

EXPECTED, HARD, WRONG_KEY = "As expected", "Hard", "Suspected wrong key"
KEYED, OTHER, RIVAL = "Correct answer", "Other answers", "Probably right"
FIRST, LATER = "First attempts", "Later attempts"
NOTHING_GIVEN = "(no answer)"
MOST_ANSWERS = 8
LABEL_CHARACTERS = 46  # what a phone's width holds
ROW_HEIGHT, HEIGHT = 46, 260
HOVER_CHARACTERS = 600  # what fits beside a bar
AROUND = 100  # legend and axis, which count as part of a chart's height


def pass_rate_line(results: pd.DataFrame, unit: str, about: Timeline = PLAIN) -> alt.LayerChart:
    """The pass rate per day or week of this period; a larger dot means more attempts, a hollow one has not ended.

    Takes `queries.quizzes.results.daily_results`, or `by_week` of it; `unit` is "Day" or "Week from".
    """
    this = results[results["window"] == "this"]
    rated = this.assign(pass_rate=100 * this["passed"] / this["attempts"].where(this["attempts"] > 0))
    # Named days, not a time axis: there, Vega labels Sundays although the dots are on Mondays.
    named = rated.assign(label=[f"{at:%-d %b}" for at in rated["activity_date"]])
    # In the order of the days, even if marks have their own labels.
    labels = named["label"].tolist() if about.look.has_markers else None
    place = alt.X("label:O", title=None, sort=labels, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    base = alt.Chart(alt.NamedData(name="days")).encode(
        x=place,
        y=alt.Y("pass_rate:Q", title="Passed (% of attempts)", scale=alt.Scale(domain=[0, 100])),
    )
    dots = base.mark_circle(opacity=1).encode(
        size=alt.Size("attempts:Q", scale=alt.Scale(rangeMin=30, rangeMax=220, domainMin=0), legend=None),
        tooltip=[
            alt.Tooltip("activity_date:T", title=unit, format="%a %-d %b %Y"),
            alt.Tooltip("pass_rate:Q", title="Passed (%)", format=".0f"),
            alt.Tooltip("attempts:Q", title="Attempts", format=","),
        ],
    )
    layers = _with_last_apart(base, dots) if about.running else [base.mark_line(), dots]
    placed = _on_days(about, named)
    rows = _last_apart(named) if about.running else named
    chart: alt.LayerChart = filled(Template(marked(layers, placed.look, place, HEIGHT)), days=rows, **placed.marks)
    return chart


def _last_apart(rated: pd.DataFrame) -> pd.DataFrame:
    """The last day or week as `is_running`; `is_last_step` is true of it and of the one before it with attempts."""
    places = pd.Series(range(len(rated)), index=rated.index)
    is_running = places == len(rated) - 1
    before = places[rated["pass_rate"].notna() & ~is_running].max()
    return rated.assign(is_running=is_running, is_last_step=is_running | (places == before))


def _with_last_apart(base: alt.Chart, dots: alt.Chart) -> list[alt.Chart]:
    """The day or week that has not ended: a dotted step to a hollow dot."""
    day, _, attempts = dots.encoding.tooltip
    hollow = dots.transform_filter("datum.is_running").mark_point(filled=False, strokeWidth=1.5, opacity=1)
    so_far = alt.Tooltip("pass_rate:Q", title="Passed so far (%)", format=".0f")
    return [
        base.transform_filter("!datum.is_running").mark_line(),
        base.transform_filter("datum.is_last_step").mark_line(strokeDash=[2, 3], strokeWidth=1.5),
        dots.transform_filter("!datum.is_running"),
        hollow.encode(tooltip=[day, so_far, attempts]),
    ]


def _on_days(about: Timeline, named: pd.DataFrame) -> Timeline:
    """What happened, at the label of its day or week."""
    if about.markers is None or named.empty:
        return replace(about, markers=None)
    begun = named.sort_values("activity_date")
    place = begun["activity_date"].searchsorted(about.markers["day"], side="right") - 1
    placed = about.markers.assign(label=begun["label"].to_numpy()[place])
    return replace(about, markers=placed[place >= 0])


def correct_bars(questions: pd.DataFrame) -> alt.Chart:
    """The share of correct first answers per question, in the given order.

    Takes the frame of `queries.quizzes.question_analysis.questions`.
    """
    prompts = questions["prompt"].tolist()
    named = pd.DataFrame(
        {
            "label": [
                f"{number}. {prompt}"
                for number, prompt in zip(questions["number"], excerpts(prompts, LABEL_CHARACTERS), strict=True)
            ],
            "prompt": [_on_hover(prompt) for prompt in prompts],
            "value": questions["correct_percent"].tolist(),
            "answers": questions["answers"].tolist(),
            "kind": questions["finding"].map({"hard": HARD, "wrong_key": WRONG_KEY}).fillna(EXPECTED).tolist(),
        }
    )
    # Positions in the theme's palette: blue for questions that are fine, orange and red for others.
    colour = _colour([EXPECTED, " ", "  ", HARD, "   ", WRONG_KEY], [EXPECTED, HARD, WRONG_KEY], named["kind"])
    tooltip = [
        alt.Tooltip("prompt:N", title="Question"),
        alt.Tooltip("value:Q", title="Correct (%)", format=".0f"),
        alt.Tooltip("answers:Q", title="Answers", format=","),
    ]
    x = alt.X("value:Q", title="Correct at first attempt (%)", scale=alt.Scale(domain=[0, 100]))
    return _labelled_bars(named, x, colour, tooltip)


def answer_bars(answers: pd.DataFrame, rival: str | None = None) -> alt.Chart:
    """How many students gave each answer to one question, the correct one marked by a tick and its colour.

    Takes the rows of `queries.quizzes.question_analysis.answers` of one question; at most eight answers are
    shown, the rest together as one. `rival` is the answer that is probably correct instead.
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
                f"{'✓ ' if kind == KEYED else ''}{label}"
                for label, kind in zip(excerpts(texts, LABEL_CHARACTERS), kinds, strict=True)
            ],
            "answer": [_on_hover(text) for text in texts],
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
    """Attempts per ten percent of the score; takes `queries.quizzes.results.score_distribution`."""
    named = scores.assign(label=[f"{low}–{100 if low == 90 else low + 9}" for low in scores["score_from"]])
    long = named.melt(["score_from", "label"], ["first_attempts", "later_attempts"], "which", "attempts")
    long["which"] = long["which"].map({"first_attempts": FIRST, "later_attempts": LATER})
    bars: alt.Chart = (
        alt.Chart(table(long))
        .mark_bar()
        .encode(
            x=alt.X(
                "label:O", title="Score (%)", sort=list(named["label"]), axis=alt.Axis(labelAngle=0, labelOverlap=True)
            ),
            y=alt.Y("attempts:Q", title="Attempts", axis=alt.Axis(tickMinStep=1)),
            color=_colour([FIRST, LATER], [FIRST, LATER], long["which"], "which"),
            order=alt.Order("which:O"),
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
    """One bar per row with its text above it, where long text has the full width of a phone."""
    # Axis labels take the theme's colour. Bars stand by their place, and the axis writes the texts: two may be equal.
    axis = alt.Axis(
        title=None,
        labelExpr=f"{json.dumps(rows['label'].tolist())}[datum.value]",
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
    y = alt.Y("place:O", sort=None, axis=axis, scale=alt.Scale(paddingInner=0.65, paddingOuter=0.5))
    bars: alt.Chart = (
        alt.Chart(table(rows.assign(place=range(len(rows)))))
        .mark_bar(cornerRadiusEnd=2)
        .encode(x=x, y=y, color=colour, tooltip=tooltip, description=alt.Description("label:N"))
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


def _on_hover(text: str) -> str:
    whole = visible(text)
    return whole if len(whole) <= HOVER_CHARACTERS else f"{whole[:HOVER_CHARACTERS].rstrip()}…"
