"""All explorers of a package are drawn ahead: interrupted, it goes on; failing, it says at what."""

import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

#: Explorers whose states tell a file that they were drawn, and one that waits for another file.
FIGURES = """
import os, pathlib, time
from smlib.explorer import explorer, slider
from smlib.explorer.parallel import _chunks
HERE = pathlib.Path(os.environ["HERE"])

def declare(name, states):
    def draw(fig, x):
        with (HERE / "drawn").open("a") as log:
            log.write(f"{name} {x:g}\\n")
        while name == "last" and x == 4 and not (HERE / "go").exists():
            time.sleep(0.01)
        if name == "last" and x == 3 and (HERE / "fail").exists():
            raise RuntimeError("no solution")
        return {"x": str(x)}
    draw.__name__ = name
    draw.__module__ = __name__
    x = slider(0, states - 1, steps=states, label="x")
    return explorer(name.title(), alt="{x}", size=(1, 1), x=x)(draw)

first, second, last = declare("first", 3), declare("second", 4), declare("last", 5)
"""
#: No file may grow larger: room for the log, not for an explorer.
LIMIT = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))\n"
RUN = "from smlib.explorer.__main__ import main; main('ahead')"


@pytest.fixture
def package(tmp_path):
    """A package of three explorers; calling it starts to draw them."""
    folder = tmp_path / "ahead"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "figures.py").write_text(FIGURES)
    begun = []

    def draw(code=RUN):
        environment = os.environ | {
            "HERE": str(tmp_path),
            "SMLIB_EXPLORER_CACHE": str(tmp_path / "kept"),
            "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path]),
        }
        begun.append(
            subprocess.Popen(
                [sys.executable, "-c", code],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
                # What a shell runs in the background has been told to ignore Ctrl+C, and passes
                # that on.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
        )
        return begun[-1]

    draw.folder = tmp_path
    yield draw
    (tmp_path / "go").touch()
    for process in begun:
        with process:
            process.kill()


def until(condition, process):
    """Wait for what must happen, however busy the machine is; what never does is a failure."""
    end = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < end and process.poll() is None
        time.sleep(0.02)


def kept(package):
    """Explorers that are kept, each whole."""
    found = sorted((package.folder / "kept").glob("*.json"))
    assert all(json.loads(path.read_text())["packed"] for path in found)
    return [path.name.rpartition("-")[0] for path in found]


def drawn(package):
    """Names and states that were drawn."""
    log = package.folder / "drawn"
    return log.read_text().split("\n")[:-1] if log.exists() else []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_interrupted_it_leaves_no_process_and_goes_on_from_there(package, number):
    process = package()
    until(lambda: kept(package) == ["first", "second"], process)
    workers = psutil.Process(process.pid).children(recursive=True)
    assert workers
    process.send_signal(number)
    process.communicate()
    assert process.returncode
    _, alive = psutil.wait_procs(workers, timeout=60)
    assert not alive
    before = drawn(package)
    (package.folder / "go").touch()
    again = package()
    told = again.communicate()[0]
    assert again.returncode == 0, told
    assert kept(package) == ["first", "last", "second"]
    # What was kept is not drawn again, and nothing lies about.
    assert {line.split()[0] for line in drawn(package)[len(before) :]} == {"last"}
    assert len(list((package.folder / "kept").iterdir())) == 3


def test_one_line_says_how_far_it_is(package):
    (package.folder / "go").touch()
    told = package().communicate()[0]
    assert "Drawing 12 of 12 states of 3 explorers: 0 s left" in told


def test_a_failing_function_is_named_with_its_state_in_one_sentence(package):
    for name in ("go", "fail"):
        (package.folder / name).touch()
    process = package()
    told = process.communicate()[0]
    assert process.returncode == 1
    assert told.rstrip().endswith("explorer 'last' at x=3: RuntimeError: no solution")
    assert "Traceback" not in told


def test_a_full_disk_is_said_in_one_sentence(package):
    (package.folder / "go").touch()
    process = package(LIMIT + RUN)
    told = process.communicate()[0]
    assert process.returncode == 1 and "Traceback" not in told
    assert "is not kept: [Errno 27] File too large" in told and kept(package) == []


def test_a_worker_that_is_ended_from_outside_is_said_in_one_sentence(package):
    process = package()
    until(lambda: kept(package) == ["first", "second"], process)
    for worker in psutil.Process(process.pid).children():
        worker.kill()
    told = process.communicate()[0]
    assert process.returncode == 1 and "Traceback" not in told
    assert "ended from outside" in told and "goes on from there" in told
