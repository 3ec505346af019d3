"""Charts as files: vectors with their own fonts, whatever is written in them."""

import os
import signal
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from pypdf import PdfReader

from reports.chart_files import ChartFlowable, ChartRefused, chart_pdf

ABOUT = "the bars of a test"
PROJECT_DIR = Path(__file__).parent.parent.parent
ENVIRONMENT = os.environ | {"PYTHONPATH": str(PROJECT_DIR)}


def test_labels_in_any_script_are_drawn_with_fonts_of_the_file():
    pdf = chart_pdf(bars(["Zoë", "李小龙", "Мария"]), ABOUT).result()

    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, check=True, capture_output=True).stdout.decode()
    assert "Zoë" in text
    assert "李小龙" in text
    assert "Мария" in text
    assert not PdfReader(BytesIO(pdf)).pages[0].images


def test_marks_that_only_carry_tooltips_are_left_out():
    seen = bars(["a"])
    invisible = seen.mark_point(opacity=0)

    with_both, alone = chart_pdf(seen + invisible, ABOUT), chart_pdf(alt.layer(seen), ABOUT)

    assert abs(len(with_both.result()) - len(alone.result())) < 200


def test_a_chart_fills_the_width_it_is_given():
    drawn = ChartFlowable(chart_pdf(bars(["a"]), ABOUT, width=640, height=320), 493)

    assert drawn.wrap(493, 800)[0] == 493
    assert 240 < drawn.height < 255


def test_a_chart_that_cannot_be_drawn_says_so_and_the_next_one_is_drawn():
    broken = bars(["a"]).transform_filter("this is no expression (")

    with pytest.raises(ChartRefused, match="the bars of a test cannot be drawn") as refused:
        chart_pdf(broken, ABOUT).result()
    assert "expression" in refused.value.engine_said
    assert "expression" not in str(refused.value)

    assert chart_pdf(bars(["a"]), ABOUT).result().startswith(b"%PDF")


def test_a_renderer_that_was_ended_is_followed_by_another():
    chart_pdf(bars(["a"]), ABOUT).result()
    for pid in renderers(os.getpid()):
        os.kill(pid, signal.SIGKILL)

    assert chart_pdf(bars(["a"]), ABOUT).result().startswith(b"%PDF")


def test_a_chart_whose_renderer_is_ended_meanwhile_is_drawn_by_the_next():
    chart_pdf(bars(["a"]), ABOUT).result()

    many = [chart_pdf(bars(["a"]), ABOUT) for _ in range(20)]
    for pid in renderers(os.getpid()):
        os.kill(pid, signal.SIGKILL)

    assert all(one.result().startswith(b"%PDF") for one in many)


def test_the_renderer_ends_with_the_process_that_it_serves(tmp_path):
    script = tmp_path / "draws_and_waits.py"
    script.write_text(DRAWS_AND_WAITS)
    command = [sys.executable, script]
    with subprocess.Popen(command, cwd=PROJECT_DIR, env=ENVIRONMENT, stdout=subprocess.PIPE) as drawing:
        assert drawing.stdout.readline() == b"drawn\n"
        [renderer] = renderers(drawing.pid)
        drawing.kill()

    deadline = time.monotonic() + 20
    while is_running(renderer) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(renderer)


DRAWS_AND_WAITS = """
import time, altair, pandas
from reports.chart_files import chart_pdf
if __name__ == "__main__":
    chart_pdf(altair.Chart(pandas.DataFrame({"a": [1]})).mark_bar().encode(x="a:Q"), "a chart").result()
    print("drawn", flush=True)
    time.sleep(600)
"""


def renderers(pid: int) -> list[int]:
    """The processes that draw for this one."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = [child for task in tasks for child in task.read_text().split()]
    return [int(child) for child in children if b"chart_renderer" in Path(f"/proc/{child}/cmdline").read_bytes()]


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def bars(names):
    rows = pd.DataFrame({"name": names, "value": range(1, len(names) + 1)})
    return alt.Chart(rows).mark_bar().encode(x=alt.X("name:N", title=None), y="value:Q")
