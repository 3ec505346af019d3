"""The snapshot of a creator with a full course: gathering, charts, pages, workbook."""

from uuid import UUID

from benchmarks.measuring import Timing, timed
from charts.engagement import daily_active_users_line
from queries.periods.period import MONTH
from reports.chart_files import chart_pdf
from reports.snapshot.figures import snapshot
from reports.snapshot.pdf import analytics_snapshot, snapshot_pdf
from reports.snapshot.workbook import workbook_bytes

TIMES = 5


def measured_snapshots(creator_id: UUID) -> list[tuple[str, Timing]]:
    """How long the snapshot and its parts take once warm; a PDF of nine charts should take under a second."""
    found = snapshot(creator_id, MONTH)
    return [
        ("snapshot PDF, gathered and rendered", timed(lambda: analytics_snapshot(creator_id, MONTH), TIMES)),
        ("of it: gathering the figures", timed(lambda: snapshot(creator_id, MONTH), TIMES)),
        ("of it: rendering the PDF", timed(lambda: snapshot_pdf(found), TIMES)),
        (
            "one chart as vectors",
            timed(lambda: chart_pdf(daily_active_users_line(found.days), "active students per day").result(), TIMES),
        ),
        ("workbook, rendered", timed(lambda: workbook_bytes(found), TIMES)),
    ]
