"""The two things an author declares: an explorer (controls move it) and a still (nothing does)."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import itertools
import os
import re
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping

from smlib.memo import finished

from .controls import Control
from .drawn import Drawn, Store
from .lattice import Lattice, encode
from .page import assets, draft_html, explorer_html, still_html
from .svg import Frame, Refused, framed
from .theme import PLAIN, Theme

#: States an explorer may have unless its author asks for more, and the most it may ask for.
DEFAULT_STATES, MOST_STATES = 400, 640
#: Bytes of a packed explorer that warn, that fail, and that a page may hold in all.
WARN_BYTES, MOST_BYTES, MOST_PAGE_BYTES = 150_000, 300_000, 600_000


class ExplorerError(ValueError):
    """An explorer that cannot be shown. Names the explorer, the state and the cause."""


class _Page:
    """What this process has put on its page: one kernel executes one page of the book."""

    shown: dict[str, object] = {}  # noqa: RUF012
    size = 0

    @classmethod
    def add(cls, thing: Drawing, size: int) -> str:
        """Register ``thing``; return style and script if this is the first on the page."""
        name = thing.name
        if name in cls.shown:
            what = "is shown twice" if cls.shown[name] is thing else "has the name of another"
            raise ExplorerError(f"explorer {name!r} {what} on this page")
        first = not cls.shown
        cls.shown[name] = thing
        cls.size = room(name, cls.size + size)
        return assets(thing.theme) if first else ""


def room(name: str, size: int) -> int:
    """The bytes of the explorers of a page with the last of them; refused if they are too many."""
    if size > MOST_PAGE_BYTES:
        raise ExplorerError(
            f"explorer {name!r} brings this page to {size} bytes of explorers "
            f"(limit {MOST_PAGE_BYTES})"
        )
    return size


#: What a figure gives as output: widgets; all of it; or a place for what is drawn elsewhere.
_FACES = ("live", "static", "deferred")


def face() -> str:
    """How this process shows figures.

    A kernel is ``live`` unless ``SMLIB_EXPLORER`` says ``static``, as for a page that stands alone,
    or ``deferred``, as for the pages of a site, which put what is drawn into its `place`.
    """
    found = os.environ.get("SMLIB_EXPLORER", "live")
    if found not in _FACES:
        raise ValueError(f"SMLIB_EXPLORER must be one of {_FACES}, got {found!r}")
    return found


def place(explorer: Explorer) -> str:
    """What stands for an explorer in a page until the site puts it in."""
    return f'<sm-explorer data-from="{explorer.draw.__module__}:{explorer.name}"></sm-explorer>'


class Drawing:
    """What stills and explorers have in common: a function that draws, and what it is drawn with.

    Their colours and font are those of the page.
    """

    def __init__(self, draw: Callable, *, alt: str, size, theme: Theme, name: str | None):
        functools.update_wrapper(self, draw)
        self.draw, self.alt, self.size, self.theme = draw, alt, tuple(size), theme
        self.name = name or draw.__name__
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.name):
            raise ExplorerError(f"explorer {self.name!r}: the name must be a lower-case identifier")
        self.controls: dict[str, Control] = {}

    def _fail(self, state: Mapping, cause: str, error: Exception | None = None):
        where = ", ".join(f"{k}={v!r}" for k, v in state.items()) or "its only state"
        raise ExplorerError(f"explorer {self.name!r} at {where}: {cause}") from error

    def frame(self, **state) -> Frame:
        """Draw one state. Raises `ExplorerError` if the draw function or its answer fails."""
        return finished(self.drawing(**state))

    def drawing(self, **state) -> Generator[float, None, Frame]:
        """Like `frame`, in the steps of a draw function that yields the fraction done."""
        return self._framed(f"{self.name}-", state)

    def _framed(self, prefix: str | None, state: dict) -> Generator[float, None, Frame]:
        known = self.controls
        try:
            state = {n: known[n].own(value) if n in known else value for n, value in state.items()}
            texts = {name: control.text(state[name]) for name, control in known.items()}
            return (
                yield from framed(self.draw, self.size, self.theme, prefix, state, self.alt, texts)
            )
        except Refused as error:
            self._fail(state, str(error), error)
        except Exception as error:
            self._fail(state, f"{type(error).__name__}: {error}", error)

    def readouts(self, **state) -> dict[str, str]:
        """What the reader is told in one state, for tests and prose; nothing is rendered."""
        return finished(self._framed(None, state)).readouts


class Still(Drawing):
    """A figure without controls. See `still`."""

    def static_html(self) -> str:
        """The figure as HTML that needs nothing else but the page's `assets`."""
        return self.theme.alone(still_html(self.name, self.frame()))

    def svg_file(self) -> str:
        """The figure as a file of its own, in light colours."""
        markup = self.theme.alone(self.frame().svg.markup())
        return markup.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)

    def _repr_mimebundle_(self, include=None, exclude=None):  # noqa: ARG002
        frame, found = self.frame(), face()
        html = still_html(self.name, frame)
        extra = assets(self.theme) if found == "live" else _Page.add(self, 0)
        if found != "deferred":
            html = extra + self.theme.alone(html)
        return {"text/html": html, "text/plain": frame.alt}


