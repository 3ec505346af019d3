"""Where the demo sign-in is offered, and who reaches it."""

import asyncio
from typing import Any

import pytest

from database.errors import SetupError
from tests.ui.conftest import SignIn
from ui.safety import LoopbackOnly, demo_sign_in_is_safe, oidc_is_configured, refuse_without_sign_in

LOOPBACK = ("127.0.0.1", 50000)


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1", "::1"])
def test_the_demo_sign_in_is_offered_on_this_computer_alone(sign_in_settings: SignIn, address: str) -> None:
    sign_in_settings(address=address)

    assert demo_sign_in_is_safe()
    refuse_without_sign_in()


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.5", "dashboard.example", "", None])
def test_another_address_without_a_provider_is_refused(sign_in_settings: SignIn, address: str | None) -> None:
    sign_in_settings(address=address)

    assert not demo_sign_in_is_safe()
    with pytest.raises(SetupError, match="OpenID Connect") as refused:
        refuse_without_sign_in()
    assert f'"{address or "all addresses"}"' in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("address", ["localhost", "0.0.0.0"])
def test_another_database_without_a_provider_is_refused(sign_in_settings: SignIn, address: str) -> None:
    sign_in_settings(embedded=False, address=address)

    assert not demo_sign_in_is_safe()
    with pytest.raises(SetupError, match="DATABASE_URL is set"):
        refuse_without_sign_in()


@pytest.mark.parametrize("embedded", [True, False])
@pytest.mark.parametrize("address", ["localhost", "0.0.0.0", None])
def test_with_a_provider_it_starts_anywhere_and_never_offers_the_demo_sign_in(
    sign_in_settings: SignIn, embedded: bool, address: str | None
) -> None:
    sign_in_settings(oidc=True, embedded=embedded, address=address)

    refuse_without_sign_in()
    assert oidc_is_configured()
    assert not demo_sign_in_is_safe()


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("host", ["localhost", "localhost:8501", "127.0.0.1:8501", "[::1]:8501", "[::1]"])
@pytest.mark.parametrize("client", [LOOPBACK, ("127.8.9.1", 1), ("::1", 50000)])
def test_this_computer_is_let_in(sign_in_settings: SignIn, kind: str, host: str, client: tuple[str, int]) -> None:
    sign_in_settings()

    assert sent(kind, host, client) == ["let in"]


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("localhost", ("192.168.1.9", 50000)),
        ("localhost", ("2001:db8::1", 50000)),
        ("localhost", ("unix", 0)),
        ("localhost", None),
        ("192.168.1.5:8501", LOOPBACK),
        ("attacker.example", LOOPBACK),
        ("localhost.attacker.example:8501", LOOPBACK),
        ("127.0.0.1.attacker.example", LOOPBACK),
        ("[::1].attacker.example", LOOPBACK),
        ("", LOOPBACK),
        (None, LOOPBACK),
    ],
)
def test_everybody_else_is_turned_away(
    sign_in_settings: SignIn, kind: str, host: str | None, client: tuple[str, int] | None
) -> None:
    sign_in_settings()

    refusals = {"http": ["http.response.start 403", "http.response.body"], "websocket": ["websocket.close 1008"]}
    assert sent(kind, host, client) == refusals[kind]


def test_with_a_provider_everybody_reaches_the_sign_in(sign_in_settings: SignIn) -> None:
    sign_in_settings(oidc=True)

    assert sent("http", "dashboard.example", ("192.168.1.9", 50000)) == ["let in"]


def test_the_server_may_always_start_and_stop(sign_in_settings: SignIn) -> None:
    sign_in_settings()

    assert sent("lifespan", None, None) == ["let in"]


def sent(kind: str, host: str | None, client: tuple[str, int] | None) -> list[str]:
    """What a request of this client for this host is answered, or that it is let in."""
    messages: list[str] = []

    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        messages.append("let in")

    async def receive() -> Any:
        raise AssertionError("nothing is read from somebody who is turned away")

    async def send(message: Any) -> None:
        detail = message.get("status") or message.get("code")
        messages.append(" ".join(str(part) for part in (message["type"], detail) if part))

    headers = [] if host is None else [(b"host", host.encode())]
    scope = {"type": kind, "headers": headers, "client": client}
    asyncio.run(LoopbackOnly(app)(scope, receive, send))
    return messages
