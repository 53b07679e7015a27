"""Size spread, melting point, TTT curves, and disks that crystallize or do not.

Expected values: closed forms, quadrature, published formulae coded apart from the module, Voronoi
cells, exact lattices, the configurational temperature, and forces summed over all pairs. A quench
is chaotic: a rounding error changes it, so that its order is a sample. Tolerances of samples are
the spread of seeds.
"""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import constants

from smlib import high_entropy_alloys as hea
from smlib import metallic_glass as mg
from smlib.elements import ELEMENTS
from smlib.metallic_glass import (
    GlassFormer,
    castable_thickness,
    critical_cooling_rate,
    elastic_energy,
    minimum_solute,
    ttt_time,
)
from smlib.size_mismatch import misfit_energy

R = constants.R
few = settings(max_examples=50)
rare = settings(max_examples=10)
seeds = st.integers(0, 10**6)
spreads = st.floats(0, 0.2)
MELT = GlassFormer()


# --- composition --------------------------------------------------------------------------------

PLACES = {
    "Zr41.2Ti13.8Cu12.5Ni10Be22.5": (13.96, -35.20),
    "La55Al25Ni20": (16.50, -37.18),
    "Mg65Cu25Y10": (10.56, -5.71),
    "Zr65Al7.5Ni10Cu17.5": (9.95, -32.22),
    "Pd40Cu30Ni10P20": (9.08, -24.88),
    "Cu47Ti34Zr11Ni8": (8.61, -15.44),
    "Ni62Nb38": (6.75, -28.27),
    "AlCoCrFeNi": (5.78, -12.32),
    "CoCrFeMnNi": (3.27, -4.16),
    "CoCrFeNi": (0.30, -3.75),
}


@pytest.mark.parametrize(("alloy", "place"), PLACES.items())
def test_place_of_an_alloy_on_the_map(alloy, place):
    """Radii of Senkov & Miracle, pair enthalpies of Takeuchi & Inoue 2005."""
    assert hea.delta(alloy) == pytest.approx(place[0], abs=0.0051)
    assert hea.mixing_enthalpy(alloy) == pytest.approx(place[1], abs=0.0051)


@pytest.mark.parametrize(("ratio", "share"), [(0.80, 0.2049), (1.25, 0.1049), (82 / 124.1, 0.1405)])
def test_minimum_solute(ratio, share):
    assert minimum_solute(ratio) == pytest.approx(share, abs=5e-5)


def test_large_solutes_are_twice_as_effective():
    al, la = ELEMENTS["Al"].r_gl, ELEMENTS["La"].r_gl
    assert minimum_solute(al / la) == pytest.approx(0.179, abs=5e-4)
    assert minimum_solute(la / al) == pytest.approx(0.079, abs=5e-4)
    assert np.isnan(minimum_solute([1.0, 1.02, 0.98])).all()


@few
@given(st.floats(0.3, 3), st.floats(0.01, 1))
def test_minimum_solute_is_that_of_the_criterion(ratio, lambda0):
    share = minimum_solute(ratio, lambda0=lambda0)
    if math.isnan(share):
        assert abs(ratio**3 - 1) < lambda0
    else:
        assert share * abs(ratio**3 - 1) == pytest.approx(lambda0)
        assert 0 < share <= 1


def test_all_of_the_solute_on_paper():
    for percent in (*range(40, 100), *range(101, 300)):
        strain = abs(Fraction(percent, 100) ** 3 - 1)
        assert minimum_solute(percent / 100, lambda0=float(strain)) == pytest.approx(1, rel=1e-11)
        assert math.isnan(minimum_solute(percent / 100, lambda0=1.0001 * float(strain)))


# --- energy -------------------------------------------------------------------------------------


def test_elastic_energy_of_ten_percent():
    assert elastic_energy(0.1) == pytest.approx(16.163, abs=5e-4)


