"""Magnitudes, smoothing and information of the normalisations of a graph network.

Expected values: networkx, closed forms of stars, complete and bipartite graphs, dense eigenvalues,
sampled features, and spectra computed beforehand with networkx 3.6 and scipy 1.17.
"""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from smlib.graph_normalization import (
    KINDS,
    aggregation_r2,
    degree_exponent,
    degrees,
    fixed_point,
    growth_per_layer,
    karate_clubs,
    load_graph,
    propagate,
    propagation_matrix,
    r2_estimate,
    response_rms,
    smoothing_rate,
)

nx = pytest.importorskip("networkx", reason="networkx, which holds the graphs, is not installed")
few = settings(max_examples=40)
alphas = st.floats(-1, 2)
seeds = st.integers(0, 10**6)


def networkx_graph(A):
    return nx.from_scipy_sparse_array(A)


def connected(seed, n=12, weighted=False):
    """A random connected graph: a path with chords."""
    rng = np.random.default_rng(seed)
    A = np.triu(rng.random((n, n)) < 0.25, 1).astype(float)
    A[np.arange(n - 1), np.arange(1, n)] = 1
    if weighted:
        A *= rng.uniform(0.1, 3, A.shape)
    return A + A.T


@pytest.fixture(scope="module")
def graphs():
    return {name: load_graph(name) for name in ("karate", "lesmis", "florentine", "davis", "ba")}


def disparity(values):
    return values.max() / values.min()


class TestGraphs:
    @pytest.mark.parametrize(
        ("name", "n", "edges", "low", "high"),
        [
            ("karate", 34, 78, 1, 17),
            ("lesmis", 77, 254, 1, 36),
            ("florentine", 15, 20, 1, 6),
            ("davis", 32, 89, 2, 14),
            ("ba", 1000, 1996, 2, 100),
        ],
    )
    def test_published_sizes(self, graphs, name, n, edges, low, high):
        A, d = graphs[name], degrees(graphs[name])
        assert A.shape == (n, n)
        assert A.nnz == 2 * edges == d.sum()
        assert (d.min(), d.max()) == (low, high)
        assert set(A.data) == {1}  # weights of networkx are left out
        assert A.diagonal().sum() == 0
        assert abs(A - A.T).max() == 0

    def test_star(self):
        A = load_graph("star", n=6)
        assert (A.toarray() == nx.to_numpy_array(nx.star_graph(5))).all()
        assert (degrees(A, self_loops=True) == [6, 2, 2, 2, 2, 2]).all()

    def test_a_star_needs_no_networkx(self):
        code = (
            "import sys; from smlib.graph_normalization import load_graph; load_graph('star', n=3);"
            "sys.exit('networkx' in sys.modules)"
        )
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

    def test_grown_networks_follow_size_and_links(self):
        A = load_graph("ba", n=50, m=3, seed=4)
        assert A.shape == (50, 50)
        assert A.nnz == 2 * 3 * 47

    def test_clubs_split_in_half(self):
        clubs = karate_clubs()
        assert np.bincount(clubs).tolist() == [17, 17]
        assert (clubs[0], clubs[33]) == (0, 1)


