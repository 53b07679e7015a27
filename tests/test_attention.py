"""Attention, the freezing of its softmax, and the cost of training a saturated head.

Expected values: PyTorch's attention and its automatic derivatives, closed forms, quadrature, limits
of the random energy model, and samples of random logits. Tolerances of samples are about three
standard errors.
"""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import integrate, optimize, special, stats

from smlib import attention as at
from smlib.attention import (
    attention_gradients,
    beta_critical,
    frozen_asymptotics,
    gap_density,
    logit_std,
    rem_prediction,
    retrieval_steps,
    retrieval_threshold,
    saturation,
    scaled_dot_product_attention,
    train_retrieval,
)
from smlib.figures import attention as figures

few = settings(max_examples=60)
numbers = st.floats(-20, 20)
positive = st.floats(0.01, 100)
counts = st.integers(2, 10**6)
seeds = st.integers(0, 10**6)


@pytest.fixture
def torch():
    return pytest.importorskip("torch", reason="PyTorch, the oracle, is not installed")


@pytest.fixture
def waves():
    """Queries, keys and values of a fixed pattern."""
    i, j = np.ogrid[:4, :8]
    k = np.arange(6)[:, None]
    return np.cos(1.3 * i + 0.7 * j), np.sin(0.9 * k + 1.1 * j), np.arange(12.0).reshape(6, 2)


def heads(seed, *leading):
    rng = np.random.default_rng(seed)
    shapes = ((*leading, 3, 5), (*leading, 7, 5), (*leading, 7, 2), (*leading, 3, 2))
    return [rng.standard_normal(shape) for shape in shapes]


class TestAttention:
    def test_worked_example(self, waves):
        output, weights = scaled_dot_product_attention(*waves)
        assert output[0] == pytest.approx([2.91728918, 3.91728918], abs=1e-7)
        assert output[3] == pytest.approx([7.29293163, 8.29293163], abs=1e-7)
        assert weights.shape == (4, 6)
        output, _ = scaled_dot_product_attention(*waves, scale=1)
        assert output[0] == pytest.approx([1.22734774, 2.22734774], abs=1e-7)
        assert output[3] == pytest.approx([8.7424548, 9.7424548], abs=1e-7)

    def test_gradients_of_the_worked_example(self, waves):
        found = attention_gradients(*waves, np.tile([1, -0.5], (4, 1)))
        norms = [np.linalg.norm(array) for array in found]
        assert norms == pytest.approx([1.2625213398, 0.4768568817, 1.8309330543], abs=1e-7)
        first = [-0.11589195, -0.32743315, -0.18115286]
        assert found[0][0, :3] == pytest.approx(first, abs=1e-7)

    @few
    @given(seeds, st.sampled_from([(), (2,), (2, 3)]), st.sampled_from([None, 0.01, 1.0, 30.0]))
    def test_output_and_gradients_are_those_of_pytorch(self, seed, leading, scale):
        torch = pytest.importorskip("torch", reason="PyTorch, the oracle, is not installed")
        *inputs, d_output = heads(seed, *leading)
        tensors = [torch.tensor(array, requires_grad=True) for array in inputs]
        expected = torch.nn.functional.scaled_dot_product_attention(*tensors, scale=scale)
        expected.backward(torch.tensor(d_output))
        output, _ = scaled_dot_product_attention(*inputs, scale)
        assert output == pytest.approx(expected.detach().numpy(), abs=1e-12)
        for found, tensor in zip(
            attention_gradients(*inputs, d_output, scale), tensors, strict=True
        ):
            assert found == pytest.approx(tensor.grad.numpy(), abs=1e-11)

    @few
    @given(seeds)
    def test_gradients_are_differences_where_axes_were_broadcast(self, seed):
        rng = np.random.default_rng(seed)
        Q, K, V = (rng.standard_normal(shape) for shape in ((4, 1, 2, 3), (5, 3), (2, 5, 2)))
        d_output = rng.standard_normal((4, 2, 2, 2))
        found = attention_gradients(Q, K, V, d_output)
        for place, given_ in enumerate((Q, K, V)):
            assert found[place].shape == given_.shape
            step = rng.standard_normal(given_.shape)
            sides = []
            for sign in (1, -1):
                moved = [Q, K, V]
                moved[place] = given_ + sign * 1e-5 * step
                sides.append((d_output * scaled_dot_product_attention(*moved)[0]).sum())
            slope = (sides[0] - sides[1]) / 2e-5
            assert (found[place] * step).sum() == pytest.approx(slope, rel=1e-6, abs=1e-7)

    @few
    @given(seeds, st.floats(-1e6, 1e6))
    def test_weights_are_shares_and_a_common_logit_does_not_count(self, seed, shift):
        Q, K, V, _ = heads(seed)
        output, weights = scaled_dot_product_attention(Q, K, V)
        assert weights.sum(axis=-1) == pytest.approx(np.ones(3))
        assert (output <= V.max(axis=0) + 1e-12).all()
        assert (output >= V.min(axis=0) - 1e-12).all()
        ones = np.ones((3, 1))
        moved, _ = scaled_dot_product_attention(
            np.hstack([Q, ones]), np.hstack([K, np.full((7, 1), shift)]), V, scale=5**-0.5
        )
        assert moved == pytest.approx(output, abs=1e-7)

    def test_huge_logits_choose_one_key(self):
        output, weights = scaled_dot_product_attention([[1e150]], [[1e150], [-1e150]], [[3.0], [5]])
        assert weights.tolist() == [[1, 0]]
        assert output.tolist() == [[3]]

    @few
    @given(seeds, positive)
    def test_only_the_product_of_the_sizes_counts(self, seed, factor):
        Q, K, V, _ = heads(seed)
        one, other = (
            scaled_dot_product_attention(*pair, V)[0] for pair in ((Q, K), (factor * Q, K / factor))
        )
        assert one == pytest.approx(other, abs=1e-10)


