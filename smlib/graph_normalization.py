"""How should a node with a million neighbours and a node with one be given a fair hearing?
(Chapter "Hubs, leaves and the price of fairness".)

A layer of a graph network without weights replaces the features of every node by a sum over its
neighbours, H <- P H. A power of the degree d before and behind the adjacency matrix A decides who
is loud: P = D^-alpha A D^(alpha - 1), with alpha = 0 (right), 1/2 (symmetric) and 1 (left, the mean
of the neighbours), or P = A, the plain sum. All members of this family have the same eigenvalues.

Graphs are undirected: A is symmetric, non-negative, a scipy sparse or a numpy array of shape
(n, n). All quantities are dimensionless, logarithms natural; self-loops make A + I and d + 1.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import eigsh

from smlib import rules
from smlib.checks import checked, extra, plain

__all__ = ["GRAPHS", "KINDS", "Smoothing", "aggregation_r2", "degree_exponent", "degrees"]
__all__ += ["fixed_point", "growth_per_layer", "karate_clubs", "load_graph", "propagate"]
__all__ += ["propagation_matrix", "r2_estimate", "response_rms", "smoothing_rate"]

#: Graphs that `load_graph` knows.
GRAPHS = ("karate", "lesmis", "florentine", "davis", "ba", "star")
#: Named normalisations: power alpha of the receiver's degree; the sum has none.
KINDS = {"sum": None, "right": 0.0, "sym": 0.5, "left": 1.0}
TARGETS = ("count", "fraction")
DENSE = 400  # nodes up to which eigenvalues come from a dense matrix


class _Adjacency(rules.Matrix):
    """A symmetric matrix without negative elements; as a sparse one."""

    def __call__(self, name, value):
        A = sparse.csr_array(super().__call__(name, value))
        gap = abs(A - A.T).max() if A.nnz else 0.0
        if gap > 1e-9 * (A.max() if A.nnz else 0.0):
            raise ValueError(
                f"{name} must be symmetric, got a difference of {gap:.3g} from its transpose"
            )
        return A

    def __repr__(self):
        return super().__repr__().replace("square", "symmetric")


class _Kind(rules.Real):
    """One of `KINDS` or a number; as the power of the receiver's degree, None for the sum."""

    def __call__(self, name, value):
        if isinstance(value, str):
            return KINDS[rules.Choice(*KINDS)(name, value)]
        return super().__call__(name, value)

    def __repr__(self):
        return f"one of {', '.join(KINDS)}, or a number"


ADJACENCY, KIND, LOOPS = _Adjacency("[0, inf)", square=True), _Kind(), rules.Flag()


@checked
def load_graph(
    name: rules.Choice(*GRAPHS),
    n: rules.Whole(2) = 1000,
    m: rules.Whole() = 2,
    seed: rules.Whole(0) = 0,
):
    """Adjacency matrix of a graph, without weights.

    Parameters
    ----------
    name : str
        "karate", 34 members of a club (Zachary, 1977); "lesmis", 77 characters of Les Miserables
        (Knuth, 1993); "florentine", marriages of 15 families (Breiger and Pattison, 1986);
        "davis", 18 women and 14 events, bipartite (Davis et al., 1941); "ba", a random graph grown
        by preferential attachment (Barabasi and Albert, 1999); "star", node 0 and n - 1 leaves.
    n, m : int
        Nodes of "ba" and "star"; links that each new node of "ba" brings, 1 <= m < n.
    seed : int
        Of the random numbers of "ba".

    Returns
    -------
    scipy.sparse.csr_array, shape (n, n)
        Entries 0 and 1, symmetric, zero diagonal.

    Notes
    -----
    All but "star" come from networkx, which is imported here.
    """
    if name == "star":
        leaves = np.arange(1, n)
        hub = np.zeros_like(leaves)
        ends = np.r_[hub, leaves], np.r_[leaves, hub]
        return sparse.csr_array((np.ones(2 * leaves.size), ends), shape=(n, n))
    with extra("chapters"):
        import networkx as nx

    if name == "ba":
        if n <= m:
            raise ValueError(f"n must be above m={m}, got {n}")
        graph = nx.barabasi_albert_graph(n, m, seed=seed)
    else:
        graph = {
            "karate": nx.karate_club_graph,
            "lesmis": nx.les_miserables_graph,
            "florentine": nx.florentine_families_graph,
            "davis": nx.davis_southern_women_graph,
        }[name]()
    return sparse.csr_array(nx.to_scipy_sparse_array(graph, weight=None, dtype=float))


