"""What is drawn is kept: used when nothing changed, never when something did."""

import importlib
import sys

import pytest

from smlib.explorer import Theme, explorer, slider
from smlib.explorer.drawn import Store, digest
from smlib.explorer.lattice import decode

from .example import example_line

MODULES = {
    "__init__": "",
    "figures": (
        "from smlib.explorer import Theme, explorer, slider\n"
        "from pretend import model\n"
        "THEME = Theme({'blue': ('#0000fe', '#8888ff')}, {'lines.linewidth': 2})\n"
        "@explorer('Title', alt='{x}', size=(2, 2), theme=THEME,\n"
        "    x=slider(0, 1, steps=2, label='Label'))\n"
        "def pretend_line(fig, x):\n"
        "    ax = fig.add_axes((0, 0, 1, 1))\n"
        "    ax.axis('off')\n"
        "    ax.plot([0, x], color='#0000fe')\n"
        "    return {'y': str(model.double(x))}\n"
        "@explorer('Two', alt='', size=(2, 2), x=slider(0, 1, steps=2, label='x'))\n"
        "def pretend_other(fig, x):\n"
        "    return {'y': str(-x)}\n"
    ),
    "model": "def double(x):\n    return 2 * x\n",
}


@pytest.fixture
def pretend(tmp_path, monkeypatch):
    """A package with two explorers, one of which uses ``model``."""
    folder = tmp_path / "pretend"
    folder.mkdir()
    for name, text in MODULES.items():
        (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    # Two sources written within one second must not share compiled code, here or in a process
    # that draws.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("SMLIB_EXPLORER_CACHE", str(tmp_path / "kept"))
    yield folder
    forget()


def forget():
    for name in [name for name in sys.modules if name.split(".")[0] == "pretend"]:
        del sys.modules[name]


def current(folder, *change):
    """The module, after a change of its source."""
    forget()
    if change:
        name, old, new = change
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new))
    importlib.invalidate_caches()
    return importlib.import_module("pretend.figures")


@pytest.mark.parametrize(
    ("change", "drawn_again"),
    [
        (("model.py", "2 * x", "3 * x"), True),
        (("figures.py", "(0, 0, 1, 1)", "(0, 0, 1, 0.9)"), True),
        (("figures.py", "alt='{x}'", "alt='{x}!'"), True),
        (("figures.py", "size=(2, 2), theme", "size=(2, 3), theme"), True),
        (("figures.py", "steps=2, label='Label'", "steps=3, label='Label'"), True),
        (("figures.py", "'lines.linewidth': 2", "'lines.linewidth': 3"), True),
        # Words around the figure, colours, and what the other explorer does.
        (("figures.py", "'Title'", "'Another title'"), False),
        (("figures.py", "label='Label'", "label='Another label'"), False),
        (("figures.py", "#0000fe", "#0000fd"), False),
        (("figures.py", "#8888ff", "#8888fe"), False),
        (("figures.py", "str(-x)", "str(-2 * x)"), False),
    ],
)
def test_what_is_kept_is_used_unless_the_picture_changes(pretend, change, drawn_again):
    current(pretend).pretend_line.drawn()
    changed = current(pretend, *change).pretend_line
    assert (Store(changed).read() is None) == drawn_again
    changed.drawn()
    assert len(list((pretend.parent / "kept").glob("pretend_line-*"))) == 1


def test_a_new_colour_is_shown_without_drawing(pretend):
    assert "var(--sm-blue,#0000fe)" in current(pretend).pretend_line.static_html()
    changed = current(pretend, "figures.py", "#0000fe", "#0000fd").pretend_line
    assert "var(--sm-blue,#0000fd)" in changed.static_html()


@pytest.mark.parametrize("how", ["ax.imshow([[0, 1]])", "ax.plot([0, 1], color='#123456')"])
def test_where_the_value_of_a_colour_is_drawn_a_new_one_is_drawn_again(pretend, how):
    changed = current(pretend, "figures.py", "    return {'y': str(model",
                      f"    {how}\n    return {{'y': str(model")  # fmt: skip
    changed.pretend_line.drawn()
    assert Store(changed.pretend_line).read() is not None
    again = current(pretend, "figures.py", "#0000fe", "#0000fd")
    assert Store(again.pretend_line).read() is None


def test_what_was_kept_is_what_was_drawn(pretend):
    figure = current(pretend).pretend_line
    assert figure.drawn() == Store(figure).read() == figure.drawn()


def test_without_a_folder_nothing_is_kept(pretend, monkeypatch):
    monkeypatch.delenv("SMLIB_EXPLORER_CACHE")
    figure = current(pretend).pretend_line
    figure.drawn()
    assert Store(figure).path is None and Store(figure).read() is None


def test_digests_tell_every_state_from_every_other_text():
    frames = example_line.frames(workers=1)
    told, lattice = example_line.drawn(), example_line.encode(frames)
    assert len(set(told.digests)) == example_line.count
    for i, frame in enumerate(frames):
        shown = decode(lattice, i), frame.alt, [*frame.readouts.values()]
        assert digest(*shown) == told.digests[i]
        for other in (("x", *shown[1:]), (shown[0], "x", shown[2]), (*shown[:2], ["x"])):
            assert digest(*other) != told.digests[i]


def test_a_theme_is_known_by_its_names():
    theme = Theme({"blue": ("#0000fe", "#8888ff")})
    assert theme.names() == {"#0000fe": "color blue", "#8888ff": "color blue"}


def test_one_declared_in_a_notebook_is_not_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("SMLIB_EXPLORER_CACHE", str(tmp_path))

    @explorer("T", alt="", x=slider(0, 1, steps=2, label="x"))
    def here(fig, x):
        return {"x": str(x)}

    here.draw.__module__ = "__main__"
    assert Store(here).path is None
