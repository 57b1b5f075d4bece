"""How a release, and a table taken out of one, are cited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from nianbao.export.forms import PUBLISHER, Lang, bibtex_entry, china_day, date_parts, filled, one_line
from nianbao.warehouse.release import Release
from nianbao.warehouse.release.files import MANIFEST, sha256_of

_NAME = {
    "zh": "法治政府建设年度报告数据集",
    "en": "Annual rule-of-law reports of China's district governments, as year-over-year facts",
}


@dataclass(frozen=True, slots=True)
class ReleaseCitation:
    """A release. created: the day, in China, on which it was made; manifest_sha256: of its manifest, which holds the hash of
    every file; schema_version: of the marts."""

    release_id: str
    created: date
    schema_version: str
    manifest_sha256: str

    def text(self, lang: Lang = "zh") -> str:
        """In the manner of GB/T 7714."""
        named = "：数据发布" if lang == "zh" else ": release "
        return (
            f"{PUBLISHER}. {_NAME[lang]}{named}{self.release_id}[DS]. ({self.created}). "
            f"manifest.json sha256:{self.manifest_sha256}."
        )

    def csl(self) -> dict[str, Any]:
        """As an item of CSL-JSON, type dataset."""
        return {
            "id": self.release_id,
            "type": "dataset",
            "title": _NAME["zh"],
            "author": [{"literal": PUBLISHER}],
            "issued": date_parts(self.created),
            "version": self.release_id,
            "note": f"schema {self.schema_version}; manifest.json sha256:{self.manifest_sha256}",
        }

    def bibtex(self) -> str:
        """As one BibTeX entry."""
        return bibtex_entry(
            "misc",
            f"nianbao-{self.release_id}",
            {
                "author": PUBLISHER,
                "title": f"{_NAME['zh']}（{_NAME['en']}）",
                "year": str(self.created.year),
                "version": self.release_id,
                "note": f"release {self.release_id}, manifest.json sha256:{self.manifest_sha256}",
            },
        )


@dataclass(frozen=True, slots=True)
class TableCitation:
    """A table taken out of a release. query: the SQL or the address that gives it again; filters: what it was narrowed to,
    in words; sha256: of the file it was written to, "" before that."""

    release: ReleaseCitation
    title: str
    query: str
    filters: Mapping[str, str] = field(default_factory=dict)
    sha256: str = ""

    def of_file(self, sha256: str) -> TableCitation:
        """The same for the file with this SHA-256."""
        return replace(self, sha256=sha256)

    def narrowed(self) -> str:
        """The filters on one line."""
        return "; ".join(f"{name}: {value}" for name, value in self.filters.items())

    def text(self, lang: Lang = "zh") -> str:
        """In the manner of GB/T 7714."""
        title, query = one_line(self.title), one_line(self.query)
        words = (
            ("：表", "数据发布", "筛选：", "查询：")
            if lang == "zh"
            else (": table ", "release ", "filters: ", "query: ")
        )
        parts = [
            PUBLISHER,
            f"{_NAME[lang]}{words[0]}“{title}”[DS]",
            f"({self.release.created})",
            f"{words[1]}{self.release.release_id}",
            f"{words[2]}{one_line(self.narrowed())}" if self.filters else "",
            f"{words[3]}{query}" if query else "",
            f"sha256:{self.sha256}" if self.sha256 else "",
        ]
        return ". ".join(filter(None, parts)) + "."

    def csl(self) -> dict[str, Any]:
        """As an item of CSL-JSON, type dataset."""
        online = self.query.startswith(("http://", "https://"))
        return filled(
            {
                "id": f"{self.release.release_id}:{one_line(self.title)}",
                "type": "dataset",
                "title": one_line(self.title),
                "container-title": _NAME["zh"],
                "author": [{"literal": PUBLISHER}],
                "issued": date_parts(self.release.created),
                "version": self.release.release_id,
                "URL": self.query if online else "",
                "note": self._note(),
            }
        )

    def bibtex(self) -> str:
        """As one BibTeX entry."""
        return bibtex_entry(
            "misc",
            f"nianbao-{self.release.release_id}-{self.title[:40]}",
            {
                "author": PUBLISHER,
                "title": self.title,
                "year": str(self.release.created.year),
                "version": self.release.release_id,
                "note": f"release {self.release.release_id}; {self._note()}".rstrip("; "),
            },
        )

    def _note(self) -> str:
        parts = (
            one_line(self.narrowed()),
            f"query: {one_line(self.query)}" if self.query else "",
            f"sha256:{self.sha256}" if self.sha256 else "",
        )
        return "; ".join(filter(None, parts))


def cite_release(release: Release) -> ReleaseCitation:
    """The citation of a release."""
    return ReleaseCitation(
        release.release_id,
        china_day(datetime.fromisoformat(release.created_at)),
        release.schema_version,
        sha256_of(release.folder / MANIFEST),
    )


def cite_table(
    release: Release, title: str, query: str, *, filters: Mapping[str, str] | None = None
) -> TableCitation:
    """The citation of a table out of a release. query: the SQL or the address that gives it again; filters: in words."""
    return TableCitation(cite_release(release), title, query, dict(filters or {}))
