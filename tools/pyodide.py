"""The pins with the versions of the browser's Python: ``python -m tools.pyodide``.

The list goes to standard output. ``make test-pyodide`` runs the unit tests with it.

No registry offers Pyodide's packages as such. The official distribution is an archive beside each
release; `pyodide` of npm is the runtime and the list of the packages with their checksums, without
the packages; PyPI takes wheels for WebAssembly (PEP 783, ``pyemscripten_*_wasm32``), but NumPy,
SciPy, Matplotlib and scikit-learn have none there. So `tools.lite` takes them out of another
project's wheel, and none that differs from the official list. Wheels of their own would replace it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: What `smlib` is built on, as far as the official distribution has it.
NAMES = ("numpy", "scipy", "matplotlib", "scikit-learn", "threadpoolctl", "pyparsing")


def pins() -> list[str]:
    """Lines of constraints.txt, those of the libraries replaced."""
    lock = ROOT / "node_modules" / "pyodide" / "pyodide-lock.json"
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if re.split("==", line)[0].lower() not in NAMES]
    return kept + [f"{name}=={packages[name]['version']}" for name in NAMES]


if __name__ == "__main__":
    print("\n".join(pins()))
