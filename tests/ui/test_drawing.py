"""A remembered chart is what `st.altair_chart` would send, and no other thread's drawing gets into it."""

import ast
import sys
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest
from streamlit.elements.vega_charts import _convert_altair_to_vega_lite_spec

from charts.chat import satisfaction_donut
from charts.engagement import daily_active_users_line, learning_activity_bars, peak_hours_bars
from charts.video import engagement_strip
from database.settings import PROJECT_DIR
from queries.overview.engagement import daily_active_users, peak_hours
from queries.periods.period import MONTH
from tests.builders import a_creator, a_student, an_event
from ui.shared.drawing import specification

pytestmark = pytest.mark.usefixtures("shared_database")

CURVE = pd.DataFrame({"second": range(0, 100, 5), "plays": range(20), "all_viewers": 20})


@pytest.fixture(scope="module")
def drawn(shared_database):
    """Functions of `charts` with data for them."""
    creator = a_creator(a_student(), [an_event(days_ago=days) for days in range(9)])
    days = daily_active_users(creator.id, MONTH)
    return [
        (daily_active_users_line, days),
        (learning_activity_bars, days),
        (peak_hours_bars, peak_hours(creator.id, MONTH)),
        (satisfaction_donut, 3, 2, 1),
    ]


def test_a_chart_is_what_streamlit_would_make_of_it(drawn):
    for draw, *data in drawn:
        made, streamlits = specification(draw, *data), _convert_altair_to_vega_lite_spec(draw(*data))

        assert list(made["datasets"].values()) == list(streamlits["datasets"].values())
        assert without_names(made) == without_names(streamlits)


def test_other_data_are_another_chart(drawn):
    donut = drawn[-1][0]

    assert specification(donut, 3, 2, 1) == specification(donut, 3, 2, 1)
    assert specification(donut, 3, 2, 1) != specification(donut, 3, 2, 2)


def test_threads_that_draw_at_once_keep_their_own_data(drawn):
    draw, days = drawn[0]

    def draw_one(number: int) -> bool:
        if number % 2:
            return bool(specification(draw, days.assign(active_students=number))["datasets"])
        strip = engagement_strip(CURVE.assign(plays=number), 100).to_dict()  # as reports and notebooks draw
        return all(isinstance(rows, list) for rows in strip["datasets"].values())

    switched = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(draw_one, range(80)))
    finally:
        sys.setswitchinterval(switched)


def test_no_page_draws_past_the_memory():
    """`st.altair_chart` builds the chart anew at every run, and switches Altair over for all threads meanwhile."""
    for path in [*(PROJECT_DIR / "pages").glob("*.py"), *(PROJECT_DIR / "ui").rglob("*.py")]:
        names = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
        assert "altair_chart" not in names, path


def test_no_module_of_the_main_script_hides_a_folder():
    """Streamlit puts the main script's folder first: a module `charts` in `ui/` would be what `import charts` finds."""
    modules = {path.stem for path in (PROJECT_DIR / "ui").iterdir() if path.name != "__init__.py"}

    assert not modules & {path.parent.name for path in PROJECT_DIR.glob("*/__init__.py")}


def without_names(specification: dict) -> str:
    """The chart as text, its tables named by their order."""
    text = repr({key: value for key, value in specification.items() if key != "datasets"})
    for number, name in enumerate(specification["datasets"]):
        text = text.replace(name, f"table {number}")
    return text
