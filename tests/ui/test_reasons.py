"""Why a student needs attention, in words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from queries.students.reasons import at_risk_reason, silence_in_words
from queries.students.rows import AtRiskRow
from tests.typed_rows import a_row

SEEN = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "Away 9 days."),
        ({"usual_gap_days": 1.4}, "Away 9 days, usually back every day."),
        ({"usual_gap_days": 0.2}, "Away 9 days, usually back every day."),
        ({"usual_gap_days": 2.6}, "Away 9 days, usually back every 3."),
        ({"failed_in_a_row": 2}, "Away 9 days."),
        ({"failed_in_a_row": 3}, "Away 9 days; failed the last 3 quizzes in a row."),
        ({"last_active": None}, "Never started; enrolled 9 days ago."),
    ],
)
def test_the_reason_of_an_alert(columns: dict[str, Any], said: str) -> None:
    assert at_risk_reason(a_student(**columns)) == said


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "Last seen 9 days ago."),
        ({"silent_days": 1.9}, "Last seen 1 day ago."),
        ({"silent_days": 0.9}, "Seen within the last day."),
        ({"silent_days": -0.1}, "Seen within the last day."),
        ({"last_active": None}, "Never started; enrolled 9 days ago."),
        ({"last_active": None, "silent_days": 0.5}, "Enrolled today, and has not started yet."),
    ],
)
def test_when_a_student_was_last_seen(columns: dict[str, Any], said: str) -> None:
    assert silence_in_words(a_student(**columns)) == said


def a_student(**known: Any) -> AtRiskRow:
    return a_row(AtRiskRow, **{"last_active": SEEN, "silent_days": 9.3} | known)
