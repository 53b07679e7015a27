"""Teaching model, not medical advice: nothing in this module may be used to manage a birth.

When a mismatch of sizes stops a process, is it a fixed constraint or a state that can be changed?
(Chapter "Passenger and passage"; how long an experiment must run to tell is in
`smlib.labor_trial`.) The head is an
ellipsoid, a plane of the pelvis an ellipse, the mismatch ratio m the factor by which the ellipse
would have to grow to let the shadow of the ellipsoid through. A power, in Montevideo units (MVU:
sum of the contractions' peaks above baseline in mmHg over 10 minutes), works against a resistance
that grows with m. Both laws are phenomenological and their constants are teaching values.

Lengths are in cm, times in hours, angles in degrees. Arrays broadcast, scalars give a float.
"""

from dataclasses import dataclass
from functools import reduce

import numpy as np
from scipy.special import ndtr, ndtri

from smlib import rules
from smlib.checks import checked, first, plain
from smlib.rules import reals

__all__ = [
    "HEAD_CM",
    "PLANES",
    "POWER_MAX",
    "POWER_ORDINARY",
    "POWER_SD",
    "WHO_2020",
    "ZHANG_2010",
    "Labors",
    "PelvicPlane",
    "critical_mismatch",
    "diagnose",
    "disproportion_probability",
    "duration_quantile",
    "head_shadow",
    "least_mismatch",
    "mismatch_ratio",
    "progress_factor",
    "resistance_mvu",
    "sample_labors",
    "step_exceedance",
    "traverse_time",
]

#: Principal diameters of the head in cm, of textbooks of obstetrics.
HEAD_CM = {"biparietal": 9.5, "suboccipitobregmatic": 9.5, "mentovertical": 13.5}
#: Ordinary power, its standard deviation (compare Hauth et al. 1986) and power at most, MVU.
POWER_ORDINARY, POWER_SD, POWER_MAX = 200.0, 45.0, 300.0
_TIE = 1e-12  # relative difference below which two numbers are equal on paper


@dataclass(frozen=True)
class PelvicPlane:
    """An elliptic opening: transverse and antero-posterior diameter in cm, floats or arrays."""

    name: str
    transverse_cm: float | np.ndarray
    ap_cm: float | np.ndarray

    def __post_init__(self):
        for each in ("transverse_cm", "ap_cm"):
            reals(f"{each} of {self.name!r}", getattr(self, each), "(0, inf)")
        rules.Of(str)("name", self.name)


#: Mean diameters of 100 women who gave birth vaginally (Keller et al. 2003); the antero-posterior
#: one of the midpelvis of 710 women who were not pregnant (PLoS One 18, e0289814, 2023).
PLANES = {
    "inlet": PelvicPlane("inlet", 12.95, 12.17),
    "midpelvis": PelvicPlane("midpelvis", 11.23, 11.97),
}
#: Hours from one centimetre to the next, median and 95th percentile (Zhang et al. 2010, Table 2).
#: "parous" are second births.
ZHANG_2010 = {
    "nulliparous": dict(
        zip(
            range(4, 10),
            ((1.3, 6.4), (0.8, 3.2), (0.6, 2.2), (0.5, 1.6), (0.5, 1.4), (0.5, 1.8)),
            strict=True,
        )
    ),
    "parous": dict(
        zip(
            range(4, 10),
            ((1.4, 7.3), (0.8, 3.4), (0.5, 1.9), (0.4, 1.3), (0.3, 1.0), (0.3, 0.9)),
            strict=True,
        )
    ),
}
#: Hours at one dilation from which the Labour Care Guide alerts (World Health Organization 2020).
WHO_2020 = {5: 6.0, 6: 5.0, 7: 3.0, 8: 2.5, 9: 2.0}


# --- geometry -----------------------------------------------------------------------------------


