"""Every chapter and every page of solutions runs top to bottom in a kernel, explorers live."""

import jupytext
import pytest
from nbclient import NotebookClient

from .conftest import BOOK, CHAPTERS

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.mark.parametrize("name", [*CHAPTERS, *(f"solutions/{name}" for name in CHAPTERS)])
def test_a_page_runs_in_a_kernel(name, monkeypatch):
    monkeypatch.setenv("SMLIB_EXPLORER", "live")
    notebook = jupytext.read(BOOK / f"{name}.md")
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    widgets = sum(WIDGET in output.get("data", {}) for output in outputs)
    assert widgets == (0 if name.startswith("solutions/") else 2)
    assert not [output for output in outputs if output.get("name") == "stderr"]
