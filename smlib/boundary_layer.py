"""Two scales differ by a factor R: can they be treated one at a time, and how accurate is that?
(Chapter "Disparity or separation?".)

The factor alone does not tell. Let E(R) be the error of the best description that treats the scales
one at a time, as R grows and all else stays. If E ~ C R^-s, then s is the *separation exponent*,
and D = log10 R decades of *disparity* buy s D digits. `separation_exponent` measures s,
`spectral_gap` looks for a gap between the scales, `classify` turns ratio and exponent into one of
the four regimes of `smlib.scales.REGIMES`, the words that the whole book uses.

A laboratory in which everything is known exactly is a *boundary layer*,

    special:  eps u'' + (1 + eps) u' + u = 0,     generic:  eps u'' + u' + u = 0,

with u(0) = 0, u(1) = 1, 0 <= x <= 1 and R = 1/eps: exact and matched solutions, meshes, a scheme.
Another is `smlib.layered_media`.

Everything is dimensionless. Scalars give floats.
"""

import numpy as np
from scipy.linalg import solve_banded
from scipy.optimize import brentq

from smlib import rules
from smlib.checks import checked, plain

__all__ = ["MATCHED", "MESHES", "PROBLEMS", "SEPARATED", "classify", "exact_solution"]
__all__ += ["expansion", "layer_mesh", "mesh_error", "separation_exponent", "solve_layer"]
__all__ += ["spectral_gap"]

PROBLEMS = ("special", "generic")
MESHES = ("uniform", "shishkin", "bakhvalov")

MATCHED = 3.0
"""Two scales are matched if they differ by less than this factor, about half a decade."""
SEPARATED = 0.4
"""Scales are separated from this exponent on: the central limit's 1/2 less an error of 0.1."""

PROBLEM = rules.Choice(*PROBLEMS)
MESH, POSITIVE_LIST = rules.Reals("[0, 1]", ndim=1), rules.Reals("(0, inf)", ndim=1)


@checked
def exact_solution(x: rules.SHARES, eps: rules.POSITIVES, problem: PROBLEM = "special"):
    """Exact solution of the layer problem.

    Parameters
    ----------
    x : array_like
        Places in [0, 1].
    eps : array_like
        Thickness of the layer, above 0; broadcasts with `x`.
    problem : {"special", "generic"}
        Whether u' has the factor 1 + eps (Bender & Orszag 1978) or 1.

    Returns
    -------
    float or ndarray
        u(x), in the shape of the broadcast arguments.

    Examples
    --------
    >>> round(exact_solution(0.5, 0.1), 6), round(exact_solution(0.5, 0.1, "generic"), 6)
    (1.630607, 1.721034)
    """
    x, eps = np.broadcast_arrays(x, eps)
    # With roots r1 and r2 = r1 - gap: u = exp(r1 (x - 1)) (1 - exp(-gap x)) / (1 - exp(-gap)).
    if problem == "special":
        root, slow = 1 - eps, -np.ones_like(eps)
    else:  # beyond eps = 1/4 the roots are complex, the solution oscillates
        root = np.emath.sqrt(1 - 4 * eps)
        slow = -2 / (1 + root)
    level = np.expm1(-root / eps)
    double = level == 0
    rise = np.where(double, x, np.expm1(-x * root / eps) / np.where(double, 1, level))
    return plain(np.real(np.exp(slow * (x - 1)) * rise))


@checked
def expansion(
    x: rules.SHARES,
    eps: rules.POSITIVES,
    part: rules.Choice("composite", "outer", "inner") = "composite",
    order: rules.Whole(only=(0, 1)) = 0,
    problem: PROBLEM = "special",
):
    """Asymptotic solution of the layer problem for small `eps`, by matching (Van Dyke 1964).

    Parameters
    ----------
    x, eps, problem :
        As for `exact_solution`.
    part : {"composite", "outer", "inner"}
        Composite is outer plus inner less what the two have in common.
    order : {0, 1}
        Highest power of `eps` kept.

    Returns
    -------
    float or ndarray
        The approximation, in the shape of the broadcast arguments.

    Examples
    --------
    >>> x = np.linspace(0, 1, 1001)
    >>> miss = expansion(x, 0.01, problem="generic") - exact_solution(x, 0.01, "generic")
    >>> round(float(np.abs(miss).max()), 4)  # close to e times 0.01
    0.0242
    """
    x, eps = np.broadcast_arrays(x, eps)
    # The special problem has no term of order 1 but the slope of the outer.
    first = order * (problem == "generic")
    outer = np.exp(1 - x) * (1 + first * eps * (1 - x))
    # Inner: its limit far from the layer, which is the common part, less what dies away.
    common = np.e * (1 - order * x + first * eps)
    dies = np.exp(1 - x / eps) * (1 + first * (eps + x))
    return plain({"outer": outer, "inner": common - dies, "composite": outer - dies}[part])


