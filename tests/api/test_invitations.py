"""The link of an invitation: asks first, enrols once, gives nothing away."""

from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from actions.invitations import invite
from api.app import api
from mail.invitation_link import invitation_url
from tests.accounts import a_linked_account
from tests.builders import a_creator
from tests.oracle import rows_of

pytestmark = pytest.mark.usefixtures("shared_database")


@pytest.fixture
def client():
    return TestClient(api)


def test_looking_at_the_link_enrols_nobody(client):
    creator, link = invited()

    answer = client.get(link)

    assert answer.status_code == 200
    assert "<strong>Mira &lt;b&gt;Vale</strong> invites <strong>bo@example.org</strong>" in answer.text
    assert rows_of(creator.id, "students") == []


def test_the_button_enrols_once(client):
    creator, link = invited()

    answers = [client.post(link, data={"name": "  Bo\n<i>Lind "}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "You are in" in answers[1].text
    assert [row["name"] for row in rows_of(creator.id, "students")] == ["Bo <i>Lind"]
    assert "You are in" in client.get(link).text


def test_a_link_that_is_not_ours_is_answered_alike(client):
    creator, link = invited()
    other_creator, other_link = invited()
    forged = [
        link[:-1] + ("A" if link[-1] != "A" else "B"),
        link.replace(str(creator.id), str(other_creator.id)),
        f"/invitation?c={creator.id}&i={uuid4()}&s={other_link.rsplit('=', 1)[1]}",
        "/invitation",
        "/invitation?c=x&i=y&s=z",
    ]

    answers = [client.post(address, data={"name": "Eve"}) for address in forged]

    assert {(answer.status_code, "does not work" in answer.text) for answer in answers} == {(404, True)}
    assert rows_of(creator.id, "students") == rows_of(other_creator.id, "students") == []


def invited():
    """A creator with an open invitation, and its link below /api."""
    creator = a_creator(name="Mira <b>Vale")
    invite(a_linked_account(creator), creator.id, ["bo@example.org"], "UTC")
    invitation_id = rows_of(creator.id, "invitations")[0]["id"]
    return creator, invitation_url(creator.id, invitation_id).split("/api", 1)[1]
