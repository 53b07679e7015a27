"""Computations of the chapters against other ways to the same result, as ratios in one run."""

from __future__ import annotations

import time
from itertools import count

import numpy as np
from dask.distributed import Client

from smlib import high_entropy_alloys as hea
from smlib.elements import BORG
from smlib.graph_normalization import load_graph, propagate, propagation_matrix
from smlib.lorenz96 import L96, integrate_l96
from smlib.pinn import SteadyPINN
from smlib.random_landscape import critical_force, gaussian_random_field
from smlib.soft_disks import _Neighbours, quench_disks, quench_steps
from smlib.viscoelastic import FLUIDS
from smlib.viscoelastic_solvers import METHODS, gmres_report, step_matrix
from tests.test_lorenz96 import member_by_member
from tests.test_pinn import autograd_loss
from tests.test_random_landscape import time_stepping

from .table import Row, milliseconds, number


def _times(value: float) -> str:
    return f"{value:.0f} ×"


def _decimal(value: float) -> str:
    return f"{value:.2f}"


def _small(value: float) -> str:
    return f"{value:.0e}"


def _seconds(call, repeat: int = 1) -> tuple[float, object]:
    """Shortest of ``repeat`` runs, and the result."""
    best, result = np.inf, None
    for _ in range(repeat):
        began = time.perf_counter()
        result = call()
        best = min(best, time.perf_counter() - began)
    return best, result


def depinning() -> list[Row]:
    """The one-pass critical force against an explicit Euler line under a slowly raised load."""
    rows = []
    spacing, tol = (0.5, 0.25), 0.01
    force = gaussian_random_field((64, 128), spacing, 1.0, seed=1)
    force -= force.mean()
    for tension in (1.0, 3.0):
        fast, a = _seconds(lambda t=tension: critical_force(force, spacing, t, tol=tol), 3)
        slow, b = _seconds(lambda t=tension: time_stepping(force, spacing, t, tol=tol))
        name = f"critical force, tension {tension:g}"
        rows.append(Row(f"{name}: time stepping takes", slow / fast, _times, 20, least=True))
        difference = abs(a - b) / force.std()
        rows.append(Row(f"{name}: difference / rms force", difference, _small, 2 * tol))
    return rows


def descriptors() -> list[Row]:
    """Descriptors of 486 alloys against a featurizer of matminer, which computes 25 of them."""
    from matminer.featurizers.composition.alloy import WenAlloys
    from pymatgen.core import Composition

    formulas = [formula for formula, _ in BORG]

    def ours():
        hea._parsed.cache_clear()
        return [f(formulas) for f in (hea.delta, hea.mixing_enthalpy, hea.mixing_entropy, hea.vec)]

    fast, (_, enthalpy, entropy, _) = _seconds(ours, 5)
    featurizer = WenAlloys()
    compositions = [Composition(formula) for formula in formulas]
    featurizer.featurize(compositions[0])  # reads its tables
    slow, found = _seconds(lambda: [featurizer.featurize(c) for c in compositions])
    labels = featurizer.feature_labels()
    theirs = {
        name: np.array([row[labels.index(name)] for row in found], dtype=float)
        for name in ("Mixing enthalpy", "Configuration entropy")
    }
    # It gives the size of the enthalpy, and minus the entropy in kJ.
    gap = np.abs(theirs["Mixing enthalpy"] - np.abs(enthalpy)).max()
    gap_entropy = np.abs(1e3 * theirs["Configuration entropy"] + entropy).max()
    return [
        Row("alloys compared", len(formulas), number),
        Row("4 descriptors; matminer's WenAlloys (25) takes", slow / fast, _times, 100, least=True),
        Row("largest difference, enthalpy / kJ mol⁻¹", gap, _small, 1e-5),
        Row("largest difference, entropy / J mol⁻¹ K⁻¹", gap_entropy, _small, 1e-2),
    ]


def preconditioners() -> list[Row]:
    """GMRES on one implicit step of a polymer solution, 128 unknowns in SI units."""
    fluid, n = FLUIDS["peo"], 64
    A, n_u = step_matrix(fluid, n)
    y = np.arange(n) / n
    slope = (1 - fluid.beta) * fluid.viscosity / fluid.length
    x = np.concatenate([1 - y**2, -1.4 * slope * (y + 0.5 / n)])
    rows = []
    for method in METHODS:
        spent, told = _seconds(lambda m=method: gmres_report(A, x, n_u, m), 3)
        name = f"GMRES, polymer in water, {method}"
        most = 3 if method == "schur" else None
        rows.append(Row(f"{name}: steps", told["iterations"], number, most))
        rows.append(Row(f"{name}: time", 1e3 * spent, milliseconds))
        rows.append(Row(f"{name}: error of the stress", told["error_tau"], _small))
    return rows


def two_scales() -> list[Row]:
    """The two-scale model of Lorenz, members together, against one member after another."""
    p, steps, members, alone = L96(), 200, 64, 4
    state = integrate_l96(p, 0.005, n_members=members, spinup=1.0).state
    fast, run = _seconds(lambda: integrate_l96(p, 0.005 * steps, 0.005, state=state), 3)
    some = tuple(part[:alone] for part in state)
    slow, _ = _seconds(lambda: member_by_member(p, *some, 0.005, steps))
    ratio = (slow / alone) / (fast / members)
    name = "two-scale Lorenz-96, 64 members"
    # Early on: the fast variables multiply a difference of rounding by 10^10 in a unit of time.
    X, _ = member_by_member(p, *some, 0.005, 20)
    difference = np.abs(run.X[20, :alone] - X).max()
    return [
        Row(f"{name}: member steps / s", members * steps / fast, number),
        Row(f"{name}: a loop over members takes", ratio, _times, 20, least=True),
        Row(f"{name}: largest difference of X at 0.1", difference, _small, 1e-10),
    ]


