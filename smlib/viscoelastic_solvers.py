"""When fast momentum diffusion and slow polymer relaxation share one linear system, which part of
the trouble is units, which is physics, and what does a preconditioner remove? (Chapter "Two clocks
in one equation".)

The start-up of `smlib.viscoelastic` on a staggered grid: matrices of implicit steps, their scaling
and preconditioning, and the work of integrators.
"""

from functools import partial

import numpy as np
from scipy import sparse
from scipy.integrate import solve_ivp
from scipy.sparse.linalg import LinearOperator, gmres, splu

from smlib import rules
from smlib.checks import checked
from smlib.viscoelastic import COUNT, FLOW, Fluid, startup_velocity

__all__ = ["METHODS", "equilibrate", "gmres_report", "solver_work", "step_matrix"]

METHODS = ("none", "jacobi", "equilibrated", "decoupled", "schur")


def _differences(n, flow):
    """Difference matrices of a staggered grid of n cells: u to the middles, and back."""
    if flow == "poiseuille":  # u at 0, 1/n, ..., 1 - 1/n; symmetric at 0
        to_middle = sparse.diags([-1.0, 1.0], [0, 1], shape=(n, n)) * n
        back = sparse.diags([1.0, -1.0], [0, -1], shape=(n, n)).tolil() * n
        back[0, 0] = 2.0 * n
    else:  # u at 1/n, ..., 1 - 1/n
        to_middle = sparse.diags([1.0, -1.0], [0, -1], shape=(n, n - 1)) * n
        back = sparse.diags([-1.0, 1.0], [0, 1], shape=(n - 1, n)) * n
    return to_middle.tocsc(), back.tocsc()


@checked
def step_matrix(
    fluid: rules.Of(Fluid),
    n: rules.Whole(4),
    dt_over_lambda: rules.POSITIVE = 0.1,
    units: rules.Choice("SI", "dimensionless") = "SI",
    flow: FLOW = "poiseuille",
):
    """Matrix of one backward-Euler step: unknowns u (m/s), then tau (Pa); rows in Pa/m and Pa.

    Parameters
    ----------
    fluid : Fluid
        With a positive relaxation time.
    n : int
        Cells between the middle and the wall (Poiseuille) or across the gap, at least 4.
    dt_over_lambda : float
        Time step over the relaxation time; its inverse is the numerical Deborah number.
    units : {"SI", "dimensionless"}
        Dimensionless: the same matrix for ``Fluid(1, 1, beta, El, 1)``.

    Returns
    -------
    A : csc matrix, shape (n_u + n, n_u + n)
    n_u : int
        Number of unknowns u: n (Poiseuille) or n - 1 (Couette).

    Examples
    --------
    >>> from smlib.viscoelastic import FLUIDS
    >>> A, n_u = step_matrix(FLUIDS["ldpe"], 16)
    >>> A.shape, n_u
    ((32, 32), 16)
    """
    if fluid.relaxation_time == 0:
        raise ValueError(f"fluid must have a relaxation time, got {fluid!r}")
    if units == "dimensionless":
        fluid = Fluid(1.0, 1.0, fluid.beta, fluid.El, 1.0)
    to_middle, back = _differences(n, flow)
    n_u, h, solvent = back.shape[0], fluid.length, fluid.beta * fluid.viscosity
    inertia = fluid.density / (dt_over_lambda * fluid.relaxation_time) * sparse.identity(n_u)
    blocks = [
        [inertia - solvent / h**2 * back @ to_middle, -back / h],
        [
            -(fluid.viscosity - solvent) / h * to_middle,
            (1 / dt_over_lambda + 1) * sparse.identity(n),
        ],
    ]
    return sparse.csc_matrix(sparse.bmat(blocks)), n_u


@checked
def equilibrate(A: rules.Matrix(square=True), iterations: COUNT = 20):
    """Factors r, c of rows and columns that bring the largest entry of each to 1 (Ruiz 2001).

    `A` is a square matrix, sparse or not; diag(r) A diag(c) is the scaled one.

    Examples
    --------
    >>> r, c = equilibrate([[1e9, 1.0], [1.0, 1e-3]])
    >>> (r[:, None] * [[1e9, 1.0], [1.0, 1e-3]] * c).round(3).tolist()
    [[1.0, 0.001], [0.001, 1.0]]
    """
    A = sparse.coo_matrix(A)
    size, (r, c) = np.abs(A.data), np.ones((2, A.shape[0]))
    for _ in range(iterations):
        scaled = r[A.row] * size * c[A.col]
        largest = np.zeros((2, r.size))
        np.maximum.at(largest[0], A.row, scaled)
        np.maximum.at(largest[1], A.col, scaled)
        if not (largest > 0).all() or not np.isfinite(largest).all():
            raise ValueError(f"A must be finite without a zero row or column, got maxima {largest}")
        r, c = r / np.sqrt(largest[0]), c / np.sqrt(largest[1])
    return r, c


def _preconditioner(A, n_u, method):
    """Approximate inverse of A: nothing, its diagonal, or a block triangle, as a function."""
    diagonal, upper = A.diagonal(), A[:n_u, n_u:]
    if method not in ("decoupled", "schur"):
        return partial(np.multiply, 1 / diagonal if method == "jacobi" else 1.0)
    block = A[:n_u, :n_u]
    if method == "schur":  # the effective viscosity
        block = block - upper @ sparse.diags(1 / diagonal[n_u:]) @ A[n_u:, :n_u]
    factor = splu(sparse.csc_matrix(block))

    def solve(v):
        stress = v[n_u:] / diagonal[n_u:]
        return np.concatenate([factor.solve(v[:n_u] - upper @ stress), stress])

    return solve


