"""Settings of hypothesis for all tests: none is timed, as the machine may be busy with others."""

import os

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
# Where CI is set a failure comes back in the next run: the examples are always the same.
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "untimed")
