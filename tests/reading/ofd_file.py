"""Writes OFD files, which no package writes: pages of placed text, as the authorities' programs leave them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import escape

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


@dataclass
class Text:
    """A text object: its text with the lower left corner of its first character and its size, in millimetres."""

    text: str
    x: float
    y: float
    size: float = 5.0
    delta: str = ""
    ctm: str = ""

    def xml(self) -> str:
        delta = self.delta or (f"g {len(self.text) - 1} {self.size}" if len(self.text) > 1 else "")
        ctm = f' CTM="{self.ctm}"' if self.ctm else ""
        return (
            f'<ofd:TextObject ID="1" Boundary="{self.x} {self.y - self.size} 200 {self.size * 1.2}" Font="2"'
            f' Size="{self.size}"{ctm}><ofd:TextCode X="0" Y="{self.size}" DeltaX="{delta}">{escape(self.text)}'
            "</ofd:TextCode></ofd:TextObject>"
        )


def page(*texts: Text, template: str = "", extra: str = "") -> str:
    """The content of a page."""
    used = f'<ofd:Template TemplateID="{template}" ZOrder="Background"/>' if template else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ofd:Page {NS}>{used}<ofd:Content><ofd:Layer ID="9">'
        + "".join(text.xml() for text in texts)
        + f"{extra}</ofd:Layer></ofd:Content></ofd:Page>"
    )


def ofd(*pages: str, members: dict[str, bytes] | None = None) -> bytes:
    """A file of pages; members: further or replaced members of the archive."""
    files = {
        "OFD.xml": f'<ofd:OFD {NS} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo/>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
        '</ofd:PhysicalBox></ofd:PageArea><ofd:TemplatePage ID="7" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData>'
        "<ofd:Pages>"
        + "".join(
            f'<ofd:Page ID="{number}" BaseLoc="Pages/Page_{number}/Content.xml"/>'
            for number in range(len(pages))
        )
        + "</ofd:Pages></ofd:Document>",
        "Doc_0/Tpls/Tpl_0/Content.xml": page(),
    } | {f"Doc_0/Pages/Page_{number}/Content.xml": content for number, content in enumerate(pages)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in ({name: text.encode() for name, text in files.items()} | (members or {})).items():
            archive.writestr(name, data)
    return out.getvalue()
