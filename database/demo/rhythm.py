"""When people learn: in the evening and on Sundays, in the creator's time zone and never after now."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

DAY_SECONDS = 86_400
WEEKDAY_WEIGHTS = np.array([1.05, 1.1, 1.0, 0.95, 0.6, 0.85, 1.9])  # from Monday
HOUR_WEIGHTS = np.array(
    [
        0.4,
        0.15,
        0.08,
        0.05,
        0.05,
        0.1,
        0.5,
        1.0,
        1.2,
        1.3,
        1.4,
        1.5,
        2.0,
        1.7,
        1.4,
        1.5,
        1.8,
        2.6,
        4.0,
        6.0,
        7.0,
        5.5,
        3.0,
        1.2,
    ]
)  # from midnight


@dataclass(frozen=True)
class Rhythm:
    """Days are numbered from the first day of the history (0) to today (`days`)."""

    now: datetime
    zone: str
    days: int

    @property
    def local_now(self) -> datetime:
        return self.now.astimezone(ZoneInfo(self.zone))

    @property
    def now_seconds(self) -> int:
        return int(self.now.timestamp())

    @property
    def month_start_day(self) -> int:
        """The day number of the first of this month; negative if the history began later."""
        return self.days - self.local_now.day + 1

    def day_mass(self) -> Floats:
        """How much learning happens before each day, cumulated; one more value than days."""
        weekday = (self.local_now.weekday() - np.arange(self.days, -1, -1)) % 7
        weights = WEEKDAY_WEIGHTS[weekday]
        weights[-1] *= max(self._elapsed_share(), 0.01)
        return np.concatenate([[0.0], np.cumsum(weights)])

    def days_within(self, first: Ints, last: Ints, place: Floats) -> Ints:
        """Days between first and last (both included), at a share from 0 to 1 of the learning between them."""
        mass = self.day_mass()
        wanted = mass[first] + place * (mass[last + 1] - mass[first])
        days: Ints = np.clip(np.searchsorted(mass, wanted, side="right") - 1, first, last)
        return days

    def seconds_of_day(self, days: Ints, place: Floats) -> Ints:
        """Local times of day at a share of the day's learning; today's are in the past already."""
        mass = np.concatenate([[0.0], np.cumsum(HOUR_WEIGHTS)]) / HOUR_WEIGHTS.sum()
        available = np.where(days == self.days, self._elapsed_share(), 1.0)
        seconds: Ints = np.asarray(np.interp(place * available, mass, np.arange(25) * 3600.0), dtype=np.int64)
        return seconds

    def instants(self, days: Ints, seconds_of_day: Ints) -> Ints:
        """Seconds since 1970 of local times; in the hour that is skipped, the first moment after it."""
        midnight = np.datetime64(self.local_now.date(), "s")
        wall = midnight + ((days - self.days) * DAY_SECONDS + seconds_of_day).astype("timedelta64[s]")
        local = pd.DatetimeIndex(wall).tz_localize(
            self.zone, ambiguous=np.ones(len(wall), dtype=bool), nonexistent="shift_forward"
        )
        seconds: Ints = np.asarray(local.tz_convert("UTC").as_unit("s").asi8)
        return seconds

    def local_days(self, instants: Ints) -> Ints:
        """The day numbers of instants."""
        local = pd.DatetimeIndex(instants.astype("datetime64[s]")).tz_localize("UTC").tz_convert(self.zone)
        today = np.datetime64(self.local_now.date(), "D")
        since_today = np.asarray(local.tz_localize(None)).astype("datetime64[D]") - today
        days: Ints = since_today.astype(np.int64) + self.days
        return days

    def _elapsed_share(self) -> float:
        mass = np.concatenate([[0.0], np.cumsum(HOUR_WEIGHTS)]) / HOUR_WEIGHTS.sum()
        local = self.local_now
        return float(np.interp(local.hour + local.minute / 60, np.arange(25), mass))
