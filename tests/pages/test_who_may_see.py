"""Who sees whose dashboard: the gate, staff, outsiders, people who are signed out."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from database.tenancy import platform_tx
from queries.cache.caching import forget_everything
from tests.builders import ACreator, a_creator, a_student, a_watch
from tests.pages.opened import an_account, opened, words

ADA = "Ada Moss"
PAGES = ("overview", "students", "student")


def test_nobody_sees_anything_without_signing_in() -> None:
    a_creator_with_ada()

    app = opened(None)

    assert app.title[0].value == "Creator Dashboard"
    assert ADA not in everything(app)
    assert not app.sidebar.button


def test_an_unknown_account_is_signed_out() -> None:
    a_creator_with_ada()

    assert ADA not in everything(opened(uuid4()))


@pytest.mark.parametrize("tier", ["basic", "pro"])
def test_the_gate_says_what_is_missing_and_what_to_do(tier: str) -> None:
    app = opened(an_account(a_creator_with_ada(tier)))

    said = words(app)
    assert app.title[0].value == "Feature Access Denied"
    assert f"has the **{tier.upper()}** tier" in said
    assert "Upgrade to ENTERPRISE" in said
    assert ADA not in everything(app)


def test_a_creator_who_loses_the_tier_meets_the_gate_within_a_minute() -> None:
    creator = a_creator_with_ada()
    app = opened(an_account(creator))
    change("update creators set subscription_tier = 'pro' where id = :id", creator.id)

    a_minute_passes()
    app.run()

    assert app.title[0].value == "Feature Access Denied"
    assert ADA not in everything(app)


def test_a_disabled_account_is_signed_out_within_a_minute() -> None:
    account = an_account(a_creator_with_ada())
    app = opened(account)
    assert ADA in everything(app)
    change("update dashboard_users set disabled_at = dashboard_now() where id = :id", account)

    a_minute_passes()
    app.run()

    assert app.title[0].value == "Creator Dashboard"
    assert ADA not in everything(app)


@pytest.mark.parametrize("page", PAGES)
def test_an_outsider_sees_nothing_of_it_even_after_the_owner_looked(page: str) -> None:
    ada = a_student(ADA)
    owner = a_creator(ada, a_watch(ada, days_ago=10), name="The Owner")
    outsider = a_creator(a_student("Olga Own"), name="The Outsider")
    seen_by_owner = opened(an_account(owner), page, id=str(ada.id))

    app = opened(an_account(outsider), page, id=str(ada.id))

    assert ADA in everything(seen_by_owner)
    assert not app.exception
    assert ADA not in everything(app)
    assert "ada@" not in everything(app)
    assert "The Owner" not in everything(app)


def test_staff_read_only_and_every_opening_is_noted_once() -> None:
    first, second = a_creator_with_ada(name="Amy First"), a_creator_with_ada(name="Zoe Second")
    account = an_account(None, name="Sam Staff")

    app = opened(account)
    banner = app.warning[0].value
    app.run()
    noted_first = openings()
    app.selectbox(key="opened_creator_id").set_value(second.id).run()

    assert "Read-only" in banner
    assert "Amy First" in banner
    assert "Zoe Second" in app.warning[0].value
    assert noted_first == [(account, first.id)]
    assert sorted(openings()) == sorted([(account, first.id), (account, second.id)])


def test_staff_open_only_creators_of_the_tier() -> None:
    a_creator_with_ada(name="Amy First")
    lesser = a_creator_with_ada("pro", name="Pat Pro")
    app = opened(an_account(None))

    assert app.selectbox(key="opened_creator_id").options == ["Amy First"]

    app = AppTest.from_file(app._script_path, default_timeout=30)
    app.session_state["account_id"] = an_account(None)
    app.session_state["opened_creator_id"] = lesser.id
    app.run()

    assert "Pat Pro" not in everything(app)
    assert openings(lesser.id) == []


def test_staff_without_any_creator_are_told_so() -> None:
    app = opened(an_account(None))

    assert not app.exception
    assert "not linked to a creator" in app.error[0].value


def test_a_creator_has_no_choice_and_no_banner() -> None:
    a_creator_with_ada(name="Zoe Second")
    app = opened(an_account(a_creator_with_ada(name="Amy First")))

    assert "Creator" not in [choice.label for choice in app.selectbox]
    assert not app.warning
    assert openings() == []


def test_signing_out_forgets_the_account() -> None:
    app = opened(an_account(a_creator_with_ada()))

    app.sidebar.button[0].click().run()

    assert app.title[0].value == "Creator Dashboard"
    assert ADA not in everything(app)


def everything(app: AppTest) -> str:
    return words(app) + "\n" + "\n".join(str(getattr(element, "value", "")) for element in app.sidebar)


def a_minute_passes() -> None:
    forget_everything()


def change(statement: str, key: UUID) -> None:
    with platform_tx() as connection:
        assert connection.execute(text(statement), {"id": key}).rowcount == 1


def openings(creator_id: UUID | None = None) -> list[tuple[UUID, UUID]]:
    with platform_tx() as connection:
        rows = connection.execute(text("select user_id, creator_id from audit_log")).all()
    return [(user, creator) for user, creator in rows if creator_id in (None, creator)]


def a_creator_with_ada(tier: str = "enterprise", name: str = "Mira Vale") -> ACreator:
    """Silent for ten days, so that every page names her."""
    ada = a_student(ADA)
    return a_creator(ada, a_watch(ada, days_ago=10), subscription_tier=tier, name=name)
