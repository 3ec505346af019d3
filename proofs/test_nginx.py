"""A real nginx in front of the demo: nobody sees an account through it without the token.

Its default `proxy_pass` rewrites the Host to the dashboard's own address and adds no header, so that everybody
looks like a local user. With the token the rule is: requests with a proxy's header are refused; otherwise the
page opens, and a web socket only if its Origin is the Host that reaches the dashboard.
"""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.browser.server import Server, free_port, running_server
from tests.browser.visitor import ENTERPRISE, STAFF
from tests.ui.test_demo_door import FORWARDING

SECONDS = 10
DEFAULT = ""
UPGRADING = """
    proxy_http_version 1.1;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection "upgrade";
"""
TELLING = UPGRADING + "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"
CONFIGURATION = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{dashboard};
            {directives}
        }}
    }}
}}
"""
PATHS = ("/", "/students", "/staff", "/_stcore/host-config", "/demo-account?account=&page=/")
HOSTS = ("dashboard.example.org", "localhost:{dashboard}", "127.0.0.1:{dashboard}", "[::1]:{dashboard}", "evil.example")
CLAIMED = (None, "X-Real-IP")
COMBINATIONS = list(product(PATHS, HOSTS, CLAIMED))


@dataclass(frozen=True)
class Proxy:
    server: Server
    port: int

    @property
    def token(self) -> str:
        return self.server.printed_address.partition("token=")[2]

    def ask(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=SECONDS)

    def web_socket(self, **headers: str) -> int:
        """The status of a handshake; 101 if a web socket opened."""
        origin = headers.pop("Origin", None)
        try:
            with connect(
                f"ws://127.0.0.1:{self.port}/_stcore/stream",
                origin=origin,
                additional_headers=headers,
                open_timeout=SECONDS,
                proxy=None,
            ):
                return 101
        except InvalidStatus as refused:
            return refused.response.status_code

    def cookie(self) -> str:
        """The cookie of a person who has the token and signs in as staff."""
        answered = self.ask(f"/?token={self.token}&account={STAFF}")
        return answered.headers["set-cookie"].split(";")[0]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("behind") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def default(served: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with nginx(served, tmp_path_factory.mktemp("default"), DEFAULT) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def upgrading(served: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with nginx(served, tmp_path_factory.mktemp("upgrading"), UPGRADING) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def telling(served: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with nginx(served, tmp_path_factory.mktemp("telling"), TELLING) as proxy:
        yield proxy


def test_there_are_fifty_combinations() -> None:
    assert len(set(COMBINATIONS)) == 50


@pytest.mark.parametrize(("path", "host", "claimed"), COMBINATIONS)
def test_nobody_sees_an_account_through_the_default_proxy(
    default: Proxy, path: str, host: str, claimed: str | None
) -> None:
    headers = {"Host": host.format(dashboard=default.server.port)} | ({claimed: "127.0.0.1"} if claimed else {})

    answered = default.ask(path, **headers)

    assert answered.status_code == (403 if claimed else 401)
    assert ENTERPRISE not in answered.text
    assert STAFF not in answered.text
    assert "set-cookie" not in answered.headers


# nginx itself drops names with an underscore.
@pytest.mark.parametrize("header", [name for name in FORWARDING if "_" not in name])
def test_a_header_of_another_proxy_on_the_way_is_refused_with_the_token_too(default: Proxy, header: str) -> None:
    assert default.ask(f"/?token={default.token}", **{header: "203.0.113.5"}).status_code == 403


@pytest.mark.parametrize("origin", [None, "own", "http://localhost:3000", "https://dashboard.example.org"])
@pytest.mark.parametrize("cookie", [None, "dashboard_demo_00000000=x.y.1.z"])
def test_no_web_socket_opens_through_a_proxy_that_upgrades(
    upgrading: Proxy, origin: str | None, cookie: str | None
) -> None:
    given = f"http://127.0.0.1:{upgrading.server.port}" if origin == "own" else origin
    headers = ({"Origin": given} if given else {}) | ({"Cookie": cookie} if cookie else {})

    assert upgrading.web_socket(**headers) == 403


def test_with_the_token_a_proxy_without_a_header_opens_pages_and_no_web_socket_of_its_own_address(
    upgrading: Proxy,
) -> None:
    cookie = upgrading.cookie()

    assert upgrading.ask("/", Cookie=cookie).status_code == 200
    for public in ("https://dashboard.example.org", "http://localhost:3000", f"http://127.0.0.1:{upgrading.port}"):
        assert upgrading.web_socket(Cookie=cookie, Origin=public) == 403
    own = f"http://127.0.0.1:{upgrading.server.port}"
    assert upgrading.web_socket(Cookie=cookie, Origin=own) == 101  # the handshake is one that would open


def test_a_proxy_that_says_for_whom_it_asks_is_refused_whatever_it_knows(upgrading: Proxy, telling: Proxy) -> None:
    cookie = upgrading.cookie()

    for path in (*PATHS, f"/?token={telling.token}", "/_stcore/health", "/api/health"):
        assert telling.ask(path, Cookie=cookie).status_code == 403
    assert telling.web_socket(Cookie=cookie) == 403


def test_the_public_reads_no_metrics_through_it(default: Proxy) -> None:
    assert default.ask("/api/metrics").status_code == 404
    assert default.ask("/_stcore/metrics").status_code == 401
    assert default.ask("/api/health").status_code == 200


@contextmanager
def nginx(server: Server, folder: Path, directives: str) -> Iterator[Proxy]:
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(folder=folder, port=port, dashboard=server.port, directives=directives)
    )
    process = subprocess.Popen(["/usr/sbin/nginx", "-p", str(folder), "-c", str(configuration)])
    try:
        _wait_until_it_answers(port)
        yield Proxy(server, port)
    finally:
        process.terminate()
        process.wait(SECONDS)


def _wait_until_it_answers(port: int) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            httpx.get(f"http://127.0.0.1:{port}/api/health", timeout=SECONDS)
            return
        except httpx.ConnectError:
            time.sleep(0.1)
    raise AssertionError(f"nginx did not answer within {SECONDS} seconds")
