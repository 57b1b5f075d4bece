"""An object store by its address: objects that are written once, and one that is replaced only by whoever has read it last.

    s3://bucket/prefix    any S3-compatible store; endpoint, region and login from the usual AWS_* variables

The library obstore is imported only where an address is given; it comes with the extra `s3`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

_LOGIN = {
    "aws_endpoint": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
    "aws_access_key_id": ("AWS_ACCESS_KEY_ID",),
    "aws_secret_access_key": ("AWS_SECRET_ACCESS_KEY",),
    "aws_session_token": ("AWS_SESSION_TOKEN",),
    "aws_region": ("AWS_REGION", "AWS_DEFAULT_REGION"),
}
_DEFAULT_REGION = "us-east-1"
# A store that is gone is said to be gone after this, not after minutes.
_TRIES, _RETRY_SECONDS, _REQUEST_SECONDS = 3, 20, 300
_PART_BYTES = 64 << 20
_PARALLEL = 8
Item = TypeVar("Item")
Result = TypeVar("Result")


class StorageError(Exception):
    """The storage cannot be reached or used; the message says what to do."""


class StaleError(Exception):
    """An object was replaced by another writer since it was read."""


@dataclass(frozen=True, slots=True)
class Found:
    """An object in a list: its name, its bytes, when it was written last (by the storage's clock)."""

    name: str
    bytes: int
    written_at: datetime


class Objects:
    """The objects below an address. Names are paths with /. May be shared by threads."""

    def __init__(self, address: str) -> None:
        """Raises StorageError for an address that names no storage, or where the library is missing."""
        self.address = address.rstrip("/")
        self._store, self._obstore = _opened(self.address)

    def listed(self, folder: str) -> Iterator[Found]:
        """Every object below a folder, such as archive/."""
        with self._told(f"list {folder}"):
            for page in self._obstore.list(self._store, prefix=folder.rstrip("/")):
                for found in page:
                    yield Found(str(found["path"]), int(found["size"]), found["last_modified"])

    def read(self, name: str) -> tuple[bytes, str] | None:
        """An object's content and what tells this state of it from others; None where it is not there."""
        with self._told(f"read {name}"):
            try:
                found = self._obstore.get(self._store, name)
                return bytes(found.bytes()), str(found.meta["e_tag"])
            except FileNotFoundError:
                return None

    def fetch(self, name: str, target: Path) -> None:
        """Writes an object into a file and waits until it is on disk. Raises StorageError where it is not there."""
        with self._told(f"read {name}"), target.open("wb") as file:
            for piece in self._obstore.get(self._store, name).stream(min_chunk_size=1 << 20):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())

    def digest(self, name: str) -> tuple[int, str] | None:
        """Bytes and SHA-256 (hex) of an object, read piece by piece; None where it is not there."""
        size, digest = 0, hashlib.sha256()
        with self._told(f"read {name}"):
            try:
                for piece in self._obstore.get(self._store, name).stream(min_chunk_size=1 << 20):
                    size += len(piece)
                    digest.update(piece)
            except FileNotFoundError:
                return None
        return size, digest.hexdigest()

    def put(self, name: str, content: bytes | Path) -> None:
        """Writes an object that has one content for ever: one that is there already is written again, with the same."""
        if isinstance(content, Path):
            with content.open("rb") as file, self._told(f"write {name}"):
                self._obstore.put(self._store, name, file, chunk_size=_PART_BYTES)
        else:
            with self._told(f"write {name}"):
                self._obstore.put(self._store, name, content)

    def replace(self, name: str, content: bytes, seen: str | None) -> None:
        """Writes an object if it is still as it was seen; seen: None where it was not there. Raises StaleError."""
        mode: Any = "create" if seen is None else {"e_tag": seen}
        with self._told(f"replace {name}"):
            try:
                self._obstore.put(self._store, name, content, mode=mode)
            except (self._obstore.exceptions.AlreadyExistsError, self._obstore.exceptions.PreconditionError):
                raise StaleError(f"{self.address}/{name} was replaced by another writer") from None

    def delete(self, name: str) -> None:
        """Removes an object, if it is there."""
        with self._told(f"delete {name}"):
            try:
                self._obstore.delete(self._store, name)
            except FileNotFoundError:
                return

    def _told(self, what: str) -> _Told:
        return _Told(self.address, what, self._obstore.exceptions.BaseError)


def each_of(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Does something with each, several at a time, since a request mostly waits; the first failure is raised."""
    with ThreadPoolExecutor(_PARALLEL) as pool:
        return list(pool.map(work, items))


class _Told:
    """Turns the library's errors into sentences."""

    def __init__(self, address: str, what: str, kind: type[Exception]) -> None:
        self._address, self._what, self._kind = address, what, kind

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, (self._kind, FileNotFoundError)):
            raise StorageError(
                f"the storage {self._address} did not {self._what} ({_cause(error)}); look whether it answers, and at"
                " AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. What is here stays here, and the next refresh"
                " tries again"
            ) from None


def _cause(error: BaseException) -> str:
    """The first line without the library's own account of itself."""
    return str(error).strip().splitlines()[0][:300]


def _opened(address: str) -> tuple[Any, Any]:
    parts = urlsplit(address)
    if parts.scheme != "s3" or not parts.netloc or "@" in parts.netloc:
        raise StorageError(f"NIANBAO_STORAGE={parts.scheme}:… names no storage; it takes s3://bucket/prefix")
    try:
        import obstore
        import obstore.exceptions
        from obstore.store import S3Store
    except ImportError as error:
        raise StorageError(
            "NIANBAO_STORAGE needs a package that is not installed: pip install 'nianbao[s3]'"
        ) from error
    found = {
        option: value
        for option, names in _LOGIN.items()
        if (value := next(filter(None, map(os.environ.get, names)), None))
    }
    endpoint = found.get("aws_endpoint", "")
    config: Any = {"aws_region": _DEFAULT_REGION} | found
    if endpoint:
        config["aws_virtual_hosted_style_request"] = "false"
    store = S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=config,
        client_options={"allow_http": endpoint.startswith("http://"), "timeout": f"{_REQUEST_SECONDS}s"},
        retry_config={"max_retries": _TRIES, "retry_timeout": timedelta(seconds=_RETRY_SECONDS)},
    )
    return store, obstore
