"""Many thin layers of two materials: how well does one average stand for them?
(Chapter "Disparity or separation?".)

Everything is known exactly of -(u'/A)' = 1 with u(0) = u(1) = 0 and n layers of two resistivities
A, in order or at random. Everything is dimensionless.
"""

import numpy as np
from scipy import fft

from smlib import rules
from smlib.checks import checked

__all__ = ["ARRANGEMENTS", "layered_medium", "solve_medium"]

ARRANGEMENTS = ("periodic", "random")


@checked
def layered_medium(
    n: rules.Whole(2),
    arrangement: rules.Choice(*ARRANGEMENTS) = "periodic",
    hurst: rules.Real("[0.5, 1)") = 0.5,
    contrast: rules.Real("(0, 1)") = 0.9,
    n_samples: rules.Whole() = 1,
    seed: rules.Seed() = 0,
):
    """Resistivities of `n` layers of two materials, 2 (1 + contrast) and 2 (1 - contrast).

    Parameters
    ----------
    n : int
        Number of layers, even, at least 2.
    arrangement : {"periodic", "random"}
        Alternating, the larger first; or the signs of fractional Gaussian noise, made exactly by
        circulant embedding (Davies & Harte 1987).
    hurst : float
        In [0.5, 1). 0.5: independent layers; above: correlations that fall as distance to the power
        ``2 hurst - 2``, with no longest scale.
    contrast : float
        In (0, 1).
    n_samples : int
        Number of media.
    seed : int or numpy.random.Generator
        Of the random ones.

    Returns
    -------
    ndarray, shape (n_samples, n)
        A > 0, mean 2 (in each medium, or over the media).

    Examples
    --------
    >>> layered_medium(4, contrast=0.5).tolist()
    [[3.0, 1.0, 3.0, 1.0]]
    """
    if n % 2:
        raise ValueError(f"n must be even, got {n}")
    if arrangement == "periodic":
        signs = np.tile((1.0, -1.0), (n_samples, n // 2))
    else:
        k = np.arange(n + 1.0)
        powers = (k + 1) ** (2 * hurst) - 2 * k ** (2 * hurst) + np.abs(k - 1) ** (2 * hurst)
        ring = np.concatenate((powers, powers[-2:0:-1])) / 2  # correlation around a circle of 2 n
        power = np.maximum(fft.rfft(ring).real, 0)
        noise = seed.standard_normal((n_samples, 2 * n))
        waves = fft.rfft(noise) * np.sqrt(power)
        signs = np.where(fft.irfft(waves, 2 * n)[:, :n] >= 0, 1.0, -1.0)
    return 2 * (1 + contrast * signs)


@checked
def solve_medium(A: rules.POSITIVES):
    """Solve -(u'/A)' = 1, u(0) = u(1) = 0, for media of equal layers.

    Parameters
    ----------
    A : array_like, shape (n,) or (n_samples, n)
        Resistivities, above 0.

    Returns
    -------
    x : ndarray, shape (n + 1,)
        Edges of the layers.
    u : ndarray, shape (n + 1,) or (n_samples, n + 1)
        Exact values there.

    Examples
    --------
    >>> x, u = solve_medium([2.0, 2.0])
    >>> u.tolist()  # x (1 - x)
    [0.0, 0.25, 0.0]
    """
    if A.ndim not in (1, 2):
        raise ValueError(f"A must have 1 or 2 axes, got {A.ndim}")
    x = np.linspace(0, 1, A.shape[-1] + 1)
    moment = A * np.diff(x**2) / 2  # integral of x A over a layer
    flux = moment.sum(axis=-1, keepdims=True) / A.mean(axis=-1, keepdims=True)
    u = np.zeros((*A.shape[:-1], x.size))
    u[..., 1:-1] = np.cumsum(A * (flux / A.shape[-1]) - moment, axis=-1)[..., :-1]
    return x, u
