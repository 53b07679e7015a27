"""A river, a network that should learn it, and what units, weights and optimizers do to it.

Expected values: closed forms, a method-of-lines solution, finite differences, derivatives by
PyTorch and by HIPS autograd, invariances, and published or independently computed errors of
trainings, as thresholds that hold for every seed tried.
"""

from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from smlib import physics_informed as pi
from smlib.physics_informed import (
    BALANCES,
    River,
    SteadyPINN,
    UnsteadyPINN,
    continuous_release,
    decay_length,
    gaussian_pulse,
    pulse_release,
    steady_profile,
    train,
    training_steps,
    unit_weight,
)
from smlib.studies.physics_informed import UNITS, trained, unit_key

few = settings(max_examples=40, deadline=None)
ROUNDING = 500 * np.finfo(float).eps  # of a sum of squares over the points, of which 500 are most
numbers = st.floats(0.01, 1000)
seeds = st.integers(0, 10**6)


class TestRiver:
    def test_reference_reach(self):
        reach = River(u=0.5, D=50, k=5e-5, L=1e4)
        assert (reach.t_adv, reach.t_disp) == pytest.approx((2e4, 2e6))
        assert reach.t_react == pytest.approx(2e4)
        assert (reach.peclet, reach.damkohler) == pytest.approx((100, 1))
        still = River(u=0.5, D=50, k=0, L=1e4)
        assert still.t_react == np.inf and still.damkohler == 0

    def test_two_rivers(self):
        copper, missouri = River(0.27, 20, 1 / 86400, 1e4), River(1.55, 1500, 1 / 86400, 1e4)
        assert copper.peclet == pytest.approx(135) and copper.damkohler == pytest.approx(
            0.4287, abs=1e-4
        )
        assert copper.t_adv / 3600 == pytest.approx(10.3, abs=0.02)
        assert missouri.peclet == pytest.approx(10.33, abs=0.01)
        assert missouri.damkohler == pytest.approx(0.0747, abs=1e-4)

    def test_units_are_weights(self):
        found = unit_weight(2e4, np.array([1, 60, 3600, 86400]))
        assert found == pytest.approx([2.5e-9, 9e-6, 0.0324, 18.6624])
        assert unit_weight(2e4, 86400) / unit_weight(2e4, 1) == pytest.approx(86400**2)


