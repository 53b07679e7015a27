"""Checks of arguments: what passes comes back unchanged in value, what does not is named."""

import math
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import linalg, sparse

from smlib import rules
from smlib.checks import checked, extra, first, plain
from smlib.rules import Choice, Each, Flag, Of, Seed, Whole, reals

finite = st.floats(allow_nan=False, allow_infinity=False)
arrays = hnp.arrays(float, hnp.array_shapes(max_dims=3), elements=finite)
AXES = {0: "a single number", 1: "a list", 2: "a table"}
INTERVALS = ["(-inf, inf)", "[-inf, inf]", "(0, 1]", "[0, 1)", "[-2.5, 1e3]", "(0, inf)"]


def inside(x, within):
    """Membership, written apart from the module."""
    low, high = (float(part) for part in within.strip("[()]").split(","))
    return (low < x or (within[0] == "[" and x == low)) and (
        x < high or (within[-1] == "]" and x == high)
    )


@given(arrays)
def test_numbers_come_back(values):
    found = reals("x", values)
    assert found.dtype == float
    np.testing.assert_array_equal(found, values)
    assert reals("x", values.tolist(), ndim=values.ndim).shape == values.shape


@pytest.mark.parametrize("within", INTERVALS)
@given(x=st.one_of(st.floats(), st.sampled_from([0.0, 1.0, -2.5, 1e3, math.inf, -math.inf])))
def test_intervals(within, x):
    if inside(x, within):
        assert reals("x", x, within) == x
        return
    for given_ in (x, [x], [[0.5, x]]):
        with pytest.raises(ValueError) as caught:
            reals("size", given_, within)
        assert str(caught.value) == f"size must lie in {within}, got {x}"


@given(arrays, st.data())
def test_the_first_wrong_value_is_shown(values, data):
    at = data.draw(st.integers(0, values.size - 1))
    values = np.abs(values)
    values.flat[at] = -1.5
    with pytest.raises(ValueError, match=r"x must lie in \[0, inf\), got -1.5$"):
        reals("x", values, "[0, inf)")


@pytest.mark.parametrize(
    "value", [3, 2.5, True, np.float32(0.5), np.int8(-3), np.uint64(2**60), [1, 2.5], (1,), 10**30]
)
def test_all_kinds_of_numbers(value):
    np.testing.assert_array_equal(reals("x", value), np.array(value, dtype=float))


@pytest.mark.parametrize(
    "value",
    ["1", ["1", 2], 1 + 0j, [1j], None, [None], {}, object(), [[1, 2], [3]], b"1", 10**400,
     np.datetime64("2020-01-01"), [np.timedelta64(1, "s")]],
)  # fmt: skip
def test_what_is_no_real_number(value):
    with pytest.raises(ValueError, match="^x must "):
        reals("x", value)


@given(hnp.array_shapes(min_dims=0, max_dims=4), st.integers(0, 4))
def test_axes(shape, ndim):
    values = np.ones(shape)
    if len(shape) == ndim:
        assert reals("x", values, ndim=ndim).shape == shape
    else:
        with pytest.raises(
            ValueError, match=f"x must be {AXES.get(ndim, f'with {ndim} axes')}, got"
        ):
            reals("x", values, ndim=ndim)


@pytest.mark.parametrize("ndim", [None, 1, 2])
def test_empty(ndim):
    with pytest.raises(ValueError, match=r"x must (not be empty|be a table), got \[\]"):
        reals("x", [], ndim=ndim)


def test_what_is_given_is_not_changed():
    values = np.arange(3.0)
    reals("x", values)[0] = 7
    assert values[0] == 0


@given(st.integers(), st.integers(-5, 5))
def test_whole_numbers(n, low):
    if n >= low:
        assert Whole(low)("n", n) == n
        assert type(Whole(low)("n", n)) is int
    else:
        with pytest.raises(ValueError, match=rf"n must be a whole number >= {low}, got {n}"[:55]):
            Whole(low)("n", n)


def test_whole_numbers_of_numpy():
    for kind in (np.int64, np.uint8, np.array):
        found = Whole()("n", kind(7))
        assert found == 7 and type(found) is int


@pytest.mark.parametrize(
    "value", [True, np.True_, 1.0, "3", None, 2.5, math.nan, [3], np.array([3, 4]), 1j]
)
def test_what_is_no_whole_number(value):
    with pytest.raises(ValueError) as caught:
        Whole()("n_runs", value)
    assert str(caught.value).startswith("n_runs must be a whole number >= 1, got ")


@given(st.text(), st.lists(st.text(), min_size=1))
def test_choices(word, known):
    assume(word not in known)
    assert Choice(*known)("kind", known[-1]) == known[-1]
    with pytest.raises(ValueError) as caught:
        Choice(*known)("kind", word)
    text = str(caught.value)
    assert text.startswith("kind must be one of ")
    assert ", ".join(known) in text
    assert repr(word)[:60] in text


