from __future__ import annotations

from pathlib import Path

import pytest

from nianbao.simulation import FolderSite, PagesFolderError, SimulatedSites, folder_sites

from .web import Web, page_lines

HOST = "www.b.test"
TEXT = "当前位置:\n甲区司法局2024年法治政府建设情况报告\n\n  一、主要举措 <和> 成效\n全年培训 3 次。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "pages"
    site = root / HOST
    (site / "sub").mkdir(parents=True)
    (site / "000.txt").write_text(TEXT, encoding="utf-8")
    (site / "gb.txt").write_bytes(TEXT.encode("gb18030"))
    (site / "page").write_bytes(b"<!DOCTYPE html><html><head><title> A &amp; B \n</title></head></html>")
    (site / "paper.bin").write_bytes(b"%PDF-1.4 ...")
    (site / "details?id=1").write_bytes(b"<html><head><title>one</title></head></html>")
    (site / "sub" / "index.html").write_text("<html><title>own index</title></html>", encoding="utf-8")
    (site / ".secret").write_text("no", encoding="utf-8")
    (root / "secret.txt").write_text("no", encoding="utf-8")
    return root


def test_files_are_served_with_the_type_of_their_bytes(folder: Path) -> None:
    site = folder_sites(folder)[HOST]
    types = {
        path: site.find(path)
        for path in ("/000.txt", "/page", "/paper.bin", "/details?id=1", "/sub/", "/sub")
    }
    said = {path: found.media_type for path, found in types.items() if found}
    assert said == {
        "/000.txt": "text/plain", "/page": "text/html", "/paper.bin": "application/pdf",
        "/details?id=1": "text/html", "/sub/": "text/html", "/sub": "text/html",
    }  # fmt: skip
    assert types["/000.txt"] and types["/000.txt"].body == TEXT.encode()


@pytest.mark.parametrize("name", ["000", "gb"])
def test_a_text_file_is_an_article_page_too_with_the_same_lines(folder: Path, name: str) -> None:
    with SimulatedSites(folder_sites(folder)).serve() as sites:
        answer = Web(sites.resolve).get(f"http://{HOST}/{name}.html")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page_lines(answer.content) == [line.strip() for line in TEXT.splitlines() if line.strip()]


def test_a_folder_without_index_lists_its_content_by_title(folder: Path) -> None:
    with SimulatedSites(folder_sites(folder)).serve() as sites:
        links = Web(sites.resolve).listing_links(f"http://{HOST}/")
        assert all(Web(sites.resolve).get(url).status_code == 200 for url in links)
    base = f"http://{HOST}/"
    assert links == {
        base + "000.html": "甲区司法局2024年法治政府建设情况报告",
        base + "gb.html": "甲区司法局2024年法治政府建设情况报告",
        base + "page": "A & B",
        base + "paper.bin": "paper.bin",
        base + "details?id=1": "one",
        base + "sub/": "sub",
    }


def test_files_are_served_conditionally(folder: Path) -> None:
    with SimulatedSites(folder_sites(folder)).serve() as sites:
        web = Web(sites.resolve)
        tag = web.get(f"http://{HOST}/000.html").headers["ETag"]
        assert web.get(f"http://{HOST}/000.html", If_None_Match=tag).status_code == 304


@pytest.mark.parametrize(
    "target",
    ["/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/sub/../../secret.txt", "//../secret.txt", "/../secret.html",
     "/..%5csecret.txt", "/.secret", "/x%00.html", "/link.txt", "/link.html", "/linked/secret.txt", "/?/../../secret.txt", "/" + "a" * 5000],
)  # fmt: skip
def test_nothing_outside_the_folder_is_served(folder: Path, target: str) -> None:
    (folder / HOST / "link.txt").symlink_to(folder / "secret.txt")
    (folder / HOST / "linked").symlink_to(folder)
    found = folder_sites(folder)[HOST].find(target)
    assert found is None or b"no" not in found.body.replace(b"own", b"")


def test_a_traversal_over_http_gets_404(folder: Path) -> None:
    import socket

    with SimulatedSites(folder_sites(folder)).serve() as sites:
        for target in (b"/../secret.txt", b"/..%2fsecret.txt", b"http://x/../secret.txt"):
            with socket.create_connection(("127.0.0.1", sites.port), timeout=5) as raw:
                raw.sendall(
                    b"GET "
                    + target
                    + b" HTTP/1.1\r\nHost: "
                    + HOST.encode()
                    + b"\r\nConnection: close\r\n\r\n"
                )
                assert raw.recv(100).startswith(b"HTTP/1.1 404")


def test_a_wrong_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PagesFolderError, match="is no folder"):
        folder_sites(tmp_path / "nothing")
    with pytest.raises(PagesFolderError, match="holds no folder"):
        folder_sites(tmp_path)
    (tmp_path / "no host!").mkdir()
    with pytest.raises(PagesFolderError, match="no host name"):
        folder_sites(tmp_path)


def test_an_empty_site_has_an_empty_listing(tmp_path: Path) -> None:
    found = FolderSite(tmp_path).find("/")
    assert found and b"<li>" not in found.body
