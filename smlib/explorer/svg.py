"""From a draw function to a small, safe, deterministic tree of SVG elements."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape

import matplotlib as mpl
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from PIL import Image

from .controls import typeset
from .theme import Theme
from .ticks import LeanFigure

_TAGS = {"svg", "g", "path", "use", "defs", "clipPath", "rect", "text", "tspan", "image"}
_TAGS |= {"circle", "ellipse", "line", "polygon", "polyline"}
_ATTRIBUTES = {"clip-path", "d", "height", "href", "id", "points", "preserveAspectRatio", "r"}
_ATTRIBUTES |= {"style", "transform", "viewBox", "width", "x", "y", "cx", "cy", "x1", "x2"}
_ATTRIBUTES |= {"y1", "y2", "rx", "ry"}
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e[-+]?\d+)?")
_PATH_TOKEN = re.compile(r"[A-Za-z]|-?\d*\.?\d+(?:e[-+]?\d+)?")
_PATH_ARGUMENTS = {"M": 2, "L": 2, "Q": 4, "C": 6, "Z": 0}
# SVG's own initial values, which matplotlib writes out.
_DEFAULT_STYLES = {"stroke-dasharray: none", "fill-opacity: 1", "stroke-opacity: 1", "opacity: 1"}
_DEFAULT_STYLES |= {"stroke: none", "font-weight: 400", "stroke-width: 1", "fill-rule: nonzero"}


@dataclass
class Node:
    """An SVG element. ``key`` names its place among its siblings, stable between frames."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Node] = field(default_factory=list)
    key: str = ""

    def markup(self, order=iter) -> str:
        """The element as SVG text, with its attributes in the given order."""
        attributes = "".join(f' {k}="{escape(v)}"' for k, v in order(self.attributes.items()))
        inner = escape(self.text, quote=False) + "".join(c.markup(order) for c in self.children)
        return f"<{self.tag}{attributes}>{inner}</{self.tag}>"

    def packed(self) -> tuple:
        """The tree as nested tuples, which pass between processes in a third of the time."""
        children = tuple(child.packed() for child in self.children)
        return self.tag, self.attributes, self.text, children, self.key

    @classmethod
    def unpacked(cls, packed: tuple) -> Node:
        """The tree of nested tuples."""
        tag, attributes, text, children, key = packed
        return cls(tag, attributes, text, [cls.unpacked(child) for child in children], key)


class Refused(ValueError):
    """What a draw function returned, or its description, cannot be shown."""


@dataclass(frozen=True)
class Frame:
    """One drawn state: the figure, its readouts in order, and the sentence that describes it."""

    svg: Node | None  # none where only what is told was asked for
    readouts: dict[str, str]
    alt: str


def framed(draw, size, theme: Theme, prefix: str | None, state: dict, alt: str, texts: dict):
    """Draw a state, and fill its ``alt`` with ``texts`` and readouts. A generator, as `drawing`."""
    svg, returned = yield from drawing(draw, size, theme, prefix, state)
    readouts = {} if returned is None else returned
    if not isinstance(readouts, Mapping) or not all(
        isinstance(k, str) and isinstance(v, str) for k, v in readouts.items()
    ):
        raise Refused(f"readouts must be a dict of str to str, got {returned!r}")
    readouts = {name: typeset(text) for name, text in readouts.items()}
    try:
        described = alt.format_map({**texts, **readouts})
    except (KeyError, IndexError, ValueError) as error:
        raise Refused(f"alt text {alt!r} asks for {error}, which is no readout") from error
    return Frame(svg, readouts, described)


def _stepwise(work, settings: dict):
    """Pass on what a generator yields, with ``settings`` in force only while it works."""
    while True:
        with mpl.rc_context(settings):
            try:
                done = next(work)
            except StopIteration as end:
                return end.value
        if not 0 <= done <= 1:
            raise ValueError(f"yields the fraction done, 0 to 1; got {done!r}")
        yield done


def drawing(draw, size, theme: Theme, prefix: str | None, state: dict):
    """Call ``draw`` on a new figure; return the tidied SVG tree and what ``draw`` returned.

    Without a prefix for the names in it there is no tree.

    A generator, which yields the fraction done as often as ``draw`` does, if it is one itself.
    """
    settings = theme.settings()
    with mpl.rc_context(settings):
        figure = LeanFigure(figsize=size)
        returned = draw(figure, **state)
    if isinstance(returned, Generator):
        returned = yield from _stepwise(returned, settings)
    if prefix is None:
        return None, returned
    colors = tuple((light, f"var(--sm-{name})") for name, (light, _) in theme.colors.items())
    with mpl.rc_context(settings):
        node = _drawn(figure, _Nodes(colors, prefix))
    width, height = (72 * inches for inches in size)
    node.attributes = {
        "viewBox": f"0 0 {_short(width)} {_short(height)}",
        # What matplotlib puts into a style sheet of the document.
        "style": "stroke-linejoin:round;stroke-linecap:butt",
    }
    _drop_unused_ids(node)
    _hoist(node, prefix)
    return node, returned


