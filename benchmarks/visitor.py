"""One person at the dashboard: a WebSocket session in Streamlit's protocol, like a browser's."""

import asyncio
import json
import urllib.request
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from uuid import UUID

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

SECONDS_UNTIL_TIMEOUT = 10.0
SEARCH = "dashboard_search"  # the component of the top bar
FINISHED = {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY}


class BrokenPage(RuntimeError):
    """The page showed an error, or its run did not end as it should."""


@dataclass
class Shown:
    """What a session has received that later steps need."""

    pages: dict[str, str] = field(default_factory=dict)  # from address to Streamlit's name of the page
    buttons: list[str] = field(default_factory=list)
    search_id: str = ""
    search_fragment: str = ""
    trouble: list[str] = field(default_factory=list)
    large: dict[str, ForwardMsg] = field(default_factory=dict)  # by hash: they are not sent twice


class Visitor:
    """A signed-in session; each step returns when its script run is over."""

    def __init__(self, connection: ClientConnection, origin: str) -> None:
        self._connection = connection
        self._origin = origin
        self._page, self._query = "", ""
        self._shown = Shown()

    @classmethod
    async def signed_in(cls, address: str, account_id: UUID) -> "Visitor":
        """Open the address that the server printed and sign in as a demo account; raises BrokenPage if that fails.

        The address is fetched with the account as a parameter, as a browser does, and its cookies are sent with
        the WebSocket. If a page still asks for the account, its button is pressed.
        """
        cookies = await asyncio.to_thread(cookies_of, with_account(address, account_id))
        at = urlsplit(address)
        connection = await connect(
            f"ws://{at.netloc}/_stcore/stream",
            origin=f"{at.scheme}://{at.netloc}",  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers={"Cookie": cookies} if cookies else None,
            max_size=None,
        )
        visitor = cls(connection, f"{at.scheme}://{at.netloc}")
        try:
            await visitor._run()
            if button := visitor._button(f"sign_in_{account_id}"):
                await visitor._run(WidgetState(id=button, trigger_value=True))
            visitor._must_be_inside()
        except BaseException:
            await visitor.leave()
            raise
        return visitor

    async def open(self, page: str, shown_id: object = None) -> None:
        """Go to a page by its address; raises TimeoutError or BrokenPage."""
        if page not in self._shown.pages:
            raise BrokenPage(f"there is no page {page!r} in the menu; signed in it has {sorted(self._shown.pages)}")
        self._page, self._query = page, f"id={shown_id}" if shown_id else ""
        await self._run()
        self._must_be_inside()

    async def search(self, typed: str) -> None:
        """Type into the search of the top bar, which runs that fragment alone; raises TimeoutError or BrokenPage."""
        self._must_be_inside()
        await self._run(
            WidgetState(id=self._shown.search_id, json_value=json.dumps({"typed": typed})),
            fragment_id=self._shown.search_fragment,
        )

    async def leave(self) -> None:
        await self._connection.close()

    def _button(self, key: str) -> str | None:
        return next((button for button in self._shown.buttons if button.endswith(key)), None)

    def _must_be_inside(self) -> None:
        if not self._shown.search_id:  # on every page of a person who is signed in
            raise BrokenPage("this is no page of somebody who is signed in")

    async def _run(self, *widgets: WidgetState, fragment_id: str = "") -> None:
        message = BackMsg()
        wanted = message.rerun_script
        wanted.query_string = self._query
        wanted.page_script_hash = self._shown.pages.get(self._page, "")
        wanted.fragment_id = fragment_id
        wanted.context_info.url = f"{self._origin}/{self._page}"
        wanted.context_info.timezone, wanted.context_info.locale = "Europe/Berlin", "en-GB"
        wanted.widget_states.widgets.extend(widgets)
        if not fragment_id:
            self._shown.search_id, self._shown.buttons = "", []
        await self._connection.send(message.SerializeToString())
        async with asyncio.timeout(SECONDS_UNTIL_TIMEOUT):
            await self._until_finished()

    async def _until_finished(self) -> None:
        self._shown.trouble = []
        while True:
            message = self._whole(ForwardMsg.FromString(bytes(await self._connection.recv(decode=False))))
            kind = message.WhichOneof("type")
            if kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                if message.script_finished not in FINISHED or self._shown.trouble:
                    raise BrokenPage("; ".join(self._shown.trouble) or "the script did not compile")
                return
            self._note(kind, message)

    def _whole(self, message: ForwardMsg) -> ForwardMsg:
        if message.WhichOneof("type") == "ref_hash":
            return self._shown.large[message.ref_hash]
        if message.hash:
            self._shown.large[message.hash] = message
        return message

    def _note(self, kind: str | None, message: ForwardMsg) -> None:
        if kind == "navigation":
            self._shown.pages = {
                page.url_pathname or "overview": page.page_script_hash for page in message.navigation.app_pages
            }
        elif kind == "page_not_found":
            self._shown.trouble.append(f"no page {self._page}")
        elif kind == "delta" and message.delta.HasField("new_element"):
            self._note_element(message.delta.new_element, message.delta.fragment_id)

    def _note_element(self, element: Any, fragment_id: str) -> None:
        kind = element.WhichOneof("type")
        if kind == "button":
            self._shown.buttons.append(element.button.id)
        elif kind == "bidi_component" and SEARCH in element.bidi_component.component_name:
            self._shown.search_id, self._shown.search_fragment = element.bidi_component.id, fragment_id
        elif kind == "exception":
            self._shown.trouble.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "alert" and element.alert.format == Alert.ERROR:
            self._shown.trouble.append(element.alert.body)


def with_account(address: str, account_id: UUID) -> str:
    """The address that signs in as this account directly."""
    return f"{address}{'&' if urlsplit(address).query else '?'}account={account_id}"


def cookies_of(address: str) -> str:
    """The cookies that a browser has after opening the address, as one header."""
    kept = CookieJar()
    try:
        urllib.request.build_opener(urllib.request.HTTPCookieProcessor(kept)).open(address, timeout=30).close()
    except HTTPError as refusal:
        refusal.close()
        raise BrokenPage(f"the server did not let this visitor in: {refusal.code}") from None
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in kept)
