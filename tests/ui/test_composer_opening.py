"""How the composer is opened from elsewhere: few students in the address, many with a draft."""

from uuid import UUID, uuid4

import pytest

from database.creators import creator_of_id
from queries.mails.announcement_drafts import announcement_drafts
from tests.accounts import a_linked_account
from tests.builders import a_creator
from ui.account.viewer import Viewer
from ui.composer import opening
from ui.shared.links import Link

pytestmark = pytest.mark.usefixtures("shared_database")


class Switched(Exception):
    """A click led to the composer, with these parameters in the address."""

    def __init__(self, query_params: dict[str, str]) -> None:
        self.address = query_params


@pytest.fixture(autouse=True)
def switching(monkeypatch: pytest.MonkeyPatch) -> None:
    def go_to(link: Link) -> None:
        raise Switched(dict(link.query))

    monkeypatch.setattr(opening, "go_to", go_to)


def test_few_students_are_named_by_the_address_with_what_it_is_about(seen_by):
    one, other = uuid4(), uuid4()

    with pytest.raises(Switched) as led:
        opening.write_to([one, other], "silent")

    assert led.value.address == {"to": f"{one},{other}", "about": "silent"}
    assert announcement_drafts(seen_by.creator_id) == []


def test_many_students_are_kept_with_a_draft_that_has_a_text_already(seen_by):
    many = [UUID(int=number) for number in range(51)]

    with pytest.raises(Switched) as led:
        opening.write_to(many, "finished")

    (draft,) = announcement_drafts(seen_by.creator_id)
    assert led.value.address == {"draft": str(draft.id)}
    assert draft.recipients["students"] == [str(one) for one in many]
    assert draft.subject == "You finished the course. Well done!"


@pytest.fixture
def seen_by(monkeypatch: pytest.MonkeyPatch) -> Viewer:
    creator = a_creator()
    looking = Viewer(a_linked_account(creator), creator_of_id(creator.id))
    monkeypatch.setattr(opening, "viewer", lambda: looking)
    return looking
