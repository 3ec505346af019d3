"""Who is looking, and at whose data."""

from dataclasses import dataclass
from uuid import UUID

import streamlit as st
from sqlalchemy.exc import NoResultFound

from database.accounts import Account, account, account_of_identity, is_disabled
from database.creators import Creator, creator_of_id, creators
from queries.cache.caching import remembered
from rules.tiers import must_open_the_dashboard, opens_the_dashboard
from ui.account.demo_account import chosen_account_id
from ui.account.oidc import oidc_is_configured

ACCOUNT_KEY = "account_id"  # of a session without a browser, which has no cookie
CREATOR_KEY = "opened_creator_id"
ASKED_FOR = "creator to open"  # by a page, which is drawn below the choice and cannot change it
SECONDS_UNTIL_REREAD = 60  # a sign-in cookie cannot be revoked; role and tier can change


class NotEntitled(PermissionError):
    """Nobody is signed in, or the account has no data to show here."""


@dataclass(frozen=True)
class Viewer:
    """The signed-in account and the creator whose data it sees; read-only for staff."""

    account: Account
    creator: Creator

    @property
    def creator_id(self) -> UUID:
        return self.creator.id

    @property
    def is_staff(self) -> bool:
        return self.account.role == "staff"


def viewer() -> Viewer:
    """The viewer of this run. Without one it raises NotEntitled or FeatureAccessDenied; no page can forget to ask."""
    signed_in = signed_in_account()
    if signed_in is None:
        raise NotEntitled("Sign in to see this page.")
    if signed_in.role == "creator":
        must_open_the_dashboard(signed_in.subscription_tier)
    creator_id = opened_creator_id() if signed_in.role == "staff" else signed_in.creator_id
    creator = _entitled_creator(creator_id)
    if creator is None and signed_in.role == "creator":
        _creator.clear()  # added or upgraded within the last minute
        creator = _entitled_creator(creator_id)
    if creator is None:
        raise NotEntitled("This account is not linked to a creator.")
    return Viewer(signed_in, creator)


def _entitled_creator(creator_id: UUID | None) -> Creator | None:
    creator = _creator(creator_id) if creator_id else None
    return creator if creator and opens_the_dashboard(creator.subscription_tier) else None


def signed_in_account() -> Account | None:
    """The account from the database, at most a minute old; None for nobody."""
    if is_signed_in_by_oidc():
        return _account_of_identity(*_identity(), verified_email())
    if oidc_is_configured():
        return None
    chosen = st.session_state.get(ACCOUNT_KEY) or chosen_account_id()
    return _account(chosen) if chosen else None


def staff_account() -> Account:
    """The member of staff who is signed in. Raises NotEntitled for everybody else."""
    signed_in = signed_in_account()
    if signed_in is None or signed_in.role != "staff":
        raise NotEntitled("This page is for staff.")
    return signed_in


def is_signed_in_by_oidc() -> bool:
    """Whether an OpenID provider has confirmed the person, who may be unknown to the dashboard."""
    return bool(st.user.get("is_logged_in"))


def verified_email() -> str | None:
    """The person's email, if the provider confirms that it is verified."""
    return str(st.user.get("email", "")) or None if st.user.get("email_verified") is True else None


def is_shut_out() -> bool:
    """Whether the account of the person was disabled."""
    return is_disabled(*_identity())


def _identity() -> tuple[str, str]:
    return str(st.user.get("iss") or ""), str(st.user.get("sub") or "")


def needs_upgrade(signed_in: Account) -> bool:
    """Whether access is denied: the dashboard is part of the ENTERPRISE tier."""
    return signed_in.role == "creator" and not opens_the_dashboard(signed_in.subscription_tier)


def opened_creator_id() -> UUID | None:
    """The creator a member of staff has opened; by default the first one."""
    entitled = [creator.id for creator in entitled_creators()]
    chosen: UUID | None = st.session_state.get(CREATOR_KEY)
    return chosen if chosen in entitled else next(iter(entitled), None)


def entitled_creators() -> list[Creator]:
    """The creators whose dashboards staff may open."""
    return [creator for creator in known_creators() if opens_the_dashboard(creator.subscription_tier)]


@remembered(SECONDS_UNTIL_REREAD)
def known_creators() -> list[Creator]:
    return creators()


@remembered(SECONDS_UNTIL_REREAD)
def _creator(creator_id: UUID) -> Creator | None:
    """Read separately: a creator's page must not read the list of all creators, which only staff need."""
    try:
        return creator_of_id(creator_id)
    except NoResultFound:
        return None


def forget_accounts_and_creators() -> None:
    """Drop the cached accounts and creators: this process has just changed one."""
    for known in (known_creators, _creator, _account, _account_of_identity):
        known.clear()


@remembered(SECONDS_UNTIL_REREAD)
def _account(account_id: UUID) -> Account | None:
    return account(account_id)


@remembered(SECONDS_UNTIL_REREAD)
def _account_of_identity(issuer: str, subject: str, verified_email: str | None) -> Account | None:
    return account_of_identity(issuer, subject, verified_email)
