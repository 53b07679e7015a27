"""What share of a decision does each feature really get, who is deaf to scale, and when does
normalising make things worse? (Chapter "The vote of the loudest feature".)

A feature's share of the mean squared distance between two samples is its variance over the sum of
the variances: neither its mean nor its range enters. Scalers change the shares, x -> (x - c)/s with
c and s from the training set alone. The sample is drawn from published statistics of aerial-image
segments, the radar intensities from the law of fully developed speckle.

Data matrices X have one sample a row and one feature a column.
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np
from scipy.special import gammainc, polygamma, psi

from smlib import rules
from smlib.checks import checked, extra, plain
from smlib.elements import read_table

__all__ = ["CLASSES", "FEATURES", "METHODS", "LandCover", "condition_number", "descent_steps"]
__all__ += ["distance_shares", "fit_scaler", "gd_iterations", "gradient_descent", "knn_accuracy"]
__all__ += ["land_cover", "midpoint_error", "scale_features", "speckle", "speckle_db_moments"]

FEATURES = ("NDVI", "brightness", "texture_sd", "glcm", "area")
#: Scalers that work one feature at a time, and whitening.
METHODS = ("raw", "zscore", "minmax", "robust", "whiten")
DECIBEL = 10 / np.log(10)  # decibels of a factor e

_TABLE = read_table("land_cover.csv")
_COLUMNS = ("ndvi", "brightness", "ln_texture_sd", "glcm", "ln_area")
CLASSES = tuple(row["class"] for row in _TABLE)
_COUNTS = np.array([float(row["n"]) for row in _TABLE])
_MEAN, _STD = (
    np.array([[float(row[f"{name}_{what}"]) for name in _COLUMNS] for row in _TABLE])
    for what in ("mean", "std")
)
#: Pooled correlation within the classes, in the order of _COLUMNS.
_CORRELATION = np.array(
    [
        [1, -0.21, 0.10, -0.26, -0.15],
        [-0.21, 1, -0.18, 0.20, 0.12],
        [0.10, -0.18, 1, -0.27, -0.35],
        [-0.26, 0.20, -0.27, 1, -0.03],
        [-0.15, 0.12, -0.35, -0.03, 1],
    ]
)


class LandCover(NamedTuple):
    """Segments of an aerial image: features, and the class of each as an index."""

    X: np.ndarray  # (n, 5): FEATURES in units of 1, digital number, digital number, 1, pixels
    y: np.ndarray  # (n,) int, 0 to 8
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]


@checked
def land_cover(n: rules.Whole(len(CLASSES)) = 675, seed: rules.Whole(0) = 0):
    """Draw `n` >= 9 synthetic segments with the first and second moments of a real image.

    Classes come with their frequencies in the Urban Land Cover set (Johnson & Xie 2013; Johnson
    2013; UCI, CC BY 4.0). Within a class the features are Gaussian with the pooled correlation,
    texture_sd and area log-normal; NDVI is kept in [-1, 1], brightness in [0, 255], glcm above 0.

    Returns
    -------
    LandCover
        X (n, 5), y (n,), names.

    Examples
    --------
    >>> sample = land_cover(seed=0)
    >>> sample.X.shape, sample.class_names[:3]
    ((675, 5), ('tree', 'grass', 'soil'))
    """
    rng = np.random.default_rng(seed)
    y = rng.choice(len(CLASSES), n, p=_COUNTS / _COUNTS.sum())
    noise = rng.standard_normal((y.size, len(FEATURES))) @ np.linalg.cholesky(_CORRELATION).T
    X = _MEAN[y] + _STD[y] * noise
    X[:, [2, 4]] = np.exp(X[:, [2, 4]])
    return LandCover(np.clip(X, [-1, 0, 0, 0, 0], [1, 255, *[np.inf] * 3]), y, FEATURES, CLASSES)


TABLE, LIST = rules.Reals(ndim=2), rules.Reals(ndim=1)


def _two_rows(name, X):
    if len(X) < 2:
        raise ValueError(f"{name} must have 2 rows or more, got {len(X)}")


@checked
def fit_scaler(X: TABLE, method: rules.Choice(*METHODS[:-1]) = "zscore"):
    """Center and scale, both of shape (p,), of every column of `X` (n, p).

    Parameters
    ----------
    X : array_like, shape (n, p)
        Training samples; n >= 2.
    method : {"raw", "zscore", "minmax", "robust"}
        0 and 1; mean and population standard deviation; minimum and range; median and
        interquartile range. A column whose scale is 0, or whose values are equal up to the
        rounding of their mean, is refused.

    Examples
    --------
    >>> [part.tolist() for part in fit_scaler([[0, 1], [2, 5], [4, 3]], "minmax")]
    [[0.0, 1.0], [4.0, 4.0]]
    """
    return _fitted("X", X, method)


def _fitted(name, X, method):
    _two_rows(name, X)
    if method == "raw":
        return np.zeros(X.shape[1]), np.ones(X.shape[1])
    low, first, middle, third, high = np.percentile(X, [0, 25, 50, 75, 100], axis=0)
    center = {"zscore": X.mean(axis=0), "minmax": low, "robust": middle}[method]
    scale = {"zscore": X.std(axis=0), "minmax": high - low, "robust": third - first}[method]
    # Values that are equal but for rounding, which a scale would blow up to a full vote.
    rounding = len(X) * np.finfo(float).eps * np.maximum(abs(low), abs(high))
    flat = (scale == 0) | (high - low <= rounding)
    if flat.any():
        column = int(np.argmax(flat))
        raise ValueError(
            f"{name}: column {column} has no {method} scale, its median is {middle[column]}"
        )
    return center, scale


@checked
def scale_features(
    X_train: TABLE, X_test: TABLE | None = None, method: rules.Choice(*METHODS) = "zscore"
):
    """Scale samples with the statistics of the training set alone.

    Parameters
    ----------
    X_train, X_test : array_like, shapes (n, p) and (m, p)
        The second may be left out.
    method : one of METHODS
        As in `fit_scaler`; "whiten" returns coordinates without correlation and of variance 1 on
        the training set, in which distances are Mahalanobis distances: the first coordinate is the
        z-score of the first feature, each other what the features before do not explain.

    Returns
    -------
    array, or pair of arrays if `X_test` is given

    Examples
    --------
    >>> scale_features([[0.0], [2.0]], [[4.0]])[1].tolist()
    [[3.0]]
    """
    center, scale = _fitted("X_train", X_train, "zscore" if method == "whiten" else method)
    turn = np.eye(X_train.shape[1])
    if method == "whiten":
        z = (X_train - center) / scale
        try:
            lower = np.linalg.cholesky(z.T @ z / len(z))
        except np.linalg.LinAlgError:
            lower = np.zeros((1, 1))
        if np.diag(lower).min() < 1e-7:
            raise ValueError(f"X_train: {X_train.shape[1]} columns that depend on each other")
        turn = np.linalg.inv(lower).T

    def moved(X):
        return (X - center) / scale @ turn if method == "whiten" else (X - center) / scale

    if X_test is None:
        return moved(X_train)
    if X_test.shape[1] != X_train.shape[1]:
        raise ValueError(f"X_test has {X_test.shape[1]} columns, X_train {X_train.shape[1]}")
    return moved(X_train), moved(X_test)


@checked
def distance_shares(X: TABLE):
    """Share of every feature in the mean squared Euclidean distance of two samples, (p,), sum 1.

    E (x_j - x'_j)^2 = 2 var(x_j): the share is the variance over the sum of all. It is also the
    feature's share of the trace in a principal component analysis. Not all columns may be constant.

    Examples
    --------
    >>> distance_shares([[0.0, 1000.0], [1.0, 1003.0]]).tolist()
    [0.1, 0.9]
    """
    _two_rows("X", X)
    variance = np.var(X - X.mean(axis=0), axis=0)
    if not variance.any():
        raise ValueError(f"X must vary, got {len(X)} equal rows {X[0].tolist()!r:.60}")
    return variance / variance.sum()


def _design(X, intercept=True):
    return np.column_stack([np.ones(len(X)), X]) if intercept else X


@checked(infinite=True)
def condition_number(X: TABLE, intercept: rules.Flag() = True):
    """Largest over smallest eigenvalue of the Hessian of least squares, D'D/n.

    D is `X` (n, p), with a column of ones before it if `intercept`. Infinite if columns of D depend
    on each other to rounding.

    Examples
    --------
    >>> round(condition_number([[-1.0, -3.0], [1.0, -3.0], [-1.0, 3.0], [1.0, 3.0]]), 9)
    9.0
    """
    _two_rows("X", X)
    values = np.linalg.svd(_design(X, intercept), compute_uv=False)
    full = len(values) and len(X) >= X.shape[1] + intercept
    singular = not full or values[-1] <= len(X) * np.finfo(float).eps * values[0]
    return float("inf") if singular else float((values[0] / values[-1]) ** 2)


@checked
def gd_iterations(kappa: rules.Reals("[1, inf)"), tol: rules.Reals("(0, 1)") = 1e-6):
    """Steps of gradient descent that reduce the error to the share `tol` in (0, 1), at most.

    ln(1/tol) / ln((kappa + 1)/(kappa - 1)), about kappa/2 ln(1/tol), with the best fixed step, for
    a quadratic loss of condition number `kappa` >= 1; not below one step. Broadcasts.

    Examples
    --------
    >>> gd_iterations([1, 10, 100]).round(2).tolist()
    [1.0, 68.85, 690.75]
    """
    with np.errstate(divide="ignore"):
        steps = -np.log(tol) / (2 * np.arctanh(1 / kappa))
    return plain(np.maximum(steps, 1.0))


@checked
def descent_steps(X: TABLE, t: LIST) -> Iterator[np.ndarray]:
    """Coefficients (p + 1,), intercept first, after 0, 1, 2, ... steps of gradient descent on the
    mean squared error of `t` (n,) by `X` (n, p), from 0, with the best fixed step
    2/(largest + smallest eigenvalue of the Hessian). Never ends.

    Examples
    --------
    >>> [w.tolist() for w in islice(descent_steps([[-1.0], [1.0]], [1.0, 3.0]), 2)]
    [[0.0, 0.0], [2.0, 1.0]]
    """
    design = _regression(X, t)

    def steps():
        hessian, slope = design.T @ design / len(t), design.T @ t / len(t)
        singular = np.linalg.svd(design, compute_uv=False)
        step = 2 * len(t) / (singular[0] ** 2 + singular[-1] ** 2)
        w = np.zeros_like(slope)
        while True:
            yield w
            w = w - step * (hessian @ w - slope)

    return steps()


def _regression(X, t):
    _two_rows("X", X)
    if len(t) != len(X):
        raise ValueError(f"t must have {len(X)} values, got {len(t)}, one a row of X")
    if condition_number(X) == np.inf:
        raise ValueError(f"X: {X.shape[1]} columns and the intercept depend on each other")
    return _design(X)


@checked
def gradient_descent(
    X: TABLE, t: LIST, tol: rules.Real("(0, 1)") = 1e-6, max_iter: rules.Whole() = 100_000
):
    """Run `descent_steps` until |w - w*| <= `tol` |w*|, w* being the solution of least squares, or
    to rounding.

    Returns
    -------
    w : array, shape (p + 1,)
        Intercept first.
    n_iter : int or None
        Steps taken; None if `max_iter` steps do not suffice.

    Examples
    --------
    >>> gradient_descent([[-1.0], [1.0]], [1.0, 3.0])[1]
    1
    """
    design = _regression(X, t)
    best = np.linalg.lstsq(design, t)[0]
    values = np.linalg.svd(design, compute_uv=False)
    # What rounding leaves between the two, and of a solution that is 0.
    rounding = 10 * np.finfo(float).eps * values[0] / values[-1] ** 2 * np.linalg.norm(t)
    goal = tol * np.linalg.norm(best) + rounding
    for count, w in enumerate(islice(descent_steps(X, t), max_iter + 1)):
        if np.linalg.norm(w - best) <= goal:
            return w, count
    return w, None


class _Classes(rules.Each):
    """Whole numbers or texts, as an array."""

    def __call__(self, name, value):
        entries = super().__call__(name, value)
        nested = any(np.iterable(each) and not isinstance(each, str) for each in entries)
        if nested or np.asarray(value).dtype.kind not in "biuU":
            raise ValueError(f"{name} must be {self!r}, got {value!r:.60}")
        return np.asarray(value)

    def refused(self):
        return [[0.5], [[0]], [None], {"a": 1}, *super().refused()]

    def __repr__(self):
        return "a sequence of whole numbers or texts"


@checked
def knn_accuracy(
    X_train: TABLE, y_train: _Classes(), X_test: TABLE, y_test: _Classes(), k: rules.Whole() = 5
):
    """Share of test samples whose `k` nearest training samples vote for the right class.

    scikit-learn's KNeighborsClassifier; features (n, p), (m, p), classes (n,), (m,); 1 <= k <= n.

    Examples
    --------
    >>> knn_accuracy([[0.0], [1.0]], [0, 1], [[0.2], [0.9]], [0, 0], k=1)
    0.5
    """
    with extra("chapters"):
        from sklearn.neighbors import KNeighborsClassifier

    if X_test.shape[1] != X_train.shape[1]:
        raise ValueError(f"X_test has {X_test.shape[1]} columns, X_train {X_train.shape[1]}")
    for name, y, X in (("y_train", y_train, X_train), ("y_test", y_test, X_test)):
        if len(y) != len(X):
            raise ValueError(
                f"{name} must have {len(X)} values, got {len(y)}, one a row of X{name[1:]}"
            )
    if k > len(X_train):
        raise ValueError(f"k must be at most {len(X_train)}, the training rows, got {k}")
    # A tree subtracts the coordinates; a matrix product of large ones would hide small distances.
    model = KNeighborsClassifier(k, algorithm="kd_tree").fit(X_train, y_train)
    return float(np.mean(model.predict(X_test) == y_test))


# --- radar --------------------------------------------------------------------------------------


@checked
def speckle(sigma0_db: rules.NUMBER, looks: rules.POSITIVE, size, seed: rules.Seed() = 0):
    """Intensities of a surface of backscatter `sigma0_db` (dB) seen with `looks` > 0 looks.

    Fully developed speckle (Goodman 1976): sigma0 times a gamma variable of mean 1 and variance
    1/looks. `size` is a shape; the result is linear, not in decibels.

    Examples
    --------
    >>> speckle(-10.0, 4, 3).shape
    (3,)
    """
    mean = 10 ** (sigma0_db / 10)
    try:
        # A shape of nothing takes no memory. Old versions of NumPy read None alone as a shape.
        shape = np.empty(size if np.iterable(size) else [size], dtype=[]).shape
    except (TypeError, ValueError):
        raise ValueError(f"size must be a shape, got {size!r:.60}") from None
    return seed.gamma(looks, mean / looks, shape)


@checked
def speckle_db_moments(looks: rules.POSITIVES):
    """Mean and standard deviation of speckle in decibels, whatever the surface; broadcasts.

    The mean is below 0: the logarithm of a mean is not the mean of the logarithm. `looks` > 0.

    Examples
    --------
    >>> [round(float(part), 3) for part in speckle_db_moments(1)]
    [-2.507, 5.57]
    """
    bias, spread = psi(looks) - np.log(looks), np.sqrt(polygamma(1, looks))
    return plain(DECIBEL * bias), plain(DECIBEL * spread)


@checked
def midpoint_error(
    db_low: rules.NUMBERS,
    db_high: rules.NUMBERS,
    looks: rules.POSITIVES,
    domain: rules.Choice("linear", "db") = "linear",
):
    """Error of telling two surfaces apart by a threshold midway between their means.

    Both surfaces are equally frequent, of backscatter `db_low` < `db_high` in dB, seen with `looks`
    looks. Midway between the mean intensities if `domain` is "linear", between the mean decibels if
    it is "db". The data are the same. Broadcasts.

    Examples
    --------
    >>> [round(midpoint_error(-20, -12, 1, domain), 3) for domain in ("linear", "db")]
    [0.233, 0.222]
    """
    gap = db_high - db_low
    if np.any(gap <= 0):
        raise ValueError(f"db_high must be above db_low {db_low.tolist()}, got {db_high.tolist()}")
    ratio = 10 ** (gap / 10)  # of the means; the low one is 1
    if domain == "linear":
        threshold = (1 + ratio) / 2
    else:
        threshold = np.sqrt(ratio) * 10 ** (np.asarray(speckle_db_moments(looks)[0]) / 10)
    missed = gammainc(looks, looks * threshold / ratio)
    return plain((1 - gammainc(looks, looks * threshold) + missed) / 2)
