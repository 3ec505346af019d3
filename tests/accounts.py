"""Accounts as tests need them."""

from uuid import UUID, uuid4

from database.account_directory import invite
from database.accounts import Account, account, account_of_identity
from tests.builders import ACreator

ISSUER = "https://sign-in.example.com"


def an_invited_account(email: str, creator: ACreator | None = None, name: str = "Ira Bloom") -> UUID:
    """An account that nobody has signed in to yet; staff without a creator."""
    return invite(email, name, creator and creator.id)


def a_linked_account(creator: ACreator | None = None, name: str = "Ira Bloom") -> Account:
    """An account whose owner has signed in; staff without a creator."""
    email = f"{uuid4().hex}@example.com"
    an_invited_account(email, creator, name)
    linked = account_of_identity(ISSUER, email, email)
    assert linked is not None
    assert account(linked.id) == linked
    return linked
