"""The small Sphinx extensions: cutting a deck, and a cache that no change leaves stale."""

import asyncio
import re
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from docutils import nodes
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

import bookext
from bookext import assets, decks, execution, launch, metadata
from smlib.explorer import ExplorerError, Theme
from smlib.explorer.core import place
from tests.explorer.example import example_line

PAGE = """<!--cell:slide--><section id="a"><h1>One<a class="headerlink" href="#a">#</a></h1>
<!--/cell--><!--cell:hidden--><!--cell:notes--><p>say this</p><!--/cell-->
<!--cell:skip--><p>long prose</p><!--/cell-->
<section id="b"><!--cell:hidden--><!--cell:slide--><p><strong>Title <span class="math">x</span>
</strong></p><ul><li>x</li></ul>
<!--/cell--><!--cell:- --><p>goes on</p><!--/cell--></section></section>"""


def test_slides_are_cut_at_the_marks():
    stacks = decks.cut(PAGE.replace("cell:- ", "cell:-"), "book/p")
    assert [len(stack) for stack in stacks] == [1, 1]
    first, second = (stack[0] for stack in stacks)
    assert first == ["<h1>One</h1>", '<aside class="notes"><p>say this</p></aside>']
    assert second == [
        '<h2>Title <span class="math">x</span>\n</h2>',
        "<ul><li>x</li></ul>",
        "<p>goes on</p>",
    ]


def test_links_of_a_deck_lead_to_the_book_and_figures_keep_theirs():
    def relinked(html):
        [[[text]]] = decks.cut(f"<!--cell:slide--><p>{html}</p>", "book/p")
        return text.removeprefix("<p>").removesuffix("</p>")

    for link, target in {
        "#eq": "../book/p.html#eq",
        "glossary.html#t": "../book/glossary.html#t",
        "../index.html": "../index.html",
    }.items():
        assert relinked(f'<a class="x" href="{link}"></a>') == f'<a class="x" href="{target}"></a>'
    for kept in ('use href="#m1"', 'a href="https://doi.org/x"', 'a href="#explorer-x"'):
        html = f"<{kept}></{kept.split()[0]}>"
        assert relinked(html) == html


def test_a_page_depends_on_the_code_that_it_uses_and_on_the_pins(tmp_path, monkeypatch):
    def found(code):
        return execution.key(new_notebook(cells=[new_code_cell(code)]))

    (tmp_path / "constraints.txt").write_text("numpy==1")
    monkeypatch.setattr(execution, "ROOT", tmp_path)
    shows = "from smlib.figures.labor import turn_the_head\nturn_the_head"
    keys = [found(shows), found("from smlib import labor\nlabor.PLANES"), found("1 + 1")]
    assert len(set(keys)) == 3 and found(shows) == keys[0]
    # Without cells that compute there is nothing to execute.
    assert execution.key(new_notebook(cells=[new_markdown_cell("Text")])) == ""
    (tmp_path / "constraints.txt").write_text("numpy==2")
    assert len({*keys, found(shows), found("1 + 1")}) == 5


def test_a_page_whose_outputs_show_values_of_colours_depends_on_them(tmp_path, monkeypatch):
    kinds = {"named": "stroke:var(--sm-small)", "mixed": "fill:#123456", "raster": "data:image/x"}
    executed = execution.Executed(str(tmp_path))
    for name, drawn in kinds.items():
        cell = new_code_cell("1")
        cell.outputs = [new_output("display_data", {"text/html": f"<div class='sm'>{drawn}"})]
        executed.note(name, "key", new_notebook(cells=[cell]))
    again = execution.Executed(str(tmp_path))
    assert all(again.current(name, "key") for name in kinds)
    assert not any(again.current(name, "other") for name in (*kinds, "unknown"))
    monkeypatch.setattr(execution, "THEME", Theme({"small": ("#000001", "#000002")}))
    assert [name for name in kinds if again.current(name, "key")] == ["named"]


