"""The overview in one sentence."""

from queries.overview.engagement import ActiveInPeriod
from queries.overview.headline import OverviewStats
from queries.periods.changes import change_in_words
from queries.periods.period import Period
from queries.periods.phrases import in_period
from rules.formatting import agreeing, grouped, percent_of_people
from rules.sentences import sentence


@sentence
def summary_sentence(stats: OverviewStats, active: ActiveInPeriod, period: Period) -> str:
    """Who was active and who is new, as Markdown."""
    if not stats.total_students:
        return "No students have enrolled yet."
    share = percent_of_people(100 * active.active_students / stats.total_students)
    return f"**{share}** of students were active {in_period(period)}{_newcomers(stats)}."


def _newcomers(stats: OverviewStats) -> str:
    if not stats.new_this_month:
        return "; nobody has enrolled this month yet"
    change = stats.new_change_percent
    compared = "" if change is None else f" ({change_in_words(change, 'percent')} vs same days last month)"
    return f"; **{grouped(stats.new_this_month)}** {agreeing(stats.new_this_month)} new this month{compared}"