class _Nodes:
    """Stands for matplotlib's writer of XML: what it is told becomes tidy nodes at once."""

    def __init__(self, colors: tuple, prefix: str):
        self.root = Node("svg")
        self._colors, self._prefix = colors, prefix
        self._open: list[tuple[Node, dict[str, int]]] = [(self.root, {})]

    def start(self, tag: str, attrib=None, **extra) -> None:
        """Open an element."""
        if tag not in _TAGS:
            raise ValueError(f"SVG element <{tag}> is not allowed in an explorer")
        node = Node(tag)
        given = {**(attrib or {}), **extra}
        for name, value in given.items():
            name = name.rpartition(":")[2]
            if name in _ATTRIBUTES and value:
                text = _attribute(name, value, self._colors, self._prefix)
                if text:
                    node.attributes[name] = text
        kind = f"{tag}:{_kind(given.get('id', ''))}" if tag == "g" else f"{tag}:"
        counts = self._open[-1][1]
        counts[kind] = counts.get(kind, 0) + 1
        node.key = f"{kind}:{counts[kind]}"
        self._open.append((node, {}))

    def data(self, text: str) -> None:
        """Text of the element that is open."""
        node = self._open[-1][0]
        node.text += typeset(text.strip()) if node.tag in ("text", "tspan") else text.strip()

    def end(self, tag=None, indent=True) -> None:  # noqa: ARG002
        """Close an element; groups that hold nothing are left out."""
        node, _ = self._open.pop()
        if node.children or node.tag not in ("g", "defs"):
            self._open[-1][0].children.append(node)

    def element(self, tag: str, text=None, attrib=None, **extra) -> None:
        """An element without children."""
        self.start(tag, attrib, **extra)
        if text:
            self.data(text)
        self.end()

    def comment(self, text: str) -> None:
        """Leave out."""

    def close(self, identity) -> None:
        """Nothing is left to close."""

    def flush(self) -> None:
        """Nothing waits to be written."""


class _Renderer(RendererSVG):
    """Matplotlib's own, but for where it writes, and it remembers how large a text is."""

    _measured: dict = {}  # noqa: RUF012  (of all figures)

    def __init__(self, width: float, height: float, dpi: float, nodes: _Nodes):
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        super().__init__(width, height, io.StringIO(), image_dpi=dpi, metadata=nothing)
        self.writer = nodes
        self._fonts = tuple(mpl.rcParams["font.sans-serif"]), mpl.rcParams["mathtext.fontset"]

    def get_text_width_height_descent(self, s, prop, ismath):
        """Size of a text in points."""
        key = s, hash(prop), ismath, self._fonts
        if key not in self._measured:
            self._measured[key] = super().get_text_width_height_descent(s, prop, ismath)
        return self._measured[key]