@checked
def gmres_report(
    A: rules.Matrix(),
    x_true: rules.Reals(ndim=1),
    n_u: COUNT,
    method: rules.Choice(*METHODS) = "none",
    rtol: rules.Real("(0, 1)") = 1e-8,
):
    """Solve A x = A x_true with GMRES, preconditioned from the right, and tell what is true.

    Parameters
    ----------
    A, n_u : csc matrix and int
        From `step_matrix`.
    x_true : array_like, shape (n_u + n,)
        The known solution, u then tau.
    method : str
        One of `METHODS`: nothing; the diagonal; both scalings of `equilibrate`; the block triangle
        with the solvent alone ("decoupled") or with the Schur complement, the effective viscosity.
    rtol : float
        The residual at which the solver stops, over that at its start.

    Returns
    -------
    dict
        "iterations"; "history", the relative residuals the solver reports; "residual",
        ||b - A x||/||b|| recomputed in the units of A; "error_u" and "error_tau", the largest
        error of each field over its largest value.

    Examples
    --------
    >>> from smlib.viscoelastic import FLUIDS
    >>> A, n_u = step_matrix(FLUIDS["peo"], 16)
    >>> gmres_report(A, np.ones(32), n_u, "schur")["iterations"]
    2
    """
    A, size = sparse.csc_matrix(A), x_true.size
    if A.shape != (size, size) or not n_u < size:
        raise ValueError(f"x_true has {size} elements, n_u = {n_u}, and A the shape {A.shape}")
    b = A @ x_true
    r, solve = np.ones(size), _preconditioner(A, n_u, method)
    if method == "equilibrated":
        r, c = equilibrate(A)
        solve = partial(np.multiply, c)
    history = []
    operator = LinearOperator(A.shape, lambda v: r * (A @ solve(v)), dtype=float)
    # SciPy's own M acts from the left: it would test another residual than the one asked for.
    z, _ = gmres(
        operator, r * b, rtol=rtol, restart=size, maxiter=1,
        callback=lambda norm: history.append(float(norm)), callback_type="pr_norm",
    )  # fmt: skip
    x = solve(z)
    off, scale = np.abs(x - x_true), np.abs(x_true)
    return {
        "iterations": len(history),
        "history": np.array(history),
        "residual": float(np.linalg.norm(b - A @ x) / np.linalg.norm(b)),
        "error_u": float(off[:n_u].max() / scale[:n_u].max()),
        "error_tau": float(off[n_u:].max() / scale[n_u:].max()),
    }


#: Largest spectral radius times t_end: beyond it an explicit method takes millions of steps, and an
#: implicit one cannot tell the decay from rounding.
STIFFEST = {"RK45": 1e7, "BDF": 1e15, "Radau": 1e15}


@checked
def solver_work(
    El: rules.POSITIVE,
    beta: rules.SHARE,
    n: rules.Whole(4) = 32,
    t_end: rules.Real("[1e-300, inf)") | None = None,
    method: rules.Choice(*STIFFEST) = "BDF",
    flow: FLOW = "poiseuille",
    rtol: rules.Real("[2.3e-14, inf)") = 1e-4,
    atol: rules.POSITIVE = 1e-6,
):
    """Work of `scipy.integrate.solve_ivp` for the start-up on a staggered grid of n cells.

    Parameters
    ----------
    t_end : float, optional
        In viscous times, at least 1e-300; default 5 max(1, El).
    method : {"RK45", "BDF", "Radau"}
        The implicit ones are handed the constant Jacobian.
    rtol, atol : float
        Tolerances of the integrator; the relative one at least 100 roundings, 2.3e-14.

    Raises
    ------
    ValueError
        For a system stiffer over `t_end` than the method can follow: 1e7 for RK45, else 1e15.

    Returns
    -------
    dict
        "nfev", "njev", "nlu"; "t" (41,) from 0 to t_end, "y" (ny,), "u" (41, ny); "error", the
        largest difference from `startup_velocity` after t = 0; "spectral_radius" of the system.

    Examples
    --------
    >>> solver_work(10.0, 0.1)["nfev"] < 300 < 4000 < solver_work(10.0, 0.1, method="RK45")["nfev"]
    True
    """
    t_end = 5 * max(1, El) if t_end is None else t_end
    options = {"method": method, "rtol": rtol, "atol": atol}
    to_middle, back = _differences(n, flow)
    n_u, relaxation = back.shape[0], sparse.identity(n) / El
    jacobian = sparse.csr_matrix(
        sparse.bmat([[beta * back @ to_middle, back], [(1 - beta) / El * to_middle, -relaxation]])
    )
    radius = float(np.abs(np.linalg.eigvals(jacobian.toarray())).max())
    if radius * t_end > STIFFEST[method]:
        raise ValueError(
            f"{method} follows a spectral radius times t_end up to {STIFFEST[method]:.0e}, "
            f"got {radius * t_end:.3g} from El={El}, n={n}, t_end={t_end}"
        )
    source = np.zeros(n_u + n)
    if flow == "poiseuille":
        source[:n_u], y = 2.0, np.arange(n) / n
    else:  # the wall moves with speed 1
        source[n_u - 1], source[-1], y = beta * n**2, (1 - beta) / El * n, np.arange(1, n) / n
    if method != "RK45":
        options["jac"] = jacobian.tocsc()
    t = np.linspace(0, t_end, 41)
    found = solve_ivp(
        lambda _, x: jacobian @ x + source, (0, t_end), np.zeros(n_u + n), t_eval=t, **options
    )
    u = found.y[:n_u].T
    return {
        "nfev": found.nfev,
        "njev": found.njev,
        "nlu": found.nlu,
        "t": t,
        "y": y,
        "u": u,
        "error": float(np.abs(u - startup_velocity(y, t, El, beta, flow))[1:].max()),
        "spectral_radius": radius,
    }
