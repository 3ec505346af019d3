"""An open page says in the dashboard's own words that the server restarts, and continues automatically."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.conftest import browser  # noqa: F401
from tests.browser.server import free_port, running_server
from tests.browser.visitor import MILLISECONDS, visit
from ui.shared.connection import LOST


def test_a_page_outlives_a_restart_of_the_server(browser: Browser, tmp_path: Path) -> None:  # noqa: F811
    port = free_port()
    with running_server(tmp_path / "data", port) as server:
        ada = visit(browser, server)
        ada.open("/students")
        ada.sign_in()
        ada.is_on("Students")

    message = ada.page.get_by_text(LOST)
    expect(message).to_be_visible(timeout=MILLISECONDS)
    ada.page.wait_for_timeout(5_000)  # Streamlit tries again and again
    assert not ada.page.get_by_text("Is Streamlit still running").is_visible()
    assert "Streamlit" not in ada.page.locator("body").inner_text()

    with running_server(tmp_path / "data", port):
        expect(message).to_be_hidden(timeout=MILLISECONDS)
        ada.is_on("Students")
        ada.follow("Overview")
        ada.is_on("Overview")
    ada.page.context.close()
