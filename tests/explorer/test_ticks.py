"""Axes with lean ticks draw what matplotlib's own draw, whatever is asked of their ticks."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from smlib.explorer import svg
from smlib.explorer.svg import drawing
from smlib.explorer.theme import Theme


def plain(ax):
    ax.plot([0, 1, 4], [2, 3, -1])


def logarithmic(ax):
    ax.loglog([1e-3, 1e4], [1, 1e5])
    ax.tick_params(which="both", direction="in", length=7, labelrotation=30, labelsize=7)


def gridded(ax):
    ax.grid(True, which="both", color="0.8", ls="--")
    ax.minorticks_on()
    ax.set_xlim(9, 1)


def clipped_grid(ax):
    ax.grid(True)
    ax.patch.set_transform(ax.transAxes)
    ax.set(xlim=(0, 1), xticks=[0, 0.5, 1], xticklabels=["none", "half", "all"])


def one_by_one(ax):
    ax.set_xticks([0, 1, 2, 3])
    labels = ax.get_xticklabels()
    labels[1].set_fontsize(20)
    labels[2].set(color="#ff0000", fontweight="bold", rotation=45)
    ax.xaxis.get_major_ticks()[3].tick1line.set_markersize(11)


def later_ones(ax):
    ax.set_yticks([0, 1])
    ax.get_yticklabels()[0].set_fontsize(5)
    ax.set_yticks([0, 1, 2, 3, 4, 5])


def other_sides(ax):
    ax.xaxis.tick_top()
    ax.tick_params(axis="y", left=False, right=True, labelright=True, labelleft=False)
    other = ax.twinx()
    other.set_yscale("log")
    other.set_ylim(1, 1e3)


def reset(ax):
    ax.tick_params(color="#00ff00", labelsize=15)
    ax.clear()
    ax.tick_params(which="both", reset=True, length=9)


def bare(ax):
    ax.set(xticks=[], yticks=[])
    ax.minorticks_off()


def shared(ax):
    below = ax.figure.add_axes((0.1, 0.05, 0.8, 0.2), sharex=ax)
    below.set_xscale("symlog")
    below.set_xlim(-100, 100)


def polar(ax):
    round_one = ax.figure.add_axes((0.3, 0.3, 0.4, 0.4), projection="polar")
    round_one.plot(np.linspace(0, 6), np.linspace(0, 1))


FIGURES = [plain, logarithmic, gridded, clipped_grid, one_by_one, later_ones, other_sides, reset]
FIGURES += [bare, shared, polar]


def drawn(draw):
    """Markup of a figure with one axes; no step is left to be taken."""
    with pytest.raises(StopIteration) as end:
        next(
            drawing(
                lambda fig: draw(fig.add_axes((0.1, 0.3, 0.8, 0.6))), (5, 4), Theme({}), "t-", {}
            )
        )
    return end.value.value[0].markup()


@pytest.mark.parametrize("draw", FIGURES)
def test_ticks_look_as_those_of_matplotlib(draw, monkeypatch):
    lean = drawn(draw)
    assert lean.count("<g") > 3
    monkeypatch.setattr(svg, "LeanFigure", Figure)
    assert drawn(draw) == lean
