"""Experiments of the chapter "Disparity or separation?"."""

from functools import cache

import numpy as np

from smlib import boundary_layer as bl
from smlib import closures, layered_media, random_landscape, viscoelastic
from smlib.memo import remembered

EPS = (1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.5, 0.7, 1)
#: Number of layers of a medium, and of the media over which an error is taken.
LAYERS, MEDIA = (16, 32, 64, 128, 256, 512, 1024, 2048, 4096), 200
#: Layers of the two walls that the chapter compares.
WALL, SECOND = 64, 4096
#: Arrangements: what `layered_medium` is told.
ARRANGEMENTS = {"periodic": ("periodic", 0.5)} | {
    hurst: ("random", float(hurst)) for hurst in ("0.5", "0.6", "0.75", "0.9")
}


@cache
def composite_error(eps, problem, order=0):
    """Largest error of the composite solution on [0, 1]."""
    x = np.concatenate((np.linspace(0, 1, 4001), np.geomspace(1e-3 * eps, 1, 4000)))
    u = bl.exact_solution(x, eps, problem)
    return float(np.abs(bl.expansion(x, eps, order=order, problem=problem) - u).max())


@cache
def scheme_error(eps, problem, mesh, cells):
    """Errors of the upwind scheme at its nodes and anywhere."""
    nodes = bl.layer_mesh(cells, eps, mesh)
    error = bl.mesh_error(nodes, bl.solve_layer(nodes, eps, "upwind", problem), eps, problem)
    return error["nodal"], error["uniform"]


@cache
def layer_signs(arrangement, n):
    """Which of the two materials, in the media of one arrangement."""
    kind, hurst = ARRANGEMENTS[arrangement]
    media = 1 if kind == "periodic" else MEDIA
    return np.sign(layered_media.layered_medium(n, kind, hurst, 0.5, media, seed=n) - 2).astype(
        np.int8
    )


@remembered
def medium_error(arrangement, n, contrast):
    """Rms over the media of the largest error of the mean, over the largest u."""
    x, u = layered_media.solve_medium(2 * (1 + contrast * layer_signs(arrangement, n)))
    return float(np.sqrt(np.mean(np.abs(u - x * (1 - x)).max(axis=1) ** 2)) / 0.25)


@cache
def medium_exponent(arrangement, contrast):
    """Separation exponent from the first wall to the second."""
    sizes = [n for n in LAYERS if WALL <= n <= SECOND]
    return bl.separation_exponent(sizes, [medium_error(arrangement, n, contrast) for n in sizes])[0]


@cache
def channel_error(El, beta):
    """Largest error of creeping flow on the centreline, after the first tenth of its own time."""
    t = beta * El * np.linspace(0.1, 8, 200)
    exact = viscoelastic.startup_velocity([0.0], t, El, beta)
    return float(np.abs(exact - viscoelastic.creeping_velocity([0.0], t, El, beta)).max())


@remembered
def measured():
    """Errors of descriptions that treat the scales one at a time: name to ratios and errors."""
    thin = 1 / np.array([5, 6, 7, 8, 10, 12, 14, 16, 18.0])
    layers = 10.0 ** -np.arange(1, 4.1, 0.25)
    media = {name: [medium_error(name, n, 0.9) for n in LAYERS] for name in ARRANGEMENTS}
    probe = np.geomspace(10, 1000, 9)
    channel = 10.0 ** np.arange(2, 5.1, 0.5)
    c = np.array([4.0, 10, 20, 40])
    storms = closures.separation_errors(c)
    return {
        "special layer": (1 / thin, [composite_error(e, "special") for e in thin]),
        "layer, order 0": (1 / layers, [composite_error(e, "generic") for e in layers]),
        "layer, order 1": (1 / layers[:9], [composite_error(e, "generic", 1) for e in layers[:9]]),
        "channel": (channel, [channel_error(El, 0.5) for El in channel]),
        "periodic": (LAYERS, media["periodic"]),
        "independent": (LAYERS, media["0.5"]),
        "probe": (probe, random_landscape.core_response(probe, 1.0).strong),
        "weather, closed": (c, storms["closure"]),
        "H = 0.75": (LAYERS, media["0.75"]),
        "H = 0.9": (LAYERS, media["0.9"]),
        "weather, cut off": (c, storms["none"]),
    }
