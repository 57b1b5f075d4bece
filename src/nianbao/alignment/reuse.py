"""What a report took over from the one before: paragraphs word for word or edited, and single sentences."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Sequence, Set
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from .passages import Passage, masked, paragraphs, sentences

_SHORTEST = 20  # characters; below stand headings, addresses and signatures
_POINTS = frozenset("。，；,;")
_SHINGLE = 4
_CANDIDATES = 4  # paragraphs compared letter by letter, those that share most shingles
_OFTEN = 40  # a shingle in more paragraphs than this tells none apart
_EDITED = 0.6  # share of letters that an edited copy has in common with its source
_SENTENCE = 12  # characters of the shortest sentence that counts as taken over


@dataclass(frozen=True, slots=True)
class Match:
    """A paragraph of the later text and its source in the earlier one.

    Offsets are those of the two texts. score: share of letters in common, numbers aside, 0 to 1; manner: verbatim or
    edited.
    """

    earlier_start: int
    earlier_end: int
    later_start: int
    later_end: int
    score: float
    manner: str


@dataclass(frozen=True, slots=True)
class Reuse:
    """How much of a report stood in the one before.

    n_paragraphs, n_copied, n_edited: paragraphs of the later text, those copied word for word, those copied and edited.
    share_copied: share of its characters in the two, an edited paragraph counting with its score. share_sentences: share
    of its characters in single sentences taken over into paragraphs that are new. novelty: the rest; 0.0 to 1.0, and 0.0
    for a text without paragraphs.
    """

    n_paragraphs: int
    n_copied: int
    n_edited: int
    share_copied: float
    share_sentences: float
    novelty: float
    matches: tuple[Match, ...]


def reuse(earlier: str, later: str) -> Reuse:
    """What of `later` stood in `earlier`, wherever it stood there; phrases that every report has count like others."""
    sources, targets = _body(earlier), _body(later)
    same: dict[str, deque[int]] = defaultdict(deque)
    for index, passage in enumerate(sources):
        same[passage.plain].append(index)
    bare = [masked(passage.plain) for passage in sources]
    shingles = _shingles(bare)
    known: frozenset[str] | None = None
    matches: list[Match] = []
    total = copied = partly = 0.0
    for target in targets:
        size = len(target.plain)
        total += size
        if target.plain in same:
            # Sources with the same words take turns.
            index, score = same[target.plain][0], 1.0
            same[target.plain].rotate(-1)
        else:
            index, score = _nearest(masked(target.plain), bare, shingles)
        if index < 0:
            known = known if known is not None else _long_sentences(earlier)
            partly += _sentences_taken(later, target, known)
            continue
        copied += size * score
        manner = "verbatim" if target.plain in same else "edited"
        source = sources[index]
        matches.append(Match(source.start, source.end, target.start, target.end, round(score, 4), manner))
    n_copied = sum(match.manner == "verbatim" for match in matches)
    share = copied / total if total else 0.0
    share_sentences = partly / total if total else 0.0
    return Reuse(
        n_paragraphs=len(targets),
        n_copied=n_copied,
        n_edited=len(matches) - n_copied,
        share_copied=round(share, 4),
        share_sentences=round(share_sentences, 4),
        novelty=round(max(0.0, 1.0 - share - share_sentences), 4) if total else 0.0,
        matches=tuple(matches),
    )


def _body(text: str) -> list[Passage]:
    return [
        passage
        for passage in paragraphs(text)
        if len(passage.plain) >= _SHORTEST and not _POINTS.isdisjoint(passage.plain)
    ]


def _grams(words: str) -> set[str]:
    return {words[at : at + _SHINGLE] for at in range(len(words) - _SHINGLE + 1)}


def _shingles(bare: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for index, words in enumerate(bare):
        for gram in _grams(words):
            found[gram].append(index)
    return found


def _nearest(words: str, bare: Sequence[str], shingles: dict[str, list[int]]) -> tuple[int, float]:
    """Index and score of the paragraph that these words are an edited copy of; (-1, 0.0) if of none."""
    shared: Counter[int] = Counter()
    for gram in _grams(words):
        holders = shingles.get(gram, ())
        if len(holders) <= _OFTEN:
            shared.update(holders)
    best, best_score = -1, 0.0
    for index, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_CANDIDATES]:
        score = Indel.normalized_similarity(words, bare[index], score_cutoff=_EDITED)
        if score > best_score:
            best, best_score = index, score
    return best, best_score


def _long_sentences(text: str) -> frozenset[str]:
    return frozenset(passage.plain for passage in sentences(text) if len(passage.plain) >= _SENTENCE)


def _sentences_taken(text: str, paragraph: Passage, known: Set[str]) -> int:
    """Characters of a new paragraph that stand in sentences of the earlier text."""
    inside = sentences(text, paragraph.start, paragraph.end)
    return sum(len(passage.plain) for passage in inside if passage.plain in known)
