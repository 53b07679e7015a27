"""The browsers that tests and benchmarks drive. ``python -m tools.browser`` gets them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
HELP = (
    "No Chromium or Chrome was found. Install one (Debian: apt-get install chromium), or name one "
    "in the environment variable BROWSER_PATH."
)
#: Further engines that the tests drive where they are: Debian's packages, and what they bring.
ENGINES = {
    "firefox-esr": "firefox-esr",
    "webkit2gtk-driver": "WebKitWebDriver",
    "xvfb": "Xvfb",
}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    """Path of a browser: the one named in BROWSER_PATH, the system's, or Playwright's own."""
    named = os.environ.get("BROWSER_PATH")
    if named:
        if not Path(named).exists():
            raise FileNotFoundError(f"BROWSER_PATH names {named!r}, which does not exist")
        return named
    for name in (*NAMES, MAC):
        found = shutil.which(name)
        if found:
            return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def get() -> int:
    """Install the browsers the way this machine allows, where they are missing."""
    missing = [] if find() else ["chromium"]
    missing += [package for package, name in ENGINES.items() if not shutil.which(name)]
    if missing and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        apt = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=apt)
        for package in missing:
            subprocess.run(["apt-get", "install", "-y", "-qq", package], check=False, env=apt)
    if not find():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if find():
        return 0
    print(HELP, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(get())
