"""Chapters as notebooks that any Jupyter shows.

The chapters are written in MyST Markdown, of which plain Jupyter knows little. Here its directives
and roles become plain Markdown: numbers that the text takes from cells are written out, references
become links to the page on the site. What is only for slides is left out. Used by `tools.lite`;
`python -m tools.notebooks FOLDER` writes them for a reader who downloads one.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from functools import cache
from pathlib import Path

import jupytext
import nbformat
import yaml
from pybtex.database import parse_file

ROOT = Path(__file__).parents[1]
BOOK = ROOT / "book"
SITE = ROOT / "_build" / "html"
NUMBERS = ROOT / "_build" / "numbers.json"
GLUED = ROOT / "_build" / "jupyter_execute" / "book"
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
PUBLIC = CONFIG["sphinx"]["config"]["html_baseurl"]
REPOSITORY = CONFIG["repository"]["url"]

FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,}|:{3,})\{(?P<name>[\w-]+)\} *(?P<title>.*)$")
ROLE = re.compile(r"\{(?P<name>[\w:]+)\}`(?P<text>[^`]+)`")
TARGET = re.compile(r"^\((?P<label>[\w-]+)\)=\n+#+ (?P<title>.+)$", re.M)


def chapters() -> list[str]:
    """Names of the chapters, pages with figures of their own, in the order of the book."""
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    names = re.findall(r"file: book/(\w+)$", toc, re.M)
    return [name for name in names if (ROOT / "smlib" / "figures" / f"{name}.py").exists()]


class Index:
    """Where labels, equations, figures and works stand, and what they are called."""

    def __init__(self) -> None:
        """Read the sources, what the build has noted and the bibliography."""
        self.titles: dict[str, tuple[str, str]] = {}
        self.pages: dict[str, str] = {}
        for path in sorted(BOOK.glob("*.md")):
            text = path.read_text(encoding="utf-8")
            self.pages[path.stem] = re.search(r"^# (.+)$", text, re.M)[1]
            for found in TARGET.finditer(text):
                self.titles[found["label"]] = path.stem, found["title"]
        self.numbers: dict[str, list[str]] = json.loads(NUMBERS.read_text(encoding="utf-8"))
        self.works = parse_file(BOOK / "references.bib").entries

    def cite(self, keys: str, inline: bool) -> str:
        """Works by author and year, as the book names them."""
        cited = []
        for key in keys.split(","):
            work = self.works[key.strip()]
            people = work.persons.get("author") or work.persons.get("editor") or []
            names = [" ".join([*person.prelast_names, *person.last_names]) for person in people]
            names = [name.strip("{}") for name in names]
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
    """Markdown of one chapter, cell by cell."""

    def __init__(self, name: str, index: Index) -> None:
        """Take the chapter's own numbers along."""
        self.name, self.index = name, index
        glued = GLUED / f"{name}.glue.json"
        self.glued = json.loads(glued.read_text(encoding="utf-8")) if glued.exists() else {}

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
            return f"[{title if shown == target else shown}]({PUBLIC}book/{page}.html#{target})"
        if name == "doc":
            page = Path(target).name
            folder = "book/solutions" if target.startswith("solutions/") else "book"
            title = self.index.pages.get(page, page) if shown == target else shown
            return f"[{title}]({PUBLIC}{folder}/{page}.html)"
        if name in ("eq", "numref"):
            page, number = self.index.numbers[text]
            said = f"({number})" if name == "eq" else f"Fig. {number}"
            anchor = f"equation-{text}" if name == "eq" else text
            return said if page == self.name else f"[{said}]({PUBLIC}book/{page}.html#{anchor})"
        raise ValueError(f"{self.name}: no Markdown for the role {found[0]!r}")

    def inline(self, text: str) -> str:
        """Roles of a text as plain Markdown; links to a state of a figure lead to the page."""
        page = f"{PUBLIC}book/{self.name}.html"
        return ROLE.sub(self._role, text.replace('<a href="?', f'<a href="{page}?'))

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
        return "\n".join(out)


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
    """Of the libraries that only some chapters need, those of one chapter."""
    wanted, seen, found = [f"smlib.{name}", f"smlib.figures.{name}"], set(), set()
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
    link = f"*Scale Mismatch*: the chapter [{title}]({PUBLIC}book/{name}.html) as a notebook. "
    if browser:
        return link + (
            "It runs in this browser: choose *Run*, then *Run All Cells*. The first figure takes "
            "half a minute or so. What you change is kept in this browser and nowhere else; a new "
            "edition of the book starts from its own text and offers you your earlier copy."
        )
    return link + (
        "In a Jupyter of your own, install once what it needs:\n\n"
        f"    pip install 'smlib[chapters] @ git+{REPOSITORY}'"
    )


@cache
def _read(name: str) -> nbformat.NotebookNode:
    return jupytext.read(BOOK / f"{name}.md")


def notebook(name: str, index: Index, browser: bool = False) -> nbformat.NotebookNode:
    """The chapter `name` as a notebook without outputs, for a Jupyter or for a browser's kernel."""
    source = _read(name)
    convert = Converter(name, index)
    cells = [nbformat.v4.new_markdown_cell(_top(name, index.pages[name], browser))]
    first = True
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
        if browser and first:
            # A browser fetches a library when a cell imports it, not when `smlib` does.
            made.source = (
                "".join(f"import {lib}\n" for lib in sorted(libraries(name))) + made.source
            )
            first = False
        if {"remove-cell", "remove-input"} & set(cell.metadata.get("tags", [])):
            made.metadata["jupyter"] = {"source_hidden": True}
        cells.append(made)
        figure = cell.metadata.get("mystnb", {}).get("figure", {})
        if "caption" in figure:
            which = index.numbers.get(figure.get("name"), ("", ""))[1]
            caption = convert.inline(figure["caption"])
            cells.append(nbformat.v4.new_markdown_cell(f"*Fig. {which}.* {caption}"))
    number(cells)
    kernel = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
    metadata = {"kernelspec": kernel if browser else source.metadata.kernelspec}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def write(folder: Path, browser: bool = False) -> list[Path]:
    """Write all chapters into a folder."""
    index = Index()
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in chapters():
        path = folder / f"{name}.ipynb"
        path.write_text(nbformat.writes(notebook(name, index, browser)) + "\n", encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    for made in write(Path(sys.argv[1])):
        print(made)
