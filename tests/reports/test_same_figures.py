"""A figure is the same on the page, in `stats` and in every file: for a FutureLearn course run and for the demo."""

import json
import re
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import URL
from typer.testing import CliRunner

from database.clock import now
from database.creators import Creator, creator_named
from database.demo import DemoSize, load_demo
from database.importers.futurelearn import import_futurelearn
from manage import cli
from queries.definitions import definitions
from queries.periods.changes import change_in_words, change_percent, change_points
from queries.periods.period import PERIODS
from queries.students.tiers import TIER_LABELS
from reports.snapshot.figures import snapshot
from reports.snapshot.key_figures import KeyFigure, window_of
from reports.snapshot.workbook import SHEETS, workbook_bytes
from tests.builders import NOW
from tests.course_runs import (
    AFTER_THE_RUN,
    DURING_THE_RUN,
    REAL_RUN,
    SMALL_RUN,
    course_runs_at_hand,
    needs_the_real_run,
)
from tests.pages.opened import an_account, figures, opened, words
from tests.reports.exports.opened import as_csv, by_libreoffice, csv_records, csv_rows, exported, json_rows, xlsx_rows


@dataclass(frozen=True)
class Look:
    """Whose figures are compared, and the day as of which they are read."""

    creator: str
    at: datetime


LOOKS = (
    pytest.param(Look(SMALL_RUN, AFTER_THE_RUN), id="after the small run"),
    pytest.param(Look(REAL_RUN, AFTER_THE_RUN), id="after the real run", marks=needs_the_real_run),
    pytest.param(Look(REAL_RUN, DURING_THE_RUN), id="during the real run", marks=needs_the_real_run),
    pytest.param(Look("Ada Lindner", NOW), id="demo"),
)

# Where each key figure of the files is in the response of `stats`.
IN_STATS = {
    "total_students": ("students", "total"),
    "active_students": ("students", "active"),
    "active_percentage": ("students", "activePercentage"),
    "active_change": ("students", "trends", "active"),
    "new_this_month": ("students", "newThisMonth"),
    "avg_completion": ("progress", "avgCompletion"),
    "videos_watched": ("progress", "videosWatched"),
    "quizzes_passed": ("progress", "quizzesPassed"),
    "avg_session_time": ("engagement", "avgSessionTime"),
    "questions_asked": ("support", "questionsAsked"),
    "questions_answered": ("support", "aiAnswered"),
    "satisfaction": ("support", "satisfactionRate"),
}
ALL_FIGURES = len(SHEETS)  # the sheet of the workbook, from 0

every_period = pytest.mark.parametrize("period", PERIODS)


