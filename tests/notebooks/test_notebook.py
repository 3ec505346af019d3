"""The notebook of the docs: it runs from top to bottom without warnings, and is stored without its outputs."""

import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import text

from charts.engagement import daily_active_users_line
from database.clock import as_of
from database.creators import Creator, creator_named
from database.demo import DemoSize, load_demo
from database.levels import at_level
from database.settings import PROJECT_DIR
from database.tenancy import platform_tx
from findings.gathered import findings
from notebooks.charts import VEGA_LITE, WIDTH, Shown, show, timeline
from queries.courses.funnel import funnel
from queries.courses.known import level_of
from queries.courses.names import course_named
from queries.overview.engagement import daily_active_users
from queries.overview.headline import overview_stats
from queries.periods.period import MONTH
from queries.students.lists import tier_counts
from tests.notebooks.running import cells_of
from tests.rows import NOW

NOTEBOOK = PROJECT_DIR / "docs" / "notebook.ipynb"
SIZE = DemoSize(students=60, videos=12, days=60)
HEADINGS = (
    "The dashboard in a notebook",
    "Open a creator",
    "Choose a period",
    "Figures",
    "Charts",
    "What to do",
    "One course, and an earlier day",
    "Your own SQL",
    "Reports as files",
)


@dataclass(frozen=True)
class Ran:
    """The notebook after a run: the output of each cell, what was written to the screen, and where its files are."""

    outputs: list[tuple[str, Any]]
    said: str
    home: Path

    def output(self, part: str) -> Any:
        """The output of the cell with this part."""
        (value,) = [value for source, value in self.outputs if part in source]
        return value


@pytest.fixture(scope="module")
def ran(shared_database: object, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Run in a separate process, in place, as `make notebook` does; every warning is reported."""
    load_demo(SIZE)
    home = tmp_path_factory.mktemp("home")
    done = subprocess.run(
        [sys.executable, "-W", "default", "-m", "tests.notebooks.running", str(NOTEBOOK), str(home / "outputs")],
        cwd=NOTEBOOK.parent,
        env=os.environ | {"PYTHONPATH": str(PROJECT_DIR), "HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return Ran(pickle.loads((home / "outputs").read_bytes()), done.stdout + done.stderr, home)


@pytest.fixture
def marisol(ran: Ran) -> Creator:
    return creator_named("Marisol Vega")


def test_it_is_stored_without_what_it_answered() -> None:
    codes = [cell for cell in cells_of(NOTEBOOK) if cell["cell_type"] == "code"]

    assert len(codes) > 10
    for cell in codes:
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


def test_every_part_is_introduced() -> None:
    words = [cell["source"] for cell in cells_of(NOTEBOOK) if cell["cell_type"] == "markdown"]

    assert tuple(text.partition("\n")[0].lstrip("# ") for text in words) == HEADINGS
    assert all(text.partition("\n")[2].strip() for text in words)


def test_it_runs_without_a_word(ran: Ran) -> None:
    assert ran.said == ""


def test_figures_are_those_of_the_pages(ran: Ran, marisol: Creator) -> None:
    days = daily_active_users.fresh(marisol.id, MONTH)

    assert ran.output("creator_named(") == marisol
    assert ran.output("vars(overview_stats")["now"]["total_students"] == marisol.students > 0
    pd.testing.assert_frame_equal(ran.output("days.tail()"), days.tail())


def test_charts_are_those_of_the_pages_with_their_data_inside(ran: Ran, marisol: Creator) -> None:
    days = daily_active_users.fresh(marisol.id, MONTH)
    drawn = daily_active_users_line(days, timeline(marisol.id, MONTH))

    bundle = ran.output("show(daily_active_users_line")._repr_mimebundle_()

    assert bundle == show(drawn)._repr_mimebundle_()
    chart = bundle[VEGA_LITE]
    assert [layer["mark"] for layer in chart["layer"]] == [layer["mark"] for layer in drawn.to_dict()["layer"]]
    assert max(len(rows) for rows in chart["datasets"].values()) == len(days)
    assert (chart["width"], chart["config"]["range"]["category"][0]) == (WIDTH, "#1f5fbf")


def test_every_chart_is_shown(ran: Ran) -> None:
    shown = [value for source, value in ran.outputs if "show(" in source]

    assert len(shown) == 3
    assert all(isinstance(value, Shown) for value in shown)


def test_findings_are_those_of_the_pages(ran: Ran, marisol: Creator) -> None:
    listed = ran.output("findings.fresh")

    assert listed["sentence"].tolist() == [found.sentence for found in findings.fresh(marisol.id, MONTH).ranked]
    assert not listed.empty


def test_a_course_and_an_earlier_instant_are_what_they_say(ran: Ran, marisol: Creator) -> None:
    titles = ran.output("course_names(")
    course = course_named(marisol.id, titles[0])
    with at_level(level_of(marisol.id, course.course_id)):
        steps = funnel.fresh(marisol.id)
    with as_of(NOW - pd.Timedelta(weeks=4)):
        then = overview_stats.fresh(marisol.id).active_students_7d

    drawn = ran.output("at_level(level_of").specification["datasets"]

    assert len(titles) == 3
    assert {len(rows) for rows in drawn.values()} == {len(steps)}
    assert ran.output("as_of(now()") == (then, overview_stats.fresh(marisol.id).active_students_7d)


def test_own_sql_counts_as_the_dashboard_does(ran: Ran, marisol: Creator) -> None:
    counted = ran.output("own_sql(").set_index("engagement_tier")["students"].to_dict()
    tiers = tier_counts.fresh(marisol.id)

    assert counted == {
        tier: students
        for tier, students in zip(tiers["engagement_tier"], tiers["students"], strict=True)
        if students >= 2
    }


def test_reports_lie_in_files_and_in_the_audit_log(ran: Ran, marisol: Creator) -> None:
    pdf, workbook = ran.output("write_report(creator, period, folder)"), ran.output('"xlsx"')

    assert (pdf.parent, pdf.read_bytes()[:5]) == (ran.home / "creator-dashboard", b"%PDF-")
    assert (workbook.suffix, workbook.read_bytes()[:2]) == (".xlsx", b"PK")
    assert workbook.name != pdf.with_suffix(".xlsx").name  # it says which course
    with platform_tx() as connection:
        noted = connection.execute(text("select creator_id, action from audit_log order by action")).all()
    assert [(row.creator_id, row.action) for row in noted if row.action.endswith("report made")] == [
        (marisol.id, "pdf report made"),
        (marisol.id, "xlsx report made"),
    ]
