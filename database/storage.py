"""Files: in a folder of this computer by default, or in an S3 bucket named by STORAGE_URL."""

import os
import re
import secrets
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit
from uuid import UUID

import obstore
from anyio import to_thread
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from database.data_folder import make_private
from database.each import each
from database.failures import Item
from database.settings import settings
from rules.errors import SetupError

FOLDER = re.compile(r"[a-z][a-z_]*")
EXTENSION = re.compile(r"[a-z0-9]{1,8}")
KEY = re.compile(r"[a-z][a-z_]*/[0-9a-f-]{36}/[A-Za-z0-9_-]{43}\.[a-z0-9]{1,8}")
TOKEN_BYTES = 32
CHARACTERS_TOLD = 8  # of the 43 of a file's unguessable name
READ_BYTES = 256 * 1024
CHUNK_BYTES = 5 * 1024 * 1024  # the minimum size of a part in S3
ARRIVING_CHUNK_BYTES = 1024 * 1024  # what a folder's writer holds in memory


class StorageError(RuntimeError):
    """A file could not be written, read or removed."""

    names_no_person = True


class NoSuchFile(StorageError):
    """There is no file under this key."""


@dataclass(frozen=True)
class StoredFile:
    """A file that is being read: its size, and its bytes in chunks."""

    size_bytes: int
    chunks: Iterator[bytes]


def new_key(folder: str, creator_id: UUID, extension: str) -> str:
    """A key that nobody can guess, below the creator's own folder; nothing in it comes from a file's name."""
    if not FOLDER.fullmatch(folder) or not EXTENSION.fullmatch(extension):
        raise ValueError(f'"{folder}" and "{extension}" cannot stand in a key; use lower-case letters and digits.')
    return f"{folder}/{creator_id}/{secrets.token_urlsafe(TOKEN_BYTES)}.{extension}"


def store_file(key: str, content: IO[bytes] | Iterable[bytes]) -> None:
    """Write the file in chunks; it is stored completely or not at all, and is on disk when this returns.

    Raises StorageError.
    """
    _checked(key)
    store = _store()
    try:
        obstore.put(store, key, content, mode="overwrite", chunk_size=CHUNK_BYTES)
        if isinstance(store, LocalStore):
            _settle(_root(store) / key)
    except (BaseError, OSError) as error:
        raise StorageError("The file could not be stored; the storage did not accept it.") from error


async def store_arriving(key: str, chunks: AsyncIterator[bytes]) -> None:
    """The same for a file that is still arriving: one chunk of it is in memory (1 MB for a folder, 5 MB for a bucket).

    Whatever the chunks raise is raised here, and leaves no file. Raises StorageError.
    """
    _checked(key)
    store = _store()
    size = ARRIVING_CHUNK_BYTES if isinstance(store, LocalStore) else CHUNK_BYTES
    try:
        await obstore.put_async(store, key, chunks, mode="overwrite", chunk_size=size, max_concurrency=1)
        if isinstance(store, LocalStore):
            await to_thread.run_sync(_settle, _root(store) / key)
    except (BaseError, OSError) as error:
        raise StorageError("The file could not be stored; the storage did not accept it.") from error


def is_folder() -> bool:
    """Whether files are in a folder rather than in a bucket."""
    return isinstance(_store(), LocalStore)


def remove_file(key: str) -> None:
    """Remove the file if it exists. Raises StorageError."""
    _checked(key)
    try:
        obstore.delete(_store(), key)
    except FileNotFoundError:
        return
    except (BaseError, OSError) as error:
        raise StorageError("The file could not be removed; the storage did not answer as expected.") from error


def stored_bytes(key: str) -> bytes:
    """The whole file. Raises StorageError, also if it does not exist."""
    _checked(key)
    try:
        return obstore.get(_store(), key).bytes().to_bytes()
    except (BaseError, OSError) as error:
        raise StorageError("The file could not be read.") from error


def stored_file(key: str) -> StoredFile:
    """The file, to be read in chunks. Raises NoSuchFile, and StorageError if the storage fails."""
    _checked(key)
    try:
        found = obstore.get(_store(), key)
    except FileNotFoundError as error:
        raise NoSuchFile("The file does not exist.") from error
    except (BaseError, OSError) as error:
        raise StorageError("The file could not be read.") from error
    return StoredFile(found.meta["size"], (bytes(chunk) for chunk in found.stream(min_chunk_size=READ_BYTES)))


