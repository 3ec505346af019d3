"""The choices on the settings page."""

from typing import Any

import streamlit as st

from queries.definitions import help_for
from rules.formatting import hour_of_day
from rules.preferences import CARDS, EXPORT_FORMATS, HOURS, PERIOD_KEYS, WEEKDAYS, Preferences
from ui.exports.file_choices import DECIMAL_LABELS, ENCODING_LABELS, SEPARATOR_LABELS, csv_fields
from ui.periods.labels import LAST_LABELS, MONTH_LABELS

CARD_LABELS = {
    "total_students": "Total students",
    "active_students": "Active students",
    "completion": "Completion rate",
    "satisfaction": "AI satisfaction",
}
PERIOD_LABELS = LAST_LABELS | MONTH_LABELS
FORMAT_LABELS = {"csv": "CSV", "json": "JSON", "pdf": "PDF", "xlsx": "Excel"}


CHOICES: dict[str, dict[Any, str]] = {
    "cards": CARD_LABELS,
    "period": PERIOD_LABELS,
    "digest_hour": {hour: hour_of_day(hour) for hour in HOURS},
    "export_format": FORMAT_LABELS,
    "csv_separator": SEPARATOR_LABELS,
    "csv_decimal_mark": DECIMAL_LABELS,
    "csv_encoding": ENCODING_LABELS,
}
PART_LABELS = {
    "cards": "Cards",
    "period": "Default period",
    "is_digest_on": "Weekly summary",
    "digest_weekday": "Weekday",
    "digest_hour": "Hour",
    "alerts_at_risk": "Students at risk",
    "alerts_quizzes": "Failed quizzes",
    "alerts_content": "Content issues",
    "export_format": "Default format",
    "is_alert_mail_on": "Notifications by email",
    "digest_has_report": "PDF attached",
    "csv_separator": "CSV: separator",
    "csv_decimal_mark": "CSV: decimal mark",
    "csv_encoding": "CSV: encoding",
}


def preference_fields(now: Preferences, is_locked: bool, zone: str) -> dict[str, Any]:
    """All of them, with what is chosen by the name of the preference."""
    cards, period = overview_fields(now, is_locked)
    at_risk, quizzes, content, by_mail = alert_fields(now, is_locked)
    is_digest_on, weekday, hour, has_report = digest_fields(now, is_locked, zone)
    return {
        "cards": tuple(cards),
        "period": period,
        "is_digest_on": is_digest_on,
        "digest_weekday": weekday,
        "digest_hour": hour,
        "digest_has_report": has_report,
        "alerts_at_risk": at_risk,
        "alerts_quizzes": quizzes,
        "alerts_content": content,
        "is_alert_mail_on": by_mail,
        **export_fields(now, is_locked),
    }


def preference_shown(version: Preferences, part: str) -> tuple[str, str]:
    """The label of a preference, and what is chosen."""
    value = getattr(version, part)
    labels: dict[Any, str] = {True: "On", False: "Off"} if isinstance(value, bool) else CHOICES.get(part, {})
    chosen = value if isinstance(value, tuple) else (value,)
    return PART_LABELS[part], ", ".join(labels.get(one, str(one)) for one in chosen)


def overview_fields(now: Preferences, is_locked: bool) -> tuple[list[str], str]:
    """The cards in order, and the default period."""
    st.header("Overview")
    cards = st.multiselect(
        "Cards, in this order",
        CARDS,
        default=now.cards,
        format_func=CARD_LABELS.__getitem__,
        help="To move a card to the end, remove it and choose it again.",
        disabled=is_locked,
    )
    period = st.selectbox(
        "Default period",
        PERIOD_KEYS,
        index=PERIOD_KEYS.index(now.period),
        format_func=PERIOD_LABELS.__getitem__,
        disabled=is_locked,
    )
    return cards, period


def digest_fields(now: Preferences, is_locked: bool, zone: str) -> tuple[bool, str, int, bool]:
    """Whether the weekly digest is wanted, on which weekday, at which hour, and whether with a report."""
    st.header("Weekly digest")
    is_on = st.toggle("Send me a weekly summary by email", now.is_digest_on, disabled=is_locked)
    with st.container(horizontal=True):
        weekday = st.selectbox("Weekday", WEEKDAYS, index=WEEKDAYS.index(now.digest_weekday), disabled=is_locked)
        hour = st.selectbox(
            "Hour",
            HOURS,
            index=now.digest_hour,
            format_func=lambda hour: hour_of_day(hour),
            help=f"Time zone: {zone}.",
            disabled=is_locked,
        )
    has_report = st.toggle(
        "Attach the week's report as a PDF",
        now.digest_has_report,
        help="The analytics snapshot for the same seven days.",
        disabled=is_locked,
    )
    return is_on, weekday, hour, has_report


def alert_fields(now: Preferences, is_locked: bool) -> tuple[bool, bool, bool, bool]:
    """Which notifications are wanted: students at risk, failed quizzes, content issues; and whether by email too."""
    st.header("Notifications")
    return (
        st.toggle("Students at risk", now.alerts_at_risk, help=help_for("notice_at_risk"), disabled=is_locked),
        st.toggle("Failed quizzes", now.alerts_quizzes, help=help_for("notice_quiz"), disabled=is_locked),
        st.toggle("Content issues", now.alerts_content, help=help_for("notice_video"), disabled=is_locked),
        st.toggle(
            "Also email me about new ones",
            now.is_alert_mail_on,
            help="At most one email a day, at the hour of the weekly digest.",
            disabled=is_locked,
        ),
    )


def export_fields(now: Preferences, is_locked: bool) -> dict[str, str]:
    """The default format of exports, and how CSV files are written."""
    st.header("Exports")
    file_format: str = st.selectbox(
        "Default format",
        EXPORT_FORMATS,
        index=EXPORT_FORMATS.index(now.export_format),
        format_func=FORMAT_LABELS.__getitem__,
        disabled=is_locked,
    )
    return {"export_format": file_format} | csv_fields(now, is_locked)
