"""Time the build and compare two of them: ``make clock``.

In a new clone: a clean ``make site``, the same again with nothing changed, and once more with a
sentence added to a chapter. The clean one is compared file by file with the site of this checkout,
which must be a clean build of the same commit: Sphinx keeps in ``searchindex.js`` the index of the
pages that it has read last. Exit status 1 if a bar is not met.
"""

from __future__ import annotations

import filecmp
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Event, Thread

import psutil

from .table import markdown, pace

SITE = Path("_build/html")
EDITED = Path("book/doping.md")
#: Seconds on two cores, and GiB.
CLEAN, UNCHANGED, ONE_EDITED, MEMORY = 600, 20, 45, 2
#: Not part of the site: Sphinx notes here what it was built from.
NOTES = {".buildinfo", ".buildinfo.bak"}


def timed(folder: Path) -> tuple[float, float]:
    """Seconds of ``make site`` in a folder, and the most memory its processes held, in GiB.

    What processes share is counted for each of them, so the true peak is lower.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SMLIB", "PYTHON"))}
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
            ["make", "site"], cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        watcher = Thread(target=watch, args=(psutil.Process(make.pid),))
        watcher.start()
        code = make.wait()
        done.set()
        watcher.join()
    if code:
        raise RuntimeError((folder / "make.log").read_text(encoding="utf-8")[-2000:])
    return time.perf_counter() - began, peak / 2**30


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


def main() -> int:
    """Measure, and print the table."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "copy"
        subprocess.run(["git", "clone", "--quiet", ".", copy], check=True)
        # The environment and the packages of the front end are not part of the build.
        subprocess.run(
            ["make", "-C", copy, ".venv/book", "node_modules/.installed"],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        clean, memory = timed(copy)
        different = differing(SITE, copy / SITE)
        unchanged, _ = timed(copy)
        chapter = copy / EDITED
        text = chapter.read_text(encoding="utf-8")
        chapter.write_text(f"{text}\nOne sentence more.\n", encoding="utf-8")
        edited, _ = timed(copy)
    rows = [
        ("clean", f"{clean:.0f} s", f"{CLEAN} s", clean <= CLEAN),
        ("unchanged", f"{unchanged:.1f} s", f"{UNCHANGED} s", unchanged <= UNCHANGED),
        ("one chapter edited", f"{edited:.1f} s", f"{ONE_EDITED} s", edited <= ONE_EDITED),
        ("most memory of all processes", f"{memory:.2f} GiB", f"{MEMORY} GiB", memory <= MEMORY),
        ("files that differ from the first build", str(len(different)), "0", not different),
    ]
    print(markdown(["`make site`", "measured", "bar", "met"],
                   [[*row[:3], "yes" if row[3] else "**no**"] for row in rows]))  # fmt: skip
    print(f"\n{pace()}")
    for name in different[:20]:
        print(f"differs: {name}", file=sys.stderr)
    return int(not all(row[3] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
