"""The periods that a person can choose."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Period:
    """So many local days, today included."""

    key: str
    days: int

    @property
    def label(self) -> str:
        return f"{self.days} days"


WEEK = Period("7d", 7)
MONTH = Period("30d", 30)
QUARTER = Period("90d", 90)
PERIODS = {period.key: period for period in (WEEK, MONTH, QUARTER)}


def period_named(key: str) -> Period:
    """The period written 7d, 30d or 90d; raises ValueError for anything else."""
    if key not in PERIODS:
        raise ValueError(f'The period is "{key}"; choose one of {", ".join(PERIODS)}.')
    return PERIODS[key]
