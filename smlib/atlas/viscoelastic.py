"""Rows of the atlas: chapter `viscoelastic`."""

import numpy as np

from smlib.scales import Mismatch, Scale
from smlib.viscoelastic import FLUIDS, ringing_band
from smlib.viscoelastic_solvers import equilibrate, step_matrix

# Matrix of an implicit time step of a polymer melt, in SI units and with rows and columns scaled.
_STEP = step_matrix(FLUIDS["ldpe"], 64)[0].toarray()
_ROWS, _COLUMNS = equilibrate(_STEP)
_SCALED_STEP = _ROWS[:, None] * _STEP * _COLUMNS

ROWS = (
    Mismatch(
        chapter="viscoelastic",
        system="polymer in water, 0.2 mm channel",
        small=Scale("viscous time", FLUIDS["peo"].viscous_time, "s"),
        large=Scale("relaxation time", FLUIDS["peo"].relaxation_time, "s"),
        kind="time",
        regime="matched",
        effect="bug",
        remedy="balance",
        breaks="one-clock models",
        source="representative values",
    ),
    Mismatch(
        chapter="viscoelastic",
        system="Boger fluid, 2 cm channel",
        small=Scale("viscous time", FLUIDS["boger"].viscous_time, "s"),
        large=Scale("relaxation time", FLUIDS["boger"].relaxation_time, "s"),
        kind="time",
        regime="separated",
        effect="bug",
        remedy="separate",
        breaks="explicit time steps",
        critical=ringing_band(FLUIDS["boger"].beta)[1],
        safe="above",
        exponent=1,
        source="fluid: Quinzani et al. 1990, second hand; band: Waters & King 1970",
    ),
    Mismatch(
        chapter="viscoelastic",
        system="polyethylene melt, 2 mm slit",
        small=Scale("viscous time", FLUIDS["ldpe"].viscous_time, "s"),
        large=Scale("relaxation time", FLUIDS["ldpe"].relaxation_time, "s"),
        kind="time",
        regime="separated",
        effect="bug",
        remedy="separate",
        breaks="explicit time steps",
        critical=ringing_band(FLUIDS["ldpe"].beta)[1],
        safe="above",
        exponent=1,
        leverage=1,
        source="spectrum: Laun 1978; density: order of magnitude",
    ),
    Mismatch(
        chapter="viscoelastic",
        system="polymer without solvent",
        small=Scale("viscous time", 1, "h²/ν"),
        large=Scale("relaxation time", 100, "h²/ν"),
        kind="time",
        regime="disparate",
        effect="bug",
        remedy="balance",
        breaks="one-clock models",
        exponent=0,
        source="an example; rings at any ratio above 1/pi^2 (Waters & King 1970)",
    ),
    Mismatch(
        chapter="viscoelastic",
        system="one time step of the melt, in pascal",
        small=Scale("condition number, equilibrated", float(np.linalg.cond(_SCALED_STEP)), "1"),
        large=Scale("condition number in SI units", float(np.linalg.cond(_STEP)), "1"),
        kind="magnitude",
        regime="nominal",
        effect="bug",
        remedy="rescale",
        breaks="stopping tests of iterative solvers",
        source="64 cells, a tenth of the relaxation time; scaling: Ruiz 2001",
    ),
)