class TestMatrices:
    @few
    @given(seeds, st.booleans(), st.booleans())
    def test_named_kinds_by_their_definitions(self, seed, loops, weighted):
        A = connected(seed, weighted=weighted)
        hat = A + loops * np.eye(len(A))
        d = hat.sum(axis=1)
        wanted = {
            "sum": hat,
            "right": hat / d,
            "sym": hat / np.sqrt(d[:, None] * d),  # GCNConv, GraphConv(norm="both")
            "left": hat / d[:, None],
            0.3: hat * d[:, None] ** -0.3 * d**-0.7,
        }
        for kind, expected in wanted.items():
            for given_ in (A, sparse.csr_matrix(A)):
                P = propagation_matrix(given_, kind, loops)
                assert P.toarray() == pytest.approx(expected, abs=1e-12)

    @few
    @given(seeds, st.booleans(), alphas)
    def test_the_family_has_one_spectrum_and_known_fixed_points(self, seed, loops, alpha):
        A = connected(seed)
        d = degrees(A, loops)
        P = propagation_matrix(A, alpha, loops).toarray()
        S = propagation_matrix(A, "sym", loops).toarray()
        spectrum = np.linalg.eigvalsh(S)
        assert np.sort(np.linalg.eigvals(P).real) == pytest.approx(spectrum, abs=1e-8)
        assert spectrum[-1] == pytest.approx(1)
        v = fixed_point(A, alpha, loops)
        assert P @ v == pytest.approx(v, abs=1e-12)
        assert v @ v == pytest.approx(1)
        assert degree_exponent(d, v) == pytest.approx(1 - alpha, abs=1e-9)
        told = smoothing_rate(A, loops)
        assert told.lambda_2 == pytest.approx(spectrum[-2], abs=1e-10)
        assert told.lambda_min == pytest.approx(spectrum[0], abs=1e-10)
        if spectrum[0] < -1 + 1e-9:  # a bipartite graph without loops
            assert told.half_life == math.inf
        else:
            assert told.rate**told.half_life == pytest.approx(0.5)

    @few
    @given(seeds)
    def test_left_keeps_constants_and_right_keeps_the_sum(self, seed):
        A = connected(seed)
        x = np.random.default_rng(seed).standard_normal((12, 3))
        assert propagation_matrix(A, "left") @ np.ones(12) == pytest.approx(np.ones(12))
        assert (propagation_matrix(A, "right") @ x).sum(axis=0) == pytest.approx(x.sum(axis=0))

    @few
    @given(seeds, alphas)
    def test_weights_count_only_relative_to_each_other(self, seed, alpha):
        A = connected(seed, weighted=True)
        one, other = (propagation_matrix(M, alpha).toarray() for M in (A, 7.3 * A))
        assert one == pytest.approx(other)

    def test_karate_spectrum_is_that_of_the_normalised_laplacian(self, graphs):
        laplacian = nx.normalized_laplacian_matrix(nx.karate_club_graph(), weight=None).toarray()
        ours = np.linalg.eigvalsh(propagation_matrix(graphs["karate"], "sym").toarray())
        assert 1 - ours == pytest.approx(np.linalg.eigvalsh(laplacian)[::-1], abs=1e-12)


