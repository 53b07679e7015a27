"""Experiments of the chapter "Five kinds of brick"."""

from functools import cache

import numpy as np

from smlib import high_entropy_alloys as hea
from smlib.elements import ALLOYS, BORG, parse_formula
from smlib.memo import remembered

VEC_BCC, VEC_FCC = 6.87, 8.0


@cache
def labelled():
    """Size spread (%) and mixing enthalpy (kJ/mol) of the labelled alloys, and their classes."""
    formulas = [alloy.formula for alloy in ALLOYS]
    classes = np.array([alloy.cls for alloy in ALLOYS])
    return hea.delta(formulas), hea.mixing_enthalpy(formulas), classes


def series(base, added, amount):
    """Amounts of an alloy: one of each base element and ``amount`` of the added one."""
    amounts = dict.fromkeys(parse_formula(base), 1.0)
    amounts[added] = amounts.get(added, 0.0) + amount
    return amounts


def vec_phase(count):
    """Crystal that the rule of Guo et al. 2011 expects of a valence electron count."""
    if count >= VEC_FCC:
        return "fcc"
    return "bcc" if count < VEC_BCC else "fcc + bcc"


@cache
def test_set(name):
    """Size spread, mixing enthalpy and truth (1 = wanted) of a set of alloys to be judged."""
    if name == "guo":
        pairs = [(a.formula, a.cls == "SS") for a in ALLOYS if a.cls != "AM"]
    else:
        pairs = [(f, label != "M") for f, label in BORG]
        if name == "borg_no_al":
            pairs = [(f, y) for f, y in pairs if "Al" not in parse_formula(f)]
    formulas = [formula for formula, _ in pairs]
    truth = np.array([y for _, y in pairs])
    return hea.delta(formulas), hea.mixing_enthalpy(formulas), truth


def judged(size_limit, heat_limit, test):
    """Which alloys of a test set are called good, and the scores of that."""
    size, heat, truth = test_set(test)
    said = (size < size_limit) & (np.abs(heat) < heat_limit)
    return said, hea.confusion(said, truth)


@cache
def crystalline_limits():
    """Elastic limit (%) of the 77 crystalline labelled alloys."""
    return hea.elastic_limit([alloy.formula for alloy in ALLOYS if alloy.cls != "AM"])


@remembered
def roc_curves_data():
    """Name to (fpr, tpr, area) of the five curves of the figure."""
    size, _, good = test_set("guo")
    borg_size, borg_heat, single = test_set("borg")
    formulas = [formula for formula, label in BORG if label != "M"]
    fcc = np.array([label == "F" for _, label in BORG if label != "M"])
    return {
        "VEC: fcc or bcc": hea.roc(hea.vec(formulas), fcc),
        "δ, the rule's own alloys": hea.roc(-size, good),
        "|ΔH|, other alloys": hea.roc(-np.abs(borg_heat), single),
        "δ, other alloys": hea.roc(-borg_size, single),
        "entropy, other alloys": hea.roc(hea.mixing_entropy([f for f, _ in BORG]), single),
    }
