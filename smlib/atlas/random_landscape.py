"""Rows of the atlas: chapter `random_landscape`."""

from smlib.random_landscape import alloy_stress_rms, larkin
from smlib.scales import Mismatch, Scale
from smlib.solution_strengthening import CANTOR_FAMILY, misfit_sum, vlc

_CANTOR = CANTOR_FAMILY["CoCrFeMnNi"]
_BURGERS = vlc(_CANTOR.fractions, _CANTOR.volumes, _CANTOR.mu, _CANTOR.nu).b / 10  # nm

# Stress of misfitting atoms smeared over 0.15 nm, and the line tension of the same theory, GPa, nm.
_STRESS = alloy_stress_rms(
    _CANTOR.mu, _CANTOR.nu, misfit_sum(_CANTOR.fractions, _CANTOR.volumes), 11.804, 1.5
)
_BUMP = 0.15 * 2**0.5
_TENSION = 0.123 * _CANTOR.mu * _BURGERS**2
_LARKIN_LENGTH, _ = larkin(_TENSION, _BURGERS * _STRESS, _BUMP, _BUMP)

ROWS = (
    Mismatch(
        chapter="random_landscape",
        system="dislocation core on the bumps",
        small=Scale("correlation length", 0.256, "nm"),
        large=Scale("core width", 1.5 * 0.256, "nm"),
        kind="size",
        regime="matched",
        effect="feature",
        remedy="average",
        breaks="point-probe and mean-field pictures",
        source="bumps of one atomic distance, a core of 1.5: orders of magnitude",
    ),
    Mismatch(
        chapter="random_landscape",
        system="Larkin length and dislocation",
        small=Scale("Larkin length", _LARKIN_LENGTH, "nm"),
        large=Scale("dislocation length", 1000, "nm"),
        kind="size",
        regime="separated",
        effect="feature",
        remedy="average",
        exponent=0.5,
        source="CoCrFeMnNi, misfit smeared over 0.15 nm; moduli: Laplanche et al. 2015",
    ),
)
