"""The component that chooses files and sends them: sending goes on while people visit other pages.

It continues after the network was lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import streamlit as st

from actions.upload_links import upload_address
from rules.errors import InputError

HERE = Path(__file__).parent
LATEST_MS = 2**53  # what JavaScript can count to
HEAD_BYTES = 64
BEGUN = "uploads_begun"  # in the session: which file that was chosen in this tab belongs to which upload
EVENTS = ("chosen", "ended", "cancelled", "retried", "replaced")

_COMPONENT = st.components.v2.component(
    "file_upload",
    html='<div class="uploads"></div>',
    css=(HERE / "upload.css").read_text(encoding="utf-8"),
    js="\n".join((HERE / name).read_text(encoding="utf-8") for name in ("sending.js", "upload.js")),
)


class Underway(Protocol):
    """An upload that is unfinished or failed."""

    @property
    def upload_id(self) -> UUID: ...
    @property
    def title(self) -> str: ...
    @property
    def file_name(self) -> str: ...
    @property
    def file_bytes(self) -> int | None: ...
    @property
    def modified_ms(self) -> int: ...
    @property
    def status(self) -> str: ...
    @property
    def error_message(self) -> str | None: ...
    @property
    def is_repeatable(self) -> bool: ...
    @property
    def arrived_bytes(self) -> int: ...


@dataclass(frozen=True)
class Kind:
    """What files are chosen: their extensions, what the place to drop them says, and a hint below."""

    extensions: tuple[str, ...]
    drop_one: str
    drop_several: str
    hint: str

    @property
    def accepted(self) -> str:
        return ",".join(f".{extension}" for extension in self.extensions)


@dataclass(frozen=True)
class Chosen:
    """A file as the browser announces it: its token in this tab, name, size, last change and first bytes."""

    token: str
    name: str
    size_bytes: int
    modified_ms: int
    head: bytes


def choice(key: str, kind: Kind, *, several: bool) -> list[Chosen]:
    """A place to choose or drop files; those that were chosen a moment ago. Raises InputError."""
    data = {
        "mode": "choose",
        "several": several,
        "accept": kind.accepted,
        "headBytes": HEAD_BYTES,
        "drop": kind.drop_several if several else kind.drop_one,
        "hint": kind.hint,
    }
    return [_chosen(told) for told in _events(key, data).get("chosen") or ()]


def listed(key: str, kind: Kind, rows: Sequence[dict[str, Any]]) -> Mapping[str, Any]:
    """The uploads as rows of `upload_row`; which of them was cancelled, retried, replaced or has ended, by its id."""
    return _events(key, {"mode": "list", "accept": kind.accepted, "uploads": list(rows)})


def upload_row(creator_id: UUID, upload: Underway, note: str = "", *, is_replaceable: bool = True) -> dict[str, Any]:
    """One upload as the component shows it; the note is a line below it."""
    path, query = upload_address(creator_id, upload.upload_id)
    return {
        "id": str(upload.upload_id),
        "title": upload.title,
        "fileName": upload.file_name,
        "fileBytes": upload.file_bytes or 0,
        "modifiedMs": upload.modified_ms,
        "status": upload.status,
        "error": upload.error_message or "",
        "note": note,
        "arrivedBytes": upload.arrived_bytes,
        "canRetry": upload.is_repeatable,
        "canReplace": is_replaceable,
        "canCancel": upload.status in ("receiving", "failed"),
        "path": path,
        "query": query,
        "token": st.session_state.get(BEGUN, {}).get(str(upload.upload_id), ""),
    }


def note_begun(upload_id: UUID, token: str) -> None:
    """From now on this tab sends the file that was chosen under the token."""
    st.session_state.setdefault(BEGUN, {})[str(upload_id)] = token


def _events(key: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    listeners: dict[str, Any] = {f"on_{name}_change": _nothing for name in EVENTS}
    result = _COMPONENT(key=key, data=dict(data), width="stretch", height="content", **listeners)
    return {name: getattr(result, name, None) for name in EVENTS}


def _chosen(told: Mapping[str, Any]) -> Chosen:
    """What a browser says of a file is anything at all."""
    try:
        size_bytes, modified_ms = int(told["size"]), int(told["modified"])
        name, head = str(told["name"]), bytes.fromhex(told["head"][: 2 * HEAD_BYTES])
    except (KeyError, TypeError, ValueError, OverflowError):
        raise InputError("The browser did not say which file was chosen; choose it again.") from None
    if not 0 <= modified_ms < LATEST_MS:
        modified_ms = 0
    return Chosen(str(told.get("token", "")), name, size_bytes, modified_ms, head)


def _nothing() -> None:
    """Without a listener an event never arrives; what it says is read behind the component."""