def test_a_change_of_an_extension_makes_all_pages_again(tmp_path, monkeypatch):
    (tmp_path / "index.rst").write_text("Title\n=====\n")

    def made():
        read, folders = [], [tmp_path, None, tmp_path / "html", tmp_path / "trees", "html"]
        app = Sphinx(*folders, confoverrides={"extensions": ["bookext"]}, status=None)
        app.connect("env-before-read-docs", lambda app, env, names: read.extend(names))
        app.build()
        return read

    assert [made(), made()] == [["index"], []]
    monkeypatch.setattr(bookext, "digest", lambda *_: "other")
    assert [made(), made()] == [["index"], []]


@pytest.mark.parametrize("name", ["bookext/a.py", "bookext/templates/b.html", "constraints.txt"])
def test_an_extension_has_changed_when_a_file_of_it_has(tmp_path, name):
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    found = set()
    for text in ("1", "2", "1"):
        (tmp_path / name).write_text(text)
        found.add(bookext.digest(tmp_path, *bookext.MADE_BY))
    assert len(found) == 2


def placed(monkeypatch, *texts, draft=False):
    """Texts of the raw nodes of a page after figures are put in, and what is noted of them."""
    if draft:
        monkeypatch.setenv("SMLIB_DRAFT", "1")
    monkeypatch.delenv("SMLIB_EXPLORER_CACHE", raising=False)
    page = nodes.section("", *(nodes.raw("", text, format="html") for text in texts))
    noted = defaultdict(dict)
    app = SimpleNamespace(env=SimpleNamespace(docname="page", metadata=noted))
    execution.put_in(app, page)
    return [node.astext() for node in page], noted["page"]


def test_figures_are_put_into_their_places(monkeypatch):
    still = '<div class="sm sm-still" id="still-x"><svg style="fill:var(--sm-small)"></svg></div>'
    before = ["<p>No figure</p>", still, place(example_line)]
    (text, first, second), noted = placed(monkeypatch, *before)
    assert text == before[0]
    # Style and script stand before the first figure alone; colours show without them, too.
    assert first.count("customElements.define") == 1 and "var(--sm-small,#" in first
    assert second == example_line.static_html()
    assert noted["explorers"] == [("tests.explorer.example", "example_line")]
    (*_, drafted), noted_in_draft = placed(monkeypatch, *before, draft=True)
    assert drafted == example_line.first_html()
    assert noted_in_draft["figures"] != noted["figures"]
    assert placed(monkeypatch, "<p>No figure</p>")[1] == {}


def test_a_page_holds_so_much(monkeypatch):
    monkeypatch.setattr("smlib.explorer.core.MOST_PAGE_BYTES", 1000)
    with pytest.raises(ExplorerError, match="'example_line' brings this page to .* bytes"):
        placed(monkeypatch, place(example_line))


CELL = """---
file_format: mystnb
kernelspec: {{name: python3, display_name: Python 3, language: python}}
---
```{{code-cell}} ipython3
{}
```
"""


#: A kernel sends what was printed before the pause first.
SLOWLY = """import time
for n in (6, 7):
    print(n)
    time.sleep(0.5)"""


def test_pages_are_executed_ahead_and_one_that_fails_is_left_to_the_build(tmp_path):
    config = NbParserConfig(execution_mode="cache", execution_cache_path=str(tmp_path / "cache"))
    texts = {"good": CELL.format(SLOWLY), "bad": CELL.format("1 / 0"), "prose": "# Only"}
    for name, text in texts.items():
        (tmp_path / f"{name}.md").write_text(text)
    env = SimpleNamespace(
        mystnb_config=config,
        myst_config=MdParserConfig(),
        doc2path=lambda name: str(tmp_path / f"{name}.md"),
    )

    async def execute():  # beside a browser's loop of events, too
        execution.execute_ahead(SimpleNamespace(verbosity=0), env, list(texts))

    with ThreadPoolExecutor(1) as thread:
        for _ in range(2):  # the second time it is found
            thread.submit(asyncio.run, execute()).result()

    def kept(cache, name):
        reader = create_nb_reader(env.doc2path(name), env.myst_config, config, texts[name])
        return cache.merge_match_into_notebook(reader.read(texts[name]))[1].cells[-1].outputs

    with execution.outputs(config.execution_cache_path) as cache:
        assert len(cache.list_cache_records()) == 1
        assert [printed["text"] for printed in kept(cache, "good")] == ["6\n7\n"]
        with pytest.raises(KeyError):
            kept(cache, "bad")