def stored_size(key: str) -> int:
    """How many bytes the file has. Raises NoSuchFile, and StorageError if the storage fails."""
    _checked(key)
    try:
        return int(obstore.head(_store(), key)["size"])
    except FileNotFoundError as error:
        raise NoSuchFile("The file does not exist.") from error
    except (BaseError, OSError) as error:
        raise StorageError("The file could not be read.") from error


def stored_range(key: str, start: int, length: int) -> bytes:
    """These bytes of the file, at least one, all of which must exist. Raises StorageError."""
    _checked(key)
    try:
        return bytes(obstore.get_range(_store(), key, start=start, length=length))
    except (BaseError, OSError) as error:
        raise StorageError("The file could not be read.") from error


def stored_keys(folder: str, creator_id: UUID) -> list[str]:
    """The keys of a creator's files in this folder, in order."""
    listed = obstore.list(_store(), prefix=f"{folder}/{creator_id}").collect()
    return sorted(entry["path"] for entry in listed)


def remove_folders_of(creator_id: UUID) -> None:
    """Remove every file of a creator, in whichever folder. Raises StorageError."""
    try:
        folders = obstore.list_with_delimiter(_store())["common_prefixes"]
        for folder in folders:
            for key in stored_keys(folder.strip("/"), creator_id):
                remove_file(key)
    except (BaseError, OSError) as error:
        raise StorageError("The files could not be removed; the storage did not answer as expected.") from error


def all_stored_keys(folder: str) -> Iterator[str]:
    """The keys of every creator's files in this folder, as the storage lists them."""
    for batch in obstore.list(_store(), prefix=folder):
        yield from (entry["path"] for entry in batch)


def remove_unfinished_files(folder: str, older_than_seconds: float) -> int:
    """Remove what killed writers left in a folder store under names that no key has; returns how many.

    A bucket keeps such parts invisible; one of its rules removes them.
    """
    store = _store()
    if not isinstance(store, LocalStore):
        return 0
    oldest = time.time() - older_than_seconds  # the disk's own time, not the dashboard's
    left = (_root(store) / folder).rglob("*#*")
    return sum(each(list(left), lambda path: _removed_if_old(path, oldest), "unfinished_file", file_item))


def file_item(key: str | Path) -> Item:
    """The name of a file as staff see it: the full name gives access, so most of it is left out."""
    *_, owner, name = Path(key).parts
    return Item(None, f"{owner}/{name[:CHARACTERS_TOLD]}…")


def _removed_if_old(path: Path, oldest: float) -> bool:
    try:
        is_old = path.stat().st_mtime < oldest
    except FileNotFoundError:  # its writer finished meanwhile
        return False
    if is_old:
        path.unlink(missing_ok=True)
    return is_old


def _root(store: LocalStore) -> Path:
    return Path(str(store.prefix))


def _settle(path: Path) -> None:
    """Have the disk confirm the bytes and then the name: a power cut must not undo what was reported as stored."""
    for place in (path, path.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _checked(key: str) -> None:
    if not KEY.fullmatch(key):
        raise ValueError(f'"{key}" is not the key of a stored file.')


def _store() -> LocalStore | S3Store:
    """Where files are stored; the environment is read again. Raises SetupError for an invalid address."""
    address = os.environ.get("STORAGE_URL")
    if not address:
        return _own_folder(settings().data_dir / "files")
    parts = urlsplit(address)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path.startswith("/"):
        return _folder(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        # Region, endpoint and credentials: the usual AWS_ variables, or the machine's role.
        return S3Store.from_url(address)
    raise SetupError("STORAGE_URL is not a storage address; write s3://bucket/folder or file:///an/absolute/folder.")


def _own_folder(path: Path) -> LocalStore:
    """In the data folder: closed to other users of the computer."""
    try:
        return LocalStore(make_private(path))
    except OSError as error:
        raise _not_writable(path, error) from error


def _folder(path: Path) -> LocalStore:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_writable(path, error) from error
    return LocalStore(path)


def _not_writable(path: Path, error: OSError) -> SetupError:
    return SetupError(
        f"The storage folder {path} cannot be written ({error.strerror}); set STORAGE_URL to another one."
    )
