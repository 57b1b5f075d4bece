"""The pages of docs/ as pages of the site: a page that is only named in them is linked."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

_OWN = re.compile(r"`?\bdocs/([\w-]+)\.md(#[\w-]+)?`?")
_FENCE = re.compile(r"^( *)(```+|~~~+)")
_HEADING = re.compile(r"^# (.+)$", re.M)
_NAMES = {"search": "full-text"}  # search.html is the site's own


def copy_pages(root: Path, target: Path) -> None:
    """Writes the pages of docs/, the index and what else belongs to the site. Raises OSError."""
    titles = titles_of(root)
    for page in _pages(root):
        text = linked(page.read_text(encoding="utf-8"), page.stem, titles)
        (target / f"{_name(page.stem)}.md").write_text(text, encoding="utf-8")
    shutil.copyfile(Path(__file__).with_name("index.md"), target / "index.md")
    (target / "pictures").mkdir()
    for picture in (root / "docs" / "pictures").glob("*.jpg"):
        shutil.copyfile(picture, target / "pictures" / picture.name)


def titles_of(root: Path) -> dict[str, str]:
    """The titles of the pages by name (`warehouse`). Raises OSError."""
    return {page.stem: _title(page.read_text(encoding="utf-8")) for page in _pages(root)}


def linked(text: str, own: str, titles: dict[str, str], up: str = "") -> str:
    """A page in which every `docs/page.md` leads there; not in code, which is to be copied as it is.

    up: what leads from the page's folder to that of the pages.
    """
    lines, fence = [], ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[2]
        elif found and found[2].startswith(fence):
            fence = ""
        lines.append(
            line if fence or found or line.startswith("    ") else _linked_line(line, own, titles, up)
        )
    return "\n".join(lines)


def _linked_line(line: str, own: str, titles: dict[str, str], up: str) -> str:
    def link(found: re.Match[str]) -> str:
        name, anchor = found[1], found[2] or ""
        if name not in titles or (name == own and not anchor):
            return found[0]
        return f"[{titles[name]}]({up}{_name(name)}.md{anchor})"

    # What stands in code with more than the page's name (a command, a path) stays as it is.
    parts = re.split(r"(`[^`]*`)", line)
    return "".join(
        part if part.startswith("`") and not _OWN.fullmatch(part) else _OWN.sub(link, part) for part in parts
    )


def _pages(root: Path) -> list[Path]:
    return [*sorted((root / "docs").glob("*.md")), root / "CHANGELOG.md", root / "CONTRIBUTING.md"]


def _name(page: str) -> str:
    return _NAMES.get(page, page)


def _title(text: str) -> str:
    found = _HEADING.search(text)
    return found[1] if found else ""
