"""How numbers, percentages, days, moments, positions in a video and lists are written."""

from datetime import date, datetime

from rules.sentences import figure

LONGEST_QUOTE = 120  # characters
KIBIBYTE = 1024


@figure
def grouped(count: float) -> str:
    """1,200: a whole number with separated thousands."""
    return f"{count:,.0f}"


@figure
def in_full(number: float) -> str:
    """1,200 or 0.83: with all its decimal places."""
    return f"{number:,}"


@figure
def decimal(value: float, places: int = 1) -> str:
    """1,200.5: a number with this many decimal places."""
    return f"{value:,.{places}f}"


@figure
def size(size_bytes: int) -> str:
    """Such as "812 bytes", "56 KB", "1.4 MB" or "3.2 GB"."""
    if size_bytes < KIBIBYTE:
        return counted(size_bytes, "byte")
    if size_bytes < KIBIBYTE**2:
        return f"{grouped(size_bytes / KIBIBYTE)} KB"
    if size_bytes < KIBIBYTE**3:
        return f"{decimal(size_bytes / KIBIBYTE**2)} MB"
    return f"{decimal(size_bytes / KIBIBYTE**3)} GB"


@figure
def pixels(width: int, height: int) -> str:
    """1920 × 1080 pixels: as sizes of pictures are written, without a comma."""
    return f"{width} × {height} pixels"


@figure
def counted(count: float, noun: str, plural: str | None = None) -> str:
    """1 student, 1,200 students."""
    return f"1 {noun}" if count == 1 else f"{count:,.0f} {plural or noun + 's'}"


@figure
def out_of(part: float, whole: float, noun: str = "", plural: str | None = None) -> str:
    """3 of 1,200; with a noun 3 of 1,200 students, 1 of 1 student."""
    return f"{grouped(part)} of {counted(whole, noun, plural) if noun else grouped(whole)}"


def students(count: float) -> str:
    """1 student, 1,200 students."""
    return counted(count, "student")


def agreeing(count: float, one: str = "is", several: str = "are") -> str:
    """The form of a word that agrees with the count: 1 is, 2 are, 0 are."""
    return one if count == 1 else several


@figure
def times(count: float) -> str:
    """Once, 1,200 times."""
    return "once" if count == 1 else f"{count:,.0f} times"


@figure
def percent(value: float | None) -> str:
    """75%, or a dash if it is unknown."""
    return "-" if value is None or value != value else f"{round_half_up(value):,}%"


@figure
def percent_of_people(value: float | None) -> str:
    """A share of people, such as 75%: 100% only for everybody. A dash if it is unknown."""
    return "-" if value is None or value != value else f"{whole_rate(value)}%"


@figure
def percent_range(key: str) -> str:
    """25 to 50%, for 25-50 in an address."""
    return f"{key.replace('-', ' to ')}%"


def whole_rate(value: float) -> int:
    """A rate in whole percent: 100 only for everybody, not by rounding."""
    return 99 if 99 < value < 100 else round_half_up(value)


def round_half_up(value: float) -> int:
    """The nearest whole number; halves are rounded away from zero, as in PostgreSQL and on paper."""
    return int(abs(value) + 0.5) * (1 if value >= 0 else -1)


@figure
def about_minutes(minutes: float) -> str:
    """12 minutes, 1 minute, or less than a minute."""
    whole = round_half_up(minutes)
    return counted(whole, "minute") if whole else "less than a minute"


@figure
def dated(day: date) -> str:
    """2 Mar 2026."""
    return f"{day:%-d %b %Y}"


@figure
def dated_in_full(day: date) -> str:
    """2 March 2026."""
    return f"{day:%-d %B %Y}"


@figure
def timed(at: datetime) -> str:
    """2 Mar 2026, 14:05, in the zone of the moment."""
    return f"{at:%-d %b %Y, %H:%M}"


@figure
def timed_to_the_second(at: datetime) -> str:
    """2 Mar 2026, 14:05:09, in the zone of the moment."""
    return f"{at:%-d %b %Y, %H:%M:%S}"


@figure
def timed_in_full(at: datetime) -> str:
    """2 March 2026, 14:05, in the zone of the moment."""
    return f"{at:%-d %B %Y, %H:%M}"


@figure
def clock_time(at: datetime) -> str:
    """14:05, in the zone of the moment."""
    return f"{at:%H:%M}"


@figure
def weekday(day: date) -> str:
    """Monday."""
    return f"{day:%A}"


@figure
def hour_of_day(hour: int) -> str:
    """08:00: when an hour of the day begins."""
    return f"{hour:02d}:00"


@figure
def timestamp(seconds: float) -> str:
    """A position in a video: 8:37, or 1:02:05 from an hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


@figure
def listed(names: list[str], total: int | None = None, shown: int = 3) -> str:
    """Ada; Ada and Ben; Ada, Ben, Cleo and 4 others. `total` if there are more than the given names."""
    rest = (total or len(names)) - len(names[:shown])
    if rest > 0:
        return f"{', '.join(names[:shown])} and {counted(rest, 'other')}"
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def shortened(text: str, longest: int = LONGEST_QUOTE) -> str:
    """The text on one line, cut with an ellipsis if it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def quoted(text: str, longest: int = LONGEST_QUOTE) -> str:
    """The text in quotation marks, on one line and not too long; empty for nothing."""
    line = shortened(text, longest)
    return f"“{line}”" if line else ""
