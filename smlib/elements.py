"""Sizes, moduli, counts and mixing enthalpies of 45 elements, and two sets of labelled alloys.

There is no such thing as *the* radius of an atom, only conventions. Three stand side by side here:
`r_gl` (lattice-native: a bcc metal carries half its bcc near-neighbour distance; Senkov & Miracle
2001, Guo & Liu 2011), `r_cn12` (metallic, for 12 neighbours; Kittel) and `r_cov` (single-bond
covalent; Cordero et al. 2008). Sources, overrides, misprints: ``smlib/data/README.md``.
"""

import csv
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from numbers import Real
from typing import NamedTuple

import numpy as np

from smlib import rules
from smlib.checks import checked

__all__ = [
    "ALLOYS",
    "BORG",
    "ELEMENTS",
    "PAIR_ENTHALPY",
    "Alloy",
    "Element",
    "element",
    "fractions",
    "pair_enthalpy",
    "parse_formula",
    "read_table",
    "values",
]


@dataclass(frozen=True)
class Element:
    """Properties of one element; nan where no value is given."""

    symbol: str
    Z: int  # atomic number
    r_gl: float  # radius of the high-entropy-alloy literature, pm
    r_cn12: float  # metallic radius for 12 neighbours, pm
    r_cov: float  # single-bond covalent radius, pm
    K: float  # isothermal bulk modulus, GPa
    Kp: float  # its pressure derivative, +-0.5 (the choice of ruby scale alone moves it so far)
    G: float  # shear modulus of the polycrystal, GPa
    chi: float  # Pauling electronegativity
    vec: float  # valence electrons, s and d counted (Cu 11)
    ea: float  # electrons outside the d shell; trust it for sp metals and Cu, Ag, Au only
    structure: str  # at 300 K
    Tm: float  # melting point, K
    volume: float  # per atom, cubic angstrom


class Alloy(NamedTuple):
    """A published alloy."""

    formula: str
    cls: str  # SS "solid solution" (even B2 is allowed), IM intermetallic, AM amorphous
    delta: float  # printed size spread, %
    dH: float  # printed mixing enthalpy, kJ/mol; nan where none was printed
    source: str  # G13 = Guo, Hu, Ng & Liu 2013; GL11 = Guo & Liu 2011
    microstructure: str  # compiled by King et al. 2016; "" where none


_DATA = files("smlib").joinpath("data")