@few
@given(spreads, st.floats(10, 400), st.floats(5, 300), st.floats(5e-6, 3e-5))
def test_elastic_energy_is_that_of_the_other_chapters(delta, bulk, shear, volume):
    found = elastic_energy(delta, bulk=bulk, shear=shear, molar_volume=volume)
    r3 = 3 * volume / (4 * np.pi * constants.Avogadro)  # Wigner-Seitz radius
    printed = 24e9 * np.pi * bulk * shear * r3 * delta**2 / (3 * bulk + 4 * shear)
    assert found == pytest.approx(1e-3 * constants.Avogadro * printed)
    one = misfit_energy(delta, shear, bulk, 1e30 * volume / constants.Avogadro)  # eV
    assert found == pytest.approx(one * 1e-3 * constants.e * constants.Avogadro, rel=1e-6)


@pytest.mark.parametrize("alloy", ["CoCrFeMnNi", "ZrTiCuNiBe"])
def test_elastic_energy_of_an_alloy(alloy):
    rows = [ELEMENTS[s] for s in hea.fractions(alloy)]
    mean = {name: np.mean([getattr(row, name) for row in rows]) for name in ("K", "G", "volume")}
    found = elastic_energy(
        hea.delta(alloy) / 100,
        bulk=mean["K"],
        shear=mean["G"],
        molar_volume=mean["volume"] * 1e-30 * constants.Avogadro,
    )
    assert found == pytest.approx(hea.strain_energy(alloy), rel=1e-6)


def test_melting_point_without_a_crystal():
    assert MELT.critical_delta == pytest.approx(0.08240, abs=5e-6)
    assert MELT.melting_point(0.03) == pytest.approx(1040.9, abs=0.06)
    assert MELT.melting_point(0.04) == pytest.approx(917.2, abs=0.06)
    assert MELT.melting_point([0, MELT.critical_delta, 0.2]) == pytest.approx([1200, 0, 0])


@pytest.mark.parametrize(
    ("bulk", "shear", "volume", "limit"),
    [(180, 80, 7.1e-6, 7.16), (95, 36, 1.4e-5, 7.39), (110, 38, 1.045e-5, 8.20)],
)
def test_critical_spread_hardly_depends_on_the_metal(bulk, shear, volume, limit):
    gf = GlassFormer(bulk=bulk, shear=shear, V_m=volume)
    assert 100 * gf.critical_delta == pytest.approx(limit, abs=0.006)
    closed = gf.dS_f * gf.T_m * (3 * bulk + 4 * shear) / (18e9 * bulk * shear * volume)
    assert gf.critical_delta == pytest.approx(math.sqrt(closed))


@pytest.mark.parametrize(("rest", "limit"), [(0.55, 5.53), (0.5, 5.83)])
def test_melting_point_falls_to_the_glass_transition(rest, limit):
    gf = GlassFormer(T_g=rest * 1200)
    delta = gf.critical_delta * math.sqrt(1 - rest)
    assert 100 * delta == pytest.approx(limit, abs=0.005)
    assert gf.melting_point(delta) == pytest.approx(gf.T_g)


def test_turnbull_ratio_and_softer_metals():
    delta = MELT.critical_delta * math.sqrt(1 - 0.55 * 1.5)
    assert 100 * delta == pytest.approx(3.45, abs=0.005)
    assert MELT.T_g / MELT.melting_point(delta) == pytest.approx(2 / 3)
    soft = GlassFormer(bulk=110 * 0.70, shear=40 * 0.70)
    assert 100 * soft.critical_delta * math.sqrt(0.45) == pytest.approx(6.6, abs=0.02)


# --- time ---------------------------------------------------------------------------------------


def nose(gf, delta=0.0):
    T = np.linspace(gf.T_vft + 5, gf.melting_point(delta) - 1, 20001)
    t = ttt_time(T, gf, delta=delta)
    return T[t.argmin()], t.min()