class TestExactSolutions:
    def test_published_values(self):
        xi = np.linspace(0, 1, 5)
        expected = [1, 0.78071213, 0.60951144, 0.47585297, 0.37514674]
        assert steady_profile(xi, 100, 1) == pytest.approx(expected, abs=1e-8)
        fast = steady_profile(xi, 100, 100)
        assert fast[:3] == pytest.approx([1, 1.94886e-7, 3.79807e-14], rel=1e-5)
        assert steady_profile(0.5, 1e8, 1) == pytest.approx(np.exp(-0.5), abs=1e-7)
        assert np.isfinite(steady_profile(xi, 1e4, 1e3)).all()
        assert np.isfinite(steady_profile(xi, 1e6, 1)).all()

    def test_decay_length(self):
        assert decay_length(100, [1, 10, 100]) == pytest.approx(
            [1.0099020, 0.1091608, 0.01618034], abs=1e-7
        )
        assert decay_length(7, 7) * 7 == pytest.approx((1 + 5**0.5) / 2)

    @few
    @given(st.floats(0.1, 300), st.floats(0, 300))
    def test_the_steady_profile_solves_its_equation_and_meets_its_ends(self, Pe, Da):
        up, down = pi._rates(Pe, Da)
        assert up + down == pytest.approx(Pe) and -up * down == pytest.approx(Pe * Da, abs=1e-9)
        assert steady_profile(0, Pe, Da) == pytest.approx(1)
        h = 1e-3 / max(up, 1)
        x = np.linspace(0.1, 0.9, 9)
        c, left, right = (steady_profile(x + d, Pe, Da) for d in (0, -h, h))
        residual = (left - 2 * c + right) / h**2 / Pe - (right - left) / (2 * h) - Da * c
        assert np.abs(residual).max() < 1e-5 * max(1, Da, up**2 / Pe)
        back = steady_profile(np.array([1 - 2e-6, 1 - 1e-6, 1]), Pe, Da)
        assert abs(1.5 * back[2] - 2 * back[1] + 0.5 * back[0]) / 1e-6 < 1e-3 * max(1, Da)

    def test_at_equal_numbers_advection_and_dispersion_share_the_load_in_the_golden_section(self):
        _, down = pi._rates(100, 100)
        assert -down == pytest.approx(61.8034, abs=1e-4)  # advection, per unit c
        assert down**2 / 100 == pytest.approx(38.1966, abs=1e-4)  # dispersion

    def test_continuous_release(self):
        found = continuous_release([0, 5e3, 1e4, 2e4], 2e4, 0.5, 50, 5e-5)
        assert found[:3] == pytest.approx([1, 0.60946525, 0.21666512], abs=1e-8)
        assert found[3] == pytest.approx(3.83544e-13, rel=1e-5)
        late = continuous_release(1e4, 1e9, 0.5, 50, 5e-5)
        assert late == pytest.approx(0.3715041902, abs=1e-10)
        endless = np.exp(1e4 * (0.5 - np.sqrt(0.25 + 4 * 5e-5 * 50)) / 100)
        assert late == pytest.approx(endless, rel=1e-9)

    def test_continuous_release_is_that_of_the_method_of_lines(self):
        n, length = 1601, 4e4
        dx, u, D, k = length / (n - 1), 0.5, 50.0, 5e-5

        def slope(_, c):
            c = np.concatenate([[1.0], c, c[-1:]])
            d = D * (c[2:] - 2 * c[1:-1] + c[:-2]) / dx**2
            return d - u * (c[2:] - c[:-2]) / (2 * dx) - k * c[1:-1]

        run = solve_ivp(slope, (0, 2e4), np.zeros(n - 1), "LSODA", rtol=1e-7, atol=1e-9,
                        lband=1, uband=1)  # fmt: skip
        x = np.arange(1, n) * dx
        assert continuous_release(x, 2e4, u, D, k) == pytest.approx(run.y[:, -1], abs=2e-4)

    def test_pulse_release(self):
        x = np.linspace(-2e4, 4e4, 60_001)
        c = pulse_release(x, 2e4, 0.5, 50, 5e-5)
        mass = np.trapezoid(c, x)
        assert mass == pytest.approx(np.exp(-1), rel=1e-9)
        mean = np.trapezoid(c * x, x) / mass
        assert mean == pytest.approx(1e4)
        assert np.trapezoid(c * (x - mean) ** 2, x) / mass == pytest.approx(2e6)
        assert pulse_release(1e4, 2e4, 0.5, 50, 5e-5) == pytest.approx(1.0377687e-4, rel=1e-7)

    @few
    @given(st.floats(1, 500), st.floats(0, 5), st.floats(0, 2))
    def test_the_dimensionless_cloud_is_a_pulse_released_earlier(self, Pe, Da, tau):
        """A Gaussian of width s0 is what a pulse becomes in the time s0^2 Pe / 2."""
        early = 0.1**2 * Pe / 2
        xi = np.linspace(-0.5, 2, 11)
        mass = 0.1 * np.sqrt(2 * np.pi) * np.exp(Da * early)
        found = pulse_release(xi - 0.2 + early, tau + early, 1, 1 / Pe, Da, mass)
        assert gaussian_pulse(xi, tau, Pe, Da) == pytest.approx(found, rel=1e-9, abs=1e-300)


def by_torch(pinn, theta):
    """Terms of the loss of a steady network, by PyTorch's automatic derivatives."""
    torch = pytest.importorskip("torch", reason="PyTorch, the oracle, is not installed")
    t = torch.tensor(theta, requires_grad=True)
    n = pinn._target.size - 2
    xi = torch.linspace(0, pinn.xi_max, n, dtype=torch.float64).requires_grad_()

    def network(x):
        a, at = (2 * x / pinn.xi_max - 1)[:, None], 0
        for i, (rows, cols) in enumerate(pinn._shapes):
            W = t[at : at + rows * cols].reshape(rows, cols)
            a = a @ W + t[at + rows * cols : at + (rows + 1) * cols]
            at += (rows + 1) * cols
            a = torch.tanh(a) if i < len(pinn._shapes) - 1 else a
        return 1 + x * a[:, 0] if pinn.hard_inlet else a[:, 0]

    c = network(xi)
    (c1,) = torch.autograd.grad(c.sum(), xi, create_graph=True)
    (c2,) = torch.autograd.grad(c1.sum(), xi, create_graph=True)
    residual = c2 / pinn.Pe - c1 - pinn.Da * c
    terms = (residual**2).mean(), (c[0] - 1) ** 2 + (c1[-1] / pinn.Pe) ** 2
    grads = [torch.autograd.grad(term, t, retain_graph=True)[0].numpy() for term in terms]
    return np.array([term.item() for term in terms]), np.array(grads)


