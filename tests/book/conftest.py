"""The chapters: which there are, and their text."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"

#: Pages of the table of contents that have a module of their name.
CHAPTERS = [
    name
    for name in re.findall(r"file: book/(\w+)$", (ROOT / "_toc.yml").read_text(), re.M)
    if (ROOT / "smlib" / f"{name}.py").exists()
]


def source(name):
    """The Markdown of a page of the book."""
    return (BOOK / f"{name}.md").read_text(encoding="utf-8")
