"""Equations of state, crossing of radii, elastic cost of a misfit under pressure.

Expected values: quadrature and numerical derivatives of the pressures, values of burnman 1.1, the
closed form for Murnaghan's equation, Eshelby's small-misfit limit, thermodynamic identities, and
numbers computed once with independent code.
"""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize

from smlib import size_mismatch as sm
from smlib.pressure_alloying import (
    DATASETS,
    FORMS,
    NAMES,
    EquationOfState,
    crossing_pressure,
    equation_of_state,
    misfit_enthalpy,
    murnaghan_crossing,
    size_mismatch,
)
from smlib.units import GPA_A3_KJ_MOL

few = settings(max_examples=80)
each_form = pytest.mark.parametrize("form", FORMS)
equations = st.builds(
    EquationOfState,
    st.floats(5, 120),
    st.floats(1, 400),
    st.floats(4, 7),
    st.sampled_from(FORMS),
)
pressures = st.floats(0, 200)


class TestEquationsOfState:
    @pytest.mark.parametrize(
        ("form", "expected"),
        [
            ("murnaghan", [23.164, 70.518, 176.567, 443.888]),
            ("birch-murnaghan", [22.860, 66.491, 152.344, 330.813]),
            ("vinet", [22.767, 65.302, 145.572, 301.793]),
        ],
    )
    def test_iron_compressed(self, form, expected):
        iron = EquationOfState(11.214, 163.4, 5.38, form)
        V = 11.214 * np.array([0.9, 0.8, 0.7, 0.6])
        assert iron.pressure(V) == pytest.approx(expected, abs=1e-3)

    def test_iron_is_that_of_burnman(self):
        V = 0.7 * 11.214
        assert equation_of_state("Fe-hcp").pressure(V) == pytest.approx(145.57157, abs=1e-5)
        birch = equation_of_state("Fe-hcp", form="birch-murnaghan")
        assert birch.pressure(V) == pytest.approx(152.34357, abs=1e-5)

    @pytest.mark.parametrize(
        ("form", "expected"),
        [
            ("murnaghan", [0.8350, 0.5457, 0.4231, 0.3168]),
            ("birch-murnaghan", [0.8327, 0.5123, 0.3680, 0.2455]),
            ("vinet", [0.8316, 0.4933, 0.3321, 0.1935]),
        ],
    )
    def test_potassium_compressed(self, form, expected):
        potassium = equation_of_state("K", form=form)
        share = potassium.volume([1, 10, 30, 100]) / potassium.V0
        assert share == pytest.approx(expected, abs=5e-4)

    @few
    @given(equations, pressures)
    def test_volume_inverts_pressure(self, eos, P):
        assert eos.pressure(eos.volume(P)) == pytest.approx(P, rel=1e-8, abs=1e-8)

    @few
    @given(equations, pressures)
    def test_bulk_modulus_is_the_slope(self, eos, P):
        V = eos.volume(P)
        step = 1e-5 * V
        slope = -V * (eos.pressure(V + step) - eos.pressure(V - step)) / (2 * step)
        assert eos.bulk_modulus(P) == pytest.approx(slope, rel=1e-6)
        assert eos.bulk_modulus(0) == pytest.approx(eos.K0, rel=1e-12)

    @few
    @given(equations, st.floats(0.4, 1.1))
    def test_energy_is_the_integral_of_the_pressure(self, eos, x):
        work, _ = integrate.quad(eos.pressure, x * eos.V0, eos.V0)
        assert eos.energy(x * eos.V0) == pytest.approx(GPA_A3_KJ_MOL * work, rel=1e-7, abs=1e-9)

    @few
    @given(equations)
    def test_slope_of_the_bulk_modulus_at_zero_is_kp(self, eos):
        step = 1e-4 * eos.K0
        # One-sided, second order: there is no negative pressure.
        K = eos.bulk_modulus(np.array([0, 1, 2]) * step)
        assert (-3 * K[0] + 4 * K[1] - K[2]) / (2 * step) == pytest.approx(eos.Kp, rel=1e-4)

    @few
    @given(equations, st.lists(pressures, min_size=2, max_size=6, unique=True))
    def test_more_pressure_less_volume_and_stiffer(self, eos, P):
        P = np.sort(P)
        assert (np.diff(eos.volume(P)) <= 0).all()
        assert (np.diff(eos.bulk_modulus(P)) >= 0).all()
        r = eos.radius(P)
        assert 4 / 3 * np.pi * r**3 == pytest.approx(eos.volume(P))

    def test_murnaghans_bulk_modulus_is_linear(self):
        iron = equation_of_state("Fe", form="murnaghan")
        assert iron.bulk_modulus(50) == pytest.approx(405.109, abs=1e-3)
        assert equation_of_state("Fe").bulk_modulus(50) == pytest.approx(376.40, abs=0.01)

    def test_a_curve_that_ends(self):
        caesium = equation_of_state("Cs", dataset="wien2k", form="birch-murnaghan")
        assert caesium.largest_pressure == pytest.approx(1.262, abs=5e-4)
        V = caesium.V0 * np.linspace(0.3, 1, 20_001)
        assert caesium.largest_pressure == pytest.approx(caesium.pressure(V).max(), rel=1e-8)
        assert V[caesium.pressure(V).argmax()] / caesium.V0 == pytest.approx(0.567, abs=1e-3)
        assert caesium.volume(1.26) > 0.567 * caesium.V0
        with pytest.raises(ValueError, match="P must not exceed 1.262 GPa.*got 1.3"):
            caesium.volume([0.5, 1.3])

    @pytest.mark.parametrize("share", [0.5, 0.999, 1 - 1e-6, 1])
    def test_a_curve_that_ends_is_inverted_up_to_there(self, share):
        soft = EquationOfState(10, 100, 3, "birch-murnaghan")
        P = share * soft.largest_pressure
        assert soft.pressure(soft.volume(P)) == pytest.approx(P, rel=1e-9)

    @each_form
    def test_numbers_among_objects_give_floats(self, form):
        metal = EquationOfState(10, 100, 4, form)
        for found in (metal.bulk_modulus, metal.volume, metal.radius):
            assert found(np.array([1.0, 2], dtype=object)).dtype == float

    def test_murnaghan_has_no_end(self):
        found = EquationOfState(10, 100, 4, "murnaghan").volume(1e10)
        assert found == pytest.approx(10 * (1 + 4e10 / 100) ** -0.25, rel=1e-12)

    def test_table(self):
        assert len(NAMES) == 14
        for name in NAMES:
            for dataset in DATASETS:
                eos = equation_of_state(name, dataset=dataset)
                assert 1 < eos.Kp < 7
        # Volumes of measured crystals and computed ones agree within a few per cent.
        ratio = [equation_of_state(n, dataset="wien2k").V0 / equation_of_state(n).V0 for n in NAMES]
        assert min(ratio) > 0.96 and max(ratio) < 1.08