def by_hand(T, gf, delta, fraction):
    """The TTT time from the works of nucleation and growth in SI units, step by step."""
    T_l = gf.T_m - 1e3 * elastic_energy(delta) / gf.dS_f
    L = math.log(gf.eta_g / gf.eta0)
    T_v = gf.T_g * L / (L + gf.D)
    eta = gf.eta0 * math.exp(gf.D * T_v / (T - T_v))
    D = constants.k * T / (3 * math.pi * gf.a0 * eta)
    gain = gf.dS_f * (T_l - T)  # J/mol
    sigma = gf.alpha * gf.dS_f * T_l / (constants.N_A ** (1 / 3) * gf.V_m ** (2 / 3))
    work = 16 * math.pi * sigma**3 / (3 * (gain / gf.V_m) ** 2)
    births = constants.N_A / gf.V_m * D / gf.a0**2 * math.exp(-work / (constants.k * T))
    growth = D / gf.a0 * (1 - math.exp(-gain / (R * T)))
    return (3 * fraction / (math.pi * births * growth**3)) ** 0.25, work / (constants.k * T)


@few
@given(st.floats(0.1, 0.95), st.floats(0, 0.045), st.floats(1e-8, 0.5))
def test_ttt_time_against_si_units(part, delta, fraction):
    T_l = MELT.melting_point(delta)
    T = MELT.T_vft + part * (T_l - MELT.T_vft)
    assume(MELT.barrier(T / T_l) < 700)  # beyond, no nucleus is born in a double's range
    expected, barrier = by_hand(T, MELT, delta, fraction)
    assert MELT.barrier(T / T_l) == pytest.approx(barrier, rel=1e-9)
    if math.isfinite(expected):
        assert ttt_time(T, MELT, delta=delta, fraction=fraction) == pytest.approx(
            expected, rel=1e-6
        )


def test_the_start():
    assert MELT.T_vft == pytest.approx(521.80, abs=0.005)
    assert MELT.viscosity(660) == pytest.approx(1e12, rel=1e-9)
    T, t = nose(MELT)
    assert pytest.approx(876.7, abs=0.1) == T and t == pytest.approx(3.03e-4, rel=0.005)
    assert critical_cooling_rate(MELT) == pytest.approx(1.067e6, rel=0.02)
    assert critical_cooling_rate(MELT, method="continuous") == pytest.approx(1.29e5, rel=0.02)
    assert MELT.barrier(0.75) == pytest.approx(35.83, abs=0.005)


@pytest.mark.parametrize(
    ("delta", "rate", "within"),
    [(0.01, 5.90e5, 0.03), (0.02, 8.11e4, 0.03), (0.03, 1.18e3, 0.03), (0.035, 30.6, 0.03),
     (0.04, 0.113, 0.03), (0.045, 9.7e-6, 0.1)],
)  # fmt: skip
def test_mismatch_slows_the_race(delta, rate, within):
    assert critical_cooling_rate(MELT, delta=delta) == pytest.approx(rate, rel=within)


@pytest.mark.parametrize(
    ("delta", "T", "t"),
    [(0.02, 840.8, 3.56e-3), (0.03, 795.1, 0.208), (0.035, 765.0, 7.13), (0.04, 729.8, 1657)],
)
def test_noses(delta, T, t):
    assert nose(MELT, delta) == (pytest.approx(T, abs=0.15), pytest.approx(t, rel=0.005))


@pytest.mark.parametrize(
    ("change", "rate"),
    [({"T_g": 540}, 3.72e8), ({"T_g": 600}, 2.45e7), ({"T_g": 720}, 2.75e4), ({"T_g": 780}, 362),
     ({"T_g": 840}, 1.99), ({"D": 5}, 1.40e8), ({"D": 20}, 9.85e3)],
)  # fmt: skip
def test_other_melts(change, rate):
    assert critical_cooling_rate(GlassFormer(**change)) == pytest.approx(rate, rel=0.03)


