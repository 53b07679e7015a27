"""One formula behind many remedies: divide row i by l_i and column j by r_j.

Standardized features, preconditioned systems, normalized graphs, normalized queries and keys, a
change of units: each field has its own recipe, and each recipe is

    B_ij = A_ij / (l_i r_j),  that is  B = diag(1/l) A diag(1/r) .

What it leaves unchanged depends on l and r alone.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import linalg
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from smlib import rules
from smlib.checks import checked

__all__ = [
    "FIELDS",
    "FieldExample",
    "compare_invariants",
    "diagonal_rescale",
    "effective_condition",
    "field_example",
    "gradient_steps",
    "rescale_class",
]


MATRIX, SCALES = rules.Reals(ndim=2), rules.Reals("(0, inf)", ndim=1)
RTOL = rules.Real("[0, 1)")


def _fits(name, vector, size, like):
    if vector.size != size:
        raise ValueError(f"{name} must have length {size}, got {vector.size}, to fit {like}")


@checked
def diagonal_rescale(matrix: MATRIX, left: SCALES, right: SCALES | None = None):
    """Divide the rows of a matrix by `left` and its columns by `right`.

    Parameters
    ----------
    matrix : array_like, shape (m, n)
    left : array_like, shape (m,)
        Scales of the rows, positive: a change of unit does not flip a sign.
    right : array_like, shape (n,), optional
        Scales of the columns, positive. Ones if left out.

    Returns
    -------
    ndarray, shape (m, n)
        ``matrix[i, j] / (left[i] * right[j])``.

    Raises
    ------
    ValueError
        If a length does not fit.

    Examples
    --------
    >>> diagonal_rescale([[1e4, 30], [30, 1]], [100, 1], [100, 1])
    array([[1. , 0.3],
           [0.3, 1. ]])
    """
    rows, columns = matrix.shape
    right = np.ones(columns) if right is None else right
    _fits("left", left, rows, "matrix")
    _fits("right", right, columns, "matrix")
    return matrix / left[:, None] / right


@checked
def effective_condition(matrix: MATRIX, rtol: RTOL = 1e-10):
    """Condition number over the singular values that are not zero.

    Parameters
    ----------
    matrix : array_like, shape (m, n)
    rtol : float
        Singular values up to this fraction of the largest count as zero, as that of a graph's
        Laplacian does.

    Returns
    -------
    float
        Largest over smallest remaining singular value, at least 1.

    Raises
    ------
    ValueError
        If the matrix is zero.

    Examples
    --------
    >>> round(effective_condition([[1e4, 30], [30, 1]]))
    10989
    >>> effective_condition([[2, 0], [0, 0]])
    1.0
    """
    sigma = linalg.svdvals(matrix)
    if sigma[0] == 0:
        raise ValueError("matrix must not be zero: it has no condition number")
    return float(sigma[0] / sigma[sigma > rtol * sigma[0]][-1])


@checked
def rescale_class(left: SCALES, right: SCALES, rtol: RTOL = 1e-9):
    """Say what kind of change of coordinates ``diag(1/left) A diag(1/right)`` is.

    Parameters
    ----------
    left, right : array_like, shape (n,)
        Scales of rows and columns, positive.
    rtol : float
        Relative tolerance.

    Returns
    -------
    frozenset
        Holds "similarity" if ``left * right`` is constant, which keeps the eigenvalues up to that
        constant, and "congruence" if ``left / right`` is, which keeps the signs of the eigenvalues
        of a symmetric matrix (Sylvester 1852). Both for one scalar, neither in general.

    Raises
    ------
    ValueError
        If the lengths differ.

    Examples
    --------
    >>> sorted(rescale_class([2, 3], [2, 3])), sorted(rescale_class([2, 3], [1 / 2, 1 / 3]))
    (['congruence'], ['similarity'])
    """
    _fits("right", right, left.size, "left")
    left, right = np.log(left), np.log(right)
    kinds = {"similarity": left + right, "congruence": left - right}
    # Three logarithms of up to 745 are known to 1e-12 together.
    limit = math.log1p(rtol) + 1e-12
    return frozenset(kind for kind, values in kinds.items() if np.ptp(values) <= limit)


def _rank(matrix):
    """Rank after every row, then every column, is given the same largest entry, so that units do
    not decide."""
    for axis in (1, 0):
        largest = np.abs(matrix).max(axis=axis, keepdims=True)
        matrix = matrix / np.where(largest > 0, largest, 1)
    return np.linalg.matrix_rank(matrix, tol=1e-10)


def _inertia(matrix, rtol):
    """Signs of the eigenvalues, of the matrix in units that give its rows the same largest entry:
    each step takes the root of what is left to do (Ruiz 2001)."""
    for _ in range(30):
        unit = np.sqrt(np.abs(matrix).max(axis=1))
        unit[unit == 0] = 1
        matrix = matrix / unit[:, None] / unit
    values = linalg.eigvalsh(matrix)
    signs = np.where(np.abs(values) > rtol * np.abs(values).max(), np.sign(values), 0)
    return [int((signs == sign).sum()) for sign in (1, -1, 0)]


@checked
def compare_invariants(a: MATRIX, b: MATRIX, rtol: RTOL = 1e-8):
    """Ask which properties of a matrix another one shares.

    Parameters
    ----------
    a, b : array_like, shape (n, n)
    rtol : float
        Tolerance relative to the largest eigenvalue.

    Returns
    -------
    dict
        "rank": bool; "spectrum": bool, equal eigenvalues; "inertia": bool, equal numbers of
        positive, negative and zero eigenvalues, None unless both matrices are symmetric.

    Raises
    ------
    ValueError
        If a matrix is not square, or the shapes differ.

    Examples
    --------
    >>> compare_invariants([[2, 1], [1, 3]], [[8, 2], [2, 3]])
    {'rank': True, 'spectrum': False, 'inertia': True}
    """
    if a.shape != b.shape or a.shape[0] != a.shape[1]:
        raise ValueError(f"a and b must be square and alike, got shapes {a.shape} and {b.shape}")
    # Pair the eigenvalues before comparing: sorting complex numbers breaks ties by rounding.
    first, second = linalg.eigvals(a), linalg.eigvals(b)
    distance = np.abs(first[:, None] - second)
    pairs = linear_sum_assignment(distance)
    largest = max(np.abs(first).max(), np.abs(second).max())
    symmetric = all(np.allclose(m, m.T, rtol=0, atol=rtol * np.abs(m).max()) for m in (a, b))
    return {
        "rank": bool(_rank(a) == _rank(b)),
        "spectrum": bool(distance[pairs].max() <= rtol * largest),
        "inertia": _inertia(a, rtol) == _inertia(b, rtol) if symmetric else None,
    }


@checked
def gradient_steps(condition: rules.Real("[1, inf)"), tolerance: rules.Real("(0, 1)") = 1e-6):
    """Steps that gradient descent with the best fixed step needs on a quadratic.

    Parameters
    ----------
    condition : float
        Condition number of the Hessian.
    tolerance : float
        Factor to which the error falls, from the worst start.

    Returns
    -------
    int
        Smallest k with ``((condition - 1) / (condition + 1))**k <= tolerance``.

    Examples
    --------
    >>> gradient_steps(3), gradient_steps(3, 0.25)
    (20, 2)
    """
    if condition == 1:
        return 1
    # The factor is 1 - 2 / (condition + 1): of large conditions it rounds to 1, of small ones to 0.
    if condition > 3:
        shrink = math.log1p(-2 / (condition + 1))
    else:
        shrink = math.log((condition - 1) / (condition + 1))
    # What is reached on paper is reached, whatever the last bit of the tolerance and of the factor.
    return max(1, math.ceil((math.log(tolerance) * (1 - 1e-12) + 2e-16) / shrink))


@dataclass(frozen=True, eq=False)
class FieldExample:
    """One field's matrix, the scales it divides by, and what its own recipe makes of it.

    Attributes
    ----------
    field : str
    raw : ndarray, shape (n, n)
        Before the remedy.
    left, right : ndarray, shape (n,)
        Scales of rows and columns.
    native : ndarray, shape (n, n)
        After the remedy, computed as the field computes it, without `diagonal_rescale`.
    """

    field: str
    raw: np.ndarray
    left: np.ndarray
    right: np.ndarray
    native: np.ndarray

    @property
    @checked
    def rescaled(self):
        """``diag(1/left) raw diag(1/right)``."""
        return diagonal_rescale(self.raw, self.left, self.right)

    @property
    @checked
    def residual(self):
        """Largest difference between `rescaled` and `native`."""
        return float(np.abs(self.rescaled - self.native).max())

    @property
    @checked
    def intrinsic_decades(self):
        """Decades of the condition number that remain after rescaling."""
        return math.log10(effective_condition(self.rescaled))

    @property
    @checked
    def nominal_decades(self):
        """Decades of the condition number that rescaling takes away."""
        return math.log10(effective_condition(self.raw)) - self.intrinsic_decades


def _features(c, rng):
    """Covariance of correlated features in units c; the Gram matrix of their z-scores."""
    n = c.size
    data = rng.standard_normal((200, n)) @ np.linalg.cholesky(0.5 * np.eye(n) + 0.5).T * c
    std = data.std(axis=0)
    z = (data - data.mean(axis=0)) / std
    return np.cov(data.T, bias=True), std, std, z.T @ z / len(data)


def _springs(c, n):
    """Chain between two walls; unknowns measured so that every diagonal entry is 1."""
    k = np.logspace(0, math.log10(c[-1]), n + 1)
    stiffness = np.diag(k[:-1] + k[1:]) - np.diag(k[1:-1], 1) - np.diag(k[1:-1], -1)
    inverse = np.diag(1 / np.sqrt(stiffness.diagonal()))
    return stiffness, *(np.sqrt(stiffness.diagonal()),) * 2, inverse @ stiffness @ inverse


def _graph(c, symmetric):
    """Hub joined to every other node with a weight of c, and one more edge."""
    weights = np.zeros((c.size, c.size))
    weights[0, 1:] = c[1:]
    weights[1, 2] = 1
    weights += weights.T
    degree = weights.sum(axis=1)
    laplacian, eye = np.diag(degree) - weights, np.eye(c.size)
    if symmetric:
        root = np.sqrt(degree)
        return laplacian, root, root, eye - weights / np.outer(root, root)
    return laplacian, degree, np.ones_like(degree), eye - np.linalg.solve(np.diag(degree), weights)


def _attention(c, rng):
    """Logits of queries of lengths c and keys; the cosines between them."""
    query, key = rng.standard_normal((2, c.size, 64))
    query = query * c[:, None]
    long, wide = np.linalg.norm(query, axis=1), np.linalg.norm(key, axis=1)
    cosines = 1 - cdist(query, key, "cosine")
    return query @ key.T, long, wide, cosines


def _units(c, rng):
    """Rates of a linear system; the same rates with every unknown in its own unit."""
    native = rng.standard_normal((c.size, c.size)) - 2 * np.eye(c.size)
    return native * c[:, None] / c, c, 1 / c, native


#: Examples and the chapters that they come from.
FIELDS = {
    "features": "feature_scaling",
    "preconditioner": "viscoelastic",
    "graph_symmetric": "graph_normalization",
    "graph_left": "graph_normalization",
    "attention": "attention",
    "units": "physics_informed",
}


@checked
def field_example(
    field: rules.Choice(*FIELDS),
    decades: rules.Real("[0, 6]") = 2.0,
    n: rules.Whole(3) = 6,
    seed: rules.Seed() = 0,
):
    """Small instance of a field's remedy, with scales spread over some decades.

    Parameters
    ----------
    field : str
        Key of `FIELDS`: standardized features, a symmetrically preconditioned chain of springs, a
        graph Laplacian normalized from both sides or from the left, attention with normalized
        queries and keys, a linear system of rates in other units.
    decades : float
        Ratio of the largest to the smallest scale, as a power of ten.
    n : int
        Size, at least 3.
    seed : int
        Of the random entries, where there are any.

    Returns
    -------
    FieldExample

    Examples
    --------
    >>> example = field_example("features", decades=4)
    >>> example.residual < 1e-12, round(example.nominal_decades, 2)
    (True, 7.39)
    """
    c, rng = np.logspace(0, decades, n), seed
    parts = {
        "features": lambda: _features(c, rng),
        "preconditioner": lambda: _springs(c, n),
        "graph_symmetric": lambda: _graph(c, symmetric=True),
        "graph_left": lambda: _graph(c, symmetric=False),
        "attention": lambda: _attention(c, rng),
        "units": lambda: _units(c, rng),
    }
    return FieldExample(field, *parts[field]())
