"""Physical constants and conversions, each once: CODATA values, as SciPy has them."""

from scipy.constants import Avogadro, angstrom, electron_volt, giga, kilo, mmHg
from scipy.constants import value as _codata

__all__ = ["BOLTZMANN_EV", "EV_KJ_MOL", "GPA_A3_EV", "GPA_A3_KJ_MOL", "MMHG", "N_PER_M_A2_EV", "R"]

#: Boltzmann constant in eV/K.
BOLTZMANN_EV = _codata("Boltzmann constant in eV/K")
#: 1 eV an atom in kJ/mol.
EV_KJ_MOL = electron_volt * Avogadro / kilo
#: 1 GPa times 1 cubic angstrom, in eV.
GPA_A3_EV = giga * angstrom**3 / electron_volt
#: 1 GPa times 1 cubic angstrom an atom, in kJ/mol.
GPA_A3_KJ_MOL = giga * angstrom**3 * Avogadro / kilo
#: 1 mmHg in Pa.
MMHG = mmHg
#: Molar gas constant in J/(mol K).
R = _codata("molar gas constant")
#: 1 N/m times 1 square angstrom, in eV.
N_PER_M_A2_EV = angstrom**2 / electron_volt
