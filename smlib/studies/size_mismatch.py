"""Experiments of the chapter "Bricks that do not fit"."""

from functools import cache

import numpy as np

from smlib import size_mismatch as sm
from smlib.elements import ELEMENTS, values


@cache
def measured(hosts=None):
    """Misfit, maximum solubility (fraction), host and solute of the tabulated systems."""
    rows = [row for row in sm.BINARIES if hosts is None or row[0] in hosts]
    host, solute, x = (np.array(column) for column in zip(*rows, strict=True))
    return sm.misfit(values("r_cn12", solute), values("r_cn12", host)), x, host, solute


def energy_of(name, eps):
    """Elastic energy, eV, of a solute with a misfit in a host."""
    e = ELEMENTS[name]
    return sm.misfit_energy(eps, e.G, e.K, e.volume)


@cache
def critical_misfits():
    """Misfit (%) at which 5 at% dissolve at the melting point, for the 34 hosts."""
    columns = (values(name, sm.HOSTS) for name in ("G", "K", "volume", "Tm"))
    return 100 * sm.critical_misfit(*columns)
