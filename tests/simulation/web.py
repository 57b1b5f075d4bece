"""A small reader of simulated sites for tests: requests by host name through the `resolve` setting."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import requests
from selectolax.lexbor import LexborHTMLParser as HTMLParser


class Web:
    """GET by simulated address."""

    def __init__(self, resolve: str) -> None:
        self._where = dict(pair.split("=") for pair in resolve.split(","))
        self._session = requests.Session()
        self._session.trust_env = False

    def get(self, url: str, timeout: float = 5.0, **headers: str) -> requests.Response:
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        address = f"http://{self._where[parts.netloc]}{target}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._session.get(
            address, headers={"Host": parts.netloc, **named}, timeout=timeout, allow_redirects=False
        )

    def listing_links(self, start: str) -> dict[str, str]:
        """Address → title of every link in the pages of a listing, pagers followed as a person would."""
        found: dict[str, str] = {}
        queue, seen = [start], set[str]()
        while queue:
            url = queue.pop(0)
            if url in seen:
                continue
            seen.add(url)
            page = self.get(url)
            assert page.status_code == 200, url
            text = page.content.decode("gb18030" if b"charset=gb2312" in page.content else "utf-8")
            for anchor in HTMLParser(text).css("a[href]"):
                href, label = anchor.attributes["href"] or "", anchor.text(strip=True)
                target = urljoin(url, href)
                if re.search(r"(下一?页)|^\d+$", label):
                    queue.append(target)
                else:
                    found[target] = anchor.attributes.get("title") or label
            script = re.search(r'createPageHTML\((\d+), *\d+, *"(\w+)", *"(\w+)"\)', text)
            if script:
                queue += [urljoin(start, f"{script[2]}_{n}.{script[3]}") for n in range(1, int(script[1]))]
        return found


def page_lines(body: bytes) -> list[str]:
    """The text of a page, a line per block, as a browser shows it."""
    encoding = "gb18030" if b"charset=gb2312" in body[:2000] else "utf-8"
    tree = HTMLParser(body.decode(encoding))
    text = tree.body.text(separator="\n") if tree.body else ""
    return [
        line.replace("\u3000", " ").replace("\xa0", " ").strip() for line in text.split("\n") if line.strip()
    ]