def autograd_loss(pinn):
    """Function that gives the loss of a steady network, weights one, and its gradient: derivatives
    by position forward through the layers, those by parameters by HIPS autograd."""
    autograd = pytest.importorskip("autograd", reason="HIPS autograd, the oracle, is missing")
    anp = autograd.numpy
    xi = np.linspace(-1, 1, pinn._target.size - 2)[:, None]

    def loss(t):
        c, c1, c2, at = xi, np.full_like(xi, 2 / pinn.xi_max), np.zeros_like(xi), 0
        for i, (rows, cols) in enumerate(pinn._shapes):
            W = anp.reshape(t[at : at + rows * cols], (rows, cols))
            bias = t[at + rows * cols : at + (rows + 1) * cols]
            c, c1, c2 = anp.dot(c, W) + bias, anp.dot(c1, W), anp.dot(c2, W)
            at += (rows + 1) * cols
            if i < len(pinn._shapes) - 1:
                c = anp.tanh(c)
                g = 1 - c * c
                c1, c2 = g * c1, g * c2 - 2 * c * g * c1 * c1
        residual = c2 / pinn.Pe - c1 - pinn.Da * c
        return anp.mean(residual**2) + (c[0, 0] - 1) ** 2 + (c1[-1, 0] / pinn.Pe) ** 2

    return autograd.value_and_grad(loss)


class TestDerivatives:
    @settings(max_examples=15, deadline=None)
    @given(seeds, numbers, st.floats(0, 200), st.floats(0.05, 1), st.booleans())
    def test_losses_and_gradients_are_those_of_pytorch(self, seed, Pe, Da, xi_max, hard):
        pinn = SteadyPINN(Pe, Da, xi_max, (1, 5, 4, 3, 1), 12, hard)
        theta = pinn.init(seed) + 0.1 * np.random.default_rng(seed).standard_normal(pinn.n_params)
        losses, gradients = by_torch(pinn, theta)
        assert pinn.losses(theta) == pytest.approx(losses, rel=1e-10)
        scale = np.abs(gradients).max(axis=1)
        assert (np.abs(pinn.gradients(theta) - gradients).max(axis=1) < 1e-10 * scale).all()

    def test_the_loss_and_its_gradient_are_those_of_hips_autograd(self):
        pinn = SteadyPINN(100, 10)
        loss, grad = autograd_loss(pinn)(pinn.init(3))
        ours, slope = pinn.loss_grad(pinn.init(3), [1, 1])
        assert ours == pytest.approx(loss, rel=1e-12)
        assert slope == pytest.approx(grad, abs=1e-10 * np.abs(grad).max())

    @pytest.mark.parametrize(
        "pinn",
        [SteadyPINN(100, 10), SteadyPINN(100, 1, 0.3, hard_inlet=True), UnsteadyPINN(50, 0.2)],
    )
    def test_gradients_are_central_differences(self, pinn):
        rng, theta = np.random.default_rng(0), pinn.init(0)
        for step in rng.standard_normal((5, pinn.n_params)):
            ahead, behind = pinn.losses(theta + 1e-5 * step), pinn.losses(theta - 1e-5 * step)
            assert pinn.gradients(theta) @ step == pytest.approx((ahead - behind) / 2e-5, rel=1e-6)
        weights = rng.uniform(0.1, 10, pinn.n_terms)
        total, grad = pinn.loss_grad(theta, weights)
        assert total == pytest.approx(weights @ pinn.losses(theta))
        assert grad == pytest.approx(weights @ pinn.gradients(theta))

    @few
    @given(seeds, st.booleans(), st.floats(0.1, 1))
    def test_the_jet_is_the_differences_of_its_first_part(self, seed, hard, xi_max):
        pinn = SteadyPINN(100, 1, xi_max, hard_inlet=hard)
        theta, x, h = pinn.init(seed), np.linspace(0.1, 0.9, 5) * xi_max, 1e-4 * xi_max
        c, c1, c2 = pinn.jet(theta, x)
        left, right = pinn.jet(theta, x - h)[0], pinn.jet(theta, x + h)[0]
        assert c1 == pytest.approx((right - left) / (2 * h), rel=1e-4, abs=1e-5 / xi_max)
        assert c2 == pytest.approx((right - 2 * c + left) / h**2, rel=1e-3, abs=1e-4 / xi_max**2)

    def test_the_unsteady_residual_is_that_of_the_predicted_field(self):
        pinn = UnsteadyPINN(50, 0.2, n_colloc=7)
        theta, h = pinn.init(1), 1e-4
        xi, tau = ((pinn._jets[0, :7] + 1) / 2 * [1, 0.6]).T

        def c(dx, dt):
            return pinn.predict(theta, np.clip(xi + dx, 0, 1), np.clip(tau + dt, 0, 0.6))

        c_xx = (c(h, 0) - 2 * c(0, 0) + c(-h, 0)) / h**2
        drift = (c(h, 0) - c(-h, 0) + c(0, h) - c(0, -h)) / (2 * h)
        inside = (xi > h) & (xi < 1 - h) & (tau > h) & (tau < 0.6 - h)
        found = pinn._rows(pinn._forward(theta, pinn._jets)[0])[:7]
        expected = c_xx / 50 - drift - 0.2 * c(0, 0)
        assert inside.sum() >= 5
        assert found[inside] == pytest.approx(expected[inside], abs=1e-5)

    def test_networks_side_by_side_are_networks(self):
        pinn = SteadyPINN(100, 3)
        both = np.array([pinn.init(0), pinn.init(1)])
        assert pinn.losses(both)[1] == pytest.approx(pinn.losses(both[1]), rel=ROUNDING)
        assert pinn.gradients(both)[1] == pytest.approx(pinn.gradients(both[1]))
        assert pinn.error(both)[1] == pytest.approx(pinn.error(both[1]))

    def test_the_exact_tanh(self):
        z = np.concatenate([np.linspace(-30, 30, 6001), [-800.0, 800.0]])
        assert pi._tanh(z) == pytest.approx(np.tanh(z), abs=5e-16)


class TestTangentKernel:
    @pytest.mark.parametrize(
        ("Da", "median", "low", "high"),
        [(1, 2.9, 2.4, 3.2), (10, 71, 68, 78), (100, 6900, 6570, 7650)],
    )
    def test_traces_at_the_start(self, Da, median, low, high):
        pinn = SteadyPINN(100, Da)
        parts = [pinn.ntk_eigenvalues(pinn.init(seed)) for seed in range(5)]
        ratio = [inner.sum() / border.sum() for inner, border in parts]
        assert np.median(ratio) == pytest.approx(median, rel=0.01)
        assert min(ratio) == pytest.approx(low, rel=0.03)
        assert max(ratio) == pytest.approx(high, rel=0.03)
        assert np.median(ratio) == pytest.approx(0.69 * Da**2 + 2.2, rel=0.02)

    def test_traces_are_sums_of_squared_derivatives(self):
        pinn = SteadyPINN(100, 10, n_colloc=5, layers=(1, 4, 1))
        theta = pinn.init(2)
        inner, border = pinn.ntk_eigenvalues(theta)
        assert inner.shape == (5,) and border.shape == (2,)
        assert (np.diff(inner) <= 0).all()
        h, J = 1e-6, []
        for i in range(pinn.n_params):
            step = h * (np.arange(pinn.n_params) == i)
            ahead = pinn._rows(pinn._forward(theta + step, pinn._jets)[0])
            J.append((ahead - pinn._rows(pinn._forward(theta - step, pinn._jets)[0])) / (2 * h))
        J = np.array(J).T
        assert inner.sum() == pytest.approx(np.square(J[:5]).sum() / 5, rel=1e-6)
        assert border.sum() == pytest.approx(np.square(J[5:]).sum(), rel=1e-6)

    def test_few_directions_of_the_residual_can_be_learnt(self):
        for Da in (1, 10, 100):
            pinn = SteadyPINN(100, Da)
            inner, border = pinn.ntk_eigenvalues(pinn.init(0))
            assert 4 <= (inner > 1e-6 * inner[0]).sum() <= 5
        assert border[0] == pytest.approx(8.8, rel=0.3) and border[1] < 0.02

    @pytest.mark.parametrize(("Da", "ratio"), [(1, 0.37), (10, 3.6), (100, 307)])
    def test_gradient_norms_at_the_start(self, Da, ratio):
        pinn = SteadyPINN(100, Da)
        norms = [np.linalg.norm(pinn.gradients(pinn.init(seed)), axis=1) for seed in range(5)]
        assert np.median([a / b for a, b in norms]) == pytest.approx(ratio, rel=0.02)


def errors(pinn, weights, n=5, **more):
    if "optimizer" in more or "balance" in more:
        return np.array([train(pinn, weights, seed=seed, **more).error for seed in range(n)])
    return train(pinn, weights, seed=range(n), **more).error


def known(*training, n=5):
    """Errors of trainings of the chapter, whose settings are these: Pe = 100, Adam 3000 steps."""
    return np.array([trained(*training, seed).error for seed in range(n)])


def in_unit(unit, optimizer, n=5):
    return known(*unit_key(unit, 1.0, optimizer, 0)[:-1], n=n)


class TestTraining:
    def test_steps_end_where_the_training_ends(self):
        pinn = SteadyPINN(100, 1)
        run, *_, last = list(training_steps(pinn, n_iter=30))
        assert run.iteration == 0 and (run.theta == pinn.init(0)).all()
        assert (train(pinn, n_iter=30).theta == last.theta).all() and last.iteration == 30
        first = next(training_steps(pinn, n_iter=30, seed=4))
        assert (first.theta == pinn.init(4)).all()
        assert len(list(islice(training_steps(pinn), 3))) == 3

    @pytest.mark.parametrize("pinn", [SteadyPINN(100, 3), SteadyPINN(100, 3, hard_inlet=True)])
    def test_side_by_side_is_one_after_the_other_to_the_last_bit(self, pinn):
        weights, seeds = [(0.1, 1), (1e-4, 1), (3, 2)], (4, 0, 1)
        together = train(pinn, weights, n_iter=40, seed=seeds)
        for i, (weight, seed) in enumerate(zip(weights, seeds, strict=True)):
            alone = train(pinn, weight, n_iter=40, seed=seed)
            for name in ("theta", "error", "weights"):
                assert np.array_equal(getattr(together, name)[i], getattr(alone, name)), name
            # Sums over the points: a matrix product may add them in another order.
            assert together.losses[i] == pytest.approx(alone.losses, rel=ROUNDING)
        *_, last = training_steps(UnsteadyPINN(50, 0.2), seed=(3, 0), n_iter=5)
        *_, one = training_steps(UnsteadyPINN(50, 0.2), seed=0, n_iter=5)
        assert (last.theta[1] == one.theta).all()
        assert last.losses[1] == pytest.approx(one.losses, rel=ROUNDING)

    def test_the_first_step_of_adam_is_the_learning_rate_along_signs(self):
        pinn = SteadyPINN(100, 1)
        a, b = islice(training_steps(pinn, (2, 3), lr=0.01, epsilon=1e-30), 2)
        _, grad = pinn.loss_grad(a.theta, (2, 3))
        assert b.theta - a.theta == pytest.approx(-0.01 * np.sign(grad), rel=1e-9)

    def test_a_common_factor_of_the_weights_does_not_count_but_for_epsilon(self):
        pinn = SteadyPINN(100, 1)
        more = {"n_iter": 20, "epsilon": 1e-100}
        one, other = (train(pinn, w, **more).theta for w in ((1, 1), (1024, 1024)))
        assert one == pytest.approx(other, rel=1e-10, abs=1e-12)

    def test_lbfgs_descends_and_counts_its_steps(self):
        pinn = SteadyPINN(100, 1)
        steps = list(training_steps(pinn, optimizer="lbfgs", n_iter=60))
        assert [step.iteration for step in steps] == [25, 50, 60]
        totals = [step.losses.sum() for step in steps]
        assert totals == sorted(totals, reverse=True)

    def test_units(self):
        """Adam, 3000 steps, Pe = 100, Da = 1, every one of five seeds."""
        found = {unit: in_unit(unit, "adam") for unit in UNITS}
        assert min(found["s"].min(), found["min"].min(), found["yr"].min()) > 0.3
        assert found["d"].max() < 0.02 and found["h"].max() < 0.15
        medians = {unit: np.median(error) for unit, error in found.items()}
        assert medians["s"] == pytest.approx(0.58, abs=0.06)
        assert medians["min"] == pytest.approx(0.54, abs=0.06)
        assert medians["yr"] == pytest.approx(1.0, abs=0.03)
        assert medians["d"] == pytest.approx(0.0014, rel=0.6)

    def test_a_fast_reaction_needs_weight_and_length(self):
        raw = trained(100, "reach", 1.0, "adam", 0)
        assert raw.losses == pytest.approx([0.0015, 0.997], rel=0.25)
        assert known(100, "reach", 1.0, "adam", n=2).min() > 0.98
        assert known(100, "cut", 1.0, "adam", n=2).min() > 0.98
        weight, both = (known(100, domain, 1e-4, "adam") for domain in ("reach", "cut"))
        assert np.median(weight) == pytest.approx(0.23, abs=0.12) and weight.min() > 0.05
        assert both.max() < 0.05 and np.median(both) == pytest.approx(0.014, abs=0.006)

    def test_a_reaction_of_thirty(self):
        near = 10 * decay_length(100, 30)
        raw = errors(SteadyPINN(100, 30), (1, 1), 2)
        assert raw == pytest.approx(0.967, abs=0.004)
        assert errors(SteadyPINN(100, 30, near), (30**-2, 1), 3).max() < 0.05
        assert errors(SteadyPINN(100, 3), (1, 1), 2).max() < 0.01

    @pytest.mark.parametrize(
        ("Da", "best", "below", "low", "above", "high"),
        [
            (1, 3, 1e-5, 0.4, 1e3, 0.4),
            (10, 0.1, 1e-4, 1.2, 10, 0.9),
            (100, 1e-3, 1e-5, 1.0, 0.1, 0.9),
        ],
    )
    def test_valleys_lie_at_the_same_weight_times_the_square(
        self, Da, best, below, low, above, high
    ):
        assert 1 <= best * Da**2 <= 10
        weights, seeds = [best] * 3 + [below] * 2 + [above] * 2, (0, 1, 2, 0, 1, 0, 1)
        found = train(SteadyPINN(100, Da), [(weight, 1) for weight in weights], seed=seeds).error
        assert np.median(found[:3]) < {1: 0.01, 10: 0.02, 100: 0.12}[Da]
        assert found[3:5].min() > low
        assert found[5:].min() > high

    def test_lbfgs_and_its_tolerances(self):
        bound = {"s": 0.06, "min": 0.02, "h": 0.005, "d": 0.002}
        for unit, most in bound.items():
            assert in_unit(unit, "exact", 2).max() < most
        for seed in range(3):
            run = trained(*unit_key("s", 1.0, "default", seed))
            assert run.n_iter < 30 and run.error > 0.4

    def test_lbfgs_is_trapped_by_a_fast_reaction_unless_weighted(self):
        exact = {"optimizer": "lbfgs", "n_iter": 1000}
        whole = SteadyPINN(100, 100)
        # Most of five seeds; a rounding may set one or the other free.
        assert np.median(errors(whole, (1, 1), **exact)) > 0.5
        assert np.median(errors(whole, (1e-4, 1), 3, **exact)) < 0.03
        cut = SteadyPINN(100, 100, 10 * decay_length(100, 100))
        assert np.median(errors(cut, (1e-4, 1), 3, **exact)) < 2e-3

    def test_a_cloud_in_time(self):
        pinn, found = UnsteadyPINN(50, 0.2), {}
        for unit, n in (("s", 400), ("h", 400), ("d", 800), ("yr", 400)):
            weights = unit_weight(2e4, UNITS[unit]), 1, 1
            found[unit] = errors(pinn, weights, 3, optimizer="lbfgs", n_iter=n)
        assert found["s"].min() > 0.25 and found["yr"].min() > 0.7
        assert found["h"].max() < 0.01 and found["d"].max() < 0.05

    def test_two_adaptive_schemes_find_the_window(self):
        pinn = SteadyPINN(100, 30)
        for balance in ("ntk", "gradnorm"):
            assert errors(pinn, (1, 1), 3, balance=balance).max() < 0.2

    def test_the_kernel_rediscovers_the_square(self):
        pinn = SteadyPINN(100, 100)
        run = train(pinn, n_iter=1, balance="ntk")
        assert run.weights[0] / run.weights[1] == pytest.approx(1.45e-4, rel=0.12)

    def test_a_relative_scheme_does_not_find_it(self):
        assert errors(SteadyPINN(100, 100), (1, 1), 2, balance="relobralo").min() > 0.9

    def test_the_variant_of_annealing_works_up_to_thirty(self):
        variant = {"balance": "annealing_variant"}
        assert errors(SteadyPINN(100, 30), (1, 1), 2, **variant).max() < 0.2
        assert train(SteadyPINN(100, 100), **variant).error > 0.9

    def test_the_printed_form_lets_a_boundary_weight_run_away(self):
        run = train(SteadyPINN(100, 10), balance="annealing")
        assert run.weights[1] > 1e5 and run.error > 0.3