@pytest.mark.parametrize(("delta", "ratio"), [(0, 8.3), (0.03, 10.1), (0.045, 15.5)])
def test_the_nose_overestimates(delta, ratio):
    rates = [critical_cooling_rate(MELT, delta=delta, method=m) for m in ("nose", "continuous")]
    assert rates[0] / rates[1] == pytest.approx(ratio, abs=0.051)


def test_crystals_on_the_way_down_make_the_fraction():
    """Cool in small steps at the critical rate; each nucleus grows from its birth to the end."""
    rate = critical_cooling_rate(MELT, delta=0.02, method="continuous", fraction=1e-4)
    T_l = MELT.melting_point(0.02)
    T = np.linspace(T_l, MELT.T_vft + 10, 3001)[1:]  # downwards
    births, growth = mg._rates(T, MELT, T_l)
    dt = (T[0] - T[1]) / rate
    radius = dt * (growth[::-1].cumsum()[::-1] - growth / 2)
    volume = (births * 4 * np.pi / 3 * radius**3).sum() * dt
    assert volume == pytest.approx(1e-4, rel=0.01)


@few
@given(st.floats(0, 0.045), st.floats(1.001, 1.2), st.floats(500, 700))
def test_more_mismatch_is_never_faster(delta, factor, T_g):
    gf = GlassFormer(T_g=T_g)
    for method in ("nose", "continuous"):
        one, two = (
            critical_cooling_rate(gf, delta=d, method=method, n=801)
            for d in (delta, factor * delta)
        )
        assert two <= one
    less = critical_cooling_rate(gf, delta=delta, fraction=1e-8, n=801)
    assert less >= critical_cooling_rate(gf, delta=delta, n=801)


def test_no_crystal_to_outrun():
    assert critical_cooling_rate(MELT, delta=0.08) == 0
    assert critical_cooling_rate(MELT, delta=0.2, method="continuous") == 0


@pytest.mark.parametrize("method", ["nose", "continuous"])
def test_hardly_a_crystal_to_outrun(method):
    """A melting point just above the temperature at which the melt stands still: from the closed
    form, to the last bit of it."""
    delta = MELT.critical_delta * math.sqrt(1 - MELT.T_vft / MELT.T_m)
    for off in (0, *10.0 ** np.arange(-16, -4)):
        assert critical_cooling_rate(MELT, delta=delta * (1 - off), method=method) == 0
    for _ in range(20):
        delta = np.nextafter(delta, 0)
        assert critical_cooling_rate(MELT, delta=delta, method=method) == 0


@pytest.mark.parametrize(("rate", "millimetres"), [(1, 31.6), (100, 3.16), (1e6, 0.0316)])
def test_castable_thickness(rate, millimetres):
    """Rate in K/s is 10 over the square of the thickness in cm (Lin & Johnson 1995)."""
    assert castable_thickness(rate) == pytest.approx(millimetres, rel=1e-3)
    assert rate == pytest.approx(10 / (castable_thickness(rate) / 10) ** 2)


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "name", "shown"),
    [
        (lambda: GlassFormer(T_g=1200.0), "T_g", "1200.0"),
        (lambda: GlassFormer(eta_g=1e-5), "eta_g", "1e-05"),
        (lambda: MELT.viscosity(500), "T", "500.0"),
        (lambda: MELT.viscosity([700, MELT.T_vft]), "T", str(MELT.T_vft)),
        (lambda: ttt_time(1200, MELT), "T", "1200.0"),
        (lambda: ttt_time(500, MELT), "T", "500.0"),
        (lambda: ttt_time(1100, MELT, delta=0.04), "T", "1100.0"),
    ],
)
def test_refused(call, name, shown):
    with pytest.raises(ValueError) as caught:
        call()
    assert name in str(caught.value) and shown in str(caught.value)
