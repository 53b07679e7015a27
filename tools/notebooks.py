"""Chapters and solutions as notebooks that any Jupyter shows.

They are written in MyST Markdown, of which plain Jupyter knows little. Here its directives and
roles become plain Markdown: numbers that the text takes from cells are written out, references
become links to the notebook beside this one, or to the page on the site. What is only for slides
is left out. `tools.lite` puts them on the site, and two ways lead into a Jupyter:

``python -m tools.notebooks lab FOLDER`` writes them for a reader, whose changes stay;
``python -m tools.notebooks branch FOLDER`` writes what Binder, a hub and Colab are given: they and
all that they need. The publishing of the site makes it the branch `BRANCH`.
"""

from __future__ import annotations

import ast
import importlib
import json
import posixpath
import re
import shutil
import sys
import tomllib
from functools import cache
from hashlib import sha256
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs

import jupytext
import nbformat
import yaml
from pybtex.database import parse_file
from pybtex.richtext import Text

ROOT = Path(__file__).parents[1]
BOOK = ROOT / "book"
SITE = ROOT / "_build" / "html"
NUMBERS = ROOT / "_build" / "numbers.json"
GLUED = ROOT / "_build" / "jupyter_execute" / "book"
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
PUBLIC = CONFIG["sphinx"]["config"]["html_baseurl"]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
#: The site carries the package, see `tools.lite`.
PACKAGE = f"smlib[chapters] @ {PUBLIC}lite/static/pyodide/smlib-{VERSION}-py3-none-any.whl"
#: Where the notebooks are in the repository, beside what they need.
BRANCH = "notebooks"
BESIDE = ("pyproject.toml", "constraints.txt", "environment.yml", "LICENSE", "LICENSE-CONTENT")
README = f"""# {CONFIG["title"]}: the notebooks

Written by the publishing of [the book]({PUBLIC}) out of its sources, the branch
`{CONFIG["repository"]["branch"]}`: changes belong there. `book/` has the chapters and
`book/solutions/` the solutions of the exercises, without outputs. To run them on your computer:

    pip install -c constraints.txt -e ".[lab]"
    jupyter lab book
"""

FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,}|:{3,})\{(?P<name>[\w-]+)\} *(?P<title>.*)$")
ROLE = re.compile(r"\{(?P<name>[\w:]+)\}`(?P<text>[^`]+)`")
TARGET = re.compile(r"^\((?P<label>[\w-]+)\)=\n+#+ (?P<title>.+)$", re.M)
STATE = re.compile(r'<a href="\?(?P<query>[^"#]+)#explorer-(?P<figure>\w+)">')


def pages() -> list[str]:
    """Names of the pages that are notebooks, chapters and their solutions, in their order."""
    toc = (BOOK.parent / "_toc.yml").read_text(encoding="utf-8")
    names = re.findall(r"file: book/((?:solutions/)?\w+)$", toc, re.M)
    figures = ROOT / "smlib" / "figures"
    return [name for name in names if (figures / f"{Path(name).name}.py").exists()]


def chapters() -> list[str]:
    """Names of the chapters, pages with figures of their own, in the order of the book."""
    return [name for name in pages() if "/" not in name]


class Index:
    """Where labels, equations, figures and works stand, and what they are called."""

    def __init__(self) -> None:
        """Read the sources, what the build has noted and the bibliography."""
        self.titles: dict[str, tuple[str, str]] = {}
        self.pages: dict[str, str] = {}
        for path in sorted([*BOOK.glob("*.md"), *BOOK.glob("solutions/*.md")]):
            text = path.read_text(encoding="utf-8")
            name = path.relative_to(BOOK).with_suffix("").as_posix()
            self.pages[name] = re.search(r"^# (.+)$", text, re.M)[1]
            for found in TARGET.finditer(text):
                self.titles[found["label"]] = name, found["title"]
        self.notebooks = set(pages())
        self.numbers: dict[str, list[str]] = json.loads(NUMBERS.read_text(encoding="utf-8"))
        self.works = parse_file(BOOK / "references.bib").entries

    def cite(self, keys: str, inline: bool) -> str:
        """Works by author and year, as the book names them."""
        cited = []
        for key in keys.split(","):
            work = self.works[key.strip()]
            people = work.persons.get("author") or work.persons.get("editor") or []
            names = [" ".join([*person.prelast_names, *person.last_names]) for person in people]
            names = [str(Text.from_latex(name)) for name in names]
            names = [names[0] + " *et al.*"] if len(names) > 2 else names
            who = " and ".join(names) or work.fields.get("title", key)
            year = work.fields.get("year")
            if year:
                who = f"{who} ({year})" if inline else f"{who}, {year}"
            cited.append(who)
        text = "; ".join(cited)
        link = f"{PUBLIC}book/bibliography.html"
        return f"[{text}]({link})" if inline else f"([{text}]({link}))"


