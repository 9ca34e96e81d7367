"""A way to the network that ends in a function: what it answers comes as a stream, as from a socket."""

from collections.abc import Callable

import httpx


class Answers(httpx.BaseTransport):
    """answer: gives the response to a request, or raises what a connection would."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self._answer = answer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        made = self._answer(request)
        if not made.is_stream_consumed:
            return made
        return httpx.Response(made.status_code, headers=made.headers, stream=httpx.ByteStream(made.content))


def packed(body: bytes, *, status: int = 200, **headers: str) -> httpx.Response:
    """Give a response whose body is sent as it stands, whatever its headers say of it."""
    names = {k.replace("_", "-"): v for k, v in headers.items()}
    return httpx.Response(status, headers=names, stream=httpx.ByteStream(body))
