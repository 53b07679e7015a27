"""Install into the environment of this Python: ``python -m tools.install ARGUMENTS OF PIP``.

uv takes a tenth of pip's time but does not read pip's settings. They are handed over; where one of
them has no counterpart, and where uv fails, pip installs, without compiling what may never be used.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PINS = ["-c", str(ROOT / "constraints.txt")]
#: Setting of pip: the variable by which uv is told.
COUNTERPARTS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "constraint": "UV_CONSTRAINT",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
    "no-cache-dir": "UV_NO_CACHE",
}
#: Settings that change nothing of what is installed, or where.
HARMLESS = {"timeout", "default-timeout", "retries", "disable-pip-version-check", "progress-bar"}
HARMLESS |= {"cache-dir", "no-input", "require-virtualenv", "root-user-action", "quiet", "verbose"}
HARMLESS |= {"break-system-packages", "compile", "no-compile", "prefer-binary", "no-color"}
HARMLESS |= {"no-warn-script-location"}


def counterparts(listed: str) -> dict[str, str] | None:
    """Variables for uv from what ``pip config list`` prints; None if one setting has none."""
    found: dict[str, str] = {}
    # The environment has the last word, as with pip.
    for line in sorted(listed.splitlines(), key=lambda line: line.startswith(":env:")):
        name, _, value = line.partition("=")
        section, _, name = name.partition(".")
        if section not in (":env:", "global", "install") or name in HARMLESS:
            continue
        if name not in COUNTERPARTS:
            return None
        between = "," if name == "find-links" else " "
        found[COUNTERPARTS[name]] = between.join(str(ast.literal_eval(value)).split())
    return found


def main(arguments: list[str]) -> int:
    """Install by uv if that gives what pip would give, else by pip."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    listed = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=True)
    told = counterparts(listed.stdout)
    if told is not None and not subprocess.call([*pip, "install", "-q", *PINS, "uv"]):
        uv = [sys.executable, "-m", "uv", "pip", "install", "--python", sys.executable]
        # As pip: of all places the newest release, not the first place that has one.
        environment = {**os.environ, "UV_INDEX_STRATEGY": "unsafe-best-match", **told}
        if not subprocess.call([*uv, *PINS, *arguments], env=environment, cwd=ROOT):
            return 0
    return subprocess.call([*pip, "install", "--no-compile", *PINS, *arguments], cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
