"""The live face in a local JupyterLab, beside plain ``interact`` with the same figure."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
from playwright.sync_api import Browser

from .browser import Probe, opened

_OURS = """from benchmarks.figure import spring
spring"""
_INTERACT = """import matplotlib.pyplot as plt
from ipywidgets import SelectionSlider, interact
from benchmarks.figure import DAMPING, FORCE, FREQUENCY, spring

@interact(
    damping=SelectionSlider(options=DAMPING),
    frequency=SelectionSlider(options=FREQUENCY),
    force=list(FORCE),
)
def show(damping, frequency, force):
    spring.draw(plt.figure(figsize=spring.size), damping, frequency, force)
    plt.show()"""
_PROBE = Probe(
    ready="false",
    figure="[]",
    move="undefined",
    signature="[...document.querySelectorAll('.jp-Cell-outputArea svg path, .jp-Cell-outputArea "
    "img')].map((e) => e.getAttribute('d') ?? e.src).join()",
    auto=False,
)
_PRESS_JS = """() => {
  addEventListener("keydown", (event) => { bench.began = event.timeStamp; }, true);
  bench.watch([document.querySelector(FIGURE)]);
}"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def lab(folder: Path) -> Iterator[tuple[str, str]]:
    """A JupyterLab of its own, without the user's settings: address and token."""
    port, token = _free_port(), secrets.token_hex(16)
    settings = folder / ".jupyter"
    labconfig = settings / "labconfig"
    labconfig.mkdir(parents=True)
    off = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (labconfig / "page_config.json").write_text(json.dumps(off))
    places = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    environment = os.environ | {f"JUPYTER_{name}": str(settings) for name in places}
    environment |= {"JUPYTERLAB_SETTINGS_DIR": str(settings), "IPYTHONDIR": str(settings)}
    environment |= {"JUPYTERLAB_WORKSPACES_DIR": str(settings), "SMLIB_EXPLORER": "live"}
    environment["PYTHONPATH"] = str(Path(__file__).parents[1])
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    command += [f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={token}"]
    command += ["--LabApp.expose_app_in_browser=True"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    log = (folder / "lab.log").open("w")
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://localhost:{port}"
    try:
        _wait(f"{address}/api/status?token={token}", process, folder / "lab.log")
        yield address, token
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def _wait(url: str, process: subprocess.Popen, log: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(url, timeout=2).close()
            return
        time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


def _presses(browser: Browser, url: str, figure: str, keys: list[str]) -> list[float]:
    """Milliseconds from each key press on the first slider to the changed figure, painted."""
    with opened(browser, url, _PROBE) as page:
        page.wait_for_function(
            "window.jupyterapp?.commands.hasCommand('notebook:run-all-cells') && "
            "document.querySelector('.jp-Notebook .jp-Cell')"
        )
        page.locator(".jp-NotebookPanel").wait_for()
        page.wait_for_function(
            "jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
        )
        page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
        page.locator(figure).first.wait_for()
        handle = page.locator(".widget-slider .noUi-handle").first
        handle.focus()
        page.wait_for_timeout(1000)
        page.evaluate(_PRESS_JS.replace("FIGURE", json.dumps(figure)))
        times = []
        for key in keys:
            page.evaluate("bench.arm()")
            handle.focus()
            page.keyboard.press(key)
            times.append(page.evaluate("bench.settled(200).then((t) => t - bench.began)"))
        return times


def measure_live(browser: Browser, folder: Path, steps: int = 20) -> dict[str, list[float]]:
    """Times of new and of known states of our explorer, and of ``interact``, in ms."""
    folder.mkdir()
    for name, source in (("ours", _OURS), ("interact", _INTERACT)):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, folder / f"{name}.ipynb")
    there, back = ["ArrowRight"] * steps, ["ArrowLeft"] * steps
    with lab(folder) as (address, token):
        page = f"{address}/lab/workspaces/{{0}}/tree/{{0}}.ipynb?token={token}"
        ours = _presses(browser, page.format("ours"), ".widget-html:has(svg)", there + back)
        shown = ".widget-interact .widget-output:has(img)"
        plain = _presses(browser, page.format("interact"), shown, there)
    return {"new": ours[:steps], "known": ours[steps:], "interact": plain}
