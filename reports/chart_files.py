"""Charts as files: vector PDF for reports, drawn like on the pages, in the reports' own light theme.

Rendering takes a JavaScript engine of 280 MB and 2.5 seconds for the first chart, and holds the interpreter: it
happens in a process of its own (`reports.chart_renderer`), while this one sets the text around the charts. That process
starts with the first chart, renders all that follow, and ends with its parent process.
"""

import atexit
import json
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property, lru_cache
from typing import Any

from pdfrw import PdfReader
from pdfrw.buildxobj import pagexobj
from pdfrw.toreportlab import makerl
from reportlab.platypus import Flowable

from database.settings import PROJECT_DIR
from reports.pdf.fonts import FONTS
from rules.visible import visible_values

# In quotes: without them, a name that ends in a digit is not a name, and no text is drawn at all. What this font lacks,
# the renderer takes from the other fonts in the folder; naming them here would make it search all of them for each
# text.
FAMILY = "'Source Sans 3'"
MOST_TRIES = 3
ASKING = ThreadPoolExecutor(1, thread_name_prefix="charts")  # one thread, because a renderer draws one chart at a time
INK, QUIET, RULE = "#0b1219", "#55606e", "#d5dbe3"
COLOURS = ["#1f5fbf", "#8592a3", "#1a7f37", "#bf5b00", "#8250df", "#cf222e"]  # the light theme's

THEME: dict[str, Any] = {
    "font": FAMILY,
    "background": "#ffffff",
    "autosize": {"type": "fit", "contains": "padding"},  # as on the pages: the height includes axes and legend
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


class RendererEnded(RuntimeError):
    """The rendering process stopped during a chart, on every attempt."""


class ChartRefused(ValueError):
    """The engine cannot draw the chart; its own message may contain user text and is left out."""

    def __init__(self, about: str, engine_said: str) -> None:
        super().__init__(f"{about} cannot be drawn: the renderer rejected its specification.")
        self.engine_said = engine_said


def chart_pdf(chart: Any, about: str, width: float = 640, height: float | None = None) -> Future[bytes]:
    """The chart as a one-page vector PDF with its fonts inside; width and height in points of the chart's own scale.

    `about` identifies the chart by kind and id, for errors and logs. The height is the chart's own if none is
    given. Rendering begins immediately; `result()` waits for it.
    """
    size = {"width": width} if height is None else {"width": width, "height": height}
    # The charts' own tests have validated them. A control character ends the whole renderer.
    spec = visible_values(_on_paper(chart.to_dict(validate=False) | size))
    asked = {"spec": spec, "options": {"config": THEME, "allowed_base_urls": []}}
    return ASKING.submit(_drawn, json.dumps(asked).encode() + b"\n", about)


class ChartFlowable(Flowable):
    """A chart's PDF as part of a page: vectors and text, scaled to the width of the column.

    The PDF may still be rendering: the document waits for it when it places the chart on a page.
    """

    def __init__(self, pdf: Future[bytes], width: float) -> None:
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


def _drawn(asked: bytes, about: str) -> bytes:
    """The file. Raises ChartRefused for a chart that cannot be drawn. A renderer that stopped is restarted."""
    for _ in range(MOST_TRIES):
        renderer = _renderer()
        try:
            return _answer_of(renderer, asked, about)
        except (OSError, EOFError):  # killed, perhaps for lack of memory
            _renderer.cache_clear()
            _end(renderer)
    raise RendererEnded(
        f"The chart renderer stopped {MOST_TRIES} times at {about}. It needs 300 MB of free memory; "
        "if that much is free, the chart itself is the cause."
    )


def _answer_of(renderer: subprocess.Popen[bytes], asked: bytes, about: str) -> bytes:
    if not renderer.stdin or not renderer.stdout:
        raise EOFError
    renderer.stdin.write(asked)
    renderer.stdin.flush()
    said, _, length = renderer.stdout.readline().partition(b" ")
    body = renderer.stdout.read(int(length)) if length else b""
    if not length or len(body) < int(length):
        raise EOFError
    if said == b"failed":
        raise ChartRefused(about, body.decode())
    return body


@lru_cache(maxsize=1)
def _renderer() -> subprocess.Popen[bytes]:
    # A plain program: a child of `multiprocessing` would run this process's main script again, which may be a page.
    command = [sys.executable, "-m", "reports.chart_renderer", str(FONTS)]
    renderer = subprocess.Popen(  # noqa: S603  # our own interpreter, our own module
        command, cwd=PROJECT_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    atexit.register(_end, renderer)
    return renderer


def _end(renderer: subprocess.Popen[bytes]) -> None:
    """Stop the renderer; may be called twice. It also stops by itself when its input closes."""
    renderer.kill()
    renderer.wait()
    for pipe in (renderer.stdin, renderer.stdout):
        with suppress(OSError):  # input that it did not read
            if pipe:
                pipe.close()


def _on_paper(spec: dict[str, Any]) -> dict[str, Any]:
    """The chart without the invisible marks for tooltips: they are most of a retention chart's size."""
    layers = spec.get("layer")
    return spec if layers is None else spec | {"layer": [layer for layer in layers if not _is_invisible(layer)]}


def _is_invisible(layer: dict[str, Any]) -> bool:
    mark = layer.get("mark")
    return isinstance(mark, dict) and mark.get("opacity") == 0
