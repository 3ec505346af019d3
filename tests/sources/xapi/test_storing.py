"""Statements are stored all or none, once, and only of people who may be kept; what they say follows."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from actions.erasures import erase_student
from database.tenancy import tenant_tx
from queries.students.handed_over import handed_over
from sources.facts import Student
from sources.landing.landing import write_facts
from sources.xapi.documents import Expected, Place, document, write_document
from sources.xapi.overview import declare_home_page, forget_statements, maybe_one_person, overview
from sources.xapi.shapes import VOIDED
from sources.xapi.storing import OtherContent, QuotaExceeded
from sources.xapi.vocabulary import COMPLETED, PAUSED, PLAYED, SEEKED
from sources.xapi.working import understand, waiting_creators
from tests.accounts import a_linked_account
from tests.builders import ACreator, a_creator
from tests.oracle import rows_of
from tests.xapi import HOME_PAGE, a_statement, an_agent, of_player, stored

pytestmark = pytest.mark.usefixtures("shared_database")

ID = "fd41c918-b88b-4b20-a0a5-a4c32391aaa0"
WATCHED = "select start_second, end_second from watch_segments order by start_second"


def statements(creator: ACreator) -> list[dict[str, object]]:
    return [json.loads(row[0]) for row in rows(creator, "select statement from xapi_statements order by id")]


def rows(creator: ACreator, statement: str) -> list[tuple[object, ...]]:
    with tenant_tx(creator.id) as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_a_statement_is_kept_as_it_came_with_what_the_specification_adds():
    creator = a_creator()
    sent = a_statement(
        id=ID, context={"contextActivities": {"parent": {"id": "urn:p"}}}, result={"score": {"raw": 0.1}}
    )

    assert stored(creator.id, sent) == [UUID(ID)]

    (kept,) = statements(creator)
    assert {name: kept[name] for name in ("id", "actor", "verb", "object", "result", "timestamp")} == {
        name: sent[name] for name in ("id", "actor", "verb", "object", "result", "timestamp")
    }
    assert kept["context"] == {"contextActivities": {"parent": [{"id": "urn:p"}]}}
    assert (kept["version"], kept["authority"]["mbox"]) == ("1.0.0", "mailto:key@example.com")


def test_what_is_stored_already_changes_nothing_even_with_another_instant_or_words():
    creator = a_creator()
    stored(creator.id, a_statement(id=ID))
    before = statements(creator)

    stored(creator.id, a_statement(id=ID.upper(), timestamp="2026-03-02T09:00:00Z"), a_statement())
    stored(creator.id, a_statement(id=ID, verb={**a_statement()["verb"], "display": {"en": "saw"}}))

    assert [one for one in statements(creator) if one["id"] == ID] == before
    assert len(statements(creator)) == 2


def test_other_content_under_a_known_id_stores_nothing_of_the_request():
    creator = a_creator()
    stored(creator.id, a_statement(id=ID))

    with pytest.raises(OtherContent):
        stored(creator.id, a_statement(), a_statement(id=ID, verb={"id": "urn:other"}))

    assert len(statements(creator)) == 1


def test_the_same_batch_from_many_at_once_is_stored_once():
    creator = a_creator()
    batch = [a_statement(id=str(uuid4())) for _ in range(20)]

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: stored(creator.id, *batch), range(8)))

    assert len(statements(creator)) == 20


def test_figures_follow_whatever_the_order_of_arrival():
    creator, other = a_creator(), a_creator()
    sent = [
        of_player(PLAYED, "2026-03-02T08:00:00Z", time=0),
        of_player(PAUSED, "2026-03-02T08:00:40Z", time=40, segments="0[.]40"),
        of_player(SEEKED, "2026-03-02T08:01:00Z", segments="0[.]40[,]100", time_from=40, time_to=100),
        of_player(COMPLETED, "2026-03-02T08:02:00Z", time=160, segments="0[.]40[,]100[.]160"),
    ]

    for one in reversed(sent):
        stored(creator.id, one)
        understand(creator.id)
    stored(other.id, *sent)
    understand(other.id)

    assert rows(creator, WATCHED) == rows(other, WATCHED) == [(0, 40), (100, 160)]
    assert rows(creator, "select watched_at from watch_segments order by 1") == rows(
        other, "select watched_at from watch_segments order by 1"
    )
    assert rows(creator, "select completed from video_progress") == [(True,)]
    assert creator.id not in waiting_creators()


def test_what_a_group_says_no_longer_is_taken_back():
    creator = a_creator()
    wrong = of_player(PAUSED, "2026-03-02T08:10:00Z", segments="0[.]170")
    right = of_player(PAUSED, "2026-03-02T08:11:00Z", segments="0[.]40")
    key = uuid4()
    stored(creator.id, wrong, right, key_id=key)
    understand(creator.id)
    assert rows(creator, WATCHED) == [(0, 170)]

    voiding = a_statement(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": wrong["id"]})
    stored(creator.id, voiding, key_id=uuid4())  # another key's voids nothing
    understand(creator.id)
    assert rows(creator, WATCHED) == [(0, 170)]
    stored(creator.id, voiding, key_id=key)
    understand(creator.id)

    assert rows(creator, WATCHED) == [(0, 40)]


def test_a_voided_statement_may_come_after_what_voids_it():
    creator = a_creator()
    late = of_player(PAUSED, segments="0[.]170")

    stored(creator.id, a_statement(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": late["id"]}))
    stored(creator.id, late)
    understand(creator.id)

    assert rows(creator, WATCHED) == []


def test_two_creators_with_the_same_statements_share_nothing():
    creator, outsider = a_creator(), a_creator()
    sent = of_player(PAUSED, segments="0[.]40")

    stored(creator.id, sent)
    stored(outsider.id, sent | {"verb": {"id": PLAYED}})  # the same id, with other content
    understand(creator.id)

    assert len(statements(creator)) == len(statements(outsider)) == 1
    assert (rows(creator, WATCHED), rows(outsider, WATCHED)) == ([(0, 40)], [])


def test_nothing_of_an_erased_person_comes_back():
    creator = a_creator()
    ada, bo = of_player(PAUSED, segments="0[.]40"), of_player(PAUSED, segments="0[.]20", student="18")
    stored(creator.id, ada, bo)
    place = Place("state", "urn:a", an_agent())
    write_document(creator.id, place, "place", "text/plain", b"40", Expected())
    understand(creator.id)
    (found,) = rows(creator, f"select id from students where external_id = '{HOME_PAGE} 17'")
    told = handed_over(creator.id, found[0])

    receipt = erase_student(a_linked_account(creator), creator.id, found[0])
    stored(creator.id, ada, of_player(PAUSED, segments="0[.]50"), of_player(PAUSED, segments="0[.]30", student="18"))
    stored(creator.id, a_statement(actor=an_agent("18"), context={"instructor": an_agent()}))
    write_document(creator.id, place, "place", "text/plain", b"41", Expected())
    understand(creator.id)

    assert told
    assert len(told["xapi_statements"]) == len(told["xapi_documents"]) == 1
    assert (receipt.removed["xapi_statements"], receipt.removed["xapi_documents"]) == (1, 1)
    assert {one["actor"]["account"]["name"] for one in statements(creator)} == {"18"}
    assert document(creator.id, place, "place") is None
    assert overview(creator.id).unkept == 3
    assert rows(creator, "select external_id from students") == [(f"{HOME_PAGE} 18",)]


def test_a_home_page_of_ones_own_names_known_students():
    creator = a_creator()
    write_facts(creator.id, [Student("17", "Ada Moss")])
    stored(creator.id, of_player(PAUSED, segments="0[.]40"))
    understand(creator.id)
    assert [(one.reason, one.one_external_id, one.other_external_id) for one in maybe_one_person(creator.id)] == [
        ("account", f"{HOME_PAGE} 17", "17")
    ]

    declare_home_page(creator.id, HOME_PAGE)
    understand(creator.id)

    watched = "select students.external_id from watch_segments join students on students.id = watch_segments.student_id"
    assert rows(creator, watched) == [("17",)]


def test_forgotten_statements_leave_their_figures():
    creator = a_creator()
    stored(creator.id, of_player(PAUSED, segments="0[.]40"))
    understand(creator.id)
    used = overview(creator.id).used_bytes

    assert forget_statements(creator.id, days=1) == 0
    with tenant_tx(creator.id) as connection:
        connection.execute(text("update xapi_statements set stored_at = stored_at - interval '2 days'"))
    assert forget_statements(creator.id, days=1) == 1

    assert (used > 0, overview(creator.id).used_bytes) == (True, 0)
    assert rows(creator, WATCHED) == [(0, 40)]


def test_there_is_an_end_to_the_space(monkeypatch):
    creator = a_creator()
    monkeypatch.setattr("sources.xapi.storing.QUOTA_BYTES", 500)
    stored(creator.id, *(a_statement() for _ in range(3)))

    with pytest.raises(QuotaExceeded):
        stored(creator.id, a_statement())
    with pytest.raises(QuotaExceeded):
        write_document(creator.id, Place("activity", "urn:a"), "x", "text/plain", b"1", Expected())

    assert len(statements(creator)) == 3
    assert len(rows_of(creator.id, "xapi_documents")) == 0


def test_what_is_not_understood_is_counted():
    creator = a_creator()
    stored(creator.id, a_statement(verb={"id": "urn:frobnicated"}), of_player(PAUSED, segments="9[.]2"))
    understand(creator.id)

    found = overview(creator.id)

    assert found.not_understood == 1
    assert [times for _, times in found.broken_rules] == [1]