class TestSpectra:
    @pytest.mark.parametrize(
        ("name", "growth", "bare", "loops", "within"),
        [
            ("karate", 6.72570, (0.86773, -0.71461, 4.89), (0.89614, -0.42011, 6.32), 1e-5),
            ("lesmis", 12.00575, (0.91187, -0.86544, 7.51), (0.93642, -0.34453, 10.55), 1e-5),
            ("florentine", 3.25610, (0.80337, -0.89324, 6.14), (0.87073, -0.37589, 5.01), 1e-5),
            ("davis", 6.74191, (0.79203, -1, math.inf), (0.82802, -0.71212, 3.67), 1e-5),
            ("ba", 11.32076, (0.83377, -0.83536, 3.85), (0.87153, -0.48012, 5.04), None),
        ],
    )
    def test_eigenvalues(self, graphs, name, growth, bare, loops, within):
        A = graphs[name]
        near = {"rel": 0.02} if within is None else {"abs": within}
        assert growth_per_layer(A) == pytest.approx(growth, **near)
        for self_loops, (second, last, half) in ((False, bare), (True, loops)):
            told = smoothing_rate(A, self_loops)
            assert told.lambda_2 == pytest.approx(second, **near)
            assert told.lambda_min == pytest.approx(last, **near)
            rel = 0.1 if within is None else None
            assert told.half_life == pytest.approx(half, rel=rel, abs=0.006)
            assert told.rate == max(abs(told.lambda_2), abs(told.lambda_min))

    def test_self_loops_slow_one_graph_and_speed_another(self, graphs):
        bare, loops = ({k: smoothing_rate(A, on).half_life for k, A in graphs.items()}
                       for on in (False, True))  # fmt: skip
        assert loops["karate"] > bare["karate"]
        assert loops["lesmis"] > bare["lesmis"]
        assert loops["florentine"] < bare["florentine"]
        assert loops["davis"] < math.inf == bare["davis"]

    def test_growth_of_networks_against_the_root_of_the_largest_degree(self):
        found = {100: (7.0, 5.2), 300: (8.8, 7.0), 1000: (11.3, 9.9), 3000: (14.0, 12.7)}
        for n, (growth, root) in found.items():
            graphs = [load_graph("ba", n=n, seed=seed) for seed in range(3)]
            assert np.mean([growth_per_layer(A) for A in graphs]) == pytest.approx(growth, rel=0.1)
            roots = [np.sqrt(degrees(A).max()) for A in graphs]
            assert np.mean(roots) == pytest.approx(root, rel=0.1)

    @few
    @given(seeds, st.booleans())
    def test_growth_lies_between_its_bounds(self, seed, loops):
        A = connected(seed)
        d = degrees(A)
        growth = growth_per_layer(A)
        assert max(d.mean(), math.sqrt(d.max())) - 1e-9 <= growth <= d.max() + 1e-9
        assert growth_per_layer(A, self_loops=True) == pytest.approx(growth + 1)

    @pytest.mark.parametrize("m", [1, 4, 100, 10**4])
    def test_star(self, m):
        A = load_graph("star", n=m + 1)
        assert growth_per_layer(A) == pytest.approx(math.sqrt(m), rel=1e-9)
        v = fixed_point(A, "sum")
        assert v[0] / v[1] == pytest.approx(math.sqrt(m), rel=1e-6)
        v = fixed_point(A, "sym", self_loops=True)
        assert v[0] / v[1] == pytest.approx(math.sqrt((m + 1) / 2))
        assert smoothing_rate(A).half_life == math.inf
        one, two = propagate(propagation_matrix(A, "sym"), np.ones(m + 1), 2)[1:]
        assert one[:2] == pytest.approx([math.sqrt(m), 1 / math.sqrt(m)])
        assert two == pytest.approx(np.ones(m + 1))

    def test_a_million_followers(self):
        A = load_graph("star", n=10**6 + 1)
        H = propagate(A, np.ones(10**6 + 1), 2)
        assert H[2, 0] / H[0, 0] == pytest.approx(1000**2)  # two layers: a thousandfold each
        v = fixed_point(A, "sym", self_loops=True)
        assert v[0] / v[1] == pytest.approx(707, abs=0.2)
        assert response_rms(propagation_matrix(A, "left"))[0] == pytest.approx(0.001)

    @pytest.mark.parametrize("n", [2, 3, 5, 30, 401])
    def test_complete_graphs(self, n):
        told = smoothing_rate(np.ones((n, n)) - np.eye(n))
        assert told.lambda_min == pytest.approx(-1 / (n - 1))
        assert told.rate == pytest.approx(1 / (n - 1))
        # With loops all nodes agree after one layer.
        assert smoothing_rate(np.ones((n, n)) - np.eye(n), self_loops=True).half_life == 0

    def test_parts_never_agree(self):
        pair = np.array([[0.0, 1], [1, 0]])
        A = np.block([[pair, np.zeros((2, 2))], [np.zeros((2, 2)), pair]])
        assert smoothing_rate(A, self_loops=True).half_life == math.inf


class TestFixedPoints:
    def test_sum_is_the_eigenvector_centrality(self, graphs):
        v = fixed_point(graphs["karate"], "sum")
        found = nx.eigenvector_centrality_numpy(nx.karate_club_graph(), weight=None)
        assert v == pytest.approx(np.array(list(found.values())), abs=1e-10)
        assert v[[0, 33, 11]] == pytest.approx([0.35549, 0.37336, 0.05286], abs=1e-5)
        v = fixed_point(graphs["ba"], "sum")
        found = nx.eigenvector_centrality(networkx_graph(graphs["ba"]), max_iter=2000, tol=1e-12)
        assert v == pytest.approx(np.array(list(found.values())), abs=1e-8)

    @pytest.mark.parametrize(
        ("name", "loops", "expected"),
        [
            ("karate", False, (15.8, 17, math.sqrt(17), 1)),
            ("karate", True, (15.8, 9, 3, 1)),
            ("ba", False, (2830, 50, 7.07, 1)),
        ],
    )
    def test_disparity(self, graphs, name, loops, expected):
        for kind, ratio in zip(KINDS, expected, strict=True):
            found = disparity(fixed_point(graphs[name], kind, loops))
            assert found == pytest.approx(ratio, rel=0.004)

    def test_disparity_of_les_miserables(self, graphs):
        assert disparity(fixed_point(graphs["lesmis"], "sum")) == pytest.approx(143, abs=0.5)

    def test_the_sum_sits_on_the_hub(self, graphs):
        for kind, share, localised in (("sum", 0.35, 0.130), ("sym", 0.025, 0.0027)):
            v = fixed_point(graphs["ba"], kind)
            assert v.max() ** 2 == pytest.approx(share, rel=0.02)
            assert np.sum(v**4) == pytest.approx(localised, rel=0.02)
            assert v.argmax() == degrees(graphs["ba"]).argmax()

    @few
    @given(seeds, st.sampled_from(["right", "sym", "left", 0.3]))
    def test_many_layers_reach_it_with_the_weights_of_the_left_eigenvector(self, seed, kind):
        A = connected(seed)
        x = np.random.default_rng(seed).standard_normal(12)
        P = propagation_matrix(A, kind, self_loops=True)
        last = propagate(P, x, 4000)[-1]
        d, alpha = degrees(A, self_loops=True), KINDS.get(kind, kind)
        assert last == pytest.approx(d ** (1 - alpha) * (d**alpha @ x) / d.sum(), abs=1e-6)

    def test_left_ends_at_the_mean_weighted_by_degree(self, graphs):
        A = graphs["karate"]
        d = degrees(A)
        last = propagate(propagation_matrix(A, "left"), np.eye(34), 400)[-1]
        assert last == pytest.approx(np.tile(d / d.sum(), (34, 1)))
        assert last[5, [0, 33]] == pytest.approx([16 / 156, 17 / 156])

    def test_sum_explodes(self, graphs):
        largest = propagate(graphs["ba"], np.ones(1000), 40).max(axis=1)
        assert largest[1:5].tolist() == [100, 686, 14116, 110843]
        assert largest[3] < np.finfo(np.float16).max < largest[4]
        assert (largest[40] / largest[30]) ** 0.1 == pytest.approx(11.32, rel=0.01)


