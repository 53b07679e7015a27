"""What is kept is used when nothing changed on which it depends, never when something did."""

import importlib
import os
import subprocess
import sys

import pytest

from smlib.memo import fingerprint, remembered, write_whole

MODULES = {
    "__init__": "",
    "figures": (
        "'''Figures.'''\n"
        "import numpy as np\n"
        "from pretend import model\n"
        "from pretend.colors import BLUE as COLOR\n"
        "def marked(function):\n    return function\n"
        "@marked\n"
        "def one(x):\n    '''Draw.'''\n    return helper(x), COLOR\n"
        "def helper(x):\n    return model.double(x)\n"
        "def two(x):\n    from pretend.other import unlike\n    return unlike(x)\n"
        "SETTINGS = {'a': 1}\nSETTINGS['b'] = 2\n"
        "np.seterr(all='ignore')\n"
    ),
    "model": (
        "from .deep import two\nfrom .tables import read\n"
        "def double(x):\n    return two * x\n"
        "def tabled():\n    return read('table.csv')\n"
    ),
    "deep": "two = 2\nthree = 3\n",
    "tables": "def read(name):\n    return name\n",
    "colors": "BLUE, RED = '#0000ff', '#ff0000'\n",
    "named": (
        "from importlib import import_module\n"
        "def some(name):\n    return import_module(f'pretend.{name}')\n"
    ),
    "other": "def unlike(x):\n    return -x\nclass Kind:\n    size = 1\n",
}


@pytest.fixture
def pretend(tmp_path, monkeypatch):
    """A package in a folder of its own."""
    folder = tmp_path / "pretend"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "table.csv").write_text("a\n1\n")
    (folder / "data" / "README.md").write_text("About the table.\n")
    for name, text in MODULES.items():
        (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    for name in [name for name in sys.modules if name.split(".")[0] == "pretend"]:
        del sys.modules[name]


def changed(folder, name, old, new):
    """Whether the fingerprints of `one`, of `two` and of `model.tabled` change with a source."""
    importlib.invalidate_caches()
    wanted = [("figures", "one"), ("figures", "two"), ("model", "tabled")]

    def found():
        return [fingerprint([(f"pretend.{module}", what)]) for module, what in wanted]

    before, path = found(), folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return [a != b for a, b in zip(before, found(), strict=True)]


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("figures.py", "helper(x), COLOR", "helper(x), COLOR, 1", [1, 0, 0]),
        ("figures.py", "return model", "return 1 * model", [1, 0, 0]),
        ("figures.py", "@marked\n", "@(marked)\n@marked\n", [1, 0, 0]),
        ("figures.py", "return unlike(x)", "return unlike(2 * x)", [0, 1, 0]),
        # What binds no name may change anything in its module.
        ("figures.py", "all='ignore'", "all='warn'", [1, 1, 0]),
        ("figures.py", "SETTINGS['b'] = 2", "SETTINGS['b'] = 3", [0, 0, 0]),
        ("model.py", "two * x", "x * two", [1, 0, 0]),
        ("deep.py", "two = 2", "two = 2.0", [1, 0, 0]),
        ("deep.py", "three = 3", "three = 4", [0, 0, 0]),
        ("colors.py", "#0000ff", "#0000fe", [1, 0, 0]),
        ("other.py", "return -x", "return x", [0, 1, 0]),
        ("other.py", "size = 1", "size = 2", [0, 0, 0]),
        ("data/table.csv", "1", "2", [0, 0, 1]),
        ("data/README.md", "About", "Of", [0, 0, 0]),
        ("figures.py", "'''Draw.'''", "'''Draw it.'''  # with a remark", [0, 0, 0]),
        ("figures.py", "'''Figures.'''", "'''All figures.'''", [0, 0, 0]),
    ],
)
def test_a_change_is_noticed_by_what_uses_it_alone(pretend, name, old, new, expected):
    assert changed(pretend, name, old, new) == [bool(each) for each in expected]


def test_what_is_imported_by_a_computed_name_may_be_any_module(pretend):
    found = [fingerprint([("pretend.named", "some")])]
    (pretend / "deep.py").write_text("two = 2\nthree = 4\n")
    found.append(fingerprint([("pretend.named", "some")]))
    (pretend / "new.py").write_text("four = 4\n")
    found.append(fingerprint([("pretend.named", "some")]))
    assert len(set(found)) == 3


