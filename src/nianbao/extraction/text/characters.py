"""Everyday characters instead of look-alikes: full width, radicals that PDF fonts give out, compatibility forms.

Every replacement keeps the length of the text, so that an offset means the same before and after.
"""

from __future__ import annotations

import re
import unicodedata

# Radicals of the CJK Radicals Supplement have no compatibility decomposition (but two); pairs of radical, ideograph.
_RADICALS = (
    "⺁厂⺄乙⺅亻⺇几⺈刀⺉刂⺊卜⺋卩⺎兀⺏尢⺐尣⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歹⺟母⺠民⺡氵⺢水⺣灬⺤爪⺥爫⺦丬⺧牛⺨犭"
    "⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糸⺰纟⺱罓⺲罒⺳网⺴网⺵网⺶羊⺷羊⺸羊⺹耂⺺聿⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足"
    "⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟食⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐"
    "⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
_RANGES = (
    (0x2E80, 0x2FDF),
    (0xF900, 0xFAFF),
    (0xFF01, 0xFFE6),
    (0x3000, 0x3000),
    (0xFE30, 0xFE6F),
    (0x2F800, 0x2FA1D),
)
# Blanks of every width, line breaks of typesetting, private-use characters (the bullets of symbol fonts).
_BLANKS = (160, 5760, *range(0x2000, 0x200B), 8239, 8287, 11, 12, 28, 29, 30, 31, 133, 0xFFFC)
_PRIVATE = range(0xE000, 0xF900)


def _folding() -> dict[str, str]:
    table = {chr(code): " " for code in (*_BLANKS, *_PRIVATE)}
    table.update(zip(_RADICALS[::2], _RADICALS[1::2], strict=True))
    for first, last in _RANGES:
        for code in range(first, last + 1):
            folded = unicodedata.normalize("NFKC", chr(code))
            if len(folded) == 1 and folded != chr(code):
                table[chr(code)] = folded
    table.update({"﹪": "%", "﹒": ".", "﹝": "〔", "﹞": "〕", "［": "[", "］": "]"})
    return table


_FOLDED = _folding()


def _class(characters: list[str]) -> str:
    """A regular expression class of the characters, consecutive ones as ranges."""
    codes = sorted(map(ord, characters))
    pieces: list[str] = []
    first = last = codes[0]
    for code in [*codes[1:], -1]:
        if code == last + 1:
            last = code
            continue
        pieces.append(re.escape(chr(first)) + ("-" + re.escape(chr(last)) if last > first else ""))
        first = last = code
    return "[" + "".join(pieces) + "]"


_FOLDABLE = re.compile(_class(list(_FOLDED)))


def fold_characters(text: str) -> str:
    """Each character in its everyday form; the result is as long as `text`."""
    for character in set(_FOLDABLE.findall(text)):
        text = text.replace(character, _FOLDED[character])
    return text
