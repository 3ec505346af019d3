"""Where the demo sign-in is offered."""

import pytest

from rules.errors import SetupError
from tests.ui.conftest import SignIn
from ui.account.safety import demo_sign_in_is_safe, oidc_is_configured, refuse_without_sign_in  # type: ignore[attr-defined]


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


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1", "::1"])
def test_another_database_of_this_computer_is_taken_if_somebody_says_so(sign_in_settings: SignIn, address: str) -> None:
    sign_in_settings(embedded=False, address=address, local="1")

    assert demo_sign_in_is_safe()
    refuse_without_sign_in()


@pytest.mark.parametrize("embedded", [True, False])
@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.5", "localhost.evil.example", "", None])
def test_what_somebody_says_opens_no_other_address(
    sign_in_settings: SignIn, embedded: bool, address: str | None
) -> None:
    sign_in_settings(embedded=embedded, address=address, local="1")

    assert not demo_sign_in_is_safe()
    with pytest.raises(SetupError, match=r"listens on .* with server.address = localhost"):
        refuse_without_sign_in()


@pytest.mark.parametrize("embedded", [True, False])
@pytest.mark.parametrize("address", ["localhost", "0.0.0.0"])
def test_a_provider_and_the_sign_in_of_this_computer_exclude_each_other(
    sign_in_settings: SignIn, embedded: bool, address: str
) -> None:
    sign_in_settings(oidc=True, embedded=embedded, address=address, local="1")

    assert not demo_sign_in_is_safe()
    with pytest.raises(SetupError, match="Unset DASHBOARD_LOCAL_SIGN_IN"):
        refuse_without_sign_in()


@pytest.mark.parametrize("off", ["", "0"])
def test_turned_off_it_is_as_if_it_were_not_set(sign_in_settings: SignIn, off: str) -> None:
    sign_in_settings(embedded=False, local=off)

    assert not demo_sign_in_is_safe()
    with pytest.raises(SetupError, match=r"set DASHBOARD_LOCAL_SIGN_IN=1 and run it with server.address = localhost"):
        refuse_without_sign_in()


@pytest.mark.parametrize("unclear", ["true", "yes", "on", " 1", "2"])
def test_nobody_has_to_guess_what_turns_it_on(sign_in_settings: SignIn, unclear: str) -> None:
    sign_in_settings(embedded=False, local=unclear)

    with pytest.raises(SetupError, match=r"DASHBOARD_LOCAL_SIGN_IN is .* write 1 to turn it on"):
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