def pair(big, small, form="vinet", dataset="experiment"):
    return [equation_of_state(name, dataset=dataset, form=form) for name in (big, small)]


class TestMismatch:
    @pytest.mark.parametrize(
        ("big", "small", "P", "expected"),
        [
            ("Mg", "Fe", 0, 0.2484),
            ("Mg", "Ni", 0, 0.2796),
            ("Na", "Ag", 0, 0.3018),
            ("K", "Ag", 0, 0.6242),
            ("K", "Ni", 0, 0.8833),
            ("Mg", "Fe", 20, 0.1750),
            ("K", "Ag", 6.4, 0.3662),
            ("K", "Ni", 31, 0.3540),
        ],
    )
    def test_mismatch(self, big, small, P, expected):
        assert size_mismatch(P, *pair(big, small)) == pytest.approx(expected, abs=5e-4)

    @pytest.mark.parametrize(
        ("dataset", "big", "small", "expected"),
        [
            ("experiment", "Mg", "Fe", (69.65, 44.35, 38.93)),
            ("experiment", "Mg", "Fe-hcp", (131.8, 68.4, 56.1)),
            ("experiment", "Na", "Ag", (10.57, 8.80, 8.18)),
            ("experiment", "Ca", "Mg", (14.73, 11.77, 12.55)),
            ("experiment", "K", "Ag", (np.nan, 108.5, 46.3)),
            ("experiment", "K", "Ni", (np.nan, np.nan, 154.1)),
            ("experiment", "Na", "Ni", (np.nan, 80.6, 49.0)),
            ("wien2k", "Mg", "Fe", (39.41, 33.14, 30.95)),
            ("wien2k", "Na", "Ag", (6.40, 5.71, 5.52)),
            ("wien2k", "K", "Ni", (np.nan, np.nan, 230.3)),
        ],
    )
    def test_crossings(self, dataset, big, small, expected):
        found = [crossing_pressure(*pair(big, small, form, dataset)) for form in FORMS]
        assert found == pytest.approx(expected, rel=0.01, nan_ok=True)

    def test_what_the_difference_is_divided_by(self):
        found = [
            crossing_pressure(*pair("Mg", "Fe"), reference=name)
            for name in ("small", "big", "mean")
        ]
        assert found == pytest.approx([38.9, 19.2, 28.2], abs=0.05)

    @few
    @given(equations, equations, pressures)
    def test_references_belong_together(self, a, b, P):
        P = min(P, 0.99 * a.largest_pressure, 0.99 * b.largest_pressure)
        small, big, mean = (size_mismatch(P, a, b, reference=r) for r in ("small", "big", "mean"))
        assert (1 + small) * (1 - big) == pytest.approx(1, rel=1e-9)
        assert mean == pytest.approx(small / (1 + small / 2), rel=1e-9, abs=1e-12)
        assert size_mismatch(P, b, a, reference="mean") == pytest.approx(-mean, abs=1e-12)

    @few
    @given(equations, equations, st.floats(0.02, 0.4))
    def test_the_crossing_is_the_first(self, a, b, limit):
        found = crossing_pressure(a, b, limit=limit, p_max=100)
        if np.isnan(found):
            assert (size_mismatch(np.linspace(0, 100, 30), a, b) > limit).all()
        elif found == 0:
            assert size_mismatch(0, a, b) <= limit + 1e-12
        else:
            assert size_mismatch(found, a, b) == pytest.approx(limit, abs=1e-8)
            before = size_mismatch(np.linspace(0, 0.999 * found, 10), a, b)
            assert (before > limit).all()

    def test_lowest_of_two_crossings(self):
        """The softer metal shrinks first, then stiffens and is overtaken: the mismatch returns."""
        big, small = EquationOfState(20, 20, 7), EquationOfState(11, 150, 3.5)
        first = crossing_pressure(big, small, limit=0.12)
        P = np.linspace(0, 300, 30001)
        at = np.flatnonzero(np.diff(size_mismatch(P, big, small) > 0.12))
        assert at.size == 2
        assert P[at[0]] <= first <= P[at[0] + 1]

    def test_search_ends_at_300_gpa(self):
        limit = size_mismatch(300.5, MG, FE)
        assert np.isnan(crossing_pressure(MG, FE, limit=limit))
        assert crossing_pressure(MG, FE, limit=limit, p_max=301) == pytest.approx(300.5, abs=1e-6)

    @each_form
    def test_a_limit_that_is_met_on_paper(self, form):
        """Without pressure, by radii in the ratio 1 + limit of which the larger is the stiffer, so
        that the mismatch only grows; at the last pressure that is looked at."""
        for percent in range(1, 60):
            ratio = 1 + Fraction(percent, 100)
            big = EquationOfState(float(10 * ratio**3), 200, 4, form)
            small = EquationOfState(10, 100, 4, form)
            assert crossing_pressure(big, small, limit=percent / 100) == 0
            big, small = pair("Mg", "Fe", form)
            P = 0.37 * percent
            found = crossing_pressure(big, small, limit=size_mismatch(P, big, small), p_max=P)
            assert found == pytest.approx(P, rel=1e-9)

    @each_form
    def test_no_unit_of_pressure_or_volume_is_preferred(self, form):
        metals = pair("Mg", "Fe", form)
        P, cost = crossing_pressure(*metals), misfit_enthalpy(5, *metals, 82)
        for unit in (1e-30, 1e-12, 1e12):
            scaled = [EquationOfState(each.V0, each.K0 * unit, each.Kp, form) for each in metals]
            crossing = crossing_pressure(*scaled, p_max=300 * unit)
            assert crossing == pytest.approx(P * unit, rel=1e-8)
            found = misfit_enthalpy(5 * unit, *scaled, 82 * unit)
            assert found == pytest.approx(cost * unit, rel=1e-9)
            scaled = [EquationOfState(each.V0 * unit, each.K0, each.Kp, form) for each in metals]
            assert crossing_pressure(*scaled) == pytest.approx(P, rel=1e-8)
            assert misfit_enthalpy(5, *scaled, 82) == pytest.approx(cost * unit, rel=1e-9)

    def test_a_curve_that_ends_limits_the_search(self):
        caesium = equation_of_state("Cs", dataset="wien2k", form="birch-murnaghan")
        assert np.isnan(crossing_pressure(caesium, equation_of_state("Ni")))


