"""A module run as a program that ends with the process that started it, however that one ends.

    python -m flows.lifeline MODULE [ARGUMENT …]

Its standard input is a pipe whose other end its starter holds: when the starter is no more, also by a kill that it
cannot answer, the pipe ends, and then this process stops itself, first with the signal that programs tidy up on. So no
process number is ever looked up, and nobody else's process can be meant.
"""

import os
import runpy
import signal
import sys
import threading

_SECONDS_TO_TIDY_UP = 10.0


def _watch() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    late = threading.Timer(_SECONDS_TO_TIDY_UP, os._exit, (1,))
    late.daemon = True
    late.start()


def main() -> None:
    """Run the module that is named, watching standard input."""
    threading.Thread(target=_watch, daemon=True).start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
