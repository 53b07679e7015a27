"""Every mismatch of the book, stated once.

Each chapter ends by printing its rows; the closing chapter compares them. A number that a
chapter's own module computes is computed here too, so that the two cannot drift apart.
"""

import math

import numpy as np

from smlib.attention import beta_critical, logit_std
from smlib.doping import A_SI, DOPANTS, R_SI, critical_thickness, epitaxial_state, lattice_strain
from smlib.elements import ELEMENTS
from smlib.feature_scaling import land_cover
from smlib.high_entropy_alloys import delta
from smlib.labor import HEAD_CM, PLANES, critical_mismatch, head_shadow
from smlib.metallic_glass import GlassFormer, ttt_time
from smlib.pediatric_kidney import (
    CHILD_NEPHRONS,
    DEMAND,
    GRAFTS,
    INJURY,
    LOAD_CRIT,
    critical_growth_time,
    donor_capacity,
    half_flow_encroachment,
    nephron_load,
)
from smlib.physics_informed import River
from smlib.pressure_alloying import equation_of_state
from smlib.random_landscape import alloy_stress_rms, larkin
from smlib.rescaling import (
    FieldExample,
    compare_invariants,
    diagonal_rescale,
    effective_condition,
    field_example,
    rescale_class,
)
from smlib.scales import KINDS, REGIMES, Mismatch, Scale
from smlib.solution_strengthening import CANTOR_FAMILY, misfit_sum, pinning_length, vlc
from smlib.viscoelastic import FLUIDS, equilibrate, ringing_band, step_matrix

__all__ = [
    "ATLAS",
    "FieldExample",
    "compare_invariants",
    "diagonal_rescale",
    "effective_condition",
    "field_example",
    "rescale_class",
    "rows",
]

# Ruler from `dead` to 100 read as if it began at 0: the bias at utility u is dead * (1 - u) points.
# It reaches the minimally important difference of EQ-5D, 7.4 points, at u = 0.5 when dead = 14.8.
_TOLERABLE_DEAD = 7.4 / 0.5

_CANTOR = CANTOR_FAMILY["CoCrFeMnNi"]
_BURGERS = vlc(_CANTOR.fractions, _CANTOR.volumes, _CANTOR.mu, _CANTOR.nu).b / 10  # nm
_BOW_OUT = pinning_length(_CANTOR.fractions, _CANTOR.volumes, _CANTOR.nu)  # in _BURGERS

# Stress of misfitting atoms smeared over 0.15 nm, and the line tension of the same theory, GPa, nm.
_STRESS = alloy_stress_rms(
    _CANTOR.mu, _CANTOR.nu, misfit_sum(_CANTOR.fractions, _CANTOR.volumes), 11.804, 1.5
)
_BUMP = 0.15 * 2**0.5
_TENSION = 0.123 * _CANTOR.mu * _BURGERS**2
_LARKIN_LENGTH, _ = larkin(_TENSION, _BURGERS * _STRESS, _BUMP, _BUMP)

# Matrix of an implicit time step of a polymer melt, in SI units and with rows and columns scaled.
_STEP = step_matrix(FLUIDS["ldpe"], 64)[0].toarray()
_ROWS, _COLUMNS = equilibrate(_STEP)
_SCALED_STEP = _ROWS[:, None] * _STEP * _COLUMNS

# Spreads of the features of image segments, as the numbers that are handed to a classifier.
_SPREADS = land_cover(100_000).X.std(axis=0)

_MAGNESIUM, _IRON = equation_of_state("Mg"), equation_of_state("Fe")

# Deflexion at which the head presents the 11.5 cm from forehead to occiput.
_UPRIGHT = float(np.sqrt(head_shadow(42.506, 0, 90)[0, 0]))

_VITRELOY = "Zr41.2Ti13.8Cu12.5Ni10Be22.5"
# Shortest time in which a melt with a size spread of 2 % crystallizes to one part in a million.
_NOSE = float(ttt_time(np.linspace(800, 880, 321), GlassFormer(), delta=0.02).min())

