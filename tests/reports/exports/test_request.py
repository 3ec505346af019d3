"""What may be requested."""

import json
from datetime import UTC, datetime
from itertools import product
from uuid import UUID, uuid4

import pytest

from queries.students.lists import StudentFilters
from queries.videos.lists import VideoFilters
from reports.exports.request import FORMATS, TYPES, ExportRequest
from rules.errors import InputError

LOCAL_NOW = datetime(2026, 3, 4, 13, 5, tzinfo=UTC)


def test_a_request_is_made_again_from_what_is_stored() -> None:
    for export_type, export_format in product(TYPES, FORMATS):
        request = ExportRequest.of(export_type, export_format)
        stored = json.loads(json.dumps(request.stored_filters()))

        assert ExportRequest.of(export_type, export_format, stored) == request


def test_equal_requests_are_stored_equally() -> None:
    by_name = ExportRequest.of("students", "csv", {"search": " moss ", "sort_by": "name", "progress": None})
    by_api_name = ExportRequest.of("students", "csv", {"sortBy": "name", "search": "moss", "status": "all"})
    typed = ExportRequest("students", "csv", StudentFilters(search="moss", sort_by="name", limit=10, offset=20))

    assert by_name == by_api_name == typed
    assert len({by_name, by_api_name, typed}) == 1
    assert by_name.stored_filters() == typed.stored_filters()
    assert by_name.stored_filters() == {
        "search": "moss",
        "sort_by": "name",
        "sort_order": "desc",
        "status": "all",
    }


def test_ids_are_stored_as_text() -> None:
    video_id = uuid4()

    request = ExportRequest.of("chat", "json", {"video_id": str(video_id).upper()})

    assert request.stored_filters() == {"video_id": str(video_id)}
    assert request == ExportRequest.of("chat", "json", {"video_id": video_id})


@pytest.mark.parametrize(
    ("export_type", "export_format", "filters", "said"),
    [
        ("pupils", "csv", {}, 'type is "pupils"; choose one of students, progress'),
        ("students", "doc", {}, 'format is "doc"; choose one of csv, json, pdf, xlsx'),
        ("students", "csv", {"status": "asleep"}, 'status is "asleep"; choose one of all, active'),
        (
            "students",
            "csv",
            {"period": "7d"},
            '"period" is not a filter of students exports; its filters are: status, progress',
        ),
        ("students", "csv", {"limit": 5}, '"limit" is not a filter'),
        ("videos", "csv", {"tier": "engaged"}, '"tier" is not a filter of videos exports'),
        ("chat", "csv", {"video_id": "loops"}, 'video_id is "loops", which is not an id'),
        ("chat", "csv", {"rated": "so-so"}, 'rated is "so-so"'),
        ("chat", "csv", {"search": ["a"]}, "search is \"['a']\", which is not text"),
        ("videos", "csv", {"category": "a\x00b"}, "category contains a character that is not allowed"),
        ("quiz_results", "csv", {"period": "1y"}, 'period is "1y"; choose one of 7d, 30d, 90d'),
        ("analytics", "pdf", {"period": "8d"}, 'period is "8d"'),
        ("progress", "csv", {"state": "done"}, 'state is "done"; choose one of completed, started, not_started'),
    ],
)
def test_a_mistake_is_named_with_its_value(export_type: str, export_format: str, filters: dict, said: str) -> None:
    with pytest.raises(InputError) as refused:
        ExportRequest.of(export_type, export_format, filters)

    assert said in str(refused.value)


def test_filters_of_another_type_do_not_fit() -> None:
    with pytest.raises(InputError, match="VideoFilters are not filters of students"):
        ExportRequest("students", "csv", VideoFilters())


@pytest.mark.parametrize(
    ("creator", "name"),
    [
        ("Mira Vale", "mira-vale-quiz-results-2026-03-04.xlsx"),
        ("../../etc/passwd", "etc-passwd-quiz-results-2026-03-04.xlsx"),
        ('a"b\r\nX: y', "a-b-x-y-quiz-results-2026-03-04.xlsx"),
        ("漢字", "creator-quiz-results-2026-03-04.xlsx"),
        ("x" * 200, "x" * 60 + "-quiz-results-2026-03-04.xlsx"),
    ],
)
def test_a_file_is_named_safely_and_dated(creator: str, name: str) -> None:
    request = ExportRequest.of("quiz_results", "xlsx", {"quiz_id": str(UUID(int=1))})

    assert request.file_name(creator, LOCAL_NOW) == name
