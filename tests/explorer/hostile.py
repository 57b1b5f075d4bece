"""A release of reports that were written against their readers: everything a report can say, as code of some kind."""

import html
import shutil

import duckdb

from nianbao.simulation import build_world

SCRIPT = "<script>window.hacked=1</script>"
IMAGE = '"><img src=x onerror="window.hacked=1">'
CLOSING = "</script></title></textarea><svg onload=window.hacked=1>"
TEMPLATE = "{{7*7}}{% for x in y %}${7*7}#{7*7}"
FORMULA = "=cmd|' /C calc'!A0"
SQL = "'; drop table fct_report; --"
TURNED = "\u202etxt.exe\u2066"
CONTROL = "\x01\x07\x1b[31m\x7f\x85"
ENTITY = "&lt;b&gt;&amp;quot;"
PAYLOADS = (SCRIPT, IMAGE, CLOSING, TEMPLATE, FORMULA, SQL, TURNED, ENTITY)
ADDRESS = "javascript:window.hacked=1"


def _text(year):
    """A simulated report with payloads within sentences that hold figures, in headings, and in a very long line."""
    world = build_world(districts=1, issuers=1, years=(year,))
    lines = world.reports[0].text.split("\n")
    for at, payload in zip(range(4, len(lines) - 4, 3), PAYLOADS * 3, strict=False):
        place = lines[at].find("、") + 1 or lines[at].find("，") + 1
        lines[at] = lines[at][:place] + payload + lines[at][place:]
    lines.insert(len(lines) - 6, "甲" * 100_000 + SCRIPT + CONTROL)
    return "\n".join(lines)


def write_reports(folder):
    """Two files as somebody might hand them in: plain text, and a page whose own markup is hostile too."""
    folder.mkdir()
    broken = b"\xed\xa0\x80\xff\xfe"  # a lone surrogate, and bytes that are no UTF-8
    text = _text(2022).encode()
    at = text.find("\n三、".encode())
    (folder / "\"><img src=x onerror=window.hacked=1>'--.txt").write_bytes(text[:at] + broken + text[at:])
    title = f"青禾区{SCRIPT}{IMAGE}{TEMPLATE}2023年度法治政府建设工作报告"
    body = "".join(f"<p>{html.escape(line)}</p>\n" for line in _text(2023).split("\n"))
    page = (
        f'<!doctype html><html><head><meta charset="utf-8"><meta name="ArticleTitle" content="{html.escape(title)}">'
        f"<title>{html.escape(title)}</title></head><body onload='window.hacked=1'>{SCRIPT}<h1>{html.escape(title)}</h1>"
        f"<div class='article'>{body}<a href='{ADDRESS}'>附件</a></div></body></html>"
    )
    (folder / "page.html").write_text(page, encoding="utf-8")


# What no reading of a report may let through, but a damaged or made-up release might hold.
_ROWS = (
    ("update fct_edition set url = $address, doc_number = $image, title = $image || title", "address image"),
    ("update fct_report set title = $script || $formula || title, url = $address", "script formula address"),
    ("update dim_issuer set issuer_name = $closing || $image || issuer_name", "closing image"),
    ("update fct_edition set issuer_name = $closing || $image", "closing image"),
    ("update fct_section set heading = $script || $turned || heading", "script turned"),
    ("update fct_figure set measure = $formula, sentence = $image || sentence, unit = $script", "formula image script"),
    ("update fct_indicator_yoy set unit = $closing", "closing"),
    ("update fct_indicator_year set unit = $closing", "closing"),
    ("update dim_indicator set label = $closing || label, label_en = $template || label_en, unit = $image",
     "closing template image"),
    ("update dim_region set region_name = $image || region_name, full_name = $script || full_name", "image script"),
    ("update fct_reference set instrument = $sql || $image", "sql image"),
    ("update raw.capture set media_type = $script", "script"),
)  # fmt: skip
_VALUES = {
    "address": ADDRESS, "image": IMAGE, "script": SCRIPT, "formula": FORMULA, "closing": CLOSING, "turned": TURNED,
    "template": TEMPLATE, "sql": SQL,
}  # fmt: skip


def make_rows_hostile(home):
    """Writes payloads into the tables of the current release of a home, as nothing in the pipeline would."""
    database = (home / "current").resolve() / "nianbao.duckdb"
    fresh = database.with_suffix(".fresh")
    shutil.copyfile(database, fresh)
    with duckdb.connect(str(fresh)) as connection:
        for statement, names in _ROWS:
            connection.execute(statement, {name: _VALUES[name] for name in names.split()})
    fresh.replace(database)
