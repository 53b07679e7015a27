"""What the page carries decodes to exactly the frames that were drawn."""

import json

from hypothesis import given
from hypothesis import strategies as st

from smlib.explorer.lattice import canonical, decode, encode
from smlib.explorer.svg import Node

keys = st.sampled_from(["g:axes", "g:line", "g:text", "path", "use"])
texts = st.text("ab<&Ω", max_size=3)
attributes = st.dictionaries(st.sampled_from(["d", "style", "x"]), texts, max_size=3)


@st.composite
def trees(draw, depth=3):
    """Trees as `svg` makes them: siblings have distinct keys, leaves alone carry text."""
    children = []
    if depth:
        kinds = draw(st.lists(keys, max_size=4))
        for i, kind in enumerate(kinds):
            child = draw(trees(depth=depth - 1))
            child.tag = kind.partition(":")[0]
            child.key = f"{kind}:{kinds[: i + 1].count(kind)}"
            children.append(child)
    text = "" if children else draw(texts)
    return Node("svg", draw(attributes), text, children, "svg")


@given(st.lists(trees(), min_size=1, max_size=6), st.data())
def test_every_frame_comes_back(frames, data):
    start = data.draw(st.integers(0, len(frames) - 1))
    lattice = encode(frames, start, {"alt": [str(i) for i in range(len(frames))]})
    # Through JSON, as in the page.
    packed = json.loads(json.dumps(lattice.payload))
    again = type(lattice)(lattice.base, packed)
    for i, frame in enumerate(frames):
        assert decode(again, i) == canonical(frame)


def test_what_does_not_change_is_stored_once():
    frames = [
        Node("svg", {"d": "same"}, children=[Node("path", {"d": str(i)}, key="path:1")], key="svg")
        for i in range(5)
    ]
    payload = encode(frames, 0, {}).payload
    assert payload["p"] == [[1, "d", 0]]
    assert payload["c"] == [{"v": ["0", "1", "2", "3", "4"]}]


def test_repeated_values_are_stored_once():
    frames = [Node("svg", {"d": "ab"[i % 2]}, key="svg") for i in range(10)]
    assert encode(frames, 0, {}).payload["c"] == [{"u": ["a", "b"], "i": [0, 1] * 5}]


def test_packing_is_deterministic():
    frames = [Node("svg", {"d": str(i)}, key="svg") for i in range(3)]
    assert encode(frames, 0, {}).packed() == encode(frames, 0, {}).packed()