class Explorer(Drawing):
    """A figure that a reader moves. See `explorer`."""

    def __init__(self, draw, *, title, alt, controls, size, theme, name, max_states):
        super().__init__(draw, alt=alt, size=size, theme=theme, name=name)
        self.title = title
        self.controls = dict(controls)
        for key, control in self.controls.items():
            if not isinstance(control, Control):
                raise ExplorerError(f"explorer {self.name!r}: {key}={control!r} is no control")
        if not self.controls:
            raise ExplorerError(f"explorer {self.name!r} has no controls: declare a still")
        wanted = list(inspect.signature(draw).parameters)[1:]
        if wanted != list(self.controls):
            raise ExplorerError(
                f"explorer {self.name!r}: draw takes {wanted}, controls are {list(self.controls)}"
            )
        self.shape = tuple(len(control.values) for control in self.controls.values())
        if not 0 < max_states <= MOST_STATES:
            raise ExplorerError(f"explorer {self.name!r}: max_states={max_states} is not allowed")
        if self.count > max_states:
            raise ExplorerError(
                f"explorer {self.name!r} has {self.count} states, the limit is {max_states}"
            )

    @property
    def count(self) -> int:
        """Number of states of the static face."""
        return int(functools.reduce(lambda a, b: a * b, self.shape))

    @property
    def start(self) -> dict:
        """The state shown first."""
        return {name: control.values[control.start] for name, control in self.controls.items()}

    def states(self) -> Iterator[dict]:
        """All states of the static face; the last control varies fastest."""
        names = list(self.controls)
        for values in itertools.product(*(c.values for c in self.controls.values())):
            yield dict(zip(names, values, strict=True))

    def frames(self, workers: int = 2) -> list[Frame]:
        """All states, drawn by several processes."""
        from .parallel import draw_all, processes

        with processes(workers) as pool:
            return self.checked(draw_all(self, pool))

    def checked(self, drawn: Iterable[Frame]) -> list[Frame]:
        """The frames ``drawn`` of all states, which must have readouts of the same names."""
        frames = list(drawn)
        expected = list(frames[0].readouts)
        for state, frame in zip(self.states(), frames, strict=True):
            if list(frame.readouts) != expected:
                self._fail(state, f"readouts are {list(frame.readouts)}, first were {expected}")
        return frames

    def encode(self, frames: list[Frame]) -> Lattice:
        """Reduce drawn frames to what the page carries."""
        start = list(self.states()).index(self.start)
        extra = {"alt": [frame.alt for frame in frames]}
        for i, name in enumerate(frames[0].readouts):
            extra[f"r{i}"] = [frame.readouts[name] for frame in frames]
        return encode([frame.svg for frame in frames], start, extra)

    def drawn(self, frames: Iterable[Frame] | None = None) -> Drawn:
        """All states as the page carries them; as kept, if nothing they depend on has changed.

        ``frames`` are those of all states, for those who have them; else they are drawn here.
        """
        store = Store(self)
        drawn = store.read()
        if drawn is None:
            drawn = self._gathered(self.frames() if frames is None else self.checked(frames))
            store.write(drawn)
        return drawn

    def _gathered(self, frames: list[Frame]) -> Drawn:
        start = list(self.states()).index(self.start)
        drawn = Drawn.of(frames, start, self.encode(frames), self.theme)
        size = len(drawn.packed)
        if size > MOST_BYTES:
            raise ExplorerError(
                f"explorer {self.name!r} takes {size} bytes (limit {MOST_BYTES}): "
                "fewer states, fewer points, or rasterize"
            )
        if size > WARN_BYTES:
            warnings.warn(f"explorer {self.name!r} takes {size} bytes", stacklevel=2)
        return drawn

    def static_html(self) -> str:
        """The explorer as HTML that needs nothing else but the page's `assets`."""
        drawn = self.drawn()
        return explorer_html(self, dataclasses.replace(drawn, base=self.theme.alone(drawn.base)))

    def first_html(self) -> str:
        """The first state alone, for a draft; nothing in it moves."""
        return self.theme.alone(draft_html(self, self.frame(**self.start)))

    def live(self):
        """The explorer as ipywidgets, computing each state when it is asked for."""
        from .live import LiveFace

        return LiveFace(self)

    def _repr_mimebundle_(self, include=None, exclude=None):  # noqa: ARG002
        found = face()
        if found != "live":
            here = found == "static" or self.draw.__module__ == "__main__"
            html = self.static_html() if here else place(self)
            extra = _Page.add(self, len(html))
            if found == "static":
                html = extra + html
            return {"text/html": html, "text/plain": f"{self.title}. {self.alt}"}
        return self.live()._repr_mimebundle_()


