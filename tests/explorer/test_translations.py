"""The English pages: every message has its translation, the catalogue no other, and no Chinese word of ours is left on them."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from nianbao import explorer, web
from nianbao.explorer.language import marked, translations
from nianbao.explorer.terms import TERMS
from nianbao.extraction.value_words import QUALIFIERS, SCOPES, SECTIONS
from nianbao.settings import Settings
from nianbao.web import make_app

KEYWORDS = dict.fromkeys(("_", "marked", "say", "gettext"))
HAN = re.compile(r"[\u4e00-\u9fff]")
PLACE = re.compile(r"\{(\w*)\}")


@pytest.fixture(scope="module")
def used():
    """Message id → where it stands."""
    found = {}
    for package in (explorer, web):
        folder = Path(package.__file__).parent
        for method in (("**.py", "python"), ("**.html", "jinja2")):
            for name, line, message, *_ in extract_from_dir(str(folder), [method], keywords=KEYWORDS):
                found.setdefault(message, f"{name}:{line}")
    for words in (SECTIONS, QUALIFIERS, SCOPES):  # shared with other pages
        found |= dict.fromkeys(words.values(), "value_words.py")
    return found


@pytest.fixture(scope="module")
def catalogue():
    """Message id → its translation."""
    place = Path(explorer.__file__).parent / "locale/en/LC_MESSAGES/explorer.po"
    with place.open("rb") as source:
        return {message.id: message.string for message in read_po(source, locale="en") if message.id}


def test_every_message_is_translated(used, catalogue):
    assert {word for words in TERMS.values() for word in words.values()} <= used.keys()
    assert len(used) > 300
    assert {message: place for message, place in used.items() if not catalogue.get(message)} == {}


def test_the_catalogue_has_no_message_that_no_page_says(used, catalogue):
    assert catalogue.keys() - used.keys() == set()


def test_a_translation_is_english_and_takes_the_same_values(catalogue):
    for message, english in catalogue.items():
        assert not HAN.search(english), message
        assert set(PLACE.findall(message)) == set(PLACE.findall(english)), message


def test_messages_are_written_in_chinese(used):
    latin = {message for message in used if not HAN.search(message)}
    assert latin == set()


def test_marking_changes_nothing_and_only_english_is_looked_up():
    assert marked("机关") == translations("zh").gettext("机关") == "机关"
    assert translations("en").gettext("机关") == "Issuers"


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


def test_no_chinese_word_of_the_interface_is_left_on_an_english_page(english, rows, used):
    ((report, issuer),) = rows("select report_id, issuer_id from fct_report where n_editions > 1 limit 1")
    ((indicator,),) = rows(
        "select indicator_id from fct_indicator_year group by 1 order by count(*) desc, 1 limit 1"
    )
    ours = {message for message in used if len(message) > 1}
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
            if HAN.search(node.text()) and not node.css_matches("label:has(select), tbody th")
        ] == [], address
