"""The cookie of the demo sign-in: what it says, for how long, and that nobody else can write one."""

import stat
import time
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from database.settings import settings
from database.this_computer import TOKEN_FILE, is_token, token
from ui.account import demo_cookie
from ui.account.demo_cookie import (
    SECONDS,
    cookie_name,
    cookie_value,
    end,
    is_ticket,
    new_sign_in,
    sign_in_of,
    ticket,
)

ACCOUNT = uuid4()


@pytest.fixture(autouse=True)
def data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path / "data"))


@pytest.mark.parametrize("account_id", [None, ACCOUNT])
def test_it_says_which_account_was_chosen(account_id: UUID | None) -> None:
    sign_in = new_sign_in(account_id)

    assert sign_in_of({cookie_name(): cookie_value(sign_in)}) == sign_in


def test_nobody_else_can_write_one() -> None:
    value = cookie_value(new_sign_in(ACCOUNT))

    for forged in ("", "x", "....", value[:-1], value.replace(str(ACCOUNT), str(uuid4())), value + "x", "é" + value):
        assert sign_in_of({cookie_name(): forged}) is None
    assert sign_in_of({}) is None
    assert sign_in_of({"dashboard_demo": value}) is None


def test_it_holds_for_thirty_days_and_not_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    cookies = {cookie_name(): cookie_value(new_sign_in(ACCOUNT))}
    made = time.time()

    monkeypatch.setattr(demo_cookie.time, "time", lambda: made + SECONDS - 60)  # type: ignore[attr-defined]
    assert sign_in_of(cookies) is not None
    monkeypatch.setattr(demo_cookie.time, "time", lambda: made + SECONDS + 60)  # type: ignore[attr-defined]
    assert sign_in_of(cookies) is None


def test_another_data_folder_or_token_knows_it_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name, value = cookie_name(), cookie_value(new_sign_in(ACCOUNT))
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path / "other"))

    assert cookie_name() != name
    assert sign_in_of({name: value, cookie_name(): value}) is None


def test_what_was_ended_has_ended_and_nothing_else() -> None:
    ended, other = new_sign_in(ACCOUNT), new_sign_in(ACCOUNT)

    end(ended)

    assert (ended.has_ended, other.has_ended) == (True, False)


def test_a_ticket_is_for_one_browser_one_account_and_one_page() -> None:
    sign_in = new_sign_in()
    given = ticket(sign_in, "ada", "/students")

    assert is_ticket(given, sign_in, "ada", "/students")
    assert not is_ticket(given, new_sign_in(), "ada", "/students")
    assert not is_ticket(given, sign_in, "noor", "/students")
    assert not is_ticket(given, sign_in, "ada", "/")
    assert not is_ticket("", sign_in, "ada", "/students")


def test_the_token_is_long_stays_and_is_its_owners_alone() -> None:
    first = token()

    file = settings().data_dir / TOKEN_FILE
    assert len(first) >= 43  # 256 bits
    assert token() == first
    assert is_token(first)
    assert not is_token("")
    assert not is_token(first + "x")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_token_that_others_could_read_is_replaced() -> None:
    first, file = token(), settings().data_dir / TOKEN_FILE
    file.chmod(0o644)

    assert token() != first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