HEAD = """<head><link rel="stylesheet" href="../_static/first.css" />
<link rel="preload" as="font" href="../fonts/f.woff2" />
<link href="../_static/styles/second.css?v=1" rel="stylesheet" />
<script src="../_static/empty.js?v=2"></script><script src="../_static/one.js"></script>
<script src="../_static/two.js?v=3"></script><script>let x = 1;</script>
<script src="../_static/three.js"></script></head>
<body><p>&lt;script src="../_static/one.js"&gt;</p></body>"""


@pytest.fixture
def static(tmp_path):
    """Style sheets and scripts of a site with one page."""
    files = {
        "first.css": "a { top: 1px }",
        "base.css": "b { background: url(pictures/b.png) }",
        "styles/second.css": '@import "../base.css";\nc { background: url("../c.png") }\n'
        "d { background: url(data:image/png;base64,AA) }",
        "empty.js": "",
        "one.js": "var one = 1 // no newline",
        "two.js": "(() => 2)()",
        "three.js": "var three",
    }
    for name, text in files.items():
        (tmp_path / "_static" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "_static" / name).write_text(text)
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "page.html").write_text(HEAD)
    return tmp_path / "_static"


def _finished(static):
    return SimpleNamespace(builder=SimpleNamespace(format="html"), outdir=static.parent)


def test_a_page_loads_one_style_sheet_and_scripts_keep_their_order(static):
    assets.join_pages(_finished(static), None)
    page = (static.parent / "book" / "page.html").read_text()
    links = re.findall(r"<link [^>]*stylesheet[^>]*>", page)
    (sheet,) = static.glob("joined-*.css")
    assert len(links) == 1 and f"../_static/{sheet.name}?v=" in links[0]
    assert "f.woff2" in page and page.endswith(HEAD.partition("</head>")[2])
    # In the order of the page, the import before what imports it, addresses as from `_static`.
    rules = re.sub(r"/\*.*?\*/|\s", "", sheet.read_text())
    assert rules == (
        "a{top:1px}" 'b{background:url("pictures/b.png")}' 'c{background:url("c.png")}'
        "d{background:url(data:image/png;base64,AA)}"
    )  # fmt: skip
    # What is between two scripts stays between them; one that is empty is not asked for.
    (script,) = static.glob("joined-*.js")
    order = [page.index(part) for part in (script.name, "let x = 1;", "three.js")]
    assert order == sorted(order)
    assert "empty" not in page and "two.js" not in page.partition("</head>")[0]
    body = script.read_text()
    assert body.index("var one = 1") < body.index("\n;(() => 2)()")


@pytest.mark.parametrize(
    "css",
    [
        '.fa{}.fa-solid:before{content:"\\f00c"}@font-face{src:url(../webfonts/fa-solid-900.woff2)}',
        ".fa{}@font-face{src:url(../webfonts/fa-solid-900.woff)}",
    ],
)
def test_icons_that_a_theme_writes_in_another_way_end_the_build(tmp_path, css):
    (tmp_path / "theme.css").write_text(css)
    with pytest.raises(ExtensionError, match="theme.css: the theme writes its icons"):
        assets.icons(tmp_path, ["fa-solid"])


