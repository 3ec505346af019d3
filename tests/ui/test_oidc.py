"""What the environment says about the OpenID provider."""

import pytest

from rules.errors import SetupError
from ui.account.oidc import VARIABLES, is_served_over_https, oidc_is_configured, oidc_secrets

COMPLETE = {
    "OIDC_ISSUER": "https://issuer.example.com/",
    "OIDC_CLIENT_ID": "dashboard",
    "OIDC_CLIENT_SECRET": "secret",
    "OIDC_REDIRECT_URI": "https://dash.example.com/oauth2callback",
    "OIDC_COOKIE_SECRET": "x" * 32,
}


@pytest.fixture(autouse=True)
def no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def configured(monkeypatch: pytest.MonkeyPatch, **changed: str) -> None:
    for name, value in (COMPLETE | changed).items():
        monkeypatch.setenv(name, value)


def test_without_settings_there_is_no_provider() -> None:
    assert oidc_secrets() == {}
    assert not oidc_is_configured()


def test_a_complete_environment_is_an_auth_section(monkeypatch: pytest.MonkeyPatch) -> None:
    configured(monkeypatch)

    assert oidc_secrets() == {
        "auth": {
            "server_metadata_url": "https://issuer.example.com/.well-known/openid-configuration",
            "client_id": "dashboard",
            "client_secret": "secret",
            "redirect_uri": "https://dash.example.com/oauth2callback",
            "cookie_secret": "x" * 32,
        }
    }
    assert oidc_is_configured()
    assert is_served_over_https()


def test_the_issuer_may_be_given_as_its_discovery_document(monkeypatch: pytest.MonkeyPatch) -> None:
    configured(monkeypatch, OIDC_ISSUER="https://issuer.example.com/.well-known/openid-configuration")

    assert oidc_secrets()["auth"]["server_metadata_url"].count("well-known") == 1


@pytest.mark.parametrize("missing", VARIABLES)
def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    configured(monkeypatch, **{missing: " "})

    with pytest.raises(SetupError, match=missing):
        oidc_secrets()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OIDC_ISSUER", "http://issuer.example.com", "write an https:// address"),
        ("OIDC_ISSUER", "issuer.example.com", "write an https:// address"),
        ("OIDC_REDIRECT_URI", "http://dash.example.com/oauth2callback", "write an https:// address"),
        ("OIDC_REDIRECT_URI", "https://dash.example.com/", "must end in /oauth2callback"),
        ("OIDC_COOKIE_SECRET", "x" * 31, "at least 32"),
    ],
)
def test_unsafe_settings_are_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    configured(monkeypatch, **{name: value})

    with pytest.raises(SetupError, match=said) as refused:
        oidc_secrets()
    assert name in str(refused.value)
    assert COMPLETE["OIDC_COOKIE_SECRET"] not in str(refused.value)


def test_this_computer_may_use_http(monkeypatch: pytest.MonkeyPatch) -> None:
    configured(monkeypatch, OIDC_REDIRECT_URI="http://localhost:8501/oauth2callback")

    assert oidc_secrets()
    assert not is_served_over_https()
