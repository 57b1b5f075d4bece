"""Every word of the pages has its English, none is left over, and values are put into both alike."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

import nianbao
from nianbao.extraction.value_words import QUALIFIERS, SCOPES, SECTIONS
from nianbao.settings import Settings
from nianbao.web import make_app

PACKAGE = Path(nianbao.__file__).parent
ROOMS = ("explorer", "web")
CATALOGUE = PACKAGE / "explorer" / "locale" / "en" / "LC_MESSAGES" / "explorer.po"
_PYTHON = dict.fromkeys(("_", "marked", "say", "gettext"))
# A language is named in its own words.
NAMES = {"中文"}
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_VALUE = re.compile(r"\{(\w*)[^}]*\}|%\((\w+)\)s")


def messages(room):
    """(file, line, message id) of all that the pages say."""
    for name, line, message, _, _ in extract_from_dir(
        PACKAGE / room,
        method_map=[("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")],
        keywords=_PYTHON,
        options_map={"**.html": {"trimmed": "true"}},
    ):
        yield name, line, message


@pytest.fixture(scope="module")
def said():
    shared = {word: "value_words.py" for words in (SECTIONS, QUALIFIERS, SCOPES) for word in words.values()}
    return shared | {
        message: f"{room}/{name}:{line}" for room in ROOMS for name, line, message in messages(room)
    }


@pytest.fixture(scope="module")
def catalogue():
    with CATALOGUE.open("rb") as source:
        return {entry.id: entry.string for entry in read_po(source, locale="en") if entry.id}


def test_every_message_has_its_english(said, catalogue):
    assert len(said) > 200
    assert [f"{place}: {message}" for message, place in said.items() if not catalogue.get(message)] == []


def test_no_english_is_left_over(said, catalogue):
    assert sorted(set(catalogue) - set(said)) == []


def test_the_same_values_are_put_into_both(catalogue):
    for chinese, english in catalogue.items():
        values = [sorted(a or b for a, b in _VALUE.findall(text)) for text in (chinese, english)]
        assert values[0] == values[1], chinese


def test_no_english_is_chinese(catalogue):
    assert [english for english in catalogue.values() if _CHINESE.search(english)] == []


def test_no_word_of_a_template_stands_outside_the_catalogue():
    outside = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
    for page in (PACKAGE / "explorer" / "templates").glob("*.html"):
        bare = outside.sub("", page.read_text(encoding="utf-8"))
        assert _CHINESE.findall(bare) == [], page.name


def test_no_word_of_the_code_stands_outside_the_catalogue(said):
    for room in ROOMS:
        for module in (PACKAGE / room).rglob("*.py"):
            tree = ast.parse(module.read_text(encoding="utf-8"))
            told = [
                node.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            ]
            words = [text for text in told if _CHINESE.search(text) and text not in said]
            assert [text for text in words if text not in NAMES] == [], module


@pytest.fixture(scope="module")
def english(home, rows):
    """english(address) → the page, without what stands on it in the words of reports, registers and releases."""
    client = TestClient(make_app(Settings(home=home)), base_url="http://127.0.0.1")

    def page(address):
        answer = client.get(address, params={"lang": "en"} if "?" not in address else None)
        parsed = LexborHTMLParser(answer.text)
        # The texts of reports, the brand, the name of the language and the charts' own rows are Chinese, and say so.
        for node in parsed.css('[lang^="zh"], .brand, script, blockquote, .citation'):
            node.decompose()
        return parsed

    return page


def test_no_chinese_word_of_the_interface_is_left_on_an_english_page(english, rows, said):
    ((report, issuer),) = rows("select report_id, issuer_id from fct_report where n_editions > 1 limit 1")
    ((indicator,),) = rows(
        "select indicator_id from fct_indicator_year group by 1 order by count(*) desc, 1 limit 1"
    )
    ours = {message for message in said if len(message) > 1}
    for address in (
        "/",
        "/issuers",
        f"/issuers/{issuer}",
        "/indicators",
        f"/indicators/{indicator}",
        f"/reports/{report}",
        "/compare",
        f"/compare?issuers={issuer}&lang=en",
        "/search?q=行政复议&lang=en",
        "/quality",
        "/sources",
        "/releases/",
        "/cite",
        "/operation",
        "/issuers/nobody",
        "/?release=nothing&lang=en",
    ):
        page = english(address)
        assert page.css_first("html").attributes["lang"] == "en", address
        texts = {
            node.text(strip=True).strip("：:▲▼← →·")
            for node in page.css("h1, h2, h3, th, dt, label, button, option, a, p, span, figcaption")
        }
        told = {
            value
            for node in page.css("[aria-label], [title], [placeholder]")
            for name, value in node.attributes.items()
            if name in ("aria-label", "title", "placeholder")
        }
        assert (texts | told) & ours == set(), address
        controls = page.css(
            "header nav a, th, dt, label, button, legend, .note, .legend span, .take, .controls, [role=alert]"
        )
        assert [
            node.text(strip=True)
            for node in controls
            if _CHINESE.search(node.text()) and not node.css_matches("label:has(select), tbody th")
        ] == [], address