# A reach in which chlorine is removed within minutes.
_RIVER = River(u=0.5, D=50, k=5e-3, L=10_000)

# One kidney of a child of 12 kg and 20 months: what it filtered in the child, and how slowly it may
# grow in an adult, as a share of the time of injury at 0.5 per year.
_CAPACITY = donor_capacity(12, 126.9)
_LOAD = nephron_load(CHILD_NEPHRONS, _CAPACITY)
_GROWTH_OVER_INJURY = 0.5 * critical_growth_time(CHILD_NEPHRONS, _CAPACITY, 0.5)

# Layer of silicon with 1e20 boron atoms in a cubic centimetre, held to silicon without.
_ETCH_STOP = epitaxial_state(A_SI * (1 + lattice_strain(1e20, DOPANTS["B"].beta)))
_SLIP = 0.384  # Burgers vector of silicon, nm

ATLAS = (
    Mismatch(
        chapter="size_mismatch",
        system="silver atom in copper",
        small=Scale("copper radius", ELEMENTS["Cu"].r_gl, "pm"),
        large=Scale("silver radius", ELEMENTS["Ag"].r_gl, "pm"),
        kind="size",
        regime="matched",
        effect="bug",
        remedy="select",
        breaks="solid solubility",
        critical=1.15,
        safe="below",
        source="limit: Hume-Rothery, Mabbott & Channel Evans 1934; radii: r_gl",
    ),
    Mismatch(
        chapter="high_entropy_alloys",
        system="Cantor alloy CoCrFeMnNi (1 + delta)",
        small=Scale("mean radius", 1, "rbar"),
        large=Scale("mean + rms deviation", 1 + delta("CoCrFeMnNi") / 100, "rbar"),
        kind="size",
        regime="matched",
        effect="bug",
        remedy="balance",
        breaks="single crystal",
        critical=1.066,
        safe="below",
        source="limit: Yang & Zhang 2012, empirical; idea: Zhang et al. 2008; radii: r_gl",
    ),
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
    Mismatch(
        chapter="labor",
        system="head held upright, across the midpelvis",
        small=Scale("interspinous diameter", PLANES["midpelvis"].transverse_cm, "cm"),
        large=Scale("presenting diameter", _UPRIGHT, "cm"),
        kind="size",
        regime="matched",
        effect="bug",
        remedy="adapt",
        breaks="progress",
        critical=critical_mismatch(),
        safe="below",
        source="pelvis: Keller et al. 2003; head: textbooks; limit: a teaching value",
    ),
    Mismatch(
        chapter="labor",
        system="bent head in a midpelvis of 9 cm",
        small=Scale("interspinous diameter", 9, "cm"),
        large=Scale("biparietal diameter", HEAD_CM["biparietal"], "cm"),
        kind="size",
        regime="matched",
        effect="bug",
        remedy="select",
        breaks="progress in every admissible state",
        critical=critical_mismatch(),
        safe="below",
        source="head: textbooks; pelvis: an example; limit: a teaching value",
    ),
    Mismatch(
        chapter="labor",
        system="progress in an hour and the error of an exam",
        small=Scale("error of a reading", 0.75, "cm"),
        large=Scale("progress in an hour", 1.4, "cm"),
        kind="measurement",
        regime="matched",
        effect="bug",
        remedy="average",
        breaks="the verdict of a single exam",
        source="rate: Rouse et al. 2001; error: Phelps et al. 1995, Nizard et al. 2009",
    ),
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
    Mismatch(
        chapter="climate_grid",
        system="thunderstorm in a grid cell",
        small=Scale("updraft", 1, "km"),
        large=Scale("cell", 50, "km"),
        kind="size",
        regime="disparate",
        effect="bug",
        remedy="parameterize",
        breaks="averages through a nonlinear response",
        exponent=0.0,
        source="orders of magnitude; no gap between the scales: Nastrom & Gage 1985",
    ),
    # What the slow variables do not explain, and the slow variables: times in which correlations
    # fall to 1/e, measured by the chapter and in its tests.
    Mismatch(
        chapter="climate_grid",
        system="fast and slow variables of Lorenz at c = 10",
        small=Scale("memory of the residual", 0.049, "time units"),
        large=Scale("memory of X", 0.19, "time units"),
        kind="time",
        regime="separated",
        effect="bug",
        remedy="parameterize",
        breaks="closure by a function of X",
        exponent=0.5,
        source="model and setting: Wilks 2005; times and exponent measured",
    ),
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
    Mismatch(
        chapter="attention",
        system="unscaled head of 64 dimensions, 1024 keys",
        small=Scale("freezing point", beta_critical(1024), "logit"),
        large=Scale("spread", logit_std(64, scale=1), "logit"),
        kind="magnitude",
        regime="nominal",
        effect="bug",
        remedy="rescale",
        breaks="attention to more than a few keys",
        critical=1.0,
        safe="below",
        source="dimensions: Vaswani et al. 2017, Radford et al. 2019",
    ),
    Mismatch(
        chapter="boundary_layer",
        system="layer with special coefficients",
        small=Scale("layer thickness", 0.05, "1"),
        large=Scale("domain", 1, "1"),
        kind="size",
        regime="separated",
        effect="bug",
        remedy="separate",
        breaks="the uniform mesh",
        exponent=math.inf,
        source="problem: Bender & Orszag 1978",
    ),
    Mismatch(
        chapter="boundary_layer",
        system="layer with generic coefficients",
        small=Scale("layer thickness", 0.01, "1"),
        large=Scale("domain", 1, "1"),
        kind="size",
        regime="separated",
        effect="bug",
        remedy="separate",
        breaks="the uniform mesh",
        exponent=1,
        source="matched asymptotics; measured in the chapter",
    ),
    Mismatch(
        chapter="boundary_layer",
        system="1000 layers in turn",
        small=Scale("layer thickness", 0.001, "1"),
        large=Scale("wall", 1, "1"),
        kind="size",
        regime="separated",
        effect="bug",
        remedy="average",
        breaks="the arithmetic mean",
        exponent=1,
        source="homogenization; measured in the chapter",
    ),
    Mismatch(
        chapter="boundary_layer",
        system="1000 independent layers",
        small=Scale("layer thickness", 0.001, "1"),
        large=Scale("wall", 1, "1"),
        kind="size",
        regime="separated",
        effect="bug",
        remedy="average",
        breaks="the arithmetic mean",
        exponent=0.5,
        source="central limit; measured in the chapter",
    ),
    Mismatch(
        chapter="boundary_layer",
        system="1000 layers with long memory",
        small=Scale("layer thickness", 0.001, "1"),
        large=Scale("wall", 1, "1"),
        kind="size",
        regime="disparate",
        effect="bug",
        remedy="parameterize",
        breaks="every mean",
        exponent=0.1,
        source="Hurst index 0.9; measured in the chapter",
    ),
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
        safe="below",
        exponent=0,
        source="limit: Matthews & Blakeslee 1974; coefficient known to a factor of 2",
    ),
    Mismatch(
        chapter="pressure_alloying",
        system="magnesium in iron without pressure",
        small=Scale("iron radius", _IRON.radius(0), "Å"),
        large=Scale("magnesium radius", _MAGNESIUM.radius(0), "Å"),
        kind="size",
        regime="matched",
        effect="bug",
        remedy="adapt",
        breaks="solid solubility",
        critical=1.15,
        safe="below",
        source="Wigner-Seitz radii: Lejaeghere et al. 2014",
    ),
    Mismatch(
        chapter="pressure_alloying",
        system="magnesium in iron at 40 GPa",
        small=Scale("iron radius", _IRON.radius(40), "Å"),
        large=Scale("magnesium radius", _MAGNESIUM.radius(40), "Å"),
        kind="size",
        regime="matched",
        effect="bug",
        remedy="adapt",
        breaks="solid solubility",
        critical=1.15,
        safe="below",
        source="equation of state: Vinet et al. 1987; constants: Lejaeghere et al. 2014",
    ),
    Mismatch(
        chapter="metallic_glass",
        system="Vitreloy 1 (1 + delta)",
        small=Scale("mean radius", 1, "rbar"),
        large=Scale("mean + rms deviation", 1 + delta(_VITRELOY) / 100, "rbar"),
        kind="size",
        regime="matched",
        effect="feature",
        remedy="exploit",
        breaks="the crystal",
        critical=1.066,
        safe="above",
        source="limit: Yang & Zhang 2012, empirical, for crystals; radii: r_gl",
    ),
    Mismatch(
        chapter="metallic_glass",
        system="nose of a melt with a size spread of 2 %",
        small=Scale("atomic vibration", 1e-13, "s"),
        large=Scale("time to crystallize", _NOSE, "s"),
        kind="time",
        regime="separated",
        effect="feature",
        remedy="exploit",
        breaks="crystallization of a thin casting",
        source="model: Uhlmann 1972; vibration: order of magnitude; exponent not measured",
    ),
    Mismatch(
        chapter="feature_scaling",
        system="vegetation index and area of a segment",
        small=Scale("spread of NDVI", float(_SPREADS[0]), "1"),
        large=Scale("spread of area in pixels", float(_SPREADS[-1]), "1"),
        kind="magnitude",
        regime="nominal",
        effect="bug",
        remedy="rescale",
        breaks="classification by distance",
        leverage=2,
        source="Urban Land Cover, Johnson & Xie 2013; a sample with its moments",
    ),
    Mismatch(
        chapter="graph_normalization",
        system="hub and leaf of a grown network",
        small=Scale("neighbours of a leaf", 2, "1"),
        large=Scale("neighbours of the hub", 100, "1"),
        kind="connectivity",
        regime="disparate",
        effect="bug",
        remedy="rescale",
        breaks="the plain sum over neighbours",
        exponent=0,
        leverage=0.5,
        source="preferential attachment, 1000 nodes: Barabasi & Albert 1999",
    ),
    Mismatch(
        chapter="graph_normalization",
        system="star of a million leaves",
        small=Scale("neighbours of a leaf", 1, "1"),
        large=Scale("neighbours of the hub", 10**6, "1"),
        kind="connectivity",
        regime="disparate",
        effect="bug",
        remedy="rescale",
        breaks="the plain sum over neighbours",
        exponent=0,
        leverage=0.5,
        source="growth per layer: largest eigenvalue of a star",
    ),
    Mismatch(
        chapter="physics_informed",
        system="dechlorination in ten kilometres of river",
        small=Scale("reaction time", _RIVER.t_react, "s"),
        large=Scale("travel time", _RIVER.t_adv, "s"),
        kind="time",
        regime="separated",
        effect="bug",
        remedy="rescale",
        breaks="the inlet: the network learns zero",
        exponent=math.inf,
        leverage=2,
        source="order of magnitude; a layer at the inlet and nothing below it",
    ),
    Mismatch(
        chapter="physics_informed",
        system="a second or a day as the unit of time",
        small=Scale("second", 1, "s"),
        large=Scale("day", 86400, "s"),
        kind="time",
        regime="nominal",
        effect="bug",
        remedy="rescale",
        breaks="training by first-order steps",
        leverage=2,
        source="definition of the units",
    ),
    Mismatch(
        chapter="pediatric_kidney",
        system="renal arteries of a child and of an adult",
        small=Scale("radius in the child", GRAFTS["single"].inflow_diameter_mm / 2, "mm"),
        large=Scale("radius in the adult", GRAFTS["adult"].inflow_diameter_mm / 2, "mm"),
        kind="size",
        regime="matched",
        effect="bug",
        remedy="exploit",
        leverage=4,
        source="Poiseuille's law; a hundredth of the whole resistance, it breaks nothing",
    ),
    Mismatch(
        chapter="pediatric_kidney",
        system="suture line of a child's artery",
        small=Scale("error at the suture line", 1, "mm"),
        large=Scale("radius of the artery", GRAFTS["single"].inflow_diameter_mm / 2, "mm"),
        kind="size",
        regime="matched",
        effect="bug",
        remedy="exploit",
        breaks="blood flow",
        critical=GRAFTS["single"].inflow_diameter_mm / 2 / half_flow_encroachment(GRAFTS["single"]),
        safe="above",
        source="half of the flow; error: order of magnitude; remedy: the child's aorta, 3.5 mm",
    ),
    Mismatch(
        chapter="pediatric_kidney",
        system="nephrons of a child's kidney in an adult",
        small=Scale("filtration in the child", DEMAND / _LOAD, "mL/min"),
        large=Scale("demand of the adult", DEMAND, "mL/min"),
        kind="magnitude",
        regime="disparate",
        effect="bug",
        remedy="adapt",
        breaks="nephrons",
        critical=LOAD_CRIT,
        safe="below",
        exponent=0,
        source="donor of 12 kg: Rhodin et al. 2009; the threshold is a choice",
    ),
    # Taking growth to be over at once has an error in proportion to its time: measured.
    Mismatch(
        chapter="pediatric_kidney",
        system="growth and injury of a child's kidney",
        small=Scale("time of injury", 1 / INJURY, "yr"),
        large=Scale("growth time", 1, "yr"),
        kind="time",
        regime="separated",
        effect="bug",
        remedy="adapt",
        breaks="slowly growing grafts",
        critical=_GROWTH_OVER_INJURY,
        safe="below",
        exponent=1,
        source="teaching values; for the pair the critical ratio is about 12",
    ),
    Mismatch(
        chapter="utility_anchoring",
        system="70 on a ruler from 5 to 100",
        small=Scale("personal range", 100 - 5, "points"),
        large=Scale("instrument range", 100, "points"),
        kind="measurement",
        regime="nominal",
        effect="bug",
        remedy="reanchor",
        breaks="averages and choices",
        critical=100 / (100 - _TOLERABLE_DEAD),
        safe="below",
        source="minimally important difference: Walters & Brazier 2005",
    ),
)
"""All rows, in the order of the chapters."""