def karate_clubs():
    """Side on which each member of the karate club ended, 0 for Mr. Hi, 1 for the officer.

    Returns
    -------
    ndarray of int, shape (34,)
        In the order of ``load_graph("karate")`` (Zachary, 1977).
    """
    with extra("chapters"):
        import networkx as nx

    clubs = nx.get_node_attributes(nx.karate_club_graph(), "club")
    return np.array([int(club == "Officer") for club in clubs.values()])


def _looped(A, self_loops):
    return sparse.csr_array(A + sparse.eye_array(A.shape[0])) if self_loops else A


def _positive(d):
    alone = np.flatnonzero(d == 0)
    if alone.size:
        raise ValueError(f"A must have no isolated node, got one at index {alone[0]}")
    return d


@checked
def degrees(A: ADJACENCY, self_loops: LOOPS = False):
    """Sum of each row of A, plus one with self-loops; shape (n,).

    Examples
    --------
    >>> degrees(load_graph("star", n=4)).tolist()
    [3.0, 1.0, 1.0, 1.0]
    """
    return _looped(A, self_loops).sum(axis=1)


def _scaled(A, alpha):
    d = _positive(A.sum(axis=1))
    return sparse.csr_array(
        sparse.diags_array(d**-alpha) @ A @ sparse.diags_array(d ** (alpha - 1))
    )


@checked
def propagation_matrix(A: ADJACENCY, kind: KIND = "sym", self_loops: LOOPS = False):
    """Matrix P of one layer, D^-alpha A D^(alpha - 1) or A itself.

    Parameters
    ----------
    A : sparse or array, shape (n, n)
        No isolated node, unless `kind` is "sum" or there are self-loops.
    kind : {"sum", "right", "sym", "left"} or float
        Names stand for alpha = 0, 1/2, 1; a number is alpha. "sym" with self-loops is the graph
        convolution of Kipf and Welling (2017), "left" the mean over the neighbours.
    self_loops : bool
        Whether every node is a neighbour of its own.

    Returns
    -------
    scipy.sparse.csr_array, shape (n, n)

    Examples
    --------
    >>> propagation_matrix(load_graph("star", n=3), "left").toarray().tolist()
    [[0.0, 0.5, 0.5], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    """
    A = _looped(A, self_loops)
    return A if kind is None else _scaled(A, kind)


@checked
def propagate(
    P: rules.Matrix(square=True),
    X: rules.NUMBERS,
    steps: rules.Whole(0) = 1,
    restart: rules.Real("[0, 1)") = 0.0,
):
    """Features after 0, 1, ..., `steps` layers H <- (1 - restart) P H + restart X.

    Parameters
    ----------
    P : sparse or array, shape (n, n)
        Finite; of `propagation_matrix` or any other.
    X : array_like, shape (n,) or (n, f)
        Features of the nodes.
    steps : int
        At least 0.
    restart : float
        In [0, 1); above 0, personalised PageRank (Gasteiger et al., 2019).

    Returns
    -------
    ndarray, shape (steps + 1, *X.shape)
        The first is X.

    Examples
    --------
    >>> P = propagation_matrix(load_graph("star", n=4), "sum")
    >>> propagate(P, [1, 1, 1, 1], steps=2).tolist()
    [[1.0, 1.0, 1.0, 1.0], [3.0, 1.0, 1.0, 1.0], [3.0, 3.0, 3.0, 3.0]]
    """
    if X.ndim not in (1, 2) or X.shape[0] != P.shape[0]:
        raise ValueError(f"X must have {P.shape[0]} rows as P, got the shape {X.shape}")
    H = np.empty((steps + 1, *X.shape))
    H[0] = X
    for k in range(steps):
        H[k + 1] = P @ H[k] if restart == 0 else (1 - restart) * (P @ H[k]) + restart * X
    return H


