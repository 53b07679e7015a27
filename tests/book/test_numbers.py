"""Every number in the prose is computed on its page, cited, or the name of something.

Digits in the text of a page, its captions, its slides and the speaker's notes need one of these:

- cited: its sentence has a citation, or the sentence next to it has the only one of the paragraph;
- named: it counts or names: 0, 1, 100 %, a year, a simple fraction, the minutes of a plan;
- guessed: it is offered as an answer in a box "Predict";
- printed: a cell of the same section, or of the same solution, prints it (as the page was built);
- linked: it is the text of a control in the state of a figure to which its paragraph links;
- asked: an exercise and its solution, or a solution and its code, say the same number;
- control: beside the figure, the text of a control, with its unit or a word of its label;
- again: the page computes or cites it elsewhere, with the same word before or after it. A page
  without cells repeats the chapters so, and a solution its chapter.

What is left stands in `EXCEPTIONS`, each with its reason. `benchmarks/numbers.py` counts how many
wrong digits each rule notices.
"""

import ast
import re
from collections import defaultdict
from contextlib import suppress
from functools import cache
from math import isclose
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

import jupytext
import pytest
import yaml
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from bookext.execution import outputs

from .conftest import BOOK, CHAPTERS, ROOT
from .test_guide import KINDS, explorers
from .test_pages import PAGES

#: The pages of the library have docstrings in place of prose.
BOOK_PAGES = [page for page in PAGES if not page.startswith("api/")]
SYNTAX = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["parse"]
PARSER = create_md_parser(
    MdParserConfig(enable_extensions=set(SYNTAX["myst_enable_extensions"])), RendererHTML
)

#: What stands in the sentence: why its numbers need no other support.
EXCEPTIONS = {
    "A piece of an aerial image": "an example, of the order of the means",
    "The middle 98 % of the sound pieces": "from percentile to percentile",
    "Lee, Han and Kim": "the sentence names its source, an abstract without a year",
    "keeps 65 to 70 %": "of textbooks; the next sentences compute it",
    "some 60 and 70 grafts left": "of the chapter's second series",
    "to 0.1": "as smlib.soft_disks cools; a run says nothing of it",
    "a temperature of 1.1 to 1.3": "minutes of computing",
    "A variant, with the weight inside": "minutes of computing, in the tests",
    "400 states": "smlib.explorer refuses more",
    "0.5 for independent values": "exact",
    "about 40 weeks": "by convention",
    "exponent of 0.4 or more": "defined so in the chapter on boundary layers",
    "60 MB": "measured, as the page says",
    "1.5 GB on disk": "measured, as the page says",
    "one patient call 5": "an example",
    "orders of magnitude, as commonly quoted": "as it says",
    "near x = 1.8": "where the reader is to look",
    "α² = 4 El k²": "a formula",
}

# What stands for a citation, for a glued number and for anything else that is no text. What it is,
# as the key of a number or the address of a link, comes before, in letters from `HIDDEN` on.
CITED, GLUED, OTHER, LINK, HIDDEN = "\ue000", "\ue001", "\ue002", "\ue003", 0xE100
LETTERS = f"[{chr(HIDDEN)}-{chr(HIDDEN + 127)}]+"
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
NUMBER = re.compile(
    r"(?<![\w.])(?<![A-Za-z]-)(?!0\d)"
    r"(?:(?P<digits>\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+)(?P<decimals>\.\d+(?: \d{3})*)?"
    r"(?:\s?[×·]\s?10(?P<power>[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?)"
    r"(?P<alone>(?<=10)[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(?!\d|\.\d|(?!(?:th|st|nd|rd)\b)[A-Za-z_])"
)
#: Directives whose content is no prose.
CODE = {"math", "literalinclude", "code-cell", "raw", "image", "solution-start", "solution-end"}
NAMED = re.compile(r"\b(?:exercise|line|setting|case|node|step|base|order|page) $", re.I)
WORD = rf"at%|[^\W\d_]+|[%°√]|{LETTERS}{OTHER}"
#: Further numbers of a list, after one.
LIST = rf"(?:(?:,|,? and|,? or| to| ±) (?:\d[\d.]*|{LETTERS}{GLUED}))*"
LITTLE = "a|about|an|and|as|at|by|for|from|in|is|it|near|of|on|or|some|than|the|to|with"
LICENCES = re.compile(r"CC BY 4\.0|BSD 3-Clause")


def hidden(text):
    """A text in letters that no rule takes for some; `shown` is the way back."""
    return "".join(chr(HIDDEN + ord(sign)) for sign in text if ord(sign) < 128)


def shown(letters):
    return "".join(chr(ord(sign) - HIDDEN) for sign in letters)