class TestMagnitudes:
    def test_one_layer_on_constants(self, graphs):
        found = {
            kind: disparity(propagation_matrix(graphs["karate"], kind) @ np.ones(34))
            for kind in KINDS
        }
        assert found == pytest.approx({"sum": 17, "sym": 9.355, "left": 1, "right": 92.3}, rel=4e-4)

    @pytest.mark.parametrize(
        ("kind", "once", "limit", "noise"),
        [("sum", 1, None, 0.5), ("right", 1.02, 1, 0.5), ("sym", 0.515, 0.5, 0.009),
         ("left", 0, 0, -0.5)],
    )  # fmt: skip
    def test_exponents(self, graphs, kind, once, limit, noise):
        A = graphs["ba"]
        d, P = degrees(A, self_loops=True), propagation_matrix(A, kind, self_loops=True)
        assert degree_exponent(d, P @ np.ones(1000)) == pytest.approx(once, abs=0.02)
        assert degree_exponent(d, response_rms(P)) == pytest.approx(noise, abs=0.02)
        if limit is not None:
            found = degree_exponent(d, fixed_point(A, kind, self_loops=True))
            assert found == pytest.approx(limit, abs=1e-9)

    @pytest.mark.parametrize(
        ("kind", "hub", "leaf"),
        [("sum", 10.05, 1.732), ("sym", 0.458, 0.450), ("left", 0.0995, 0.577)],
    )
    def test_hub_and_leaf(self, graphs, kind, hub, leaf):
        d = degrees(graphs["ba"])
        rms = response_rms(propagation_matrix(graphs["ba"], kind, self_loops=True))
        assert rms[d.argmax()] == pytest.approx(hub, rel=2e-3)
        assert np.median(rms[d == 2]) == pytest.approx(leaf, rel=2e-3)

    def test_noise_becomes_coherent_as_it_smooths(self, graphs):
        d = degrees(graphs["ba"], self_loops=True)
        P = propagation_matrix(graphs["ba"], "sym", self_loops=True).toarray()
        for steps, slope in ((3, 0.14), (10, 0.37)):
            rms = response_rms(np.linalg.matrix_power(P, steps))
            assert degree_exponent(d, rms) == pytest.approx(slope, abs=0.01)

    def test_which_exponent_balances_noise_best(self, graphs):
        expected = {0: 8.6, 0.25: 3.5, 0.5: 1.62, 0.75: 2.6, 1: 5.8}
        for alpha, ratio in expected.items():
            rms = response_rms(propagation_matrix(graphs["ba"], alpha, self_loops=True))
            assert disparity(rms) == pytest.approx(ratio, rel=0.02)

    @few
    @given(seeds, st.sampled_from([*KINDS, 0.2]))
    def test_rms_against_sampled_features(self, seed, kind):
        P = propagation_matrix(connected(seed), kind)
        x = np.random.default_rng(seed).standard_normal((12, 20_000))
        found = np.sqrt(np.mean((P @ x) ** 2, axis=1))
        assert response_rms(P) == pytest.approx(found, rel=0.03)
        assert response_rms(P.toarray()) == pytest.approx(response_rms(P), rel=1e-12)

    def test_elements_of_few_bits_do_not_overflow(self):
        few_bits = np.array([[16, 0], [0, 100]], dtype=np.int8)
        for P in (few_bits, sparse.csr_array(few_bits)):
            assert response_rms(P).tolist() == [16, 100]

    @pytest.mark.parametrize("kind", KINDS)
    def test_laws_are_exact_where_neighbours_are_alike(self, kind):
        """Regular bipartite graph: degrees 3 and 12 only, neighbours of one degree."""
        block = np.kron(np.eye(1), np.ones((3, 12)))
        A = np.block([[np.zeros((3, 3)), block], [block.T, np.zeros((12, 12))]])
        d, P = degrees(A), propagation_matrix(A, kind)
        noise = {"sum": (12**0.5, 3**0.5), "sym": (3**-0.5, 12**-0.5),
                 "left": (12**-0.5, 3**-0.5), "right": (12**0.5 / 3, 3**0.5 / 12)}  # fmt: skip
        assert response_rms(P)[[0, -1]] == pytest.approx(noise[kind])
        assert (d[0], d[-1]) == (12, 3)

    def test_mean_and_noise_meet_at_the_square_of_their_ratio(self):
        mean, spread = 0.2, 1.0
        A = load_graph("star", n=26)
        assert mean * (A @ np.ones(26))[0] == pytest.approx(spread * response_rms(A)[0])

    @few
    @given(st.floats(-3, 3), st.floats(0.1, 10), seeds)
    def test_exponent_of_a_power_law(self, power, factor, seed):
        d = np.random.default_rng(seed).integers(1, 100, 30) + np.arange(30) / 7
        assert degree_exponent(d, factor * d**power) == pytest.approx(power, abs=1e-9)
        noisy = d**power * np.exp(np.random.default_rng(seed).standard_normal(30))
        assert degree_exponent(d, noisy) == pytest.approx(
            np.polyfit(np.log(d), np.log(noisy), 1)[0], abs=1e-9
        )


