"""Dopants in silicon: lattice coefficients and epitaxial layers.

Expected values: numbers computed once with independent code, published measurements, and the
equations that the closed forms solve.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from smlib.doping import (
    A_SI,
    BOND,
    DOPANTS,
    MODELS,
    N_SI,
    critical_thickness,
    electronic_beta,
    epitaxial_state,
    lattice_strain,
    sige_lattice_constant,
    vegard_beta,
)

few = settings(max_examples=80)
SI_B = -5.2e-24


class TestLatticeCoefficients:
    def test_density_of_silicon(self):
        assert pytest.approx(4.9940e22, rel=1e-5) == N_SI
        assert pytest.approx(20.02, abs=0.01) == 1e24 / N_SI
        assert pytest.approx(2.3517, abs=1e-4) == BOND

    @pytest.mark.parametrize(
        ("symbol", "expected"),
        [
            ("B", -4.963e-24),
            ("C", -6.846e-24),
            ("P", -1.198e-24),
            ("As", 1.711e-25),
            ("Sb", 3.252e-24),
            ("Ga", 1.540e-24),
            ("In", 4.621e-24),
            ("Ge", 8.557e-25),
        ],
    )
    def test_vegard(self, symbol, expected):
        assert vegard_beta(DOPANTS[symbol].radius) == pytest.approx(expected, rel=1e-3)

    def test_vegard_of_an_equal_atom_is_zero(self):
        assert vegard_beta(1.17) == 0

    def test_electrons_contract_silicon(self):
        assert electronic_beta(3.3) == pytest.approx(-1.802e-24, rel=1e-3)
        assert electronic_beta(-3.3) == -electronic_beta(3.3)
        # The measured 0.7 eV of doubt alone.
        assert electronic_beta(0.7) == pytest.approx(-0.38e-24, rel=0.01)

    @given(st.floats(0, 1e22), st.floats(-1e-23, 1e-23))
    def test_strain_is_linear_in_the_concentration(self, C, beta):
        assert lattice_strain(2 * C, beta) == pytest.approx(2 * lattice_strain(C, beta))

    def test_arsenic_at_5e21(self):
        # Cargill et al. 1988: -0.0019(3).
        assert lattice_strain(5e21, DOPANTS["As"].beta) == pytest.approx(-0.0019, abs=1e-12)

    def test_germanium(self):
        assert sige_lattice_constant(0) == A_SI
        assert sige_lattice_constant(1) == pytest.approx(5.6575, abs=1e-4)
        middle = (sige_lattice_constant(0) + sige_lattice_constant(1)) / 2
        assert sige_lattice_constant(0.5) - middle == pytest.approx(-0.0068, abs=5e-5)
        x = 1e-4
        slope = (sige_lattice_constant(x) / A_SI - 1) / (x * N_SI)
        assert DOPANTS["Ge"].beta == pytest.approx(7.345e-25, rel=1e-3)
        assert slope == pytest.approx(DOPANTS["Ge"].beta, rel=1e-4)

    def test_carbon_by_vegard_to_diamond(self):
        assert pytest.approx(-6.87e-24, rel=1e-3) == (3.567 / A_SI - 1) / N_SI
        assert pytest.approx(DOPANTS["C"].beta, rel=1e-3) == -2.4239 / A_SI / N_SI

    def test_the_table(self):
        assert len(DOPANTS) == 10
        for symbol, dopant in DOPANTS.items():
            assert dopant.symbol == symbol
            assert 0.7 < dopant.bond_ratio < 1.4
            assert (dopant.ionisation is None) == (dopant.kind == "isovalent")
        assert DOPANTS["B"].misfit == pytest.approx(-0.248, abs=1e-3)


class TestEpitaxialState:
    def test_a_fifth_of_germanium(self):
        layer = epitaxial_state(sige_lattice_constant(0.2))
        assert sige_lattice_constant(0.2) == pytest.approx(5.47193, abs=1e-5)
        assert layer.misfit == pytest.approx(0.00754, abs=1e-5)
        assert layer.strain_parallel == pytest.approx(-0.00748, abs=1e-5)
        assert layer.stress == pytest.approx(-1.349, abs=1e-3)
        assert layer.a_perp == pytest.approx(5.5035, abs=1e-4)
        assert layer.energy_density == pytest.approx(1.009e7, rel=1e-3)

    @pytest.mark.parametrize(
        ("C", "stress", "thickness"),
        [(1e19, 9.38, 4420), (1e20, 93.8, 331), (2e20, 187.7, 149), (6e20, 564, 40.2)],
    )
    def test_boron(self, C, stress, thickness):
        layer = epitaxial_state(A_SI * (1 + lattice_strain(C, SI_B)))
        assert 1e3 * layer.stress == pytest.approx(stress, rel=1e-3)
        assert critical_thickness(layer.misfit) == pytest.approx(thickness, rel=5e-3)

    def test_boron_pulls_and_indium_pushes(self):
        boron, indium = (
            epitaxial_state(A_SI * (1 + lattice_strain(1e17, vegard_beta(DOPANTS[s].radius))))
            for s in ("B", "In")
        )
        assert boron.stress > 0 > indium.stress
        assert boron.misfit < 0 < indium.misfit

    @given(st.floats(5.2, 5.7), st.floats(100, 300), st.floats(1, 99))
    def test_no_stress_across_the_layer(self, a, c11, c12):
        layer = epitaxial_state(a, c11=c11, c12=c12)
        across = c11 * layer.strain_perp + 2 * c12 * layer.strain_parallel
        assert across == pytest.approx(0, abs=1e-9)
        along = (c11 + c12) * layer.strain_parallel + c12 * layer.strain_perp
        assert layer.stress == pytest.approx(along, rel=1e-9, abs=1e-9)
        work = 0.5 * 2 * along * layer.strain_parallel * 1e9
        assert layer.energy_density == pytest.approx(work, rel=1e-9, abs=1e-6)

    def test_of_one_size(self):
        assert epitaxial_state(A_SI) == (0, 0, 0, 0, A_SI, 0)

    def test_germanium_cures_boron(self):
        need = -lattice_strain(2e20, SI_B)
        x = brentq(lambda x: sige_lattice_constant(x) / A_SI - 1 - need, 0, 0.5, xtol=1e-14)
        assert x == pytest.approx(0.02825, abs=1e-5)
        assert x * N_SI == pytest.approx(1.411e21, rel=1e-3)
        assert x * N_SI / 2e20 == pytest.approx(7.05, abs=0.01)
        linear = (sige_lattice_constant(1) / A_SI - 1) / N_SI
        assert -SI_B / linear == pytest.approx(6.22, abs=0.01)


class TestCriticalThickness:
    @pytest.mark.parametrize(
        ("x", "stable", "lasting"),
        [
            (0.1, 32.47, 1367),
            (0.2, 13.41, 264.5),
            (0.3, 7.76, 96.3),
            (0.5, 3.70, 24.5),
            (1.0, 1.09, 2.18),
        ],
    )
    def test_silicon_germanium(self, x, stable, lasting):
        a = sige_lattice_constant(x)
        f = epitaxial_state(a).misfit
        assert critical_thickness(f) == pytest.approx(stable, rel=5e-3)
        assert critical_thickness(f, model="people-bean", a=a / 10) == pytest.approx(
            lasting, rel=5e-3
        )

    @given(st.floats(1e-8, 0.0577))
    def test_it_solves_the_force_balance(self, f):
        h = critical_thickness(f)
        A = 0.384 * (1 - 0.28 * 0.25) / (8 * np.pi * f * 1.28 * 0.5)
        assert h == pytest.approx(A * (np.log(h / 0.384) + 1), rel=1e-10)
        assert h >= A * 0.999999  # the larger root: there the force grows faster than the tension
        assert critical_thickness(-f) == h

    @given(st.floats(1e-8, 0.05))
    def test_it_solves_people_and_bean(self, f):
        h = critical_thickness(f, model="people-bean")
        B = 0.72 / 1.28 * 0.4**2 / (16 * np.pi * 2**0.5 * 0.5431 * f**2)
        if np.e * 0.4 <= B:
            assert h == pytest.approx(B * np.log(h / 0.4), rel=1e-9)

    def test_ends(self):
        assert critical_thickness(0.005) == pytest.approx(22.520, abs=1e-3)
        assert np.isnan(critical_thickness(0.058))
        limit = (1 - 0.28 / 4) / (4 * np.pi * 1.28)
        assert limit == pytest.approx(0.0578, abs=5e-5)
        assert critical_thickness(0.0578) == pytest.approx(0.394, abs=1e-3)
        assert critical_thickness(limit * (1 - 1e-9)) == pytest.approx(0.384, rel=1e-3)
        for model in MODELS:  # also where the thickness is no float any more
            assert (critical_thickness([0, 5e-324, 1e-310], model=model) == np.inf).all()

    def test_shape_and_order(self):
        f = np.geomspace(1e-5, 0.057, 50)
        for model in MODELS:
            h = critical_thickness(f, model=model)
            assert h.shape == (50,)
            good = h[np.isfinite(h)]
            assert (np.diff(good) < 0).all()


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (
            lambda: epitaxial_state(5.4, c11=60.0, c12=63.9),
            "c11 must exceed c12 = 63.9, got 60.0",
        ),
    ],
)
def test_bad_input_is_named(call, match):
    with pytest.raises(ValueError, match=match):
        call()
