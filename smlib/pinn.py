"""Physics-informed networks for a river: tanh networks that should satisfy its equation.
(Chapter "A network that fails in seconds and learns in days".)

The loss is a weighted sum of the squared residual and of the squared misfit at inlet and outlet.
It and its gradient are written out by hand: derivatives by position forward through the layers,
those by parameters backward.

Scalars give a float. Parameters of a network have the shape (..., n_params): leading axes are
networks side by side. Numbers and lengths are those of `smlib.physics_informed`.
"""

from itertools import pairwise

import numpy as np
from scipy.stats import qmc

from smlib import rules
from smlib.checks import checked, first, plain
from smlib.physics_informed import gaussian_pulse, steady_profile

__all__ = ["SteadyPINN", "UnsteadyPINN"]

LIST, LAYERS, POINTS = rules.Reals(ndim=1), rules.Each(rules.Whole()), rules.Whole(3)


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
