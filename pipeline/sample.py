"""The bundled sample board, served on this machine alone, so that a first run crawls something and needs no network.

The pages lie in `data/sample/board`, under the addresses that `addresses.toml` there gives them; the links in them are
relative, so that any port will do. Every word of them is invented.

>>> with serve() as base:
...     httpx.get(f"{base}/viewtopic.php?t=11").status_code
200
"""

import errno
import logging
import threading
import tomllib
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from urllib.parse import parse_qsl, urlencode

import data

HOST = "127.0.0.1"
PORT = 48127  # The port that data/studies/sample.toml names.

_log = logging.getLogger(__name__)
_TYPES = {".html": "text/html; charset=utf-8", ".txt": "text/plain; charset=utf-8"}
_NOT_FOUND = b"<!DOCTYPE html>\n<title>Information</title>\n<p>The requested topic does not exist.</p>\n"


@dataclass(frozen=True, slots=True)
class Page:
    """One file of the board. body: its bytes; content_type: as the header names it."""

    body: bytes
    content_type: str


def canonical(address: str) -> str:
    """Give the one address of a page out of the many a phpBB board accepts for it.

    In: path and query ("/viewtopic.php?start=0&t=11&sid=4f…#p101"). Out: without session id, fragment and first-page
    offset, without the forum's number where a topic or post is named, the rest in order of name.
    """
    named, _, asked = address.partition("#")[0].partition("?")
    query = dict(parse_qsl(asked))
    query.pop("sid", None)
    if query.get("start") == "0":
        del query["start"]
    if "t" in query or "p" in query:
        query.pop("f", None)
    path = "/index.php" if named in ("", "/") else named
    return f"{path}?{urlencode(sorted(query.items()))}" if query else path


def pages(folder: Path | None = None) -> dict[str, Page]:
    """Read the board: canonical address to page. folder: holds addresses.toml and the files it names.

    Raises FileNotFoundError if a file that the table names is missing.
    """
    root = folder or data.path("sample/board")
    table = tomllib.loads((root / "addresses.toml").read_text(encoding="utf-8"))
    found = {name: Page((root / name).read_bytes(), _TYPES[Path(name).suffix]) for name in set(table["pages"].values())}
    return {canonical(address): found[name] for address, name in table["pages"].items()}


class _Server(ThreadingTCPServer):
    # http.server's own class asks the resolver for the host's name when it binds, which can hang where there is none.
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 (as its base has it)
        """Keep a client that hung up from filling the terminal with a trace."""
        _log.debug("sample board: a request of %s failed", client_address, exc_info=True)


def _handler(board: Mapping[str, Page]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version = "doselore-sample", ""
        timeout = 10  # seconds: a client that says nothing does not hold its thread for ever

        def _answer(self, *, with_body: bool) -> None:
            page = board.get(canonical(self.path))
            body, content_type = (page.body, page.content_type) if page else (_NOT_FOUND, _TYPES[".html"])
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if with_body:
                self.wfile.write(body)

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def log_message(self, format: str, *args: object) -> None:
            _log.debug(format, *args)

    return Handler


@contextmanager
def serve(port: int = PORT, folder: Path | None = None) -> Generator[str]:
    """Serve the sample board on loopback while the block runs; gives its base address, "http://127.0.0.1:48127".

    port: tried first; a free one is taken where it is in use, so read the address that is given. folder: another board.
    """
    handler = _handler(pages(folder))
    with _bound(port, handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="sample-board", daemon=True)
        thread.start()
        try:
            yield f"http://{HOST}:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def _bound(port: int, handler: type[BaseHTTPRequestHandler]) -> _Server:
    try:
        return _Server((HOST, port), handler)
    except OSError as error:
        # EACCES: Windows sets whole ranges of ports aside.
        if port == 0 or error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        return _Server((HOST, 0), handler)
