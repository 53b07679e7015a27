"""Rows of the atlas: chapter `doping`."""

from smlib.doping import A_SI, DOPANTS, R_SI, critical_thickness, epitaxial_state, lattice_strain
from smlib.scales import Mismatch, Scale

# Layer of silicon with 1e20 boron atoms in a cubic centimetre, held to silicon without.
_ETCH_STOP = epitaxial_state(A_SI * (1 + lattice_strain(1e20, DOPANTS["B"].beta)))
_SLIP = 0.384  # Burgers vector of silicon, nm

ROWS = (
    Mismatch(
        chapter="doping",
        system="boron atom in silicon",
        small=Scale("silicon radius", R_SI, "Å"),
        large=Scale("boron radius", DOPANTS["B"].radius, "Å"),
        kind="size",
        regime="matched",
        effect="bug",
        remedy="balance",
        breaks="the fit of a doped layer to its substrate",
        source="tetrahedral radii: Pauling 1960",
    ),
    # The line tension of a dislocation is a logarithm of both lengths: no power of their ratio.
    Mismatch(
        chapter="doping",
        system="etch stop of 2 µm, 1e20 boron atoms per cm³",
        small=Scale("Burgers vector", _SLIP, "nm"),
        large=Scale("thickness", 2000, "nm"),
        kind="size",
        regime="disparate",
        effect="bug",
        remedy="balance",
        breaks="the coherent interface",
        critical=critical_thickness(_ETCH_STOP.misfit) / _SLIP,
        exponent=0,
        source="limit: Matthews & Blakeslee 1974; coefficient known to a factor of 2",
    ),
)
