"""Figures of one document against its gold: counts that add up over documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .gold import GoldDocument
from .matching import character_f1, folded, matched, same_span, same_unit, same_value
from .result import Layer, Miss, NegativeRow, TagRow, counted

Row = Mapping[str, Any]
_EXCERPT = 18


@dataclass(frozen=True, slots=True)
class _Label:
    """A label of a figure. plain: the value that says nothing in particular, assumed where a key is missing."""

    name: str
    key: str
    plain: object = None


_LABELS = (
    _Label("qualifier", "qualifier", "exact"),
    _Label("direction", "direction"),
    _Label("is_target", "is_target", False),
    _Label("indicator", "indicator"),
    _Label("fact_year", "fact_year"),
    _Label("period", "period_text"),
)
_LINKS = ("parent", "yoy_of")
# What a phenomenon's row tells; a figure that was not found has none of it right.
ASPECTS = (
    "span", "value+unit", "qualifier", "direction", "is_target", "indicator", "fact_year", "period", "parent",
    "yoy_of", "scope", "measure",
)  # fmt: skip
_MEASURE_RIGHT = 0.8


@dataclass(slots=True)
class FigureScore:
    """Adds up documents; `layers`, `tags` and `negatives` give the tables.

    indicators: ids the annotators could choose from. A predicted id outside of them is right or wrong nobody can say, so
    a second layer leaves it out.
    """

    indicators: frozenset[str] = frozenset()
    counts: Counter[str] = field(default_factory=Counter)
    measures: float = 0.0
    tag_counts: dict[str, Counter[str]] = field(default_factory=dict)
    listed: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    misses: list[Miss] = field(default_factory=list)

    def add(self, document: GoldDocument, predicted: Sequence[Row]) -> None:
        """Scores one document's figures."""
        gold: Sequence[Row] = document.annotation["metrics"]
        negatives: Sequence[Row] = document.annotation.get("hard_negatives") or ()
        pairs = matched(gold, predicted)
        back = {j: i for i, j in pairs.items()}
        self._count(gold, predicted, pairs)
        for i, wanted in enumerate(gold):
            got = predicted[pairs[i]] if i in pairs else None
            right = self._aspects(i, wanted, got, back)
            tags = (*document.tags, *(wanted.get("tags") or ()))
            for tag in tags:
                row = self.tag_counts.setdefault(tag, Counter())
                row["gold"] += 1
                row["scope gold"] += "scope" in wanted
                row.update(name for name, good in right.items() if good)
            self._note(document, wanted, got, right, tags)
        self._spurious(document, predicted, back, negatives)

    def _count(self, gold: Sequence[Row], predicted: Sequence[Row], pairs: Mapping[int, int]) -> None:
        counts = self.counts
        counts["gold"] += len(gold)
        counts["predicted"] += len(predicted)
        counts["overlap"] += len(pairs)
        spans = [{(row["char_start"], row["char_end"]) for row in rows} for rows in (gold, predicted)]
        counts["exact"] += len(spans[0] & spans[1])
        for label in _LABELS:
            for side, rows in (("gold", gold), ("predicted", predicted)):
                counts[f"{label.name} {side}"] += sum(
                    row.get(label.key, label.plain) != label.plain for row in rows
                )
        for link in _LINKS:
            for side, rows in (("gold", gold), ("predicted", predicted)):
                counts[f"{link} {side}"] += sum(row.get(link) is not None for row in rows)
        counts["listed predicted"] += sum(row.get("indicator") in self.indicators for row in predicted)

    def _aspects(self, i: int, wanted: Row, got: Row | None, back: Mapping[int, int]) -> dict[str, bool]:
        """Which respects of one gold figure came out right; adds to the counts on the way."""
        if got is None:
            return dict.fromkeys(ASPECTS, False)
        counts = self.counts
        value, unit = same_value(wanted, got), same_unit(wanted, got)
        right = {"span": same_span(wanted, got), "value+unit": value and unit}
        counts["value+unit"] += value and unit
        for label in _LABELS:
            want, came = (row.get(label.key, label.plain) for row in (wanted, got))
            same = folded(want) == folded(came) if label.key == "period_text" else want == came
            right[label.name] = same
            counts[f"{label.name} same"] += same
            counts[f"{label.name} right"] += same and want != label.plain
        for link in _LINKS:
            want, came = wanted.get(link), got.get(link)
            answered = None if came is None else back.get(came)
            right[link] = answered == want if came is not None else want is None
            counts[f"{link} right"] += want is not None and right[link]
        if "scope" in wanted:
            right["scope"] = wanted["scope"] == got.get("scope")
            counts["scope gold"] += 1
            counts["scope same"] += right["scope"]
        closeness = character_f1(wanted.get("measure"), got.get("measure"))
        self.measures += closeness
        right["measure"] = closeness >= _MEASURE_RIGHT
        return right

    def _note(
        self,
        document: GoldDocument,
        wanted: Row,
        got: Row | None,
        right: Mapping[str, bool],
        tags: tuple[str, ...],
    ) -> None:
        around = _excerpt(document.text, wanted["char_start"], wanted["char_end"])
        if got is None:
            self.misses.append(Miss(document.doc_id, "figure missed", around, _said(wanted), "", tags))
            return
        for name, good in right.items():
            if not good and not (name == "scope" and "scope" not in wanted):
                expected, came = _both(name, document, wanted, got)
                self.misses.append(Miss(document.doc_id, name, around, expected, came, tags))

    def _spurious(
        self,
        document: GoldDocument,
        predicted: Sequence[Row],
        back: Mapping[int, int],
        negatives: Sequence[Row],
    ) -> None:
        for negative in negatives:
            self.listed.update(_kinds(negative))
        for j, got in enumerate(predicted):
            if j in back:
                continue
            start, end = got["char_start"], got["char_end"]
            touched = next((n for n in negatives if n["char_start"] < end and start < n["char_end"]), None)
            kinds = _kinds(touched) if touched else ("(not listed)",)
            self.taken.update(kinds)
            self.misses.append(
                Miss(document.doc_id, "no figure", _excerpt(document.text, start, end), "", _said(got), kinds)
            )

    def layers(self) -> list[Layer]:
        """The table of a set."""
        counts = self.counts
        gold, predicted, found = counts["gold"], counts["predicted"], counts["overlap"]
        rows = [
            Layer("span exact", counts["exact"], predicted, gold),
            Layer("span overlap", found, predicted, gold),
            Layer(
                "value+unit",
                counts["value+unit"],
                predicted,
                gold,
                _share(counts["value+unit"], found),
                found,
            ),
        ]
        for label in _LABELS:
            name = label.name
            rows.append(counted(name, counts, _share(counts[f"{name} same"], found), found))
            if name == "indicator" and self.indicators:
                right, gold_ids = counts["indicator right"], counts["indicator gold"]
                rows.append(
                    Layer("indicator in the gold's list", right, counts["listed predicted"], gold_ids)
                )
        rows += [counted(link, counts) for link in _LINKS]
        rows.append(Layer("measure", share=_share(self.measures, found), share_of=found))
        if counts["scope gold"]:
            share = _share(counts["scope same"], counts["scope gold"])
            rows.append(Layer("scope", share=share, share_of=counts["scope gold"]))
        return rows

    def tags(self) -> tuple[TagRow, ...]:
        """Recall per phenomenon."""
        return tuple(
            TagRow(tag, counts["gold"], {n: counts[n] for n in ASPECTS}, {"scope": counts["scope gold"]})
            for tag, counts in sorted(self.tag_counts.items())
        )

    def negatives(self) -> tuple[NegativeRow, ...]:
        """False figures per kind of number that is none."""
        kinds = sorted({*self.listed, *self.taken})
        return tuple(NegativeRow(kind, self.listed[kind], self.taken[kind]) for kind in kinds)


