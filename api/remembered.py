"""A cache of serialized responses."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from fastapi import Response

from api import metrics

MOST_ANSWERS = 1_000
MOST_BYTES = 64_000  # of one response with its headers, so that all of them take 64 MB at most


@dataclass(frozen=True)
class Written:
    """A complete response, and whose figures it contains."""

    creator_id: UUID
    status: int
    headers: tuple[tuple[bytes, bytes], ...]  # in order; names may repeat
    body: bytes

    @property
    def size_bytes(self) -> int:
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers)

    def again(self) -> Response:
        answer = Response(self.body, self.status)
        answer.raw_headers = list(self.headers)
        return answer


class RememberedAnswers:
    """This process's latest responses by entity tag; the tag changes with everything a response depends on.

    Serializing a response takes as long as the rest of the request.
    """

    def __init__(self, most: int = MOST_ANSWERS) -> None:
        self._most = most
        self._answers: OrderedDict[str, Written] = OrderedDict()
        self._lock = Lock()

    def answer(self, tag: str, creator_id: UUID) -> Response | None:
        """The response with this tag; None if there is none or if it belongs to another creator."""
        with self._lock:
            found = self._answers.get(tag)
            if found is None or found.creator_id != creator_id:
                return None
            self._answers.move_to_end(tag)
        metrics.ANSWERS_GIVEN_AGAIN.inc()
        return found.again()

    @property
    def held_bytes(self) -> int:
        """Their size with headers; at most `MOST_ANSWERS` x `MOST_BYTES`."""
        with self._lock:
            return sum(written.size_bytes for written in self._answers.values())

    def forget(self) -> None:
        """Drop all responses."""
        with self._lock:
            self._answers.clear()

    def keep(self, tag: str, creator_id: UUID, response: Response) -> None:
        """Keep the response, and drop the one that was least recently used."""
        written = Written(creator_id, response.status_code, tuple(response.raw_headers), bytes(response.body))
        if written.size_bytes > MOST_BYTES:
            return
        with self._lock:
            self._answers[tag] = written
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
