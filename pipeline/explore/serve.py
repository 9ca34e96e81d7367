"""Serving the explorer on loopback until it is stopped."""

import socket
from collections.abc import Callable

from pipeline import corpus
from pipeline.errors import CorpusError
from pipeline.home import Home


def serve(home: Home, study: str | None, port: int, reviewer: str, ready: Callable[[str], None]) -> None:
    """Serve the explorer on 127.0.0.1 until interrupted.

    port: 0 for a free one; reviewer: whose the judgements are; ready: is given the address. Raises
    CorpusError if there is no corpus, or the port is taken.
    """
    import uvicorn

    from pipeline.explore import app

    if study:
        chosen = corpus.study_of(home, study)
        with corpus.reading(home):
            pass  # the line that says that there is no corpus yet, before one is made
        with corpus.writing(home) as con:
            corpus.publish(con, chosen)
    else:
        with corpus.reading(home):
            pass
        chosen = corpus.study_of(home, None)
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(("127.0.0.1", port))
        door.listen(64)
    except OSError as error:
        door.close()
        raise CorpusError(f"port {port}: cannot be used: {error.strerror}; leave --port out for a free one") from error
    config = uvicorn.Config(
        app.make(home, chosen, reviewer), log_level="warning", access_log=False, server_header=False
    )
    server = uvicorn.Server(config)
    ready(f"http://127.0.0.1:{door.getsockname()[1]}/")
    try:
        server.run(sockets=[door])
    except KeyboardInterrupt:
        pass
    finally:
        door.close()