class TestLogits:
    def test_published_spreads(self):
        assert logit_std(64) == 1
        assert logit_std(64, scale=1) == 8
        assert logit_std(128, scale=1 / 128) == pytest.approx(0.0883883, abs=1e-7)
        assert logit_std(64, 2, 0.5) == 1
        # T5: variances 1/(d_model d_k) and 1/d_model, inputs of width d_model, no factor.
        assert logit_std(64, sigma_q=64**-0.5, scale=1) == pytest.approx(1)

    @pytest.mark.parametrize(("d_k", "kurtosis"), [(1, 6), (4, 1.5), (64, 6 / 64)])
    def test_spread_and_kurtosis_of_drawn_logits(self, d_k, kurtosis):
        rng = np.random.default_rng(0)
        q, k = (scale * rng.standard_normal((400_000, d_k)) for scale in (2.0, 0.7))
        logits = np.einsum("id,id->i", q, k)
        assert logits.std() == pytest.approx(logit_std(d_k, 2.0, 0.7, scale=1), rel=0.02)
        # Its standard error grows with the eighth moment.
        assert stats.kurtosis(logits) == pytest.approx(kurtosis, rel=0.1, abs=0.03)

    @few
    @given(seeds, st.floats(0.1, 10))
    def test_given_the_query_logits_are_exactly_gaussian(self, seed, sigma):
        rng = np.random.default_rng(seed)
        q = rng.standard_normal(3)
        logits = (sigma * rng.standard_normal((2000, 3))) @ q
        assert stats.kstest(logits / (sigma * np.linalg.norm(q)), "norm").pvalue > 1e-6

    def test_spread_without_a_scale(self):
        assert logit_std([1, 4], scale=1).tolist() == [1, 2]


