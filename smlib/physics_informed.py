"""Why does a network learn the physics of a river when time is in days, and not in seconds?
(Chapter "A network that fails in seconds and learns in days".)

A pollutant is carried, spread and consumed: C_t + u C_x = D C_xx - k C. In lengths of the reach and
travel times, Pe = u L / D and Da = k L / u remain. A physics-informed network is a small tanh
network trained on a weighted sum of the squared residual and of the squared misfit at inlet and
outlet. A choice of units is a choice of these weights. Loss and gradient are written out by hand:
derivatives by position forward through the layers, those by parameters backward.

Arrays broadcast, scalars give a float. Parameters of a network have the shape (..., n_params):
leading axes are networks side by side.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import erfc, erfcx, softmax
from scipy.stats import qmc

from smlib import rules
from smlib.checks import checked, first, plain

__all__ = ["BALANCES", "PINNRun", "River", "SteadyPINN", "TrainingStep", "UnsteadyPINN"]
__all__ += ["continuous_release", "decay_length", "gaussian_pulse", "pulse_release"]
__all__ += ["steady_profile", "train", "training_steps", "unit_weight"]

#: Ways to choose the weights during training.
BALANCES = ("ntk", "gradnorm", "annealing", "annealing_variant", "relobralo")
LIST, LAYERS, POINTS = rules.Reals(ndim=1), rules.Each(rules.Whole()), rules.Whole(3)


# --- the river ----------------------------------------------------------------------------------


@checked
@dataclass(frozen=True)
class River:
    """A reach of a river with a first-order loss, in SI units.

    Parameters
    ----------
    u, D, k, L : float
        Velocity in m/s, longitudinal dispersion in m2/s, rate of loss in 1/s (may be 0), length
        in m.
    c0 : float
        Concentration at the inlet, in any unit.

    Examples
    --------
    >>> reach = River(u=0.5, D=50, k=5e-5, L=10_000)
    >>> reach.peclet, reach.damkohler, reach.t_adv
    (100.0, 1.0, 20000.0)
    """

    u: rules.POSITIVE
    D: rules.POSITIVE
    k: rules.NONNEGATIVE
    L: rules.POSITIVE
    c0: rules.POSITIVE = 1.0

    @property
    @checked
    def t_adv(self):
        """Travel time L / u, s."""
        return self.L / self.u

    @property
    @checked
    def t_disp(self):
        """Dispersion time L^2 / D, s."""
        return self.L**2 / self.D

    @property
    @checked(infinite=True)
    def t_react(self):
        """Reaction time 1 / k, s; infinite without loss."""
        return 1 / self.k if self.k else np.inf

    @property
    @checked
    def peclet(self):
        """Dispersion time over travel time."""
        return self.t_disp / self.t_adv

    @property
    @checked
    def damkohler(self):
        """Travel time over reaction time."""
        return self.t_adv / self.t_react


@checked
def unit_weight(t_adv: rules.POSITIVES, time_unit: rules.POSITIVES):
    """Weight of the squared residual if time is measured in `time_unit`: (time_unit / t_adv)^2.

    Both in the same unit. With the concentration in units of the inlet's, the residual of the
    dimensional equation is that of the dimensionless one over t_adv.

    >>> unit_weight(20_000, 86_400)
    18.6624
    """
    return plain((time_unit / t_adv) ** 2)


def _rates(Pe, Da):
    """Exponents of the steady solution, the second without cancellation."""
    root = np.sqrt(1 + 4 * Da / Pe)
    return Pe / 2 * (1 + root), -2 * Da / (1 + root)


@checked
def steady_profile(xi: rules.SHARES, Pe: rules.POSITIVES, Da: rules.NONNEGATIVES):
    """Steady concentration along a reach, c(0) = 1 and c'(1) = 0.

    Solves c''/Pe - c' - Da c = 0. `xi` is the position in [0, 1] in lengths of the reach; no
    overflow and no cancellation at any Pe.

    Examples
    --------
    >>> round(steady_profile(1, 100, 1), 4)
    0.3751
    """
    up, down = _rates(Pe, Da)
    end = down / up
    return plain(
        (np.exp(down * xi) - end * np.exp(down + up * (xi - 1))) / (1 - end * np.exp(down - up))
    )


@checked
def decay_length(Pe: rules.POSITIVES, Da: rules.POSITIVES):
    """Length, in reaches, over which the steady concentration falls by a factor e; Da > 0.

    >>> round(100 * decay_length(100, 100), 6)
    1.618034
    """
    return plain(-1 / _rates(Pe, Da)[1])


@checked
def pulse_release(
    x: rules.NUMBERS,
    t: rules.POSITIVES,
    u: rules.POSITIVES,
    D: rules.POSITIVES,
    k: rules.NONNEGATIVES = 0.0,
    mass_per_area: rules.POSITIVES = 1.0,
):
    """Concentration after a mass was released at once, at x = 0 and t = 0 (Taylor, 1954).

    Parameters
    ----------
    x, t : array_like
        Position in m; time in s, positive.
    u, D, k : array_like
        Velocity, dispersion, rate of loss; SI.
    mass_per_area : array_like
        Mass over cross-section; its unit over m is that of the result.

    Returns
    -------
    float or ndarray
    """
    spread = 4 * D * t
    shape = np.exp(-((x - u * t) ** 2) / spread - k * t)
    return plain(mass_per_area / np.sqrt(np.pi * spread) * shape)


@checked
def continuous_release(
    x: rules.NONNEGATIVES,
    t: rules.POSITIVES,
    u: rules.POSITIVES,
    D: rules.POSITIVES,
    k: rules.NONNEGATIVES = 0.0,
    c0: rules.POSITIVES = 1.0,
):
    """Concentration below an inlet that is held at `c0` from t = 0 on, in an endless reach.

    Ogata and Banks (1961); with loss van Genuchten and Alves (1982). Arguments as in
    `pulse_release`, with `x` at least 0 and `c0` positive.

    Examples
    --------
    >>> round(continuous_release(1e4, 2e4, u=0.5, D=50, k=5e-5), 6)
    0.216665
    """
    w = np.sqrt(u**2 + 4 * k * D)
    width = 2 * np.sqrt(D * t)
    first = np.exp(-2 * k * x / (u + w)) * erfc((x - w * t) / width)
    second = np.exp(x * (u + w) / (2 * D) - ((x + w * t) / width) ** 2)
    second = second * erfcx((x + w * t) / width)
    return plain(c0 / 2 * (first + second))


@checked
def gaussian_pulse(
    xi: rules.NUMBERS,
    tau: rules.NONNEGATIVES,
    Pe: rules.POSITIVES,
    Da: rules.NONNEGATIVES,
    xi0: rules.NUMBERS = 0.2,
    s0: rules.POSITIVES = 0.1,
):
    """Dimensionless concentration of a cloud that starts Gaussian, of height 1 and width `s0`.

    `xi` is the position in reaches, `tau` >= 0 the time in travel times, `xi0` where it starts.
    """
    square = s0**2 + 2 * tau / Pe
    return plain(s0 / np.sqrt(square) * np.exp(-((xi - xi0 - tau) ** 2) / (2 * square) - Da * tau))


# --- the network --------------------------------------------------------------------------------


def _tanh(z):
    """As np.tanh, by the exponential, which NumPy computes faster."""
    e = np.exp(2 * np.minimum(z, 20.0))
    e += 1
    return 1 - 2 / e


class _Network:
    """A tanh network with the derivatives of its output by position, and their gradients.

    A jet holds the output and its derivatives by xi, twice by xi and, with two inputs, by tau.
    """

    def __init__(self, layers, inputs):
        if len(layers) < 2 or layers[0] != inputs or layers[-1] != 1:
            raise ValueError(f"layers must begin with {inputs} and end with 1, got {layers}")
        self.layers = layers
        self._shapes = list(pairwise(layers))
        self.n_params = sum((n + 1) * m for n, m in self._shapes)

    @checked
    def init(self, seed: rules.Whole(0) = 0):
        """Start of a training, shape (n_params,): Glorot normal weights, no biases."""
        rng = np.random.default_rng(seed)
        parts = []
        for n, m in self._shapes:
            parts += [np.sqrt(2 / (n + m)) * rng.standard_normal(n * m), np.zeros(m)]
        return np.concatenate(parts)

    def _theta(self, theta):
        if theta.shape[-1:] != (self.n_params,):
            raise ValueError(f"theta must end with {self.n_params} values, got {theta.shape}")
        return theta

    def _matrices(self, theta):
        at = 0
        for n, m in self._shapes:
            W = theta[..., at : at + n * m].reshape(*theta.shape[:-1], n, m)
            at += n * m
            yield W, theta[..., at : at + m]
            at += m

    def _seeds(self, points, spans):
        """Jets of the inputs, which are mapped to [-1, 1]: shape (3 or 4, n, inputs)."""
        n, d = points.shape
        jets = np.zeros((2 + d, n, d))
        jets[0] = 2 * points / spans - 1
        for slot, axis in ((1, 0), (3, 1))[:d]:
            jets[slot, :, axis] = 2 / spans[axis]
        return jets

    def _forward(self, theta, jets):
        """Jets of the output, shape (..., 3 or 4, n), and what the way back needs."""
        tape, A, Z = [], jets, None
        for W, b in self._matrices(theta):
            if tape:  # the hidden layer before
                a = _tanh(Z[..., 0, :, :])
                g = 1 - a * a
                A = Z * g[..., None, :, :]
                A[..., 0, :, :] = a
                bend = a * Z[..., 1, :, :]
                bend *= A[..., 1, :, :]
                A[..., 2, :, :] -= 2 * bend
                tape[-1] += (Z, a, g)
            Z = A @ W[..., None, :, :]
            Z[..., 0, :, :] += b[..., None, :]
            tape.append((A, W))
        return Z[..., 0], tape

    def _backward(self, tape, bar):
        """Gradient by the parameters of sum(bar * jets); `bar` as the jets, more leading axes."""
        lead, bar, parts = bar.shape[:-2], bar[..., None], []
        for place in range(len(tape) - 1, -1, -1):
            A, W, *hidden = tape[place]
            if hidden:
                Z, a, g = hidden
                z1, twice = Z[..., 1, :, :], 2 * a
                bend = 2 * z1 * bar[..., 2, :, :]
                curl = z1 * bend
                at_g = Z[..., 1, :, :] * bar[..., 1, :, :] - a * curl
                for slot in range(2, bar.shape[-3]):
                    at_g += Z[..., slot, :, :] * bar[..., slot, :, :]
                bar[..., 0, :, :] -= g * curl + twice * at_g
                bar[..., 1, :, :] -= twice * bend
                bar *= g[..., None, :, :]
            slope = (np.swapaxes(A, -1, -2) @ bar).sum(axis=-3)
            parts += [bar[..., 0, :, :].sum(axis=-2), slope.reshape(*lead, -1)]
            if place:
                bar = bar @ np.swapaxes(W, -1, -2)[..., None, :, :]
        return np.concatenate(parts[::-1], axis=-1)

    def _weights(self, weights):
        if weights.shape[-1:] != (self.n_terms,):
            raise ValueError(f"weights must end with {self.n_terms} values, got {weights.tolist()}")
        return weights

    def _rows(self, jets):
        """What should vanish at each point: the residual, or a misfit."""
        return (self._operator * jets).sum(axis=-2) - self._target

    @checked
    def losses(self, theta: rules.NUMBERS):
        """The terms of the loss, unweighted.

        Returns
        -------
        ndarray, shape (..., 2) or (..., 3)
            Mean squared residual first, inlet and outlet last, the initial state between them.
        """
        return self._means(self._rows(self._forward(self._theta(theta), self._jets)[0]))

    @checked
    def gradients(self, theta: rules.NUMBERS):
        """Gradient of each term of the loss by the parameters, shape (..., 2 or 3, n_params)."""
        jets, tape = self._forward(self._theta(theta)[..., None, :], self._jets)
        pull = 2 * self._rows(jets) * self._shares
        return self._backward(tape, self._operator * pull[..., None, :])

    @checked
    def loss_grad(self, theta: LIST, weights: rules.Reals("(0, inf)", ndim=1)):
        """Weighted sum of the terms, a float, and its gradient; one network."""
        losses, grad = self._step(self._theta(theta), self._weights(weights))
        return plain(losses @ weights), grad

    def _step(self, theta, weights):
        jets, tape = self._forward(theta, self._jets)
        rows = self._rows(jets)
        bar = self._operator * (2 * rows * (weights @ self._shares))[..., None, :]
        return self._means(rows), self._backward(tape, bar)

    def _means(self, rows):
        """Terms of the loss; of each network by itself, so that its neighbours change no bit."""
        return (np.square(rows)[..., None, :] @ self._shares.T)[..., 0, :]


def _shares(*sizes):
    """Share of each point in each term: means over consecutive groups of points."""
    return np.repeat(np.diag([1 / n for n in sizes]), sizes, axis=1)


class SteadyPINN(_Network):
    """A network for the steady profile of a reach, and its loss.

    The residual c''/Pe - c' - Da c is squared and averaged over `n_colloc` equispaced points of
    [0, xi_max]; the second term is (c(0) - 1)^2 + (c'(xi_max)/Pe)^2.

    Parameters
    ----------
    Pe, Da : float
        Peclet and Damkohler number.
    xi_max : float
        End of the domain, in (0, 1]; the residual keeps its meaning.
    layers : sequence of int
        Widths, from 1 to 1.
    n_colloc : int
        At least 3.
    hard_inlet : bool
        Use c = 1 + xi N(xi), which meets the inlet exactly; then only the outlet is in the loss.

    Examples
    --------
    >>> pinn = SteadyPINN(Pe=100, Da=1)
    >>> pinn.n_params, pinn.losses(pinn.init()).shape
    (481, (2,))
    """

    n_terms = 2

    @checked
    def __init__(
        self,
        Pe: rules.POSITIVE,
        Da: rules.NONNEGATIVE,
        xi_max: rules.Real("(0, 1]") = 1.0,
        layers: LAYERS = (1, 20, 20, 1),
        n_colloc: POINTS = 101,
        hard_inlet: rules.Flag() = False,
    ):
        super().__init__(layers, 1)
        self.Pe, self.Da, self.xi_max, self.hard_inlet = Pe, Da, xi_max, hard_inlet
        n = n_colloc
        xi = np.append(np.linspace(0, self.xi_max, n), [0, self.xi_max])
        self._jets = self._seeds(xi[:, None], np.array([self.xi_max]))
        operator = np.zeros((3, n + 2))  # of c, c' and c'' in each row
        operator[:, :n] = np.array([[-self.Da], [-1.0], [1 / self.Pe]])
        operator[0, n], operator[1, n + 1] = 1, 1 / self.Pe
        self._operator, self._target = operator, np.zeros(n + 2)
        self._target[n] = 1
        if self.hard_inlet:  # the same rows of 1 + xi N, by N, N' and N''
            self._target = self._target - operator[0]
            value, slope, bend = operator
            self._operator = np.array([xi * value + slope, xi * slope + 2 * bend, xi * bend])
        self._shares = _shares(n, 2) * [[1], [2]]

    @checked
    def jet(self, theta: rules.NUMBERS, xi: rules.Reals("[0, 1]", ndim=1)):
        """Network and its first two derivatives by `xi`, each of shape (..., len(xi))."""
        if (wrong := xi > self.xi_max).any():
            raise ValueError(f"xi must be at most xi_max = {self.xi_max}, got {first(xi, wrong)}")
        seeds = self._seeds(xi[:, None], np.array([self.xi_max]))
        jets = self._forward(self._theta(theta), seeds)[0]
        c, c1, c2 = (jets[..., i, :] for i in range(3))
        return (1 + xi * c, c + xi * c1, 2 * c1 + xi * c2) if self.hard_inlet else (c, c1, c2)

    @checked
    def error(self, theta: rules.NUMBERS):
        """Relative L2 error against `steady_profile` on 401 points of the domain."""
        xi = np.linspace(0, self.xi_max, 401)
        exact = steady_profile(xi, self.Pe, self.Da)
        off = self.jet(theta, xi)[0] - exact
        return plain(np.linalg.norm(off, axis=-1) / np.linalg.norm(exact))

    @checked
    def ntk_eigenvalues(self, theta: LIST):
        """Eigenvalues of the tangent kernels of residual and boundary, largest first.

        K_r = J_r J_r^T / n and K_b = J_b J_b^T, where J holds the derivatives of the residuals by
        the parameters (Jacot et al., 2018; Wang, Yu and Perdikaris, 2022).

        Returns
        -------
        residual, boundary : ndarray, shapes (n_colloc,) and (2,)
        """
        _, tape = self._forward(self._theta(theta)[None], self._jets)
        scaled = np.sqrt(self._shares.sum(axis=0)) * self._operator
        J = self._backward(tape, np.eye(scaled.shape[1])[:, None] * scaled)
        parts = J[:-2], J[-2:]
        return tuple(np.square(np.linalg.svd(part, compute_uv=False)) for part in parts)


class UnsteadyPINN(_Network):
    """A network for a cloud that drifts, spreads and fades (`gaussian_pulse`), and its loss.

    Residual c_xx/Pe - c_x - Da c - c_t on `n_colloc` Halton points of [0, 1] x [0, tau_max];
    misfit on 101 points at the start; misfit on 41 times at either end.

    Parameters
    ----------
    Pe, Da, tau_max, xi0, s0 : float
        As in `gaussian_pulse`; the time ends at `tau_max`.
    layers : sequence of int
        Widths, from 2 to 1.
    n_colloc, point_seed : int
        Number of points, at least 3, and seed of their scrambling.
    """

    n_terms = 3

    @checked
    def __init__(
        self,
        Pe: rules.POSITIVE,
        Da: rules.NONNEGATIVE,
        tau_max: rules.POSITIVE = 0.6,
        xi0: rules.NUMBER = 0.2,
        s0: rules.POSITIVE = 0.1,
        layers: LAYERS = (2, 20, 20, 1),
        n_colloc: POINTS = 300,
        point_seed: rules.Whole(0) = 0,
    ):
        super().__init__(layers, 2)
        self.Pe, self.Da, self.tau_max, self.xi0, self.s0 = Pe, Da, tau_max, xi0, s0
        n = n_colloc
        points = np.zeros((n + 183, 2))
        # As an argument `rng` it would ask for SciPy 1.15; the browser has 1.14.
        rng = np.random.default_rng(point_seed)
        points[:n] = qmc.Halton(2, seed=rng).random(n)
        points[n : n + 101, 0] = np.linspace(0, 1, 101)
        points[n + 142 :, 0] = 1
        points[n + 101 :, 1] = np.tile(np.linspace(0, 1, 41), 2)
        points[:, 1] *= self.tau_max
        self._spans = np.array([1.0, self.tau_max])
        self._jets = self._seeds(points, self._spans)
        self._operator = np.zeros((4, n + 183))  # of c, c_x, c_xx and c_t in each row
        self._operator[:, :n] = np.array([[-self.Da], [-1.0], [1 / self.Pe], [-1.0]])
        self._operator[0, n:] = 1
        self._target = self._pulse(*points.T)
        self._target[:n] = 0
        self._shares = _shares(n, 101, 82)

    def _pulse(self, xi, tau):
        return gaussian_pulse(xi, tau, self.Pe, self.Da, self.xi0, self.s0)

    @checked
    def predict(self, theta: LIST, xi: rules.SHARES, tau: rules.NONNEGATIVES):
        """Network at positions `xi` and times `tau`, which broadcast; one network."""
        if (wrong := tau > self.tau_max).any():
            raise ValueError(
                f"tau must be at most tau_max = {self.tau_max}, got {first(tau, wrong)}"
            )
        xi, tau = np.broadcast_arrays(xi, tau)
        seeds = self._seeds(np.column_stack([xi.ravel(), tau.ravel()]), self._spans)
        return plain(self._forward(self._theta(theta), seeds)[0][0].reshape(xi.shape))

    @checked
    def error(self, theta: LIST):
        """Relative L2 error against `gaussian_pulse` on 101 positions and 31 times."""
        xi, tau = np.linspace(0, 1, 101)[:, None], np.linspace(0, self.tau_max, 31)
        exact = self._pulse(xi, tau)
        return float(np.linalg.norm(self.predict(theta, xi, tau) - exact) / np.linalg.norm(exact))


# --- training -----------------------------------------------------------------------------------

WEIGHTS, OPTIMIZER = rules.POSITIVES | None, rules.Choice("adam", "lbfgs")
NETWORK = rules.Of(SteadyPINN, UnsteadyPINN)


class _Starts(rules.Rule):
    """A seed or a sequence of seeds, whole numbers from 0; as an int or a tuple."""

    one, several = rules.Whole(0), rules.Each(rules.Whole(0))

    def __call__(self, name, value):
        many = isinstance(value, list | tuple | range) or getattr(value, "ndim", 0)
        return (self.several if many else self.one)(name, value)

    def refused(self):
        return self.several.refused()

    def __repr__(self):
        return f"{self.one!r}, or {self.several!r}"


class TrainingStep(NamedTuple):
    """State of a training before an update, or after the last."""

    iteration: int
    theta: np.ndarray
    losses: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True)
class PINNRun:
    """End of a training; of networks side by side arrays have more leading axes.

    Attributes
    ----------
    theta : ndarray, shape (n_params,)
    error : float or ndarray
        Relative L2 error.
    losses, weights : ndarray, shape (2,) or (3,)
        Terms of the loss, unweighted, and the last weights.
    n_iter : int
        Iterations used.
    """

    theta: np.ndarray
    error: float | np.ndarray
    losses: np.ndarray
    weights: np.ndarray
    n_iter: int


def _balanced(balance, pinn, theta, weights, losses, memory, first):
    """New weights of a balancing scheme; `memory` keeps what relobralo remembers."""
    if balance == "relobralo":
        start, before, rng = memory

        def share(old):
            return pinn.n_terms * softmax(losses / (0.1 * np.maximum(old, 1e-300)))

        memory[1] = losses
        kept = weights if rng.random() < 0.99 else share(start)
        return 0.95 * kept + 0.05 * share(before)
    grads = pinn.gradients(theta)
    if balance == "gradnorm":
        norm = np.linalg.norm(grads, axis=-1)
        wanted = norm.sum() / (norm + 1e-12 * norm.sum())
        return wanted if first else 0.9 * weights + 0.1 * wanted
    size, rate = np.abs(grads), 0.9
    if balance == "annealing_variant":
        size, rate = size * weights[:, None], 0.1
    wanted = size[0].max() / np.maximum(size[1:].mean(axis=-1), 1e-300)
    return np.concatenate([weights[:1], (1 - rate) * weights[1:] + rate * wanted])


def _adam(pinn, theta, weights, n_iter, lr, decay, balance, epsilon, seed):
    m, v = np.zeros_like(theta), np.zeros_like(theta)
    if balance == "ntk":
        traces = np.array([kernel.sum() for kernel in pinn.ntk_eigenvalues(theta)])
        weights = traces.sum() / traces
    losses = pinn.losses(theta)
    memory = [losses, losses, np.random.default_rng([seed, 1])]
    for k in range(n_iter):
        if balance not in (None, "ntk") and k % 10 == 0:
            weights = _balanced(balance, pinn, theta, weights, losses, memory, k == 0)
        losses, grad = pinn._step(theta, weights)
        yield TrainingStep(k, theta, losses, weights)
        m += 0.1 * (grad - m)
        grad *= grad
        v += 0.001 * (grad - v)
        size = lr * decay ** (k / n_iter) / (1 - 0.9 ** (k + 1))
        theta = theta - size * m / (np.sqrt(v / (1 - 0.999 ** (k + 1))) + epsilon)
    yield TrainingStep(n_iter, theta, pinn.losses(theta), weights)


def _lbfgs(pinn, theta, weights, n_iter, ftol, gtol):
    """SciPy's L-BFGS-B, which runs at one go; its callback keeps the steps."""
    from threadpoolctl import threadpool_limits  # comes with scikit-learn

    steps = []

    def call(theta):
        losses, grad = pinn._step(theta, weights)
        return float(weights @ losses), grad

    def keep(intermediate_result):
        steps.append(intermediate_result.x.copy())

    options = {"maxcor": 30, "maxiter": n_iter, "maxfun": 2 * n_iter, "ftol": ftol, "gtol": gtol}
    with threadpool_limits(1, user_api="blas"):  # its matrices are too small to be shared out
        found = minimize(call, theta, jac=True, method="L-BFGS-B", callback=keep, options=options)
    for k, x in enumerate(steps[24::25]):
        yield TrainingStep(25 * (k + 1), x, pinn.losses(x), weights)
    yield TrainingStep(found.nit, found.x, pinn.losses(found.x), weights)


@checked
def training_steps(
    pinn: NETWORK,
    weights: WEIGHTS = None,
    optimizer: OPTIMIZER = "adam",
    n_iter: rules.Whole() = 3000,
    lr: rules.POSITIVE = 5e-3,
    decay: rules.POSITIVE = 0.02,
    seed: _Starts() = 0,
    balance: rules.Choice(*BALANCES) | None = None,
    ftol: rules.NONNEGATIVE = 0.0,
    gtol: rules.NONNEGATIVE = 0.0,
    epsilon: rules.POSITIVE = 1e-8,
) -> Iterator[TrainingStep]:
    """Train a network, step by step.

    Parameters
    ----------
    pinn : SteadyPINN or UnsteadyPINN
    weights : array_like, shape (..., 2) or (..., 3), optional
        Of the terms of the loss; default ones.
    optimizer : {"adam", "lbfgs"}
        Adam with the decays 0.9 and 0.999, or SciPy's L-BFGS-B with 30 pairs.
    n_iter : int
        Iterations; L-BFGS may need twice as many evaluations.
    lr, decay : float
        Step of Adam, lr decay^(k / n_iter).
    seed : int or sequence of int
        Of the start, and of the lots of "relobralo". Several seeds, and leading axes of `weights`,
        are networks side by side: Adam without `balance`, to the same bits and in less time.
    balance : {None, "ntk", "gradnorm", "annealing", "annealing_variant", "relobralo"}
        Adam only. "ntk": once, from the traces of the tangent kernels (Wang, Yu and Perdikaris,
        2022; steady only). Every ten steps: "gradnorm", equal gradient norms (Wang et al., 2023);
        "annealing" as printed by Wang, Teng and Perdikaris (2021), with their rate 0.9, or its
        variant with the weight inside the mean and the rate 0.1; "relobralo" (Bischof and Kraus,
        2025).
    ftol, gtol : float
        Where L-BFGS stops; SciPy's defaults are 2.2e-9 and 1e-5.
    epsilon : float
        Added by Adam to the root of the mean squared gradient.

    Yields
    ------
    TrainingStep
        Of each iteration before its update, and the state at the end. L-BFGS runs at one go,
        before the first step is handed out, and then gives every 25th.
    """
    if balance and optimizer == "lbfgs":
        raise ValueError(f"balance needs Adam, got balance={balance!r} with L-BFGS")
    if balance == "ntk" and not isinstance(pinn, SteadyPINN):
        raise ValueError(f"balance 'ntk' needs a steady network, got {type(pinn).__name__}")
    several = isinstance(seed, tuple)
    theta = np.array([pinn.init(each) for each in seed]) if several else pinn.init(seed)
    weights = pinn._weights(np.ones(pinn.n_terms) if weights is None else weights)
    networks = np.broadcast_shapes(theta.shape[:-1], weights.shape[:-1])
    if networks and (optimizer == "lbfgs" or balance is not None):
        raise ValueError(
            "weights and seed of several networks need Adam without balance, "
            f"got weights {weights.shape} and seed={seed!r:.60}"
        )
    theta, weights = (np.broadcast_to(x, (*networks, x.shape[-1])) for x in (theta, weights))
    if optimizer == "lbfgs":
        return _lbfgs(pinn, theta, weights, n_iter, ftol, gtol)
    return _adam(pinn, theta, weights, n_iter, lr, decay, balance, epsilon, seed)


@checked
def train(pinn: NETWORK, weights: WEIGHTS = None, optimizer: OPTIMIZER = "adam", **settings):
    """Run `training_steps` to its end; arguments as there.

    Returns
    -------
    PINNRun

    Examples
    --------
    >>> run = train(SteadyPINN(Pe=100, Da=1), weights=(1e-4, 1), n_iter=20)
    >>> run.error > 0.3
    True
    """
    for last in training_steps(pinn, weights, optimizer, **settings):  # noqa: B007
        pass
    return PINNRun(last.theta, pinn.error(last.theta), last.losses, last.weights, last.iteration)