def graph_layers() -> list[Row]:
    """Layers of a graph network by a sparse matrix against a loop over networkx's neighbours."""
    import networkx as nx

    n, layers = 3000, 3
    A = load_graph("ba", n=n)
    X = np.random.default_rng(0).standard_normal((n, 16))

    def matrix():
        return propagate(propagation_matrix(A, "sym", self_loops=True), X, layers)[-1]

    graph = nx.from_scipy_sparse_array(A)
    graph.add_edges_from((node, node) for node in range(n))

    def loop():
        # A loop of a node to itself counts twice in networkx's degree.
        scale = {node: (degree - 1) ** -0.5 for node, degree in graph.degree()}
        H = X
        for _ in range(layers):
            sums = (sum(scale[j] * H[j] for j in graph[i]) for i in range(n))
            H = np.array([scale[i] * messages for i, messages in enumerate(sums)])
        return H

    fast, a = _seconds(matrix, 5)
    slow, b = _seconds(loop)
    name = f"graph network, {n} nodes, {layers} layers"
    return [
        Row(f"{name}: a loop over neighbours takes", slow / fast, _times, 10, least=True),
        Row(f"{name}: largest difference", np.abs(a - b).max(), _small, 1e-12),
    ]


def network_gradients() -> list[Row]:
    """Loss of a physics-informed network and its gradient, by hand against HIPS autograd."""
    pinn = SteadyPINN(100, 10)
    theta = pinn.init(0)
    fast, (loss, grad) = _seconds(lambda: pinn.loss_grad(theta, (1, 1)), 200)
    oracle = autograd_loss(pinn)
    slow, (value, slope) = _seconds(lambda: oracle(theta), 50)
    gap = max(abs(loss / value - 1), np.abs(grad - slope).max() / np.abs(slope).max())
    name = "loss and gradient of a network, 101 points"
    return [
        Row(f"{name}: HIPS autograd takes", slow / fast, _times, 3, least=True),
        Row(f"{name}: largest relative difference", gap, _small, 1e-10),
    ]


def disk_packing() -> list[Row]:
    """Cooled disks: how the cost grows with their number, and lists against all pairs."""
    sides, steps, melting = (12, 16, 24, 32, 48), 500, 1000
    spent = [_seconds(lambda n=n: quench_disks(n, 0.1, n_steps=steps), 2)[0] for n in sides]
    power = np.polyfit(2 * np.log(sides), np.log(spent), 1)[0]
    one = spent[sides.index(32)] / (steps + melting)  # with new lists and the order at the end
    *_, last = quench_steps(32, 0.1, n_steps=steps)
    x, box, sigma = last.positions.T, last.box, last.diameters
    i, j = np.triu_indices(sigma.size, 1)
    size, side = np.square((sigma[i] + sigma[j]) / 2), box[:, None]

    def every_pair():
        d = x[:, i] - x[:, j]
        d -= side * np.rint(d / side)
        near = np.maximum(size / np.square(d).sum(axis=0), 1.8**-2)
        push = 12 * (near**7 - 1.8**-14) / size * d
        return [np.bincount(i, f, sigma.size) - np.bincount(j, f, sigma.size) for f in push]

    slow, exact = _seconds(every_pair, 3)
    gap = np.abs(_Neighbours(x, box, sigma).forces(x) - exact).max() / np.abs(exact).max()
    return [
        Row("quench of 144 to 2304 disks: time grows as the power", power, _decimal, 1.2),
        Row("quench of 1024 disks: time a step", 1e3 * one, milliseconds),
        Row("1024 disks: forces of all pairs take", slow / one, _times, 20, least=True),
        Row("1024 disks: largest relative difference of a force", gap, _small, 1e-10),
    ]


def cluster() -> list[Row]:
    """An ensemble on the two processes of a Dask cluster, against one process."""
    seeds = count()

    def climate(workers, seed=None):
        # Dask keeps results: the same call would cost nothing the second time.
        seed = next(seeds) if seed is None else seed
        how = {"n_members": 512, "spinup": 0.1, "save_every": 100}
        return integrate_l96(L96(), 5.0, seed=seed, workers=workers, **how).X

    with Client(n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        gap = np.abs(climate(client.map, 1) - climate(1, 1)).max()
        two, _ = _seconds(lambda: climate(client.map), 3)
    one, _ = _seconds(lambda: climate(1), 3)
    return [
        Row("ensemble: 1 process / 2 of a Dask cluster", one / two, _decimal),
        Row("ensemble: difference on the cluster", gap, _small, 0),
    ]


def measure_speed() -> list[Row]:
    """All rows."""
    return [
        *depinning(),
        *descriptors(),
        *preconditioners(),
        *two_scales(),
        *network_gradients(),
        *graph_layers(),
        *disk_packing(),
        *cluster(),
    ]
