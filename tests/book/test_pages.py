"""Every chapter has what a reader and a lecturer expect of it."""

import importlib
import re
from functools import partial
from html import unescape
from itertools import pairwise
from urllib.parse import parse_qsl

import numpy as np
import pytest

from smlib.atlas import ATLAS
from smlib.explorer import Explorer
from smlib.explorer.__main__ import find
from smlib.explorer.core import Drawing
from smlib.lorenz96 import L96, integrate_l96

from .conftest import BOOK, CHAPTERS, ROOT, source

PAGES = sorted(path.relative_to(BOOK).with_suffix("").as_posix() for path in BOOK.rglob("*.md"))
SECTIONS = [
    "What the usual story gets wrong",
    "What is left out",
    "Summary",
    "Exercises",
    "Further reading",
]


def prose(text):
    """A page without its code cells."""
    return re.sub(r"^```\{code-cell\}.*?^```$", "", text, flags=re.S | re.M)


def figures(name):
    """Explorers and stills of a chapter."""
    module = importlib.import_module(f"smlib.figures.{name}")
    return [thing for thing in vars(module).values() if isinstance(thing, Drawing)]


def check_state(explorer, query):
    """The state that a link names exists."""
    pairs = parse_qsl(query, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs) > 0
    for key, value in pairs:
        figure, knob = key.split(".")
        assert figure == explorer.name
        control = explorer.controls[knob]
        assert value in map(control.key, control.values), query


def test_the_chapters_are_found():
    assert {path.stem for path in (BOOK / "solutions").glob("*.md")} - {"index"} == set(CHAPTERS)


@pytest.mark.parametrize("name", PAGES)
def test_one_title_and_no_jump_in_the_headings(name):
    text = re.sub(r"^(```+|~~~+|:::+)\{?.*?^\1$", "", prose(source(name)), flags=re.S | re.M)
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, re.M)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", CHAPTERS)
class TestChapter:
    """The skeleton that all chapters share."""

    def test_sections_stand_in_order(self, name):
        text = source(name)
        found = [text.index(f"\n## {section}\n") for section in SECTIONS]
        assert found == sorted(found)

    def test_it_opens_with_the_question(self, name):
        box = re.search(
            r"\{admonition\} In this chapter \((\d+) minutes\)\n(.*?)\n```", source(name), re.S
        )
        assert re.search(r"\*\*[^*]+\?\*\*", box[2])
        assert "It needs" in box[2]

    def test_the_reader_predicts_before_each_explorer(self, name):
        text = source(name)
        shown = [
            text.index(f"\n---\n{f.name}\n```") for f in figures(name) if isinstance(f, Explorer)
        ]
        assert len(shown) >= 2
        for before, place in zip([0, *sorted(shown)], sorted(shown), strict=False):
            assert "{admonition} Predict" in text[before:place]

    def test_every_figure_of_the_module_is_on_the_page_and_stills_have_captions(self, name):
        text = source(name)
        for figure in figures(name):
            cell = re.search(
                rf"```\{{code-cell\}} ipython3\n---\n([^`]*?)---\n{figure.name}\n```",
                text.replace("`", "'").replace("'''", "```"),
            )
            assert cell, figure.name
            if not isinstance(figure, Explorer):
                assert "caption:" in cell[1]
                assert "name: fig-" in cell[1]

    def test_every_drawing_function_can_be_read(self, name):
        for figure in figures(name):
            if isinstance(figure, Explorer):
                assert f":pyobject: {figure.name}" in source(name)

    def test_three_settings_or_more_of_every_explorer_are_links_in_a_list(self, name):
        links = re.findall(r'^\d\. <a href="\?([^"#]+)#explorer-(\w+)">', source(name), re.M)
        explorers = {f.name: f for f in figures(name) if isinstance(f, Explorer)}
        assert {figure for _, figure in links} == set(explorers)
        for figure, explorer in explorers.items():
            queries = [unescape(query) for query, linked in links if linked == figure]
            assert len(set(queries)) == len(queries) >= 3
            for query in queries:
                check_state(explorer, query)

    def test_it_ends_with_its_sentence_of_the_atlas(self, name):
        # The closing chapter ends with the sentences of all.
        assert (f'rows("{name}")' if name != "atlas" else "for row in ATLAS") in source(name)

    def test_every_exercise_has_its_solution(self, name):
        exercises = re.findall(r"^:label: (ex-[\w-]+)$", source(name), re.M)
        solutions = re.findall(r"\{solution-start\} (ex-[\w-]+)", source(f"solutions/{name}"))
        assert len(exercises) >= 5
        assert exercises == solutions

    def test_cells_are_short_and_import_nothing_outside_the_pins(self, name):
        for cell in re.findall(r"^```\{code-cell\}.*?^```$", source(name), re.S | re.M):
            lines = re.sub(r"^---\n.*?^---\n", "", cell, flags=re.S | re.M).splitlines()[1:-1]
            hidden = "remove-cell" in cell
            assert hidden or len(lines) <= 15, cell
            assert hidden or all(len(line) <= 88 for line in lines), cell
            assert "%pip" not in cell and "!pip" not in cell and "http" not in cell


