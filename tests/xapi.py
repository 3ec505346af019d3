"""Statements of players and plugins, made for tests, and senders of them."""

import json
from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from httpx2 import Response

from api.app import api
from database.api_keys import new_key
from sources.xapi.arrivals import checked
from sources.xapi.storing import File, Writer, store_statements
from sources.xapi.vocabulary import PAUSED, VIDEO, VIDEO_TYPE

Json = dict[str, Any]

HOME_PAGE = "https://school.example"
KNOTS = "https://school.example/videos/knots"
AT = "2026-03-02T08:00:00Z"


def an_agent(account: str = "17", **more: Any) -> Json:
    return {"account": {"homePage": HOME_PAGE, "name": account}, **more}


def a_statement(**more: Any) -> Json:
    """A statement that says little; anything of it can be replaced."""
    made: Json = {
        "actor": an_agent(),
        "verb": {"id": "http://adlnet.gov/expapi/verbs/experienced"},
        "object": {"id": "https://school.example/pages/1"},
        "timestamp": AT,
    }
    return made | more


def of_player(
    verb: str = PAUSED,
    at: str = AT,
    time: Any = None,
    segments: str | None = None,
    student: str = "17",
    video: str = KNOTS,
    session: str | None = "one",
    length: Any = 180,
    **result: Any,
) -> Json:
    """What a player of the Video Profile sends; `result` are more of its extensions, with _ for -."""
    told = {
        "time": time,
        "played-segments": segments,
        **{name.replace("_", "-"): value for name, value in result.items()},
    }
    context = {"length": length, "session-id": session}
    return a_statement(
        id=str(uuid4()),
        actor=an_agent(student),
        verb={"id": verb},
        object={"id": video, "definition": {"type": VIDEO_TYPE, "name": {"en": "Knots"}}},
        result={"extensions": _extensions(told)},
        context={"extensions": _extensions(context)},
        timestamp=at,
    )


def stored(creator_id: UUID, *statements: Json, key_id: UUID | None = None, files: tuple[File, ...] = ()) -> list[UUID]:
    """Store statements as a key of the creator's does."""
    writer = Writer(creator_id, key_id or UUID(int=1), {"objectType": "Agent", "mbox": "mailto:key@example.com"})
    return store_statements(writer, checked(json.loads(json.dumps(list(statements)))), "1.0.0", files)


@dataclass(frozen=True)
class Sending:
    """A player or plugin with a key; the version and content type can be replaced by other headers."""

    creator_id: UUID
    key_id: UUID
    key: str
    version: str = "1.0.3"

    def __call__(
        self, method: str, path: str, body: Any = None, content: bytes | str | None = None, **headers: str
    ) -> Response:
        token = b64encode(f"{self.key_id}:{self.key}".encode()).decode()
        usual = {"Authorization": f"Basic {token}", "X-Experience-API-Version": self.version}
        usual |= {"Content-Type": "application/json"} if body is not None or content is not None else {}
        given = usual | {name.replace("_", "-"): value for name, value in headers.items()}
        client = TestClient(api, raise_server_exceptions=False, follow_redirects=False)
        if content is None and body is not None:
            content = json.dumps(body)
        sent = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        return client.request(method, f"/xapi{path}", content=sent, headers=given)


def a_sender(creator_id: UUID, scope: str = "xapi", origins: tuple[str, ...] = (), version: str = "1.0.3") -> Sending:
    made = new_key(creator_id, "A player", scope, origins)
    return Sending(creator_id, made.id, made.key, version)


def _extensions(told: Json) -> Json:
    return {f"{VIDEO}/extensions/{name}": value for name, value in told.items() if value is not None}
