"""What a signature asks of an argument, the function refuses; what it says, help shows.

Valid calls are those of the test beside it, and wrong values come from the rule itself.
"""

import copy
import inspect
import math
import re

import numpy as np
import pytest
from scipy import sparse

from smlib import rules as rules_
from smlib.rules import Rule

from .test_hard_to_break import CALLS, OBJECTS, SCALARS, _function


def rules(key):
    """Rules of a public function, method or class by the name of the argument."""
    parameters = inspect.signature(_function(key)).parameters
    return {n: p.annotation for n, p in parameters.items() if isinstance(p.annotation, Rule)}


def shown(value):
    """Whether a message holds a value, or what is wrong in it."""
    told = [repr(value)]
    if sparse.issparse(value):
        told = [repr(value.shape), *map(repr, value.data.tolist())]
    elif isinstance(value, list | np.ndarray):
        told += map(repr, value)
        told += map(repr, np.asarray(value, dtype=object).ravel().tolist())
        told.append(repr(np.asarray(value, dtype=object).astype(object).tolist()))
    elif isinstance(value, int | float):
        told.append(repr(float(value)) if abs(value) < 1e300 or value != value else repr(value))
    return "|".join(re.escape(each[:20]) for each in told)


@pytest.mark.parametrize("key", sorted(key for key in CALLS if rules(key)))
def test_what_a_rule_refuses_is_refused_by_name_with_its_value(key):
    function, asked = _function(key), rules(key)
    for valid in CALLS[key]:
        for name, rule in asked.items():
            for value in rule.refused():
                given = copy.copy(valid) | {name: value}
                with pytest.raises(ValueError, match=rf"^{name} must .*({shown(value)})"):
                    function(**given)


@pytest.mark.parametrize("key", sorted(key for key in CALLS if rules(key)))
def test_help_shows_what_is_asked(key):
    told = str(inspect.signature(_function(key)))
    for name, rule in rules(key).items():
        assert f"{name}: {rule!r}" in told


RULES = [
    rules_.NUMBER, rules_.NUMBERS, rules_.POSITIVE, rules_.POSITIVES, rules_.SHARE, rules_.SHARES,
    rules_.Real("[-2.5, 1e3)"), rules_.Reals("(0, 1]", ndim=1), rules_.Reals(ndim=2),
    rules_.Whole(), rules_.Whole(2, 5), rules_.Whole(-math.inf), rules_.Whole(only=(2, 4, 6)),
    rules_.Flag(), rules_.Choice("a", "b"), rules_.Of(str), rules_.Of(int, bytes),
    rules_.Matrix(), rules_.Matrix("[0, 1]", square=True), rules_.Each(rules_.Of(float)),
    rules_.Each(empty=True), rules_.Seed(),
    rules_.Seed(sequence=True), rules_.POSITIVE | None,
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_a_rule_admits_what_it_says(rule):
    rule("size", rule.valid())


@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_a_rule_refuses_what_it_says(rule):
    for value in rule.refused():
        with pytest.raises(ValueError, match=rf"^size must .*({shown(value)})"):
            rule("size", value)


@pytest.mark.parametrize("rule", RULES, ids=repr)
@pytest.mark.parametrize("value", SCALARS + OBJECTS, ids=lambda value: f"{value!r:.20}")
def test_a_rule_hands_over_what_is_computed_with_or_names_the_argument(rule, value):
    try:
        found = rule("size", value)
    except ValueError as error:
        assert str(error).startswith("size must ")
        return
    if sparse.issparse(value) and isinstance(rule, rules_.Matrix):
        found, value = found.toarray(), value.toarray()
    if isinstance(rule, rules_.Real | rules_.Reals):
        low, high = map(float, rule.within[1:-1].split(","))
        assert np.all((np.asarray(found) >= low) & (np.asarray(found) <= high))
        np.testing.assert_array_equal(found, np.asarray(value, dtype=float))
    if isinstance(rule, rules_.Whole):
        assert type(found) is int and found == value
    if isinstance(rule, rules_.Choice | rules_.Flag | rules_.Of):
        assert found is value or found == value
