"""What the build has drawn of every explorer is what its function draws now."""

import random

import pytest

from smlib.explorer.__main__ import find
from smlib.explorer.drawn import Store, digest
from smlib.explorer.lattice import canonical

from .conftest import ROOT


@pytest.mark.parametrize("name", sorted(find("smlib.figures")))
def test_states_of_the_book_are_drawn_anew_as_they_are_kept(name, monkeypatch):
    """What the site carries is compared with these digests, so they must be those of now."""
    monkeypatch.setenv("SMLIB_EXPLORER_CACHE", str(ROOT / "_build" / "explorers"))
    figure = find("smlib.figures")[name]
    drawn = Store(figure).read()
    if drawn is None:
        pytest.fail(f"{name} is not drawn: run make site")
    places = random.Random(name).sample(range(figure.count), 2)
    states = list(figure.states())
    for place in places:
        frame = figure.frame(**states[place])
        found = digest(canonical(frame.svg), frame.alt, frame.readouts.values())
        assert found == drawn.digests[place], states[place]
