"""The library's pages and what lets the built site be found."""

import importlib
import inspect
import json
import pkgutil
import re
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from sphinx.search import SearchEnglish

from bookext import api_pages, metadata
from smlib import explorer, labor_trial, soft_disks
from smlib.notebook import glue

from .conftest import CHAPTERS, ROOT

SITE = ROOT / "_build" / "html"
BASE = "https://scale-mismatch.github.io/scale-mismatch/"
#: What others link to. A line that has once been here stays, or its page leads on.
ADDRESSES = (ROOT / "tests" / "book" / "addresses.txt").read_text(encoding="utf-8").split()
MODULES = sorted(
    info.name
    for info in pkgutil.iter_modules([ROOT / "smlib"])
    if info.name not in ("figures", "explorer", "studies")
)


def page(path):
    """A page of the built site."""
    return (SITE / path).read_text(encoding="utf-8")


def test_no_page_keeps_the_environment_of_the_build():
    kept = list((SITE.parent / ".doctrees").glob("book/api/*.doctree"))
    assert len(kept) == len(list((ROOT / "book" / "api").glob("*.md")))
    # All pages together are some 10 MB.
    assert max(path.stat().st_size for path in kept) < 1e6


def test_public_addresses_stay():
    assert [path for path in ADDRESSES if not (SITE / path).is_file()] == []


def test_the_sitemap_lists_every_page_and_deck_in_order_and_no_time():
    tree = ElementTree.fromstring(page("sitemap.xml"))
    listed = [entry.text for entry in tree.findall(".//{*}loc")]
    assert listed == sorted(listed)
    served = [path for path in ADDRESSES if path.startswith(("book/", "slides/"))]
    assert {BASE + path for path in served} <= set(listed)
    assert all((SITE / address.removeprefix(BASE)).is_file() for address in listed)
    assert "lastmod" not in page("sitemap.xml")


@pytest.mark.parametrize("path", [p for p in ADDRESSES if p.startswith("book/")])
def test_a_page_describes_itself_and_names_its_address(path):
    html = page(path)
    head = html[: html.index("</head>")]
    found = dict(re.findall(r'<meta (?:name|property)="([\w:]+)" content="([^"]*)"', head))
    assert 20 < len(found["description"]) <= 220
    assert found["og:description"] == found["description"]
    assert found["og:site_name"] == "Scale Mismatch"
    assert found["og:url"] == BASE + path
    assert found["twitter:card"] == "summary_large_image"
    assert (SITE / found["og:image"].removeprefix(BASE)).read_bytes().startswith(b"\x89PNG")
    assert f'<link rel="canonical" href="{BASE}{path}"' in head
    assert "onclick=" not in html


def test_the_address_of_the_site_describes_itself_as_its_first_page_does():
    def told(path):
        html = page(path)
        tags = set(re.findall(r'<meta \w+="(?:description|og:|twitter:).*?>', html))
        return tags, re.findall(r'<link rel="canonical" href="(.*?)"', html)

    assert told("index.html") == told("book/intro.html")
    html = page("index.html")
    assert '<html lang="en">' in html and "<title>Scale Mismatch</title>" in html
    assert '<a href="book/intro.html">' in html


def test_the_search_knows_of_a_page_what_stands_on_it():
    """No command of TeX, and nothing that is for slides alone."""
    index = json.loads(page("searchindex.js").removeprefix("Search.setIndex(").rstrip(")"))
    known = [set() for _ in index["docnames"]]
    for word, places in index["terms"].items():
        for place in [places] if isinstance(places, int) else places:
            known[place].add(word)
    english = SearchEnglish({})
    for name, words in zip(index["docnames"], known, strict=True):
        shown = BeautifulSoup(page(f"{name}.html"), "html.parser")
        there = {*english.split(shown.get_text(" ")), *english.split(shown.get_text())}
        there |= {word.lower() for word in there}
        there |= {english.stem(word) for word in there}
        # An apostrophe of raw HTML is told by its code.
        assert words <= there | {"x27"}, name


def test_descriptions_are_the_questions_of_the_chapters():
    for name in CHAPTERS:
        described = re.search(r'name="description" content="([^"]*)"', page(f"book/{name}.html"))
        assert described[1].endswith(("?", "…")), name


@pytest.mark.parametrize("name", MODULES)
def test_every_public_function_and_class_is_on_its_page(name):
    module, html = importlib.import_module(f"smlib.{name}"), page(f"book/api/{name}.html")
    public = module.__all__
    named = [n for n in public if inspect.isroutine(o := getattr(module, n)) or inspect.isclass(o)]
    assert [n for n in named or public if f'id="smlib.{name}.{n}"' not in html] == []
    if name in CHAPTERS:
        assert f'href="../{name}.html' in html


