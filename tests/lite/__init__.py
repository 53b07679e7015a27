"""The chapters as notebooks, for a browser and for any Jupyter."""

from pathlib import Path

HERE = Path(__file__).parent

#: Has a data file and a library of its own: `tests/browser/test_lite.py` runs it in a browser, all
#: others run under Node.
OPENED = "feature_scaling"
