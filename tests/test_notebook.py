"""Numbers handed from a cell to the prose, in the form that MyST-NB's glue reads."""

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from smlib.attention import retrieval_steps
from smlib.notebook import default, glue


@pytest.fixture(autouse=True)
def shell():
    """A shell, without which nothing is displayed."""
    InteractiveShell.instance()
    yield
    InteractiveShell.clear_instance()


@pytest.mark.parametrize(("value", "shown"), [(11.07, "11.07"), (np.float64(0.5), "0.5"), (3, "3")])
def test_a_number_travels_as_plain_text_and_is_not_shown(value, shown):
    with capture_output() as captured:
        glue(limit=value)
    (output,) = captured.outputs
    assert output.data == {"application/papermill.record/text/plain": shown}
    assert output.metadata["scrapbook"]["name"] == "limit"


def test_several_numbers_at_once():
    with capture_output() as captured:
        glue(a=1, b=2)
    assert [out.metadata["scrapbook"]["name"] for out in captured.outputs] == ["a", "b"]


def test_a_default_is_the_one_that_a_call_takes():
    run = next(iter(retrieval_steps(1.0, 1.0, seed=0)))
    assert run == next(iter(retrieval_steps(1.0, 1.0, seed=0, lr=default(retrieval_steps, "lr"))))
