"""Controls: what an author may declare, and what is refused with the offending value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smlib.explorer import menu, slider
from smlib.explorer.controls import typeset, widest


@given(
    low=st.integers(-50, 50),
    width=st.integers(1, 100),
    steps=st.integers(2, 40),
    fine=st.integers(1, 5),
)
def test_fine_values_hold_every_value_and_divide_each_step(low, width, steps, fine):
    control = slider(low, low + width, steps=steps, label="x", fine=fine, form="{:.6g}")
    assert control.values[0] == low
    assert control.values[-1] == low + width
    assert len(control.fine) == (steps - 1) * fine + 1
    assert control.fine[::fine] == pytest.approx(control.values, abs=1e-9)


def test_values_are_written_as_a_person_would():
    control = slider(0, 2, steps=11, label="x", unit="m")
    assert control.values[3] == 0.6  # not 0.6000000000000001
    assert control.text(control.values[3]) == "0.6 m"


def test_given_values_need_not_be_even():
    control = slider(values=(2, 6.6, 12), label="x", start=6.6, fine=2)
    assert control.values == (2, 6.6, 12)
    assert control.start == 1
    assert control.fine == pytest.approx((2, 4.3, 6.6, 9.3, 12))


def test_whole_numbers_stay_whole_and_no_others():
    for control in (slider(1, 6, steps=6, label="x"), slider(values=(1, 5, 10), label="x")):
        assert all(type(value) is int for value in (*control.values, *control.fine))
    halved = slider(1, 5, steps=3, label="x", fine=4)
    assert halved.fine[1] == 1.5
    for control in (halved, slider(1, 6, steps=3, label="x"), slider(1.0, 6.0, steps=6, label="x")):
        assert all(type(value) is float for value in (*control.values, *control.fine))


def test_equal_values_are_the_controls_own():
    whole = slider(1, 3, steps=3, label="x")
    assert type(whole.own(2.0)) is int and whole.own(2.0) == 2
    assert slider(0, 1, steps=3, label="x", fine=2).own(0.3) == 0.3
    assert menu({2: "two", "b": "b"}, label="x").own(2.0) == 2


def test_two_states_never_share_an_address():
    with pytest.raises(
        ValueError, match=r"'x': 1000001 and 1000002 are both linked to as '1e\+06'"
    ):
        slider(values=(1000001, 1000002), form="{:.0f}", label="x")
    with pytest.raises(ValueError, match="'x': 1 and '1' are both linked to as '1'"):
        menu({1: "one", "1": "another"}, label="x")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"low": 0, "high": 1, "steps": 1}, "1"),
        ({"low": 0, "high": 1}, "None"),
        ({"low": 1, "high": 0, "steps": 3}, "1.0, 0.5, 0.0"),
        ({"low": 0, "high": float("nan"), "steps": 3}, "nan"),
        ({"values": (1, 1, 2)}, "1.0, 1.0, 2.0"),
        ({"values": ()}, r"\(\)"),
        ({"low": 0, "high": 1, "steps": 3, "fine": 0}, "0"),
        ({"low": 0, "high": 1, "steps": 3, "start": 0.3}, "0.3"),
        ({"low": 0, "high": 1, "steps": 30, "form": "{:.1f}"}, "both written as '0.0'"),
    ],
)
def test_a_bad_slider_is_refused_with_the_value(arguments, named):
    with pytest.raises(ValueError, match=f"(?s)'x'.*{named}"):
        slider(label="x", **arguments)


def test_a_menu_shows_texts_and_passes_values():
    control = menu({"a": "First", "b": "Second"}, label="x", start="b")
    assert control.values == ("a", "b")
    assert control.text("b") == "Second"
    assert control.start == 1


@pytest.mark.parametrize(
    ("options", "start", "named"),
    [
        ((), None, "no options"),
        (("a", "a"), None, "repeated"),
        ({"a": "same", "b": "same"}, None, "repeated"),
        (("a", "b"), "c", "'c'"),
    ],
)
def test_a_bad_menu_is_refused_with_the_value(options, start, named):
    with pytest.raises(ValueError, match=named):
        menu(options, label="x", start=start)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("-3.5 %", "−3.5 %"), ("from -.5 to -∞", "from −.5 to −∞"), ("(-1, -2)", "(−1, −2)"),
        ("1e-9", "1e-9"), ("2-3", "2-3"), ("La-Al, Be-7", "La-Al, Be-7"), ("dash -", "dash -"),
        ("-0.00 m", "0.00 m"), ("-0.05", "−0.05"),
    ],
)  # fmt: skip
def test_a_minus_sign_is_no_hyphen(written, shown):
    assert typeset(written) == shown
    assert menu({"x": written}, label="A").text("x") == shown


def test_a_slider_shows_a_minus_sign_and_links_with_a_hyphen():
    control = slider(values=(-2, 3), label="A", unit="m")
    assert [control.text(value) for value in control.values] == ["−2 m", "3 m"]
    assert [control.key(value) for value in control.values] == ["-2", "3"]


def test_of_texts_of_one_length_that_of_more_digits_is_wider():
    assert widest(["0.1", "100", "1"]) == "100"
    assert widest(["0.878 to 0.986 f₀", "3 f₀"]) == "0.878 to 0.986 f₀"
