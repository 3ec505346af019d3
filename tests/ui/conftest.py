"""The settings that decide who may sign in, for one test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config

OIDC = """
[auth]
redirect_uri = "http://localhost:8501/oauth2callback"
cookie_secret = "of a test"
client_id = "dashboard"
client_secret = "of a test"
server_metadata_url = "http://localhost:9/.well-known/openid-configuration"
"""
SignIn = Callable[..., None]


@pytest.fixture
def sign_in_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SignIn]:
    """Call it with what is configured: `sign_in_settings(oidc=True, embedded=False, address="0.0.0.0")`.

    `local` is DASHBOARD_LOCAL_SIGN_IN.
    """
    before = {option: config.get_option(option) for option in ("server.address", "secrets.files")}

    def configured(
        oidc: bool = False, embedded: bool = True, address: str | None = "localhost", local: str | None = None
    ) -> None:
        secrets = tmp_path / "secrets.toml"
        if oidc:
            secrets.write_text(OIDC)
        monkeypatch.delenv("DASHBOARD_LOCAL_SIGN_IN", raising=False)
        if local is not None:
            monkeypatch.setenv("DASHBOARD_LOCAL_SIGN_IN", local)
        monkeypatch.delenv("DATABASE_URL", raising=False)  # an earlier test's database may still stand there
        if not embedded:
            monkeypatch.setenv("DATABASE_URL", "postgresql://a@db.example/b")
        config.set_option("server.address", address)
        config.set_option("secrets.files", [str(secrets)])
        st.secrets._reset()

    yield configured
    for option, value in before.items():
        config.set_option(option, value)
    st.secrets._reset()