@checked
def layer_mesh(
    n: rules.Whole(4),
    eps: rules.POSITIVE,
    kind: rules.Choice(*MESHES) = "uniform",
    sigma_order: rules.POSITIVE = 2.0,
):
    """Mesh of `n` cells on [0, 1], fitted to a layer at 0.

    Parameters
    ----------
    n : int
        Number of cells, even, at least 4.
    eps : float
        Thickness of the layer, above 0.
    kind : {"uniform", "shishkin", "bakhvalov"}
        "shishkin": half of the cells, equal, up to ``min(1/2, sigma_order eps ln n)``, the rest
        equal beyond (Farrell et al. 2000). "bakhvalov": cells that grow as the layer decays, up to
        where the tangent of the mesh reaches (1, 1), equal beyond (Linss 2010). Both become uniform
        for a thick layer.
    sigma_order : float
        Width of the fitted part; the order of the scheme or more.

    Returns
    -------
    ndarray, shape (n + 1,)
        Nodes from 0 to 1.

    Examples
    --------
    >>> layer_mesh(4, 0.01, "shishkin").round(4).tolist()
    [0.0, 0.0139, 0.0277, 0.5139, 1.0]
    """
    if n % 2:
        raise ValueError(f"n must be even, got {n}")
    width = eps * sigma_order
    t = np.linspace(0, 1, n + 1)
    if kind == "shishkin":
        return np.interp(t, (0, 0.5, 1), (0, min(0.5, width * np.log(n)), 1))
    if kind == "uniform" or width >= 0.5:
        return t

    def beyond(rest):  # where the tangent at t = 1/2 - rest arrives at t = 1, beyond 1
        return width * ((0.5 + rest) / rest - np.log(2 * rest)) - 1

    rest = brentq(beyond, width / 4, 0.5, xtol=max(1e-15 * width, 5e-324), maxiter=2000)
    mesh = -width * np.log(2 * np.maximum(0.5 - t, rest))
    mesh += np.maximum(t - 0.5 + rest, 0) * width / rest
    mesh[-1] = 1
    return mesh


def _increases(mesh):
    if mesh.size < 3 or mesh[0] != 0 or mesh[-1] != 1 or np.any(np.diff(mesh) <= 0):
        raise ValueError(
            f"mesh must increase from 0 to 1 in two cells or more, got {mesh.tolist()!r:.60}"
        )


@checked
def solve_layer(
    mesh: MESH,
    eps: rules.POSITIVE,
    scheme: rules.Choice("upwind", "central") = "upwind",
    problem: PROBLEM = "special",
):
    """Solve the layer problem with a three-point scheme.

    Parameters
    ----------
    mesh : array_like, shape (n + 1,)
        Nodes that increase from 0 to 1.
    eps, problem :
        As for `exact_solution`, one `eps`.
    scheme : {"upwind", "central"}
        How u' is taken: from the node and the next one, away from the layer, or across both cells.

    Returns
    -------
    ndarray, shape (n + 1,)
        u at the nodes, 0 and 1 at the ends.

    Examples
    --------
    >>> mesh = layer_mesh(64, 1e-4, "bakhvalov")
    >>> u = solve_layer(mesh, 1e-4)
    >>> round(float(np.abs(u - exact_solution(mesh, 1e-4)).max()), 4)
    0.0576
    """
    _increases(mesh)
    wind = 1 + eps if problem == "special" else 1.0
    h = np.diff(mesh)
    left, right, both = h[:-1], h[1:], h[:-1] + h[1:]
    below, above = 2 * eps / (left * both), 2 * eps / (right * both)
    middle = 1 - below - above
    if scheme == "upwind":
        middle, above = middle - wind / right, above + wind / right
    else:
        below, above = below - wind / both, above + wind / both
    bands = np.zeros((3, left.size))
    bands[0, 1:], bands[1], bands[2, :-1] = above[:-1], middle, below[1:]
    load = np.zeros(left.size)
    load[-1] = -above[-1]
    return np.concatenate(([0.0], solve_banded((1, 1), bands, load), [1.0]))


@checked
def mesh_error(
    mesh: MESH, u: rules.Reals(ndim=1), eps: rules.POSITIVE, problem: PROBLEM = "special"
):
    """Largest errors of nodal values `u` against the exact solution.

    Parameters
    ----------
    mesh, u : array_like, shape (n + 1,)
        Nodes and values.
    eps, problem :
        As for `solve_layer`.

    Returns
    -------
    dict
        "nodal": at the nodes. "uniform": everywhere, between the nodes along straight lines, on a
        sample that resolves the layer down to eps/1000.

    Examples
    --------
    >>> mesh = layer_mesh(64, 1e-4)
    >>> error = mesh_error(mesh, solve_layer(mesh, 1e-4), 1e-4)
    >>> f"{error['nodal']:.3f} at the nodes, {error['uniform']:.2f} between"
    '0.020 at the nodes, 2.61 between'
    """
    _increases(mesh)
    if u.shape != mesh.shape:
        raise ValueError(f"u must have the shape of mesh, {mesh.shape}, got {u.shape}")
    layer = np.geomspace(min(max(1e-3 * eps, 1e-307), 0.5), 1, 4000)
    x = np.concatenate((np.linspace(0, 1, 4001), layer, (mesh[1:] + mesh[:-1]) / 2))
    nodal = np.abs(u - exact_solution(mesh, eps, problem)).max()
    between = np.abs(np.interp(x, mesh, u) - exact_solution(x, eps, problem)).max()
    return {"nodal": float(nodal), "uniform": float(max(nodal, between))}