@checked(infinite=True)
def read_table(name: rules.Choice(*sorted(entry.name for entry in _DATA.iterdir()))):
    """Rows of a table of ``smlib/data``, for example "elements.csv", as dicts of strings, by the
    names in its header."""
    with _DATA.joinpath(name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


_READERS = {"symbol": str, "structure": str, "Z": int}
ELEMENTS = {
    row["symbol"]: Element(**{k: _READERS.get(k, float)(v or "nan") for k, v in row.items()})
    for row in read_table("elements.csv")
}
"""The 45 elements by symbol, in the order of their atomic numbers."""

SYMBOL = rules.Choice(*ELEMENTS)
_INDEX = {symbol: i for i, symbol in enumerate(ELEMENTS)}
_NUMERIC = tuple(f.name for f in fields(Element) if f.type is not str)


PAIR_ENTHALPY = np.zeros((len(ELEMENTS), len(ELEMENTS)))
for _row in read_table("pair_enthalpy.csv"):
    _pair = _INDEX[_row["first"]], _INDEX[_row["second"]]
    PAIR_ENTHALPY[_pair] = PAIR_ENTHALPY[_pair[::-1]] = float(_row["enthalpy"])
PAIR_ENTHALPY.setflags(write=False)
"""Mixing enthalpy of the equiatomic liquids, kJ/mol, shape (45, 45), in the order of `ELEMENTS`
(Miedema's model as tabulated by Takeuchi & Inoue 2005)."""

ALLOYS = tuple(
    Alloy(**{k: float(v or "nan") if k in ("delta", "dH") else v for k, v in row.items()})
    for row in read_table("alloys.csv")
)
"""101 alloys with the values printed by Guo & Liu 2011 and Guo et al. 2013."""

BORG = tuple((row["formula"], row["label"]) for row in read_table("borg2020_phases.csv"))
"""486 alloys of four and more elements, reduced from Borg et al. 2020 (CC BY 4.0): (formula,
label), where F is fcc only, B is bcc only, M is anything else."""


@checked(infinite=True)
def element(symbol: SYMBOL):
    """Look up one `Element` by its symbol.

    Examples
    --------
    >>> element("Mn").r_gl, element("Mn").r_cn12
    (135.0, 126.0)
    """
    return ELEMENTS[symbol]


@checked(infinite=True)
def values(prop: rules.Choice(*_NUMERIC), symbols: rules.Each(SYMBOL, empty=True)):
    """One numeric property of several elements.

    Parameters
    ----------
    prop : str
        Name of a numeric attribute of `Element`, for example "r_cn12".
    symbols : iterable of str

    Returns
    -------
    ndarray of float, shape (number of symbols,)
        nan where the table is empty: check before use.

    Examples
    --------
    >>> values("K", ["Cu", "Ni"]).tolist()
    [131.0, 186.4]
    """
    return np.array([getattr(ELEMENTS[symbol], prop) for symbol in symbols], dtype=float)


@checked
def pair_enthalpy(a: SYMBOL, b: SYMBOL):
    """Mixing enthalpy of the equiatomic liquid of two elements (Takeuchi & Inoue 2005).

    Returns
    -------
    float
        kJ/mol, negative if the elements attract; 0.0 if a == b. The order does not matter.

    Examples
    --------
    >>> pair_enthalpy("Al", "Ni")
    -22.0
    """
    return float(PAIR_ENTHALPY[_INDEX[a], _INDEX[b]])


_TERM = re.compile(r"([A-Z][a-z]?)([0-9]+(?:\.[0-9]+)?|\.[0-9]+)?")


def parse_formula(text):
    """Atomic fractions of a formula such as "Zr41.2Ti13.8Cu12.5Ni10Be22.5".

    Parameters
    ----------
    text : str
        Symbols, each followed by an optional decimal amount (1 if absent).

    Returns
    -------
    dict of str to float
        Fractions that sum to 1, in order of appearance; repeats are added, zeros dropped.

    Raises
    ------
    ValueError
        If the text is empty or holds anything else (spaces, brackets, lower-case starts), an
        element is unknown, or the amounts have no finite positive sum.

    Examples
    --------
    >>> parse_formula("Al0.5CoNi0.5")
    {'Al': 0.25, 'Co': 0.5, 'Ni': 0.25}
    """
    return _parsed("text", text)


def _symbol(name, symbol):
    if not isinstance(symbol, str) or symbol not in ELEMENTS:
        raise ValueError(f"unknown element {symbol!r:.60} in {name}; known: {' '.join(ELEMENTS)}")
    return ELEMENTS[symbol].symbol


def _parsed(name, text):
    if not isinstance(text, str) or not text:
        raise ValueError(f"{name} must be a formula, a non-empty text, got {text!r:.60}")
    amounts, position = {}, 0
    while position < len(text):
        term = _TERM.match(text, position)
        if term is None:
            raise ValueError(f"{name}: cannot read {text[position:]!r} in the formula {text!r}")
        symbol = _symbol(name, term[1])
        amounts[symbol] = amounts.get(symbol, 0.0) + float(term[2] or 1)
        position = term.end()
    return _normalised(name, amounts, text)


def fractions(composition):
    """Atomic fractions of a composition given as formula or as amounts.

    Parameters
    ----------
    composition : str or mapping of str to number
        A formula (see `parse_formula`), or amounts in any common unit (moles, at. %).

    Returns
    -------
    dict of str to float
        Fractions that sum to 1; elements with amount zero are left out.

    Raises
    ------
    ValueError
        If an element is unknown, an amount is negative or not a finite number, or all are zero.

    Examples
    --------
    >>> fractions({"Cu": 50, "Zr": 50, "Al": 0})
    {'Cu': 0.5, 'Zr': 0.5}
    """
    if not isinstance(composition, Mapping):
        return _parsed("composition", composition)
    amounts = {}
    for symbol, amount in composition.items():
        symbol = _symbol("composition", symbol)
        usable = isinstance(amount, Real) and not isinstance(amount, bool)
        if not usable or not 0 <= amount <= sys.float_info.max:
            raise ValueError(f"composition: amount of {symbol} must be >= 0, got {amount!r}")
        amounts[symbol] = float(amount)
    return _normalised("composition", amounts, composition)


def _normalised(name, amounts, given):
    total = sum(amounts.values())
    if not 0 < total <= sys.float_info.max:
        raise ValueError(
            f"{name}: the amounts of {given!r} must have a finite positive sum, got {total}"
        )
    return {symbol: amount / total for symbol, amount in amounts.items() if amount > 0}
