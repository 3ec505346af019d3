"""Charts as files: vectors with their own fonts, whatever is written in them."""

import subprocess
from io import BytesIO

import altair as alt
import pandas as pd
from pypdf import PdfReader

from reports.chart_files import ChartFlowable, chart_pdf, chart_png


def test_labels_in_any_script_are_drawn_with_fonts_of_the_file():
    pdf = chart_pdf(bars(["Zoë", "李小龙", "Мария"]))

    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, check=True, capture_output=True).stdout.decode()
    assert "Zoë" in text
    assert "李小龙" in text
    assert "Мария" in text
    assert not PdfReader(BytesIO(pdf)).pages[0].images


def test_marks_that_only_carry_tooltips_are_left_out():
    seen = bars(["a"])
    invisible = seen.mark_point(opacity=0)

    with_both, alone = chart_pdf(seen + invisible), chart_pdf(alt.layer(seen))

    assert abs(len(with_both) - len(alone)) < 200


def test_a_png_has_two_pixels_for_a_point():
    png = chart_png(bars(["a"]), scale=2, width=300, height=100)

    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == 600


def test_a_chart_fills_the_width_it_is_given():
    drawn = ChartFlowable(chart_pdf(bars(["a"]), width=640, height=320), 493)

    assert drawn.wrap(493, 800)[0] == 493
    assert 240 < drawn.height < 255


def bars(names):
    rows = pd.DataFrame({"name": names, "value": range(1, len(names) + 1)})
    return alt.Chart(rows).mark_bar().encode(x=alt.X("name:N", title=None), y="value:Q")
