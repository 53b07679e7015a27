"""The test figure: a line figure with two sliders and a menu, 630 states.

Every rival shows this model over these states. The numbers come from `curves` alone.
"""

from __future__ import annotations

import numpy as np

from smlib.figures.style import explorer, menu, slider

POINTS = 241
TIME = np.linspace(0, 12, POINTS)
DAMPING = tuple(round(0.05 + 0.045 * i, 3) for i in range(21))
FREQUENCY = tuple(round(1 + 0.2 * i, 1) for i in range(15))
FORCE = ("Step", "Kick")
SHAPE = (len(DAMPING), len(FREQUENCY), len(FORCE))
LIMITS = (-1.1, 2.6)


def curves(damping, frequency, force, time=TIME) -> tuple[np.ndarray, np.ndarray]:
    """Displacement of a damped spring after a step or a kick, and the envelope it decays in."""
    decay = np.exp(-damping * frequency * time)
    slower = np.sqrt(1 - damping**2)
    phase = frequency * slower * time
    if force == "Step":
        rest = decay * (np.cos(phase) + damping / slower * np.sin(phase))
        return 1 - rest, 1 + decay / slower
    return decay * np.sin(phase) / slower, decay / slower


def reference(time=TIME) -> np.ndarray:
    """The curve that no control moves: a step at critical damping and frequency 2."""
    return 1 - (1 + 2 * time) * np.exp(-2 * time)


def all_curves(time=TIME) -> np.ndarray:
    """Both moving curves in every state, to three decimals: shape (21, 15, 2, 2, points).

    Three decimals of these limits are finer than the tenth of a point that our frames keep.
    """
    table = [[[curves(d, f, force, time) for force in FORCE] for f in FREQUENCY] for d in DAMPING]
    return np.round(np.array(table), 3)


@explorer(
    "A spring after a push",
    alt="Damping {damping}, frequency {frequency}, {force}: the peak is {Peak}.",
    max_states=640,
    damping=slider(values=DAMPING, label="Damping", start=DAMPING[0], form="{:.3f}"),
    frequency=slider(values=FREQUENCY, label="Frequency", unit="1/s", form="{:.1f}"),
    force=menu(FORCE, label="Force"),
)
def spring(figure, damping, frequency, force):
    """One state, as a chapter of the book would draw it."""
    moved, envelope = curves(damping, frequency, force)
    axes = figure.add_axes((0.13, 0.14, 0.84, 0.83))
    axes.plot(TIME, reference(), color="ink", linestyle=":", label="critical damping")
    axes.plot(TIME, envelope, color="large", linestyle="--", label="envelope")
    axes.plot(TIME, moved, color="small", label="displacement")
    axes.set(xlim=(0, 12), ylim=LIMITS, xlabel="time (s)", ylabel="displacement")
    axes.legend(loc="upper right", ncols=3)
    settled = float(TIME[envelope - (force == "Step") > 0.05][-1])
    return {"Peak": f"{moved.max():.3f}", "Within 5 % after": f"{settled:.2f} s"}
