"""Serve the built site on this machine, print its address, open it where there is a desktop."""

from __future__ import annotations

import contextlib
import os
import sys
import webbrowser
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SITE = Path(__file__).parents[1] / "_build" / "html"


class Quiet(SimpleHTTPRequestHandler):
    """Serve without a line for every file, and what is missing as GitHub Pages does."""

    def send_error(self, code, message=None, explain=None):
        """Send the site's own page for an address that does not exist."""
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.exists():
            super().send_error(code, message, explain)
            return
        content = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_):
        """Say nothing."""


def server(folder: Path, first_port: int = 8000, handler=Quiet) -> ThreadingHTTPServer:
    """A server for ``folder`` on the first free port of this machine from ``first_port`` on."""
    for port in range(first_port, first_port + 100):
        with contextlib.suppress(OSError):
            return ThreadingHTTPServer(("127.0.0.1", port), partial(handler, directory=str(folder)))
    raise OSError(f"no free port from {first_port} to {first_port + 99}")


def desktop() -> bool:
    """Whether a browser window can be opened here."""
    shown = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(shown) or sys.platform in ("darwin", "win32")


def main() -> None:
    """Serve until interrupted."""
    served = server(SITE)
    address = f"http://127.0.0.1:{served.server_port}/"
    print(f"\nThe book is at {address}  (Ctrl+C stops it)", flush=True)
    if desktop():
        webbrowser.open(address)
    with contextlib.suppress(KeyboardInterrupt):
        served.serve_forever()


if __name__ == "__main__":
    main()
