"""The link for a class on a JupyterHub, whose users are processes of this machine.

It signs a student in, fetches the notebooks and opens a chapter; followed again it brings what
was corrected and keeps what she wrote. The repository comes from this machine.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tools import notebooks

from .test_lab import answering, class_link, commit, end, published

pytest.importorskip("jupyterhub", reason="JupyterHub is not installed: make test-hub installs it")

SETTINGS = """
import sys
c.JupyterHub.bind_url = "http://127.0.0.1:{}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{}"
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.log_level = "DEBUG"
c.Authenticator.allow_all = True
c.SimpleLocalProcessSpawner.home_dir_template = "{}/{{username}}"
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root"]
c.Spawner.http_timeout = c.Spawner.start_timeout = 120
"""


@pytest.fixture
def hub(tmp_path):
    """Address of a hub."""
    with contextlib.ExitStack() as free:
        taken = [free.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(3)]
        ports = [each.getsockname()[1] for each in taken]
    settings = tmp_path / "jupyterhub_config.py"
    settings.write_text(SETTINGS.format(*ports, tmp_path), encoding="utf-8")
    here = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{here}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "jupyterhub", "-f", str(settings)]
    with (tmp_path / "hub.log").open("w") as log:
        started = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{ports[0]}"
    yield answering(started, lambda: address, tmp_path / "hub.log")
    end(started, 120)  # it ends the servers of its users first


def edit(path, cell, text):
    """Write something else into a cell of a notebook."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][cell]["source"] = [text]
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def test_a_student_follows_the_link_for_a_class(visit, hub, tmp_path):
    asked, origin = class_link(), published(tmp_path)
    query = urlencode({**asked, "repo": origin.as_uri()})
    link = f"{hub}/hub/user-redirect/git-pull?{query}"
    page = visit(link, width=1500, apart=True).page
    page.locator("#username_input").fill("student")
    page.locator("#password_input").fill("any")
    page.locator("#login_submit").click()
    chapter = page.locator(".jp-Notebook", has_text="Passenger and passage")
    chapter.wait_for(timeout=120_000)
    assert page.url.split("?")[0].endswith(f"/user/student/{asked['urlpath']}")

    path = f"{origin.name}/book/labor.ipynb"
    hers, mine = tmp_path / "student" / path, origin / "book" / "labor.ipynb"
    edit(hers, -1, "What I think")
    edit(mine, 2, "# Passenger, passage and power")
    commit(origin)
    page.goto(link)
    page.locator(".jp-Notebook", has_text="Passenger, passage and power").wait_for(timeout=60_000)
    sources = ["".join(cell["source"]) for cell in json.loads(hers.read_text())["cells"]]
    assert (sources[2], sources[-1]) == ("# Passenger, passage and power", "What I think")
    assert notebooks.BRANCH in (tmp_path / "student" / origin.name / ".git" / "HEAD").read_text()
