"""Execute the pages whose code, or what it depends on, has changed; put the figures into pages.

A page's outputs depend on its cells and on what these use of `smlib`; they hold a place for each
explorer, which is drawn apart.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import json
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from docutils import nodes
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import create_nb_reader
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from tqdm import tqdm

from bookext.kernels import Kernel
from smlib.explorer import assets
from smlib.explorer.core import room
from smlib.explorer.drawn import DRAWN_BY, Store, color_values, depends_on_colors
from smlib.figures.style import THEME
from smlib.memo import fingerprint, write_whole

ROOT = Path(__file__).parents[1]
PLACE = re.compile(r'<sm-explorer data-from="([\w.]+):(\w+)"></sm-explorer>')


def set_up(app, config):
    """Choose how figures are shown, and where what was computed and executed is kept."""
    kept = ROOT / "_build"
    os.environ["SMLIB_EXPLORER"] = "deferred"
    os.environ.setdefault("SMLIB_EXPLORER_CACHE", str(kept / "explorers"))
    os.environ.setdefault("SMLIB_KEPT", str(kept / "computed"))
    # Kernels print a remark about debugging frozen modules to stderr otherwise.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    # What a kernel chooses when it begins, and matplotlib reads when it is imported.
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    config.nb_execution_cache_path = str(kept / "executed")
    if _draft():
        said = "This is a draft: its figures show their first state and do not move."
        config.html_theme_options = {**config.html_theme_options, "announcement": said}


@contextmanager
def outputs(path):
    """The cache of executed pages in a folder, whose database jupyter-cache would leave open."""
    cache = get_cache(path)
    try:
        yield cache
    finally:
        cache.db.dispose()


def _pins() -> str:
    return (ROOT / "constraints.txt").read_text(encoding="utf-8")


def key(notebook) -> str:
    """Hash of all that the outputs of a page depend on besides its cells."""
    cells = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    if not cells.strip():
        return ""
    # How a figure looks, and a still's element, are of the package that is not followed.
    drawn_by = [*DRAWN_BY, ("smlib.explorer.page", "still_html")]
    found = [
        fingerprint(code=cells, package="smlib", apart=["smlib.explorer"], same=THEME.names()),
        fingerprint(drawn_by),
        _pins(),
    ]
    return hashlib.sha256("\0".join(found).encode()).hexdigest()[:32]


class Executed:
    """With which `key` each page was executed last, and with which colours if they show."""

    def __init__(self, folder: str):
        self._path = Path(folder) / "pages.json"
        self._known = {}
        if self._path.exists():
            self._known = json.loads(self._path.read_text(encoding="utf-8"))

    def current(self, page: str, found: str) -> bool:
        """Whether the outputs of a page are those that it would have now."""
        return self._known.get(page) in ([found, ""], [found, color_values(THEME)])

    def note(self, page: str, found: str, notebook) -> None:
        """Note that a page has been executed."""
        shown = "".join(
            output.get("data", {}).get("text/html", "")
            for cell in notebook.cells
            for output in cell.get("outputs", [])
        )
        colors = color_values(THEME) if depends_on_colors(shown) else ""
        self._known[page] = [found, colors]
        write_whole(self._path, json.dumps(self._known, indent=1, sort_keys=True).encode())


def _notebook(env, name: str):
    """A page's path, and itself as a notebook; None if it has no cells."""
    path = Path(env.doc2path(name))
    text = path.read_text(encoding="utf-8")
    reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
    return path, reader and reader.read(text)


def outdated(app, env, added, changed, removed):
    """Pages to be read again though their sources have not changed."""
    executed = Executed(env.mystnb_config.execution_cache_path)
    found = []
    for name in env.all_docs.keys() - added - changed - removed:
        _, notebook = _notebook(env, name)
        stale = notebook and not executed.current(name, key(notebook))
        if stale or env.metadata[name].get("figures", "") != _figures(env, name):
            found.append(name)
    return sorted(found)


