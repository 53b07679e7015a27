"""Axes that make a tick when it is shown, and further ones as copies of the first.

Matplotlib makes five artists for a tick, anew for each, and for major and minor ticks of every axis
as soon as there are axes: a fifth of what a small figure costs. What is drawn is the same.
"""

from __future__ import annotations

from contextlib import contextmanager
from copy import copy

from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis
from matplotlib.figure import Figure

_PARTS = ("tick1line", "tick2line", "gridline", "label1", "label2")
_LISTS = ("majorTicks", "minorTicks")


def _copied(tick):
    """A tick like another. Parts share what no setter changes in place, so all but the fonts."""
    new = copy(tick)
    for name in _PARTS:
        part = copy(getattr(tick, name))
        setattr(new, name, part)
        if name.startswith("label"):
            part.set_fontproperties(part.get_fontproperties())  # sets a copy
    return new


class _Ticks:
    """What an axis does otherwise."""

    @contextmanager
    def _unmade(self):
        """Give nothing to ticks that are not there yet: they will be made with it."""
        missing = [name for name in _LISTS if name not in vars(self)]
        for name in missing:
            setattr(self, name, [])
        yield
        for name in missing:
            if vars(self).get(name) == []:
                delattr(self, name)

    def set_tick_params(self, *args, **kwargs):
        with self._unmade():
            super().set_tick_params(*args, **kwargs)

    def set_clip_path(self, path, transform=None):
        with self._unmade():
            super().set_clip_path(path, transform)

    def _get_tick(self, major):
        made = vars(self).get(_LISTS[not major])
        if made:
            return _copied(made[0])
        tick = super()._get_tick(major)
        tick.set_clip_path(self.axes.patch)
        return tick

    def _copy_tick_props(self, src, dest):
        """Leave it: a copy is like the first already."""


class _XAxis(_Ticks, XAxis):
    pass


class _YAxis(_Ticks, YAxis):
    pass


class _Axes(Axes):
    def _init_axis(self):
        self.xaxis, self.yaxis = _XAxis(self, clear=False), _YAxis(self, clear=False)
        for axis, sides in ((self.xaxis, "bottom top"), (self.yaxis, "left right")):
            for side in sides.split():
                self.spines[side].register_axis(axis)

    def clear(self):
        super().clear()
        for spine in self.spines.values():
            spine.get_spine_transform()  # puts it in its place, which else the first tick does


class LeanFigure(Figure):
    """A figure whose axes are of this kind, unless another is asked for."""

    def add_axes(self, *args, **kwargs):
        """Add axes, as every figure does."""
        if not kwargs.keys() & {"axes_class", "polar", "projection"}:
            kwargs["axes_class"] = _Axes
        return super().add_axes(*args, **kwargs)
