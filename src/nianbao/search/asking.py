"""A parsed query and its filters as tantivy understands them."""

from __future__ import annotations

from collections.abc import Sequence

import tantivy

from nianbao.search.filters import Filters
from nianbao.search.folding import pairs
from nianbao.search.query import Query
from nianbao.search.schema import HEAD, TEXT

_HEAD_BOOST = 2.0
# More than any BM25 score: words that stand together come before words that stand apart.
_TOGETHER = 1_000.0
_MOST_TOGETHER = 60

_MUST, _SHOULD, _NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


def asked(
    searcher: tantivy.Searcher, schema: tantivy.Schema, query: Query, filters: Filters
) -> tantivy.Query:
    """The query that finds, counts and scores what is wanted; filters have no part in the score."""

    def _word(word: str) -> tantivy.Query:
        head = tantivy.Query.boost_query(_in(searcher, schema, HEAD, word), _HEAD_BOOST)
        return tantivy.Query.boolean_query([(_SHOULD, _in(searcher, schema, TEXT, word)), (_SHOULD, head)])

    clauses = [(_MUST, _word(word)) for word in query.all_of]
    together = "".join(query.all_of)
    if len(query.all_of) > 1 and len(together) <= _MOST_TOGETHER:
        clauses.append((_SHOULD, tantivy.Query.const_score_query(_word(together), _TOGETHER)))
    clauses += [(_NOT, _word(word)) for word in query.none_of]
    clauses += [
        (_MUST, tantivy.Query.const_score_query(narrowed, 0.0)) for narrowed in _filters(schema, filters)
    ]
    return tantivy.Query.boolean_query(clauses)


def reports_of(schema: tantivy.Schema, edition_ids: Sequence[str]) -> tantivy.Query:
    """The query that finds the report of each of some editions."""
    chosen = _one_of(schema, "edition", edition_ids), _one_of(schema, "kind", ["report"])
    return tantivy.Query.boolean_query(
        [(_MUST, tantivy.Query.const_score_query(each, 0.0)) for each in chosen]
    )


def _in(searcher: tantivy.Searcher, schema: tantivy.Schema, name: str, word: str) -> tantivy.Query:
    """A field holds a word: as the phrase of its pairs, or, one character alone, as the beginning of any pair."""
    cut = pairs(word)
    if not cut:
        return tantivy.Query.regex_query(schema, name, f"\\x{{{ord(word):X}}}.")
    if len(cut) == 1:
        return tantivy.Query.term_query(schema, name, cut[0], index_option="freq")
    # Every second pair says it all, in half the time; the rarest one leaves fewest texts to look into.
    rarest = min(range(len(cut)), key=lambda place: searcher.doc_freq(name, cut[place]))
    places = sorted({*range(0, len(cut), 2), len(cut) - 1, rarest})
    return tantivy.Query.phrase_query(schema, name, [(place, cut[place]) for place in places])


def _filters(schema: tantivy.Schema, filters: Filters) -> list[tantivy.Query]:
    values: Sequence[tuple[str, Sequence[str]]] = (
        ("kind", filters.kinds),
        ("region", filters.region_prefixes()),
        ("issuer", filters.issuers),
        ("section_kind", filters.sections),
        ("indicator", filters.indicators),
    )
    chosen = [_one_of(schema, name, given) for name, given in values if given]
    if any(year is not None for year in filters.years):
        first, last = filters.years
        chosen.append(
            tantivy.Query.range_query(
                schema, "year", tantivy.FieldType.Integer, lower_bound=first, upper_bound=last
            )
        )
    return chosen


def _one_of(schema: tantivy.Schema, name: str, values: Sequence[str]) -> tantivy.Query:
    # Halves of characters are no text, and in no index.
    terms = [value.encode("utf-8", "replace").decode("utf-8") for value in values]
    if len(terms) == 1:
        return tantivy.Query.term_query(schema, name, terms[0], index_option="basic")
    return tantivy.Query.term_set_query(schema, name, terms)
