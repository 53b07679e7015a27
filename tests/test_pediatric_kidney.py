"""A child's kidney in an adult: flow through a graft.

Expected values: numbers computed once with independent code, Hagen-Poiseuille and Bernoulli written
out in SI units, and scalings that the equations must have.
"""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smlib.pediatric_kidney import (
    GRAFTS,
    Graft,
    graft_flow,
    half_flow_encroachment,
    poiseuille_resistance,
    pressure_drops,
    wall_shear,
)

few = settings(max_examples=60)
MMHG, ML_MIN = 101325 / 760, 1e-6 / 60  # Pa, m^3/s


class TestPipe:
    def test_poiseuille(self):
        assert poiseuille_resistance(2, 10) == pytest.approx(0.0111418, rel=1e-5)
        assert wall_shear(100, 2) == pytest.approx(7.427, rel=1e-3)
        si = 8 * 3.5e-3 * 0.01 / (math.pi * 0.001**4)
        assert poiseuille_resistance(2, 10) * MMHG / ML_MIN == pytest.approx(si)

    @few
    @given(st.floats(0.1, 20), st.floats(0.1, 100))
    def test_half_the_diameter(self, d, length):
        ratio = poiseuille_resistance(d / 2, length) / poiseuille_resistance(d, length)
        assert ratio == pytest.approx(16)
        assert wall_shear(50, d / 2) / wall_shear(50, d) == pytest.approx(8)
        # The wall carries what the pressure pushes: tau * perimeter * length = dp * area.
        dp = 50 * poiseuille_resistance(d, length) * MMHG
        assert wall_shear(50, d) * 4 * length / d == pytest.approx(dp)

    @pytest.mark.parametrize(
        ("name", "open_", "narrow", "half", "share"),
        [
            ("single", 181.1, 96.3, 1.218, 74),
            ("en_bloc", 363.2, 362.0, 2.894, 83),
            ("adult", 529.0, 506.0, 2.037, 74),
        ],
    )
    def test_flows(self, name, open_, narrow, half, share):
        graft = GRAFTS[name]
        assert graft_flow(graft, [0, 1.2]) == pytest.approx([open_, narrow], rel=3e-3)
        found = half_flow_encroachment(graft)
        assert found == pytest.approx(half, abs=0.005)
        assert 200 * found / graft.inflow_diameter_mm == pytest.approx(share, abs=0.5)
        assert graft_flow(graft, found) == pytest.approx(open_ / 2, rel=3e-3)

    def test_the_artery_is_not_the_resistance(self):
        graft = GRAFTS["single"]
        artery = poiseuille_resistance(3.3, 25)
        assert artery == pytest.approx(0.00376, rel=2e-3)
        assert graft.bed_resistance == pytest.approx(0.476, abs=5e-4)
        assert 100 * artery / graft.bed_resistance == pytest.approx(0.8, abs=0.05)
        # More than in the donor, by nearly the ratio of the pressures.
        assert graft_flow(graft) / 115.5 == pytest.approx(87 / 55, rel=0.01)

    def test_wider_pipes_have_less_shear(self):
        found = {k: wall_shear(graft_flow(g), g.inflow_diameter_mm) for k, g in GRAFTS.items()}
        expected = {"single": 2.99, "en_bloc": 0.63, "adult": 1.89}
        assert found == pytest.approx(expected, abs=0.005)

    def test_murrays_law_gives_the_diameters(self):
        assert pytest.approx(3.3, abs=0.05) == 5.5 * (115.5 / 550) ** (1 / 3)

    def test_half_flow_by_artery(self):
        found = [half_flow_encroachment(Graft(1, d, 25, 55 / 115.5)) for d in (2, 2.5, 3.3, 4, 5)]
        assert found == pytest.approx([0.60, 0.83, 1.22, 1.56, 2.06], abs=0.005)

    @few
    @given(
        st.floats(1, 8), st.floats(1, 60), st.floats(0.02, 2), st.integers(1, 2),
        st.floats(0, 0.95), st.floats(10, 200),
    )  # fmt: skip
    def test_pressures_add_up_in_si_units(self, d, length, bed, n, narrowed, pressure):
        graft = Graft(n, d, length, bed, 2.5, 12.0)
        e = narrowed * d / 2
        found = pressure_drops(graft, e, pressure)
        assert sum(found[:3]) == pytest.approx(pressure)
        q, r = found.flow * ML_MIN, (d / 2 - e) / 1e3
        full, tight = math.pi * (d / 2e3) ** 2, math.pi * r**2
        lost = 8 * 3.5e-3 * 3e-3 * q / (math.pi * r**4)
        lost += 1.52 * 1060 / 2 * (q / full) ** 2 * (full / tight - 1) ** 2
        assert found.suture * MMHG == pytest.approx(lost, rel=1e-6)
        beds = (bed + poiseuille_resistance(2.5, 12)) / n
        assert found.bed == pytest.approx(beds * found.flow)
        assert found.flow <= pressure / beds

    @few
    @given(st.sampled_from(sorted(GRAFTS)), st.floats(0, 1.6), st.floats(0, 1.6))
    def test_narrower_is_less(self, name, e, f):
        low, high = sorted((e, f))
        graft = GRAFTS[name]
        assert graft_flow(graft, high) <= graft_flow(graft, low)

    def test_closed(self):
        graft = GRAFTS["single"]
        assert graft_flow(graft, [1.65, 5]).tolist() == [0, 0]
        assert pressure_drops(graft, 1.65)[:3] == (87, 0, 0)
        assert graft_flow(graft, 1.649) < 0.1

    @pytest.mark.parametrize("decade", [-6, -9, -12, -30])
    def test_half_the_flow_of_a_thin_vessel(self, decade):
        """Where the suture line is the resistance, it doubles at 2^(-1/4) of the radius."""
        d = 10.0**decade
        found = half_flow_encroachment(Graft(1, d, d, 1e-3))
        assert found / (d / 2) == pytest.approx(1 - 0.5**0.25, rel=1e-5)

    def test_two_kidneys_are_two_beds(self):
        one, two = Graft(1, 7, 1e-9, 0.5), Graft(2, 7, 1e-9, 0.5)
        assert graft_flow(two, 0, 87, 0) == pytest.approx(2 * graft_flow(one, 0, 87, 0))
        assert graft_flow(one, 0, 87, 0) == pytest.approx(87 / 0.5)
