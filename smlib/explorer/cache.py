"""Drawn explorers on disk, keyed on everything that their pictures depend on."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
import sys
from functools import cache
from pathlib import Path

import matplotlib
import numpy
import scipy


@cache
def _imported(source: bytes, inside: str, package: str) -> list[str]:
    """Names in ``package`` that a source, which stands ``inside`` one of its packages, imports."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = inside.split(".")[: len(inside.split(".")) - node.level + 1]
                base = ".".join([*parents, base]).rstrip(".")
            # "from package import module" may name a module or a function.
            found += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return [name for name in found if name.partition(".")[0] == package]


def _sources(module: str, package: str, found: dict[str, bytes]) -> None:
    """Collect the source of ``module`` and of all modules of ``package`` that it imports."""
    spec = importlib.util.find_spec(module)
    if module in found or spec is None or not spec.origin:
        return
    path = Path(spec.origin)
    found[module] = path.read_bytes()
    inside = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for name in _imported(found[module], inside, package):
        if _is_module(name):
            _sources(name, package, found)


def _is_module(name: str) -> bool:
    parent = name.rpartition(".")[0]
    if parent and not (_is_module(parent) and hasattr(sys.modules.get(parent), "__path__")):
        return name in sys.modules
    return importlib.util.find_spec(name) is not None


def fingerprint(explorer) -> str:
    """Hash of the draw function's module, all it imports from its package, data and versions."""
    module = explorer.draw.__module__
    package = module.partition(".")[0]
    found: dict[str, bytes] = {}
    _sources(module, package, found)
    _sources(__name__.rpartition(".")[0] + ".core", __name__.partition(".")[0], found)
    root = Path(importlib.util.find_spec(package).origin).parent
    digest = hashlib.sha256()
    for name in sorted(found):
        digest.update(name.encode() + found[name])
    # Script and style are added to the page apart from what is kept here.
    for path in sorted(root.glob("data/*")):
        digest.update(path.read_bytes())
    versions = (matplotlib.__version__, numpy.__version__, scipy.__version__)
    described = (explorer.name, explorer.title, explorer.alt, explorer.size, versions)
    digest.update(repr((described, explorer.controls, explorer.theme)).encode())
    return digest.hexdigest()[:32]


class Cache:
    """Where the HTML of one explorer is kept.

    The folder is named by ``SMLIB_EXPLORER_CACHE``; without it, and for explorers declared in a
    notebook, whose source may depend on other cells, nothing is kept.
    """

    def __init__(self, explorer):
        folder = os.environ.get("SMLIB_EXPLORER_CACHE")
        self.path: Path | None = None
        if folder and explorer.draw.__module__ != "__main__":
            self.path = Path(folder) / f"{explorer.name}-{fingerprint(explorer)}.html"

    def read(self) -> str | None:
        """The kept HTML, or None."""
        if self.path is None or not self.path.exists():
            return None
        return self.path.read_text(encoding="utf-8")

    def write(self, html: str) -> None:
        """Keep ``html`` in place of what was kept before; readers never see half a file."""
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_suffix(f".{os.getpid()}")
        part.write_text(html, encoding="utf-8")
        part.replace(self.path)
        name = self.path.name.rpartition("-")[0]
        for old in self.path.parent.glob(f"{name}-{'?' * 32}.html"):
            if old != self.path:
                old.unlink(missing_ok=True)
