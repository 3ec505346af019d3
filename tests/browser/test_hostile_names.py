"""Names that try to be more than text, as a browser shows them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from database.accounts import add_demo_account
from database.migrate import migrate
from tests.browser.conftest import Visits
from tests.browser.server import OF_THE_TESTS, Server, running_server
from tests.browser.visitor import MAIN, MILLISECONDS, PROFILE_LINK, Visitor
from tests.builders import a_creator, a_student

PHONE = 390
NAMES = (
    "![x](http://evil.example/a.png) [y](http://evil.example)",
    "www.evil.example https://evil.example/x a@evil.example",
    ":material/home: :red[x] :smile: :streamlit: $x^2$ -> <- -- >=",
    "<b>bold</b><img src=http://evil.example/b.png> **strong** `code` ~~gone~~",
    "\u202e" + "שלום " + "W" * 500,
)
# What any of them would become if it were not shown as text.
MORE_THAN_TEXT = "a[href*=evil], img, b, strong, em, code, del, .katex, [style*=color]"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose only creator and students have these names; without an empty database there is no demo."""
    data_dir = tmp_path_factory.mktemp("hostile") / "data"
    with pytest.MonkeyPatch.context() as patch:
        for variable in OF_THE_TESTS:
            patch.delenv(variable, raising=False)
        patch.setenv("DASHBOARD_DATA_DIR", str(data_dir))
        migrate()
        students = [a_student(name, enrolled_days_ago=90 - place) for place, name in enumerate(NAMES)]
        add_demo_account(a_creator(students, name=NAMES[0]).id, NAMES[0])
        with running_server(data_dir) as running:
            yield running


@pytest.mark.parametrize("width", [1280, PHONE])
def test_names_are_text_on_every_page(visitor: Visits, width: int) -> None:
    ada = visitor(width=width)
    ada.open()
    ada.is_on("Creator Dashboard")
    assert NAMES[0] in shown(ada)
    ada.page.get_by_role("button", name="Sign in").click()
    ada.is_on("Overview")

    assert [text_of(link.inner_text()) for link in ada.page.locator(PROFILE_LINK).all()] == [as_text(n) for n in NAMES]
    assert ada.page.locator(PROFILE_LINK).locator(MORE_THAN_TEXT).count() == 0
    for place, name in enumerate(NAMES):
        ada.page.locator(PROFILE_LINK).nth(place).click()
        ada.sees("Videos completed")
        title = ada.page.locator("h1").first
        assert text_of(title.inner_text()) == as_text(name)
        assert title.locator(MORE_THAN_TEXT).count() == 0
        ada.settle()
        assert overhang(ada) <= 0
        ada.goes_back()
        ada.is_on("Overview")

    assert not [address for address in ada.addresses if "evil" in address]


def test_a_browser_would_show_more_than_text_without_the_care(browser: Browser) -> None:
    """The selector finds what it must find."""
    page = browser.new_page()
    page.set_content("<h1><a href='http://evil.example'>x</a><b>y</b><span class=katex>z</span></h1>")

    expect(page.locator("h1").locator(MORE_THAN_TEXT)).to_have_count(3, timeout=MILLISECONDS)
    page.close()


def shown(ada: Visitor) -> str:
    return text_of(ada.page.locator(MAIN).inner_text())


def text_of(seen: str) -> str:
    """Without the name of the icon before a link."""
    return seen.removeprefix("person").strip()


def as_text(name: str) -> str:
    return name.replace("\u202e", "")


def overhang(ada: Visitor) -> int:
    wider: int = ada.page.evaluate("main => main.scrollWidth - main.clientWidth", ada.page.query_selector(MAIN))
    return wider
