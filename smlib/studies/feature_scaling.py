"""Experiments of the chapter "The vote of the loudest feature"."""

from functools import cache

import numpy as np

from smlib import feature_scaling as fs
from smlib.checks import extra
from smlib.memo import remembered

#: Four groups of the nine classes.
GROUPS = {
    "plants": ("tree", "grass"),
    "built": ("concrete", "asphalt", "building", "car"),
    "soil": ("soil",),
    "water, shadow": ("pool", "shadow"),
}
GROUP_OF = np.array(
    [next(i for i, names in enumerate(GROUPS.values()) if c in names) for c in fs.CLASSES]
)
SEEDS = tuple(range(10))
TRAIN = 168  # as in the real set; the other 507 are for the test
#: Accuracy of 5 nearest neighbours on the 675 real segments, split as the set is, with the five
#: features; "logs" are z-scores after logarithms of texture_sd and area; computed offline.
REAL = {
    "raw": 0.321,
    "zscore": 0.722,
    "minmax": 0.734,
    "robust": 0.716,
    "whiten": 0.702,
    "logs": 0.736,
    "NDVI alone": 0.402,
    "brightness alone": 0.538,
    "LDA": 0.712,
    "forest": 0.761,
}


@cache
def split(seed, columns=None):
    """Training and test features, training and test classes of one sample."""
    X, y, *_ = fs.land_cover(seed=seed)
    X = X if columns is None else X[:, list(columns)]
    return X[:TRAIN], X[TRAIN:], y[:TRAIN], y[TRAIN:]


@remembered
def accuracy(scaler, columns=None, gain=1.0):
    """Mean accuracy over the seeds of 5 nearest neighbours, the first feature times `gain`."""
    found = []
    for seed in SEEDS:
        train, test, own, truth = split(seed, columns)
        train, test = fs.scale_features(train, test, scaler)
        gains = [gain] + [1.0] * (train.shape[1] - 1)
        found.append(fs.knn_accuracy(train * gains, own, test * gains, truth))
    return float(np.mean(found))


def two_shares(scaler, column, gain):
    """Shares of NDVI and of a second feature in the mean squared distance, means of the seeds."""
    trains = (fs.scale_features(split(seed, (0, column))[0], method=scaler) for seed in SEEDS)
    return np.mean([fs.distance_shares(train * [gain, 1]) for train in trains], axis=0)


@remembered
def vote_regions(scaler, column, gain, side=80):
    """Group that wins at every point of the map, and the limits of the map."""
    with extra("chapters"):
        from sklearn.neighbors import KNeighborsClassifier

    train, _, own, _ = split(0, (0, column))
    low, high = np.percentile(fs.land_cover().X[:, column], [1, 99])
    x, y = np.linspace(-0.4, 0.45, side), np.linspace(low, high, side)
    grid = np.column_stack([part.ravel() for part in np.meshgrid(x, y)])
    train, grid = fs.scale_features(train, grid, scaler)
    model = KNeighborsClassifier(5).fit(train * [gain, 1], own)
    return GROUP_OF[model.predict(grid * [gain, 1])].reshape(side, side), (low, high)


def flagged(seed, value, count):
    """A training set in which `count` segments have the brightness `value`, and the rest."""
    train, *rest = split(seed)
    train = train.copy()
    train[3 : 3 + count, 1] = value
    return train, *rest


@remembered
def spoiled(scaler, value, count):
    """Accuracy of each seed with flagged training segments."""
    found = []
    for seed in SEEDS:
        train, test, own, truth = flagged(seed, value, count)
        train, test = fs.scale_features(train, test, scaler)
        found.append(fs.knn_accuracy(train, own, test, truth))
    return np.array(found)


@remembered
def machine_accuracy(name, scaler):
    """Mean accuracy of a classifier over five seeds; scikit-learn."""
    with extra("chapters"):
        from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.neighbors import KNeighborsClassifier
        from sklearn.svm import SVC

    make = {
        "5 neighbours": lambda: KNeighborsClassifier(5),
        "SVM": lambda: SVC(C=10),
        "LDA": LinearDiscriminantAnalysis,
        "forest": lambda: RandomForestClassifier(50, random_state=0),
    }[name]
    found = []
    for seed in SEEDS[:5]:
        train, test, own, truth = split(seed)
        train, test = fs.scale_features(train, test, scaler)
        found.append(make().fit(train, own).score(test, truth))
    return float(np.mean(found))


def iterations(scaler, max_iter=5000):
    """Condition number and counted steps to a millionth, for a target of plants or not; None if
    they were not enough."""
    X, y, *_ = fs.land_cover()
    scaled = fs.scale_features(X, method=scaler)
    steps = None if scaler == "raw" else fs.gradient_descent(scaled, y < 2, max_iter=max_iter)[1]
    return fs.condition_number(scaled), steps


NOISE = (0, 2, 5, 10, 20, 40, 70, 100)


@remembered
def with_noise(count, scaler):
    """Accuracies of the seeds with `count` features of pure noise appended."""
    found = []
    for seed in SEEDS:
        train, test, own, truth = split(seed)
        noise = np.random.default_rng(1000 + seed).standard_normal((675, 100))[:, :count]
        train, test = np.hstack([train, noise[:TRAIN]]), np.hstack([test, noise[TRAIN:]])
        train, test = fs.scale_features(train, test, scaler)
        found.append(fs.knn_accuracy(train, own, test, truth))
    return np.array(found)
