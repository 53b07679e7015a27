"""What units, weights and optimizers do to networks that should learn a river.

Expected values: invariances, formulas of the schemes, and published or independently computed
errors of trainings, as thresholds that hold for every seed tried.
"""

from itertools import islice

import numpy as np
import pytest

from smlib.physics_informed import decay_length, unit_weight
from smlib.pinn import SteadyPINN, UnsteadyPINN
from smlib.pinn_training import BALANCES, train, training_steps
from smlib.studies.physics_informed import UNITS, trained, unit_key

ROUNDING = 500 * np.finfo(float).eps  # of a sum of squares over the points, of which 500 are most


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


PINN = SteadyPINN(100, 1)


@pytest.mark.parametrize(
    ("call", "name"),
    [
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
