"""How do 1e20 atoms of the wrong size in a cubic centimetre of silicon add up, and how thick may
the doped layer be? (Chapter "Atomic architects".)

A lattice coefficient beta turns a concentration into a strain, beta * C; a strained layer on a
substrate carries a stress, and above a critical thickness it slips. Signs: stress and strain are
positive in tension, a misfit is positive if the layer is the larger one (and so is compressed).

Lengths in angstrom and layers in nanometre, concentrations in cm^-3, beta in cm^3, stress and
moduli in GPa, energies in eV. Arrays broadcast, scalars give floats.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import lambertw

from smlib import rules
from smlib.checks import checked, first, plain
from smlib.units import GPA_A3_EV

__all__ = ["A_SI", "BOND", "DOPANTS", "MODELS", "N_SI", "R_SI", "Dopant", "EpitaxialState"]
__all__ += ["critical_thickness", "electronic_beta", "epitaxial_state", "lattice_strain"]
__all__ += ["sige_lattice_constant", "vegard_beta"]

A_SI = 5.431
"""Lattice constant of silicon, angstrom."""
N_SI = 8e24 / A_SI**3
"""Atoms of silicon in a cubic centimetre."""
R_SI = 1.17
"""Tetrahedral radius of silicon, angstrom (Pauling 1960)."""
BOND = A_SI * 3**0.5 / 4
"""Length of a bond of silicon, angstrom."""

MODELS = ("matthews-blakeslee", "people-bean")


@dataclass(frozen=True)
class Dopant:
    """An element on a site of silicon; what is not known is None.

    `radius` is Pauling's tetrahedral radius (1960) in angstrom, `beta` the measured relative change
    of the lattice constant per atom in a cubic centimetre (cm^3), `max_solubility` in cm^-3 and
    `ionisation` in meV, as they are commonly quoted (solubilities: Trumbore 1960).
    """

    symbol: str
    kind: str
    radius: float
    beta: float | None
    max_solubility: float | None
    ionisation: float | None

    @property
    def misfit(self):
        """Relative difference of the radius from that of silicon."""
        return self.radius / R_SI - 1

    @property
    def bond_ratio(self):
        """Natural bond to silicon over that of silicon."""
        return 1 + self.misfit / 2


#: Ge: the linear term of `sige_lattice_constant`. C: the linear term of a fit in Berti et al. 1998,
#: which may be calculated. As: Cargill et al. 1988. B: reported from -4.5e-24 to -1.0e-23.
DOPANTS = {
    symbol: Dopant(symbol, *rest)
    for symbol, *rest in (
        ("B", "acceptor", 0.88, -5.2e-24, 6e20, 45.0),
        ("Al", "acceptor", 1.26, None, 2e19, 67.0),
        ("Ga", "acceptor", 1.26, None, 4e19, 72.0),
        ("In", "acceptor", 1.44, None, 4e17, 157.0),
        ("P", "donor", 1.10, None, 1.3e21, 45.0),
        ("As", "donor", 1.18, -0.38e-24, 1.8e21, 54.0),
        ("Sb", "donor", 1.36, None, 7e19, 39.0),
        ("C", "isovalent", 0.77, -8.94e-24, 3.5e17, None),
        ("Ge", "isovalent", 1.22, 0.1992 / A_SI / N_SI, N_SI, None),
        ("Sn", "isovalent", 1.40, None, 5e19, None),
    )
}


# --- one number per dopant ----------------------------------------------------------------------


@checked
def vegard_beta(
    radius: rules.POSITIVES,
    *,
    host_radius: rules.POSITIVES = R_SI,
    host_density: rules.POSITIVES = N_SI,
):
    """Lattice coefficient by Vegard's rule: the crystal averages the radii of its atoms.

    Parameters
    ----------
    radius, host_radius : array_like
        Radii in one unit, positive.
    host_density : array_like
        Atoms of the host in a cubic centimetre, positive.

    Returns
    -------
    float or ndarray
        beta in cm^3, of the broadcast shape; 3 beta is the change of the volume per atom.

    Examples
    --------
    >>> f"{vegard_beta(0.88):.3e}"  # boron
    '-4.963e-24'
    """
    return plain((radius / host_radius - 1) / host_density)


@checked
def electronic_beta(deformation_potential: rules.NUMBERS, *, bulk_modulus: rules.POSITIVES = 97.8):
    """Lattice coefficient of one free electron, -D / (3 B) (Cargill, Angilello & Kavanagh 1988).

    Parameters
    ----------
    deformation_potential : array_like
        Hydrostatic deformation potential D of the occupied band edge, eV. It is positive if
        the edge rises when the crystal expands; the electrons then contract the crystal.
    bulk_modulus : array_like
        B in GPa, positive.

    Returns
    -------
    float or ndarray
        beta in cm^3.

    Examples
    --------
    >>> f"{electronic_beta(3.3):.2e}"
    '-1.80e-24'
    """
    return plain(-deformation_potential / (3 * bulk_modulus * GPA_A3_EV) * 1e-24)


@checked
def lattice_strain(concentration: rules.NONNEGATIVES, beta: rules.NUMBERS):
    """Relative change of the lattice constant, beta * C.

    Parameters
    ----------
    concentration : array_like
        C in cm^-3, not negative.
    beta : array_like
        Lattice coefficient in cm^3.

    Returns
    -------
    float or ndarray
    """
    return plain(concentration * beta)


@checked
def sige_lattice_constant(x: rules.SHARES):
    """Lattice constant of Si(1-x)Ge(x) in angstrom (fit to Dismukes, Ekstrom & Paff 1964).

    Parameters
    ----------
    x : array_like
        Fraction of germanium, in [0, 1].

    Returns
    -------
    float or ndarray
    """
    return plain(A_SI + 0.1992 * x + 0.02733 * x**2)


# --- a layer on a substrate ---------------------------------------------------------------------


class EpitaxialState(NamedTuple):
    """A cubic layer held to the lattice constant of a (001) substrate."""

    misfit: float  # of the free layer against the substrate; positive: the layer is compressed
    strain_parallel: float
    strain_perp: float
    stress: float  # in the plane, GPa, tension positive
    a_perp: float  # angstrom
    energy_density: float  # J/m^3


@checked
def epitaxial_state(
    a_layer: rules.POSITIVES,
    a_substrate: rules.POSITIVES = A_SI,
    *,
    c11: rules.POSITIVES = 165.7,
    c12: rules.POSITIVES = 63.9,
):
    """Strain, stress and energy of a coherent layer on (001), by Hooke's law for a cubic crystal.

    Parameters
    ----------
    a_layer, a_substrate : array_like
        Lattice constants of the free layer and of the substrate, angstrom, positive.
    c11, c12 : array_like
        Elastic constants of the layer, GPa; c11 > c12 > 0.

    Returns
    -------
    EpitaxialState
        Floats or arrays of the broadcast shape.

    Examples
    --------
    >>> state = epitaxial_state(sige_lattice_constant(0.2))
    >>> round(state.stress, 3)  # GPa: compression
    -1.349
    """
    if (wrong := c11 <= c12).any():
        raise ValueError(f"c11 must exceed c12 = {first(c12, wrong)}, got {first(c11, wrong)}")
    strain = (a_substrate - a_layer) / a_layer
    perp = -2 * c12 / c11 * strain
    M = c11 + c12 - 2 * c12**2 / c11
    found = (
        (a_layer - a_substrate) / a_substrate,
        strain,
        perp,
        M * strain,
        a_layer * (1 + perp),
        1e9 * M * strain**2,
    )
    return EpitaxialState(*map(plain, found))


NU, ANGLE = rules.Real("[0, 0.5)"), rules.Real("[0, 90)")


@checked(infinite=True)
def critical_thickness(
    misfit: rules.NUMBERS,
    *,
    b: rules.POSITIVE = 0.384,
    nu: NU = 0.28,
    theta: ANGLE = 60.0,
    lam: ANGLE = 60.0,
    model: rules.Choice(*MODELS) = MODELS[0],
    a: rules.POSITIVES = 0.5431,
    slip: rules.POSITIVE = 0.4,
):
    """Thickness in nm above which a strained layer is no longer stable, or no longer lasts.

    "matthews-blakeslee" (1974) balances the force on a threading dislocation with the line tension
    of the misfit dislocation that it leaves behind, h = A (ln(h/b) + 1); it is an equilibrium.
    "people-bean" (1985) describes layers that did not relax while they grew at about 550 C,
    h = B ln(h/s). Both are solved in closed form with the lower branch of Lambert's W.

    Parameters
    ----------
    misfit : array_like
        Misfit of layer and substrate; its sign does not matter.
    b, slip : float
        Burgers vector and, for People and Bean, width s of a dislocation, nm, positive.
    nu : float
        Poisson's ratio of the (001) layer, in [0, 0.5).
    theta, lam : float
        Angles, in degrees in [0, 90), of the Burgers vector to the dislocation line, and to the
        direction in the interface at right angles to that line.
    model : str
        One of `MODELS`.
    a : array_like
        Lattice constant of the layer, nm, positive; for People and Bean.

    Returns
    -------
    float or ndarray
        inf for no misfit; nan where the equation has no solution, since not even a layer of one
        Burgers vector is stable.

    Examples
    --------
    >>> round(critical_thickness(0.005), 2)
    22.52
    """
    f, across, along = np.abs(misfit), np.cos(np.radians(lam)), np.cos(np.radians(theta))
    if model == "people-bean":
        B = (1 - nu) / (1 + nu) * slip**2 / (16 * np.pi * 2**0.5 * a)
        return plain(_larger_root(slip, f**2 / B, 0))
    A = b * (1 - nu * along**2) / (8 * np.pi * (1 + nu) * across)
    return plain(_larger_root(b, f / A, 1))


def _larger_root(unit, inverse, plus):
    """Larger root of h * inverse = ln(h / unit) + plus; nan if there is none."""
    with np.errstate(invalid="ignore", over="ignore"):
        argument = -unit * inverse * np.exp(-plus)
        # W -> -inf at 0, and a misfit too small for a float of h counts as none.
        argument = np.where(argument > -1e-306, 0.0, argument)
        root = np.where(argument >= -np.exp(-1), lambertw(argument, -1).real, np.nan)
        return unit * np.exp(-root - plus)