def test_a_decorator_and_a_value_can_be_left_out(pretend):
    def found():
        same = {"#0000ff": "blue", "#0000fe": "blue"}
        return fingerprint([("pretend.figures", "one")], same=same, bare=True)

    before = found()
    for name, old, new in (("figures.py", "@marked\n", ""), ("colors.py", "ff'", "fe'")):
        path = pretend / name
        path.write_text(path.read_text().replace(old, new, 1))
        assert found() == before


def test_a_piece_of_code_depends_on_what_it_uses(pretend):
    def found(code):
        return fingerprint(code=code, package="pretend")

    uses, names = "from pretend.other import Kind\nKind()", "tables.read('table.csv')"
    kinds, tables = found(uses), found(f"from pretend import tables\n{names}")
    (pretend / "other.py").write_text(MODULES["other"].replace("size = 1", "size = 2"))
    (pretend / "data" / "table.csv").write_text("a\n3\n")
    assert found(uses) != kinds
    assert found(f"from pretend import tables\n{names}") != tables


WORK = """
from smlib.memo import remembered
calls = []

@remembered
def square(x, power=2):
    calls.append(x)
    return {"is": x**power}

@remembered
def slow(x):
    calls.append(x)
    yield 0.5
    return -x
"""


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A module with two remembered functions, as a new process would find it."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("SMLIB_KEPT", str(tmp_path / "kept"))
    (tmp_path / "sm_work.py").write_text(WORK)

    def load(text=WORK):
        (tmp_path / "sm_work.py").write_text(text)
        sys.modules.pop("sm_work", None)
        importlib.invalidate_caches()
        # Two sources written within one tick of the clock must not share compiled code.
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        return importlib.import_module("sm_work")

    yield load
    sys.modules.pop("sm_work", None)


def steps(generator):
    """What a generator yields, and what it returns."""
    seen = []
    while True:
        try:
            seen.append(next(generator))
        except StopIteration as end:
            return seen, end.value


def test_a_result_is_computed_once_and_found_by_the_next_process(work):
    first = work()
    assert [first.square(3), first.square(3), first.square(x=3, power=2)] == [{"is": 9}] * 3
    assert first.square(3, 3) == {"is": 27} and first.calls == [3, 3]
    assert steps(first.slow(4)) == ([0.5], -4) and steps(first.slow(4)) == ([], -4)
    again = work()
    assert again.square(3) == {"is": 9} and steps(again.slow(4)) == ([], -4)
    assert again.calls == []


def test_a_change_of_code_forgets_and_leaves_nothing_of_the_old(work, tmp_path):
    work().square(3)
    work(WORK.replace("# ", "")).square(3)
    changed = work(WORK.replace("x**power", "x**power + 1"))
    assert changed.square(3) == {"is": 10} and changed.calls == [3]
    assert len(list((tmp_path / "kept" / "sm_work.square").iterdir())) == 1


def test_without_a_folder_it_is_kept_in_this_process_alone(work, tmp_path, monkeypatch):
    monkeypatch.delenv("SMLIB_KEPT")
    module = work()
    assert module.square(2) is module.square(2) and module.calls == [2]
    assert not (tmp_path / "kept").exists()


def test_an_error_is_not_a_result(monkeypatch):
    monkeypatch.delenv("SMLIB_KEPT")
    tries = []

    @remembered
    def fails(x):
        tries.append(x)
        if len(tries) == 1:
            raise RuntimeError("once")
        return x

    with pytest.raises(RuntimeError):
        fails(1)
    assert fails(1) == 1


def test_who_is_ended_while_writing_leaves_no_file_under_its_name(tmp_path):
    """The disk is full after some bytes; and the process is killed between two writes."""
    target = tmp_path / "file"
    write_whole(target, b"old")
    code = (
        "import os, pathlib, sys\nfrom smlib.memo import write_whole\n"
        "real = pathlib.Path.write_bytes\n"
        "def torn(path, content):\n    real(path, content[:2])\n    os._exit(9)\n"
        "pathlib.Path.write_bytes = torn\n"
        "write_whole(pathlib.Path(sys.argv[1]), b'new')\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(target)], env=os.environ)
    assert done.returncode == 9 and target.read_bytes() == b"old"
