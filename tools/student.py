"""The site without solutions, for students: ``python -m tools.student``, or ``make student``.

The sources are copied to a folder first, without the solutions, the lecturer's guide and every
sentence that leads there, and the site is built from the copy. So nothing of them can be in a page,
a source, a notebook or the search index. Buttons that lead to the repository are left out as well.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
STAGE = ROOT / "_build" / "student"
#: Pages of the full edition alone.
LEFT_OUT = re.compile(r"book/(solutions/.*|guide)$")
#: A sentence, or the row of a table, that sends the reader to one of them, or to the repository,
#: where they are.
POINTER = re.compile(
    r"^\|.*(?:\*Binder\*|`make lab`).*\n"
    r"| ?(?:Or )?[^.!?|\n]*"
    r"(?:\{doc\}`[^`]*(?:solutions/|\bguide\b)[^`]*`|\*Binder\*|clone the repository)"
    r"(?:`[^`\n]*`|[^.!?`\n])*[.!?]",
    re.M,
)
#: Taken as they are; what was drawn and executed for the full edition serves both.
SHARED = ["bookext", "smlib", "tools", "constraints.txt", "pyproject.toml", "README.md", "LICENSE"]
SHARED += ["package.json", "package-lock.json", "node_modules", "_build/explorers"]
SHARED += ["_build/executed", "_build/computed", "_build/fonts", "_build/wheels"]


def _kept(entries: list[dict]) -> list[dict]:
    """Entries of a table of contents without the pages left out."""
    return [entry for entry in entries if not LEFT_OUT.match(entry["file"])]


def stage(folder: Path) -> None:
    """Write the sources of the students' edition to a folder."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    for part in toc["parts"]:
        part["chapters"] = _kept(part["chapters"])
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    config["html"] |= {"use_repository_button": False, "use_issues_button": False}
    # They take the notebooks from the repository.
    for way in ("binderhub_url", "colab_url", "jupyterhub_url"):
        config["launch_buttons"].pop(way, None)

    made = {"_toc.yml": yaml.safe_dump(toc), "_config.yml": yaml.safe_dump(config)}
    for path in sorted((ROOT / "book").rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".md" and not LEFT_OUT.match(name.removesuffix(".md")):
            made[name] = POINTER.sub("", path.read_text(encoding="utf-8"))
    for name, text in made.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        # A file that stays the same keeps its date, and its page is not built again.
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")
    for path in folder.glob("book/**/*.md"):
        if path.relative_to(folder).as_posix() not in made:
            path.unlink()
    shutil.copyfile(ROOT / "book" / "references.bib", folder / "book" / "references.bib")
    shutil.copytree(ROOT / "book" / "_static", folder / "book" / "_static", dirs_exist_ok=True)
    for name in SHARED:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_symlink():
            target.symlink_to(ROOT / name)


def main() -> None:
    """Stage the sources and build their site."""
    stage(STAGE)
    environment = {**os.environ, "PYTHONPATH": str(STAGE)}
    subprocess.run([sys.executable, "-m", "tools.site"], cwd=STAGE, env=environment, check=True)
    print(f"The students' site is in {(STAGE / '_build' / 'html').relative_to(ROOT)}")


if __name__ == "__main__":
    main()
