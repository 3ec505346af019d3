"""A creator's preferences, and their defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from rules.errors import InputError
from rules.export_rules import DECIMAL_MARKS, ENCODINGS, RFC_4180, SEPARATORS, CsvStyle

CARDS = ("total_students", "active_students", "completion", "satisfaction")
PERIOD_KEYS = ("7d", "30d", "90d", "this-month", "last-month")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = tuple(range(24))
SWITCHES = (
    "is_digest_on",
    "alerts_at_risk",
    "alerts_quizzes",
    "alerts_content",
    "is_alert_mail_on",
    "digest_has_report",
)
EXPORT_FORMATS = ("csv", "json", "pdf", "xlsx")


@dataclass(frozen=True)
class Preferences:
    """A creator's preferences; the digest's weekday and hour are in the creator's time zone.

    Raises InputError, naming the preference and its value, for anything that is not an option.
    """

    cards: tuple[str, ...] = CARDS
    period: str = "30d"
    is_digest_on: bool = False
    digest_weekday: str = "Monday"
    digest_hour: int = 8
    alerts_at_risk: bool = True
    alerts_quizzes: bool = True
    alerts_content: bool = True
    export_format: str = "csv"
    is_alert_mail_on: bool = False
    digest_has_report: bool = False
    csv_separator: str = RFC_4180.separator
    csv_decimal_mark: str = RFC_4180.decimal_mark
    csv_encoding: str = RFC_4180.encoding

    def __post_init__(self) -> None:
        if not self.cards:
            raise InputError("No card is chosen; choose at least one.")
        if len(set(self.cards)) < len(self.cards):
            raise InputError("A card is chosen twice; choose each card once.")
        for card in self.cards:
            _check("card", card, CARDS)
        _check("period", self.period, PERIOD_KEYS)
        _check("weekday", self.digest_weekday, WEEKDAYS)
        _check("hour", self.digest_hour, HOURS, kind=int)
        _check("export format", self.export_format, EXPORT_FORMATS)
        for switch in SWITCHES:
            _check(switch, getattr(self, switch), (True, False), kind=bool)
        _check("CSV separator", self.csv_separator, tuple(SEPARATORS))
        _check("CSV decimal mark", self.csv_decimal_mark, tuple(DECIMAL_MARKS))
        _check("CSV encoding", self.csv_encoding, tuple(ENCODINGS))

    @property
    def csv_style(self) -> CsvStyle:
        """How the creator's CSV files are written."""
        return CsvStyle(self.csv_separator, self.csv_decimal_mark, self.csv_encoding)


def stored_preferences(row: Mapping[str, Any]) -> Preferences:
    """The preferences of a row of creator_preferences, with defaults for missing or unknown values."""
    stored = {name: _stored(value) for column in row.values() if column for name, value in column.items()}
    usable = {field.name: stored[field.name] for field in fields(Preferences) if _is_usable(field.name, stored)}
    return Preferences(**usable)


def _stored(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _is_usable(name: str, stored: dict[str, Any]) -> bool:
    try:
        Preferences(**{name: stored[name]})
    except (KeyError, TypeError, InputError):
        return False
    return True


def _check(choice: str, value: object, offered: tuple[object, ...], kind: type = str) -> None:
    # The type too: True equals 1, but neither a switch set to 1 nor an hour set to True is intended.
    if type(value) is not kind or value not in offered:
        raise InputError(f'The {choice} is "{value}"; choose one of {", ".join(map(str, offered))}.')