def test_what_an_author_of_figures_needs_is_described():
    html = page("book/api/explorer.html")
    for name in ("explorer", "still", "slider", "menu"):
        assert name in explorer.__all__
        assert f'id="smlib.explorer.{name}"' in html


def test_fields_of_a_result_are_described():
    assert "radial displacement, in the unit of r" in page("book/api/size_mismatch.html")
    assert "Alias for field number" not in "".join(page(f"book/api/{n}.html") for n in MODULES)


@pytest.mark.parametrize("name", CHAPTERS)
def test_code_of_a_chapter_links_to_what_exists(name):
    html = page(f"book/{name}.html")
    assert f'href="api/{name}.html">Functions of this chapter</a>' in html
    links = re.findall(r'class="sm-code-link" href="(api/\w+\.html)#([\w.-]+)"', html)
    assert links
    for path, anchor in set(links):
        assert f'id="{anchor}"' in page(f"book/{path}")
    assert "sm-code-link" in page(f"slides/{name}.html") or name not in ("size_mismatch", "labor")


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_deck_leaves_out_what_the_page_alone_needs(name):
    html, deck = page(f"book/{name}.html"), page(f"slides/{name}.html")
    assert html.count('class="headerlink"') > 5 and "deck-link" in html
    assert not re.search("headerlink|above-input|deck-link|<!--/?cell", deck)
    assert not re.search("<!--/?cell", html)


def test_only_what_the_page_imports_is_linked():
    code = "from smlib import doping as do\nfrom smlib.labor import run as go\nimport numpy as np"
    known = api_pages.imported(code)
    assert known == {"do": "smlib.doping", "go": "smlib.labor.run"}
    name = '<span class="n">{}</span>'.format
    html = (
        f'<pre><span></span>{name("do")}<span class="o">.</span>{name("beta")}'
        f'{name("go")}<span class="p">(</span>{name("np")}<span class="o">.</span>{name("go")}'
        f'<span class="p">(</span>{name("go")}<span class="o">=</span></pre>'
    )
    linked = api_pages.linked(html, known, lambda full: f"x.html#{full}")
    assert re.findall(r'href="([^"]*)"', linked) == [
        "x.html#smlib.doping.beta",
        "x.html#smlib.labor.run",
    ]
    assert api_pages.linked(html, known, lambda full: None) == html


def test_the_index_holds_terms_and_functions_and_is_in_the_contents():
    html = page("genindex.html")
    assert "glossary.html#term-" in html
    assert "book/api/doping.html#smlib.doping.critical_thickness" in html
    for path in ("book/intro.html", "book/api/doping.html"):
        assert re.search(r'class="reference internal" href="(\.\./)+genindex.html"', page(path))


def test_a_description_is_cut_after_a_word():
    assert metadata.shortened("a\n b") == "a b"
    cut = metadata.shortened("word, " * 60)
    assert len(cut) <= 201
    assert cut.endswith("word…")


def test_the_policy_allows_scripts_by_hash_and_leaves_data_alone(tmp_path):
    from tools.csp import hashes, policy

    # echo -n 'let a = 1;' | openssl dgst -sha256 -binary | base64
    html = '<script>let a = 1;</script><script src="b.js"></script>'
    html += '<script type="application/json">{}</script>'
    assert hashes(html) == {"'sha256-xY6QKfH9PRsQnLz56nj6MBwiK5oHg+im1Jkpdp1x/Ck='"}
    (tmp_path / "lite").mkdir()
    (tmp_path / "a.html").write_text("<script>let a = 1;</script>")
    (tmp_path / "lite" / "b.html").write_text("<script>let b = 2;</script>")
    assert policy(tmp_path).count("sha256-") == 1
    assert "script-src 'self' 'sha256-" in policy(tmp_path)
    assert "unsafe-eval" not in policy(tmp_path)


def test_the_policy_allows_what_a_script_writes_into_a_window(tmp_path):
    from tools.csp import NOTES, policy

    notes = tmp_path / NOTES
    notes.parent.mkdir(parents=True)
    notes.write_text(r'open("").write("\x3cb>\n<script>let a = 1;<\/script>")')
    assert policy(tmp_path).count("'sha256-xY6QKfH9PRsQnLz56nj6MBwiK5oHg+im1Jkpdp1x/Ck='") == 1


def test_a_bundle_of_arguments_is_shown_by_its_parameters():
    unbundled = api_pages.unbundled
    law = inspect.signature(labor_trial.ProgressLaw).parameters
    for function in (labor_trial.wald_test, labor_trial.simulate_trials):
        shown = unbundled(function)
        assert "law" not in shown
        assert {name: shown[name].annotation for name in law} == {
            name: each.annotation for name, each in law.items()
        }
    assert "seed" in unbundled(soft_disks.quench_disks)
    assert not {"seed", "settings"} & unbundled(soft_disks.quench_order).keys()
    assert list(unbundled(glue)) == ["numbers"]