def _kinds(negative: Row) -> tuple[str, ...]:
    return tuple(negative.get("tags") or (negative["reason"],))


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None


def _excerpt(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - _EXCERPT) : start], text[end : end + _EXCERPT]
    return f"{before}[{text[start:end]}]{after}".replace("\n", "⏎")


def _said(row: Row) -> str:
    """A figure in short words."""
    upper = f"–{row['value_max']:g}" if row.get("value_max") is not None else ""
    words = [row.get("qualifier", "exact"), row.get("measure"), row.get("indicator"), row.get("direction")]
    more = " ".join(str(word) for word in words if word and word != "exact")
    return f"{row.get('value'):.12g}{upper} {row.get('unit') or ''} {more}".strip()


def _both(name: str, document: GoldDocument, wanted: Row, got: Row) -> tuple[str, str]:
    """What was expected and what came, in the words of one respect."""
    if name == "span":
        return wanted["text"], document.text[got["char_start"] : got["char_end"]]
    if name == "value+unit":
        return _said(wanted), _said(got)
    if name in _LINKS:
        metrics = document.annotation["metrics"]
        want = wanted.get(name)
        came = "" if got.get(name) is None else "another figure"
        return ("" if want is None else str(metrics[want]["text"])), came
    key = "period_text" if name == "period" else name
    return _shown(wanted.get(key)), _shown(got.get(key))


def _shown(value: object) -> str:
    return "" if value is None else str(value)
