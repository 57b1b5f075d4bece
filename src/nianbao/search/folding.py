"""How text is folded and cut for the index, so that whatever stands in a text is found in it.

Every character is folded for itself: compatibility forms (full width, ligatures, circled digits) to plain ones, capitals to
small letters, brackets around years to one form; blanks, line ends, quotation marks, accents and what nobody sees fall away.
Because no character's folding depends on its neighbours, the folding of a piece of a text is a piece of the folding of the
text. What is folded is cut into overlapping pairs of characters: a piece of two or more characters is exactly a phrase
of pairs. A text ends with one pair more, of its last character and END, so that every character begins a pair.
"""

from __future__ import annotations

import unicodedata
from array import array

END = "\x03"
_BLANK = array("I", " ".encode("utf-32-le"))
# Forms of one sign that writers take for each other: 〔2024〕5号, [2024]5号.
_ALIKE = str.maketrans("〔〕[]【】{}—–−‐‑‒―～〜·・•", "()()()()-------~~···")
_DROPPED = frozenset("\"'“”‘’„‟‚‛「」『』﹁﹂﹃﹄`´")


def _fold_character(character: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    kept = (c for c in plain.translate(_ALIKE) if c not in _DROPPED)
    # Categories: C what nobody sees, Z blanks, M accents.
    return "".join(c for c in kept if unicodedata.category(c)[0] not in "CZM" and not c.isspace())


class _Table(dict[int, str]):
    """Code point → folded; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


_TABLE = _Table()


def fold(text: str) -> str:
    """The folded text."""
    return text.translate(_TABLE)


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the offset in the text that it comes from."""
    parts = [_TABLE[ord(character)] for character in text]
    return "".join(parts), [offset for offset, part in enumerate(parts) for _ in part]


def pairs(folded: str) -> list[str]:
    """The overlapping pairs of a folded piece, in order; none for fewer than two characters."""
    return list(map(str.__add__, folded, folded[1:]))


def indexed(*texts: str) -> str:
    """Texts as the index takes them: the pairs of each, END after it, separated by blanks. Empty texts leave nothing."""
    return "".join(_spaced(f"{folded}{END}") for folded in map(fold, texts) if folded)


def _spaced(folded: str) -> str:
    """The pairs of a folded piece with a blank after each; the same as joining `pairs`, in a tenth of the time."""
    characters = array("I", folded.encode("utf-32-le"))
    spaced = _BLANK * (3 * len(characters) - 3)
    spaced[0::3] = characters[:-1]
    spaced[1::3] = characters[1:]
    return spaced.tobytes().decode("utf-32-le")


def is_word(folded: str) -> bool:
    """Whether anything but punctuation is in a folded piece: a letter, a digit or a sign such as % or ￥."""
    return any(unicodedata.category(character)[0] in "LNS" or character in "%‰" for character in folded)


def occurrences(folded: str, word: str) -> list[tuple[int, int]]:
    """Where a word stands in a folded text, not overlapping."""
    found = []
    at = folded.find(word) if word else -1
    while at >= 0:
        found.append((at, at + len(word)))
        at = folded.find(word, at + len(word))
    return found


def joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that touch or overlap made one."""
    ends: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if ends and start <= ends[-1][1]:
            ends[-1] = (ends[-1][0], max(end, ends[-1][1]))
        else:
            ends.append((start, end))
    return ends
