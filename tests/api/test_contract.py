"""The API does what it describes, whatever the request; and what it describes is what was published."""

import pytest

from api.schemas.dashboard import EXAMPLE, Dashboard
from api.schemas.exports import ExportReady
from tests.api.asking import by_key
from tests.builders import a_creator
from tests.queries.every_answer import a_told_creator

# The examples of the product's description; lists that it leaves open have one entry here.
DASHBOARD = {
    "students": {
        "total": 245,
        "active": 187,
        "activePercentage": 76,
        "newThisMonth": 23,
        "trends": {"active": 12, "new": 5},
    },
    "progress": {"avgCompletion": 62, "videosWatched": 1234, "quizzesPassed": 456},
    "engagement": {
        "dailyActiveUsers": [{"date": "2026-03-04", "count": 1}],
        "peakHours": [{"hour": 0, "count": 1}],
        "avgSessionTime": 28,
    },
    "support": {"questionsAsked": 234, "aiAnswered": 215, "satisfactionRate": 0.92},
}
STUDENT_LIST_KEYS = ["students", "total", "page", "pageSize", "hasMore"]
EXPORT = {
    "success": True,
    "downloadUrl": "https://storage.../export.csv",
    "fileSize": 12345,
    "expiresAt": "2025-10-22T10:00:00Z",
}


@pytest.fixture(scope="module")
def told(shared_database):
    return a_told_creator()


def test_the_published_dashboard_validates_and_our_answer_has_exactly_its_keys(told):
    answer = by_key(told.creator_id).get("/creator/dashboard").json()

    assert Dashboard.model_validate(DASHBOARD).model_dump(mode="json") == DASHBOARD
    assert keys(answer) == keys(DASHBOARD)
    assert keys(EXAMPLE) == keys(DASHBOARD)
    assert len(answer["engagement"]["dailyActiveUsers"]) == 30
    assert len(answer["engagement"]["peakHours"]) == 24


def test_a_creator_without_anything_has_the_same_keys():
    answer = by_key(a_creator().id).get("/creator/dashboard?period=7d").json()

    assert keys(answer) == keys(DASHBOARD)
    assert answer["support"]["satisfactionRate"] is None
    assert answer["students"]["activePercentage"] is None


def test_the_student_list_has_the_published_keys(told):
    answer = by_key(told.creator_id).get("/creator/students?limit=2&offset=2").json()

    assert list(answer) == STUDENT_LIST_KEYS
    assert (answer["total"], answer["page"], answer["pageSize"], answer["hasMore"]) == (3, 2, 2, False)


def test_an_export_has_the_published_keys(told):
    order = {"type": "students", "format": "csv", "filters": {"status": "active"}}

    answer = by_key(told.creator_id, "export")("POST", "/creator/export", json=order)

    assert ExportReady.model_validate(EXPORT).model_dump(mode="json") == EXPORT
    assert answer.status_code == 200
    assert list(answer.json()) == list(EXPORT)


def keys(value):
    """The keys at every depth; for a list, those of its entries."""
    if isinstance(value, dict):
        return {name: keys(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [keys(value[0])] if value else []
    return None