def explorer(
    title: str,
    *,
    alt: str,
    size=(5.2, 3.6),
    theme: Theme = PLAIN,
    name: str | None = None,
    max_states: int = DEFAULT_STATES,
    **controls: Control,
) -> Callable[[Callable], Explorer]:
    """Declare an explorer: decorate a function ``draw(figure, **state) -> readouts``.

    The function draws on an empty matplotlib figure and returns a dict of texts that the reader
    is told. It must depend on its arguments alone. In the built page all states are drawn
    beforehand; in a kernel each is drawn when asked for. Nothing in the chapter differs.

    A function that takes long may be a generator function: it yields the fraction done, 0 to 1,
    now and then, and returns the texts. A kernel then shows a bar, and a button that stops it.

    Parameters
    ----------
    title : str
        Heading of the figure.
    alt : str
        Sentence that describes a state to someone who does not see it. Names of controls and of
        readouts in braces are filled in: ``"At {amount} the spread is {delta}."``
    size : (float, float)
        Width and height in inches. 5.2 wide with 10 pt text stays legible on a phone.
    theme : Theme
        Colours and matplotlib settings.
    name : str, optional
        Unique name, used in links to a state. Default: the function's.
    max_states : int
        How many states the static face may have, at most 640.
    **controls : Control
        One `slider` or `menu` for each argument of the function after the figure, in order.

    Raises
    ------
    ExplorerError
        If the controls do not fit the function or there are too many states; later, in the
        state where it happens, if the function raises or its readouts change their names.
    """

    def declare(draw: Callable) -> Explorer:
        return Explorer(
            draw,
            title=title,
            alt=alt,
            controls=controls,
            size=size,
            theme=theme,
            name=name,
            max_states=max_states,
        )

    return declare


def still(*, alt: str, size=(5.2, 3.6), theme: Theme = PLAIN, name: str | None = None):
    """Declare a figure without controls: decorate a function ``draw(figure)``.

    Returned readouts, if any, fill the names in braces of ``alt``. See `explorer`.
    """
    return lambda draw: Still(draw, alt=alt, size=size, theme=theme, name=name)
