"""Charts as files: vector PDF for reports, PNG for mail; drawn like on the pages, in the reports' own light theme.

Rendering takes a JavaScript engine of 280 MB and 2.5 seconds for the first chart, and holds the interpreter: it
happens in a process of its own, while this one sets the text around the charts. That process starts with the first
chart, serves all that follow, and ends with the process that it serves.
"""

import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cached_property, lru_cache, partial
from multiprocessing import get_context, parent_process
from threading import Thread
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
TIMES_AGAIN = 2
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
        "tickCount": 5,  # each label takes the renderer two milliseconds, and
        "labelLimit": 0,  # asking whether it is too long another
    },
    "legend": {"labelColor": INK, "titleColor": QUIET, "labelFontSize": 11, "titleFontSize": 11, "labelLimit": 300},
    "text": {"color": INK, "fontSize": 11},
    "bar": {"color": COLOURS[0]},
    "line": {"color": COLOURS[0]},
    "area": {"color": COLOURS[0]},
}


class Drawing:
    """A chart on its way: begun at once, and begun again where the renderer was ended, say for want of memory."""

    def __init__(self, render: Callable[[], bytes]) -> None:
        self._render = render
        self._future = _submitted(render)

    def result(self) -> bytes:
        """Wait for the file. Raises ValueError for a chart that cannot be drawn, BrokenProcessPool after three ends."""
        for _ in range(TIMES_AGAIN):
            try:
                return self._future.result()
            except BrokenProcessPool:
                self._future = _submitted(self._render)
        return self._future.result()


def chart_pdf(chart: Any, width: float = 640, height: float | None = None) -> Drawing:
    """The chart as a one-page vector PDF with its fonts inside; width and height in points of the chart's own scale.

    The height is the chart's own where none is given. Rendering begins at once; `result()` waits for it.
    """
    return _begun("vegalite_to_pdf", chart, width, height)


def chart_png(chart: Any, scale: float = 2, width: float = 560, height: float | None = None) -> Drawing:
    """The chart as PNG, `scale` pixels for each point of its width."""
    return _begun("vegalite_to_png", chart, width, height, scale=scale)


class ChartFlowable(Flowable):
    """A chart's PDF as part of a page: vectors and text as they are, shrunk to the width of the column.

    The PDF may still be on its way: it is waited for when the chart gets its place on a page.
    """

    def __init__(self, pdf: Drawing, width: float) -> None:
        super().__init__()
        self.pdf, self.width = pdf, width

    @cached_property
    def page(self) -> Any:
        return pagexobj(PdfReader(fdata=self.pdf.result()).pages[0])

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        del width, height
        left, bottom, right, top = (float(edge) for edge in self.page.BBox)
        self.scale, self.corner = self.width / (right - left), (left, bottom)
        self.height = (top - bottom) * self.scale
        return self.width, self.height

    def draw(self) -> None:
        self.canv.scale(self.scale, self.scale)
        self.canv.translate(-self.corner[0], -self.corner[1])
        self.canv.doForm(makerl(self.canv, self.page))


def _begun(format: str, chart: Any, width: float, height: float | None, **options: Any) -> Drawing:
    size = {"width": width} if height is None else {"width": width, "height": height}
    spec = _on_paper(chart.to_dict(validate=False) | size)  # the charts' own tests have validated them
    return Drawing(partial(_rendered, format, spec, options))


def _submitted(render: Callable[[], bytes]) -> Future[bytes]:
    try:
        return _renderer().submit(render)
    except BrokenProcessPool:
        _renderer.cache_clear()
        return _renderer().submit(render)


@lru_cache(maxsize=1)
def _renderer() -> ProcessPoolExecutor:
    # Spawned, not forked: a fork of a process with threads may hang.
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin_rendering)


def _begin_rendering() -> None:
    """Runs in the rendering process: interrupts are for the process that it serves, and it ends with that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    vl_convert.register_font_directory(str(FONTS))


def _end_with_parent() -> None:
    parent = parent_process()
    if parent:
        parent.join()
    os._exit(0)  # from a thread, whatever the renderer is at


def _rendered(format: str, spec: dict[str, Any], options: dict[str, Any]) -> bytes:
    convert: Callable[..., bytes] = getattr(vl_convert, format)
    return convert(spec, config=THEME, allowed_base_urls=[], **options)


def _on_paper(spec: dict[str, Any]) -> dict[str, Any]:
    """Without the invisible marks that carry tooltips: they are most of a retention chart's size."""
    layers = spec.get("layer")
    return spec if layers is None else spec | {"layer": [layer for layer in layers if not _is_invisible(layer)]}


def _is_invisible(layer: dict[str, Any]) -> bool:
    mark = layer.get("mark")
    return isinstance(mark, dict) and mark.get("opacity") == 0
