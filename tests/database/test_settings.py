"""Settings from the environment, and the errors for invalid values."""

import pytest

from database.settings import settings
from rules.errors import SetupError


def test_links_lead_to_the_servers_own_port_by_default(monkeypatch):
    monkeypatch.delenv("DASHBOARD_URL", raising=False)
    monkeypatch.delenv("PORT", raising=False)
    assert settings().public_url == "http://localhost:8501"

    monkeypatch.setenv("PORT", "8600")
    assert settings().public_url == "http://localhost:8600"


def test_a_slash_at_the_end_of_the_address_is_left_out(monkeypatch):
    monkeypatch.setenv("DASHBOARD_URL", "https://dashboard.example.org/school/")

    assert settings().public_url == "https://dashboard.example.org/school"


@pytest.mark.parametrize("address", ["dashboard.example.org", "ftp://example.org", "https://", "https://a.example?b=c"])
def test_an_address_that_cannot_be_one_is_named(monkeypatch, address):
    monkeypatch.setenv("DASHBOARD_URL", address)

    with pytest.raises(SetupError, match="DASHBOARD_URL"):
        settings()