def left_over(A, x, steps, restart=0.0):
    u = fixed_point(A, "sym", self_loops=True)
    H = propagate(propagation_matrix(A, "sym", self_loops=True), x, steps, restart)
    rest = H - u[:, None] * (u @ H)[:, None]
    return np.linalg.norm(rest, axis=(1, 2)) / np.linalg.norm(H, axis=(1, 2))


class TestSmoothing:
    @pytest.mark.parametrize(("loops", "ratio"), [(False, 0.867728), (True, 0.896142)])
    def test_rate_of_random_features(self, graphs, loops, ratio):
        A = graphs["karate"]
        x = np.random.default_rng(0).standard_normal(34)
        H = propagate(propagation_matrix(A, "sym", loops), x, 60)
        u = fixed_point(A, "sym", loops)
        rest = np.linalg.norm(H - np.outer(H @ u, u), axis=1)
        assert (rest[60] / rest[50]) ** 0.1 == pytest.approx(ratio, abs=1e-5)

    @few
    @given(seeds, alphas)
    def test_no_member_of_the_family_smooths_faster(self, seed, alpha):
        A = connected(seed)
        x = np.random.default_rng(seed).standard_normal(12)
        d = degrees(A, self_loops=True)
        P, S = (propagation_matrix(A, kind, self_loops=True) for kind in (alpha, "sym"))
        H = propagate(P, d ** (0.5 - alpha) * x, 6)
        assert d ** (alpha - 0.5) * H == pytest.approx(propagate(S, x, 6), abs=1e-9)

    @pytest.mark.parametrize(
        ("name", "restart", "expected"),
        [
            ("karate", 0.0, {0: 0.99, 4: 0.63, 16: 0.18, 64: 0.0009}),
            ("karate", 0.1, {0: 0.99, 4: 0.81, 16: 0.75, 64: 0.75}),
            ("ba", 0.0, {8: 0.85, 16: 0.34, 32: 0.026}),
        ],
    )
    def test_differences_left(self, graphs, name, restart, expected):
        """Root mean square over random features; a single one scatters widely about it."""
        A = graphs[name]
        told = left_over(
            A, np.random.default_rng(0).standard_normal((A.shape[0], 400)), 64, restart
        )
        for layers, share in expected.items():
            assert told[layers] == pytest.approx(share, abs=0.1)
        values = np.linalg.eigvalsh(propagation_matrix(A, "sym", self_loops=True).toarray())
        for k in (4, 8, 16, 32):
            gain = (1 - restart) ** k * values**k
            gain += restart * sum(((1 - restart) * values) ** i for i in range(k))
            exact = np.sqrt(np.sum(gain[:-1] ** 2) / np.sum(gain**2))
            assert told[k] == pytest.approx(exact, rel=0.12)

    @few
    @given(seeds, st.floats(0, 0.95))
    def test_restart_is_personalised_pagerank(self, seed, restart):
        A = connected(seed)
        x = np.random.default_rng(seed).random(12) + 0.1
        P = propagation_matrix(A, "right", self_loops=True)
        H = propagate(P, x, 3, restart)
        assert H.shape == (4, 12)
        assert (H[0] == x).all()
        assert H[2] == pytest.approx((1 - restart) * P @ H[1] + restart * x)
        if restart > 0.1:
            last = propagate(P, x / x.sum(), 300, restart)[-1]
            graph = networkx_graph(sparse.csr_array(A) + sparse.eye_array(12))
            found = nx.pagerank(graph, 1 - restart, dict(enumerate(x)), max_iter=1000, tol=1e-12)
            assert last == pytest.approx(np.array(list(found.values())), abs=1e-8)

    def test_columns_are_propagated_alone(self):
        P = propagation_matrix(connected(3), "left")
        X = np.random.default_rng(1).standard_normal((12, 3))
        both = propagate(P, X, 5, 0.2)
        assert both.shape == (6, 12, 3)
        for j in range(3):
            assert both[..., j] == pytest.approx(propagate(P.toarray(), X[:, j], 5, 0.2))
        assert propagate(P, X, 0).tolist() == [X.tolist()]