@pytest.mark.parametrize("value", [None, 1, ["a"], np.array(["a", "b"]), b"a"])
def test_what_is_no_choice(value):
    with pytest.raises(ValueError, match="kind must be one of a, b; got"):
        Choice("a", "b")("kind", value)


def test_part_of_a_word_is_no_choice():
    with pytest.raises(ValueError, match="kind"):
        Choice("pipe", "couette")("kind", "pip")


@given(st.one_of(finite, hnp.arrays(float, ()), hnp.arrays(float, (3,))))
def test_plain(value):
    found = plain(value)
    if np.ndim(value) == 0:
        assert type(found) is float
    else:
        assert found is value


def test_flags_and_generators_come_back():
    assert Flag()("smooth", True) is True
    assert Flag()("smooth", np.bool(False)) is False
    assert Seed()("seed", 3).random() == np.random.default_rng(3).random()
    assert Seed(sequence=True)("seed", 3).entropy == 3


def test_instances_and_sequences():
    given = [1, 2]
    assert Of(list)("n", given) is given
    with pytest.raises(ValueError, match="n must be of class tuple, got \\[1, 2\\]"):
        Of(tuple)("n", given)
    assert Each()("symbols", iter(["Cu", "Ni"])) == ("Cu", "Ni")
    for text in ("CuNi", b"CuNi", 3):
        with pytest.raises(ValueError, match="symbols must be a sequence"):
            Each()("symbols", text)


def test_the_first_that_is_wrong_is_shown():
    values, limits = np.array([[1.0], [5.0]]), np.array([2.0, 7.0])
    assert first(values, values > limits) == 5.0
    assert first(limits, values > limits) == 2.0
    assert first(np.array(3.0), np.array(True)) == 3.0


@dataclass
class Held:
    """A result with a number in it."""

    name: str
    number: float


class TestChecked:
    """What the decorator says, of functions decorated here."""

    def refused(self, function, *given, **named):
        with pytest.raises(ValueError) as caught:
            function(*given, **named)
        # The names of functions within functions begin with the path to them.
        return str(caught.value).rpartition("<locals>.")[2]

    def test_overflow_of_floats(self):
        @checked
        def area(side):
            return side * side

        assert area(3.0) == 9.0
        assert self.refused(area, 1e200) == "area has no finite result for side=1e+200"
        assert self.refused(area, side=np.array([1.0, 1e200])) == (
            "area has no finite result for side=array([1.e+000, 1.e+200]): "
            "overflow encountered in multiply"
        )

    @pytest.mark.parametrize(
        ("function", "value", "why"),
        [
            (lambda x: 1 / np.asarray(x), 0.0, "divide by zero encountered in divide"),
            (np.log, -1.0, "invalid value encountered in log"),
            (lambda x: 1 / x, 0.0, "float division by zero"),
            (lambda x: np.linalg.inv([[x, x], [x, x]]), 1.0, "Singular matrix"),
        ],
    )
    def test_reasons(self, function, value, why):
        @checked
        def result(x):
            return function(x)

        assert self.refused(result, value) == f"result has no finite result for x={value}: {why}"

    def test_scipy_says_so_too(self):
        @checked
        def norm(x):
            return linalg.norm([x, 1.0])

        assert self.refused(norm, math.inf) == "norm has no finite result for x=inf"

    @pytest.mark.parametrize(
        "result",
        [
            math.inf, [1.0, math.nan], {"a": (1, np.array([math.nan]))}, np.float32(math.inf),
            complex(0, math.inf), sparse.csr_array([[math.inf]]), Held("x", math.nan),
        ],
    )  # fmt: skip
    def test_results_are_looked_through(self, result):
        @checked
        def same():
            return result

        @checked(infinite=True)
        def admitted():
            return result

        assert self.refused(same) == "same has no finite result for "
        assert admitted() is result

    def test_what_may_be_infinite_may_still_not_overflow(self):
        @checked(infinite=True)
        def square(x):
            return np.square(x)

        assert square(math.inf) == math.inf
        assert "overflow" in self.refused(square, 1e200)

    def test_objects_and_other_errors_pass(self):
        @checked
        def named(x):
            raise ValueError(f"x must be nice, got {x}")

        @checked
        def nothing(x):
            texts = np.array(["nan"]), np.array(["nan", None])
            return {"text": "nan", "texts": texts, "none": None, "held": Held("nan", 1.0)}

        with pytest.raises(ValueError, match="x must be nice, got 1") as caught:
            named(1)
        assert caught.value.__cause__ is None
        assert nothing(1)["text"] == "nan"

    def test_shapes(self):
        @checked
        def total(a, b, c=1):
            return a + b + c

        said = self.refused(total, np.zeros(2), b=np.zeros((3, 1, 4)), c=2.0)
        assert said == "shapes must broadcast, got a (2,), b (3, 1, 4)"

    def test_who_calls_a_guarded_function_speaks_of_its_own_arguments(self):
        @checked
        def inner(deep):
            return deep * 1e300

        @checked
        def outer(wide, *, more):
            return inner(wide * more)

        assert self.refused(outer, 1e10, more=2.0) == (
            "outer has no finite result for wide=10000000000.0, more=2.0"
        )

    def test_methods_show_the_fields(self):
        @dataclass
        class Box:
            side: float

            @checked
            def volume(self, power):
                return np.float64(self.side) ** power

        class Cell:
            @checked
            def __init__(self, side, **more):
                self.volume = np.float64(side) ** more["power"]

        @checked
        def power(side, **more):
            return np.float64(side) ** (1000 + len(more))

        assert Cell(2, power=3).volume == 8
        assert "result for side=10: overflow" in self.refused(power, 10)
        assert self.refused(Box(1e200).volume, 3) == (
            "Box.volume has no finite result for side=1e+200, power=3: "
            "overflow encountered in scalar power"
        )
        assert self.refused(Cell, 1e200, power=3) == (
            "Cell has no finite result for side=1e+200, power=3: "
            "overflow encountered in scalar power"
        )

    def test_steps(self):
        @checked
        def powers(base, *, count=3):
            for n in range(count):
                yield base**n * np.float64(1)

        assert list(islice(powers(2.0), 9)) == [1, 2, 4]
        steps = powers(1e200, count=5)
        assert [next(steps), next(steps)] == [1, 1e200]
        assert self.refused(lambda: next(steps)).startswith(
            "powers has no finite result for base=1e+200, count=5: "
        )

    def test_long_arguments_are_cut_and_stand_on_one_line(self):
        @checked
        def mean(values):
            return math.nan

        said = self.refused(mean, np.arange(1000.0).reshape(10, 100))
        shown = said.removeprefix("mean has no finite result for values=")
        assert len(shown) == 60 and "\n" not in shown and "  " not in shown


