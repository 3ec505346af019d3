"""A person with a browser: what they do, what they see, and what goes over the wire."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, Request, WebSocket, expect

from tests.browser.server import Server

READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'
MAIN = '[data-testid="stMain"]'
PROFILE_LINK = f'{MAIN} a[href*="student?id="]:visible'  # Streamlit draws each link twice, once hidden
MILLISECONDS = 30_000
ENTERPRISE, PRO, STAFF = "Ada Lindner", "Tomasz Sikora", "Noor Haddad"


@dataclass
class Visitor:
    """A fresh browser session; `received` is everything sent to its websockets."""

    page: Page
    server: Server
    addresses: list[str] = field(default_factory=list)
    received: list[bytes] = field(default_factory=list)

    def open(self, path: str = "/") -> None:
        self.page.goto(self.server.address + path)
        self.settle()

    def sign_in(self, name: str = ENTERPRISE) -> None:
        with self.page.expect_event("load"):  # the browser fetches its cookie and comes back
            self.page.locator(f"//strong[.='{name}']/following::button[1]").click()
        expect(self.page.get_by_role("heading", name="Look at the demo")).to_have_count(0, timeout=MILLISECONDS)
        self.settle()

    def follow(self, link: str) -> None:
        self.page.get_by_role("link", name=link, exact=True).locator("visible=true").first.click()

    def sees(self, *words: str) -> None:
        """Wait until the page says all of this."""
        for said in words:
            expect(self.page.locator(MAIN)).to_contain_text(said, timeout=MILLISECONDS)

    def is_on(self, heading: str) -> None:
        """Wait until the page with this heading has settled."""
        expect(self.page.locator("h1").first).to_have_text(heading, timeout=MILLISECONDS)
        self.settle()

    def is_at(self, path: str) -> None:
        """Wait until the address contains this after the host."""
        expect(self.page).to_have_url(self.server.address + path, timeout=MILLISECONDS)

    def goes_to(self, path: str) -> None:
        """Move to this address as the "back" and "forward" buttons do: in the same session, still signed in."""
        self.page.evaluate(
            "path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')) }", path
        )
        self.page.wait_for_timeout(300)  # until the script has begun to run
        self.settle()

    def goes_back(self) -> None:
        self.page.go_back()

    def settle(self) -> None:
        """Wait until the script has run and what it drew has moved into place."""
        self.page.wait_for_selector(READY, timeout=MILLISECONDS)
        self.page.wait_for_selector('[data-testid="stSkeleton"]', state="detached", timeout=MILLISECONDS)
        self.page.wait_for_timeout(500)

    def path(self) -> str:
        return self.page.url.removeprefix(self.server.address)

    def was_sent(self, words: str) -> bool:
        return words.encode() in b"".join(self.received)


def visit(browser: Browser, server: Server, scheme: str = "light", width: int = 1280) -> Visitor:
    """A visitor who has opened the printed address once, with nothing in the cache, on a screen of this width."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    context.request.get(server.printed_address)
    visitor = Visitor(context.new_page(), server)
    visitor.page.set_default_timeout(MILLISECONDS)

    def asked(request: Request) -> None:
        visitor.addresses.append(request.url)

    def connected(socket: WebSocket) -> None:
        visitor.addresses.append(socket.url)
        socket.on("framereceived", lambda frame: visitor.received.append(_bytes(frame)))

    context.on("request", asked)
    visitor.page.on("websocket", connected)
    return visitor


def _bytes(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame
