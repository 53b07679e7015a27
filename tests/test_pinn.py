"""Networks for a river: losses, derivatives and tangent kernels.

Expected values: finite differences, derivatives by PyTorch and by HIPS autograd, and independently
computed traces and norms at the start.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smlib.pinn import SteadyPINN, UnsteadyPINN, _tanh

few = settings(max_examples=40)
ROUNDING = 500 * np.finfo(float).eps  # of a sum of squares over the points, of which 500 are most
numbers = st.floats(0.01, 1000)
seeds = st.integers(0, 10**6)


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
    @settings(max_examples=15)
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
        assert _tanh(z) == pytest.approx(np.tanh(z), abs=5e-16)


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
    ],
)
def test_bad_input_is_refused_by_name(call, name):
    with pytest.raises(ValueError, match=rf"\b{name}\b"):
        call()
