"""The same figure, over the same states, as other libraries put it on a page without a kernel.

Each rival is one file that holds all it needs, as ours does, and is built the way its authors
advise where all states are computed beforehand.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from smlib.figures.style import THEME

from .browser import Probe
from .figure import DAMPING, FORCE, FREQUENCY, LIMITS, SHAPE, TIME, all_curves, reference, spring

_NATIVE_MOVE = "set(document.querySelectorAll('input[type=range], select')[control], value)"
_BOKEH_MOVE = """{
  const model = Bokeh.documents[0].get_model_by_name(["damping", "frequency", "force"][control]);
  model.value = model.options ? model.options[value] : value;
}"""
# Embedding replaces the sliders by others without names.
_PANEL_MOVE = """{
  const models = [...Bokeh.documents[0]._all_models.values()];
  const model = models.filter((m) => /Slider|Select/.test(m.type))[control];
  model.value = model.options ? model.options[value] : value;
}"""
_BOKEH_READY = "window.Bokeh?.documents[0]?.is_idle && deep('canvas').length > 0"
_BASIC_PLOTLY = Path("node_modules/plotly.js-basic-dist-min/plotly-basic.min.js")
_LABELS = ("Damping", "Frequency (1/s)", "Force")
_NAMES = ("damping", "frequency", "force")
_TITLES = {"x": "time (s)", "y": "displacement"}
_INK, _LARGE, _SMALL = (THEME.colors[name][0] for name in ("ink", "large", "small"))
_STYLES = {"critical damping": (_INK, "dot"), "envelope": (_LARGE, "dash")}
_STYLES["displacement"] = (_SMALL, "solid")


@dataclass(frozen=True)
class Rival:
    """A built page and how it is driven."""

    name: str
    path: str
    probe: Probe
    cpu: float
    shape: tuple[int, ...] = SHAPE
    slow_loads: int = 2


def cpu_seconds() -> float:
    """Processor time of this process and of the children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _inputs() -> str:
    """Native controls, for libraries that bring none that form a product of states."""
    sliders = "".join(
        f'<label>{label}<input type="range" min="0" max="{size - 1}" value="0"></label>'
        for label, size in zip(_LABELS[:2], SHAPE[:2], strict=True)
    )
    options = "".join(f"<option>{force}</option>" for force in FORCE)
    return f"<p>{sliders}<label>{_LABELS[2]}<select>{options}</select></label></p>"


def _html(body: str, head: str = "") -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Spring</title>'
        f'<link rel="icon" href="data:,">{head}</head><body>{body}</body></html>'
    )


def plotly_page(folder: Path) -> Probe:
    """Plotly: its own sliders run through one list of frames, so the inputs are the page's.

    All curves are on the page; a move animates to them without a redraw of the axes. The script
    is the small bundle where npm has put it, else the whole one that the Python package holds.
    """
    import plotly.graph_objects as go
    from plotly.offline import get_plotlyjs

    table = all_curves()
    first = {"displacement": table[0, 0, 0, 0], "envelope": table[0, 0, 0, 1]}
    first["critical damping"] = np.round(reference(), 3)
    lines = [
        go.Scatter(
            x=np.round(TIME, 3).tolist(),
            y=y.tolist(),
            mode="lines",
            name=name,
            line={"color": _STYLES[name][0], "dash": _STYLES[name][1], "width": 1.8},
        )
        for name, y in first.items()
    ]
    figure = go.Figure(lines)
    figure.update_xaxes(title=_TITLES["x"], range=[0, 12])
    figure.update_yaxes(title=_TITLES["y"], range=LIMITS)
    figure.update_layout(width=576, height=400, template="none")
    data = json.dumps(table.reshape(-1, 2, len(TIME)).tolist(), separators=(",", ":"))
    script = f"""
      const figure = {figure.to_json()};
      const table = JSON.parse(document.getElementById("table").textContent);
      Plotly.newPlot("plot", figure.data, figure.layout).then((plot) => {{
        const inputs = [...document.querySelectorAll("input, select")];
        const still = {{ mode: "immediate", transition: {{ duration: 0 }},
                         frame: {{ duration: 0, redraw: false }} }};
        const show = () => {{
          const at = inputs.map((i) => (i.type === "range" ? +i.value : i.selectedIndex));
          const [a, b] = table[(at[0] * {SHAPE[1]} + at[1]) * {SHAPE[2]} + at[2]];
          Plotly.animate(plot, {{ data: [{{ y: a }}, {{ y: b }}], traces: [0, 1] }}, still);
        }};
        inputs.forEach((input) => input.addEventListener("input", show));
        window.listens = true;
      }});"""
    small = _BASIC_PLOTLY.exists()
    library = _BASIC_PLOTLY.read_text(encoding="utf-8") if small else get_plotlyjs()
    body = (
        f'{_inputs()}<div id="plot"></div><script>{library}</script>'
        f'<script type="application/json" id="table">{data}</script><script>{script}</script>'
    )
    (folder / "plotly.html").write_text(_html(body), encoding="utf-8")
    return Probe(
        "window.listens",
        "[document.querySelector('.scatterlayer')]",
        _NATIVE_MOVE,
        "[...document.querySelectorAll('.scatterlayer .js-line')].map((p) => p.getAttribute('d'))"
        ".join()",
    )


