"""When fast momentum diffusion and slow polymer relaxation share one linear system, which part of
the trouble is units, which is physics, and what does a preconditioner remove? (Chapter "Two clocks
in one equation".)

A fluid of density rho, viscosity eta, of which the solvent has the share beta, and relaxation time
lambda (Oldroyd B; upper-convected Maxwell for beta = 0) starts from rest between two plates:

    rho u_t = -p_x + beta eta u_yy + tau_y,    lambda tau_t + tau = (1 - beta) eta u_y .

Length h, time h^2 rho/eta and, as velocity, that of the steady centre ("poiseuille", |y| <= 1) or
of the moving wall ("couette", 0 <= y <= 1) leave two numbers: beta and El = lambda eta/(rho h^2).
In this geometry the equations are linear, so that no flow rate enters.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import sparse
from scipy.integrate import solve_ivp
from scipy.sparse.linalg import LinearOperator, gmres, splu

from smlib import rules
from smlib.checks import checked, first, plain

__all__ = ["FLOWS", "FLUIDS", "METHODS", "SPECTRUM", "Fluid", "creeping_velocity", "equilibrate"]
__all__ += ["gmres_report", "mode_rates", "overshoot", "regime", "ringing_band"]
__all__ += ["settling_time", "solver_work", "startup_velocity", "step_matrix"]

FLOWS = ("poiseuille", "couette")
METHODS = ("none", "jacobi", "equilibrated", "decoupled", "schur")

#: Relaxation times (s) and moduli (Pa) of a polyethylene melt at 150 °C: Laun 1978, Melt I.
SPECTRUM = np.array(
    [
        [1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3],
        [1.29e5, 9.48e4, 5.86e4, 2.67e4, 9.80e3, 1.89e3, 1.80e2, 1.00],
    ]
)


@checked
@dataclass(frozen=True)
class Fluid:
    """A fluid and its channel, SI units; `Fluid(1, 1, beta, El, 1)` is the dimensionless one.

    `length` is the half width (Poiseuille) or the gap (Couette) in m, `beta` the share of the
    solvent in the viscosity, in [0, 1]; `relaxation_time` may be 0, all else is positive.

    Examples
    --------
    >>> round(FLUIDS["boger"].El, 1)
    124.2
    """

    density: rules.POSITIVE  # kg/m^3
    viscosity: rules.POSITIVE  # Pa s, of solvent and polymer together
    beta: rules.SHARE
    relaxation_time: rules.NONNEGATIVE  # s
    length: rules.POSITIVE  # m
    name: rules.Of(str) = ""

    @property
    @checked
    def viscous_time(self):
        """Time in s for momentum to diffuse across the length, h^2 rho/eta."""
        return self.length**2 * self.density / self.viscosity

    @property
    @checked(infinite=True)
    def wave_time(self):
        """Time in s of a shear wave across the length, h sqrt(lambda rho/eta_p); inf at beta 1."""
        if self.beta == 1:
            return np.inf
        return float(np.sqrt(self.relaxation_time * self.viscous_time / (1 - self.beta)))

    @property
    @checked
    def El(self):
        """Elasticity number, relaxation time over viscous time."""
        return self.relaxation_time / self.viscous_time


#: Representative solution in a microchannel; Quinzani et al. 1990; `SPECTRUM`, modes up to 10 ms
#: counted as solvent.
FLUIDS = {
    "peo": Fluid(1000, 3e-3, 0.5, 3e-3, 1e-4, "PEO in water, 0.1 mm"),
    "boger": Fluid(880, 13.76, 0.59, 0.794, 1e-2, "Boger fluid, 1 cm"),
    "ldpe": Fluid(780, 5.1e4, 0.01, 58.7, 1e-3, "polyethylene melt, 1 mm"),
}


class _Axis(rules.Reals):
    """A number or a list, as a list."""

    def __call__(self, name, value):
        return rules.reals(name, np.atleast_1d(super().__call__(name, value)), ndim=1)

    def refused(self):
        return [*super().refused(), [[0.5]]]

    def __repr__(self):
        return f"{super().__repr__()}, a number or a list"


FLOW, COUNT = rules.Choice(*FLOWS), rules.Whole()
ACROSS, TIMES = _Axis("[-1, 1]"), _Axis("[0, inf)")


def _wavenumbers(flow, count):
    """Wave numbers of the modes: cos(ky) without slip at y = 1, or sin(ky) without slip at both."""
    return (np.arange(1, count + 1) - (0.5 if flow == "poiseuille" else 0)) * np.pi


@checked
def mode_rates(El: rules.POSITIVE, beta: rules.SHARE, k: rules.POSITIVES):
    """Rates s of the two modes exp(st) of wave number k: El s^2 + (1 + beta El k^2) s + k^2 = 0.

    Parameters
    ----------
    El, beta : float
        Elasticity number, positive; share of the solvent, in [0, 1].
    k : array_like
        Wave numbers times h, positive.

    Returns
    -------
    complex array, shape k.shape + (2,)
        In units of 1/viscous time; the slower root first. A mode rings if they are not real.

    Examples
    --------
    >>> mode_rates(1.0, 0.0, 0.5).real.tolist()  # a double root
    [-0.5, -0.5]
    """
    k2 = k**2
    alpha = 1 + beta * El * k2
    # The difference of the two roots loses digits at large El, their product k^2/El does not.
    fast = -(alpha + np.sqrt(alpha**2 - 4 * El * k2 + 0j)) / (2 * El)
    return np.stack([k2 / El / fast, fast], axis=-1)


@checked(infinite=True)
def ringing_band(beta: rules.SHARES, flow: FLOW = "poiseuille"):
    """Elasticity numbers between which the slowest mode rings, from alpha^2 = 4 El k^2.

    The upper end is inf at beta = 0; both are nan at beta = 1, where nothing rings. Arrays of beta
    give arrays.

    Examples
    --------
    >>> low, high = ringing_band(0.1)
    >>> round(low, 4), round(high, 1)
    (0.1067, 153.9)
    """
    k = _wavenumbers(flow, 1)[0]
    root = np.where(beta < 1, 1 + np.sqrt(1 - beta), np.nan)
    with np.errstate(divide="ignore", over="ignore"):
        return plain((k * root) ** -2.0), plain((root / (beta * k)) ** 2)


@checked
def regime(El: rules.NONNEGATIVE, beta: rules.SHARE, flow: FLOW = "poiseuille"):
    """How the flow starts: "diffusive" below the ringing band, "ringing" in it, else "creeping".

    At beta = 1 there is no band and no polymer: "diffusive".

    Examples
    --------
    >>> [regime(El, 0.1) for El in (0.05, 10, 1000)], regime(1e9, 0.0)
    (['diffusive', 'ringing', 'creeping'], 'ringing')
    """
    low, high = ringing_band(beta, flow)
    if not El > low:
        return "diffusive"
    return "ringing" if El < high else "creeping"


@checked
def startup_velocity(
    y: ACROSS,
    t: TIMES,
    El: rules.NONNEGATIVE,
    beta: rules.SHARE,
    flow: FLOW = "poiseuille",
    n_modes: COUNT = 400,
    smooth: rules.Flag() = False,
):
    """Velocity after a pressure gradient, or a wall, was switched on at t = 0 (Waters & King 1970).

    Parameters
    ----------
    y : array_like, shape (ny,)
        Position over h: in [-1, 1] (Poiseuille, walls at the ends) or [0, 1] (Couette, wall at 1
        moves).
    t : array_like, shape (nt,)
        Time over the viscous time, not negative.
    El, beta : float
        Elasticity number, 0 for a Newtonian fluid; share of the solvent.
    flow : str
        One of `FLOWS`.
    n_modes : int
        Terms of the series. Its coefficients fall as k^-3 (Poiseuille) or 1/k (Couette): at
        beta = 0 a Couette flow has a front, and the series overshoots there whatever `n_modes`.
    smooth : bool
        Multiply the terms by Lanczos' factors, which blur a front and take the overshoot away.

    Returns
    -------
    array, shape (nt, ny)
        Over the steady velocity of the centre (Poiseuille) or of the wall (Couette).

    Examples
    --------
    >>> startup_velocity(0, [1, 4], 1.0, 1 / 9).round(3).ravel().tolist()
    [1.644, 0.878]
    """
    t, k = t[:, None], _wavenumbers(flow, n_modes)
    if flow == "poiseuille":
        steady, start, kappa = 1 - y**2, -4 * np.sin(k) / k**3, k**2
        shape = np.cos(np.outer(k, y))
    else:
        if (wrong := y < 0).any():
            raise ValueError(f"y must lie in [0, 1] for flow {flow}, got {first(y, wrong)}")
        steady, start, kappa = y, 2 * np.cos(k) / k, beta * k**2
        shape = np.sin(np.outer(k, y))
    if smooth:
        start = start * np.sinc(np.arange(1, k.size + 1) / (k.size + 1))
    if El == 0:
        return steady + (start * np.exp(-(k**2) * t)) @ shape
    slow, fast = mode_rates(El, beta, k).T
    # [(s- + kappa) e^(s+ t) - (s+ + kappa) e^(s- t)]/(s- - s+), written so that a double root is
    # no exception and no exponential grows.
    z = (fast - slow) * t
    ratio = np.divide(np.expm1(z), z, out=np.ones_like(z), where=z != 0)
    left = np.exp(slow * t) * (1 - (slow + kappa) * t * ratio)
    return steady + (start * left.real) @ shape


@checked
def creeping_velocity(y: ACROSS, t: TIMES, El: rules.POSITIVE, beta: rules.Real("(0, 1]")):
    """Poiseuille start-up without inertia, for El far above the ringing band; shape (nt, ny).

    u = (1 - y^2)[1 - (1 - 1/beta) exp(-t/(beta El))], off by O(1/El) once t >> 1: the solvent flows
    first, 1/beta times too fast, and the polymer brakes it within the retardation time beta El.
    Arguments as in `startup_velocity`; El and beta are positive: without a solvent there is no
    such limit.

    Examples
    --------
    >>> creeping_velocity(0, 0, 1e3, 0.1).item()
    10.0
    """
    return (1 - y**2) * (1 - (1 - 1 / beta) * np.exp(-t[:, None] / (beta * El)))


def _centre(t, El, beta, flow):
    """Velocity at the centre over its steady value."""
    y, steady = (0.0, 1.0) if flow == "poiseuille" else (0.5, 0.5)
    front = flow == "couette" and beta == 0
    return startup_velocity(y, t, El, beta, flow, smooth=front)[:, 0] / steady


@checked
def settling_time(
    El: rules.NONNEGATIVE,
    beta: rules.SHARE,
    flow: FLOW = "poiseuille",
    tolerance: rules.Real("(0, 1)") = 0.05,
):
    """Time, over the viscous time, from which the centre stays within `tolerance` of its end.

    Relative to the steady velocity there, to 1 %. Other arguments as in `startup_velocity`.

    Examples
    --------
    >>> round(settling_time(0.0, 0.1), 2), round(settling_time(0.1, 0.0), 2)
    (1.23, 0.84)
    """
    ringing = regime(El, beta, flow) == "ringing"
    k = _wavenumbers(flow, 400)
    rate = -(mode_rates(El, beta, k).real.max() if El > 0 else -(k[0] ** 2))
    height = max(1, np.sqrt(El)) if flow == "poiseuille" else 1.0
    # A time at which a bound of what is left has fallen below; a wave without solvent meets it.
    sharp = beta == 0 and El > 1
    end = np.log((2.2 if sharp else 12) * height / tolerance) / rate
    step = 8 * np.sqrt(El) if ringing else end
    while True:
        begin = max(end - step, 1e-6 * end)
        t = np.linspace(begin, end, 401) if ringing else np.geomspace(begin, end, 401)
        out = np.flatnonzero(np.abs(_centre(t, El, beta, flow) - 1) > tolerance)
        if out.size:
            break
        end = begin
    fine = np.linspace(t[out[-1]], t[min(out[-1] + 1, 400)], 21)
    out = np.flatnonzero(np.abs(_centre(fine, El, beta, flow) - 1) > tolerance)
    return float(fine[out[-1]])


@checked
def overshoot(El: rules.NONNEGATIVE, beta: rules.SHARE, flow: FLOW = "poiseuille"):
    """Largest velocity of the centre over its steady one, and the smallest one after it.

    To 0.1 %. A flow that rises steadily gives two numbers just below 1.

    Examples
    --------
    >>> [round(u, 1) for u in overshoot(100.0, 0.0)]
    [20.0, -16.2]
    """
    wave = np.sqrt(El) if El > 0 else 1.0
    t = np.geomspace(1e-3 * min(1, wave), 6 * max(1, wave), 600)
    u = _centre(t, El, beta, flow)
    high = int(u.argmax())
    low = high + int(u[high:].argmin())
    near = [np.linspace(t[max(i - 1, 0)], t[min(i + 1, 599)], 61) for i in (high, low)]
    above, below = (_centre(times, El, beta, flow) for times in near)
    return float(above.max()), float(below.min())


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


class _Matrix(rules.Reals):
    """A table, or a sparse matrix of numbers."""

    def __call__(self, name, value):
        if not sparse.issparse(value):
            return super().__call__(name, value)
        if value.nnz:
            rules.reals(name, value.tocoo().data)
        return value

    def __repr__(self):
        return f"{super().__repr__()} or sparse"


MATRIX = _Matrix(ndim=2)


@checked
def equilibrate(A: MATRIX, iterations: COUNT = 20):
    """Factors r, c of rows and columns that bring the largest entry of each to 1 (Ruiz 2001).

    `A` is a square matrix, sparse or not; diag(r) A diag(c) is the scaled one.

    Examples
    --------
    >>> r, c = equilibrate([[1e9, 1.0], [1.0, 1e-3]])
    >>> (r[:, None] * [[1e9, 1.0], [1.0, 1e-3]] * c).round(3).tolist()
    [[1.0, 0.001], [0.001, 1.0]]
    """
    A = sparse.coo_matrix(A)
    rows, columns = A.shape
    if rows != columns:
        raise ValueError(f"A must be square, got shape {A.shape}")
    size, r, c = np.abs(A.data), np.ones(rows), np.ones(columns)
    for _ in range(iterations):
        scaled = r[A.row] * size * c[A.col]
        largest = np.zeros((2, rows))
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
    A: MATRIX,
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
