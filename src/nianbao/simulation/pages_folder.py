"""Websites from a folder: DIR/<host>/<path>. People bring their own districts this way.

Files answer under their own path with the media type that their bytes say. A text file answers under its name with
.html as well, as an article page. A folder without index.html gets a plain listing of what is in it.
"""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape, unescape
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from .faults import Fault
from .site import DOCX, HTML, PDF, Resource

_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_MAGIC = (
    (b"%PDF-", PDF),
    (b"\xd0\xcf\x11\xe0", "application/msword"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x1f\x8b", "application/gzip"),
)
_SHORTEST_TITLE = 6
_LONGEST_TITLE = 200


class PagesFolderError(ValueError):
    """The folder cannot be served; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class FolderSite:
    """The website of one host, read from its folder at every request."""

    root: Path
    refused: bool = False

    def find(self, target: str) -> Resource | None:
        """The file for a target, an article page made of a text file, or a listing of a folder."""
        parts = urlsplit(target)
        path = unquote(parts.path)
        if "\0" in path or "\\" in path or ".." in path.split("/"):
            return None
        if parts.query:
            named = self._inside(f"{path}?{unquote(parts.query)}") or self._inside(f"{path}?{parts.query}")
            if named and named.is_file():
                return _file(named)
        found = self._inside(path)
        if found and found.is_dir():
            return self._folder(found, parts.path)
        if found and found.is_file() and not path.endswith("/"):
            return _file(found)
        return self._article(path)

    def fault(self, target: str) -> Fault | None:
        """Files have no faults."""
        return None

    def _inside(self, path: str) -> Path | None:
        """The file or folder of a path, None for what is hidden or leads out of the folder (by a link, say)."""
        names = [name for name in path.split("/") if name]
        if any(name.startswith(".") for name in names):
            return None
        try:
            found = self.root.joinpath(*names).resolve()
            inside = found.is_relative_to(self.root.resolve()) and found.exists()
        except OSError:  # a name that is too long for the file system
            return None
        return found if inside else None

    def _article(self, path: str) -> Resource | None:
        if not path.endswith(".html"):
            return None
        source = self._inside(path.removesuffix(".html") + ".txt")
        if source is None or not source.is_file():
            return None
        lines = [line.strip() for line in decode(source.read_bytes()).splitlines() if line.strip()]
        body = "\n".join(f"<p>{escape(line)}</p>" for line in lines)
        # No <title> and no <h1>: the page says what the file says, and not a word more.
        page = (
            '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"></head>\n'
            f'<body><div class="article-content">\n{body}\n</div></body></html>\n'
        )
        return Resource(page.encode(), f"{HTML}; charset=utf-8", _changed(source))

    def _folder(self, folder: Path, path: str) -> Resource:
        index = folder / "index.html"
        if index.is_file() and self._inside(index.relative_to(self.root.resolve()).as_posix()):
            return _file(index)
        base = path if path.endswith("/") else path + "/"
        where = folder.relative_to(self.root.resolve()).as_posix().removeprefix(".")
        entries = [entry for entry in sorted(folder.iterdir()) if self._inside(f"{where}/{entry.name}")]
        rows = [
            f'<li><a href="{escape(base + address)}">{escape(title)}</a></li>'
            for entry in entries
            for address, title in [_link(entry)]
        ]
        page = (
            '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>目录</title></head>\n<body><ul>\n'
            + "\n".join(rows)
            + "\n</ul></body></html>\n"
        )
        newest = max((_changed(entry) for entry in entries), default=_changed(folder))
        return Resource(page.encode(), f"{HTML}; charset=utf-8", newest)


def folder_sites(folder: Path) -> dict[str, FolderSite]:
    """The sites of a folder: one per sub-folder, whose name is the host. Raises PagesFolderError."""
    if not folder.is_dir():
        raise PagesFolderError(f"{folder} is no folder; give the folder that holds one folder per host")
    hosts = {
        entry.name.lower(): FolderSite(entry.resolve())
        for entry in sorted(folder.iterdir())
        if entry.is_dir()
    }
    hosts = {host: site for host, site in hosts.items() if not host.startswith(".")}
    if not hosts:
        raise PagesFolderError(
            f"{folder} holds no folder; make one per host, such as {folder}/www.example.gov.test/"
        )
    bad = [host for host in hosts if not re.fullmatch(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", host)]
    if bad:
        raise PagesFolderError(
            f"{folder / bad[0]}: the folder's name is no host name such as www.example.gov.test"
        )
    return hosts


def decode(raw: bytes) -> str:
    """Text as UTF-8, else as GB18030 with replacement characters."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def media_type(path: Path, raw: bytes) -> str:
    """What the bytes are; the name decides only where they do not tell."""
    for magic, kind in _MAGIC:
        if raw.startswith(magic):
            return kind
    name = path.name.split("?", 1)[0]
    if raw.startswith(b"PK\x03\x04"):
        return DOCX if b"word/" in raw[:4000] or name.endswith(".docx") else "application/zip"
    head = raw[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype", b"<html", b"<head", b"<body")) or name.endswith(
        (".html", ".htm", ".shtml")
    ):
        return HTML
    if head.startswith((b"{", b"[")) and name.endswith((".json", "")):
        return "application/json" if name.endswith(".json") or "." not in name else _guess(name)
    return _guess(name)


def _guess(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "text/plain"


def _file(path: Path) -> Resource:
    raw = path.read_bytes()
    return Resource(raw, media_type(path, raw), _changed(path))


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(int(path.stat().st_mtime), tz=UTC)


def _link(entry: Path) -> tuple[str, str]:
    """Address (relative to the folder) and title of an entry."""
    if entry.is_dir():
        return quote(entry.name) + "/", entry.name
    raw = entry.read_bytes()
    kind = media_type(entry, raw)
    if kind == "text/plain" and entry.suffix == ".txt":
        return quote(entry.stem) + ".html", first_line(decode(raw)) or entry.name
    name, _, query = entry.name.partition("?")
    address = quote(name) + (f"?{query}" if query else "")
    found = _TITLE.search(raw) if kind == HTML else None
    title = " ".join(unescape(decode(found[1])).split()) if found else ""
    return address, title or entry.name


def first_line(text: str) -> str:
    """The first line that can be a title: a few words such as 当前位置 above it are passed over."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = next((line for line in lines[:5] if len(line) >= _SHORTEST_TITLE), lines[0] if lines else "")
    return telling[:_LONGEST_TITLE]
