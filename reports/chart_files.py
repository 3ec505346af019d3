"""Charts as files: vector PDF for reports, PNG for mail; drawn like on the pages, in the reports' own light theme.

Rendering takes a JavaScript engine of 280 MB and 2.5 seconds for the first chart: it belongs into the worker and
into commands, never into the process that serves pages.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import vl_convert
from pdfrw import PdfReader
from pdfrw.buildxobj import pagexobj
from pdfrw.toreportlab import makerl
from reportlab.platypus import Flowable

from reports.pdf.fonts import FONTS

# In quotes: without, a name that ends in a digit is none, and no text is drawn at all. What this font lacks, the
# renderer takes from the others of the folder; naming them here too makes it look up each text in all of them.
FAMILY = "'Source Sans 3'"
INK, QUIET, RULE = "#0b1219", "#55606e", "#d5dbe3"
COLOURS = ["#1f5fbf", "#8592a3", "#1a7f37", "#bf5b00", "#8250df", "#cf222e"]  # the light theme's

THEME: dict[str, Any] = {
    "font": FAMILY,
    "background": "#ffffff",
    "autosize": {"type": "fit", "contains": "padding"},  # as on the pages: a height holds axes and legend
    "padding": 2,
    "view": {"stroke": None},
    "range": {"category": COLOURS, "ramp": ["#dbe7f8", "#1f5fbf"], "heatmap": ["#dbe7f8", "#1f5fbf"]},
    "axis": {
        "labelColor": QUIET,
        "titleColor": QUIET,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "gridColor": "#e8ecf2",
        "domainColor": RULE,
        "tickColor": RULE,
        "tickCount": 5,  # each label takes the renderer two milliseconds
    },
    "legend": {"labelColor": INK, "titleColor": QUIET, "labelFontSize": 11, "titleFontSize": 11, "labelLimit": 300},
    "text": {"color": INK, "fontSize": 11},
    "bar": {"color": COLOURS[0]},
    "line": {"color": COLOURS[0]},
    "area": {"color": COLOURS[0]},
}


def chart_pdf(chart: Any, width: float = 640, height: float | None = None) -> bytes:
    """The chart as a one-page vector PDF with its fonts inside; width and height in points of the chart's own scale.

    The height is the chart's own where none is given.
    """
    return _rendered(vl_convert.vegalite_to_pdf, chart, width, height)


def chart_png(chart: Any, scale: float = 2, width: float = 560, height: float | None = None) -> bytes:
    """The chart as PNG, `scale` pixels for each point of its width."""
    return _rendered(vl_convert.vegalite_to_png, chart, width, height, scale=scale)


class ChartFlowable(Flowable):
    """A chart's PDF as part of a page: vectors and text as they are, shrunk to the width of the column."""

    def __init__(self, pdf: bytes, width: float) -> None:
        super().__init__()
        self.page = pagexobj(PdfReader(fdata=pdf).pages[0])
        left, bottom, right, top = (float(edge) for edge in self.page.BBox)
        self.scale = width / (right - left)
        self.corner = (left, bottom)
        self.width, self.height = width, (top - bottom) * self.scale

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        del width, height
        return self.width, self.height

    def draw(self) -> None:
        self.canv.scale(self.scale, self.scale)
        self.canv.translate(-self.corner[0], -self.corner[1])
        self.canv.doForm(makerl(self.canv, self.page))


def _rendered(convert: Callable[..., bytes], chart: Any, width: float, height: float | None, **options: Any) -> bytes:
    _fonts_known()
    sized = chart.properties(width=width) if height is None else chart.properties(width=width, height=height)
    spec = _on_paper(sized.to_dict(validate=False))  # the charts' own tests have validated them
    return convert(spec, config=THEME, allowed_base_urls=[], **options)


def _on_paper(spec: dict[str, Any]) -> dict[str, Any]:
    """Without the invisible marks that carry tooltips: they are most of a retention chart's size."""
    layers = spec.get("layer")
    return spec if layers is None else spec | {"layer": [layer for layer in layers if not _is_invisible(layer)]}


def _is_invisible(layer: dict[str, Any]) -> bool:
    mark = layer.get("mark")
    return isinstance(mark, dict) and mark.get("opacity") == 0


@lru_cache(maxsize=1)
def _fonts_known() -> None:
    vl_convert.register_font_directory(str(FONTS))
