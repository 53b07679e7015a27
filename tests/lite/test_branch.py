"""The branch that the buttons name, as the publishing of the site writes it."""

import os
import subprocess
from functools import partial

import pytest

from tools.notebooks import BRANCH, ROOT


@pytest.fixture
def git(tmp_path):
    """Git in a repository of its own, whose origin has no such branch yet."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_DIR": str(tmp_path / "clone"), "PYTHON": ".venv/bin/python"}
    run = partial(subprocess.run, check=True, env=environment, text=True, stdout=subprocess.PIPE)

    def git(*command):
        return run(["git", "-c", "user.name=t", "-c", "user.email=t@localhost", *command]).stdout

    git("init", "-q", "--bare", str(tmp_path / "clone"))
    git("init", "-q", "--bare", str(tmp_path / "origin"))
    git("remote", "add", "origin", str(tmp_path / "origin"))
    empty = git("hash-object", "-t", "tree", "-w", "/dev/null").strip()
    git("update-ref", "HEAD", git("commit-tree", empty, "-m", "All").strip())
    git.publish = partial(run, [str(ROOT / ".ci" / "notebooks")])
    return git


def test_a_publishing_adds_one_commit_where_something_changed(git, monkeypatch):
    def commits():
        return git("ls-remote", "origin", f"refs/heads/{BRANCH}").split()[:1]

    assert commits() == []
    git.publish()
    first = commits()
    assert len(first) == 1
    git.publish()
    assert commits() == first
    files = git("ls-tree", "-r", "--name-only", *first).splitlines()
    assert {"book/labor.ipynb", "smlib/labor.py", "environment.yml", "README.md"} <= set(files)
    assert ".jupyter/labconfig/default_setting_overrides.json" in files

    # A reader's copy can take what comes next, since it builds on what she has.
    other = git(
        "commit-tree",
        git("hash-object", "-t", "tree", "-w", "/dev/null").strip(),
        "-p",
        *first,
        "-m",
        "Another",
    )
    git("push", "-q", "origin", f"{other.strip()}:refs/heads/{BRANCH}")
    git.publish()
    assert git("log", "--format=%P", "-1", *commits()).strip() == other.strip()
    assert git("ls-tree", "-r", "--name-only", *commits()).splitlines() == files
