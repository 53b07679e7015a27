"""Numbers give plain numbers, arrays what a call gives for each element, a seed one result.

The calls are those of the test beside it.
"""

import copy
import inspect
from itertools import product

import numpy as np
import pytest

from smlib.rules import Reals
from tests.hard.test_hard_to_break import CALLS, _function, _leaves

#: What computes with the whole of an array, not with its elements.
WHOLE = {
    "attention.attention_gradients",
    "attention.saturation",
    "attention.scaled_dot_product_attention",
    "closures.autocorrelation",
    "closures.memory_time",
    "closures.pdf_distance",
    "graph_normalization.propagate",
    "labor.mismatch_ratio",
    "labor_trial.log_bayes_factor",
    "labor_trial.wald_test",
    "layered_media.solve_medium",
    "pinn.SteadyPINN.error",
    "pinn.SteadyPINN.gradients",
    "pinn.SteadyPINN.jet",
    "pinn.SteadyPINN.losses",
    "pinn.UnsteadyPINN.gradients",
    "pinn.UnsteadyPINN.losses",
    "random_landscape.core_average",
    "random_landscape.gaussian_random_field",
    "random_landscape.pinned_line",
    "utility_anchoring.invariance_rate",
}


def _elementwise(key):
    """Arguments that take arrays of any shape."""
    parameters = {} if key in WHOLE else inspect.signature(_function(key)).parameters
    rules = {name: parameter.annotation for name, parameter in parameters.items()}
    return [name for name, rule in rules.items() if type(rule) is Reals and rule.ndim is None]


def _numbers(key, call):
    """One number for each such argument."""
    return {name: float(np.ravel(call[name])[0]) for name in _elementwise(key)}


def _result(key, call):
    """Leaves of the result."""
    found = _function(key)(**copy.copy(call))
    return list(_leaves(found)) or [found]


EACH = [(key, i) for key, calls in CALLS.items() for i in range(len(calls))]


@pytest.mark.parametrize(("key", "i"), EACH)
def test_numbers_give_plain_numbers(key, i):
    for leaf in _result(key, CALLS[key][i] | _numbers(key, CALLS[key][i])):
        assert not isinstance(leaf, np.generic), leaf
        assert not isinstance(leaf, np.ndarray) or leaf.ndim, leaf


@pytest.mark.parametrize(("key", "i"), [each for each in EACH if _elementwise(each[0])])
def test_arrays_give_what_their_elements_give(key, i):
    """Two arguments, along two axes, as far as relations to others allow."""
    call = CALLS[key][i] | _numbers(key, CALLS[key][i])
    names = _elementwise(key)[:2]
    places = list(product(range(3), repeat=len(names)))
    for steps in ([1, 0.97, 0.96], [1, 1, 1]):
        values = [call[name] * np.array(steps) for name in names]
        one = [
            dict(zip(names, (v[k] for v, k in zip(values, place, strict=True)), strict=True))
            for place in places
        ]
        try:
            single = [_result(key, call | given) for given in one]
            break
        except ValueError:
            continue
    axes = np.meshgrid(*values, indexing="ij", sparse=True)
    together = _result(key, call | dict(zip(names, axes, strict=True)))
    for leaf, *alone in zip(together, *single, strict=True):
        whole = np.broadcast_to(leaf, (3,) * len(names) + np.shape(alone[0]))
        assert whole.shape == (3,) * len(names) + np.shape(alone[0])
        for place, value in zip(places, alone, strict=True):
            if isinstance(value, str):
                assert whole[place] == value
            else:
                np.testing.assert_allclose(whole[place], value, rtol=1e-9)


@pytest.mark.parametrize("key", [key for key in CALLS if "seed" in (CALLS[key] or [{}])[0]])
def test_a_seed_gives_one_result_and_another_seed_another(key):
    one, again, other = (
        [leaf for call in CALLS[key] for leaf in _result(key, call | {"seed": seed})]
        for seed in (1, 1, 2)
    )
    np.testing.assert_equal(again, one)
    assert not all(map(np.array_equal, one, other))
