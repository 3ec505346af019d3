"""Signing in with OpenID Connect, in a browser, against a provider of the tests' own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import text

from database.account_directory import disable, invite, listed_accounts
from database.accounts import account_of_identity
from database.settings import PROJECT_DIR
from database.tenancy import platform_tx
from tests.builders import ACreator, a_creator, a_student
from tests.sign_in.openid_provider import CLIENT_ID, CLIENT_SECRET

ADA = "Ada Moss"
CHROMIUM = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run"]
SECONDS_TO_START = 120


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    port = free_port()
    with process([sys.executable, "-m", "tests.sign_in.openid_provider", str(port)], f"{port}/keys", {}):
        yield f"http://localhost:{port}"


@pytest.fixture(scope="module")
def dashboard(shared_database: object, issuer: str) -> Iterator[str]:
    """The address of a server that knows the provider."""
    port = free_port()
    settings = {
        "OIDC_ISSUER": issuer,
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "OIDC_REDIRECT_URI": f"http://localhost:{port}/oauth2callback",
        "OIDC_COOKIE_SECRET": "0123456789abcdef0123456789abcdef",
        "DASHBOARD_WORKER": "off",
    }
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port)]
    with process(command, f"{port}/_stcore/health", settings):
        yield f"http://localhost:{port}"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    installed = "/usr/bin/chromium" if os.path.exists("/usr/bin/chromium") else None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def mira(shared_database: object) -> ACreator:
    creator = a_creator(a_student(ADA), name="Mira Vale")
    invite("MIRA@example.com", "Mira Vale", creator.id)
    invite("noor@example.com", "Noor Staff", None)
    return creator


def test_the_first_sign_in_lands_on_the_remembered_page(
    dashboard: str, issuer: str, mira: ACreator, page: Page
) -> None:
    page.goto(f"{dashboard}/students?search=Ada&sort=name")
    sign_in(page, "mira")

    page.get_by_role("heading", name="Students").wait_for()
    assert page.url == f"{dashboard}/students?search=Ada&sort=name"
    linked = account_of_identity(issuer, "mira")
    assert linked is not None
    assert linked.creator_id == mira.id
    assert "dashboard_return" not in cookies(page)
    assert cookies(page)["_streamlit_user"]["httpOnly"]


def test_signing_out_ends_the_session_here(dashboard: str, mira: ACreator, page: Page) -> None:
    page.goto(dashboard)
    sign_in(page, "mira")
    page.get_by_role("heading", name="Overview").wait_for()

    page.get_by_role("button", name="Sign out").first.click()

    page.get_by_role("button", name="Sign in").wait_for()
    assert "_streamlit_user" not in cookies(page)
    page.goto(f"{dashboard}/students")
    page.get_by_role("button", name="Sign in").wait_for()
    assert ADA not in page.content()


def test_an_account_that_is_linked_never_opens_by_e_mail_alone(dashboard: str, mira: ACreator, page: Page) -> None:
    page.goto(dashboard)
    sign_in(page, "mira")
    page.get_by_role("heading", name="Overview").wait_for()
    page.context.clear_cookies()

    page.goto(dashboard)
    sign_in(page, "another-mira")

    refused(page, "which has no account on this dashboard")


@pytest.mark.parametrize("person", ["unverified-noor", "noor-as-text"])
def test_an_e_mail_that_is_not_verified_opens_nothing(dashboard: str, mira: ACreator, page: Page, person: str) -> None:
    page.goto(dashboard)
    sign_in(page, person)

    refused(page, "has not verified that this address is yours")
    assert [known.state for known in listed_accounts() if known.email == "noor@example.com"] == ["invited"]


def test_a_stranger_reads_the_address_and_what_to_do(dashboard: str, mira: ACreator, page: Page) -> None:
    page.goto(f"{dashboard}/student?id=00000000-0000-0000-0000-000000000000")
    sign_in(page, "stranger")

    page.get_by_text("Ask the administrator to add this address").wait_for()
    said = page.inner_text('[data-testid="stMain"]')
    assert "You signed in as *stranger*@example.com, which has no account" in said
    refused(page, "which has no account on this dashboard")


def test_a_disabled_account_is_refused_although_its_e_mail_is_verified(
    dashboard: str, issuer: str, mira: ACreator, page: Page
) -> None:
    olga = invite("olga@example.com", "Olga Own", a_creator(name="Olga Own").id)
    with platform_tx() as connection:
        link = text("update dashboard_users set issuer = :issuer, subject = 'olga' where id = :id")
        connection.execute(link, {"issuer": issuer, "id": olga})
    disable(olga)

    page.goto(dashboard)
    sign_in(page, "olga")

    refused(page, "this account no longer has access")


def sign_in(page: Page, person: str) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name=person, exact=True).click()


def refused(page: Page, why: str) -> None:
    page.get_by_role("heading", name="No access").wait_for()
    page.get_by_text(why).wait_for()
    assert ADA not in page.content()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in").wait_for()


def cookies(page: Page) -> dict[str, dict[str, object]]:
    return {str(cookie["name"]): dict(cookie) for cookie in page.context.cookies()}


@contextmanager
def process(command: list[str], answering: str, settings: dict[str, str]) -> Iterator[None]:
    """Run a server until the block ends; begins when it answers at this port and path."""
    running = subprocess.Popen(command, cwd=PROJECT_DIR, env=os.environ | settings)
    try:
        wait_for(f"http://localhost:{answering}", running)
        yield
    finally:
        running.terminate()
        running.wait(timeout=20)


def wait_for(address: str, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        assert running.poll() is None, "the server ended"
        try:
            with urlopen(address, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
