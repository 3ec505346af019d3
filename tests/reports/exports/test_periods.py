"""Exports of any period contain what the pages count in it."""

import pytest

from queries.chat.figures import satisfaction_breakdown
from queries.chat.questions import QuestionFilters
from queries.overview.engagement import active_in_period
from queries.periods.period import resolve
from queries.quizzes.results import period_results
from reports.exports import ExportRequest
from rules.errors import InputError
from tests.builders import NOW, ACreator, a_chat, a_creator, a_question, a_student, an_attempt
from tests.reports.exports.opened import csv_records, exported

TODAY = NOW.date()
KEYS = ("this-month", "last-month", "2026-01-25..2026-02-20", "2026-03-04..2026-03-04", "2026-02-20..2026-12-31")

pytestmark = pytest.mark.usefixtures("shared_database")


@pytest.fixture(scope="module")
def creator(shared_database: object) -> ACreator:
    people = [a_student(f"Student {number}", enrolled_days_ago=90) for number in range(3)]
    chats = [a_chat(a_question(), student=people[days % 3], days_ago=days) for days in range(0, 70, 4)]
    return a_creator(people, chats, [an_attempt(people[days % 3], days_ago=days) for days in range(0, 70, 3)])


@pytest.mark.parametrize("key", KEYS)
def test_rows_are_those_that_the_pages_count(creator: ACreator, key: str) -> None:
    period = resolve(key, TODAY)

    asked = csv_records(exported(creator, "chat", "csv", period=key))
    tried = csv_records(exported(creator, "quiz_results", "csv", period=key))

    assert len(asked) == satisfaction_breakdown.fresh(creator.id, QuestionFilters(period)).questions > 0
    assert len(tried) == period_results.fresh(creator.id, period).attempts > 0


@pytest.mark.parametrize("key", KEYS)
def test_figures_are_those_of_the_period(creator: ACreator, key: str) -> None:
    rows = csv_records(exported(creator, "analytics", "csv", period=key, compare="last-year"))

    values = {row["Figure"] if "Figure" in row else row["Measure"]: row["Value"] for row in rows if not row["Of"]}
    period = resolve(key, TODAY)
    assert values["Active in the period"] == str(active_in_period.fresh(creator.id, period).active_students)
    assert values["Quiz attempts in the period"] == str(period_results.fresh(creator.id, period).attempts)
    assert sum(row["Section"] == "Days" for row in rows) == 3 * period.windows.days


@pytest.mark.parametrize("filters", [{"period": "yesterday"}, {"compare": "30d"}, {"period": "2026-13-01..2026-13-02"}])
def test_what_is_no_period_is_refused(filters: dict[str, str]) -> None:
    with pytest.raises(InputError, match=r"choose one of|Write it as"):
        ExportRequest.of("analytics", "csv", filters)


def test_a_period_that_has_not_begun_is_refused_when_it_is_written(creator: ACreator) -> None:
    with pytest.raises(InputError, match="has not begun; today is 2026-03-04"):
        exported(creator, "chat", "csv", period="2027-01-01..2027-02-01")