def two_seeds(A, kind, steps, loops=False, restart=0.0):
    X = np.zeros((34, 2))
    X[0, 0] = X[33, 1] = 1
    H = propagate(propagation_matrix(A, kind, loops), X, steps, restart)
    return (H.argmax(axis=2) == karate_clubs()).mean(axis=1)


class TestTwoSeeds:
    def test_shallow(self, graphs):
        for loops in (False, True):
            found = {kind: two_seeds(graphs["karate"], kind, 10, loops)[1:] for kind in KINDS}
            for kind, told in found.items():
                assert told.min() >= 0.82 and told.max() <= 0.9707, kind
                assert told[2:5].max() == pytest.approx(33 / 34)

    @pytest.mark.parametrize(
        ("kind", "expected"), [("sum", 0.5), ("left", 0.5), ("sym", 0.5), ("right", 32 / 34)]
    )
    def test_deep(self, graphs, kind, expected):
        assert two_seeds(graphs["karate"], kind, 40)[40] == pytest.approx(expected)

    def test_restart_keeps_them_apart(self, graphs):
        told = two_seeds(graphs["karate"], "left", 400, restart=0.1)
        assert told[[40, 400]] == pytest.approx(33 / 34)

    def test_right_ends_at_the_bisection_by_the_second_eigenvector(self, graphs):
        vectors = np.linalg.eigh(propagation_matrix(graphs["karate"], "sym").toarray())[1]
        side = vectors[:, -2] * np.sign(vectors[33, -2]) > 0
        assert np.mean(side == karate_clubs()) == pytest.approx(32 / 34)
        # Not many more layers: what is left of the second vector would drown in rounding.
        assert two_seeds(graphs["karate"], "right", 100)[100] == pytest.approx(32 / 34)

    def test_one_more_friend_decides(self, graphs):
        d = degrees(graphs["karate"])
        assert (d[0], d[33], d.sum()) == (16, 17, 156)


