"""Turns an upload into a video: its parts become one file, which is checked and shown."""

import hashlib
import io
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from actions.upload_files import let_go, part_key, remove_parts, stored_parts
from actions.upload_runs import (
    POSTERS,
    MediaFacts,
    UploadAttempt,
    claim_upload,
    fail_upload,
    finish_file,
    finish_upload,
    give_back,
    note_stored,
)
from actions.uploads import hand_over
from database.storage import (
    NoSuchFile,
    StorageError,
    new_key,
    remove_file,
    store_file,
    stored_file,
    stored_size,
)
from jobs.media.heartbeat import beating
from jobs.media.reading import TookTooLong
from jobs.media.video import media_facts, poster_picture
from rules.errors import InputError

logger = logging.getLogger(__name__)

Stopping = Callable[[], bool]
STORAGE_FAILED = "The storage did not answer as expected. Try again in a few minutes."
TOO_SLOW = "Looking into the file took too long. Try again."
PARTS_LOST = "Parts of the file got lost on the way. Upload the file again."


class Stopped(Exception):
    """The worker has to stop, or the attempt is outdated."""


def check_upload(creator_id: UUID, upload_id: UUID, is_stopping: Stopping = lambda: False) -> bool:
    """Turn an upload that has arrived into a video; True if it can be watched now.

    Fails with a reason in words. Killed at any moment, another worker starts over.
    """
    attempt = claim_upload(creator_id, upload_id)
    if attempt is None:
        return False
    try:
        with beating(attempt):
            return _checked(attempt, is_stopping)
    except Stopped:
        if give_back(attempt):
            hand_over(creator_id, upload_id)
    except InputError as error:
        if fail_upload(attempt, str(error), is_repeatable=False):
            let_go(creator_id, upload_id)  # nobody needs a file that is not a video
    except TookTooLong:
        fail_upload(attempt, TOO_SLOW, is_repeatable=True)
    except StorageError as error:
        logger.error("upload %s: %s", upload_id, error)
        fail_upload(attempt, STORAGE_FAILED, is_repeatable=True)
    return False


def _checked(attempt: UploadAttempt, is_stopping: Stopping) -> bool:
    if not attempt.is_stored:
        _join(attempt, is_stopping)
    if attempt.video_id is None:
        return _complete(attempt)
    size_bytes = stored_size(attempt.storage_key)
    facts = media_facts(attempt.storage_key, size_bytes)
    if attempt.parts_key is None:
        _note_hash(attempt, size_bytes)
    if is_stopping():
        raise Stopped
    return _shown(attempt, facts, size_bytes)


def _complete(attempt: UploadAttempt) -> bool:
    if not finish_file(attempt):
        return False
    remove_parts(attempt.creator_id, attempt.upload_id)
    return True


def _shown(attempt: UploadAttempt, facts: MediaFacts, size_bytes: int) -> bool:
    poster_key = _poster(attempt, size_bytes)
    if not finish_upload(attempt, facts, size_bytes, poster_key):
        return False
    if attempt.parts_key is not None:
        remove_parts(attempt.creator_id, attempt.upload_id)
    return True


def _join(attempt: UploadAttempt, is_stopping: Stopping) -> None:
    """Write the parts as one file. Raises InputError if they are not what arrived."""
    if attempt.abandoned_key:
        remove_file(attempt.abandoned_key)
    joined = _Joined(attempt, is_stopping)
    store_file(attempt.storage_key, _read_elsewhere(joined.chunks()))
    if joined.size_bytes != attempt.file_bytes:
        raise InputError(PARTS_LOST)
    if not note_stored(attempt, joined.sha256.hexdigest(), joined.size_bytes):
        remove_file(attempt.storage_key)
        raise Stopped


class _Joined:
    """The bytes of all parts in order; each part must still be what arrived."""

    def __init__(self, attempt: UploadAttempt, is_stopping: Stopping) -> None:
        self.sha256, self.size_bytes = hashlib.sha256(), 0
        self._attempt, self._is_stopping = attempt, is_stopping

    def chunks(self) -> Iterator[bytes]:
        for part in stored_parts(self._attempt.creator_id, self._attempt.upload_id):
            if self._is_stopping():
                raise Stopped
            found = hashlib.sha256()
            for chunk in self._part(part.number):
                found.update(chunk)
                self.sha256.update(chunk)
                self.size_bytes += len(chunk)
                yield chunk
            if found.hexdigest() != part.sha256:
                raise InputError(PARTS_LOST)

    def _part(self, number: int) -> Iterator[bytes]:
        try:
            return stored_file(part_key(self._attempt.parts_key or "", number)).chunks
        except NoSuchFile:
            raise InputError(PARTS_LOST) from None


def _read_elsewhere(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same, read in a separate thread: the one that passes a file to the storage cannot ask it for another one."""
    with ThreadPoolExecutor(1, "upload reader") as thread:
        while (chunk := thread.submit(next, chunks, None).result()) is not None:
            yield chunk


def _note_hash(attempt: UploadAttempt, size_bytes: int) -> None:
    """For a file that arrived in one piece, before hashes were stored."""
    sha256 = hashlib.sha256()
    for chunk in stored_file(attempt.storage_key).chunks:
        sha256.update(chunk)
    if not note_stored(attempt, sha256.hexdigest(), size_bytes):
        raise Stopped


def _poster(attempt: UploadAttempt, size_bytes: int) -> str | None:
    picture = poster_picture(attempt.storage_key, size_bytes)
    if picture is None:
        return None
    key = new_key(POSTERS, attempt.creator_id, "jpg")
    store_file(key, io.BytesIO(picture))
    return key
