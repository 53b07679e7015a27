"""What the site needs besides Jupyter Book: fresh outputs, and every file from the site itself."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import create_nb_reader
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from sphinx.util import logging
from sphinx.util.display import status_iterator

from slim import icons, pages
from smlib.figures.cover import mark

ROOT = Path(__file__).parents[2]
logger = logging.getLogger(__name__)

# Folder of the site: (npm package, what of it is used).
VENDOR = {
    "reveal": (
        "reveal.js",
        ["dist/reveal.js", "dist/reveal.css", "dist/reset.css", "plugin/notes/notes.js"],
    ),
    "fonts/sans": (
        "@fontsource-variable/source-sans-3/files",
        ["source-sans-3-latin-wght-normal.woff2", "source-sans-3-greek-wght-normal.woff2"],
    ),
    "fonts/serif": (
        "@fontsource-variable/source-serif-4/files",
        ["source-serif-4-latin-wght-*.woff2", "source-serif-4-greek-wght-normal.woff2"],
    ),
}

#: Fonts that every page shows at once.
FIRST_FONTS = (
    "serif/source-serif-4-latin-wght-normal",
    "sans/source-sans-3-latin-wght-normal",
    "serif/source-serif-4-latin-wght-italic",
)


def fingerprint() -> str:
    """Hash of all that outputs depend on besides the chapters: ``smlib`` and the pins."""
    digest = hashlib.sha256((ROOT / "constraints.txt").read_bytes())
    for path in sorted((ROOT / "smlib").rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def set_up(app, config):
    """Choose the static face and an execution cache that no change of code can leave stale."""
    os.environ["SMLIB_EXPLORER"] = "static"
    os.environ.setdefault("SMLIB_EXPLORER_CACHE", str(ROOT / "_build" / "explorers"))
    # Kernels print a remark about debugging frozen modules to stderr otherwise.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    config.nb_execution_cache_path = str(ROOT / "_build" / "executed" / fingerprint())
    icon = ROOT / "_build" / "mark.svg"
    icon.parent.mkdir(exist_ok=True)
    icon.write_text(mark.svg_file(), encoding="utf-8")
    config.html_favicon = "_build/mark.svg"


@contextmanager
def outputs(path):
    """The cache of executed pages in a folder, whose database jupyter-cache would leave open."""
    cache = get_cache(path)
    try:
        yield cache
    finally:
        cache.db.dispose()


def execute_ahead(app, env, docnames):
    """Execute all pages to be read that the cache lacks, as many at once as there are cores.

    MyST-NB, which would execute one after another, finds them there. A page that fails it
    executes again, and reports.
    """
    with outputs(env.mystnb_config.execution_cache_path) as cache:
        _execute(app, env, docnames, cache)


def _execute(app, env, docnames, cache):
    config, todo = env.mystnb_config, {}
    for name in docnames:
        path = Path(env.doc2path(name))
        text = path.read_text(encoding="utf-8")
        if reader := create_nb_reader(str(path), env.myst_config, config, text):
            notebook = reader.read(text)
            try:
                cache.match_cache_notebook(notebook)
            except KeyError:
                todo[name] = path, notebook
    # Long pages take long; one that begins last would run alone.
    names = sorted(todo, key=lambda name: todo[name][0].stat().st_size, reverse=True)
    shown = status_iterator(names, "executing pages... ", "purple", len(names), app.verbosity)
    cores = asyncio.Semaphore(os.cpu_count())

    async def execute(name):
        path, notebook = todo[name]
        client = NotebookClient(
            notebook,
            timeout=config.execution_timeout,
            record_timing=False,  # times would be part of what is looked up
            coalesce_streams=True,  # in how many pieces a kernel prints depends on its pace
            extra_arguments=["--log-level=ERROR"],  # it warns of talking to itself in plain text
            resources={"metadata": {"path": str(path.parent)}},
        )
        async with cores:
            next(shown)
            began = time.perf_counter()
            try:
                await client.async_execute()
            except (CellControlSignal, DeadKernelError):
                return
        data = {"execution_seconds": time.perf_counter() - began}
        bundle = CacheBundleIn(notebook, path, data=data)
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)

    async def execute_all():
        await asyncio.gather(*map(execute, names))
        next(shown, None)  # ends the line

    # In a thread of its own, since the caller's may have a loop of events that runs.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, execute_all()).result()


def carry(app, error):
    """Copy the front-end files that pages and decks use into the site."""
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    for folder, (package, patterns) in VENDOR.items():
        source = ROOT / "node_modules" / package
        for path in [found for pattern in patterns for found in source.glob(pattern)]:
            target = out / folder / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    # 1.5 MB of script on every page for icons that the style sheets draw as well.
    (out / "_static" / "scripts" / "fontawesome.js").write_text("")
    icons(out / "_static", [path.read_text(encoding="utf-8") for path in pages(out)])


def ask_for_fonts(app, page, template, context, doctree):
    """Let a page load its fonts before the style sheets that name them."""
    if (ROOT / "node_modules").is_dir():
        tags = [
            '<link rel="preload" as="font" type="font/woff2" crossorigin '
            f'href="{context["pathto"](f"fonts/{name}.woff2", 1)}" />'
            for name in FIRST_FONTS
        ]
        context["metatags"] = "\n".join([context.get("metatags", ""), *tags])


def point(app, page, template, context, doctree):
    """Send the button for the browser's Python to the chapter's notebook; only chapters have one.

    The theme takes the address as relative to every page, and pages lie in folders.
    """
    chapter = (ROOT / "smlib" / f"{page.removeprefix('book/')}.py").exists()
    for group in context.get("header_buttons", []):
        if group.get("label") == "launch-buttons":
            kept = []
            for button in group["buttons"]:
                if not button.get("url", "").startswith("lite/"):
                    kept.append(button)
                elif chapter:
                    kept.append({**button, "url": "../" * page.count("/") + button["url"]})
            group["buttons"] = kept


def setup(app):
    """Connect to Sphinx. The priority runs `set_up` before MyST-NB reads its settings."""
    app.add_css_file("book.css")
    app.connect("config-inited", set_up, priority=1)
    app.connect("env-before-read-docs", execute_ahead)
    app.connect("html-page-context", ask_for_fonts)
    app.connect("html-page-context", point, priority=600)
    app.connect("build-finished", carry)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