class TestSaturation:
    def test_closed_forms(self):
        even = saturation(np.zeros(10))
        assert even.entropy == pytest.approx(math.log(10))
        assert even.max_weight == pytest.approx(0.1)
        assert even.participation == pytest.approx(0.1)
        assert even.jacobian_norm == pytest.approx(0.3, abs=1e-15)
        two = saturation([0, 1])
        found = [two.entropy, two.max_weight, two.participation, two.jacobian_norm]
        assert found == pytest.approx([0.5822031, 0.7310586, 0.6067761, 0.3932239], abs=1e-7)
        one = saturation([1000, 0, -1000])
        assert [one.entropy, one.max_weight, one.participation, one.jacobian_norm] == [0, 1, 1, 0]

    @pytest.mark.parametrize("n", [2, 10, 1024])
    def test_jacobian_of_even_weights(self, n):
        assert saturation(np.ones(n)).jacobian_norm == pytest.approx(math.sqrt(n - 1) / n)

    @few
    @given(arrays(float, st.tuples(st.integers(1, 3), st.integers(2, 9)), elements=numbers))
    def test_against_the_jacobian_itself(self, logits):
        found = saturation(logits)
        for i, row in enumerate(logits):
            p = np.exp(row - row.max()) / np.exp(row - row.max()).sum()
            jacobian = np.diag(p) - np.outer(p, p)
            assert found.jacobian_norm[i] == pytest.approx(np.linalg.norm(jacobian), abs=1e-14)
            assert found.entropy[i] == pytest.approx(stats.entropy(p), abs=1e-12)
            assert 1 / len(row) - 1e-12 <= found.participation[i] <= found.max_weight[i] + 1e-12

    @few
    @given(st.floats(2, 30))
    def test_far_from_even_the_jacobian_keeps_its_digits(self, gap):
        """Two keys: exactly 2 p (1 - p), however small."""
        small = 1 / (1 + math.exp(gap))
        expected = 2 * small * (1 - small)
        assert saturation([gap, 0]).jacobian_norm == pytest.approx(expected, rel=1e-9)

    def test_shapes(self):
        assert saturation(np.zeros((2, 3, 4))).entropy.shape == (2, 3)