def plain(token):
    """The text of one inline token; citations, glued numbers and the rest as one sign each."""
    out = []
    for child in token.children or []:
        role = child.meta["name"] if child.type == "myst_role" else child.type
        if role == "text":
            out.append(child.content)
        elif role.startswith("cite:"):
            out.append(CITED)
        elif role == "glue:text":
            out.append(hidden(child.content) + GLUED)
        elif role in ("softbreak", "hardbreak"):
            out.append(" ")
        elif role in ("math_inline", "code_inline") or child.type == "myst_role":
            out.append(hidden(child.content) + OTHER)
        elif link := re.match('<a href="([^"]*)', child.content):
            out.append(hidden(link[1].replace("&amp;", "&")) + LINK)
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
            label = re.search(r"^:label: (ex-\S+)", token.content, re.M)
            inner = (*where, label[1] if label else f"{name} {title}")
            yield inner, plain(PARSER.parseInline(title)[0])
            yield from prose(re.sub(r"\A(:[\w-]+:.*\n)+", "", token.content), inner)
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


def executed(name):
    """The cells of code of a page as it was built."""
    notebook = jupytext.read(BOOK / f"{name}.md")
    if "kernelspec" not in notebook.metadata:  # not executed: its code is there to be read
        return []
    with outputs(ROOT / "_build" / "executed") as kept:
        cells = kept.merge_match_into_notebook(notebook)[1].cells
    return [cell for cell in cells if cell.cell_type == "code"]


class Section(NamedTuple):
    """A section of a page, or a solution by the label of its exercise."""

    title: str
    pieces: list
    code: list
    printed: set


@cache
def read(name):
    """The sections of a page, and what its cells hand to the text."""
    found, handed, cells = [Section("", [], [], set())], {}, iter(executed(name))
    for cell in jupytext.read(BOOK / f"{name}.md").cells:
        caption = cell.metadata.get("mystnb", {}).get("figure", {}).get("caption")
        pieces = ()
        if cell.cell_type == "code":
            found[-1].code.append(cell.source)
            for output in getattr(next(cells, None), "outputs", ()):
                text = output.get("text", "").replace(",", "")
                numbers = re.findall(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?", text)
                found[-1].printed.update(map(float, numbers))
                if key := output.get("metadata", {}).get("scrapbook", {}).get("name"):
                    handed[key] = output.data["application/papermill.record/text/plain"]
        if cell.cell_type == "markdown":
            notes = cell.metadata.get("slideshow", {}).get("slide_type") == "notes"
            pieces = prose(cell.source, ("notes",) if notes else ())
        elif caption:
            pieces = [(("caption",), plain(PARSER.parseInline(caption)[0]))]
        for where, text in pieces:
            if where is None:
                found.append(Section(text, [], [], set()))
            else:
                found[-1].pieces.append((where, text))
    return found, handed


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


def stated(*texts):
    """The values of all numbers in some texts."""
    return {value(found)[0] for text in texts for found in NUMBER.finditer(text)}


@cache
def asked(topic):
    """Numbers of the exercises, of their solutions, and of the code of these, by label."""
    exercises, solutions, codes = defaultdict(set), {}, {}
    for section in read(topic)[0]:
        for where, text in section.pieces:
            for label in where:
                if label.startswith("ex-"):
                    exercises[label] |= stated(text)
    for section in read(f"solutions/{topic}")[0]:
        nodes = [node for cell in section.code for node in ast.walk(ast.parse(cell))]
        code = [node.value for node in nodes if isinstance(node, ast.Constant)]
        codes[section.title] = {float(c) for c in code if type(c) in (int, float)}
        solutions[section.title] = stated(*(text for _, text in section.pieces))
    return exercises, solutions, codes


def linked(text, topic):
    """Numbers in the texts of the controls of a figure in the states to which a text links."""
    found = set()
    for address in re.findall(LETTERS, text):
        url = urlsplit(shown(address))
        chosen = dict(parse_qsl(url.query))
        for figure in {key.partition(".")[0] for key in chosen}:
            for knob, control in explorers(Path(url.path).stem or topic)[figure].controls.items():
                key = chosen.get(f"{figure}.{knob}", control.key(control.values[control.start]))
                found |= stated(*(control.text(v) for v in control.values if control.key(v) == key))
    return found


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
        or (before.endswith("(") and after.startswith(")") and "ex-" not in " ".join(where))
        or NAMED.search(before)
        or ("notes" in where and not before and after.startswith(": "))
        or (number == "100" and before.endswith("0 to "))
        or (found["alone"] and before.endswith(f"{GLUED} × "))
        or re.match(rf"[\d, ]* ({KINDS})", after)
    )


def readings(found, after):
    """What a number may be in the code: as it stands, or a share."""
    number, half = value(found)
    yield number, half
    if re.match(r"\s?(%|per cent)", after):
        yield number / 100, half / 100


def beside(before, after):
    """The words before and after a number, past the other numbers of its list."""
    last = re.search(rf"({WORD})[\s=:≈]*(?:\b(?:{LITTLE})\s+)*$", before)
    first = re.match(rf"{LIST}[\s-]?(% (?!(?:{LITTLE})\b)\w+|{WORD})", after)
    words = {last and last[1].lower() + " ", first and " " + first[1].lower()} - {None}
    return {word.removesuffix("s") for word in words if not re.fullmatch(LITTLE, word.strip())}


