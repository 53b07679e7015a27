"""Experiments of the chapter "Hubs, leaves and the price of fairness"."""

from functools import cache

import numpy as np

from smlib import graph_normalization as gn
from smlib.memo import remembered

MEAN, NOISE = 0.2, 1.0
DEPTHS = (1, 2, 3, 4, 5, 6, 8, 10, 14, 20, 30, 40)
DEEPEST = DEPTHS[-1]


@remembered
def graph(name):
    """Adjacency matrix; the star has 100 leaves."""
    return gn.load_graph(name, n=101 if name == "star" else 1000)


@cache
def _power(name, base, layers):
    """Dense power of the symmetric (or the plain) matrix with self-loops."""
    if layers == 1:
        return gn.propagation_matrix(graph(name), base, self_loops=True).toarray()
    half = layers // 2
    return _power(name, base, half) @ _power(name, base, layers - half)


@remembered
def magnitudes(name, kind, features, layers):
    """Root mean square of the features of every node after some layers, with self-loops."""
    d = gn.degrees(graph(name), self_loops=True)
    if kind == "sum":
        M, behind, before = _power(name, "sum", layers), np.ones_like(d), np.ones_like(d)
    else:  # the family: D^(1/2 - alpha) S^layers D^(alpha - 1/2)
        alpha = gn.KINDS.get(kind, kind)
        M, behind, before = _power(name, "sym", layers), d ** (0.5 - alpha), d ** (alpha - 0.5)
    coherent, incoherent = behind * (M @ before), behind * np.sqrt(M**2 @ before**2)
    if features == "mixed":
        return np.hypot(MEAN * coherent, NOISE * incoherent)
    return coherent if features == "constant" else incoherent


def exponents(kind):
    """Powers of the degree that one layer gives to means and to noise."""
    alpha = 0.0 if kind == "sum" else gn.KINDS.get(kind, kind)
    return 1 - alpha, 0.5 - alpha


@cache
def two_seeds(kind, self_loops, restart):
    """Karate club from two labelled members: features after each layer, (41, 34, 2), and the share
    of them that is not yet in the final profile."""
    A = graph("karate")
    X = np.zeros((34, 2))
    X[0, 0] = X[33, 1] = 1
    P = gn.propagation_matrix(A, kind, self_loops)
    H = gn.propagate(P, X, DEEPEST, restart)
    if kind == "sum":
        Z, u = H, gn.fixed_point(A, "sum", self_loops)
    else:  # in the coordinates in which the matrix is symmetric
        d = gn.degrees(A, self_loops)
        Z, u = d[:, None] ** (gn.KINDS[kind] - 0.5) * H, np.sqrt(d / d.sum())
    rest = Z - u[:, None] * (u @ Z)[:, None]
    return H, np.linalg.norm(rest, axis=(1, 2)) / np.linalg.norm(Z, axis=(1, 2))


def accuracy(H):
    """Share of the members that two-class features put on their side; a tie counts as Mr. Hi."""
    return (H.argmax(axis=-1) == gn.karate_clubs()).mean(axis=-1)


@cache
def rate(kind, self_loops):
    """Factor per layer of what is left of the differences in the karate club."""
    A = graph("karate")
    if kind != "sum":
        return gn.smoothing_rate(A, self_loops).rate
    values = np.linalg.eigvalsh(A.toarray()) + self_loops
    return np.abs(values[:-1]).max() / values[-1]


@remembered
def _eigenvalues(name, self_loops):
    return np.linalg.eigvalsh(gn.propagation_matrix(graph(name), "sym", self_loops).toarray())


def residual(name, self_loops, layers):
    """Share, root mean square, of independent features that is not yet in the final profile."""
    powers = _eigenvalues(name, self_loops)[:, None] ** (2 * np.asarray(layers))
    return np.sqrt(powers[:-1].sum(axis=0) / powers.sum(axis=0))


@cache
def survives(name, kind, target):
    """Squared correlation of one layer of random infections with what is wanted."""
    return gn.aggregation_r2(graph(name), kind, target)
