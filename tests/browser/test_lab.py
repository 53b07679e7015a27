"""A chapter as Binder shows it: its path opens as a notebook, runs, and its slider moves."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from .conftest import ROOT


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab in a copy of the repository's files, which is also its home, as on Binder."""
    home = tmp_path_factory.mktemp("binder")
    for name in ("book", ".jupyter"):
        shutil.copytree(ROOT / name, home / name)
    shutil.copy(ROOT / "pyproject.toml", home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}"]
    command += ["--ServerApp.token=test", f"--ServerApp.root_dir={home}", "--allow-root"]
    environment = {**os.environ, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / ".jupyter")}
    environment.pop("SMLIB_EXPLORER", None)
    with (home / "lab.log").open("w") as log:
        started = subprocess.Popen(command, env=environment, cwd=home, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{address}/api?token=test", timeout=1)
            break
        except OSError:
            time.sleep(0.5)
    else:
        pytest.fail(f"JupyterLab did not start:\n{(home / 'lab.log').read_text()[-2000:]}")
    yield address
    started.terminate()
    started.wait(20)


def test_a_chapter_opens_as_a_notebook_runs_and_moves(visit, lab):
    visited = visit(f"{lab}/lab/tree/book/high_entropy_alloys.md?token=test", width=1500)
    page = visited.page
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    page.get_by_text("| Idle").first.wait_for(timeout=60_000)
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).first.click()
    figure = page.locator(".jupyter-widgets svg[role=img]").first
    figure.wait_for(state="attached", timeout=90_000)
    slider = page.locator(".widget-slider .noUi-handle, .widget-hslider .noUi-handle").first
    slider.scroll_into_view_if_needed()
    before = figure.get_attribute("aria-label")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        """old => document.querySelector('.jupyter-widgets svg[role=img]')
        .getAttribute('aria-label') !== old""",
        arg=before,
        timeout=20_000,
    )
    # The whole chapter ran: its last cell prints the sentence of the atlas.
    page.wait_for_function(
        """() => { const prompts = [...document.querySelectorAll('.jp-InputPrompt')];
        return prompts.length && !prompts.some(p => p.textContent.includes('*')); }""",
        timeout=90_000,
    )
    assert (
        page.locator(
            ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']"
        ).count()
        == 0
    )