def execute_ahead(app, env, docnames):
    """Execute all pages to be read that are not current, as many at once as there are cores.

    MyST-NB, which would execute one after another, finds them there. A page that fails it
    executes again, and reports.
    """
    with outputs(env.mystnb_config.execution_cache_path) as cache:
        _execute(app, env, docnames, cache)


def _execute(app, env, docnames, cache):
    config, todo = env.mystnb_config, {}
    executed = Executed(config.execution_cache_path)
    for name in docnames:
        path, notebook = _notebook(env, name)
        if not notebook:
            continue
        found = key(notebook)
        try:
            cache.match_cache_notebook(notebook)
            known = executed.current(name, found)
        except KeyError:
            known = False
        if not known:
            todo[name] = path, notebook, found
    # Solutions compute what no figure has; then long pages. What began last would run alone.
    names = sorted(todo, key=lambda name: ("solutions" not in name, -todo[name][0].stat().st_size))
    pace = 0.5 if sys.stderr.isatty() else 30
    shown = "Executing {n_fmt} of {total_fmt} pages: {remaining} left"
    bar = tqdm(total=len(names), bar_format=shown, mininterval=pace, disable=not names)
    cores = asyncio.Semaphore(os.cpu_count())

    async def execute(name):
        path, notebook, found = todo[name]
        client = NotebookClient(
            notebook,
            kernel_manager_class=Kernel,
            timeout=config.execution_timeout,
            record_timing=False,  # times would be part of what is looked up
            coalesce_streams=True,  # in how many pieces a kernel prints depends on its pace
            extra_arguments=["--log-level=ERROR"],  # it warns of talking to itself in plain text
            resources={"metadata": {"path": str(path.parent)}},
        )
        async with cores:
            began = time.perf_counter()
            try:
                await client.async_execute()
            except (CellControlSignal, DeadKernelError):
                return
            finally:
                bar.update()
        data = {"execution_seconds": time.perf_counter() - began}
        bundle = CacheBundleIn(notebook, path, data=data)
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        executed.note(name, found, notebook)

    async def execute_all():
        await asyncio.gather(*map(execute, names))

    # In a thread of its own, since the caller's may have a loop of events that runs.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, execute_all()).result()
    bar.close()


# --- figures ------------------------------------------------------------------------------------


def _explorer(module: str, name: str):
    return getattr(importlib.import_module(module), name)


def _draft() -> bool:
    return "SMLIB_DRAFT" in os.environ


def _figures(env, page: str) -> str:
    """Hash of what the site itself puts into a page; empty if it has no figure."""
    names = env.metadata[page].get("explorers")
    if names is None:
        return ""
    kept = [str(Store(_explorer(*name)).path) for name in names]
    told = "\0".join([assets(THEME), str(_draft()), *kept])
    return hashlib.sha256(told.encode()).hexdigest()


def put_in(app, doctree):
    """Put the explorers of a page into their places; style and script before the first figure."""
    names, size, before = [], 0, assets(THEME)
    for node in doctree.findall(nodes.raw):
        text = node.astext()
        if found := PLACE.fullmatch(text):
            explorer = _explorer(*found.groups())
            text = explorer.first_html() if _draft() else explorer.static_html()
            size = room(explorer.name, size + len(text))
            names.append(found.groups())
        elif text.startswith('<div class="sm '):
            text = THEME.alone(text)
        elif not text.startswith("<sm-explorer"):
            continue
        node.rawsource = text = before + text
        node.children, before = [nodes.Text(text)], ""
    if not before:
        app.env.metadata[app.env.docname]["explorers"] = names
        app.env.metadata[app.env.docname]["figures"] = _figures(app.env, app.env.docname)


def setup(app):
    """Connect to Sphinx. The priority runs `set_up` before MyST-NB reads its settings."""
    app.connect("config-inited", set_up, priority=1)
    app.connect("env-get-outdated", outdated)
    app.connect("env-before-read-docs", execute_ahead)
    app.connect("doctree-read", put_in)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