class TestFreezing:
    @pytest.mark.parametrize(
        ("n", "beta"),
        [(16, 2.3548), (64, 2.8841), (1024, 3.7233), (4096, 4.0787), (131072, 4.8546)],
    )
    def test_critical_spread(self, n, beta):
        assert beta_critical(n) == pytest.approx(beta, abs=1e-4)

    @pytest.mark.parametrize(
        ("n", "density"),
        [
            (2, 0.5641896),
            (3, 0.8462844),
            (16, 1.76599),
            (64, 2.34373),
            (1024, 3.24824),
            (4096, 3.62608),
            (131072, 4.44304),
        ],
    )
    def test_density_of_a_tie(self, n, density):
        assert gap_density(n) == pytest.approx(density, abs=1e-5)

    @pytest.mark.parametrize("n", [2, 3, 64, 10**6])
    def test_density_of_a_tie_by_another_integral(self, n):
        """With u = Phi(x): n (n - 1) times the integral of phi(Phi^-1(u)) u^(n - 2) over (0, 1)."""

        def integrand(v):  # u = v^(1/(n-1)) takes the peak apart
            u = v ** (1 / (n - 1))
            return stats.norm.pdf(stats.norm.ppf(u))

        area, _ = integrate.quad(integrand, 0, 1, epsrel=1e-9, limit=400)
        assert gap_density(n) == pytest.approx(n * area, rel=1e-6)

    def test_density_of_a_tie_counted(self):
        draws = np.random.default_rng(2).standard_normal((200_000, 16))
        best = np.partition(draws, -2, axis=1)[:, -2:]
        share = np.mean(best[:, 1] - best[:, 0] < 0.02) / 0.02
        assert share == pytest.approx(gap_density(16), rel=0.06)

    @few
    @given(counts)
    def test_a_tie_is_rarer_than_the_limit_and_more_likely_among_more(self, n):
        assert gap_density(n) < beta_critical(n)
        assert gap_density(n) < gap_density(n + max(1, n // 10))

    @pytest.mark.parametrize(("n", "beta", "threshold"), [(1024, 1, 7.43147), (1024, 8, 29.7864)])
    def test_threshold(self, n, beta, threshold):
        assert retrieval_threshold(n, beta) == pytest.approx(threshold, abs=1e-4)

    @few
    @given(counts, st.floats(0, 20))
    def test_limits_of_the_random_energy_model_fit_together(self, n, beta):
        entropy, participation = rem_prediction(n, beta)
        threshold, critical = retrieval_threshold(n, beta), beta_critical(n)
        assert 0 <= participation < 1
        # S = d(T ln Z)/dT: the entropy is ln Z - beta d ln Z / d beta.
        step = 1e-6
        if abs(beta - critical) > 1e-3 and beta > step:
            sides = [retrieval_threshold(n, beta + sign * step) for sign in (1, -1)]
            slope = (sides[0] - sides[1]) / (2 * step)
            assert entropy == pytest.approx(threshold - beta * slope, abs=1e-4)
        assert retrieval_threshold(n, critical) == pytest.approx(2 * math.log(n))
        assert rem_prediction(n, critical)[0] == pytest.approx(0, abs=1e-9)
        assert (participation == 0) == (beta <= critical)


def sampled(n, beta, rows=100_000, seed=0):
    """Statistics of rows of Gaussian logits, drawn in parts that fit into memory."""
    rng = np.random.default_rng(seed)
    parts = max(1, rows * n // 10_000_000)
    found = [
        saturation(beta * rng.standard_normal((rows // parts, n), dtype=np.float32))
        for _ in range(parts)
    ]
    return at.SoftmaxStats(
        *(np.concatenate([getattr(f, k) for f in found]) for k in at.SoftmaxStats.__annotations__)
    )


class TestSamples:
    def test_deep_in_the_frozen_phase(self):
        found, law = sampled(64, 16.0), frozen_asymptotics(64, 16.0)
        assert np.mean(1 - found.max_weight) == pytest.approx(0.1025, abs=0.001)
        assert np.mean(1 - found.participation) == pytest.approx(0.1457, abs=0.0015)
        assert found.jacobian_norm.mean() == pytest.approx(0.124, abs=0.0015)
        assert np.median(found.jacobian_norm) == pytest.approx(0.023, abs=0.0015)
        assert 1 - law.max_weight == pytest.approx(0.1015, abs=1e-4)
        assert law.jacobian_norm == pytest.approx(0.1465, abs=1e-4)
        assert 1 - law.participation == pytest.approx(law.jacobian_norm, rel=1e-14)

    @pytest.mark.parametrize("n", [2, 16])
    def test_the_laws_become_exact(self, n):
        found, law = sampled(n, 100.0, 400_000), frozen_asymptotics(n, 100.0)
        for name in ("entropy", "max_weight", "participation", "jacobian_norm"):
            lost, expected = (
                value if name in ("entropy", "jacobian_norm") else 1 - value
                for value in (getattr(found, name), getattr(law, name))
            )
            error = 4 * lost.std() / math.sqrt(lost.size)
            # The next order is smaller by 1/beta, up to a factor of a few.
            assert lost.mean() == pytest.approx(expected, abs=error + 0.05 * expected)

    def test_two_keys_by_quadrature(self):
        def lost(gap):  # the gap of two normals is half a normal of variance 2
            return stats.norm.pdf(gap, scale=math.sqrt(2)) * 2 / (1 + math.exp(8 * gap))

        exact, _ = integrate.quad(lost, 0, 8)
        assert exact == pytest.approx(0.04840, abs=1e-5)
        assert 1 - frozen_asymptotics(2, 8).max_weight == pytest.approx(0.04888, abs=1e-5)

    def test_a_head_of_gpt2_size(self):
        plain = sampled(1024, 8.0, 20_000)
        assert plain.max_weight.mean() == pytest.approx(0.7095, abs=0.01)
        assert plain.participation.mean() == pytest.approx(0.602, abs=0.01)
        assert plain.entropy.mean() == pytest.approx(0.898, abs=0.01)
        scaled = sampled(1024, 1.0, 4000)
        assert scaled.entropy.mean() == pytest.approx(6.432, abs=0.002)
        assert scaled.entropy.mean() == pytest.approx(rem_prediction(1024, 1)[0], abs=0.002)
        assert scaled.max_weight.mean() == pytest.approx(0.0162, abs=0.0003)
        # Saturated attention has the larger mean derivative: even weights have a small one too.
        assert plain.jacobian_norm.mean() == pytest.approx(0.25, abs=0.01)
        assert scaled.jacobian_norm.mean() == pytest.approx(0.051, abs=0.002)

    @pytest.mark.parametrize("beta", [0.5, 1, 2])
    def test_a_key_at_the_threshold_holds_half(self, beta):
        rng = np.random.default_rng(5)
        noise = np.exp(beta * rng.standard_normal((20_000, 1023))).sum(axis=1)
        target = math.exp(retrieval_threshold(1024, beta))
        assert np.mean(target / (target + noise)) == pytest.approx(0.5, abs=0.01)

    def test_in_the_frozen_phase_half_the_weight_comes_earlier(self):
        rng = np.random.default_rng(6)
        noise = special.logsumexp(8 * rng.standard_normal((10_000, 1023)), axis=1)
        half = optimize.brentq(lambda a: special.expit(a - noise).mean() - 0.5, 0, 40)
        assert half == pytest.approx(26.0, abs=0.4)
        assert 0.8 < half / retrieval_threshold(1024, 8) < 0.9

    @pytest.mark.parametrize(
        ("d_k", "mean", "median"), [(64, 1.42, 0.84), (256, 1.60, 0.20), (1024, 1.74, 0.004)]
    )
    def test_the_gradient_of_an_unscaled_query_keeps_its_mean_and_loses_its_median(
        self, d_k, mean, median
    ):
        """K^T J v for Gaussian keys: along the query with the logits, across it with a chi."""
        rng = np.random.default_rng(7)
        rows = 40_000
        along, v = rng.standard_normal((2, rows, 64))
        p = special.softmax(np.sqrt(rng.chisquare(d_k, (rows, 1))) * along, axis=1)
        u = p * (v - (p * v).sum(axis=1, keepdims=True))
        across = np.square(u).sum(axis=1) * rng.chisquare(d_k - 1, rows)
        norms = np.sqrt(np.square((along * u).sum(axis=1)) + across)
        assert norms.mean() == pytest.approx(mean, rel=0.03)
        assert np.median(norms) == pytest.approx(median, rel=0.08)
        assert mean < gap_density(64) * math.sqrt(2 / math.pi) == pytest.approx(1.870, abs=1e-3)
        direct = []
        for _ in range(300):
            q, K, values = (rng.standard_normal(s) for s in ((1, d_k), (64, d_k), (64, 1)))
            direct.append(np.linalg.norm(attention_gradients(q, K, values, [[1.0]], scale=1)[0]))
        assert stats.ks_2samp(direct, norms).pvalue > 1e-4

    @pytest.mark.parametrize("d_k", [64, 256])
    def test_scaled_mean_and_median_agree(self, d_k):
        rng = np.random.default_rng(8)
        norms = []
        for _ in range(2000):
            q, K, v = (rng.standard_normal(s) for s in ((1, d_k), (64, d_k), (64, 1)))
            norms.append(np.linalg.norm(attention_gradients(q, K, v, [[1.0]])[0]))
        assert np.mean(norms) == pytest.approx(0.178, abs=0.004)
        assert np.median(norms) == pytest.approx(0.17, abs=0.006)


@pytest.fixture(scope="module")
def runs():
    """Steps to 85 % for five seeds, by the spread of the logits at the start; 500 at most."""
    return {beta: figures.needed(beta, steps=500)[0] for beta in figures.STARTS}


class TestTraining:
    def test_its_gradients_are_those_of_attention(self):
        """The first step, repeated with `attention_gradients`."""
        step = next(retrieval_steps(sigma_q=2.0, d_k=4, batch=3, n_keys=5, d_model=6, seed=9))
        rng = np.random.default_rng(9)
        W_Q, W_K = (s / math.sqrt(6) * rng.standard_normal((6, 4)) for s in (2.0, 1.0))
        x, V = rng.standard_normal((3, 5, 6)), rng.standard_normal((3, 5, 8))
        target = rng.integers(5, size=3)
        cue = (x[range(3), target] + 0.3 * rng.standard_normal((3, 6))) / math.sqrt(1.09)
        q, K = (cue @ W_Q)[:, None], x @ W_K
        output, p = scaled_dot_product_attention(q, K, V)
        miss = output - V[range(3), target][:, None]
        assert step.loss == pytest.approx(np.mean(miss**2) / 2)
        assert step.accuracy == np.mean(p[:, 0].argmax(axis=1) == target)
        dq, dK, _ = attention_gradients(q, K, V, miss / 24)
        assert step.grad_norm_q == pytest.approx(np.linalg.norm(cue.T @ dq[:, 0]))
        assert step.grad_norm_k == pytest.approx(np.linalg.norm(np.einsum("bni,bnd->id", x, dK)))

    def test_scale_start_and_step_are_one_knob(self):
        s = 32**-0.5
        one = train_retrieval(n_steps=60, seed=3)
        other = train_retrieval(
            sigma_q=s**0.5, sigma_k=s**0.5, scale=1, lr=3 * s, n_steps=60, seed=3
        )
        assert other.loss == pytest.approx(one.loss, rel=1e-12)
        assert other.accuracy.tolist() == one.accuracy.tolist()

    def test_a_mismatch_of_query_and_key_changes_no_answer_only_who_learns(self):
        even, uneven = (next(retrieval_steps(sigma_q=q, sigma_k=k)) for q, k in ((1, 1), (2, 0.5)))
        assert uneven.loss == pytest.approx(even.loss, rel=1e-12)
        ratio = uneven.grad_norm_q / uneven.grad_norm_k / (even.grad_norm_q / even.grad_norm_k)
        assert ratio == pytest.approx(0.25, rel=1e-12)

    def test_nor_does_it_slow_the_training_down(self):
        def steps(ratio):
            if ratio in (1, 16):
                return figures.needed(1, ratio)[0]
            root = math.sqrt(ratio)
            return [
                train_retrieval(
                    sigma_q=root, sigma_k=1 / root, seed=seed, n_steps=200
                ).steps_to_threshold
                for seed in range(5)
            ]

        assert 30 <= np.median(steps(1)) <= 34
        for ratio in (4, 16):
            assert 26 <= np.median(steps(ratio)) <= 31
        assert 37 <= np.median(steps(64)) <= 76

    @pytest.mark.parametrize(
        ("beta", "expected"),
        [
            (0.25, 39),
            (0.5, 34),
            (1, 32),
            (2, 33),
            (4, 39),
            (8, 63),
            (16, 108),
            (32, 211),
            (64, 415),
        ],
    )
    def test_steps_against_the_spread_at_the_start(self, runs, beta, expected):
        within = 0.3 if beta >= 8 else 0.08
        assert np.median(runs[beta]) == pytest.approx(expected, rel=within)

    def test_flat_below_freezing_and_in_proportion_above(self, runs):
        medians = {beta: np.median(steps) for beta, steps in runs.items()}
        assert beta_critical(32) == pytest.approx(2.63, abs=0.01)
        low = [m for beta, m in medians.items() if beta < beta_critical(32)]
        assert max(low) < 1.3 * min(low)
        high = {beta: m for beta, m in medians.items() if beta >= 8}
        assert all(6.5 * beta == pytest.approx(m, rel=0.35) for beta, m in high.items())
        assert all(b > a for a, b in pairwise(high.values()))

    def test_runs_are_bounded(self):
        one = train_retrieval(n_steps=5, seed=1)
        assert one.steps_to_threshold is None
        assert one.accuracy.shape == one.grad_norm_k.shape == (5,)
        assert ((one.accuracy >= 0) & (one.accuracy <= 1)).all()

    @few
    @given(st.lists(st.floats(0, 1), max_size=30), st.floats(0.05, 0.95))
    def test_success_is_the_first_crossing_of_the_running_mean(self, accuracy, threshold):
        means = [
            sum(0.1 * 0.9 ** (i - j) * accuracy[j] for j in range(i + 1))
            for i in range(len(accuracy))
        ]
        if any(abs(mean - threshold) < 1e-9 for mean in means):
            return
        crossings = [i for i, mean in enumerate(means) if mean > threshold]
        assert at.first_success(accuracy, threshold) == (crossings[0] if crossings else None)


GOOD = np.ones((2, 3))


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        (lambda: scaled_dot_product_attention(GOOD, np.ones((4, 2)), np.ones((4, 1))), "Q (2, 3)"),
        (lambda: scaled_dot_product_attention(GOOD, np.ones((4, 3)), np.ones((5, 1))), "V (5, 1)"),
        (lambda: scaled_dot_product_attention([1.0], GOOD, GOOD), "two axes"),
        (
            lambda: scaled_dot_product_attention(np.ones((2, 1, 3)), np.ones((3, 1, 3)), GOOD[:1]),
            "do not broadcast",
        ),
        (lambda: attention_gradients(GOOD, GOOD, GOOD, [[1.0]]), "d_output must have the shape"),
        (lambda: saturation([1.0]), "two logits or more, got the shape (1,)"),
        (lambda: saturation(1.0), "two logits or more, got the shape ()"),
        (lambda: train_retrieval(sigma_k=-1), "sigma_k must lie in (0, inf), got -1.0"),
    ],
)
def test_refused(call, shown):
    with pytest.raises(ValueError) as caught:
        call()
    assert shown in str(caught.value)
