"""A chapter as Binder shows it: its path opens as a notebook, runs, and its slider moves."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import yaml

from .conftest import POLLED, ROOT

# A minute of work in steps, as a lecturer might declare them in a notebook.
PATIENT = """---
kernelspec: {name: python3, display_name: Python 3, language: python}
---

```{code-cell}
import time
from smlib.explorer import explorer, slider

@explorer("Patience", alt="{n} rounds.", n=slider(1, 3, steps=3, label="Rounds"))
def patience(figure, n):
    for i in range(600 if n > 1 else 0):
        yield i / 600
        time.sleep(0.1)
    return {"Rounds": str(n)}

patience
```
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A copy of the repository's files."""
    home = tmp_path_factory.mktemp("binder")
    for name in ("book", ".jupyter"):
        shutil.copytree(ROOT / name, home / name)
    shutil.copy(ROOT / "pyproject.toml", home)
    (home / "book" / "patience.md").write_text(PATIENT, encoding="utf-8")
    return home


@pytest.fixture(autouse=True)
def no_open_tabs(home):
    """Forget the tabs of the test before, which JupyterLab would open again, hidden."""
    shutil.rmtree(home / ".jupyter" / "lab" / "workspaces", ignore_errors=True)


@pytest.fixture(scope="module")
def lab(home):
    """Address of JupyterLab in the copy, which is also its home, as on Binder."""
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--ServerApp.token=test", f"--ServerApp.root_dir={home}"]
    environment = {**os.environ, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / ".jupyter")}
    environment["JUPYTER_RUNTIME_DIR"] = str(home / "runtime")
    environment.pop("SMLIB_EXPLORER", None)
    with (home / "lab.log").open("w") as log:
        started = subprocess.Popen(command, env=environment, cwd=home, stdout=log, stderr=log)
    # It takes a port that is free, and says which.
    said = home / "runtime" / f"jpserver-{started.pid}.json"
    for _ in range(1200):
        with contextlib.suppress(OSError, ValueError):
            address = json.loads(said.read_text())["url"].rstrip("/")
            urllib.request.urlopen(f"{address}/api?token=test", timeout=1).close()
            break
        time.sleep(0.1)
    else:
        started.kill()
        pytest.fail(f"JupyterLab did not start:\n{(home / 'lab.log').read_text()[-2000:]}")
    yield address
    started.terminate()
    try:
        started.wait(20)
    except subprocess.TimeoutExpired:  # a kernel that was just starting
        started.kill()
        started.wait()


def run_all(visit, address, name):
    """Open a notebook of the lab and run its cells; return the page."""
    address = f"{address}/lab/tree/book/{name}.md?token=test"
    page = visit(address, width=1500, apart=True).page
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    page.get_by_text("| Idle").first.wait_for(timeout=60_000)
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).first.click()
    return page


def test_a_long_computation_shows_how_far_it_is_and_stops(visit, lab):
    page = run_all(visit, lab, "patience")
    reading = page.locator(".jupyter-widgets .widget-readout")
    reading.wait_for(timeout=60_000)
    bar, stop = page.locator(".jupyter-widgets progress, .progress-bar"), page.get_by_text("Stop")
    assert not stop.last.is_visible()
    page.locator(".widget-slider .noUi-handle").first.focus()
    page.keyboard.press("ArrowRight")
    stop.last.wait_for(timeout=20_000)
    for _ in range(2):  # so it grows, and goes on growing
        page.wait_for_function(
            """bar => { const { width } = bar.getBoundingClientRect();
            bar.early ??= width; return bar.early < width && delete bar.early; }""",
            arg=bar.first.element_handle(),
            polling=100,
            timeout=20_000,
        )
    stop.last.click()
    stop.last.wait_for(state="hidden", timeout=10_000)
    assert reading.inner_text() == "1"


def test_a_chapter_opens_as_a_notebook_runs_and_moves(visit, lab):
    page = run_all(visit, lab, "high_entropy_alloys")
    figure = page.locator(".jupyter-widgets svg[role=img]").first
    figure.wait_for(state="attached", timeout=90_000)
    slider = page.locator(".widget-slider .noUi-handle, .widget-hslider .noUi-handle").first
    # The notebook lays out what is in view; what is not has no size yet to scroll to.
    slider.evaluate("e => e.scrollIntoView()")
    slider.wait_for(timeout=60_000)
    before = figure.get_attribute("aria-label")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        """old => document.querySelector('.jupyter-widgets svg[role=img]')
        .getAttribute('aria-label') !== old""",
        arg=before,
        polling=POLLED,
        timeout=20_000,
    )
    # The whole chapter ran: its last cell prints the sentence of the atlas.
    page.wait_for_function(
        """() => { const prompts = [...document.querySelectorAll('.jp-InputPrompt')];
        return prompts.length && !prompts.some(p => p.textContent.includes('*')); }""",
        polling=POLLED,
        timeout=90_000,
    )
    assert (
        page.locator(
            ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']"
        ).count()
        == 0
    )


def test_the_link_for_a_class_fetches_the_book_and_opens_a_chapter(visit, lab, tmp_path):
    """As on a hub, but for the hub's sign-in; the repository comes from this machine."""
    pytest.importorskip("nbgitpuller", reason="nbgitpuller is not installed")
    text = (ROOT / "book" / "for_lecturers.md").read_text(encoding="utf-8")
    link = urlsplit(re.search(r"https://\S+git-pull\S+", text)[0])
    asked = {name: values[0] for name, values in parse_qs(link.query).items()}
    repository = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]
    assert link.path == "/hub/user-redirect/git-pull"
    assert (asked["repo"], asked["branch"]) == (repository["url"], repository["branch"])

    origin = tmp_path / repository["url"].rsplit("/", 1)[1]
    here = shutil.ignore_patterns("_build", "node_modules", ".*")
    shutil.copytree(ROOT, origin, ignore=here)
    git = ["git", "-C", str(origin), "-c", "user.name=t", "-c", "user.email=t@localhost"]
    for command in (["init", "-q", "-b", asked["branch"]], ["add", "."], ["commit", "-qm", "All"]):
        subprocess.run(git + command, check=True)
    query = urlencode({**asked, "repo": origin.as_uri(), "token": "test"})
    page = visit(f"{lab}/git-pull?{query}", width=1500, apart=True).page
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    assert page.url.split("?")[0].endswith(asked["urlpath"])
    page.locator(".jp-Notebook", has_text="Passenger and passage").wait_for(timeout=20_000)