def rows(chapter=None, kind=None, regime=None):
    """Rows of the atlas that fit every given filter.

    Parameters
    ----------
    chapter : str, optional
        Module name of a chapter that has rows, for example "high_entropy_alloys".
    kind, regime : str, optional
        Words of `smlib.scales.KINDS` and `smlib.scales.REGIMES`.

    Returns
    -------
    tuple of Mismatch
        In the order of `ATLAS`; empty if no row fits.

    Raises
    ------
    ValueError
        If the chapter has no rows, or a word is not in the vocabulary.

    Examples
    --------
    >>> for row in rows("utility_anchoring"):
    ...     print(row.system, round(row.ratio, 3))
    70 on a ruler from 5 to 100 1.053
    """
    chapters = tuple(dict.fromkeys(row.chapter for row in ATLAS))
    wanted = {"chapter": chapter, "kind": kind, "regime": regime}
    known = {"chapter": chapters, "kind": KINDS, "regime": REGIMES}
    for name, word in wanted.items():
        if word is not None and not (isinstance(word, str) and word in known[name]):
            raise ValueError(f"unknown {name} {word!r}; known: {', '.join(known[name])}")
    return tuple(
        row
        for row in ATLAS
        if all(word in (None, getattr(row, name)) for name, word in wanted.items())
    )
