"""The table of symbols tells of symbols that the chapters use."""

import re

import pytest

from .conftest import CHAPTERS, source

SYMBOL = re.compile(r"^\| ((?:\$[^$]+\$(?:, )?)*) ?\|(.*)\|$", re.M)


def entries():
    """Symbol and chapter, one by one; an empty first cell repeats the symbol above."""
    symbols, found = [], []
    for cell, rest in SYMBOL.findall(source("notation")):
        symbols = re.findall(r"\$([^$]+)\$", cell) or symbols
        found += [
            (s, label) for label in re.findall(r"\{ref\}`ch-([\w-]+)`", rest) for s in symbols
        ]
    return found


def mathematics(name):
    """All formulas of a chapter."""
    text = re.sub(r"^```\{code-cell\}.*?^```$", "", source(name), flags=re.S | re.M)
    blocks = re.findall(r"^```\{math\}(.*?)^```$", text, re.S | re.M)
    return " ".join(blocks + re.findall(r"(?<!\$)\$([^$\n]+)\$(?!\$)", text))


@pytest.mark.parametrize(("symbol", "label"), entries())
def test_the_chapter_uses_the_symbol(symbol, label):
    name = label.replace("-", "_")
    assert name in CHAPTERS
    before = "" if symbol.startswith("\\") else r"(?<![A-Za-z\\])"
    assert re.search(rf"{before}{re.escape(symbol)}(?![A-Za-z])", mathematics(name))


def test_no_symbol_means_two_things_in_one_chapter():
    found = entries()
    assert len(set(found)) == len(found)
