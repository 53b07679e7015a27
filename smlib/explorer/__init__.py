"""Interactive figures from one declaration: drawn beforehand for the page, on demand in a kernel.

An author writes one function that draws on a matplotlib figure and declares its controls with
`explorer`, `slider` and `menu`; a figure without controls is a `still`. The package knows
nothing of any topic.
"""

from .controls import Control, Menu, Slider, menu, slider
from .core import Drawing, Explorer, ExplorerError, Still, explorer, still
from .page import assets
from .svg import Frame
from .theme import Theme

__all__ = [
    "Control",
    "Drawing",
    "Explorer",
    "ExplorerError",
    "Frame",
    "Menu",
    "Slider",
    "Still",
    "Theme",
    "assets",
    "explorer",
    "menu",
    "slider",
    "still",
]