@cache
def controls(topic, code):
    """The values of the controls of the explorers in some cells, each with a word beside it."""
    found = set()
    for control in (c for name in code for c in explorers(topic)[name].controls.values()):
        words = re.findall(WORD, re.sub(rf"\b({LITTLE})\b", "", control.label.lower()))
        around = {side.removesuffix("s") for word in words for side in (f"{word} ", f" {word}")}
        for text in map(control.text, control.values):
            for one in NUMBER.finditer(text):
                words = around | beside(text[: one.start()], text[one.end() :])
                found |= {(value(one)[0], word) for word in words}
    return found


class Number(NamedTuple):
    """A number of a page, where it stands: from `start` on in a sentence of a piece of prose."""

    page: str
    section: Section
    where: tuple
    sentence: str
    near: str
    text: str
    start: int

    @property
    def found(self):
        return NUMBER.match(self.sentence, self.start)

    @property
    def said(self):
        """Its value, with each word beside it."""
        before, after = self.sentence[: self.start], self.sentence[self.found.end() :]
        return {(value(self.found)[0], word) for word in beside(before, after)}

    def rules(self):
        """The rules that support it, in order."""
        found = self.found
        before, after = self.sentence[: self.start], self.sentence[found.end() :]
        read_as = list(readings(found, after))
        topic = self.section.title if self.page == "guide" else Path(self.page).name

        def same(numbers):
            return any(isclose(number, other) for number, _ in read_as for other in numbers)

        if CITED in self.sentence or (self.text.count(CITED) == 1 and CITED in self.near):
            yield "cited"
        if counts_or_names(found, before, after, self.where):
            yield "named"
        if self.where[-1:] == ("bullet_list",) and "admonition Predict" in self.where:
            yield "guessed"
        if any(abs(p - n) <= h * (1 + 1e-9) for n, h in read_as for p in self.section.printed):
            yield "printed"
        if same(linked(self.text, topic)):
            yield "linked"
        if topic in CHAPTERS:
            exercises, solutions, codes = asked(topic)
            own = self.page == topic
            labels = self.where if own else [self.section.title]
            pools = (solutions, codes) if own else (exercises, codes)
            told = {n for pool in pools for label in labels for n in pool.get(label, ())}
            if same({*told, *(number / 100 for number in told)}):
                yield "asked"
            kept = controls(topic, frozenset(self.section.code).intersection(explorers(topic)))
            if self.said & kept or ("notes" in self.where and value(found)[0] in dict(kept)):
                yield "control"

    def why(self):
        """The rule that supports it, or None."""
        return next(self.rules(), "again" if self.said & anchors(self.page) else None)


@cache
def anchors(page):
    """What a page computes or cites, as it says it: values, each with a word beside it."""
    found = set()
    topic = Path(page).name
    for name in dict.fromkeys([page, topic]) if topic in CHAPTERS else [page, *CHAPTERS]:
        for number in support(name):
            if set(number.rules()) - {"named", "guessed"}:
                found |= number.said
        sections, handed = read(name)
        for text in (text for section in sections for _, text in section.pieces):
            for sign in re.finditer(f"({LETTERS}){GLUED}", text):
                key, _, form = shown(sign[1]).partition(":")
                with suppress(ValueError):  # a word
                    (number,) = stated(format(float(handed.get(key, "nan")), form).lstrip("-+"))
                    words = beside(text[: sign.start()], text[sign.end() :])
                    found |= {(number, word) for word in words}
    return found


def support(name):
    """All numbers of a page."""
    for section in read(name)[0]:
        for where, text in section.pieces:
            parts = sentences(text)
            for at, sentence in enumerate(parts):
                near = "".join(parts[max(at - 1, 0) : at] + parts[at + 1 : at + 2])
                for found in NUMBER.finditer(sentence):
                    yield Number(name, section, where, sentence, near, text, found.start())


@pytest.mark.parametrize("name", BOOK_PAGES)
def test_every_number_is_computed_or_cited_or_names(name):
    bare = [number for number in support(name) if number.why() is None]
    left = [(number.found[0], number.sentence) for number in bare]
    assert [one for one in left if not any(text in one[1] for text in EXCEPTIONS)] == []


def test_no_exception_outlives_its_sentence():
    bare = [one.sentence for name in BOOK_PAGES for one in support(name) if one.why() is None]
    assert [text for text in EXCEPTIONS if not any(text in each for each in bare)] == []


BARE = """# A page

It costs 3.217 kJ. By {cite:t}`some2001` it costs 4.1 kJ, or 4.2 if you wait. Nobody knows why
12 of 13 do not: $2x = 7$, and `8` is code. The result is {glue:text}`x:.1f` × 10⁹ of 10⁷.
For 4.1 kJ you get the 95th.

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
    monkeypatch.setitem(globals(), "CHAPTERS", [])
    found = [(one.found[0], one.why()) for one in support("bare")]
    assert [number for number, why in found if why is None] == ["10⁷", "95", "21", "31"]
    assert [number for number, why in found if why == "cited"] == [
        *("3.217", "4.1", "4.2", "12", "13", "22")
    ]