class TestArguments:
    """What becomes of arguments that have rules."""

    def test_they_arrive_converted_defaults_too(self):
        @checked
        def kinds(a: rules.POSITIVES, b: rules.POSITIVE = 2, *, c: rules.Whole() = 3):
            return type(a), type(b), type(c)

        assert kinds(1) == kinds(1, 5) == kinds(a=[1], c=4) == (np.ndarray, float, int)

    def test_what_is_given_and_the_default_are_not_changed(self):
        @checked
        def cleared(values: rules.NUMBERS = (1.0, 2.0)):
            values *= 0
            return values

        given = np.ones(2)
        assert cleared(given).tolist() == [0, 0] and given.tolist() == [1, 1]
        with pytest.raises(ValueError, match="read-only"):
            cleared()

    def test_each_call_without_a_seed_is_another(self):
        @checked
        def drawn(n: rules.Whole(), seed: rules.Seed() = None):
            return seed.random(n)

        assert (drawn(3) != drawn(3)).all()
        assert (drawn(3, 1) == drawn(3, seed=1)).all()
        assert (drawn(3, 1) == np.random.default_rng(1).random(3)).all()

    def test_too_few_and_too_many_are_refused_as_by_any_function(self):
        @checked
        def one(a: rules.NUMBER, *, b: rules.NUMBER = 0.0):
            return a + b

        for wrong in (lambda: one(), lambda: one(1, 2), lambda: one(1, c=2)):
            with pytest.raises(TypeError, match="one"):
                wrong()

    def test_fields_of_a_dataclass(self):
        @checked
        @dataclass(frozen=True)
        class Cell:
            side: rules.POSITIVE
            kind: rules.Choice("wide", "deep") = "wide"

        cell = Cell(np.float64(2))
        assert (cell.side, cell.kind, type(cell.side)) == (2, "wide", float)
        for wrong, said in (((0,), "side must lie in .0, inf., got 0.0"), ((1, "x"), "got 'x'")):
            with pytest.raises(ValueError, match=said):
                Cell(*wrong)


def test_what_is_said_of_empty_arrays():
    with pytest.raises(ValueError, match=r"^x must not be empty, got \[\]"):
        reals("x", [])
    with pytest.raises(ValueError, match=r"^x must not be empty, got \[\[\]\]"):
        reals("x", [[]], ndim=2)


def test_a_missing_library_is_said_to_come_with_an_extra():
    with (
        pytest.raises(
            ImportError, match=r"no_library .* pip install 'smlib\[chapters\]'"
        ) as raised,
        extra("chapters"),
    ):
        import no_library  # noqa: F401
    assert raised.value.name == "no_library"


def test_shapes_that_do_not_fit_within_are_told_of_the_arguments():
    @checked
    def outer(big: rules.POSITIVES, small: rules.POSITIVES):
        return inner(2 * big, small)

    @checked
    def inner(a: rules.POSITIVES, b: rules.POSITIVES):
        return a / b

    with pytest.raises(ValueError, match=r"^shapes must broadcast, got big \(3,\), small \(2,\)$"):
        outer([1, 2, 3], [1, 2])