@checked
def head_shadow(
    deflexion_deg: rules.NUMBERS = 0.0,
    asynclitism_deg: rules.NUMBERS = 0.0,
    position_deg: rules.NUMBERS = 0.0,
    size: rules.POSITIVES = 1.0,
):
    """Matrix, cm^2, of the ellipse that the head shows to the plane across the canal.

    The head is an ellipsoid with the diameters `HEAD_CM` times `size`, turned about its
    biparietal axis (deflexion: 0 flexed vertex, 90 brow, 180 face), tilted sideways (asynclitism)
    and turned about the canal (position: 0 occiput in front or behind, 90 to the side). The
    diameter along a unit vector n, (transverse, antero-posterior), is sqrt(n M n).

    Returns
    -------
    ndarray, shape (..., 2, 2)

    Examples
    --------
    >>> head_shadow(90).round(2).tolist()
    [[90.25, 0.0], [0.0, 182.25]]
    """
    angles = np.deg2rad(deflexion_deg), np.deg2rad(asynclitism_deg), np.deg2rad(position_deg)
    *angles, size = np.broadcast_arrays(*angles, size)
    (cx, cy, cz), (sx, sy, sz) = np.cos(angles), np.sin(angles)
    # The first two rows of Ry Rx, then Rz.
    across, along = np.stack([cy, sy * sx, sy * cx], -1), np.stack([0 * cx, cx, -sx], -1)
    cz, sz = cz[..., None], sz[..., None]
    rows = np.stack([cz * across - sz * along, sz * across + cz * along], -2)
    rows = rows * np.array(list(HEAD_CM.values())) * size[..., None, None]
    return rows @ np.swapaxes(rows, -1, -2)


@checked
def mismatch_ratio(shadow: rules.NUMBERS, plane: rules.Of(PelvicPlane)):
    """Factor m by which the plane's ellipse would have to grow to let the shadow through: the root
    of the largest eigenvalue of Q^(-1/2) M Q^(-1/2), Q = diag(transverse^2, ap^2).

    Below 1 a rigid shadow passes straight and without turning. `shadow` has the shape (..., 2, 2)
    and must be symmetric and positive definite.

    Examples
    --------
    >>> round(mismatch_ratio(head_shadow(), PLANES["midpelvis"]), 4)
    0.8459
    """
    if shadow.ndim < 2 or shadow.shape[-2:] != (2, 2):
        raise ValueError(f"the last two axes of shadow must be (2, 2), got shape {shadow.shape}")
    (xx, xy), (yx, yy) = np.moveaxis(shadow, (-2, -1), (0, 1))
    wrong = (xx <= 0) | (xx * yy <= xy**2) | (np.abs(xy - yx) > 1e-9 * (xx + yy))
    if wrong.any():
        raise ValueError(f"shadow must be positive definite, got {shadow[wrong][0].tolist()}")
    wide, deep = np.asarray(plane.transverse_cm, float), np.asarray(plane.ap_cm, float)
    xx, xy, yy = xx / wide**2, xy / (wide * deep), yy / deep**2
    return plain(np.sqrt((xx + yy) / 2 + np.hypot((xx - yy) / 2, xy)))


@checked
def least_mismatch(
    size: rules.POSITIVES = 1.0, planes: rules.Each(rules.Of(PelvicPlane)) | None = None
):
    """Least m over all attitudes, tilts and positions, at the tightest of the planes
    (by default `PLANES`).

    The ellipsoid holds a ball of its shortest diameter, and the flexed head shows no more.

    Examples
    --------
    >>> round(least_mismatch(), 4)
    0.8459
    """
    tight = [np.minimum(plane.transverse_cm, plane.ap_cm) for plane in planes or PLANES.values()]
    return plain(min(HEAD_CM.values()) * size / reduce(np.minimum, tight))


# --- forces -------------------------------------------------------------------------------------


@checked(infinite=True)
def resistance_mvu(
    mismatch: rules.POSITIVES,
    soft: rules.NONNEGATIVES = 100.0,
    stiffness: rules.POSITIVE = 50.0,
    contact: rules.POSITIVE = 0.90,
    limit: rules.POSITIVE = 1.05,
):
    """Power needed, MVU: soft + stiffness x/(1-x), where x goes from 0 at m = `contact`, where bone
    touches, to 1 at m = `limit`, where the head can be molded no further. Infinite from there on.

    A phenomenological law; the constants are teaching values.

    Examples
    --------
    >>> resistance_mvu([0.8, 1.0, 1.1]).round(6).tolist()
    [100.0, 200.0, inf]
    """
    _in_order(contact, limit)
    x = np.clip((mismatch - contact) / (limit - contact), 0, 1)
    free = np.where(x < 1, x, 0)
    return plain(np.where(x < 1, soft + stiffness * free / (1 - free), np.inf))


def _in_order(contact, limit):
    if not contact < limit:
        raise ValueError(f"limit must lie above contact = {contact}, got {limit}")


@checked
def critical_mismatch(
    power_mvu: rules.NONNEGATIVES = POWER_MAX,
    soft: rules.NONNEGATIVE = 100.0,
    stiffness: rules.POSITIVE = 50.0,
    contact: rules.POSITIVE = 0.90,
    limit: rules.POSITIVE = 1.05,
):
    """Mismatch at which `resistance_mvu` equals a power above `soft`: its inverse.

    Examples
    --------
    >>> round(critical_mismatch(), 6)
    1.02
    """
    if (wrong := power_mvu <= soft).any():
        raise ValueError(f"power_mvu must be above soft = {soft}, got {first(power_mvu, wrong)}")
    _in_order(contact, limit)
    spare = power_mvu - soft
    return plain(contact + (limit - contact) * spare / (stiffness + spare))


