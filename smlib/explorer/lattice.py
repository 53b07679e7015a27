"""All frames of an explorer as one base drawing and the little that differs between them.

The base is the union of all frames: an element that a frame lacks is there, hidden. What
varies is a list of patches ``[element, attribute, column]``: the element's number in document
order, an attribute (``"#"`` for its text, ``"display"`` for hidden or not) and the number of a
column. A column holds one value a frame, coded by a dictionary where values repeat.
"""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import dataclass

from .svg import Node


@dataclass(frozen=True)
class Lattice:
    """A base drawing, shown in state ``start``, and the payload for all other states."""

    base: Node
    payload: dict

    def packed(self) -> str:
        """The payload as base64 of gzipped JSON: text that is safe inside HTML."""
        text = json.dumps(self.payload, separators=(",", ":"), ensure_ascii=False)
        return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


class _Columns:
    """Columns by content: two things that change alike are stored once."""

    def __init__(self):
        self.rows: list = []
        self._number: dict[tuple, int] = {}

    def add(self, values: list) -> int:
        key = tuple(values)
        if key not in self._number:
            distinct = list(dict.fromkeys(values))
            if len(distinct) <= 0.6 * len(values):
                place = {value: i for i, value in enumerate(distinct)}
                row = {"u": distinct, "i": [place[value] for value in values]}
            else:
                row = {"v": values}
            self._number[key] = len(self.rows)
            self.rows.append(row)
        return self._number[key]


def _union_order(sequences: list[tuple[str, ...]]) -> tuple[list[str], dict]:
    """One order of keys that holds every sequence; new names for those that contradict it."""
    order: list[str] = []
    names: dict[tuple[str, ...], dict[str, str]] = {}
    for number, sequence in enumerate(dict.fromkeys(sequences)):
        known = [key for key in sequence if key in order]
        if known == [key for key in order if key in known]:
            names[sequence] = {key: key for key in sequence}
        else:
            names[sequence] = {key: f"{key}|{number}" for key in sequence}
        at = 0
        for key in names[sequence].values():
            if key in order:
                at = order.index(key) + 1
            else:
                order.insert(at, key)
                at += 1
    return order, names


def encode(frames: list[Node], start: int, extra: dict[str, list[str]]) -> Lattice:
    """Reduce ``frames`` to a base and patches.

    Parameters
    ----------
    frames : list of Node
        One tree a state.
    start : int
        The frame that the base shows before anything moves.
    extra : dict of str to list of str
        Further texts of each state (readouts, description), stored as columns under ``"t"``.
    """
    columns = _Columns()
    patches: list[list] = []
    counter = 0

    def patch(number: int, name: str, values: list):
        """Record what varies; return the value in the start frame."""
        if any(value != values[0] for value in values):
            patches.append([number, name, columns.add(values)])
        return values[start]

    def merge(nodes: list[Node | None]) -> Node:
        nonlocal counter
        number = counter
        counter += 1
        here = [node for node in nodes if node is not None]
        model = nodes[start] or here[0]
        base = Node(model.tag, key=model.key)
        filled = [node or model for node in nodes]
        for name in dict.fromkeys(name for node in here for name in node.attributes):
            value = patch(number, name, [node.attributes.get(name) for node in filled])
            if value is not None:
                base.attributes[name] = value
        if patch(number, "display", [None if node else "none" for node in nodes]):
            base.attributes["display"] = "none"
        base.text = patch(number, "#", [node.text for node in filled])
        keys = [tuple(c.key for c in node.children) if node else None for node in nodes]
        if base.tag == "defs":
            # Definitions have no order. One name for each, or what refers to it might find another
            # state's copy, which is hidden.
            order = sorted({key for sequence in keys if sequence for key in sequence})
            names = {sequence: {key: key for key in order} for sequence in keys}
        else:
            order, names = _union_order([key for key in keys if key is not None])
        slots: dict[str, list[Node | None]] = {key: [None] * len(nodes) for key in order}
        for i, node in enumerate(nodes):
            if node:
                for child in node.children:
                    slots[names[keys[i]][child.key]][i] = child
        base.children = [merge(slot) for slot in slots.values()]
        return base

    base = merge(list(frames))
    texts = {name: columns.add(values) for name, values in extra.items()}
    return Lattice(base, {"p": patches, "c": columns.rows, "t": texts})


def column(payload: dict, number: int, state: int):
    """Value of one column in one state."""
    row = payload["c"][number]
    return row["v"][state] if "v" in row else row["u"][row["i"][state]]


def decode(lattice: Lattice, state: int) -> str:
    """Markup of one state, hidden elements left out: what the page shows, for tests."""
    changes: dict[int, dict] = {}
    for number, name, col in lattice.payload["p"]:
        changes.setdefault(number, {})[name] = column(lattice.payload, col, state)
    counter = 0

    def rebuild(node: Node) -> Node:
        nonlocal counter
        values = {"#": node.text, **node.attributes, **changes.get(counter, {})}
        counter += 1
        text = values.pop("#")
        attributes = {name: value for name, value in values.items() if value is not None}
        children = [rebuild(child) for child in node.children]
        shown = [child for child in children if child.attributes.get("display") != "none"]
        return Node(node.tag, attributes, text, shown)

    return canonical(rebuild(lattice.base))


def canonical(node: Node) -> str:
    """Markup with attributes in alphabetical order, to compare frames."""
    return node.markup(order=sorted)
