"""Every number in the prose is computed on its page, set there, or cited.

Digits in the text of a page, its captions, its slides and the speaker's notes need one of these:

- the number comes from a cell, through ``{glue:text}``, or stands in a formula or in code;
- a cell of the same section, or of the same solution, prints it (as the page was built);
- its sentence has a citation, or the sentence next to it has the only one of the paragraph; the row
  of a table counts as one sentence;
- somebody sets it: it is a constant in a cell of the page, a value of a control of the chapter's
  explorers, or a constant or default of the chapter's modules; for an exercise, in its solution;
- it is a guess, offered as an answer in a box "Predict";
- it counts or names: 0, 1, 100 %, a year, a simple fraction, the minutes of a plan, an exercise.

What is left stands in `EXCEPTIONS`, each with its reason.
"""

import ast
import re
from functools import cache
from types import SimpleNamespace

import jupytext
import pytest
import yaml
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from smlib.explorer import Explorer

from .conftest import BOOK, CHAPTERS, ROOT, import_extension, source
from .test_guide import KINDS
from .test_pages import PAGES, figures

#: The pages of the library have docstrings in place of prose.
BOOK_PAGES = [page for page in PAGES if not page.startswith("api/")]
SYNTAX = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["parse"]
PARSER = create_md_parser(
    MdParserConfig(enable_extensions=set(SYNTAX["myst_enable_extensions"])), RendererHTML
)

#: (page, what stands in the sentence): why its numbers need no other support.
EXCEPTIONS = {
    ("feature_scaling", "A piece of an aerial image"): "an example, of the order of the means",
    ("feature_scaling", "a random forest of 50 trees"): "drawn so",
    ("feature_scaling", "24 steps each"): "drawn so",
    ("feature_scaling", "The middle 98 % of the sound pieces"): "from percentile to percentile",
    ("metallic_glass", "With 256 disks and slower cooling"): "minutes of computing, in the tests",
    ("doping", "Lee, Han and Kim"): "the sentence names its source, an abstract without a year",
    ("random_landscape", "1024 nodes"): "hours of computing; figures/random_landscape.py keeps it",
    ("pediatric_kidney", "keeps 65 to 70 %"): "of textbooks; the next sentences compute it",
    ("pediatric_kidney", "per 1.73 m²"): "the customary unit",
    ("metallic_glass", "256 disks with size spreads"): "drawn so",
    ("metallic_glass", "a temperature of 1.1 to 1.3"): "minutes of computing",
    ("climate_grid", "0.01, 0.02 and 0.04"): "the exercise sets them; its solution prints them",
    ("guide", "16 times the resistance"): "two to the power of four",
    ("guide", "at most 400 states"): "smlib.explorer refuses more",
    ("for_lecturers", "400 states"): "smlib.explorer refuses more",
    ("glossary", "a factor of 3"): "defined so in the chapter on boundary layers",
    ("glossary", "115 mL/min"): "cited in the chapter on kidneys",
    ("glossary", "900 000 in a kidney"): "cited in the chapter on kidneys",
    ("glossary", "10¹² Pa s"): "by convention",
    ("glossary", "0.5 for independent values"): "exact",
    ("glossary", "about 40 weeks"): "by convention",
    ("intro", "one patient call 5"): "an example",
    ("intro", "A ratio of 1.03"): "the Cantor alloy, computed in its chapter",
    ("intro", "60 MB"): "measured, as the page says",
}

# What stands for a citation, for a glued number and for anything else that is no text.
CITED, GLUED, OTHER = "\ue000", "\ue001", "\ue002"
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
NUMBER = re.compile(
    r"(?<![\w.])(?<![A-Za-z]-)"
    r"(?:(?P<digits>\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+)(?P<decimals>\.\d+(?: \d{3})*)?"
    r"(?:\s?[×·]\s?10(?P<power>[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?)"
    r"(?P<alone>(?<=10)[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(?![A-Za-z_]|\.\d)"
)
#: Directives whose content is no prose.
CODE = {"math", "literalinclude", "code-cell", "raw", "image", "solution-start", "solution-end"}
#: Prefixes of units; the code computes in the unit without one.
PREFIXES = {"n": 1e-9, "µ": 1e-6, "m": 1e-3, "c": 1e-2, "k": 1e3, "M": 1e6, "G": 1e9}
NAMED = re.compile(r"\b(?:exercise|line|setting|case|node|step|base|order|page) $", re.I)
LICENCES = re.compile(r"CC BY 4\.0|BSD 3-Clause")


def plain(token):
    """The text of one inline token; citations, glued numbers and the rest as one sign each."""
    out = []
    for child in token.children or []:
        if child.type == "text":
            out.append(child.content)
        elif child.type == "myst_role" and child.meta["name"].startswith("cite:"):
            out.append(CITED)
        elif child.type == "myst_role" and child.meta["name"] == "glue:text":
            out.append(GLUED)
        elif child.type in ("softbreak", "hardbreak"):
            out.append(" ")
        elif child.type in ("math_inline", "code_inline", "myst_role"):
            out.append(OTHER)
    return LICENCES.sub(OTHER, "".join(out))


