"""The chapters as notebooks, for a browser and for any Jupyter."""

from pathlib import Path

HERE = Path(__file__).parent