class TestTwelfthPower:
    def test_magnesium_in_iron(self):
        big, small = (EquationOfState(e.V0, e.K0, 4.0, "murnaghan") for e in pair("Mg", "Fe"))
        ratio = big.radius(0) / small.radius(0)
        closed = murnaghan_crossing(ratio, big.K0, small.K0, 4.0)
        assert closed == pytest.approx(39.592, abs=1e-3)
        assert crossing_pressure(big, small) == pytest.approx(closed, rel=1e-6)
        potassium, nickel = pair("K", "Ni")
        ratio = potassium.radius(0) / nickel.radius(0)
        assert np.isnan(murnaghan_crossing(ratio, potassium.K0, nickel.K0, 4.0))

    @few
    @given(st.floats(1.16, 1.9), st.floats(1, 50), st.floats(2, 200), st.floats(2, 6))
    def test_closed_form_against_the_search(self, ratio, K, stiffer, Kp):
        big = EquationOfState(10 * ratio**3, K, Kp, "murnaghan")
        small = EquationOfState(10.0, K * stiffer, Kp, "murnaghan")
        closed = murnaghan_crossing(ratio, K, K * stiffer, Kp)
        need = (ratio / 1.15) ** (3 * Kp)
        assert np.isnan(closed) == (stiffer <= need)
        if closed < 300:
            assert crossing_pressure(big, small) == pytest.approx(closed, rel=1e-5)

    @pytest.mark.parametrize(
        ("big", "small", "needed", "there"),
        [
            ("Mg", "Fe", 2.68, 4.54),
            ("Na", "Ag", 4.43, 13.4),
            ("Ca", "Mg", 2.417, 2.435),
            ("Pb", "Al", 2.12, 1.66),
            ("K", "Ag", 63, 28),
            ("K", "Ni", 372, 51),
        ],
    )
    def test_needed_and_available_ratio_of_moduli(self, big, small, needed, there):
        a, b = pair(big, small)
        rho = a.radius(0) / b.radius(0) / 1.15
        assert rho**12 == pytest.approx(needed, rel=0.01)
        assert pytest.approx(there, rel=0.01) == b.K0 / a.K0

    def test_just_not_stiff_enough(self):
        assert np.isnan(murnaghan_crossing(4, 1, 4096, 4, limit=1))  # (4 / 2)^12 = 4096
        assert murnaghan_crossing(4, 1, 4097, 4, limit=1) > 0

    def test_equal_on_paper(self):
        """Radii in the ratio 1 + limit need no pressure, however soft the small atom; moduli in the
        ratio rho^12 are not enough."""
        percent = np.arange(1, 100)
        assert not murnaghan_crossing(1 + percent / 100, 200, 10, 4, limit=percent / 100).any()
        assert not murnaghan_crossing((100 + percent) / 100, 200, 10, 4, limit=percent / 100).any()
        for rho in (Fraction(3, 2), Fraction(5, 4), Fraction(9, 8)):
            for hundredths in range(1, 100):
                ratio = float(rho * (100 + hundredths) / 100)
                stiff = float(10 * rho**12)
                assert np.isnan(murnaghan_crossing(ratio, 10, stiff, 4, limit=hundredths / 100))
                assert murnaghan_crossing(ratio, 10, 1.001 * stiff, 4, limit=hundredths / 100) > 0

    def test_met_without_pressure(self):
        found = murnaghan_crossing([1.1, 1.3, 1.9], 10, 150, 4.0)
        assert found[0] == 0 and found[1] > 0 and np.isnan(found[2])


