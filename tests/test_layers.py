"""Arrows point down: figures ask studies, studies ask topics, and only figures draw."""

import ast
import importlib
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

from smlib.explorer import Explorer
from smlib.explorer.core import Still

ROOT = Path(__file__).parents[1]
GRAPH = grimp.build_graph("smlib", include_external_packages=True)
GROUND = {"scales", "elements", "checks", "memo", "rules", "units", "workers"}
ROOMS = {module.removeprefix("smlib.") for module in GRAPH.find_children("smlib")}
TOPICS = ROOMS - GROUND - {"explorer", "figures", "studies", "atlas", "notebook"}
#: From the top; rooms of one floor may ask each other if they stand in one `Layer`.
FLOORS = [
    {"figures"},
    {"explorer", "studies", "notebook"},
    {"atlas"},
    grimp.Layer(*TOPICS, independent=False),
    grimp.Layer(*GROUND, independent=False),
]
DRAWING = {"matplotlib", "ipywidgets", "IPython", "PIL"}
PAGES = sorted([*ROOT.glob("book/*.md"), *ROOT.glob("book/solutions/*.md")])


def test_all_imports_point_down():
    found = GRAPH.find_illegal_dependencies_for_layers(layers=FLOORS, containers={"smlib"})
    assert not found


def test_no_two_modules_need_each_other():
    own = {module for module in GRAPH.modules if module.startswith("smlib.")}
    asked = {one: GRAPH.find_modules_directly_imported_by(one) & own for one in own}
    TopologicalSorter(asked).prepare()  # fails where there is a circle


def test_only_figures_draw():
    drawing = {
        module
        for library in DRAWING & GRAPH.modules
        for module in GRAPH.find_modules_that_directly_import(library)
    }
    assert {module.split(".")[1] for module in drawing} == {"figures", "explorer", "notebook"}


def test_the_explorer_knows_only_what_is_kept():
    wanted = GRAPH.find_upstream_modules("smlib.explorer", as_package=True)
    assert {module for module in wanted if module.startswith("smlib.")} == {"smlib.memo"}


@pytest.mark.parametrize(
    "name", sorted(m.split(".")[-1] for m in GRAPH.find_children("smlib.atlas"))
)
def test_rows_of_a_chapter_import_nothing_of_the_others(name):
    code = f"import sys; from smlib.atlas import rows; rows({name!r}); print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {module for module in found.stdout.split() if module.startswith("smlib.atlas.")}
    assert loaded == {f"smlib.atlas.{name}"}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT / "book").as_posix())
def test_a_page_takes_nothing_from_figures_but_figures(page):
    text = page.read_text(encoding="utf-8")
    for module, names in re.findall(r"from smlib\.figures\.(\w+) import (\([^)]*\)|.*)", text):
        figures = importlib.import_module(f"smlib.figures.{module}")
        for name in re.findall(r"\w+", names) if module != "style" else ():
            assert isinstance(getattr(figures, name), (Explorer, Still)), name


@pytest.mark.parametrize(
    "path", sorted((ROOT / "smlib/figures").glob("*.py")), ids=lambda p: p.stem
)
def test_a_figure_module_holds_what_draws(path):
    """What takes no axes puts something into words or places it, and nobody else asks it."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and path.stem != "style":
            first = node.args.args[0].arg if node.args.args else ""
            assert first in {"fig", "ax"} or node.name.startswith("_"), node.name
