"""Every chapter's notebook runs from top to bottom in a kernel with its explorers live.

Solutions have none, so that the site's build has executed them as a kernel would.
"""

import pytest
from nbclient import NotebookClient

from bookext.kernels import Kernel
from tools import notebooks

from .conftest import BOOK, CHAPTERS

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_runs_in_a_kernel(name, monkeypatch):
    monkeypatch.setenv("SMLIB_EXPLORER", "live")
    notebook = notebooks.notebook(name, notebooks.Index())
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", kernel_manager_class=Kernel
    ).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    widgets = sum(WIDGET in output.get("data", {}) for output in outputs)
    assert widgets == 2
    assert not [output for output in outputs if output.get("name") == "stderr"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_page_of_solutions_is_executed_and_has_no_explorer(name):
    page = BOOK.parent / "_build" / "html" / "book" / "solutions" / f"{name}.html"
    built = page.read_text(encoding="utf-8")
    assert "cell_input" in built and "cell_output" in built
    assert "<sm-explorer" not in built
