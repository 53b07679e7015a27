"""Rows of the atlas: chapter `solution_strengthening`."""

from smlib.scales import Mismatch, Scale
from smlib.solution_strengthening import CANTOR_FAMILY, pinning_length, vlc

_CANTOR = CANTOR_FAMILY["CoCrFeMnNi"]
_BURGERS = vlc(_CANTOR.fractions, _CANTOR.volumes, _CANTOR.mu, _CANTOR.nu).b / 10  # nm
_BOW_OUT = pinning_length(_CANTOR.fractions, _CANTOR.volumes, _CANTOR.nu)  # in _BURGERS

ROWS = (
    Mismatch(
        chapter="solution_strengthening",
        system="bump and bow-out length in CoCrFeMnNi",
        small=Scale("Burgers vector", _BURGERS, "nm"),
        large=Scale("bow-out length", _BOW_OUT * _BURGERS, "nm"),
        kind="size",
        regime="separated",
        effect="feature",
        remedy="average",
        breaks="single-obstacle picture",
        exponent=0.5,
        source="theory and volumes: Varvenne, Luque & Curtin 2016",
    ),
)
