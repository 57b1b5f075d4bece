"""`probe`: how an address ends, what it would be as a source, and what a person should look at."""

import io
import json

import pytest
import yaml
from small_site import FAST, HOST

from nianbao.commands import sources
from nianbao.registry import RegistryError, load_registry
from nianbao.settings import Settings, project_dir

DATA = project_dir("data")
TITLE = "普陀区{}年法治政府建设年度报告"
REPORTS = "".join(
    f"<li><a href='./202503/t2025031{n}_{n}.html'>上海市{TITLE.format(2020 + n)}</a></li>" for n in range(3)
)
ENTRIES = [
    {"id": f"abc-{n}", "title": f"上海市{TITLE.format(2020 + n)}", "publishTime": "2025-03-01"}
    for n in range(3)
]


def html(body):
    return f"<html><head><meta charset=utf-8></head><body>{body}</body></html>".encode()


def probed(site, path="/fz/index.html", *, pages=2, code=None, as_json=True, data=DATA, **options):
    url = site.url(path)
    values = FAST | {"resolve": f"{HOST}=127.0.0.1:{site.server_port}", "data": data}
    out, err = io.StringIO(), io.StringIO()
    left = sources.probe(Settings(**values), url, pages, True, as_json, out, err, **options)
    assert code in (None, left), out.getvalue() + err.getvalue()
    return json.loads(out.getvalue()) if as_json and left != 2 else out.getvalue() + err.getvalue()


@pytest.mark.parametrize(
    ("status", "body", "outcome", "says"),
    [
        (200, html("<div id=app></div><script>load()</script>"), "no_links", "filled by scripts"),
        (200, html("<a href=/>首页</a><a href=/zw/>政务</a><div id=list></div>"), "no_links", "are menus"),
        (200, html("<li><a href=t20250317_1.html>部门预算</a></li>"), "no_links", "names a report"),
        (
            200,
            html("<h1>一份报告</h1>" + "<p>今年检查了许多次，都合格。</p>" * 40),
            "no_links",
            "not of an article",
        ),
        (200, html("<h1>404</h1><p>您访问的页面不存在</p>"), "soft_404", "page not found"),
        (200, json.dumps(ENTRIES).encode(), "no_links", "--article"),
        (412, html("<script>challenge()</script>"), "blocked_challenge", "script challenge"),
        (404, b"", "not_found", "not there"),
    ],
)
def test_what_gives_nothing_says_why(site, status, body, outcome, says):
    site.answers["/fz/index.html"] = (status, body)
    found = probed(site, code=1)
    assert found["outcome"] == outcome
    assert says in found["sentence"] + "".join(found["doubts"])
    assert says in probed(site, as_json=False)


def test_robots_are_obeyed(site):
    site.answers["/robots.txt"] = (200, b"User-agent: *\nDisallow: /fz/")
    site.answers["/fz/index.html"] = (200, html(REPORTS))
    assert probed(site, code=1)["outcome"] == "blocked_robots"
    assert site.paths() == []


def test_pages_are_read_until_as_many_as_asked_for(site):
    script = "<script>createPageHTML(9, 0, 'index', 'html');</script>"
    site.answers["/fz/index.html"] = (200, html(REPORTS + script))
    site.answers["/fz/index_1.html"] = (200, html(REPORTS.replace("_", "_9") + script))
    found = probed(site, code=0)
    assert (found["family"], found["pages"], len(found["links"])) == ("trs", 2, 6)
    assert found["links"][0]["date"] == "2025-03-10"
    assert site.paths() == ["/fz/index.html", "/fz/index_1.html"]


def test_a_list_without_addresses_becomes_a_source_with_its_articles(site, tmp_path):
    site.answers["/list?page=1"] = (200, json.dumps(ENTRIES).encode())
    article = site.url("/details?id={id}")
    found = probed(site, "/list?page={page}", pages=1, code=0, article=article)
    assert found["links"][0]["url"] == site.url("/details?id=abc-0")
    loaded = pasted(found["entry"], tmp_path)
    assert (loaded.family, loaded.parameters["article"]) == ("details_json", article)
    assert "{id}" in probed(site, code=2, article=site.url("/details"))


def test_an_article_template_that_no_entry_needs_is_left_out(site, tmp_path):
    site.answers["/fz/index.html"] = (200, html(REPORTS))
    found = probed(site, code=0, article=site.url("/details?id={id}"))
    assert any("--article is left out" in doubt for doubt in found["doubts"])
    assert not pasted(found["entry"], tmp_path).parameters


def pasted(entry, folder):
    """The source that the printed entry becomes in the registry that ships."""
    (folder / "sources").mkdir()
    for name in ("regions.csv", "issuers"):
        (folder / name).symlink_to(DATA / name)
    (folder / "sources" / "new.yml").write_text(yaml.safe_dump([entry]), encoding="utf-8")
    (source,) = load_registry(folder, DATA).sources
    return source


def test_titles_that_agree_propose_division_and_issuer(site, tmp_path):
    site.answers["/fz/index.html"] = (200, html(REPORTS))
    source = pasted(probed(site, code=0)["entry"], tmp_path)
    assert (source.region_code, source.issuer_id) == ("310107", "shanghai-putuo-government")
    said = probed(site, as_json=False)
    assert pasted_lines(said)[0]["region"] == "310107" and "上海市普陀区, as titles" in said


def pasted_lines(said):
    return yaml.safe_load(said[said.index("# region:") :])


def test_titles_of_several_bodies_propose_no_issuer(site):
    several = (
        REPORTS
        + f"<li><a href='./202503/t20250319_9.html'>上海市{TITLE.format(2024).replace('区', '区司法局')}</a></li>"
    )
    site.answers["/fz/index.html"] = (200, html(several))
    entry = probed(site, code=0)["entry"]
    assert entry["region"] == "310107" and "issuer" not in entry


def test_where_nobody_is_named_the_registry_asks_for_the_division(site, tmp_path):
    site.answers["/fz/index.html"] = (
        200,
        html("<li><a href=t20250317_1.html>2024年法治政府建设年度报告</a></li>"),
    )
    said = probed(site, as_json=False, code=0)
    assert "look the code up in regions.csv" in said
    with pytest.raises(RegistryError, match=r"region: 000000` is not in regions\.csv"):
        pasted(pasted_lines(said)[0], tmp_path)


def test_an_id_is_new_and_a_listing_of_the_registry_is_told(site, tmp_path):
    site.answers["/fz/index.html"] = (200, html(REPORTS))
    first = probed(site, code=0)
    pasted(first["entry"], tmp_path)
    again = probed(site, code=0, data=tmp_path)
    assert any(f"source {first['entry']['id']} already" in doubt for doubt in again["doubts"])
    assert again["entry"]["id"] == f"{first['entry']['id']}-2"
