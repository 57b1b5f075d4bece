"""What a reader asks for: the language, the release, the parameters of an address; and addresses that keep them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.requests import Request

from nianbao.explorer.language import Language, translations
from nianbao.explorer.terms import TERMS

# Carried along by every link of a page.
_KEPT = ("lang", "release")
_LONGEST = 400  # characters of one parameter; what is longer was not typed


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for a page. parameters: the query of its address, first values, cut to 400 characters each."""

    path: str
    parameters: Mapping[str, str]

    @classmethod
    def of(cls, request: Request) -> Asked:
        """What a request asks for."""
        parameters: dict[str, str] = {}
        for name, value in request.query_params.multi_items():
            parameters.setdefault(name[:_LONGEST], value[:_LONGEST].replace("\0", ""))
        return cls(quote(request.scope["path"], safe="/:~,@"), parameters)

    @property
    def language(self) -> Language:
        """'zh' or 'en'."""
        return "en" if self.parameters.get("lang") == "en" else "zh"

    @property
    def release(self) -> str:
        """The release that the address pins, '' for the current one."""
        return self.parameters.get("release", "")

    def text(self, name: str, default: str = "") -> str:
        """A parameter, without blanks around it."""
        return self.parameters.get(name, default).strip()

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """A parameter as a whole number within bounds; the default if it is none."""
        text = self.text(name)
        return (
            min(max(int(text), low), high)
            if text.isascii() and text.isdigit() and len(text) < 10
            else default
        )

    def say(self, message: str, **values: object) -> str:
        """A message in the reader's language, with values put into its {braces}."""
        said = translations(self.language).gettext(message)
        return said.format(**values) if values else said

    def term(self, kind: str, value: object) -> str:
        """A value of a closed list (terms.py) in the reader's language; as it is where no word stands there for it."""
        word = TERMS.get(kind, {}).get(str(value))
        return self.say(word) if word else str(value if value is not None else "")

    def pick(self, chinese: object, english: object) -> str:
        """The one of two texts that is in the reader's language; the Chinese one where there is no English."""
        return str((english if self.language == "en" and english else chinese) or "")

    def link(self, path: str, **parameters: object) -> str:
        """An address within the explorer, in the same language and release. None leaves a parameter out."""
        kept = {name: self.parameters[name] for name in _KEPT if self.parameters.get(name)}
        return _address(path, kept | parameters)

    def here(self, **parameters: object) -> str:
        """This address with some parameters changed; None takes one away."""
        return _address(self.path, dict(self.parameters) | parameters)


def _address(path: str, parameters: Mapping[str, object]) -> str:
    given = {name: value for name, value in parameters.items() if value not in (None, "")}
    query = urlencode(given, safe="/:,")
    encoded = quote(path, safe="/:%~") if not path.isascii() else path
    return f"{encoded}?{query}" if query else encoded


def segment(text: str) -> str:
    """A text as one piece of a path."""
    return quote(text, safe="")
