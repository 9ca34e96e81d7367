"""A board behind a network that misbehaves for a while, then heals."""

import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from tests.support.boards import Board

MANNERS = ("busy", "down", "cut", "slow", "truncated", "garbage")


class Unruly:
    """asked: requests so far; from `begin` on, `length` of them are answered in the given manner."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.asked, self.begin, self.length, self.manner = 0, 0, 0, ""

    def misbehave(self, manner: str, begin: int, length: int) -> None:
        """Answer `length` requests, after the next `begin`, in this manner."""
        self.manner, self.begin, self.length = manner, self.asked + begin, length

    def behave(self) -> None:
        """Answer well from now on."""
        self.manner = ""

    def turn(self) -> str:
        """Count a request and give the manner in which to answer it; empty: well."""
        self.asked += 1
        return self.manner if self.begin < self.asked <= self.begin + self.length else ""


@contextmanager
def served(unruly: Unruly) -> Generator[str]:
    """Serve over loopback; gives the base address."""
    one = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with one:
                manner = "" if self.path.startswith("/robots.txt") else unruly.turn()
                made = unruly.board.answer(httpx.Request("GET", f"http://{self.headers['host']}{self.path}"))
            status, body = made.status_code, made.content
            if manner in ("busy", "down"):
                status, body = (429, b"slow down") if manner == "busy" else (503, b"over capacity")
            elif manner == "garbage":
                body = bytes(b ^ 0x55 for b in body)
            elif manner == "truncated":
                body = body[: len(body) // 2]
            self.send_response(status)
            self.send_header("content-type", made.headers.get("content-type", "text/html"))
            if status == 429:
                self.send_header("retry-after", "2")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if manner == "cut":
                self.wfile.write(body[: len(body) // 2])
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
            elif manner == "slow":
                for at in range(0, len(body), 400):
                    self.wfile.write(body[at : at + 400])
                    self.wfile.flush()
                    time.sleep(0.002)
            else:
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except OSError:  # the other side was killed
                self.close_connection = True

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Say nothing."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