class Converter:
    """Markdown of one page, cell by cell."""

    def __init__(self, name: str, index: Index, alone: bool = False) -> None:
        """Take the page's own numbers along; ``alone`` says that no other notebook is near."""
        self.name, self.index, self.alone = name, index, alone
        glued = GLUED / f"{name}.glue.json"
        self.glued = json.loads(glued.read_text(encoding="utf-8")) if glued.exists() else {}

    def _address(self, page: str, anchor: str = "") -> str:
        if self.alone or page not in self.index.notebooks:
            return f"{PUBLIC}book/{page}.html{anchor and '#'}{anchor}"
        return posixpath.relpath(f"{page}.ipynb", posixpath.dirname(self.name) or ".")

    def _number(self, text: str) -> str:
        key, _, form = text.partition(":")
        value = self.glued[key]["data"]["text/plain"]
        try:
            return format(float(value), form) if form.rstrip("s") else value.strip("'\"")
        except ValueError:
            return value.strip("'\"")

    def _role(self, found: re.Match) -> str:
        name, text = found["name"], found["text"]
        shown, _, target = text.partition(" <")
        target = target.rstrip(">") or shown
        if name == "glue:text":
            return self._number(text)
        if name.startswith("cite:"):
            return self.index.cite(text, inline=name == "cite:t")
        if name == "term":
            anchor = re.sub(r"[^\w]+", "-", target)
            return f"[{shown}]({PUBLIC}book/glossary.html#term-{anchor})"
        if name == "ref":
            page, title = self.index.titles[target]
            return f"[{title if shown == target else shown}]({self._address(page, target)})"
        if name == "doc":
            page = posixpath.normpath(posixpath.join(posixpath.dirname(self.name), target))
            title = self.index.pages.get(page, page) if shown == target else shown
            return f"[{title}]({self._address(page)})"
        if name in ("eq", "numref"):
            page, number = self.index.numbers[text]
            said = f"({number})" if name == "eq" else f"Fig. {number}"
            anchor = f"equation-{text}" if name == "eq" else text
            return said if page == self.name else f"[{said}]({self._address(page, anchor)})"
        raise ValueError(f"{self.name}: no Markdown for the role {found[0]!r}")

    def _settings(self, found: re.Match) -> str:
        """What to set in a notebook's figure, to see what a link shows on the page."""
        figures = importlib.import_module(f"smlib.figures.{self.name}")
        asked = parse_qs(unescape(found["query"]))
        told = []
        for name, control in getattr(figures, found["figure"]).controls.items():
            start = control.key(control.values[control.start])
            (key,) = asked.get(f"{found['figure']}.{name}", [start])
            value = next(value for value in control.values if control.key(value) == key)
            told.append(f"{control.label} **{control.text(value)}**")
        return f" *Set* {'; '.join(told)}."

    def inline(self, text: str) -> str:
        """Roles of a text as plain Markdown.

        Links to a state of a figure lead to the page, and what to set here is said behind them.
        """
        page = f"{PUBLIC}book/{self.name}.html"
        told = "".join(map(self._settings, STATE.finditer(text)))
        return ROLE.sub(self._role, text.replace('<a href="?', f'<a href="{page}?')) + told

    def _directive(self, name: str, title: str, options: dict[str, str], body: str) -> str:
        if name == "math":
            body = body.strip()
            if re.search(r"&|\\\\", body) and "\\begin" not in body:
                body = f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"
            label = options.get("label")
            tag = f" \\tag{{{self.index.numbers[label][1]}}}" if label else ""
            return f"$$\n{body}{tag}\n$$"
        if name == "admonition":
            quoted = f"**{self.inline(title)}**\n\n{self.markdown(body)}".split("\n")
            return "\n".join(f"> {line}".rstrip() for line in quoted)
        if name == "dropdown":
            # The code of an explorer is one `name?` away in a notebook.
            if options.get("class-container") == "sm-source":
                return ""
            inside = self.markdown(body)
            return f"<details><summary>{title}</summary>\n\n{inside}\n\n</details>"
        if name == "exercise":
            number = self.index.numbers.get(options["label"], ("", ""))[1]
            return f"**Exercise {number}. {title}**\n\n{self.markdown(body)}"
        if name == "solution-start":
            page, number = self.index.numbers[title]
            return f"### Solution to [Exercise {number}]({self._address(page, title)})"
        if name == "solution-end":
            return ""
        raise ValueError(f"{self.name}: no Markdown for the directive {name!r}")

    def markdown(self, text: str) -> str:
        """A cell, or the inside of a directive, as plain Markdown."""
        out: list[str] = []
        lines = text.split("\n")
        at = 0
        while at < len(lines):
            opened = FENCE.match(lines[at])
            if opened:
                fence = opened["fence"]
                end = next(i for i in range(at + 1, len(lines)) if lines[i].strip() == fence)
                inside = lines[at + 1 : end]
                options = {}
                while inside and (option := re.match(r"^:([\w-]+): ?(.*)$", inside[0])):
                    options[option[1]] = option[2]
                    inside.pop(0)
                body = "\n".join(inside).strip("\n")
                out.append(self._directive(opened["name"], opened["title"], options, body))
                at = end + 1
                continue
            if at + 1 < len(lines) and lines[at + 1].startswith(": "):
                # A definition: the term in bold, then what is said of it.
                out.append(f"**{self.inline(lines[at])}**\n")
                at += 1
                out.append(self.inline(lines[at][2:]))
            elif not re.match(r"^\([\w-]+\)=$", lines[at]):
                out.append(self.inline(lines[at]))
            at += 1
        return re.sub(r"\n{3,}", "\n\n", "\n".join(out))