def test_schemes_follow_their_formulas():
    """First update of each, from the gradients at the start."""
    pinn = SteadyPINN(100, 10)
    theta = pinn.init(0)
    size = np.abs(pinn.gradients(theta))
    norm = np.linalg.norm(size, axis=1)
    first = {b: next(training_steps(pinn, (2, 3), balance=b)).weights for b in BALANCES}
    assert first["gradnorm"] == pytest.approx(norm.sum() / norm)
    ratio = size[0].max() / size[1].mean()
    assert first["annealing"] == pytest.approx([2, 0.1 * 3 + 0.9 * ratio])
    assert first["annealing_variant"] == pytest.approx([2, 0.9 * 3 + 0.1 * ratio * 2 / 3])
    share = np.array([1.0, 1.0])  # losses over themselves: equal shares, which add to 2
    either = [0.95 * kept + 0.05 * share for kept in (np.array([2, 3]), share)]
    assert any(first["relobralo"] == pytest.approx(one) for one in either)
    traces = np.array([k.sum() for k in pinn.ntk_eigenvalues(theta)])
    assert first["ntk"] == pytest.approx(traces.sum() / traces)


@few
@given(st.lists(st.integers(1, 9), max_size=3), seeds)
def test_starts_have_the_shape_and_spread_of_glorot(widths, seed):
    pinn = SteadyPINN(10, 1, layers=(1, *widths, 1), n_colloc=4)
    theta = pinn.init(seed)
    assert theta.shape == (pinn.n_params,) and (theta == pinn.init(seed)).all()
    wide = SteadyPINN(10, 1, layers=(1, 300, 300, 1), n_colloc=4).init(seed)
    assert wide[600 : 600 + 90000].std() == pytest.approx((1 / 300) ** 0.5, rel=0.02)
    assert (wide[300:600] == 0).all()


