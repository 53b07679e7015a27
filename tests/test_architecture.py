"""Each file of the tree is named in ARCHITECTURE.md, and each that is named is there."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
ENTRIES = [
    entry
    for row in re.findall(r"^\| (`.*?) \|", TEXT, re.M)
    for entry in re.findall(r"`([^`]+)`", row)
]


def tracked():
    """Files of the checkout."""
    told = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if told.returncode:
        pytest.skip("not a checkout")
    return [name for name in told.stdout.splitlines() if (ROOT / name).is_file()]


def pattern(entry):
    """What an entry stands for: `<topic>` is a word, a star anything."""
    return re.sub(r"<\w+>", r"\\w+", re.escape(entry).replace(r"\*", ".*"))


def test_each_file_is_named():
    named = re.compile("|".join(f"(?:{pattern(entry)})" for entry in ENTRIES))
    assert [name for name in tracked() if not named.fullmatch(name)] == []


def test_each_name_is_that_of_a_file():
    files = tracked()
    found = {entry: any(re.fullmatch(pattern(entry), name) for name in files) for entry in ENTRIES}
    assert [entry for entry, there in found.items() if not there] == []


def test_no_file_is_named_twice():
    assert len(set(ENTRIES)) == len(ENTRIES) > 100
