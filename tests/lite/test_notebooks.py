"""Chapters as notebooks: plain Markdown, no slides, no solutions, and cells that run anywhere."""

import json
import re

import pytest

from tests.book.conftest import CHAPTERS, source
from tools import notebooks

BUILT = notebooks.SITE / "_sources" / "book"
IN_BROWSER = notebooks.SITE / "lite" / "files" / "book"


def cells(path, kind):
    """Texts of the cells of one kind."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in found if cell["cell_type"] == kind]


def test_every_chapter_is_there_and_nothing_else():
    assert notebooks.chapters() == CHAPTERS
    assert {path.stem for path in IN_BROWSER.glob("*.ipynb")} == set(CHAPTERS)


@pytest.mark.parametrize("name", CHAPTERS)
class TestNotebook:
    """One chapter, as it is downloaded and as it runs in the browser."""

    def test_no_myst_is_left(self, name):
        for text in cells(BUILT / f"{name}.ipynb", "markdown"):
            assert not re.search(r"\{[\w:-]+\}`|^(```+|~~~+|:::+)\{|^\([\w-]+\)=$", text, re.M), (
                text
            )

    def test_it_says_in_one_line_what_it_needs(self, name):
        first, *_ = cells(BUILT / f"{name}.ipynb", "markdown")
        assert first.count("pip install") == 1
        assert "pip install" not in cells(IN_BROWSER / f"{name}.ipynb", "markdown")[0]

    def test_links_to_states_lead_to_the_page(self, name):
        text = "\n".join(cells(BUILT / f"{name}.ipynb", "markdown"))
        links = re.findall(r'<a href="([^"?]*)\?', text)
        assert len(links) >= 6
        assert set(links) == {f"{notebooks.PUBLIC}book/{name}.html"}

    def test_every_computing_cell_is_in_it(self, name):
        page = re.findall(r"^```\{code-cell\} ipython3\n(.*?)^```$", source(name), re.S | re.M)
        settings = re.compile(r"\A(---\n.*?^---\n|:tags:[^\n]*\n)\n*", re.S | re.M)
        bodies = [settings.sub("", body).strip() for body in page]
        found = [text.strip() for text in cells(BUILT / f"{name}.ipynb", "code")]
        assert found == bodies

    def test_it_holds_no_solution_and_nothing_that_is_for_slides_alone(self, name):
        text = "\n".join(cells(BUILT / f"{name}.ipynb", "markdown"))
        assert "solution-start" not in text and "Plan for 50 minutes" not in text
        assert not json.loads((BUILT / f"{name}.ipynb").read_text())["cells"][0].get("outputs")

    def test_numbers_of_the_text_are_written_out(self, name):
        """The built page and the notebook say the same numbers in their lists of settings."""
        html = (notebooks.SITE / "book" / f"{name}.html").read_text(encoding="utf-8")
        said = re.sub(r"<[^>]+>", "", html)
        lists = [
            line.split(". ", 1)[1]
            for text in cells(BUILT / f"{name}.ipynb", "markdown")
            for line in re.sub(r"</?a\b[^>]*>", "", text).split("\n")
            if re.match(r"\d\. \*\*", line) and not re.search(r"[$\[`|&<>]", line)
        ]
        for line in lists:
            plain = re.sub(r"\*+", "", line).replace('"', "").replace("'", "")
            flat = re.sub(r"[“”‘’\"']", "", said)
            assert plain[:60] in flat, plain

    def test_no_cell_waits_for_a_loop_to_end(self, name):
        """WebKit cannot suspend WebAssembly; `await` on the top level works everywhere."""
        for text in cells(IN_BROWSER / f"{name}.ipynb", "code"):
            assert not re.search(r"\basyncio\.run\b|\brun_until_complete\b", text), text