class TestCost:
    @pytest.mark.parametrize(
        ("solute", "host", "G", "expected"),
        [
            ("Mg", "Fe", 82, (95.2, 79.4, 73.3, 64.3)),
            ("K", "Ni", 76, (486, 296, 226, 129)),
            ("Na", "Ag", 30, (53.3, 10.8, 2.2, 3.3)),
        ],
    )
    def test_enthalpies(self, solute, host, G, expected):
        s, h = pair(solute, host)
        found = [misfit_enthalpy(P, s, h, G) for P in (0, 20, 40, 100)]
        # Half of the last digit quoted counts for the smallest.
        assert found == pytest.approx(expected, rel=0.01, abs=0.05)

    def test_the_linear_formula_rises_first(self):
        s, h = pair("Mg", "Fe")
        found = [misfit_enthalpy(P, s, h, 82, linear=True) for P in (0, 20, 40, 100)]
        assert found == pytest.approx([52.6, 62.1, 61.6, 57.9], rel=0.01)
        assert found[1] > found[0]

    def test_the_cost_falls_by_a_quarter_where_the_square_falls_by_two_thirds(self):
        s, h = pair("Mg", "Fe")
        cost = misfit_enthalpy(40, s, h, 82) / misfit_enthalpy(0, s, h, 82)
        square = (size_mismatch(40, s, h) / size_mismatch(0, s, h)) ** 2
        assert cost == pytest.approx(0.769, abs=1e-3)
        assert square == pytest.approx(0.360, abs=1e-3)

    @few
    @given(equations, st.floats(0.985, 1.015), st.floats(0, 50), st.floats(10, 100))
    def test_small_misfits_are_those_of_eshelby(self, host, size, P, G):
        solute = EquationOfState(host.V0 * size, host.K0, host.Kp, host.form)
        exact, linear = (misfit_enthalpy(P, solute, host, G, linear=way) for way in (False, True))
        assert exact >= 0
        assert exact == pytest.approx(linear, rel=0.06, abs=1e-6)
        # The formula of the first chapter, for a solute with the host's moduli, in eV.
        eps = (solute.volume(P) / host.volume(P)) ** (1 / 3) - 1
        K, shear = host.bulk_modulus(P), G * host.bulk_modulus(P) / host.K0
        first = sm.misfit_energy(eps, shear, K, host.volume(P)) * 96.485
        assert exact == pytest.approx(first, rel=0.08, abs=1e-6)

    @few
    @given(st.floats(2, 100))
    def test_the_slope_is_a_volume(self, P):
        """dH/dP is what the solute in its hole takes more or less than free, plus what the
        stiffening host stores: the minimum makes all else vanish."""
        s, h = pair("Mg", "Fe")
        step = 1e-3
        slope = (misfit_enthalpy(P + step, s, h, 82) - misfit_enthalpy(P - step, s, h, 82)) / (
            2 * step
        )

        def terms(p):
            G = 82 * h.bulk_modulus(p) / h.K0
            return G, h.volume(p)

        G, V_h = terms(P)
        V = optimize.minimize_scalar(
            lambda v: s.energy(v) / GPA_A3_KJ_MOL + P * v + 2 * G / 3 * (v - V_h) ** 2 / V_h,
            bounds=(V_h, s.volume(P)),
            method="bounded",
            options={"xatol": 1e-10},
        ).x

        def shear(p):
            G, V_h = terms(p)
            return 2 * G / 3 * (V - V_h) ** 2 / V_h

        stiffening = (shear(P + step) - shear(P - step)) / (2 * step)
        expected = GPA_A3_KJ_MOL * (V - s.volume(P) + stiffening)
        assert slope == pytest.approx(expected, rel=1e-4, abs=1e-6)

    def test_slope_at_40_gpa(self):
        s, h = pair("Mg", "Fe")
        slope = (misfit_enthalpy(40.1, s, h, 82) - misfit_enthalpy(39.9, s, h, 82)) / 0.2
        assert slope == pytest.approx(-0.230, abs=0.002)
        naive = GPA_A3_KJ_MOL * (s.volume(40) - h.volume(40))
        assert naive == pytest.approx(3.09, abs=0.01)

    def test_a_host_that_does_not_stiffen(self):
        """The shear modulus divided by its growth gives a constant one."""
        s, h = pair("Mg", "Fe")
        found = [
            misfit_enthalpy(P, s, h, 82 * h.K0 / h.bulk_modulus(P)) for P in (0.0, 40.0, 100.0)
        ]
        assert found == pytest.approx([95.2, 50.4, 30.9], rel=0.01)

    @pytest.mark.parametrize("G", [1e-200, 1e-16, 1e-9])
    def test_a_soft_host_yields_alone(self, G):
        """The limit of linear elasticity for a solute that keeps its volume, 2 G dV^2 / 3 V."""
        for solute, host in ((MG, FE), (FE, MG)):
            for P in np.arange(0, 40, 0.25):
                gap, V = solute.volume(P) - host.volume(P), host.volume(P)
                shear = G * host.bulk_modulus(P) / host.K0
                expected = GPA_A3_KJ_MOL * 2 / 3 * shear * gap**2 / V
                found = misfit_enthalpy(P, solute, host, G)
                assert found == pytest.approx(expected, rel=1e-8, abs=0)

    @few
    @given(equations, st.floats(-16, -3), st.booleans(), st.floats(0, 50), st.floats(-3, 2))
    def test_the_smallest_misfits(self, host, decade, larger, P, decade_of_G):
        """Eshelby's formula for the volumes as they are; never below 0, and 0 at no misfit."""
        share, G = 10**decade, 10**decade_of_G
        V0 = host.V0 * (1 + share if larger else 1 - share)
        solute = EquationOfState(V0, host.K0, host.Kp, host.form)
        assert misfit_enthalpy(P, solute, host, G) >= 0
        stiff = 2 * host.K0 * G / (3 * host.K0 * host.V0 + 4 * G * V0)
        expected = GPA_A3_KJ_MOL * stiff * (V0 - host.V0) ** 2
        # The formula leaves out the share, and a pressure is known to some roundings of K0.
        found = misfit_enthalpy(0, solute, host, G)
        assert found == pytest.approx(expected, rel=10 * max(share, 1e-8), abs=0)

    def test_no_misfit_costs_nothing(self):
        iron = equation_of_state("Fe")
        assert misfit_enthalpy(10, iron, iron, 82) == 0
        assert misfit_enthalpy(10, iron, iron, 82, linear=True) == 0


MG, FE = pair("Mg", "Fe")


def test_a_solute_that_ends_before_it_fits():
    soft = equation_of_state("Cs", dataset="wien2k", form="birch-murnaghan")
    with pytest.raises(ValueError, match="P=1.2: the solute's equation of state ends"):
        misfit_enthalpy(1.2, soft, FE, 82)