@checked
def separation_exponent(ratio: POSITIVE_LIST, error: POSITIVE_LIST):
    """Separation exponent of errors that fall as ratio^-s: least squares of the logarithms.

    Parameters
    ----------
    ratio, error : array_like, shape (n,)
        At least three of each, above 0; the ratios not all equal.

    Returns
    -------
    s, standard_error : float
        The slope, and its uncertainty from the scatter about the line.

    Examples
    --------
    >>> s, uncertainty = separation_exponent([10, 100, 1000], [0.2, 0.02, 0.002])
    >>> round(s, 6), round(uncertainty, 6)
    (1.0, 0.0)
    """
    ratio, error = np.log(ratio), np.log(error)
    if ratio.size != error.size or ratio.size < 3 or np.ptp(ratio) == 0:
        raise ValueError(
            f"ratio and error must be three pairs or more at different ratios, "
            f"got {ratio.size} and {error.size} values"
        )
    away = ratio - ratio.mean()
    slope = away @ error / (away @ away)
    scatter = error - error.mean() - slope * away
    return -float(slope), float(np.sqrt(scatter @ scatter / (ratio.size - 2) / (away @ away)))


@checked
def spectral_gap(
    scales: POSITIVE_LIST,
    weights: rules.Reals("[0, inf)", ndim=1) | None = None,
    edge: rules.Real("(0, 0.5)") = 0.05,
    leak: rules.Real("[0, 1)") = 0.01,
):
    """Extent of many scales and the widest gap between them, in decades.

    Parameters
    ----------
    scales : array_like, shape (n,)
        At least two, above 0, in any order.
    weights : array_like, shape (n,), optional
        What each carries (energy, variance, viscosity ...), not negative; default equal.
    edge : float
        Share of the weight in each tail, in (0, 0.5).
    leak : float
        Share of the weight that a gap may contain, in [0, 1).

    Returns
    -------
    extent, gap : float
        Decades between the weighted quantiles `edge` and 1 - `edge`; and width of the widest open
        interval that contains at most `leak` and leaves at least `edge` on each side, 0 if none.

    Examples
    --------
    >>> spectral_gap([1, 1000])
    (3.0, 3.0)
    >>> spectral_gap([1, 1000], [0.99, 0.01])
    (0.0, 0.0)
    """
    scales, weights = np.log10(scales), np.ones(scales.size) if weights is None else weights
    if scales.size < 2 or weights.shape != scales.shape or not weights.sum() > 0:
        raise ValueError(
            f"scales must be two or more, with as many weights that are not all 0, "
            f"got {scales.size} and {weights.tolist()!r:.60}"
        )
    order = np.argsort(scales, kind="stable")
    scales, share = scales[order], np.cumsum(weights[order]) / weights.sum()
    tiny = 1e-12  # rounding of the sums
    low, high = (
        scales[min(np.searchsorted(share, q - tiny), scales.size - 1)] for q in (edge, 1 - edge)
    )
    # From node i with enough below: as far as the leak and what must remain above allow.
    start = np.flatnonzero(share[:-1] >= edge - tiny)
    most = np.minimum(share[start] + leak, 1 - edge) + tiny
    stop = np.minimum(np.searchsorted(share, most, side="right"), scales.size - 1)
    gaps = np.where(share[start] <= 1 - edge + tiny, scales[stop] - scales[start], 0.0)
    return float(high - low), float(gaps.max(initial=0.0))


@checked
def classify(
    ratio: rules.POSITIVE, exponent: rules.Real("[-inf, inf]"), nominal: rules.Flag() = False
):
    """Which of the four regimes of `smlib.scales.REGIMES` two scales are in.

    Parameters
    ----------
    ratio : float
        Of the scales, above 0; `ratio` and 1/`ratio` mean the same.
    exponent : float
        Separation exponent, see `separation_exponent`; inf for an error that falls faster than any
        power. Not asked for nominal and matched scales.
    nominal : bool
        Whether a change of units, or any rescaling that loses nothing, makes the ratio 1.

    Returns
    -------
    {"nominal", "matched", "separated", "disparate"}
        The first that holds: `nominal`; the ratio below `MATCHED`; the exponent at least
        `SEPARATED`; none of these.

    Examples
    --------
    >>> classify(50, 0), classify(50, 0.5), classify(1.05, 0), classify(86400, 0, nominal=True)
    ('disparate', 'separated', 'matched', 'nominal')
    """
    if nominal:
        return "nominal"
    if max(ratio, 1 / ratio) < MATCHED:
        return "matched"
    return "separated" if exponent >= SEPARATED else "disparate"