@checked
def diagnose(
    power_mvu: rules.NONNEGATIVES,
    mismatch_now: rules.POSITIVES,
    mismatch_best: rules.POSITIVES,
    power_max_mvu: rules.POSITIVES = POWER_MAX,
):
    """Does it move; if not, could it in another state; or in none that is admitted?

    "progress" if the power exceeds the resistance at `mismatch_now`; else "dynamic" if
    `power_max_mvu` exceeds the resistance at `mismatch_best`; else "anatomic". A str for scalars,
    else an array of them.

    Examples
    --------
    >>> diagnose(200, 1.024, 0.961), diagnose(200, 1.03, 1.03)
    ('dynamic', 'anatomic')
    """
    if (wrong := mismatch_best * (1 - _TIE) > mismatch_now).any():
        raise ValueError(
            f"mismatch_best must be at most mismatch_now, got {first(mismatch_best, wrong)}"
        )
    if (wrong := power_mvu > power_max_mvu).any():
        raise ValueError(
            f"power_mvu must be at most power_max_mvu, got {first(power_mvu, wrong)} "
            f"above {first(power_max_mvu, wrong)}"
        )
    moves = power_mvu * (1 - _TIE) > resistance_mvu(mismatch_now)
    could = power_max_mvu * (1 - _TIE) > resistance_mvu(mismatch_best)
    verdict = np.where(moves, "progress", np.where(could, "dynamic", "anatomic"))
    return verdict.item() if verdict.ndim == 0 else verdict


@checked
def progress_factor(
    power_mvu: rules.NONNEGATIVES,
    mismatch: rules.POSITIVES,
    reference_mvu: rules.POSITIVE = POWER_ORDINARY,
    soft: rules.NONNEGATIVE = 100.0,
):
    """Speed relative to a woman with the reference power and no contact of bone, from the power in
    excess of the resistance; 0 below the threshold, as for a Bingham fluid.

    Examples
    --------
    >>> progress_factor(150, 0.85)
    0.5
    """
    if not reference_mvu > soft:
        raise ValueError(f"reference_mvu must be above soft = {soft}, got {reference_mvu}")
    excess = power_mvu - resistance_mvu(mismatch, soft)
    return plain(np.maximum(excess, 0) / (reference_mvu - soft))


@dataclass(frozen=True)
class Labors:
    """Simulated women in labor: arrays of one length."""

    power_mvu: np.ndarray
    mismatch_now: np.ndarray  # in the attitude and the positions they are in
    mismatch_best: np.ndarray  # fully flexed


@checked
def sample_labors(
    n: rules.Whole(),
    correlation: rules.SHARE = 0.5,
    head_correlation: rules.Real("[-1, 1]") = 0.2,
    seed: rules.Seed() = None,
):
    """Women in labor with pelvis, head, attitude and power at random; every law is an assumption.

    The diameters of the pelvis are normal around `PLANES` with standard deviations 0.87, 0.86,
    0.79, 0.85 cm and the pairwise `correlation`; head size is normal with 3.5 % (WHO growth
    standards) and shares `head_correlation` with the woman's common factor; deflexion is
    |N(0, 20 degrees)|; the head lies transverse at the inlet and antero-posterior at the midpelvis;
    power is N(200, 45) MVU, cut to 0 to 300.

    Examples
    --------
    >>> sample_labors(3, seed=0).power_mvu.shape
    (3,)
    """
    rho, own, rng = correlation, head_correlation, seed
    common = rng.standard_normal(n)
    part = np.sqrt(rho) * common + np.sqrt(1 - rho) * rng.standard_normal((4, n))
    inlet, mid = PLANES["inlet"], PLANES["midpelvis"]
    mean = np.array([inlet.transverse_cm, inlet.ap_cm, mid.transverse_cm, mid.ap_cm])
    a, b, c, d = mean[:, None] + np.array([0.87, 0.86, 0.79, 0.85])[:, None] * part
    planes = PelvicPlane("inlet", a, b), PelvicPlane("midpelvis", c, d)
    size = 1 + 0.035 * (own * common + np.sqrt(1 - own**2) * rng.standard_normal(n))
    deflexion = np.abs(rng.normal(0, 20, n))
    power = np.clip(rng.normal(POWER_ORDINARY, POWER_SD, n), 0, POWER_MAX)
    now = [
        mismatch_ratio(head_shadow(deflexion, position_deg=position, size=size), plane)
        for plane, position in zip(planes, (90, 0), strict=True)
    ]
    now = np.maximum(*now)
    return Labors(power, now, np.minimum(now, least_mismatch(size, planes)))  # equal to rounding