def _leading(A):
    """Largest eigenvalue of a symmetric non-negative matrix, and its eigenvector."""
    if A.shape[0] <= DENSE:
        values, vectors = np.linalg.eigh(A.toarray())
        return values[-1], vectors[:, -1]
    values, vectors = eigsh(A, k=1, which="LA", v0=np.ones(A.shape[0]))
    return values[0], vectors[:, 0]


@checked
def growth_per_layer(A: ADJACENCY, self_loops: LOOPS = False):
    """Factor by which the plain sum grows in the long run, the largest eigenvalue of A.

    It lies between max(mean degree, sqrt(largest degree)) and the largest degree. All members of
    the family of `propagation_matrix` have the factor 1.

    Examples
    --------
    >>> round(growth_per_layer(load_graph("star", n=101)), 9)
    10.0
    """
    return float(_leading(_looped(A, self_loops))[0])


@checked
def fixed_point(A: ADJACENCY, kind: KIND = "sym", self_loops: LOOPS = False):
    """Profile that many layers leave: the dominant right eigenvector of P.

    d^(1 - alpha) for the family, the eigenvector centrality for "sum". On a bipartite graph
    without self-loops the layers alternate about it.

    Parameters
    ----------
    A, kind, self_loops
        As in `propagation_matrix`; connected, with at least two nodes.

    Returns
    -------
    ndarray, shape (n,)
        Non-negative, of unit 2-norm.

    Examples
    --------
    >>> fixed_point(load_graph("star", n=4), "sum").round(4).tolist()
    [0.7071, 0.4082, 0.4082, 0.4082]
    """
    A = _looped(A, self_loops)
    parts = connected_components(A, directed=False, return_labels=False)
    if parts > 1:
        raise ValueError(f"A must be connected, got {parts} parts")
    v = np.abs(_leading(A)[1]) if kind is None else _positive(A.sum(axis=1)) ** (1 - kind)
    return v / np.linalg.norm(v)


@dataclass(frozen=True)
class Smoothing:
    """How fast layers make all nodes agree, whichever alpha.

    Attributes
    ----------
    lambda_2, lambda_min : float
        Second largest and smallest eigenvalue of P; -1 on a bipartite graph.
    rate : float
        Factor per layer of what is left of the differences: the larger of their magnitudes.
    half_life : float
        Layers that halve them, ln 2 / -ln rate; inf if they stay.
    """

    lambda_2: float
    lambda_min: float
    rate: float
    half_life: float


@checked(infinite=True)
def smoothing_rate(A: ADJACENCY, self_loops: LOOPS = False):
    """Eigenvalues of the family that decide the rate of over-smoothing.

    All members are similar to D^-1/2 A D^-1/2 and share its spectrum (Oono and Suzuki, 2020, for
    the consequence). `A` has at least two nodes and none that is isolated; on a graph of several
    parts these never agree, and the rate is 1.

    Returns
    -------
    Smoothing

    Examples
    --------
    >>> round(smoothing_rate(load_graph("karate")).half_life, 2)
    4.89
    """
    S = _scaled(_looped(A, self_loops), 0.5)
    n = S.shape[0]
    if n < 2:
        raise ValueError(f"A must have two nodes or more, got {n}")
    if n <= DENSE:
        values = np.linalg.eigvalsh(S.toarray())
        second, last = values[-2], values[0]
    else:
        start = np.random.default_rng(0).standard_normal(n)
        second = eigsh(S, k=2, which="LA", v0=start, return_eigenvectors=False).min()
        last = eigsh(S, k=1, which="SA", v0=start, return_eigenvectors=False)[0]
    rate = float(max(abs(second), abs(last)))
    stays, gone = rate >= 1 - 1e-12, rate <= 1e-12  # 1 and 0 to rounding
    half_life = np.inf if stays else 0.0 if gone else -np.log(2) / np.log(rate)
    return Smoothing(float(second), float(last), rate, float(half_life))


