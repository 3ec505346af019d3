"""Labels for periods and what they are compared with."""

from queries.periods.period import BEFORE, LAST_MONTH, LAST_YEAR, PERIODS, THIS_MONTH

LAST_LABELS = {key: f"Last {period.label}" for key, period in PERIODS.items()}
MONTH_LABELS = {THIS_MONTH: "This month", LAST_MONTH: "Last month"}
COMPARED_LABELS = {BEFORE: "Previous period", LAST_YEAR: "Same period last year"}
