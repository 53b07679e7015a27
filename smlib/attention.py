"""How large may a dot product be before attention condenses on one key, and what does it cost to
let it? (Chapter "Why the square root".)

The logits of an attention head at random initialisation are Gaussian with a spread beta. A softmax
over n of them is the random energy model of statistical physics: below beta_c = sqrt(2 ln n) the
weight is spread over many keys, above it a few hold nearly all of it. What this does to learning
is trained out on a task small enough for a page: find the token that a noisy cue points at.

All quantities are dimensionless, logarithms natural. Arrays broadcast, scalars give a float.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.integrate import quad
from scipy.special import entr, log_ndtr, softmax

from smlib import rules
from smlib.checks import checked, plain

__all__ = ["RetrievalRun", "RetrievalStep", "SoftmaxStats", "attention_gradients"]
__all__ += ["beta_critical", "frozen_asymptotics", "gap_density", "logit_std", "rem_prediction"]
__all__ += ["retrieval_steps", "retrieval_threshold", "saturation"]
__all__ += ["scaled_dot_product_attention", "train_retrieval"]

TARGET_WIDTH = 8  # of the values that the retrieval task hands out
KEYS, COUNT = rules.Reals("[2, inf)"), rules.Whole(2)  # of keys, in a limit and in a sample
SIZE, SCALE = rules.Whole(), rules.POSITIVE | None


def _scale(scale, d_k):
    """Factor of the dot products; None is the square root of the dimension, inverted."""
    return d_k**-0.5 if scale is None else scale


def _fit(Q, K, V):
    shapes = f"got Q {Q.shape}, K {K.shape}, V {V.shape}"
    if min(Q.ndim, K.ndim, V.ndim) < 2:
        raise ValueError(f"Q, K and V need two axes or more, {shapes}")
    if Q.shape[-1] != K.shape[-1]:
        raise ValueError(f"Q and K must have the same last axis, {shapes}")
    if K.shape[-2] != V.shape[-2]:
        raise ValueError(f"K and V must hold the same number of keys, {shapes}")
    try:
        np.broadcast_shapes(Q.shape[:-2], K.shape[:-2], V.shape[:-2])
    except ValueError:
        raise ValueError(f"the leading axes of Q, K and V do not broadcast, {shapes}") from None


def _transposed(array):
    return np.swapaxes(array, -1, -2)


def _summed_to(array, shape):
    """Sum over the axes along which `shape` was broadcast."""
    array = array.sum(axis=tuple(range(array.ndim - len(shape))))
    ones = tuple(i for i, n in enumerate(shape) if n == 1 and array.shape[i] > 1)
    return array.sum(axis=ones, keepdims=True)


@checked
def scaled_dot_product_attention(
    Q: rules.NUMBERS, K: rules.NUMBERS, V: rules.NUMBERS, scale: SCALE = None
):
    """Weighted mean of the values, the weights a softmax of scaled dot products.

    Parameters
    ----------
    Q : array_like, shape (..., m, d_k)
        Queries. Leading axes broadcast.
    K : array_like, shape (..., n, d_k)
        Keys.
    V : array_like, shape (..., n, d_v)
        Values.
    scale : float, optional
        Factor of the dot products; default 1/sqrt(d_k) (Vaswani et al., 2017, eq. 1).

    Returns
    -------
    output : ndarray, shape (..., m, d_v)
    weights : ndarray, shape (..., m, n)
        Rows sum to 1. Logits of any finite size are safe.

    Examples
    --------
    >>> output, weights = scaled_dot_product_attention([[2.0]], [[0.0], [0.5]], [[0.0], [1.0]])
    >>> weights.round(4).tolist()
    [[0.2689, 0.7311]]
    """
    _fit(Q, K, V)
    weights = softmax(_scale(scale, Q.shape[-1]) * Q @ _transposed(K), axis=-1)
    return weights @ V, weights


@checked
def attention_gradients(
    Q: rules.NUMBERS,
    K: rules.NUMBERS,
    V: rules.NUMBERS,
    d_output: rules.NUMBERS,
    scale: SCALE = None,
):
    """Derivative of sum(d_output * output) with respect to Q, K and V, by hand.

    Parameters as in `scaled_dot_product_attention`; `d_output`, of the shape of the output, is the
    derivative of a loss. The Jacobian of a softmax row is diag(p) - p p^T.

    Returns
    -------
    dQ, dK, dV : ndarray
        Of the shapes of Q, K and V; summed where these were broadcast.
    """
    output, p = scaled_dot_product_attention(Q, K, V, scale)
    if d_output.shape != output.shape:
        raise ValueError(
            f"d_output must have the shape {output.shape} that Q, K and V give, "
            f"got {d_output.shape}"
        )
    dp = d_output @ _transposed(V)
    dz = _scale(scale, Q.shape[-1]) * p * (dp - (p * dp).sum(axis=-1, keepdims=True))
    grown = dz @ K, _transposed(dz) @ Q, _transposed(p) @ d_output
    return tuple(_summed_to(new, old.shape) for new, old in zip(grown, (Q, K, V), strict=True))


@checked
def logit_std(
    d_k: rules.Reals("[1, inf)"),
    sigma_q: rules.POSITIVES = 1.0,
    sigma_k: rules.POSITIVES = 1.0,
    scale: rules.POSITIVES | None = None,
):
    """Spread of the logits of independent entries: scale sigma_q sigma_k sqrt(d_k).

    `d_k` is the dimension, at least 1, `sigma_q` and `sigma_k` are the standard deviations of the
    entries, `scale` is as in `scaled_dot_product_attention`; all broadcast.

    Examples
    --------
    >>> logit_std(64), logit_std(64, scale=1)
    (1.0, 8.0)
    """
    return plain(_scale(scale, d_k) * (sigma_q * sigma_k) * np.sqrt(d_k))


@dataclass(frozen=True)
class SoftmaxStats:
    """How far softmax rows have condensed, one number a row.

    Attributes
    ----------
    entropy : ndarray
        In nats; ln n if all keys weigh the same.
    max_weight : ndarray
        The largest weight.
    participation : ndarray
        Sum of squares of the weights, the inverse of the number of keys in use.
    jacobian_norm : ndarray
        Frobenius norm of the derivative of the weights by the logits.
    """

    entropy: np.ndarray
    max_weight: np.ndarray
    participation: np.ndarray
    jacobian_norm: np.ndarray


@checked
def saturation(logits: rules.NUMBERS):
    """Entropy, largest weight, participation and Jacobian norm of softmax rows.

    Parameters
    ----------
    logits : array_like, shape (..., n)
        At least two in a row.

    Returns
    -------
    SoftmaxStats
        Of shape ``logits.shape[:-1]``; floats for one row.
    """
    if logits.ndim < 1 or logits.shape[-1] < 2:
        raise ValueError(f"a row needs two logits or more, got the shape {logits.shape}")
    p = softmax(logits, axis=-1)
    best = p.argmax(axis=-1)[..., None]
    top = np.take_along_axis(p, best, axis=-1)[..., 0]
    others = p.copy()
    np.put_along_axis(others, best, 0.0, axis=-1)
    square = np.square(others)
    below = square.sum(axis=-1)
    second = top**2 + below
    # |J|^2 = S2 - 2 S3 + S2^2, as a sum of positive terms: the difference would lose its digits.
    spread = top**2 * (np.square(others.sum(axis=-1)) + below)
    spread += (square * (np.square(1 - others) + second[..., None] - square)).sum(axis=-1)
    return SoftmaxStats(*map(plain, (entr(p).sum(axis=-1), top, second, np.sqrt(spread))))


@checked
def beta_critical(n: KEYS):
    """Spread at which a softmax over `n` Gaussian logits freezes, sqrt(2 ln n) (Derrida, 1981).

    >>> round(beta_critical(1024), 4)
    3.7233
    """
    return plain(np.sqrt(2 * np.log(n)))


@checked
def rem_prediction(n: KEYS, beta: rules.NONNEGATIVES):
    """Entropy and participation of the random energy model; limit of many keys.

    Returns
    -------
    entropy, participation : float or ndarray
        ln n - beta^2/2 and 0 below `beta_critical`; 0 and 1 - beta_c/beta above (Derrida, 1981;
        Gross and Mezard, 1984).
    """
    n, beta = np.broadcast_arrays(n, beta)
    critical = np.sqrt(2 * np.log(n))
    frozen = 1 - critical / np.maximum(beta, critical)
    return plain(np.maximum(np.log(n) - beta**2 / 2, 0.0)), plain(frozen)


@checked
def retrieval_threshold(n: KEYS, beta: rules.NONNEGATIVES):
    """Logit that a key needs for half the weight among `n` - 1 others of spread `beta`.

    The logarithm of the partition function of the random energy model: ln n + beta^2/2 below
    `beta_critical`, beta beta_c above. A key with logit 0 has exp(-threshold) of the weight.

    Examples
    --------
    >>> round(retrieval_threshold(1024, 1), 5)
    7.43147
    """
    critical = np.sqrt(2 * np.log(n))
    annealed = np.log(n) + beta**2 / 2
    return plain(np.where(beta <= critical, annealed, beta * critical))


@checked
def gap_density(n: COUNT):
    """Probability density, at zero, of the gap between the largest two of `n` standard normals.

    n (n - 1) times the integral of phi^2 Phi^(n - 2), by quadrature; `n` is an integer, at least 2.

    Examples
    --------
    >>> round(gap_density(2) * np.pi**0.5, 9)
    1.0
    """

    def exponent(x):
        return (n - 2) * log_ndtr(x) - x * x - np.log(2 * np.pi) + np.log(n) + np.log(n - 1)

    grid = np.linspace(-8, 12, 2001)
    top = grid[np.argmax(exponent(grid))]
    area, _ = quad(lambda x: np.exp(exponent(x)), top - 9, top + 9, epsrel=1e-10, points=[top])
    return area


@checked
def frozen_asymptotics(n: COUNT, beta: rules.POSITIVES):
    """Means over Gaussian logits of large spread: only near ties of the best two keys matter.

    Leading order in 1/beta of E[entropy] = (pi^2/6) f/beta, E[1 - max_weight] = ln 2 f/beta,
    E[1 - participation] = E[jacobian_norm] = f/beta, where f is `gap_density`.

    Returns
    -------
    SoftmaxStats
        Of the shape of `beta`, which must be positive.
    """
    small = gap_density(n) / beta
    stats = (np.pi**2 / 6 * small, 1 - np.log(2) * small, 1 - small, small)
    return SoftmaxStats(*map(plain, stats))


class RetrievalStep(NamedTuple):
    """One step of `retrieval_steps`, before its update."""

    accuracy: float
    loss: float
    grad_norm_q: float
    grad_norm_k: float


@dataclass(frozen=True)
class RetrievalRun:
    """A training of `train_retrieval`: arrays with a value a step, and when it succeeded.

    Attributes
    ----------
    accuracy, loss : ndarray, shape (n_steps,)
        Share of the batch whose largest weight is at the target; mean loss of the batch.
    grad_norm_q, grad_norm_k : ndarray, shape (n_steps,)
        Frobenius norms of the gradients of the two weight matrices.
    steps_to_threshold : int or None
        First step at which the running mean 0.9 m + 0.1 accuracy, from 0, exceeds the threshold.
    """

    accuracy: np.ndarray
    loss: np.ndarray
    grad_norm_q: np.ndarray
    grad_norm_k: np.ndarray
    steps_to_threshold: int | None


@checked
def retrieval_steps(
    sigma_q: rules.POSITIVE = 1.0,
    sigma_k: rules.POSITIVE = 1.0,
    scale: SCALE = None,
    lr: rules.POSITIVE = 3.0,
    n_keys: COUNT = 32,
    d_model: SIZE = 16,
    d_k: SIZE = 32,
    batch: SIZE = 32,
    n_steps: SIZE = 500,
    noise: rules.NONNEGATIVE = 0.3,
    seed: rules.Seed() = 0,
) -> Iterator[RetrievalStep]:
    """Train one attention head to find the token that a noisy cue points at, step by step.

    Each example has `n_keys` standard normal tokens of width `d_model`, values of width 8, and a
    cue that is one token plus `noise`, normalised. Queries and keys are linear in cue and tokens,
    weights start with variance sigma^2 / d_model. Loss: half the mean squared distance of the
    output from the value of the target. Fresh data every step, plain gradient descent. The random
    numbers depend on `seed` and the sizes alone.

    Parameters
    ----------
    sigma_q, sigma_k : float
        Standard deviation of the entries of queries and keys at the start.
    scale : float, optional
        Factor of the dot products; default 1/sqrt(d_k).
    lr : float
        Step of the gradient descent.
    n_keys, d_model, d_k, batch, n_steps : int
        Sizes, and the number of steps.
    noise : float
        Standard deviation of the noise on the cue.
    seed : int
        Of the random numbers.

    Yields
    ------
    RetrievalStep
        What holds before the update of that step.
    """
    s = _scale(scale, d_k)
    return _trained(sigma_q, sigma_k, s, lr, n_keys, d_model, d_k, batch, n_steps, noise, seed)


def _trained(sigma_q, sigma_k, s, lr, n_keys, d_model, d_k, batch, n_steps, noise, rng):
    W_Q, W_K = (
        sigma / np.sqrt(d_model) * rng.standard_normal((d_model, d_k))
        for sigma in (sigma_q, sigma_k)
    )
    rows = np.arange(batch)
    for _ in range(n_steps):
        x = rng.standard_normal((batch, n_keys, d_model))
        V = rng.standard_normal((batch, n_keys, TARGET_WIDTH))
        target = rng.integers(n_keys, size=batch)
        cue = x[rows, target] + noise * rng.standard_normal((batch, d_model))
        cue /= np.sqrt(1 + noise**2)
        # Logits and gradients by sums over tokens of width d_model: no key is ever formed.
        q = cue @ W_Q
        p = softmax(s * (x @ (q @ W_K.T)[..., None])[..., 0], axis=-1)
        miss = (p[:, None] @ V)[:, 0] - V[rows, target]
        dp = (V @ (miss / (TARGET_WIDTH * batch))[..., None])[..., 0]
        dz = s * p * (dp - (p * dp).sum(axis=-1, keepdims=True))
        pull = (dz[:, None] @ x)[:, 0]
        dW_Q, dW_K = cue.T @ (pull @ W_K), pull.T @ q
        yield RetrievalStep(
            float(np.mean(p.argmax(axis=-1) == target)),
            float(np.square(miss).mean() / 2),
            float(np.linalg.norm(dW_Q)),
            float(np.linalg.norm(dW_K)),
        )
        W_Q, W_K = W_Q - lr * dW_Q, W_K - lr * dW_K


@checked
def train_retrieval(*, threshold: rules.Real("(0, 1)") = 0.85, **settings):
    """Run `retrieval_steps` to its end; `settings` are its arguments.

    Parameters
    ----------
    threshold : float
        Accuracy, in (0, 1), that counts as having learnt the task.

    Returns
    -------
    RetrievalRun

    Examples
    --------
    >>> train_retrieval(n_steps=100).steps_to_threshold
    30
    """
    steps = np.array(list(retrieval_steps(**settings)))
    return RetrievalRun(*steps.T, first_success(steps[:, 0], threshold))


def first_success(accuracy, threshold=0.85):
    """First step at which the running mean 0.9 m + 0.1 accuracy exceeds `threshold`, or None."""
    mean = 0.0
    for step, share in enumerate(accuracy):
        mean = 0.9 * mean + 0.1 * share
        if mean > threshold:
            return step
    return None
