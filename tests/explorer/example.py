"""An explorer and a still for the tests, importable by worker processes."""

from smlib.explorer import explorer, menu, slider, still


@explorer(
    "A line",
    alt="Slope {slope}, {kind}: ends at {End}.",
    size=(3, 2),
    slope=slider(0, 2, steps=5, label="Slope", unit="m", fine=2, start=0.5),
    kind=menu({"up": "Rising", "down": "Falling"}, label="Kind"),
)
def example_line(fig, slope, kind):
    sign = 1 if kind == "up" else -1
    ax = fig.add_axes((0.2, 0.2, 0.7, 0.7))
    ax.plot([0, 1], [0, sign * slope])
    ax.set(xlim=(0, 1), ylim=(-2, 2))
    if slope > 1:
        ax.text(0.5, 1, "steep")
    return {"End": f"{sign * slope:.2f} m"}


@still(alt="One line, ending at {end}.", size=(3, 2))
def example_still(fig):
    fig.add_axes((0.2, 0.2, 0.7, 0.7)).plot([0, 1], [0, 1])
    return {"end": "one"}
