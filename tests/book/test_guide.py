"""What the page "Chapter by chapter" says of chapters, decks and figures is so."""

import re
from html import unescape
from itertools import chain, pairwise
from urllib.parse import urlsplit

import pytest

from smlib.explorer import Explorer

from .conftest import CHAPTERS, ROOT, source
from .test_pages import check_state, figures

LABELS = [
    "It needs",
    "50 minutes",
    "Ask before each figure",
    "Common wrong answers",
    "Exercises",
]
KINDS = "in class|at the board|in discussion|in pairs|as homework|as a project|as projects"


def sections():
    """The chapters' sections in the order of the page: (heading, body)."""
    parts = re.split(r"^## (.*)\n", source("guide"), flags=re.M)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def body(name):
    """The text of a chapter's section."""
    return next(text for heading, text in sections() if heading.endswith(f"<{name}>`"))


def items(name):
    """What stands in a section under each label."""
    parts = re.split(rf"^({'|'.join(LABELS)})\n(?=: )", body(name), flags=re.M)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def explorers(name):
    """The explorers of a chapter, by their name."""
    return {figure.name: figure for figure in figures(name) if isinstance(figure, Explorer)}


def links(text):
    """Addresses of the links written as HTML."""
    return [unescape(address) for address in re.findall(r'<a href="([^"]*)">', text)]


def uses(text):
    """Numbers of exercises by what is done with them."""
    found = {}
    for numbers, kind in re.findall(rf"(\d[\d, ]*?) ({KINDS})", text):
        kind = "as a project" if kind == "as projects" else kind
        found.setdefault(kind, []).extend(int(number) for number in numbers.split(","))
    return found


def test_every_chapter_has_its_section_in_the_order_of_the_book():
    titles = {name: re.search(r"^# (.*)$", source(name), re.M)[1] for name in CHAPTERS}
    expected = [f"{{doc}}`{titles[name]} <{name}>`" for name in CHAPTERS]
    assert [heading for heading, _ in sections()] == [*expected, "Adapting a chapter"]


@pytest.mark.parametrize("name", CHAPTERS)
class TestSection:
    """One chapter's section."""

    def test_all_five_parts_in_order(self, name):
        lines = body(name).splitlines()
        terms = [line for line, after in pairwise(lines) if after[:2] == ": "]
        assert [term for term in terms if not term.startswith(": ")] == LABELS

    def test_the_path_is_that_of_the_deck(self, name):
        minutes = r"\((\d+)\)"
        path = [int(m) for m in re.findall(minutes, items(name)["50 minutes"])]
        plan = re.search(r"^Plan for 50 minutes: (.*?)\. ", source(name) + " ", re.M)[1]
        assert path == [int(m) for m in re.findall(minutes, plan)]
        # As both name whole minutes, no tolerance is needed.
        assert sum(path) == 50

    def test_one_link_to_the_deck_and_the_rest_to_states(self, name):
        addresses = links(body(name))
        assert addresses.count(f"../slides/{name}.html") == 1
        assert all("?" in a for a in addresses if not a.startswith("../slides/"))
        assert len(addresses) == body(name).count("<a ") == body(name).count("</a>")

    def test_every_explorer_is_named_with_a_question_and_a_state(self, name):
        asked = re.findall(r"^: \*([^*]+)\*: (.*)$", items(name)["Ask before each figure"], re.M)
        assert [title for title, _ in asked] == [e.title for e in explorers(name).values()]
        for (_, text), explorer in zip(asked, explorers(name).values(), strict=True):
            assert "?" in re.sub(r"<[^>]*>", "", text)
            addresses = links(text)
            assert addresses
            assert all(a.endswith(f"#explorer-{explorer.name}") for a in addresses)

    def test_every_state_exists(self, name):
        states = [a for a in links(body(name)) if not a.startswith("../slides/")]
        for address in states:
            url = urlsplit(address)
            assert url.path == f"{name}.html"
            explorer = explorers(name)[url.fragment.removeprefix("explorer-")]
            check_state(explorer, url.query)

    def test_there_are_two_or_three_wrong_answers(self, name):
        answers = re.findall(r'^: ".*?[.?]" \S', items(name)["Common wrong answers"], re.M)
        assert len(answers) in (2, 3)
        assert len(answers) == items(name)["Common wrong answers"].count("\n: ") + 1

    def test_every_exercise_of_the_page_has_one_use(self, name):
        numbers = sorted(chain(*uses(items(name)["Exercises"]).values()))
        assert numbers == list(range(1, source(name).count("```{exercise}") + 1))

    def test_the_table_for_lecturers_agrees(self, name):
        row = next(line for line in source("for_lecturers").splitlines() if f"<{name}>` |" in line)
        here, table = uses(items(name)["Exercises"]), uses(row.split("|")[4])
        assert table
        assert all(set(numbers) <= set(here[kind]) for kind, numbers in table.items())
        assert table.get("in class") == here.get("in class")


def test_what_the_advice_on_changes_names_is_there():
    text = dict(sections())["Adapting a chapter"]
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.M)
    commands = re.findall(r"`make (\w+)`", text)
    assert {"format", "book", "test"} <= set(commands) <= set(targets)
    paths = [path for path in re.findall(r"`([\w<>]+[/.][\w<>/.]+)`", text) if path != ".md"]
    assert len(paths) >= 8
    for path in paths:
        for name in CHAPTERS if "<chapter>" in path else [""]:
            where = ROOT / path.replace("<chapter>", name)
            assert where.exists() or where.with_suffix("").is_dir(), where
