"""A local server that sends files as a good host would: compressed, over kept connections."""

from __future__ import annotations

import contextlib
import gzip
import mimetypes
import threading
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

_TEXT = ("text/", "application/javascript", "application/json", "image/svg+xml")


@cache
def _body(path: Path) -> tuple[str, bool, bytes]:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = kind.startswith(_TEXT)
    data = path.read_bytes()
    return kind, packed, gzip.compress(data, 6, mtime=0) if packed else data


class Site:
    """Address of a served folder; what was asked and bytes of bodies sent since `reset`."""

    def __init__(self, folder: Path):
        self.folder = folder.resolve()
        self.asked = self.sent = 0
        self._lock = threading.Lock()
        self.address = ""

    def reset(self) -> None:
        """Count from here."""
        with self._lock:
            self.asked = self.sent = 0

    def find(self, target: str) -> Path | None:
        """The file that an address names, if it lies in the folder."""
        path = (self.folder / unquote(urlsplit(target).path).lstrip("/")).resolve()
        inside = path.is_relative_to(self.folder) and path.is_file()
        return path if inside else None

    def count(self, size: int) -> None:
        """Note that ``size`` bytes were sent."""
        with self._lock:
            self.asked += 1
            self.sent += size


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Without it small answers wait for the acknowledgement of their head.
        disable_nagle_algorithm = True

        def handle(self):
            # A page that is left early resets its connections.
            with contextlib.suppress(ConnectionError):
                super().handle()

        def do_GET(self):
            path = site.find(self.path)
            kind, packed, data = _body(path) if path else ("text/plain", False, b"")
            self.send_response(200 if path else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            if packed:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(data)
            site.count(len(data))

        def log_message(self, *_args):
            pass

    return Handler


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[Site]:
    """Serve ``folder`` on a free local port."""
    site = Site(folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(site)) as server:
        server.daemon_threads = True
        site.address = f"http://localhost:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