@checked
def response_rms(P: rules.Matrix()):
    """Root mean square of P x for independent x of mean 0 and variance 1: norms of the rows.

    Parameters
    ----------
    P : sparse or array, shape (m, n)

    Returns
    -------
    ndarray, shape (m,)

    Examples
    --------
    >>> response_rms(propagation_matrix(load_graph("star", n=5), "left")).tolist()
    [0.5, 1.0, 1.0, 1.0, 1.0]
    """
    if sparse.issparse(P):
        return np.sqrt(P.power(2).sum(axis=1))
    return np.linalg.norm(P, axis=1)


@checked
def degree_exponent(d: rules.Reals("(0, inf)", ndim=1), h: rules.Reals("(0, inf)", ndim=1)):
    """Power of the degree in a magnitude: least-squares slope of ln `h` against ln `d`.

    Parameters
    ----------
    d, h : array_like, shape (n,)
        Positive; not all degrees the same.

    Examples
    --------
    >>> round(degree_exponent([1, 4, 9], [2, 4, 6]), 12)
    0.5
    """
    if d.shape != h.shape:
        raise ValueError(f"d and h must have one shape, got {d.shape} and {h.shape}")
    if np.ptp(d) == 0:
        raise ValueError(f"d must hold two different degrees, got {d[0]} alone")
    x = np.log(d) - np.log(d).mean()
    return float(x @ np.log(h) / (x @ x))


@checked
def aggregation_r2(
    A: ADJACENCY,
    kind: KIND = "left",
    target: rules.Choice(*TARGETS) = "count",
    p: rules.Real("(0, 1)") = 0.3,
    n_draws: rules.Whole() = 200,
    seed: rules.Seed() = 0,
):
    """How much of what the neighbours hold survives one layer.

    Every node is infected with probability `p`. The target is the number of infected neighbours
    ("count") or their share ("fraction"); the feature is one layer of the infections.

    Parameters
    ----------
    A, kind
        As in `propagation_matrix`, without self-loops; no isolated node.
    target : {"count", "fraction"}
    p : float
        In (0, 1).
    n_draws, seed : int
        Number of random infections, and seed of their random numbers.

    Returns
    -------
    float
        Squared correlation over the nodes, mean over the draws; draws in which feature or target
        is the same at all nodes are skipped.

    Examples
    --------
    >>> round(aggregation_r2(load_graph("karate"), "sum", "count"), 12)
    1.0
    """
    P = propagation_matrix(A, "sum" if kind is None else kind)
    d = _positive(A.sum(axis=1))
    x = (seed.random((d.size, n_draws)) < p).astype(float)
    wanted = A @ x if target == "count" else (A @ x) / d[:, None]
    size = [np.square(values).sum(axis=0) for values in (P @ x, wanted)]
    feature, wanted = (values - values.mean(axis=0) for values in (P @ x, wanted))
    spread = np.square(feature).sum(axis=0), np.square(wanted).sum(axis=0)
    told = (spread > 1e-20 * np.array(size)).all(axis=0)  # more than rounding
    if not told.any():
        raise ValueError(
            f"n_draws must give one draw that varies on A, got {n_draws} without at p={p}"
        )
    return float(np.mean((feature * wanted).sum(axis=0)[told] ** 2 / (spread[0] * spread[1])[told]))


@checked
def r2_estimate(d: rules.Reals("[1, inf)", ndim=1), p: rules.Reals("(0, 1)") = 0.3):
    """Count from the mean, or fraction from the sum: `aggregation_r2` for many nodes.

    (1 - p) / ([(1 - p) <d> + p var(d)] <1/d>), a ratio of expectations for independent infections.

    Parameters
    ----------
    d : array_like, shape (n,)
        Degrees, at least 1.
    p : float or array_like
        In (0, 1).

    Examples
    --------
    >>> r2_estimate([4, 4, 4])
    1.0
    """
    return plain((1 - p) / (((1 - p) * d.mean() + p * d.var()) * np.mean(1 / d)))