def bokeh_page(folder: Path) -> Probe:
    """Bokeh: a column of all curves, and a callback in JavaScript that copies one state."""
    from bokeh.embed import file_html
    from bokeh.layouts import column
    from bokeh.models import ColumnDataSource, CustomJS, Select, Slider
    from bokeh.plotting import figure
    from bokeh.resources import INLINE

    table = all_curves().astype(np.float32)
    lattice = ColumnDataSource({"a": table[..., 0, :].ravel(), "b": table[..., 1, :].ravel()})
    x = TIME.astype(np.float32)
    shown = ColumnDataSource({"x": x, "a": table[0, 0, 0, 0], "b": table[0, 0, 0, 1]})
    plot = figure(width=576, height=400, x_range=(0, 12), y_range=LIMITS, tools="")
    plot.xaxis.axis_label, plot.yaxis.axis_label = _TITLES["x"], _TITLES["y"]
    for name, key in (("displacement", "a"), ("envelope", "b")):
        color, dash = _STYLES[name]
        dash = "dashed" if dash == "dash" else "solid"
        line = {"line_color": color, "line_dash": dash, "line_width": 1.8, "legend_label": name}
        plot.line("x", key, source=shown, **line)
    color = _STYLES["critical damping"][0]
    fixed = {"line_color": color, "line_dash": "dotted", "legend_label": "critical damping"}
    plot.line(x, reference().astype(np.float32), **fixed)
    controls = [
        Slider(name=name, title=label, start=0, end=size - 1, value=0, step=1)
        for name, label, size in zip(_NAMES[:2], _LABELS[:2], SHAPE[:2], strict=True)
    ]
    controls.append(Select(name="force", title=_LABELS[2], options=list(FORCE), value=FORCE[0]))
    code = f"""
      const at = (d.value * {SHAPE[1]} + f.value) * {SHAPE[2]} + m.options.indexOf(m.value);
      // Bokeh's arrays are subclasses whose own subarray() forgets where it starts.
      const part = ({{ buffer, byteOffset }}) =>
        new Float32Array(buffer, byteOffset + at * {4 * len(TIME)}, {len(TIME)});
      const {{ a, b }} = lattice.data;
      shown.data = {{ x: shown.data.x, a: part(a), b: part(b) }};"""
    named = dict(zip("dfm", controls, strict=True))
    callback = CustomJS(args={"lattice": lattice, "shown": shown, **named}, code=code)
    for control in controls:
        control.js_on_change("value", callback)
    html = file_html(column(*controls, plot), INLINE, "Spring")
    (folder / "bokeh.html").write_text(html, encoding="utf-8")
    return Probe(_BOKEH_READY, "[]", _BOKEH_MOVE, "canvases()")


