"""Answers that were written a moment ago, kept as they went over the wire."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from fastapi import Response

from api import metrics

MOST_ANSWERS = 1_000
MOST_BYTES = 64_000  # of one answer with its headers, so that all of them take 64 MB at most


@dataclass(frozen=True)
class Written:
    """A whole answer, and whose figures it holds."""

    creator_id: UUID
    status: int
    headers: tuple[tuple[bytes, bytes], ...]  # in their order; a name may repeat
    body: bytes

    @property
    def size_bytes(self) -> int:
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers)

    def again(self) -> Response:
        answer = Response(self.body, self.status)
        answer.raw_headers = list(self.headers)
        return answer


class RememberedAnswers:
    """The newest answers of this process by entity tag; the tag changes with whatever an answer depends on.

    Writing an answer takes as long as everything else about a request together.
    """

    def __init__(self, most: int = MOST_ANSWERS) -> None:
        self._most = most
        self._answers: OrderedDict[str, Written] = OrderedDict()
        self._lock = Lock()

    def answer(self, tag: str, creator_id: UUID) -> Response | None:
        """The answer with this tag; None where there is none, or, whatever went wrong, it is another creator's."""
        with self._lock:
            found = self._answers.get(tag)
            if found is None or found.creator_id != creator_id:
                return None
            self._answers.move_to_end(tag)
        metrics.ANSWERS_GIVEN_AGAIN.inc()
        return found.again()

    @property
    def held_bytes(self) -> int:
        """What they take with their headers; all of them at most `MOST_ANSWERS` x `MOST_BYTES`."""
        with self._lock:
            return sum(written.size_bytes for written in self._answers.values())

    def keep(self, tag: str, creator_id: UUID, response: Response) -> None:
        """Remember the answer as it is now, and forget the one that was not asked for for longest."""
        written = Written(creator_id, response.status_code, tuple(response.raw_headers), bytes(response.body))
        if written.size_bytes > MOST_BYTES:
            return
        with self._lock:
            self._answers[tag] = written
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