@pytest.fixture(scope="module")
def database_with_all(shared_database: URL, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The creators of the demo and one for each available course run."""
    load_demo(DemoSize(students=60, videos=12, days=90))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_NOW", AFTER_THE_RUN.isoformat())
        for course_run in course_runs_at_hand(tmp_path_factory.mktemp("export")):
            import_futurelearn(course_run.folder, course_run.name, timezone=course_run.zone)


@pytest.fixture(params=LOOKS)
def creator(request: pytest.FixtureRequest, database_with_all: None, monkeypatch: pytest.MonkeyPatch) -> Creator:
    monkeypatch.setenv("DASHBOARD_NOW", request.param.at.isoformat())
    return creator_named(request.param.creator)


@every_period
def test_key_figures_days_hours_and_tiers(creator: Creator, period: str, tmp_path: Path) -> None:
    rows = csv_rows(exported(creator, "analytics", "csv", period=period))
    workbook = exported(creator, "analytics", "xlsx", period=period)
    printed = pdf_text(exported(creator, "analytics", "pdf", period=period), tmp_path)

    assert json_rows(exported(creator, "analytics", "json", period=period)) == rows
    assert xlsx_rows(workbook, ALL_FIGURES) == rows
    assert by_libreoffice(workbook, tmp_path, ALL_FIGURES + 1) == rows
    for section, measure, label, value, unit, before, change, change_unit, _, over in rows[1:]:
        numbers = [with_commas(number) for number in (value, before, change)]
        cells = [section, measure, label or "-", numbers[0], unit, *numbers[1:], change_unit or "-", over]
        assert re.search(r"\s+".join(map(begun, cells)), printed), cells


def begun(cell: str) -> str:
    """A pattern for the first words of a cell: in a narrow column, the others are below them."""
    first, *rest = map(re.escape, cell.split(" "))
    return first + "".join(f"( {word}" for word in rest) + ")?" * len(rest)


@every_period
def test_stats_say_the_same(creator: Creator, period: str) -> None:
    answer = stats(creator, period)
    found = csv_records(exported(creator, "analytics", "csv", period=period))

    for name, path in IN_STATS.items():
        assert figure(found, definitions()[name].title) == written(at(answer, path)), name
    assert of(found, definitions()["daily_active_users"].title) == {
        day["date"]: str(day["count"]) for day in answer["engagement"]["dailyActiveUsers"]
    }
    assert of(found, definitions()["peak_hours"].title) == {
        f"{hour['hour']:02d}:00": str(hour["count"]) for hour in answer["engagement"]["peakHours"]
    }


@every_period
def test_the_overview_says_the_same(creator: Creator, period: str) -> None:
    found = csv_records(exported(creator, "analytics", "csv", period=period))

    cards = figures(opened(an_account(creator), period=period))

    satisfaction = figure(found, definitions()["satisfaction"].title)
    assert cards["Total students"] == with_commas(figure(found, definitions()["total_students"].title))
    assert cards[f"Active in {PERIODS[period].label}"] == with_commas(
        figure(found, definitions()["active_in_period"].title)
    )
    assert cards["Completion rate"] == percent(figure(found, definitions()["avg_completion"].title))
    assert cards["AI satisfaction"] == percent(satisfaction and str(round(100 * float(satisfaction))))


@every_period
def test_the_report_says_the_same(creator: Creator, period: str) -> None:
    found = snapshot(creator.id, PERIODS[period])
    told = {figure.title: figure for figure in found.key_figures}

    page = opened(an_account(creator), period=period)

    assert len(page.metric) == 4
    for card in page.metric:
        assert told[card.label].text == card.value, card.label
        assert _delta(told[card.label]) == card.delta, card.label
    rows = xlsx_rows(workbook_bytes(found))
    assert [row[0] for row in rows[1:]] == list(told)
    for (_, *cells, _, over), each in zip(rows[1:], told.values(), strict=True):
        number, unit, previous, change, change_unit = cells
        assert over == window_of(each.name, PERIODS[period])
        assert (unit, change, change_unit) == (each.unit, as_csv(each.change), each.change_unit)
        assert [number and float(number), previous and float(previous)] == [
            "" if value is None else pytest.approx(value) for value in (each.number, each.previous)
        ]


@every_period
def test_what_a_key_figure_is_compared_with_makes_its_change(
    creator: Creator, period: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_NOW", end_of_day(creator))  # changes leave out a day that is not over
    found = snapshot(creator.id, PERIODS[period])

    compared = [figure for figure in found.key_figures if figure.previous is not None]

    assert len(compared) >= 3
    for figure in compared:
        if figure.name != "active_in_period":  # the value counts hours, the comparison days: metrics.toml says so
            changed = change_points if figure.unit == "percent" else change_percent
            assert figure.change == changed(figure.number, figure.previous), figure.name


def test_lists_are_as_long_as_the_figures_say(creator: Creator) -> None:
    answer = stats(creator, "90d")
    everybody = csv_records(exported(creator, "students", "csv"))
    tiers = of(csv_records(exported(creator, "analytics", "csv")), definitions()["engagement_tier"].title)

    assert len(everybody) == answer["students"]["total"]
    assert f"of {len(everybody):,} students" in words(opened(an_account(creator), "students"))
    assert sum(int(row["Videos"]) for row in everybody) == answer["progress"]["videosWatched"]
    assert sum(int(row["Quizzes passed"]) for row in everybody) == answer["progress"]["quizzesPassed"]
    assert sum(int(row["Questions"]) for row in everybody) == answer["support"]["questionsAsked"]
    for label in TIER_LABELS.values():
        assert tiers[label.text] == str(sum(row["Tier"] == label.text for row in everybody))


def test_rows_add_up_to_the_figures_of_students_and_videos(creator: Creator) -> None:
    everybody = csv_records(exported(creator, "students", "csv"))
    pairs = csv_records(exported(creator, "progress", "csv"))
    library = csv_records(exported(creator, "videos", "csv"))

    completed = [pair["Video id"] for pair in pairs if pair["State"] == "Completed"]
    assert len(completed) == sum(int(row["Videos completed"]) for row in everybody)
    for video in library:
        if video["Status"] == "Published":
            assert int(video["Completed by"]) == completed.count(video["Video id"])


def test_answers_and_ratings_of_the_chat_make_its_figures(creator: Creator) -> None:
    support = stats(creator, "30d")["support"]
    said = csv_records(exported(creator, "chat", "csv"))
    ratings = [float(row["Satisfaction (%)"]) for row in said if row["Satisfaction (%)"]]

    assert len(said) == support["questionsAsked"]
    assert sum(row["Answered"] == "TRUE" for row in said) == support["aiAnswered"]
    mean = sum(ratings) / len(ratings) / 100 if ratings else None
    assert support["satisfactionRate"] == (mean if mean is None else pytest.approx(mean, abs=0.0051))


def stats(creator: Creator, period: str) -> dict[str, Any]:
    asked = CliRunner().invoke(cli, ["stats", "--creator", str(creator.id), "--period", period])
    assert asked.exit_code == 0, asked.stderr
    answer: dict[str, Any] = json.loads(asked.stdout)
    return answer


def end_of_day(creator: Creator) -> str:
    """The last moment of the day as of which the creator's figures are read."""
    return (
        now()
        .astimezone(ZoneInfo(creator.timezone))
        .replace(hour=23, minute=59, second=59, microsecond=999999)
        .isoformat()
    )


def _delta(figure: KeyFigure) -> str:
    """As a card shows a change."""
    if figure.change is None:
        return ""
    return change_in_words(figure.change, figure.change_unit) if figure.change else "0"


def figure(found: list[dict[str, str]], measure: str) -> str:
    (value,) = of(found, measure).values()
    return value


def of(found: list[dict[str, str]], measure: str) -> dict[str, str]:
    return {row["Of"]: row["Value"] for row in found if row["Measure"] == measure}


def at(answer: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        answer = answer[key]
    return answer


def written(value: float | None) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def with_commas(value: str) -> str:
    return f"{float(value):,.2f}".rstrip("0").rstrip(".") if value else "-"


def percent(value: str) -> str:
    return f"{value}%" if value else "-"


def pdf_text(content: bytes, folder: Path) -> str:
    path = folder / "printed.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True).stdout
