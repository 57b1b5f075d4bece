"""Pages are made once as long as nothing can have changed; what is no page is made each time."""

from __future__ import annotations

from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from nianbao.explorer import kept
from nianbao.explorer.kept import KeptPages


def maker(answers):
    made = []

    def make():
        made.append(1)
        return answers(len(made))

    return make, made


def test_a_page_is_made_once_for_each_tag():
    pages = KeptPages()
    make, made = maker(lambda number: HTMLResponse(f"page {number}", headers={"X-Kept": "yes"}))
    assert [pages.page("a", make).body for _ in range(3)] == [b"page 1"] * 3
    assert pages.page("a", make).headers["X-Kept"] == "yes"
    assert pages.page("b", make).body == b"page 2" and len(made) == 2


def test_what_is_no_whole_page_is_made_each_time():
    for answer in (
        lambda number: StreamingResponse(iter([b"a table"])),
        lambda number: RedirectResponse(f"/elsewhere/{number}"),
        lambda number: HTMLResponse("trouble", status_code=404),
        lambda number: Response("text", media_type="text/plain"),
    ):
        pages = KeptPages()
        make, made = maker(answer)
        for _ in range(3):
            pages.page("a", make)
        assert len(made) == 3


def test_pages_kept_are_bounded_by_their_bytes(monkeypatch):
    monkeypatch.setattr(kept, "_BYTES", 1_000)
    pages = KeptPages()
    make, made = maker(lambda number: HTMLResponse("x" * 400))
    for tag in ("a", "b", "c", "a"):
        pages.page(tag, make)
    assert len(made) == 4  # a had to go for c
    large, made = maker(lambda number: HTMLResponse("x" * 2_000))
    assert {len(pages.page("large", large).body) for _ in range(2)} == {2_000} and len(made) == 2