class TestInformation:
    @pytest.mark.parametrize(
        ("name", "target", "expected"),
        [
            ("ba", "count", (1, 0.90, 0.61, 0.18)),
            ("ba", "fraction", (0.18, 0.09, 0.55, 1)),
            ("karate", "count", (1, 0.86, 0.85, 0.27)),
            ("karate", "fraction", (0.27, 0.14, 0.47, 1)),
        ],
    )
    def test_count_and_fraction(self, graphs, name, target, expected):
        found = [aggregation_r2(graphs[name], kind, target) for kind in KINDS]
        assert found == pytest.approx(expected, abs=0.03)

    def test_closed_form(self, graphs):
        for name, p, formula, sampled in (
            ("ba", 0.3, 0.178, 0.179),
            ("karate", 0.3, 0.276, 0.268),
            ("ba", 0.1, 0.394, 0.399),
        ):
            value = r2_estimate(degrees(graphs[name]), p)
            assert value == pytest.approx(formula, abs=6e-4)
            found = aggregation_r2(graphs[name], "left", "count", p=p)
            assert found == pytest.approx(sampled, abs=0.03)
            assert value == pytest.approx(found, abs=0.03)

    def test_closed_form_from_binomial_moments(self):
        """Expectations by summation over all numbers of infected neighbours."""
        from scipy.stats import binom

        d, p = np.array([1, 1, 2, 5, 9]), 0.4
        k = np.arange(10)
        weight = binom.pmf(k, d[:, None], p) / d.size
        share = k / d[:, None]

        def mean(x):
            return np.sum(weight * x)

        covariance = mean(k * share) - mean(k) * mean(share)
        spread = (mean(k**2) - mean(k) ** 2) * (mean(share**2) - mean(share) ** 2)
        assert r2_estimate(d, p) == pytest.approx(covariance**2 / spread)

    @few
    @given(seeds, st.floats(0.2, 0.8))
    def test_what_is_asked_for_is_kept_and_the_other_mirrored(self, seed, p):
        A = connected(seed)
        assert aggregation_r2(A, "sum", "count", p, 20) == pytest.approx(1)
        assert aggregation_r2(A, "left", "fraction", p, 20) == pytest.approx(1)
        lost = aggregation_r2(A, "left", "count", p, 20)
        assert lost == pytest.approx(aggregation_r2(A, "sum", "fraction", p, 20))
        assert 0 <= lost <= 1

    @few
    @given(seeds, st.floats(-60, 60), st.sampled_from([*KINDS, 0.3, 3.0]))
    def test_the_unit_of_the_weights_does_not_count(self, seed, decade, kind):
        A = connected(seed, weighted=True)
        for target in ("count", "fraction"):
            found = aggregation_r2(10**decade * A, kind, target, 0.3, 20)
            assert found == pytest.approx(aggregation_r2(A, kind, target, 0.3, 20), rel=1e-9)

    def test_one_degree_loses_nothing(self):
        ring = np.roll(np.eye(20), 1, axis=0)
        assert aggregation_r2(ring + ring.T, "left", "count") == pytest.approx(1)
        assert r2_estimate(np.full(20, 2), [0.1, 0.5]).tolist() == pytest.approx([1, 1])


one = np.array([[0.0, 1], [1, 0]])
lonely = np.zeros((3, 3))
lonely[0, 1] = lonely[1, 0] = 1


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        (lambda: load_graph("ba", n=2), "n must be above m=2, got 2"),
        (lambda: degrees(np.triu(np.ones((2, 2)))), "A must be symmetric, got a difference of 1"),
        (lambda: propagation_matrix(lonely, "left"), "no isolated node, got one at index 2"),
        (lambda: propagate(one, [1.0, 2, 3]), "X must have 2 rows as P, got the shape (3,)"),
        (
            lambda: propagate(one, np.ones((2, 1, 1))),
            "X must have 2 rows as P, got the shape (2, 1, 1)",
        ),
        (lambda: fixed_point(lonely, "sum"), "A must be connected, got 2 parts"),
        (lambda: fixed_point(lonely, "left"), "A must be connected, got 2 parts"),
        (lambda: smoothing_rate(lonely), "no isolated node, got one at index 2"),
        (lambda: smoothing_rate([[1.0]]), "A must have two nodes or more, got 1"),
        (
            lambda: response_rms(sparse.coo_array([1.0, 2])),
            "P must be a matrix, got the shape (2,)",
        ),
        (lambda: degree_exponent([1, 2], [1, 2, 3]), "d and h must have one shape, got (2,) and"),
        (lambda: degree_exponent([2, 2], [1, 3]), "d must hold two different degrees, got 2.0"),
        (
            lambda: aggregation_r2(one, p=1e-9),
            "n_draws must give one draw that varies on A, got 200",
        ),
        (lambda: aggregation_r2(lonely, "sum"), "no isolated node, got one at index 2"),
    ],
)
def test_refused(call, shown):
    with pytest.raises(ValueError) as caught:
        call()
    assert shown in str(caught.value)
