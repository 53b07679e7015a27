"""Extensions of Sphinx that make the pages of the book, a module each."""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: What pages are made by, besides Sphinx: this package, and the versions of all others.
MADE_BY = ("bookext/**/*", "constraints.txt", "package-lock.json")


def digest(root: Path, *patterns: str) -> str:
    """Hash of the files of a folder that match one of some patterns."""
    found = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in root.glob(pattern)}):
        if path.is_file() and "__pycache__" not in path.parts:
            found.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return found.hexdigest()


def setup(app):
    """Let a change of the extensions make all pages again."""
    app.add_config_value("made_by", digest(ROOT, *MADE_BY), "env")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