def test_style_sheets_that_are_linked_in_another_way_end_the_build(static):
    page = static.parent / "book" / "page.html"
    page.write_text(HEAD.replace('href="../_static/first.css"', "href='../_static/first.css'") * 2)
    with pytest.raises(ExtensionError, match="not all style sheets"):
        assets.join_pages(_finished(static), None)


def test_a_handler_of_a_theme_that_nothing_stands_for_ends_the_build(monkeypatch):
    def rendered(html):
        monkeypatch.setattr(launch.BuiltinTemplateLoader, "render", lambda *_: html)
        return launch.Templates().render("page.html", {})

    assert rendered('<button onclick="window.print()">') == '<button data-press="print">'
    with pytest.raises(ExtensionError, match="page.html: a button has a handler"):
        rendered('<button onclick="other()">')


def test_a_theme_that_names_pages_in_another_way_ends_the_build():
    named = SimpleNamespace(attributes={"body": "DOCUMENTATION_OPTIONS.pagename = 'a';"})
    other = SimpleNamespace(attributes={})
    context = {"script_files": [other, named]}
    metadata.same_on_all_pages(None, "a", "page.html", context, None)
    assert context["script_files"] == [other]
    with pytest.raises(ExtensionError, match="a: the theme names the page"):
        metadata.same_on_all_pages(None, "a", "page.html", context, None)


def test_buttons_lead_from_chapters_alone_to_notebooks_and_where_there_is_none_the_build_ends():
    theme = SimpleNamespace(html_theme_options={"repository_branch": "trunk"})

    def shown(page, *urls):
        group = {"label": "launch-buttons", "buttons": [{"url": url} for url in urls]}
        context = {"header_buttons": [{"label": "other"}, group]}
        app = SimpleNamespace(config=theme)
        launch.lead_to_notebook(app, page, "page.html", context, None)
        return [
            button["url"] for each in context["header_buttons"][1:] for button in each["buttons"]
        ]

    # As the theme writes them, for a fork whose owner is called as the branch.
    urls = [
        "https://mybinder.org/v2/gh/trunk/book/trunk?urlpath=lab/tree/{}.md",
        "https://hub.org/hub/user-redirect/git-pull?repo=https%3A//github.com/trunk/book"
        "&urlpath=lab/tree/book/{}.md&branch=trunk",
        "https://colab.research.google.com/github/trunk/book/blob/trunk/{}.md",
        "lite/notebooks/index.html?path={}.ipynb",
    ]
    wanted = [
        "https://mybinder.org/v2/gh/trunk/book/notebooks?urlpath=lab/tree/{}.ipynb",
        "https://hub.org/hub/user-redirect/git-pull?repo=https%3A//github.com/trunk/book"
        "&urlpath=lab/tree/book/{}.ipynb&branch=notebooks",
        "https://colab.research.google.com/github/trunk/book/blob/notebooks/{}.ipynb",
        "../{}lite/notebooks/index.html?path={}.ipynb",
    ]
    for page, up in (("book/labor", ""), ("book/solutions/labor", "../")):
        found = shown(page, *(url.format(page) for url in urls))
        assert found == [url.format(*[up, page][-url.count("{}") :]) for url in wanted]
    for page in ("book/glossary", "book/intro", "book/api/labor"):
        assert shown(page, *(url.format(page) for url in urls)) == []
    with pytest.raises(ExtensionError, match="labor: the theme has no button"):
        shown("book/labor", urls[0].format("book/labor"))


def test_joined_files_follow_their_parts_and_go_with_their_pages(static):
    finish = assets.join_pages
    finish(_finished(static), None)
    page = static.parent / "book" / "page.html"
    before = page.read_text()
    (static / "first.css").write_text("a { top: 2px }")
    finish(_finished(static), None)
    (sheet,) = static.glob("joined-*.css")
    assert "2px" in sheet.read_text() and page.read_text() == before
    page.write_text("<head></head>")
    finish(_finished(static), None)
    assert not list(static.glob("joined-*"))