def _drawn(figure: Figure, nodes: _Nodes) -> Node:
    """Draw a figure as ``savefig`` does, but into nodes."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if not axis.label.get_text():
                # Its place, which nobody sees, would be looked for among all tick labels.
                axis.set_label_coords(0, 0)
    dpi, (width, height) = figure.dpi, figure.get_size_inches()
    figure.dpi = 72
    renderer = _Renderer(72 * width, 72 * height, dpi, nodes)
    figure.draw(MixedModeRenderer(figure, width, height, dpi, renderer))
    renderer.finalize()
    return nodes.root


@lru_cache(4096)
def _kind(identity: str) -> str:
    """What a group is, without its number."""
    return re.sub(r"_?\d+$", "", identity)


@lru_cache(4096)
def _short(number: float | str) -> str:
    """A length to 0.1 pt, in as few characters as possible."""
    text = f"{round(float(number), 1):.1f}".removesuffix(".0")
    return {"-0": "0"}.get(text, text).replace("0.", ".", text.lstrip("-").startswith("0."))


# Most paths, lengths and styles are the same in every frame.
@lru_cache(4096)
def _path(d: str) -> str:
    """Path data on a 0.1 pt grid, relative, without points that fall together."""
    tokens = _PATH_TOKEN.findall(d)
    out: list[str] = []
    here, start = (0, 0), (0, 0)
    last, i, command = "", 0, ""
    while i < len(tokens):
        if tokens[i].isalpha():
            command = tokens[i].upper()
            if command not in _PATH_ARGUMENTS or (tokens[i].islower() and command != "Z"):
                raise ValueError(f"path command {tokens[i]!r} is not one that matplotlib writes")
            i += 1
        count = _PATH_ARGUMENTS[command]
        if command == "Z":
            out.append("z")
            here, last = start, "z"
            continue
        grid = [round(float(token) * 10) for token in tokens[i : i + count]]
        i += count
        pairs = list(zip(grid[::2], grid[1::2], strict=True))
        if command == "L" and pairs[-1] == here and last == "l":
            continue
        moves = [_short(v / 10) for x, y in pairs for v in (x - here[0], y - here[1])]
        here = pairs[-1]
        if command == "M":
            start = here
        letter = command.lower()
        # After m, further pairs are lines.
        repeated = letter == last or (letter == "l" and last == "m")
        out.append(("" if repeated and letter != "m" else letter) + " ".join(moves))
        last = letter
    joined = " ".join(out)
    return re.sub(r" (?=[-a-z])", "", joined)


@lru_cache(4096)
def _style(text: str, colors: tuple[tuple[str, str], ...]) -> str:
    parts = []
    for part in text.split(";"):
        part = part.strip()
        name, _, value = part.partition(": ")
        # The page's own font is used, so that figures and text look alike.
        if not part or part in _DEFAULT_STYLES or name == "font-family":
            continue
        if name == "font":
            part = "font-size: " + re.search(r"[\d.]+px", value)[0]
        elif name in ("stroke-width", "stroke-dashoffset", "font-size"):
            value = _NUMBER.sub(lambda m: f"{float(m[0]):.3g}", value)
            part = f"{name}: {value}"
        elif name == "stroke-dasharray":
            part = f"{name}: " + _NUMBER.sub(lambda m: f"{float(m[0]):.3g}", value)
        parts.append(part.replace(": ", ":"))
    joined = ";".join(parts)
    for light, variable in colors:
        joined = joined.replace(light, variable)
    return joined


def _image(href: str) -> str:
    """A raster part as lossless WebP where that is smaller than matplotlib's PNG."""
    head, _, data = href.partition(",")
    if head != "data:image/png;base64":
        raise ValueError(f"image of unexpected type {head!r}")
    file = io.BytesIO()
    Image.open(io.BytesIO(base64.b64decode(data))).save(file, "WEBP", lossless=True, method=6)
    webp = base64.b64encode(file.getvalue()).decode()
    return f"data:image/webp;base64,{webp}" if len(webp) < len(data) else href


def _attribute(name: str, value: str, colors: tuple, prefix: str) -> str:
    if name == "d":
        return _path(value)
    if name == "style":
        return _style(value, colors)
    if name == "id":
        return prefix + value
    if name == "href":
        return prefix.join(("#", value[1:])) if value[0] == "#" else _image(value)
    if name == "clip-path":
        return value.replace("url(#", f"url(#{prefix}")
    if name == "transform":
        # Rounding a scale or a matrix would move things; rounding a shift does not.
        return re.sub(
            r"translate\(([^)]*)\)",
            lambda m: "translate(" + _NUMBER.sub(lambda n: _short(n[0]), m[1]) + ")",
            value,
        )
    if name in ("preserveAspectRatio", "viewBox"):
        return value
    return _NUMBER.sub(lambda m: _short(m[0]), value.removesuffix("px"))


def _drop_unused_ids(root: Node) -> None:
    nodes, used = [root], set()
    for node in nodes:
        nodes.extend(node.children)
        for name in ("href", "clip-path"):
            used.update(re.findall(r"#([^)]+)", node.attributes.get(name, "")))
    for node in nodes:
        if node.attributes.get("id") not in used:
            node.attributes.pop("id", None)


def _hoist(root: Node, prefix: str) -> None:
    """Put all definitions into one place, named by their content.

    matplotlib defines a marker where it is first used. In another frame that may be a part which
    is hidden, and what refers to a hidden definition is not drawn.
    """
    found: dict[str, Node] = {}
    names: dict[str, str] = {}

    def visit(node: Node) -> None:
        kept = []
        for child in node.children:
            if child.tag != "defs":
                visit(child)
                if child.tag != "g" or child.children:
                    kept.append(child)
                continue
            for defined in child.children:
                old = defined.attributes.pop("id", None)
                if old is not None:
                    digest = hashlib.sha256(defined.markup().encode()).hexdigest()[:10]
                    name = defined.key = names[old] = f"{prefix}{digest}"
                    defined.attributes = {"id": name, **defined.attributes}
                    found[name] = defined
        node.children = kept

    def rename(node: Node) -> None:
        for name in ("href", "clip-path"):
            if "#" in node.attributes.get(name, ""):
                old = re.search(r"#([^)]+)", node.attributes[name])[1]
                node.attributes[name] = node.attributes[name].replace(old, names[old])
        for child in node.children:
            rename(child)

    visit(root)
    rename(root)
    if found:
        everything = [found[name] for name in sorted(found)]
        root.children.insert(0, Node("defs", children=everything, key="defs"))
