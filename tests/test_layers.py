"""Arrows point down: topics know nothing of drawing, the explorer nothing of topics."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "smlib"
GROUND = {"scales", "elements", "checks", "memo", "rules", "units", "workers"}
TOPICS = {path.stem for path in ROOT.glob("*.py")} - GROUND - {"__init__", "notebook"}
DRAWING = {"matplotlib", "ipywidgets", "IPython", "PIL"}


def imports(path):
    """Top names of foreign modules and, for ``smlib``, the parts below it that a file imports."""
    foreign, own = set(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "smlib":
                own.add(parts[1])
            else:
                foreign.add(parts[0])
    return foreign, own


ATLAS = sorted(path.stem for path in (ROOT / "atlas").glob("*.py"))


@pytest.mark.parametrize("name", sorted(TOPICS | GROUND) + [f"atlas/{name}" for name in ATLAS])
def test_what_computes_does_not_draw(name):
    foreign, own = imports(ROOT / f"{name}.py")
    assert not foreign & DRAWING
    assert not own & {"figures", "explorer", "notebook"}


@pytest.mark.parametrize("name", sorted(GROUND))
def test_the_ground_floor_imports_no_topic(name):
    assert imports(ROOT / f"{name}.py")[1] <= GROUND


@pytest.mark.parametrize("name", sorted(TOPICS))
def test_topics_do_not_import_the_atlas(name):
    assert "atlas" not in imports(ROOT / f"{name}.py")[1]


@pytest.mark.parametrize("name", sorted(set(ATLAS) - {"__init__"}))
def test_rows_of_a_chapter_import_nothing_of_the_others(name):
    code = f"import sys; from smlib.atlas import rows; rows({name!r}); print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {module for module in found.stdout.split() if module.startswith("smlib.atlas.")}
    assert loaded == {f"smlib.atlas.{name}"}


@pytest.mark.parametrize("path", sorted((ROOT / "explorer").glob("*.py")), ids=lambda p: p.stem)
def test_the_explorer_knows_no_topic(path):
    assert imports(path)[1] <= {"explorer", "memo"}


@pytest.mark.parametrize("path", sorted((ROOT / "figures").glob("*.py")), ids=lambda p: p.stem)
def test_a_figure_module_draws_for_its_own_chapter(path):
    topics = imports(path)[1] & TOPICS
    assert path.stem in {"__init__", "style", "cover", "atlas"} or path.stem in topics
