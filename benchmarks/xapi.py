"""Statements of xAPI that one process stores in a second, sent in batches of 100 by a client on the same cores.

Run as `python -m benchmarks.xapi [SECONDS]`. The statements are those of a video player; each batch has its own.
"""

import asyncio
import json
import sys
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from rich.console import Console
from sqlalchemy import text

from benchmarks.api import Connection, served
from benchmarks.loaded import loaded
from database.api_keys import NewKey, new_key
from database.tenancy import tenant_tx

OF_A_BATCH = 100
CONNECTIONS = 2
SECONDS = 20.0
VIDEO = "https://w3id.org/xapi/video"
COUNTED = text("select count(*) from xapi_statements where creator_id = :creator_id")


def statement(random: Random, at: datetime) -> dict[str, object]:
    """What a player sends when somebody pauses."""
    watched, student, session = random.uniform(5, 600), random.randrange(5_000), random.randrange(20_000)
    return {
        "id": str(UUID(int=random.getrandbits(128))),
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": "https://school.example", "name": f"student-{student}"},
            "name": f"Student {student}",
        },
        "verb": {"id": f"{VIDEO}/verbs/paused", "display": {"en-US": "paused"}},
        "object": {
            "objectType": "Activity",
            "id": f"https://school.example/videos/{random.randrange(40)}",
            "definition": {"type": f"{VIDEO}/activity-type/video", "name": {"en-US": "A lesson"}},
        },
        "result": {
            "extensions": {
                f"{VIDEO}/extensions/time": round(watched, 3),
                f"{VIDEO}/extensions/progress": round(watched / 600, 3),
                f"{VIDEO}/extensions/played-segments": f"0[.]{watched / 2:.3f}[,]{watched / 2:.3f}[.]{watched:.3f}",
            }
        },
        "context": {
            "contextActivities": {"category": [{"id": VIDEO}]},
            "extensions": {
                f"{VIDEO}/extensions/length": 600,
                f"{VIDEO}/extensions/session-id": f"session-{session}",
            },
        },
        "timestamp": at.isoformat(),
    }


async def _sending(port: int, key: NewKey, seed: int, until: float) -> int:
    """Batches one after the other; returns how many statements were answered as stored."""
    connection, random, stored = await Connection.to(port), Random(seed), 0
    token = b64encode(f"{key.id}:{key.key}".encode()).decode()
    while time.perf_counter() < until:
        at = datetime.now(UTC) - timedelta(seconds=random.randrange(3_600))
        body = json.dumps([statement(random, at) for _ in range(OF_A_BATCH)]).encode()
        lines = (
            "POST /xapi/statements HTTP/1.1",
            "Host: 127.0.0.1",
            f"Authorization: Basic {token}",
            "X-Experience-API-Version: 1.0.3",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        )
        answer = await connection.ask(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        if answer.status != 200:
            raise RuntimeError(f"the API answered {answer.status}")
        stored += OF_A_BATCH
    return stored


async def _measured(port: int, key: NewKey, seconds: float) -> float:
    began = time.perf_counter()
    sent = await asyncio.gather(*(_sending(port, key, seed, began + seconds) for seed in range(CONNECTIONS)))
    return sum(sent) / (time.perf_counter() - began)


def main() -> None:
    """Measure on a database of its own, which goes when this ends."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    creator_id = max(loaded().creators, key=lambda creator: creator.students).id
    key = new_key(creator_id, "Benchmark", "xapi-server")
    with served() as port:
        asyncio.run(_measured(port, key, 2.0))  # a process that has just started learns its statements first
        rate = asyncio.run(_measured(port, key, seconds))
    with tenant_tx(creator_id) as connection:
        stored = connection.execute(COUNTED, {"creator_id": creator_id}).scalar_one()
    Console().print(f"{rate:,.0f} statements a second in batches of {OF_A_BATCH}; {stored:,} are stored.")


if __name__ == "__main__":
    main()
