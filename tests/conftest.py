"""Settings of hypothesis for all tests, and how these are shared out among workers."""

import os
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import settings

import smlib

# None is timed, as the machine may be busy with others.
settings.register_profile("untimed", deadline=None)
# Where CI is set a failure comes back in the next run: the examples are always the same.
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "untimed")

# Hypothesis also draws constants of the modules that are loaded: all are, in every worker.
for found in pkgutil.walk_packages(smlib.__path__, "smlib."):
    if not found.name.endswith("__main__"):
        import_module(found.name)

HERE = Path(__file__).parent
# What the build has computed of an experiment, with the code of now, is not computed again.
os.environ.setdefault("SMLIB_KEPT", str(HERE.parent / "_build" / "computed"))
#: What takes long in one piece comes first, what comes in small pieces last: so no worker waits
#: for another in the end, and the browser starts once.
ORDER = ["lite/test_chapters", "book/test_student", "", "browser/test_lab", "browser/test_pdf"]
ORDER += ["browser/test_lite", "browser/test_site", "browser"]
#: Tests that are given out one by one: most pages of the site, all decks.
SINGLE = re.compile(r"tests/browser/test_(?!lab|pdf)")
#: But for those of a page that is opened once for all.
TOGETHER = re.compile(r"::TestExplorers::.*(\[.*\])$")


def place(item):
    """Which entry of the order says most about a test."""
    path = item.path.relative_to(HERE).as_posix() if item.path.is_relative_to(HERE) else ""
    return max((len(name), number) for number, name in enumerate(ORDER) if path.startswith(name))[1]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with what takes long."""
    items.sort(key=place)


def group(nodeid):
    """Name of what is given to one worker as a whole.

    Mostly a file, whose tests share what they compute.
    """
    together = TOGETHER.search(nodeid)
    if together:
        return together[1]
    return nodeid if SINGLE.match(nodeid) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Give out groups in their order. Marks for groups have no effect on node ids in pytest 9.2."""
    from xdist.scheduler import LoadScopeScheduling

    class Groups(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return group(nodeid)

    config.option.loadscopereorder = False
    return Groups(config, log)
