"""The cache of drawn explorers: used when nothing changed, never when something did."""

import importlib
import sys

import pytest

from smlib.explorer.cache import Cache, fingerprint

MODULES = {
    "__init__": "",
    "figures": (
        "from smlib.explorer import explorer, slider\n"
        "from pretend import model\n"
        "@explorer('T', alt='', size=(2, 2), x=slider(0, 1, steps=2, label='x'))\n"
        "def pretend_line(fig, x):\n"
        "    return {'y': str(model.double(x))}\n"
    ),
    "model": "from .deep import two\ndef double(x):\n    return two * x\n",
    "deep": "two = 2\n",
    "other": "unused = 1\n",
}


@pytest.fixture
def pretend(tmp_path, monkeypatch):
    """A package whose figure depends on ``model`` and, through it, on ``deep``."""
    folder = tmp_path / "pretend"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "table.csv").write_text("a\n1\n")
    for name, text in MODULES.items():
        (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("SMLIB_EXPLORER_CACHE", str(tmp_path / "cache"))
    yield folder
    for name in [name for name in sys.modules if name.split(".")[0] == "pretend"]:
        del sys.modules[name]


def current():
    importlib.invalidate_caches()
    return importlib.import_module("pretend.figures").pretend_line


@pytest.mark.parametrize("name", ["figures.py", "model.py", "deep.py", "data/table.csv"])
def test_a_change_in_what_the_figure_uses_changes_the_key(pretend, name):
    before = fingerprint(current())
    path = pretend / name
    path.write_text(path.read_text() + "\n")
    assert fingerprint(current()) != before


def test_a_change_elsewhere_does_not(pretend):
    before = fingerprint(current())
    (pretend / "other.py").write_text("unused = 2\n")
    assert fingerprint(current()) == before


def test_what_was_drawn_is_read_again(pretend):
    figure = current()
    html = figure.static_html()
    assert Cache(figure).read() == html
    # Proof that the second time comes from the disk.
    Cache(figure).write("kept")
    assert figure.static_html() == "kept"


def test_what_was_kept_before_a_change_goes(pretend):
    current().static_html()
    (pretend / "model.py").write_text("def double(x):\n    return 3 * x\n")
    for name in [name for name in sys.modules if name.startswith("pretend")]:
        del sys.modules[name]
    current().static_html()
    assert len(list((pretend.parent / "cache").iterdir())) == 1


def test_without_a_folder_nothing_is_kept(pretend, monkeypatch):
    monkeypatch.delenv("SMLIB_EXPLORER_CACHE")
    figure = current()
    figure.static_html()
    assert Cache(figure).read() is None
