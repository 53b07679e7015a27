"""How the networks of `smlib.pinn` are trained: two optimizers, and ways to weigh the loss.
(Chapter "A network that fails in seconds and learns in days".)"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import softmax

from smlib import rules
from smlib.checks import checked
from smlib.pinn import SteadyPINN, UnsteadyPINN

__all__ = ["BALANCES", "PINNRun", "TrainingStep", "train", "training_steps"]

#: Ways to choose the weights during training.
BALANCES = ("ntk", "gradnorm", "annealing", "annealing_variant", "relobralo")
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
    steps = []

    def call(theta):
        losses, grad = pinn._step(theta, weights)
        return float(weights @ losses), grad

    def keep(intermediate_result):
        steps.append(intermediate_result.x.copy())

    options = {"maxcor": 30, "maxiter": n_iter, "maxfun": 2 * n_iter, "ftol": ftol, "gtol": gtol}
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
