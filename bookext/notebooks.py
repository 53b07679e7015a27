"""What the notebooks of the chapters are told of their pages, see ``tools/notebooks.py``."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

NUMBERS = Path(__file__).parents[1] / "_build" / "numbers.json"


def note_numbers(app, env):
    """Note the page and the number of each equation, figure and exercise that has a label."""
    told = {}
    for page, kinds in env.toc_fignumbers.items():
        for kind in ("displaymath", "exercise", "figure"):
            for label, number in kinds.get(kind, {}).items():
                place = PurePosixPath(page).name, ".".join(map(str, number))
                told[label.removeprefix("equation-")] = place
    NUMBERS.write_text(json.dumps(told, indent=1, sort_keys=True), encoding="utf-8")


def setup(app):
    """Connect to Sphinx."""
    app.connect("env-check-consistency", note_numbers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
