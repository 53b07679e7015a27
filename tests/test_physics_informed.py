"""A river: its numbers and its exact solutions.

Expected values: closed forms, published numbers and a method-of-lines solution.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from smlib import physics_informed as pi
from smlib.physics_informed import (
    River,
    continuous_release,
    decay_length,
    gaussian_pulse,
    steady_profile,
    unit_weight,
)

few = settings(max_examples=40)


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

    def test_a_cloud_drifts_spreads_and_fades(self):
        """Its moments: Taylor (1954)."""
        x = np.linspace(-3, 5, 60_001)
        c = gaussian_pulse(x, 1, 100, 1)
        mass = np.trapezoid(c, x)
        assert mass == pytest.approx(0.1 * np.sqrt(2 * np.pi) * np.exp(-1), rel=1e-9)
        mean = np.trapezoid(c * x, x) / mass
        assert mean == pytest.approx(1.2)
        assert np.trapezoid(c * (x - mean) ** 2, x) / mass == pytest.approx(0.1**2 + 2 / 100)

    @few
    @given(st.floats(1, 500), st.floats(0, 5), st.floats(0, 2))
    def test_the_dimensionless_cloud_is_a_pulse_released_earlier(self, Pe, Da, tau):
        """A Gaussian of width s0 is what a pulse becomes in the time s0^2 Pe / 2."""
        early = 0.1**2 * Pe / 2
        xi = np.linspace(-0.5, 2, 11)
        mass = 0.1 * np.sqrt(2 * np.pi) * np.exp(Da * early)
        spread, drifted = 4 * (tau + early) / Pe, xi - 0.2 - tau
        found = mass / np.sqrt(np.pi * spread) * np.exp(-(drifted**2) / spread)
        found *= np.exp(-Da * (tau + early))
        assert gaussian_pulse(xi, tau, Pe, Da) == pytest.approx(found, rel=1e-9, abs=1e-300)
