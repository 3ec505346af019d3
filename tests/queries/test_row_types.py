"""What is read row by row matches the rows that its query declares: the name, type and gaps of every column."""

import re
from dataclasses import dataclass
from inspect import get_annotations, signature
from typing import Annotated, Any, get_type_hints
from uuid import UUID, uuid4

import pandas as pd
import pytest

from database.frames import records
from database.settings import PROJECT_DIR
from queries.chat.questions import QuestionFilters
from queries.mails.deliveries import DeliveryFilters
from queries.periods.period import MONTH
from queries.preferences import preferences
from queries.students.lists import StudentFilters
from queries.videos.lists import VideoFilters
from tests.builders import NOW
from tests.queries.creator_with_gaps import Asked, a_creator_with_gaps
from tests.queries.row_types import Seen, complaints, row_types, seen_in, typed_frames, typed_queries, unseen


@dataclass(frozen=True, slots=True)
class Planted:
    name: str
    count: int
    rating: float | None


@pytest.fixture(scope="module")
def seen(shared_database) -> dict[type, Seen]:
    """All that the queries return for a creator who has as much as possible, and as little; and for an unknown one."""
    told = a_creator_with_gaps()
    nobody = Asked(uuid4(), uuid4(), told.staff_id, uuid4(), (uuid4(),), (uuid4(),), (uuid4(),))
    return seen_in(pair for about in (told, nobody) for pair in asked(about))


def test_every_row_is_as_its_query_declares(seen):
    said = [one for row_type in seen for one in complaints(row_type, seen[row_type])]

    assert said == []


def test_every_field_was_seen_with_a_value_and_where_it_may_be_none_without(seen):
    every = {row_type for query in typed_queries() for row_type in row_types(query)}

    assert sorted(one for row_type in every for one in unseen(row_type, seen[row_type])) == []


def test_every_row_type_that_is_read_by_is_declared_by_a_query():
    folders = ("ui", "pages", "findings", "reports", "mail", "api", "charts")
    files = [path for folder in folders for path in (PROJECT_DIR / folder).rglob("*.py")]
    read_by = {name for path in files for name in re.findall(r"\b[A-Z]\w+Row\b", path.read_text(encoding="utf-8"))}

    assert len(read_by) > 30
    assert read_by - {row_type.__name__ for query in typed_queries() for row_type in row_types(query)} == set()


def test_the_types_are_those_of_many_queries():
    assert len(typed_queries()) >= 50


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pd.DataFrame({"name": ["Ada"], "count": [1], "rating": [None]}), []),
        (pd.DataFrame({"name": ["Ada"], "count": [1.0], "rating": [4]}), []),
        (pd.DataFrame({"title": ["Ada"], "count": [1], "rating": [1.5]}), ["no field for title", "no column name"]),
        (pd.DataFrame({"name": ["Ada", None], "count": [1, 2], "rating": [1, 1]}), ["name is missing somewhere"]),
        (pd.DataFrame({"name": ["Ada"], "count": [1.5], "rating": [1]}), ["count is float"]),
        (pd.DataFrame({"name": ["Ada"], "count": ["1"], "rating": [1]}), ["count is str"]),
        (pd.DataFrame({"name": ["Ada"], "count": [True], "rating": [1]}), ["count is bool"]),
        (pd.DataFrame({"name": [uuid4()], "count": [1], "rating": [1]}), ["name is UUID"]),
    ],
)
def test_what_differs_from_its_dataclass_is_found(frame, said):
    def query(_creator_id: UUID) -> Annotated[pd.DataFrame, Planted]:
        return frame

    (seen,) = seen_in(typed_frames(get_type_hints(query, include_extras=True)["return"], frame)).values()

    assert complaints(Planted, seen) == [f"Planted: {one}" for one in said]


def test_a_field_that_nothing_was_seen_of_is_found():
    seen = seen_in([(Planted, pd.DataFrame({"name": ["Ada"], "count": [None], "rating": [1.0]}))])

    assert unseen(Planted, seen[Planted]) == ["Planted: count has no value", "Planted: rating is never None"]


def test_frames_are_found_inside_answers_too():
    @dataclass(frozen=True)
    class Page:
        rows: Annotated[pd.DataFrame, Planted]
        total: int

    frame = pd.DataFrame({"name": ["Ada"], "count": [1], "rating": [None]})

    assert [found for found, _ in typed_frames(Page, Page(frame, 1))] == [Planted]
    assert [found for found, _ in typed_frames(Annotated[Page, Planted], Page(frame, 1))] == [Planted]
    assert records(frame, Planted) == [Planted("Ada", 1, None)]


def asked(about: Asked) -> Any:
    """What each typed query returns, for every student, video and quiz, as pairs of a row type and a frame."""
    for query in typed_queries():
        hint = get_annotations(query)["return"]
        for arguments in arguments_of(query, about):
            yield from typed_frames(hint, query(*arguments))


def arguments_of(query: Any, about: Asked) -> list[tuple[Any, ...]]:
    """The arguments for every parameter without a default, once for each id where one is needed."""
    named = [
        parameter.name for parameter in signature(query).parameters.values() if parameter.default is parameter.empty
    ]
    several = {"student_id": about.student_ids, "video_id": about.video_ids, "quiz_id": about.quiz_ids}
    ids = next((values for name, values in several.items() if name in named), (None,))
    return [tuple(argument(query, name, about, one) for name in named) for one in ids]


def argument(query: Any, name: str, about: Asked, of: UUID | None) -> Any:
    filters = {
        "students": StudentFilters(),
        "audience_of": StudentFilters(),
        "videos": VideoFilters(),
        "deliveries": DeliveryFilters(),
    }
    known: dict[str, Any] = {
        "creator_id": about.creator_id,
        "staff_id": about.staff_id,
        "account_id": about.account_id,
        "announcement_id": about.announcement_id,
        "period": MONTH,
        "filters": filters.get(query.__name__, QuestionFilters(MONTH)),
        "typed": "o",
        "most": 5,
        "student_ids": about.student_ids,
        "video_ids": about.video_ids,
        "quiet_days": 0,
        "chosen": preferences(about.creator_id),
        "day": NOW.date(),
    }
    return of if name in ("student_id", "video_id", "quiz_id") else known[name]
