"""Signed links: only exactly what was signed is accepted."""

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from database.settings import settings
from database.signing import is_signed, signature
from rules.errors import SetupError


@pytest.fixture(autouse=True)
def no_secret_of_the_developer(monkeypatch, tmp_path):
    monkeypatch.delenv("DASHBOARD_SECRET", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))


def test_what_was_signed_passes_and_nothing_else():
    signed = signature("download", "a", "bc")

    assert is_signed(signed, "download", "a", "bc")
    assert not is_signed(signed, "unsubscribe", "a", "bc")
    assert not is_signed(signed, "download", "ab", "c")
    assert not is_signed(signed, "download", "a", "bc", "")
    assert not is_signed("", "download", "a", "bc")
    assert not is_signed("é", "download", "a", "bc")


def test_links_that_were_sent_stay_valid(monkeypatch):
    """A link in an email may be followed years later: how parts are signed must never change."""
    monkeypatch.setenv("DASHBOARD_SECRET", "s" * 32)

    assert signature("download", "a", "bc", "\u00e9") == "OfegXoCCwQBSMbEqgacTRqe3xzM5CQ6hP3XYuztii3k"


@given(place=st.integers(0, 42), character=st.characters(codec="ascii"))
def test_a_changed_character_is_noticed(place, character):
    signed = signature("download", "a")
    changed = signed[:place] + character + signed[place + 1 :]

    assert is_signed(changed, "download", "a") == (changed == signed)


def test_the_embedded_database_keeps_its_secret_for_its_owner_alone():
    first = signature("download", "a")

    (file,) = settings().data_dir.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert signature("download", "a") == first


def test_the_secret_of_the_environment_comes_first(monkeypatch):
    own = signature("download", "a")
    monkeypatch.setenv("DASHBOARD_SECRET", "x" * 32)

    assert signature("download", "a") != own
    monkeypatch.setenv("DASHBOARD_SECRET", "y" * 32)
    assert not is_signed(own, "download", "a")


@pytest.mark.parametrize("secret", ["", "short"])
def test_a_hosted_database_needs_a_secret_of_some_length(monkeypatch, secret):
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost/dashboard")
    monkeypatch.setenv("DASHBOARD_SECRET", secret)

    with pytest.raises(SetupError, match="DASHBOARD_SECRET"):
        signature("download", "a")
