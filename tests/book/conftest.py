"""The chapters: which there are, and their text."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"

#: Pages of the table of contents that have figures of their own.
CHAPTERS = [
    name
    for name in re.findall(r"file: book/(\w+)$", (ROOT / "_toc.yml").read_text(), re.M)
    if (ROOT / "smlib" / "figures" / f"{name}.py").exists()
]


def source(name):
    """The Markdown of a page of the book."""
    return (BOOK / f"{name}.md").read_text(encoding="utf-8")


def value(text):
    """The first number of what a reader is told: −0.5 of "−0.50 GPa", 2e-9 of "2 × 10⁻⁹"."""
    first = re.search(r"[−∞.\d]+(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?", text)[0]
    plain = str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")
    return float(first.replace(" × 10", "e").replace("∞", "inf").translate(plain))
