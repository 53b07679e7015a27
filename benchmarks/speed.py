"""Computations of the chapters against other ways to the same result, as ratios in one run."""

from __future__ import annotations

import time

import numpy as np

from smlib import high_entropy_alloys as hea
from smlib.elements import BORG
from smlib.random_landscape import critical_force, gaussian_random_field
from tests.test_random_landscape import time_stepping

from .table import Row, number


def _times(value: float) -> str:
    return f"{value:.0f} ×"


def _small(value: float) -> str:
    return f"{value:.0e}"


def _seconds(call, repeat: int = 1) -> tuple[float, object]:
    """Shortest of ``repeat`` runs, and the result."""
    best, result = np.inf, None
    for _ in range(repeat):
        began = time.perf_counter()
        result = call()
        best = min(best, time.perf_counter() - began)
    return best, result


def depinning() -> list[Row]:
    """The one-pass critical force against an explicit Euler line under a slowly raised load."""
    rows = []
    spacing, tol = (0.5, 0.25), 0.01
    force = gaussian_random_field((64, 128), spacing, 1.0, seed=1)
    force -= force.mean()
    for tension in (1.0, 3.0):
        fast, a = _seconds(lambda t=tension: critical_force(force, spacing, t, tol=tol), 3)
        slow, b = _seconds(lambda t=tension: time_stepping(force, spacing, t, tol=tol))
        name = f"critical force, tension {tension:g}"
        rows.append(Row(f"{name}: time stepping takes", slow / fast, _times, 20, least=True))
        difference = abs(a - b) / force.std()
        rows.append(Row(f"{name}: difference / rms force", difference, _small, 2 * tol))
    return rows


def descriptors() -> list[Row]:
    """Descriptors of 486 alloys against a featurizer of matminer, which computes 25 of them."""
    from matminer.featurizers.composition.alloy import WenAlloys
    from pymatgen.core import Composition

    formulas = [formula for formula, _ in BORG]

    def ours():
        hea._parsed.cache_clear()
        return [f(formulas) for f in (hea.delta, hea.mixing_enthalpy, hea.mixing_entropy, hea.vec)]

    fast, (_, enthalpy, entropy, _) = _seconds(ours, 5)
    featurizer = WenAlloys()
    compositions = [Composition(formula) for formula in formulas]
    featurizer.featurize(compositions[0])  # reads its tables
    slow, found = _seconds(lambda: [featurizer.featurize(c) for c in compositions])
    labels = featurizer.feature_labels()
    theirs = {
        name: np.array([row[labels.index(name)] for row in found], dtype=float)
        for name in ("Mixing enthalpy", "Configuration entropy")
    }
    # It gives the size of the enthalpy, and minus the entropy in kJ.
    gap = np.abs(theirs["Mixing enthalpy"] - np.abs(enthalpy)).max()
    gap_entropy = np.abs(1e3 * theirs["Configuration entropy"] + entropy).max()
    return [
        Row("alloys compared", len(formulas), number),
        Row("4 descriptors; matminer's WenAlloys (25) takes", slow / fast, _times, 100, least=True),
        Row("largest difference, enthalpy / kJ mol⁻¹", gap, _small, 1e-5),
        Row("largest difference, entropy / J mol⁻¹ K⁻¹", gap_entropy, _small, 1e-2),
    ]


def measure_speed() -> list[Row]:
    """All rows."""
    return [*depinning(), *descriptors()]