def prose(markdown, where=()):
    """Pieces of prose, (where, text): a paragraph, an item, a row of a table or a title.

    A heading and the start of a solution come with ``where`` None, as a border.
    """
    row, lists, before = None, [], ""
    for token in PARSER.parse(markdown):
        if token.type in ("fence", "colon_fence"):
            name, title = re.match(r"(?:\{([\w-]+)\})?\s*(.*)", token.info).groups()
            if name == "solution-start":
                yield None, title
            if name is None or name in CODE:
                continue
            yield (*where, name), plain(PARSER.parseInline(title)[0])
            body = re.sub(r"\A(:[\w-]+:.*\n)+", "", token.content)
            yield from prose(body, (*where, f"{name} {title}"))
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield (*where, "row"), " | ".join(row)
            row = None
        elif token.type in ("ordered_list_open", "bullet_list_open"):
            lists.append(token.type[:-5])
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            lists.pop()
        elif token.type == "inline" and row is not None:
            row.append(plain(token))
        elif token.type == "inline":
            if before == "heading_open":
                yield None, token.content
            yield (*where, *lists), plain(token)
        before = token.type


def sentences(text):
    """A text cut after full stops, question marks and exclamation marks."""
    return re.split(rf"(?<=[.!?])[)*”\"{CITED}]*\s+(?=[^a-z])", text)


def constants(tree):
    """Numbers written in a piece of Python."""
    nodes = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return {float(v) for v in nodes if isinstance(v, int | float) and not isinstance(v, bool)}


@cache
def written(name):
    """Numbers in the cells of a page."""
    cells = jupytext.read(BOOK / f"{name}.md").cells
    return set().union(*(constants(ast.parse(c.source)) for c in cells if c.cell_type == "code"))


@cache
def declared(name):
    """What a chapter's modules set: constants, defaults, fields, and the values of controls."""
    found = set()
    pages = "".join(source(page) for page in (name, f"solutions/{name}"))
    also = set(re.findall(r"^from smlib import (\w+)", pages, re.M)) - set(CHAPTERS)
    for module in (name, *also, f"studies/{name}", f"figures/{name}"):
        path = ROOT / "smlib" / f"{module}.py"
        if not path.exists():
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inner = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        for node in [*tree.body, *(field for one in inner for field in one.body)]:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
                found |= constants(node.value)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                for default in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
                    found |= constants(default)
    for figure in figures(name):
        for control in figure.controls.values() if isinstance(figure, Explorer) else ():
            for value in control.values:
                texts = [str(value), control.text(value)]
                found |= {float(n) for text in texts for n in re.findall(r"\d+(?:\.\d+)?", text)}
    return found


@cache
def given(name):
    """Numbers in the exercises of a chapter."""
    text = (BOOK / f"{name}.md").read_text(encoding="utf-8")
    pieces = [
        piece for where, piece in prose(text) if any(w[:9] == "exercise " for w in where or ())
    ]
    return {value(found)[0] for piece in pieces for found in NUMBER.finditer(piece)}