PINN = SteadyPINN(100, 1)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: SteadyPINN(1, 1, layers=(2, 5, 1)), "layers"),
        (lambda: SteadyPINN(1, 1, layers=(1, 5)), "layers"),
        (lambda: UnsteadyPINN(1, 1, layers=(1, 5, 1)), "layers"),
        (lambda: PINN.losses(np.zeros(3)), "theta"),
        (lambda: SteadyPINN(1, 1, xi_max=0.5).jet(np.zeros(481), [0.6]), "xi"),
        (lambda: UnsteadyPINN(1, 1).predict(np.zeros(501), 0.5, 0.7), "tau"),
        (lambda: PINN.loss_grad(PINN.init(), [1]), "weights"),
        (lambda: train(PINN, (1, 1, 1)), "weights"),
        (lambda: train(PINN, [[1, 1]], "lbfgs"), "weights"),
        (lambda: train(PINN, seed=(0, 1), balance="gradnorm"), "seed"),
        (lambda: train(PINN, balance="luck"), "balance"),
        (lambda: train(PINN, optimizer="lbfgs", balance="ntk"), "balance"),
        (lambda: train(UnsteadyPINN(1, 1), balance="ntk"), "balance"),
        (lambda: train(PINN, n_iter=0), "n_iter"),
        (lambda: train(PINN, lr=0), "lr"),
        (lambda: train(PINN, ftol=-1), "ftol"),
        (lambda: train(PINN, epsilon=0), "epsilon"),
    ],
)
def test_bad_input_is_refused_by_name(call, name):
    with pytest.raises(ValueError, match=rf"\b{name}\b"):
        call()