def altair_page(folder: Path) -> Probe:
    """Altair: one table of all states, parameters bound to inputs, a filter. Half the points."""
    import altair as alt
    import pandas as pd
    import panel

    alt.data_transformers.disable_max_rows()

    time = TIME[::2]
    table = all_curves(time)
    i, j, k, _ = (part.ravel() for part in np.indices((*SHAPE, len(time))))
    columns = {"i": i, "j": j, "k": k, "x": np.tile(np.round(time, 2), int(np.prod(SHAPE)))}
    columns |= {"a": table[..., 0, :].ravel(), "b": table[..., 1, :].ravel()}
    sliders = [
        alt.param(name=name, value=0, bind=alt.binding_range(min=0, max=size - 1, step=1))
        for name, size in zip(_NAMES[:2], SHAPE[:2], strict=True)
    ]
    options = list(range(len(FORCE)))
    force = alt.param(name="force", value=0, bind=alt.binding_select(options=options, labels=FORCE))
    y = alt.Scale(domain=LIMITS, nice=False)
    scales = {"x": alt.X("x:Q", title=_TITLES["x"], scale=alt.Scale(domain=(0, 12)))}
    moving = alt.Chart(pd.DataFrame(columns)).transform_filter(
        "datum.i == damping && datum.j == frequency && datum.k == force"
    )
    layers = [
        moving.mark_line(color=_STYLES[name][0], strokeDash=dash, strokeWidth=1.8).encode(
            y=alt.Y(f"{key}:Q", title=_TITLES["y"], scale=y), **scales
        )
        for name, key, dash in (("displacement", "a", [1, 0]), ("envelope", "b", [6, 3]))
    ]
    fixed = pd.DataFrame({"x": np.round(time, 2), "y": np.round(reference(time), 3)})
    layers.append(
        alt.Chart(fixed)
        .mark_line(color=_STYLES["critical damping"][0], strokeDash=[2, 2])
        .encode(y="y:Q", **scales)
    )
    chart = alt.layer(*layers).add_params(*sliders, force).properties(width=520, height=340)
    # Panel carries the three scripts that Altair's own page would fetch from a server.
    bundled = Path(panel.__file__).parent / "dist/bundled/vegaplot"
    scripts = "".join(
        f"<script>{next(bundled.glob(f'{name}@*')).read_text(encoding='utf-8')}</script>"
        for name in ("vega", "vega-lite", "vega-embed")
    )
    spec = json.dumps(chart.to_dict(), separators=(",", ":"))
    body = (
        f'<div id="plot"></div>{scripts}<script type="application/json" id="spec">{spec}</script>'
        "<script>vegaEmbed('#plot', JSON.parse(document.getElementById('spec').textContent), "
        "{actions: false}).then(() => (window.listens = true))</script>"
    )
    (folder / "altair.html").write_text(_html(body), encoding="utf-8")
    return Probe(
        "window.listens",
        "[document.querySelector('#plot svg.marks')]",
        _NATIVE_MOVE,
        "[...document.querySelectorAll('.mark-line path')].map((p) => p.getAttribute('d')).join()",
    )


def panel_page(folder: Path, shape=SHAPE) -> Probe:
    """Panel: our own matplotlib figure in every state, embedded by Panel."""
    import panel as pn
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    from smlib.figures.style import THEME

    sliders = [
        pn.widgets.IntSlider(name=name, start=0, end=size - 1)
        for name, size in zip(_NAMES[:2], shape[:2], strict=True)
    ]
    force = pn.widgets.Select(name=_NAMES[2], options=list(FORCE))

    def draw(i, j, kind):
        with rc_context(THEME.settings()):
            figure = Figure(figsize=spring.size)
            spring.draw(figure, DAMPING[i], FREQUENCY[j], kind)
        return figure

    pane = pn.pane.Matplotlib(pn.bind(draw, *sliders, force), format="svg", tight=False)
    view = pn.Column(*sliders, force, pane)
    count = int(np.prod(shape))
    # The book's settings, for its text that stays text makes Panel's frames smaller too.
    with warnings.catch_warnings(), rc_context(THEME.settings()):
        warnings.simplefilter("ignore")
        view.save(
            folder / "panel.html",
            embed=True,
            max_states=count,
            max_opts=max(shape),
            resources="inline",
            progress=False,
        )
    return Probe(
        # The document is never idle where Panel's style sheets, on a server of its own, are out of
        # reach; the figure and the controls are there all the same.
        "window.Bokeh?.documents?.[0] && deep('img, svg').length > 0",
        "deep('img, svg').slice(0, 1).map((image) => image.getRootNode())",
        _PANEL_MOVE,
        "deep('img, svg').map((image) => image.src ?? image.innerHTML).join()",
    )


def build(folder: Path, quick: bool) -> list[Rival]:
    """Build every rival's page in ``folder``; note the processor time of each."""
    few = (6, 5, 2)
    jobs: list[tuple[str, Callable, tuple[int, ...]]] = [
        ("Plotly, all curves on the page, own inputs", plotly_page, SHAPE),
        ("Bokeh, `CustomJS` on a lattice of columns", bokeh_page, SHAPE),
        ("Altair, parameters and filter, 121 points", altair_page, SHAPE),
        ("Panel, `embed` of the matplotlib figure", panel_page, few if quick else SHAPE),
    ]
    rivals = []
    for name, make, shape in jobs:
        began = cpu_seconds()
        probe = make(folder, shape) if make is panel_page else make(folder)
        path = make.__name__.removesuffix("_page") + ".html"
        if shape != SHAPE:
            name += f", only {int(np.prod(shape))} states"
        # Half a minute a load on a slow phone: once is enough.
        loads = 1 if make is panel_page else 2
        rivals.append(Rival(name, path, probe, cpu_seconds() - began, shape, loads))
    return rivals
