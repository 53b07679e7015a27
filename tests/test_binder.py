"""What Binder would do with the branch of the notebooks: the plan of repo2docker, no container."""

import re
from pathlib import Path

import pytest

from tools import notebooks

app = pytest.importorskip("repo2docker.app", reason="repo2docker is not installed")
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """The first build pack that says that it is meant, as repo2docker chooses it."""
    folder = tmp_path_factory.mktemp("branch")
    notebooks.surroundings(folder)
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        found = [
            kind("docker.io/library/buildpack-deps:jammy") for kind in app.Repo2Docker().buildpacks
        ]
        chosen = next(pack for pack in found if pack.detect())
        chosen.platform = "linux/amd64"
        yield chosen


def test_conda_reads_the_environment(pack):
    assert type(pack).__name__ == "CondaBuildPack"
    assert pack.python_version == "3.11"
    commands = " ".join(script for _, script in pack.get_assemble_scripts())
    assert '--file "environment.yml"' in commands
    assert pack.get_post_build_scripts() == []


def test_the_repository_is_there_when_its_package_is_installed(pack):
    """An environment that names local files is built after they were copied."""
    assert pack.get_preassemble_scripts() == []
    assert "environment.yml" not in pack.get_preassemble_script_files()


def test_the_laboratory_is_the_one_that_is_tested(pack):
    """Widgets are shown by an extension that is bound to JupyterLab's version."""
    (base,) = [name for name in pack.get_build_script_files() if name.endswith(".lock")]
    lock = Path(app.__file__).parent / "buildpacks" / base
    shipped = re.search(r"/jupyterlab-([\d.]+)-", lock.read_text(encoding="utf-8"))[1]
    pinned = re.search(r"^jupyterlab==(\S+)$", (ROOT / "constraints.txt").read_text(), re.M)[1]
    assert shipped == pinned