def printed(name):
    """Numbers that each cell of code printed when the page was built."""
    notebook = jupytext.read(BOOK / f"{name}.md")
    if "kernelspec" not in notebook.metadata:  # not executed: its code is there to be read
        return []
    with import_extension("execution").outputs(ROOT / "_build" / "executed") as executed:
        cells = executed.merge_match_into_notebook(notebook)[1].cells
    shown = []
    for cell in cells:
        if cell.cell_type == "code":
            text = "".join(out.text for out in cell.outputs if out.output_type == "stream")
            numbers = re.findall(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?", text.replace(",", ""))
            shown.append({float(number) for number in numbers})
    return shown


def sections(name):
    """Pieces of prose of a page with the numbers that the cells of their section print."""
    section, prints, shown = [], set(), iter(printed(name))
    for cell in jupytext.read(BOOK / f"{name}.md").cells:
        if cell.cell_type == "code":
            prints |= next(shown, set())
        caption = cell.metadata.get("mystnb", {}).get("figure", {}).get("caption")
        pieces = ()
        if cell.cell_type == "markdown":
            notes = cell.metadata.get("slideshow", {}).get("slide_type") == "notes"
            pieces = prose(cell.source, ("notes",) if notes else ())
        elif caption:
            pieces = [(("caption",), plain(PARSER.parseInline(caption)[0]))]
        for where, text in pieces:
            if where is None:
                yield from ((*piece, prints) for piece in section)
                section, prints = [], set()
                chapter = re.search(r"<(\w+)>", text)
                yield None, chapter and chapter[1], set()
            else:
                section.append((where, text))
    yield from ((*piece, prints) for piece in section)


def value(found):
    """The number of a match, without its sign, and half a unit of its last digit."""
    if found["alone"]:
        return 10.0 ** int(found["alone"].translate(SUPERSCRIPTS)), 0.0
    digits = re.sub(r"\s", "", found["digits"])
    decimals = re.sub(r"\s", "", found["decimals"] or "")
    power = 10.0 ** int((found["power"] or "⁰").translate(SUPERSCRIPTS))
    zeros = len(digits) - len(digits.rstrip("0")) if not decimals and len(digits) > 3 else 0
    half = 0.5 * 10.0 ** (zeros - max(len(decimals) - 1, 0))
    return float(digits + decimals) * power, half * power


def counts_or_names(found, before, after, where):
    """Whether a number is none that could be measured or computed."""
    number = found[0]
    return (
        number in ("0", "1")
        or (number == "100" and re.match(r"\s?%", after))
        or re.fullmatch(r"1[5-9]\d\d|20\d\d", number)
        or re.match(r"/\d{1,3}\b", after)
        or re.search(r"(^|[^\d.])\d{1,3}/$", before)
        or (len(number) == 1 and (re.match(" × \\d\\b", after) or re.search(r"\b\d × $", before)))
        or re.match(r"(-minute| minutes?\b)", after)
        or (before.endswith("(") and after.startswith(")") and where[:1] != ("exercise",))
        or NAMED.search(before)
        or (number == "100" and before.endswith("0 to "))
        or (found["alone"] and before.endswith(f"{GLUED} × "))
        or re.match(rf"[\d, ]* ({KINDS})", after)
    )


def readings(found, after):
    """What a number may be in the code: as it stands, without the prefix of its unit, a share."""
    number, half = value(found)
    yield number, half
    if unit := re.match(r"\s([nµmckMG])(Pa|m|s|N|Hz)\b", after):
        yield number * PREFIXES[unit[1]], half * PREFIXES[unit[1]]
    if re.match(r"\s?(%|per cent)", after):
        yield number / 100, half / 100


def is_set(found, after, pool):
    """Whether a number is one of the pool; a percentage may be a factor, a power an exponent."""
    wanted = [number for number, _ in readings(found, after)]
    if re.match(r"\s?(%|per cent)", after):
        wanted += [1 + wanted[-1], 1 - wanted[-1]]
    if found["alone"]:
        # A slider of concentrations goes by the exponent.
        wanted.append(abs(int(found["alone"].translate(SUPERSCRIPTS))))
    return any(one == pytest.approx(other, rel=1e-9) for one in wanted for other in pool)


def is_printed(found, after, prints):
    """Whether a cell prints the number, with as many digits or more."""
    return any(
        abs(shown - number) <= half * (1 + 1e-9)
        for number, half in readings(found, after)
        for shown in prints
    )


def support(name):
    """All numbers of a page: what supports each, the number and its sentence."""
    topic = name.rpartition("/")[2]
    topic = topic if topic in CHAPTERS else None
    for where, text, prints in sections(name):
        if where is None:
            # The guide has a section for each chapter.
            topic = text if name == "guide" else topic
            continue
        pool = written(name) | (declared(topic) if topic in CHAPTERS else set())
        if topic in CHAPTERS and any(box.startswith("exercise") for box in where):
            pool = pool | written(f"solutions/{topic}")
        if name.startswith("solutions/") and topic:
            pool = pool | given(topic)
        parts = sentences(text)
        for at, sentence in enumerate(parts):
            beside = [parts[i] for i in (at - 1, at + 1) if 0 <= i < len(parts)]
            for found in NUMBER.finditer(sentence):
                before, after = sentence[: found.start()], sentence[found.end() :]
                rules = {
                    "cited": CITED in sentence
                    or (text.count(CITED) == 1 and any(CITED in other for other in beside)),
                    "named": counts_or_names(found, before, after, where),
                    "guessed": where[-1:] == ("bullet_list",) and "admonition Predict" in where,
                    "set": is_set(found, after, pool),
                    "printed": is_printed(found, after, prints),
                }
                why = next((rule for rule, holds in rules.items() if holds), None)
                yield SimpleNamespace(why=why, number=found[0], sentence=sentence)


@pytest.mark.parametrize("name", BOOK_PAGES)
def test_every_number_is_computed_set_or_cited(name):
    excused = [text for page, text in EXCEPTIONS if page == name]
    bare = [one for one in support(name) if one.why is None]
    left = [one for one in bare if not any(text in one.sentence for text in excused)]
    assert [(one.number, one.sentence) for one in left] == []
    # No exception outlives its sentence.
    assert [text for text in excused if not any(text in one.sentence for one in bare)] == []


BARE = """# A page

It costs 3.217 kJ. By {cite:t}`some2001` it costs 4.1 kJ, or 4.2 if you wait. Nobody knows why
12 of 13 do not: $2x = 7$, and `8` is code. The result is {glue:text}`x:.1f` × 10⁹ of 10⁷.

| a | 21 |
|---|---|
| b {cite:p}`some2001` | 22 |

```{admonition} Predict
The rise by 31 % is

- 32
- 33
```
"""


def test_the_check_sees_a_bare_number(tmp_path, monkeypatch):
    (tmp_path / "bare.md").write_text(BARE, encoding="utf-8")
    monkeypatch.setitem(globals(), "BOOK", tmp_path)
    found = [one.number for one in support("bare") if one.why is None]
    assert found == ["10⁷", "21", "31"]
    assert [one.number for one in support("bare") if one.why == "cited"] == [
        *("3.217", "4.1", "4.2", "12", "13", "22")
    ]
