"""The two languages of the pages: Chinese as they are written, English from a gettext catalogue.

The message ids are the Chinese sentences in templates and views; `locale/en/LC_MESSAGES/explorer.po` translates them.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Literal

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Language = Literal["zh", "en"]
LANGUAGES: Mapping[Language, str] = {"zh": "中文", "en": "English"}
_CATALOGUE = "locale/en/LC_MESSAGES/explorer.po"


@cache
def translations(language: str) -> gettext.NullTranslations:
    """What turns a message into a language: 'zh' leaves it as it is, 'en' translates it."""
    if language != "en":
        return gettext.NullTranslations()
    with (files("nianbao.explorer") / _CATALOGUE).open("rb") as source:
        catalogue = read_po(source, locale="en")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def marked(message: str) -> str:
    """Marks a message for translation where it stands in Python before the language is known."""
    return message
