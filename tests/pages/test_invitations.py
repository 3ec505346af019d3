"""Invitations as a creator sends them and as staff see them."""

from queries.mails.invitations import invitations
from tests.builders import a_creator
from tests.mailing import mails
from tests.pages.opened import an_account, opened, words


def test_without_invitations_it_says_what_one_is() -> None:
    app = opened(an_account(a_creator()), "invitations")

    assert not app.exception
    assert "No invitations yet." in words(app)


def test_pasted_addresses_are_sorted_and_invited() -> None:
    creator = a_creator()
    app = opened(an_account(creator), "invitations")
    app.text_area(key="invited_addresses").set_value("bo@example.org, x@@y.de").run()
    assert "x@@y.de" in words(app)

    app.button(key="invite").click().run()

    assert not app.exception
    assert [row["recipient"] for row in mails(creator)] == ["bo@example.org"]
    assert "1 invitation is on the way." in words(app)
    assert "bo@example.org" in words(app)
    assert invitations(creator.id)["state"].tolist() == ["open"]


def test_staff_see_them_and_invite_nobody() -> None:
    a_creator()

    app = opened(an_account(None), "invitations")

    assert not app.exception
    assert not app.text_area


def test_an_invitation_is_sent_again_and_withdrawn() -> None:
    creator = a_creator()
    app = opened(an_account(creator), "invitations")
    app.text_area(key="invited_addresses").set_value("bo@b\u00fccher.example").run()
    app.button(key="invite").click().run()
    (invitation_id,) = invitations(creator.id)["invitation_id"]

    app.selectbox(key="chosen_invitation").set_value(invitation_id).run()
    app.button(key="invite_again").click().run()
    assert "is on the way again." in words(app)
    assert len(mails(creator)) == 2
    app.button(key="withdraw_invitation").click().run()

    assert "its link no longer works" in words(app)
    assert invitations(creator.id)["state"].tolist() == ["withdrawn"]
    assert "None" not in words(app)
