"""Settings of hypothesis for all tests, and their order on several workers."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# None is timed, as the machine may be busy with others.
settings.register_profile("untimed", deadline=None)
# Where CI is set a failure comes back in the next run: the examples are always the same.
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "untimed")

HERE = Path(__file__).parent
# What the build has computed of an experiment, with the code of now, is not computed again.
os.environ.setdefault("SMLIB_KEPT", str(HERE.parent / "_build" / "computed"))
#: What takes long in one piece comes first, what comes in small pieces last: so no worker waits
#: for another in the end, and the browser starts once.
ORDER = ["lite/test_chapters", "book/test_student", "", "browser/test_lab", "browser/test_pdf"]
ORDER += ["browser/test_lite", "browser"]


def place(item):
    """Which entry of the order says most about a test."""
    path = item.path.relative_to(HERE).as_posix() if item.path.is_relative_to(HERE) else ""
    return max((len(name), number) for number, name in enumerate(ORDER) if path.startswith(name))[1]


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items):
    """One worker passes the tests of a file, which share what they compute; pages are single."""
    for item in items:
        alone = HERE / "browser" in item.path.parents
        if not alone and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(f"{item.path.parent.name}.{item.path.stem}"))
    yield
    items.sort(key=place)
