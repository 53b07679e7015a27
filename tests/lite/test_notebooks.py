"""Pages as notebooks: plain Markdown, no slides, and cells that run anywhere."""

import importlib
import json
import re
from html import unescape
from urllib.parse import parse_qsl, unquote

import pytest

from tests.book.conftest import CHAPTERS, source
from tools import notebooks

BUILT = notebooks.SITE / "_sources" / "book"
IN_BROWSER = notebooks.SITE / "lite" / "files" / "book"


def figures(name):
    """The module of a chapter's figures."""
    return importlib.import_module(f"smlib.figures.{name}")


def cells(path, kind):
    """Texts of the cells of one kind."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in found if cell["cell_type"] == kind]


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """What the branch of the notebooks holds."""
    folder = tmp_path_factory.mktemp("branch")
    notebooks.branch(folder)
    return folder


def test_every_chapter_is_there_and_nothing_else(given):
    assert notebooks.chapters() == CHAPTERS
    # A page of the site that has cells and is no chapter can be downloaded as it is.
    for folder, extra in ((given / "book", set()), (BUILT, {"intro"}), (IN_BROWSER, set())):
        assert {path.stem for path in folder.glob("*.ipynb")} == set(CHAPTERS) | extra
        assert {path.stem for path in folder.glob("solutions/*.ipynb")} == set(CHAPTERS)


def test_the_branch_holds_what_the_notebooks_need_and_no_output(given):
    install = (given / "environment.yml").read_text(encoding="utf-8")
    assert (given / re.search(r"--constraint (\S+)", install)[1]).exists()
    assert "--editable .[chapters]" in install and (given / "pyproject.toml").exists()
    assert not [path for path in given.rglob("*") if path.name == "__pycache__"]
    assert max(path.stat().st_size for path in given.rglob("*")) < 2**20
    for path in given.rglob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            assert not cell.get("outputs") and not cell.get("execution_count")


def test_links_between_notebooks_lead_to_one(given):
    """Beside each other, where a reader may have no network; alone they lead to the site."""
    followed = 0
    for path in (given / "book").rglob("*.ipynb"):
        for text in cells(path, "markdown"):
            for link in re.findall(r"\]\(((?!https:)[^)#]+)", text):
                assert (path.parent / unquote(link)).exists(), link
                followed += "solutions/" in link
    assert followed == len(CHAPTERS)
    alone = "".join(text for path in BUILT.rglob("*.ipynb") for text in cells(path, "markdown"))
    assert not re.findall(r"\]\((?!https:)[^)]*ipynb", alone)
    assert alone.count(f"({notebooks.PUBLIC}book/solutions/") >= len(CHAPTERS)


def test_a_reader_keeps_what_she_changed(tmp_path, monkeypatch, capsys):
    first = {"labor.ipynb": "1", "doping.ipynb": "1", "solutions/labor.ipynb": "1"}
    monkeypatch.setattr(notebooks, "made", lambda: first)

    def there():
        found = sorted(tmp_path.rglob("*.ipynb"))
        return {path.relative_to(tmp_path).as_posix(): path.read_text() for path in found}

    notebooks.lab(tmp_path)
    assert there() == first
    (tmp_path / "labor.ipynb").write_text("mine")
    notebooks.lab(tmp_path)
    assert there() == {**first, "labor.ipynb": "mine"}
    assert capsys.readouterr().out == ""

    second = dict.fromkeys(first, "2")
    monkeypatch.setattr(notebooks, "made", lambda: second)
    for _ in range(2):
        notebooks.lab(tmp_path)
        assert there() == {**second, "labor.ipynb": "mine", "labor-2.ipynb": "2"}
    assert capsys.readouterr().out.count("labor.ipynb was changed and stays") == 1

    # One that was put there by someone else is not known, and one that was deleted comes again.
    (tmp_path / "labor-2.ipynb").write_text("mine, too")
    (tmp_path / "doping.ipynb").unlink()
    third = dict.fromkeys(first, "3")
    monkeypatch.setattr(notebooks, "made", lambda: third)
    notebooks.lab(tmp_path)
    changed = {"labor.ipynb": "mine", "labor-2.ipynb": "mine, too", "labor-3.ipynb": "3"}
    assert there() == {**third, **changed}


@pytest.mark.parametrize("name", notebooks.pages())
def test_no_myst_is_left(given, name):
    for folder in (given / "book", BUILT, IN_BROWSER):
        for text in cells(folder / f"{name}.ipynb", "markdown"):
            assert not re.search(r"\{[\w:-]+\}`|^(```+|~~~+|:::+)\{|^\([\w-]+\)=$", text, re.M), (
                text
            )


@pytest.mark.parametrize("name", CHAPTERS)
class TestNotebook:
    """One chapter, as it is downloaded and as it runs in the browser."""

    def test_it_says_in_one_line_what_it_needs(self, name):
        first, *_ = cells(BUILT / f"{name}.ipynb", "markdown")
        assert first.count("pip install") == 1
        assert "pip install" not in cells(IN_BROWSER / f"{name}.ipynb", "markdown")[0]
        # From the site, which has it.
        (needed,) = re.findall(rf"@ {re.escape(notebooks.PUBLIC)}(\S+\.whl)'", first)
        assert (notebooks.SITE / needed).exists()

    def test_the_first_cell_says_so_and_installs_where_the_package_is_missing(self, name):
        for folder, installs in ((BUILT, 1), (IN_BROWSER, 0)):
            path = folder / f"{name}.ipynb"
            top, first, *_ = json.loads(path.read_text(encoding="utf-8"))["cells"]
            assert (top["cell_type"], first["cell_type"]) == ("markdown", "code")
            assert first["source"][0] == "# Run this first.\n"
            assert "".join(first["source"]).count("%pip install") == installs

    def test_links_to_states_lead_to_the_page(self, name):
        text = "\n".join(cells(BUILT / f"{name}.ipynb", "markdown"))
        links = re.findall(r'<a href="([^"?]*)\?', text)
        assert len(links) >= 6
        assert set(links) == {f"{notebooks.PUBLIC}book/{name}.html"}

    def test_beside_a_link_to_a_state_stands_what_to_set(self, name):
        for path in (BUILT, IN_BROWSER):
            told = []
            for text in cells(path / f"{name}.ipynb", "markdown"):
                for query, figure, set_ in re.findall(
                    r'<a href="[^"]*\?([^"]+)#explorer-(\w+)">.* \*Set\* (.+)\.$', text, re.M
                ):
                    controls = getattr(figures(name), figure).controls
                    said = dict(re.findall(r"(.+?) \*\*(.+?)\*\*(?:; |$)", set_))
                    assert list(said) == [control.label for control in controls.values()]
                    asked = dict(parse_qsl(unescape(query)))
                    for key, control in controls.items():
                        value = asked.get(f"{figure}.{key}")
                        if value is not None:
                            texts = {control.key(v): control.text(v) for v in control.values}
                            assert said[control.label] == texts[value]
                    told.append(query)
            assert len(told) >= 6

    def test_every_computing_cell_is_in_it(self, name):
        page = re.findall(r"^```\{code-cell\} ipython3\n(.*?)^```$", source(name), re.S | re.M)
        settings = re.compile(r"\A(---\n.*?^---\n|:tags:[^\n]*\n)\n*", re.S | re.M)
        bodies = [settings.sub("", body).strip() for body in page]
        found = [text.strip() for text in cells(BUILT / f"{name}.ipynb", "code")]
        assert found[1:] == bodies[1:]
        assert found[0].endswith(bodies[0])

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
        lists = [re.sub(r" \*Set\* .*$", "", line) for line in lists]
        for line in lists:
            plain = re.sub(r"\*+", "", line).replace('"', "").replace("'", "")
            flat = re.sub(r"[“”‘’\"']", "", said)
            assert plain[:60] in flat, plain

    def test_no_cell_waits_for_a_loop_to_end(self, name):
        """WebKit cannot suspend WebAssembly; `await` on the top level works everywhere."""
        for text in cells(IN_BROWSER / f"{name}.ipynb", "code"):
            assert not re.search(r"\basyncio\.run\b|\brun_until_complete\b", text), text
