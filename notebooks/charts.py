"""Charts in a notebook, drawn as on the pages."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from altair import TopLevelMixin

from charts.timeline import Timeline
from queries.periods.chosen_period import running_day
from queries.periods.markers import markers
from queries.periods.period import Period
from queries.periods.phrases import compared_series
from reports.chart_files import THEME
from rules.visible import visible_values

# Jupyter draws this type itself. Altair's own renderer for notebooks loads scripts from the network.
VEGA_LITE = "application/vnd.vegalite.v5+json"
WIDTH = 720  # pixels
CONFIG = {**THEME, "font": "'Source Sans 3', 'Source Sans Pro', sans-serif"}


@dataclass(frozen=True)
class Shown:
    """A chart as Vega-Lite with its data; Jupyter draws it if it is the last value of a cell."""

    specification: dict[str, Any]

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        return {VEGA_LITE: self.specification, "text/plain": "A chart; open the notebook in Jupyter to see it."}


def show(chart: TopLevelMixin, width: int = WIDTH) -> Shown:
    """Show the chart of a function of `charts` in the pages' light theme; the width is in pixels."""
    drawn: dict[str, Any] = chart.to_dict(validate=False)  # against the schema: that is for the tests
    drawn.pop("$schema")  # it names a newer edition than Jupyter's, which draws these charts the same
    return Shown(visible_values(drawn | {"config": CONFIG, "width": width}))


def timeline(creator_id: UUID, period: Period) -> Timeline:
    """What the pages' charts over days need: the compared series, the running day and the markers."""
    happened = markers.fresh(creator_id, period).drop(columns=["target_id"]).assign(href="")
    return Timeline(compared_series(period), running_day(creator_id, period), happened)
