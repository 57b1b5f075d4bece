"""OFD documents (GB/T 33190): pages of text objects, one per printed line, in millimetres."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ..composer import Line
from .archives import archive
from .layout import Printed, printed_pages

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_MM = 25.4 / 72
_WIDTH, _HEIGHT = 210, 297


def ofd(lines: Sequence[Line], header: str) -> bytes:
    """The paragraphs as an OFD document, laid out as the PDFs are. header: at the top of every page."""
    pages = printed_pages(lines, header)
    members = {
        "OFD.xml": f'{_HEAD}<ofd:OFD {_SPACE} DocType="OFD" Version="1.1"><ofd:DocBody><ofd:DocInfo>'
        f"<ofd:DocID>{'0' * 32}</ofd:DocID><ofd:Title>{escape(header)}</ofd:Title></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": _document(len(pages)),
        "Doc_0/PublicRes.xml": f'{_HEAD}<ofd:Res {_SPACE} BaseLoc="Res"><ofd:Fonts>'
        '<ofd:Font ID="1" FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>',
    }
    first = 100
    for number, printed in enumerate(pages):
        members[f"Doc_0/Pages/Page_{number}/Content.xml"] = _page(printed, first)
        first += len(printed) + 1
    return archive(members)


def _document(count: int) -> str:
    pages = "".join(f'<ofd:Page ID="{n + 10}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(count))
    return (
        f"{_HEAD}<ofd:Document {_SPACE}><ofd:CommonData><ofd:MaxUnitID>100000</ofd:MaxUnitID><ofd:PageArea>"
        f"<ofd:PhysicalBox>0 0 {_WIDTH} {_HEIGHT}</ofd:PhysicalBox></ofd:PageArea>"
        "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>"
        f"<ofd:Pages>{pages}</ofd:Pages></ofd:Document>"
    )


def _page(printed: Sequence[Printed], first: int) -> str:
    objects = "".join(_object(line, first + n + 1) for n, line in enumerate(printed))
    return (
        f"{_HEAD}<ofd:Page {_SPACE}><ofd:Area><ofd:PhysicalBox>0 0 {_WIDTH} {_HEIGHT}</ofd:PhysicalBox></ofd:Area>"
        f'<ofd:Content><ofd:Layer ID="{first}" Type="Body">{objects}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def _object(line: Printed, ident: int) -> str:
    """One line of text: a box with its top left corner, the baseline inside, the steps between the characters."""
    size = line.size * _MM
    steps = [size * (0.5 if ord(character) < 0x80 else 1.0) for character in line.text]
    left, top = line.left * _MM, _HEIGHT - line.y * _MM - size
    text = escape(line.text, quote=False)
    return (
        f'<ofd:TextObject ID="{ident}" Boundary="{left:.3f} {top:.3f} {sum(steps):.3f} {size * 1.2:.3f}" Font="1" '
        f'Size="{size:.4f}"><ofd:TextCode X="0" Y="{size:.4f}"{_deltas(steps[:-1])}>{text}</ofd:TextCode></ofd:TextObject>'
    )


def _deltas(steps: Sequence[float]) -> str:
    """Equal steps one behind the other are written as `g count step`."""
    if not steps:
        return ""
    runs: list[tuple[float, int]] = []
    for step in steps:
        if runs and runs[-1][0] == step:
            runs[-1] = (step, runs[-1][1] + 1)
        else:
            runs.append((step, 1))
    said = [
        f"g {count} {step:.4f}" if count > 2 else " ".join([f"{step:.4f}"] * count) for step, count in runs
    ]
    return f' DeltaX="{" ".join(said)}"'