@checked
def disproportion_probability(
    head_mean_cm: rules.POSITIVE = 9.5,
    head_sd_cm: rules.NONNEGATIVE = 0.33,
    pelvis_mean_cm: rules.POSITIVE = 11.23,
    pelvis_sd_cm: rules.NONNEGATIVE = 0.79,
    correlation: rules.Real("[-1, 1]") = 0.0,
    threshold: rules.POSITIVE = 1.02,
):
    """Probability that head > threshold times pelvis, for normal diameters that are correlated.

    Examples
    --------
    >>> round(disproportion_probability(), 4)
    0.0124
    """
    s, w = head_sd_cm, threshold * pelvis_sd_cm
    if s == w == 0:
        raise ValueError(f"one of head_sd_cm and pelvis_sd_cm must be above 0, got {s} and {w}")
    spread = np.sqrt((s - w) ** 2 + 2 * (1 - correlation) * s * w)
    lead = head_mean_cm - threshold * pelvis_mean_cm
    return float(ndtr(lead / spread)) if spread > 0 else float(lead > 0)


# --- time ---------------------------------------------------------------------------------------


PARITY = rules.Choice(*ZHANG_2010)


@checked(infinite=True)
def traverse_time(
    start_cm: rules.Reals("[4, 10]"),
    end_cm: rules.Reals("[4, 10]"),
    progress: rules.NONNEGATIVES = 1.0,
    parity: PARITY = "nulliparous",
):
    """Hours from one dilation to another, 4 to 10 cm, at the medians of Zhang et al. 2010 divided
    by a personal `progress` factor; infinite for progress 0.

    Examples
    --------
    >>> round(traverse_time(4, 10), 9)
    4.2
    """
    clock = np.cumsum([0, *(median for median, _ in ZHANG_2010[parity].values())])
    if (wrong := end_cm < start_cm).any():
        raise ValueError(
            f"end_cm must be at least start_cm = {first(start_cm, wrong)}, "
            f"got {first(end_cm, wrong)}"
        )
    hours = np.interp(end_cm, range(4, 11), clock) - np.interp(start_cm, range(4, 11), clock)
    hours, g = np.broadcast_arrays(hours, progress)
    return plain(np.divide(hours, g, out=np.where(hours > 0, np.inf, 0.0), where=g > 0))


@checked
def step_exceedance(
    limit_h: rules.POSITIVES, start_cm: rules.Whole(4, 9), parity: PARITY = "nulliparous"
):
    """Share of women who take longer than a limit from `start_cm` to the next centimetre, from the
    log-normal law with the median and the 95th percentile of Zhang et al. 2010.

    Examples
    --------
    >>> round(step_exceedance(1.0, 4), 3)
    0.607
    """
    median, late = ZHANG_2010[parity][start_cm]
    return plain(ndtr(-np.log(limit_h / median) * ndtri(0.95) / np.log(late / median)))


@checked
def duration_quantile(
    level: rules.Real("(0, 1)"), together: rules.Flag() = False, parity: PARITY = "nulliparous"
):
    """Quantile, in hours, of the time from 4 to 10 cm, a sum of six log-normal steps.

    `together`: one woman is slow in every step (comonotone), and quantiles add. Otherwise the steps
    are independent; their law is then convolved on a grid of 0.01 h.

    Examples
    --------
    >>> round(duration_quantile(0.95, together=True), 9)
    16.6
    """
    steps = ZHANG_2010[parity].values()
    shape = [(np.log(m), np.log(late / m) / ndtri(0.95)) for m, late in steps]
    if together:
        return float(sum(np.exp(mu + s * ndtri(level)) for mu, s in shape))
    cells, width = 2**16, 0.01
    with np.errstate(divide="ignore"):
        edges = np.log(width * np.arange(cells + 1))
    # Each step is put on the middle of its cell.
    laws = [np.fft.rfft(np.diff(ndtr((edges - mu) / s)), 2 * cells) for mu, s in shape]
    below = np.cumsum(np.fft.irfft(np.prod(laws, axis=0), 2 * cells)[:cells])
    return float(width * (np.interp(level, below, np.arange(cells)) + len(shape) / 2))
