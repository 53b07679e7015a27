"""The students' edition holds nothing of the solutions."""

import os
import re
import subprocess
import sys

import pytest
import yaml

from tools import notebooks, student

from .conftest import BOOK, CHAPTERS, ROOT

SOLUTIONS = sorted(path for path in (BOOK / "solutions").glob("*.md") if path.stem != "index")


def sentences(text):
    """Pieces of a text long enough to tell where they come from."""
    pieces = re.split(r"(?<=[.:?!])\s+|\n", text)
    return {piece for piece in pieces if len(piece) > 40 and "{" not in piece}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The edition, built from what was drawn and executed for the full one."""
    folder = tmp_path_factory.mktemp("student")
    student.stage(folder)
    # As `make student` does, but without the Python for browsers: it is that of the full edition.
    command = [sys.executable, "-c", "from tools import site; site.build(site.SITE, draft=False)"]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    for name in ("SMLIB_EXPLORER_CACHE", "SMLIB_KEPT"):
        environment.pop(name, None)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder / "_build" / "html"


def test_no_sentence_of_a_solution_is_in_any_file(built, monkeypatch):
    monkeypatch.setattr(notebooks, "BOOK", built.parents[1] / "book")
    monkeypatch.setattr(notebooks, "SITE", built)
    notebooks.write(built / "notebooks")
    shown = "".join(
        path.read_text(encoding="utf-8")
        for path in built.rglob("*")
        if path.suffix in (".html", ".md", ".ipynb", ".txt", ".xml")
        or path.name == "searchindex.js"
    )
    public = "".join(path.read_text(encoding="utf-8") for path in BOOK.glob("*.md"))
    checked = 0
    for path in SOLUTIONS:
        for piece in sentences(path.read_text(encoding="utf-8")):
            if piece not in public:
                assert piece not in shown, f"{path.stem}: {piece}"
                checked += 1
    assert checked > 20 * len(SOLUTIONS)
    # The check can see: sentences of the chapters are found.
    seen = [piece in shown for piece in sentences((BOOK / "labor.md").read_text(encoding="utf-8"))]
    assert sum(seen) > 50


def test_no_link_or_address_leads_to_them(built):
    url = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]
    for path in built.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        links = re.findall(r'href="([^"]+)"', text)
        assert not [link for link in links if "solutions/" in link or "guide.html" in link]
        assert not [link for link in links if link.startswith(url)]
    assert "solutions/" not in (built / "searchindex.js").read_text(encoding="utf-8")
    assert not (built / "book" / "solutions").exists()
    intro = (built / "book" / "intro.html").read_text(encoding="utf-8")
    assert "JupyterLite" in intro
    assert not re.search(r"Binder|Colab|make (?:book|lab)|[Cc]lone", intro)
    # Of notebooks, too, none says where the repository is, and the package comes from the site.
    notebook = (built / "notebooks" / "labor.ipynb").read_text(encoding="utf-8")
    assert url not in notebook and "%pip install" in notebook


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_whole(built, name):
    """Nothing but the pointer to its solutions is gone."""
    full = (BOOK / f"{name}.md").read_text(encoding="utf-8")
    short = (built.parents[1] / "book" / f"{name}.md").read_text(encoding="utf-8")
    assert len(full) - len(short) < 80
    assert "Solutions are on" in full and "Solutions are on" not in short
    assert (built / "book" / f"{name}.html").exists() and (
        built / "slides" / f"{name}.html"
    ).exists()
