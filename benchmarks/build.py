"""Time what a developer waits for, and compare two builds: ``make clock``.

In a new clone: installation and a clean ``make site``, the same again with nothing changed, with a
sentence added to a chapter, and with a figure function changed; a draft, and one after a sentence
more; then the tests, whole and in parts. ``make clock BEFORE=COMMIT`` also builds and tests an
earlier state on the same day, and prints the ratios. Two clean builds are compared file by file.
Exit status 1 if a bar is not met.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Event, Thread

import psutil

from .table import Row, markdown, pace

SITE = Path("_build/html")
CHAPTER, FIGURE = Path("book/doping.md"), Path("smlib/figures/labor.py")
#: A line of a figure function, and the same drawn otherwise.
LINE, CHANGED = "ax.set(xlim=(-7.6, 7.6), ylim", "ax.set(xlim=(-7.7, 7.7), ylim"
#: Seconds on two cores, GiB, and shares of what an earlier state takes.
BOOK, UNCHANGED, TEXT, ONE_FIGURE, MEMORY = 450, 10, 20, 30, 2
DRAFT, DRAFT_AGAIN, TESTS, UNIT, ONE_CHAPTER = 180, 30, 600, 180, 120
BOOK_RATIO, TESTS_RATIO = 0.70, 0.45
#: Not part of the site: Sphinx notes here what it was built from.
NOTES = {".buildinfo", ".buildinfo.bak"}
#: What a command that failed had said; the clone goes away.
KEPT = Path("_build/clock.log")
READY = (".venv/book", "node_modules/.installed")


def timed(folder: Path, *targets: str) -> tuple[float, float]:
    """Seconds of ``make`` in a folder, and the most memory its processes held, in GiB.

    What processes share is counted for each of them, so the true peak is lower.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SMLIB", "PYTHON"))}
    environment.pop("MAKEFLAGS", None)
    done, peak = Event(), 0

    def watch(process: psutil.Process) -> None:
        nonlocal peak
        while not done.wait(0.5):
            held = 0
            for each in process.children(recursive=True):
                try:
                    held += each.memory_info().rss
                except psutil.NoSuchProcess:  # it has just ended
                    continue
            peak = max(peak, held)

    began = time.perf_counter()
    with (folder / "make.log").open("w") as log:
        make = subprocess.Popen(
            ["make", *targets], cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        watcher = Thread(target=watch, args=(psutil.Process(make.pid),))
        watcher.start()
        code = make.wait()
        done.set()
        watcher.join()
    if code:
        KEPT.parent.mkdir(exist_ok=True)
        shutil.copyfile(folder / "make.log", KEPT)
        raise RuntimeError(f"make {' '.join(targets)} failed; all that it said is in {KEPT}")
    return time.perf_counter() - began, peak / 2**30


def clone(folder: Path, commit: str = "HEAD") -> Path:
    """A new clone of this checkout at a commit."""
    subprocess.run(["git", "clone", "--quiet", ".", folder], check=True)
    subprocess.run(["git", "checkout", "--quiet", commit], cwd=folder, check=True)
    return folder


def differing(one: Path, other: Path) -> list[str]:
    """Files that are not the same in both folders, or in one of them alone."""
    names = {
        path.relative_to(root).as_posix()
        for root in (one, other)
        for path in root.rglob("*")
        if path.is_file() and path.name not in NOTES
    }
    _, unlike, missing = filecmp.cmpfiles(one, other, names, shallow=False)
    return sorted(unlike + missing)


def add_sentence(folder: Path) -> None:
    """Change the text of a chapter."""
    path = folder / CHAPTER
    path.write_text(f"{path.read_text(encoding='utf-8')}\nOne sentence more.\n", encoding="utf-8")


def change_figure(folder: Path) -> None:
    """Change what one figure function draws."""
    path = folder / FIGURE
    text = path.read_text(encoding="utf-8")
    if LINE not in text:
        raise ValueError(f"{FIGURE} has no line {LINE!r} any more: choose another")
    path.write_text(text.replace(LINE, CHANGED, 1), encoding="utf-8")


def book(folder: Path) -> tuple[float, float, float]:
    """Seconds of the installation and of a clean build, and the memory of the build."""
    installed, _ = timed(folder, *READY)
    built, memory = timed(folder, "site")
    return installed, built, memory


def tests(folder: Path, *targets: str) -> float:
    """Seconds of targets that test, with all that they need there already."""
    timed(folder, ".venv/test")
    return timed(folder, *targets)[0]


def minutes(seconds: float) -> str:
    """A time to be waited for."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


def row(what: str, seconds: float, bar: float | None) -> Row:
    """A row of seconds."""
    return Row(what, seconds, minutes, bar)


def main() -> int:
    """Measure, and print the table."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--before", metavar="COMMIT", help="an earlier state, to compare with")
    read.add_argument("--no-tests", action="store_true", help="time builds alone")
    chosen = read.parse_args()
    with tempfile.TemporaryDirectory() as place:
        here = clone(Path(place) / "here")
        installed, built, memory = book(here)
        rows = [
            row("installation", installed, None),
            row("clean `make site`", built, None),
            row("both: `make book`", installed + built, BOOK),
            Row("most memory of all processes", memory, "{:.2f} GiB".format, MEMORY),
        ]
        tested = None if chosen.no_tests else tests(here, "test")
        rows.append(row("`make site`, nothing changed", timed(here, "site")[0], UNCHANGED))
        if tested is not None:
            rows.append(row("`make test`", tested, TESTS))
            rows.append(row("`make test-unit`", tests(here, "test-unit"), UNIT))
            one = tests(here, "test-chapter", f"CHAPTER={FIGURE.stem}")
            rows.append(row("`make test-chapter`", one, ONE_CHAPTER))
        first = Path(place) / "first"
        shutil.copytree(here / SITE, first)
        shutil.rmtree(here / "_build")
        drafted = timed(here, "draft")[0]
        rows.append(row("`make draft`, nothing there but the installation", drafted, DRAFT))
        add_sentence(here)
        rows.append(row("`make draft`, a sentence more", timed(here, "draft")[0], DRAFT_AGAIN))
        subprocess.run(["git", "checkout", "--quiet", "."], cwd=here, check=True)
        timed(here, "site")
        different = differing(first, here / SITE)
        same = Row("files that differ between two builds", len(different), "{:.0f}".format, 0)
        add_sentence(here)
        rows.append(row("`make site`, a sentence more", timed(here, "site")[0], TEXT))
        change_figure(here)
        rows.append(row("`make site`, one figure function", timed(here, "site")[0], ONE_FIGURE))
        rows.append(same)
        if chosen.before:
            there = clone(Path(place) / "there", chosen.before)
            earlier = sum(book(there)[:2])
            share = (installed + built) / earlier
            rows.append(Row(f"`make book`, of {minutes(earlier)}", share, "{:.2f}".format,
                            BOOK_RATIO))  # fmt: skip
            if tested is not None:
                earlier = tests(there, "test")
                rows.append(Row(f"`make test`, of {minutes(earlier)}", tested / earlier,
                                "{:.2f}".format, TESTS_RATIO))  # fmt: skip
    print(markdown(["what", "measured", "bar", "met"], [each.cells() for each in rows]))
    print(f"\n{pace()}")
    for name in different[:20]:
        print(f"differs: {name}", file=sys.stderr)
    return int(any(each.met is False for each in rows))


if __name__ == "__main__":
    sys.exit(main())
