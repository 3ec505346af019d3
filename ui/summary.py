"""The overview in one sentence."""

from queries.changes import share_percent
from queries.engagement import ActiveInPeriod
from queries.overview import OverviewStats
from queries.periods import Period


def summary_sentence(stats: OverviewStats, active: ActiveInPeriod, period: Period) -> str:
    """Who was there and who is new, as Markdown."""
    share = share_percent(active.active_students, stats.total_students)
    return f"**{share} %** of your students were active in the last {period.label}{_newcomers(stats)}."


def _newcomers(stats: OverviewStats) -> str:
    if not stats.new_this_month:
        return "; nobody has enrolled this month yet"
    verb = "is" if stats.new_this_month == 1 else "are"
    change = stats.new_change_percent
    compared = "" if change is None else f" ({change:+d} % against last month so far)"
    return f"; **{stats.new_this_month:,}** {verb} new this month{compared}"