@cache
def _imports(module: str) -> tuple[set[str], set[str]]:
    """Modules of `smlib` that one of them imports, anywhere in it, and foreign libraries."""
    path = ROOT / Path(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    own = {name for name in found if name.startswith("smlib.")}
    own = {name for name in own if (ROOT / Path(*name.split("."))).with_suffix(".py").exists()}
    return own, {name.split(".")[0] for name in found}


def libraries(name: str) -> set[str]:
    """Of the libraries that only some chapters need, those of one page."""
    topic = Path(name).name
    wanted, seen, found = [f"smlib.{topic}", f"smlib.figures.{topic}"], set(), set()
    while wanted:
        module = wanted.pop()
        if module not in seen:
            seen.add(module)
            own, foreign = _imports(module)
            wanted += own
            found |= foreign
    return found & {"networkx", "sklearn"}


def number(cells: list) -> None:
    """Name the cells of a notebook by their places; names by chance make every build another."""
    for at, cell in enumerate(cells):
        cell["id"] = f"cell-{at}"


def _top(name: str, title: str, browser: bool) -> str:
    link = f"*{CONFIG['title']}*: [{title}]({PUBLIC}book/{name}.html) as a notebook. "
    if browser:
        return link + (
            "It runs in this browser: choose *Run*, then *Run All Cells*. The first figure takes "
            "half a minute or so. What you change is kept in this browser and nowhere else; a new "
            "edition of the book starts from its own text and offers you your earlier copy."
        )
    return link + (
        "Run the next cell first: all others need it. Where the book's package is missing, it "
        f"installs it, as this does:\n\n    pip install '{PACKAGE}'"
    )


def _first(name: str, browser: bool) -> str:
    """What the first cell of a notebook does beside what that of the page does."""
    if browser:
        # A browser fetches a library when a cell imports it, not when `smlib` does.
        return "".join(f"import {lib}\n" for lib in sorted(libraries(name)))
    return (
        "import importlib.util\n\n"
        'if not importlib.util.find_spec("smlib"):\n'
        f'    %pip install -q "{PACKAGE}"\n\n'
    )


@cache
def _read(path: Path) -> nbformat.NotebookNode:
    return jupytext.read(path)


def notebook(
    name: str, index: Index, browser: bool = False, alone: bool = False
) -> nbformat.NotebookNode:
    """A chapter, or ``solutions/`` and its name, as a notebook without outputs.

    For a Jupyter or for a browser's kernel; ``alone`` if it is not given with the others. Its
    first cell, of which all others need something, stands above all text.
    """
    source = _read(BOOK / f"{name}.md")
    convert = Converter(name, index, alone)
    cells = []
    first = None
    for cell in source.cells:
        slideshow = cell.metadata.get("slideshow", {})
        if slideshow.get("only") and cell.cell_type == "markdown":
            continue
        if slideshow.get("slide_type") == "notes":
            continue
        if cell.cell_type == "markdown":
            text = convert.markdown(cell.source).strip("\n")
            if text:
                cells.append(nbformat.v4.new_markdown_cell(text))
            continue
        made = nbformat.v4.new_code_cell(cell.source)
        if {"remove-cell", "remove-input"} & set(cell.metadata.get("tags", [])):
            made.metadata["jupyter"] = {"source_hidden": True}
        if first is None:
            first = made
            made.source = f"# Run this first.\n{_first(name, browser)}{made.source}"
        else:
            cells.append(made)
        figure = cell.metadata.get("mystnb", {}).get("figure", {})
        if "caption" in figure:
            which = index.numbers.get(figure.get("name"), ("", ""))[1]
            caption = convert.inline(figure["caption"])
            cells.append(nbformat.v4.new_markdown_cell(f"*Fig. {which}.* {caption}"))
    top = nbformat.v4.new_markdown_cell(_top(name, index.pages[name], browser))
    cells = [top, first, *cells]
    number(cells)
    kernel = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
    metadata = {"kernelspec": kernel if browser else source.metadata.kernelspec}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def made(browser: bool = False, alone: bool = False) -> dict[str, str]:
    """All notebooks, as names and contents of files."""
    index = Index()
    found = {name: notebook(name, index, browser, alone) for name in pages()}
    return {f"{name}.ipynb": nbformat.writes(each) + "\n" for name, each in found.items()}


def write(folder: Path, browser: bool = False, alone: bool = False) -> list[Path]:
    """Write all notebooks into a folder."""
    written = []
    for name, text in made(browser, alone).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def lab(folder: Path) -> None:
    """Write all notebooks into a reader's folder, and overwrite none that was changed there.

    Where a changed one is of another edition, the new one is put beside it.
    """
    record = folder / ".written.json"
    written = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    for name, text in made().items():
        new = sha256(text.encode()).hexdigest()
        path, times = folder / name, 1
        while path.exists():
            key = path.relative_to(folder).as_posix()
            if written.get(key) in (new, sha256(path.read_bytes()).hexdigest()):
                break
            times += 1
            path = folder / f"{name.removesuffix('.ipynb')}-{times}.ipynb"
        key = path.relative_to(folder).as_posix()
        if path.exists() and written.get(key) == new:
            continue
        if times > 1:
            print(f"{folder / name} was changed and stays; as it is now, it is in {path}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        written[key] = new
    record.write_text(json.dumps(written, indent=1), encoding="utf-8")


def surroundings(folder: Path) -> None:
    """Write what the notebooks need into a folder, for Binder and for whoever installs from it."""
    shutil.copytree(ROOT / "smlib", folder / "smlib", ignore=shutil.ignore_patterns("__pycache__"),
                    dirs_exist_ok=True)  # fmt: skip
    shutil.copytree(ROOT / ".jupyter", folder / ".jupyter", dirs_exist_ok=True)
    for name in BESIDE:
        shutil.copyfile(ROOT / name, folder / name)
    (folder / "README.md").write_text(README, encoding="utf-8")


def branch(folder: Path) -> None:
    """Write all that the branch holds into an empty folder."""
    surroundings(folder)
    write(folder / "book")


if __name__ == "__main__":
    {"lab": lab, "branch": branch}[sys.argv[1]](Path(sys.argv[2]))
