"""Write chapters the way JupyterLab saves them: ``python -m tools.canonical [--check] FILE ...``.

A chapter in this form does not change when somebody opens it in JupyterLab and saves it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import jupytext
from jupytext.config import load_jupytext_config

ROOT = Path(__file__).parents[1]


def canonical(path: Path) -> str:
    """The text of a chapter as jupytext writes it, under the settings in pyproject.toml."""
    config = load_jupytext_config(str(ROOT / "pyproject.toml"))
    notebook = jupytext.read(path, config=config)
    return jupytext.writes(notebook, fmt="md:myst", config=config)


def main(arguments: list[str]) -> int:
    """Rewrite the files, or with ``--check`` say which are not in canonical form."""
    check = "--check" in arguments
    changed = []
    for path in [Path(name) for name in arguments if name != "--check"]:
        text = path.read_text(encoding="utf-8")
        # Pages without cells are plain Markdown and no notebook.
        if not text.startswith("---\njupytext:"):
            continue
        wanted = canonical(path)
        if text != wanted:
            changed.append(path)
            if not check:
                path.write_text(wanted, encoding="utf-8")
    for path in changed:
        print(f"{path}: {'not in canonical form' if check else 'rewritten'}")
    return bool(changed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
