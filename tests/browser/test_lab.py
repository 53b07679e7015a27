"""JupyterLab on the notebooks, as on Binder, on a hub and after `make lab`.

Its files are those of the branch that the buttons name.
"""

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

import jupytext
import nbformat
import pytest

from tests.book.conftest import CHAPTERS, source
from tools import notebooks

from .conftest import POLLED, SITE, Visit, link_at_the_end

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
    """What the branch of the notebooks holds, and one more notebook."""
    home = tmp_path_factory.mktemp("binder")
    notebooks.branch(home)
    nbformat.write(jupytext.reads(PATIENT, "md:myst"), home / "book" / "patience.ipynb")
    return home


@pytest.fixture(autouse=True)
def no_open_tabs(home):
    """Forget the tabs of the test before, which JupyterLab would open again, hidden."""
    shutil.rmtree(home / ".jupyter" / "lab" / "workspaces", ignore_errors=True)


def answering(started, address, log):
    """What ``address()`` gives, once the server that was started answers there."""
    for _ in range(1200):
        with contextlib.suppress(OSError, ValueError):
            found = address()
            urllib.request.urlopen(found, timeout=1).close()
            return found
        time.sleep(0.1)
    end(started, 0)
    pytest.fail(f"It did not start:\n{log.read_text()[-3000:]}")


def end(started, patience):
    """End a server; a kernel that is just starting would hold it up for long."""
    started.terminate()
    try:
        started.wait(patience)
    except subprocess.TimeoutExpired:
        started.kill()
        started.wait()


@pytest.fixture(scope="module")
def lab(home):
    """Address of JupyterLab in these files, which are also its home, as on Binder."""
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--ServerApp.token=test", f"--ServerApp.root_dir={home}"]
    command += ["--ServerApp.ip=127.0.0.1"]
    environment = {**os.environ, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / ".jupyter")}
    environment["JUPYTER_RUNTIME_DIR"] = str(home / "runtime")
    environment.pop("SMLIB_EXPLORER", None)
    with (home / "lab.log").open("w") as log:
        started = subprocess.Popen(command, env=environment, cwd=home, stdout=log, stderr=log)
    # It takes a port that is free, and says which.
    said = home / "runtime" / f"jpserver-{started.pid}.json"
    yield answering(
        started, lambda: json.loads(said.read_text())["url"].rstrip("/"), home / "lab.log"
    )
    end(started, 20)


def class_link():
    """What the link for a class asks nbgitpuller for."""
    link = urlsplit(re.search(r"https://\S+git-pull\S+", source("for_lecturers"))[0])
    asked = {name: values[0] for name, values in parse_qs(link.query).items()}
    repository = notebooks.CONFIG["repository"]["url"]
    assert link.path == "/hub/user-redirect/git-pull"
    assert (asked["repo"], asked["branch"]) == (repository, notebooks.BRANCH)
    return asked


def published(folder):
    """A repository with the branch of the notebooks, named as the public one."""
    origin = folder / notebooks.CONFIG["repository"]["url"].rsplit("/", 1)[1]
    origin.mkdir()
    notebooks.branch(origin)
    subprocess.run(["git", "init", "-q", "-b", notebooks.BRANCH, str(origin)], check=True)
    commit(origin)
    return origin


def commit(repository):
    """Commit all that is there."""
    git = ["git", "-C", str(repository), "-c", "user.name=t", "-c", "user.email=t@localhost"]
    for command in (["add", "."], ["commit", "-qm", "All"]):
        subprocess.run(git + command, check=True)


def run_all(visit, address, name):
    """Open a notebook of the lab and run its cells; return the page."""
    address = f"{address}/lab/tree/book/{name}.ipynb?token=test"
    page = visit(address, width=1500, apart=True).page
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    page.get_by_text("| Idle").first.wait_for(timeout=60_000)
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).first.click()
    return page


def shown(page, path):
    """Texts of the Markdown cells of the notebook in front, once all are set, formulas too."""
    cells = nbformat.read(path, as_version=4).cells
    return page.wait_for_function(
        """count => {
        const cells = [...document.querySelectorAll(".jp-NotebookPanel .jp-MarkdownCell")];
        const texts = cells.map((cell) => {
          const text = cell.querySelector(".jp-RenderedMarkdown")?.cloneNode(true);
          text?.querySelectorAll("mjx-container").forEach((formula) => formula.remove());
          return text?.textContent ?? "";
        });
        const set = texts.every((text) => text && !/[$]|\\\\[a-z]/.test(text));
        return texts.length === count && set && texts; }""",
        arg=sum(cell.cell_type == "markdown" for cell in cells),
        polling=POLLED,
        timeout=60_000,
    ).json_value()


@pytest.fixture(scope="module")
def room(chromium):
    """Keeps what JupyterLab consists of."""
    with chromium.new_context(viewport={"width": 1500, "height": 900}) as context:
        yield context


@pytest.fixture
def desk(room):
    """A page of it."""
    with room.new_page() as page:
        yield page


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_whole_as_its_button_opens_it(desk, lab, home, name):
    html = (SITE / "book" / f"{name}.html").read_text(encoding="utf-8")
    branch = re.escape(notebooks.BRANCH)
    (path,) = re.findall(rf'href="https://mybinder\.org/\S+/{branch}\?urlpath=([^"]+)"', html)
    visited = Visit(desk)
    desk.goto(f"{lab}/{path}?token=test")
    said = "\n".join(shown(desk, home / path.removeprefix("lab/tree/")))
    # No name of a number, no role, no directive, no citation by its key.
    assert not re.findall(r"[a-z_0-9]+:\.\d[a-z%]|\{[\w:-]+\}`?|:::|```", said)
    notes = [
        cell.source
        for cell in jupytext.reads(source(name), "md:myst").cells
        if cell.metadata.get("slideshow", {}).get("slide_type") == "notes"
    ]
    assert notes
    assert not [note for note in notes if note[:30] in said]
    assert "Run this first" in desk.locator(".jp-CodeCell").first.inner_text()
    for session in json.load(urllib.request.urlopen(f"{lab}/api/sessions?token=test")):
        address = f"{lab}/api/sessions/{session['id']}?token=test"
        urllib.request.urlopen(urllib.request.Request(address, method="DELETE")).close()
    visited.end()
    assert visited.outside == []


def test_the_solutions_open_beside_their_chapter(desk, lab, home):
    desk.goto(f"{lab}/lab/tree/book/labor.ipynb?token=test")
    shown(desk, home / "book" / "labor.ipynb")
    link_at_the_end(desk, "a page of their own").click()
    desk.locator(".jp-NotebookPanel", has_text="Solution to Exercise").first.wait_for()
    assert desk.url.split("?")[0].endswith("/lab/tree/book/solutions/labor.ipynb")


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
    reading.filter(has_text=re.compile("^1$")).wait_for(timeout=10_000)


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
    asked, origin = class_link(), published(tmp_path)
    query = urlencode({**asked, "repo": origin.as_uri(), "token": "test"})
    page = visit(f"{lab}/git-pull?{query}", width=1500, apart=True).page
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    assert page.url.split("?")[0].endswith(asked["urlpath"])
    page.locator(".jp-Notebook", has_text="Passenger and passage").wait_for(timeout=20_000)