def test_every_explorer_has_a_name_of_its_own():
    assert len(find("smlib.figures")) >= 4


def test_figures_use_the_colours_of_the_page_alone():
    """As the built pages hold them, with what only other states show."""
    for name in CHAPTERS:
        page = (ROOT / "_build" / "html" / "book" / f"{name}.html").read_text(encoding="utf-8")
        drawn = re.findall(r"<svg [^>]*viewBox.*?</svg>", page, re.S)
        assert len(drawn) >= len(figures(name)), name
        outside = re.sub(r"var\(--sm-\w+,#[0-9a-f]{6}\)", "", "".join(drawn))
        assert not re.findall(r"#[0-9a-f]{6}\b(?=[;\"])", outside), name


def test_every_row_of_the_atlas_belongs_to_a_chapter():
    assert {row.chapter for row in ATLAS} == set(CHAPTERS) - {"atlas"}


def test_what_is_cited_is_in_the_bibliography_and_the_other_way_round():
    text = "".join(source(name) for name in PAGES)
    cited = {
        key for group in re.findall(r"\{cite:\w+\}`([^`]+)`", text) for key in group.split(",")
    }
    listed = re.findall(r"^@\w+\{([^,]+),", (BOOK / "references.bib").read_text(), re.M)
    assert sorted(listed) == sorted(cited)


def test_pages_name_no_colour_alone():
    for name in CHAPTERS:
        found = re.findall(r"\bthe (?:red|green|blue|orange|purple) \w+", prose(source(name)))
        assert not found


def test_nothing_is_generated_or_large():
    for path in ROOT.glob("book/**/*"):
        assert path.suffix != ".ipynb"
        assert path.stat().st_size < 1_000_000


EXAMPLES = re.findall(r"```python\n(.*?)```", source("for_lecturers"), re.S)


def test_the_explorer_for_lecturers_works_and_is_ten_lines():
    code = EXAMPLES[0]
    assert len([line for line in code.splitlines() if line]) <= 10
    scope = {"__name__": "example"}
    exec(code, scope)
    frame = scope["decay"].frame(rate=2.0)
    assert frame.readouts == {"Left": "0.14"}  # exp(-2)
    assert frame.alt == "After an hour 0.14 is left."


def test_the_cluster_for_lecturers_works(monkeypatch):
    reason = "Dask, the cluster, is not installed"
    distributed = pytest.importorskip("dask.distributed", reason=reason)
    # Tests run side by side, and there is one port for the page that watches a cluster.
    quiet = partial(distributed.Client, dashboard_address=None, silence_logs=50)
    monkeypatch.setattr(distributed, "Client", quiet)
    scope = {"__name__": "example"}
    exec(EXAMPLES[2], scope)
    alone = integrate_l96(L96(), t_run=0.2, n_members=256, spinup=0.1)
    np.testing.assert_array_equal(scope["run"].X, alone.X)
