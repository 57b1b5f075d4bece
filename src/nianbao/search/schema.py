"""The fields of the index. Whoever changes them, or how text is folded, raises VERSION: the next release builds anew."""

from __future__ import annotations

import json
from importlib.metadata import version

import tantivy

from nianbao.search.entries import Edition, Entry, paths
from nianbao.search.folding import indexed

VERSION = 2
# Its bytes are what tantivy's minor version says; others build anew.
ENGINE = ".".join(version("tantivy").split(".")[:2])

TEXT, HEAD = "text", "head"
_PAIRS = "whitespace"
# By which log2(2 + weight) a kind's score is multiplied: short texts win in BM25, and a law that thousands name would come
# before every section about it.
_WEIGHT = {"report": 6, "section": 4, "figure": 0, "reference": 0}


def index_version() -> str:
    """Another one where an index that is there does not fit any more, and the next release has to hold a new one."""
    return f"{VERSION}-{ENGINE}"


def schema() -> tantivy.Schema:
    """The schema of an index."""
    builder = tantivy.SchemaBuilder()
    for name in (TEXT, HEAD):
        builder.add_text_field(name, tokenizer_name=_PAIRS, index_option="position")
    for name in ("edition", "issuer", "region", "section_kind", "indicator"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("kind", "region_code"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_integer_field("year", indexed=True, fast=True)
    builder.add_unsigned_field("weight", fast=True)
    builder.add_bytes_field("shown", stored=True)
    return builder.build()


def teach(index: tantivy.Index) -> tantivy.Index:
    """Tells an index how its texts are cut: at the blanks between pairs."""
    cut = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_PAIRS, cut)
    return index


def region_prefixes(code: str) -> list[str]:
    """A region's code and those of the regions above it, without the zeros at their ends: 310107 → 31, 3101, 310107."""
    return list(dict.fromkeys(code[:length] for length in (2, 4, 6) if code[:length])) if code else []


def document(edition: Edition, entry: Entry) -> tantivy.Document:
    """An entry as the index takes it."""
    made = tantivy.Document()
    made.add_text(TEXT, indexed(entry.text))
    made.add_text(HEAD, indexed(*entry.heads))
    made.add_text("edition", edition.edition_id)
    made.add_text("issuer", edition.issuer_id)
    made.add_text("region_code", edition.region_code)
    for prefix in region_prefixes(edition.region_code):
        made.add_text("region", prefix)
    made.add_text("kind", entry.kind)
    if entry.section_kind:
        made.add_text("section_kind", entry.section_kind)
    if entry.indicator_id:
        made.add_text("indicator", entry.indicator_id)
    made.add_integer("year", edition.year)
    made.add_unsigned("weight", _WEIGHT[entry.kind])
    made.add_bytes("shown", shown(edition, entry))
    return made


def shown(edition: Edition, entry: Entry) -> bytes:
    """What is stored of an entry, as JSON: its facts, and with a report those of the edition, which the others look up there."""
    facts: dict[str, object] = {
        "kind": entry.kind,
        "edition_id": edition.edition_id,
        "section_ordinal": entry.section,
        "start": entry.start,
        "end": entry.end,
        "text": entry.text,
    }
    if entry.kind == "report":
        facts["edition"] = {
            "report_id": edition.report_id,
            "issuer_id": edition.issuer_id,
            "issuer_name": edition.issuer_name,
            "region_code": edition.region_code,
            "year": edition.year,
            "report_kind": edition.report_kind,
            "title": edition.title,
        }
        facts["doc_number"] = edition.doc_number
        facts["sections"] = {
            section.ordinal: (section.kind, path) for section, path in paths(edition.sections)
        }
    elif entry.kind != "section":
        facts |= {"label": entry.label, "said": entry.said, "indicator_id": entry.indicator_id}
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
