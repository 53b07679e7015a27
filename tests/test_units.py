"""Constants of nature stand in one module, and are those of the SI."""

import ast
import math
import re
from pathlib import Path

import pytest
from scipy import constants

from smlib import units

ROOT = Path(__file__).parents[1]
#: Exact by the definition of the SI since 2019.
K, E, N_A = 1.380649e-23, 1.602176634e-19, 6.02214076e23
#: What nobody types by chance with five digits: also inverse, and in other units of ten.
NATURE = {K, E, N_A, K / E, K * N_A, E * N_A}
NATURE |= {
    constants.value(name)
    for name in (
        "Planck constant",
        "reduced Planck constant",
        "vacuum electric permittivity",
        "electron mass",
        "proton mass",
        "atomic mass constant",
        "Bohr radius",
        "Stefan-Boltzmann constant",
        "Newtonian constant of gravitation",
    )
}
NATURE |= {constants.mmHg}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("BOLTZMANN_EV", K / E),
        ("R", K * N_A),
        ("EV_KJ_MOL", E * N_A / 1e3),
        ("GPA_A3_EV", 1e9 * 1e-30 / E),
        ("GPA_A3_KJ_MOL", 1e9 * 1e-30 * N_A / 1e3),
        ("N_PER_M_A2_EV", 1e-20 / E),
        ("MMHG", 101325 / 760),
    ],
)
def test_values_follow_from_the_definition_of_the_si(name, expected):
    assert getattr(units, name) == pytest.approx(expected, rel=1e-9)
    assert name in units.__all__


def mantissas():
    """Of the constants and of one over them, in [1, 10)."""
    for value in NATURE:
        for each in (value, 1 / value):
            yield each / 10 ** math.floor(math.log10(each))


def is_constant_of_nature(text):
    """Whether a literal is one of them, rounded to the five or more digits that it has."""
    written = re.fullmatch(r"0*\.?0*([\d._]+?)(?:e[-+]?\d+)?", text.lower())
    digits = written[1].replace("_", "").replace(".", "") if written else ""
    if len(digits) < 5:
        return False
    mantissa = int(digits) / 10 ** (len(digits) - 1)
    return any(abs(mantissa - each) <= 0.5001 * 10 ** (1 - len(digits)) for each in mantissas())


@pytest.mark.parametrize(
    "text", ["1.380649e-23", "8.3145", "160.2176634", "0.0083145", "96.485e3", "133.322"]
)
def test_a_typed_constant_would_be_noticed(text):
    assert is_constant_of_nature(text)


@pytest.mark.parametrize("text", ["0.5", "8.31", "1024", "3.14159", "9.6000", "1.4", "0x1f"])
def test_other_numbers_are_not_taken_for_one(text):
    assert not is_constant_of_nature(text)


def sources():
    """Python of the package, of its tools and of the cells of all pages."""
    for folder in ("smlib", "tools", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            yield path, path.read_text(encoding="utf-8")
    for path in (ROOT / "book").rglob("*.md"):
        for cell in re.findall(
            r"^```\{code-cell\}.*?\n(.*?)^```", path.read_text("utf-8"), re.M | re.S
        ):
            yield path, re.sub(r"^(---\n.*?---\n|(:[^\n]*\n)*)", "", cell, flags=re.S)


def test_no_constant_of_nature_is_typed_elsewhere():
    found = [
        f"{path.relative_to(ROOT)}: {text}"
        for path, source in sources()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
        if is_constant_of_nature(text := ast.get_source_segment(source, node))
    ]
    assert found == []
