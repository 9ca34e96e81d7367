"""Where the command line begins and ends: the command that was asked for, and every error as one line and a status."""

import os
import sys
from pathlib import Path

from flows.endings import drop_output, full
from pipeline.errors import DoseloreError, safe

FAILED = 1
_DIGITS = 19  # of a number of rows; what is longer is answered for by the library of the command line


def main() -> None:
    """Run the command line; every error of ours ends as one line and an exit status."""
    args = _common_last(sys.argv[1:])
    verbose = bool({"-v", "--verbose"} & set(args))
    try:
        if not _plain_table(args):
            from flows.commands import app

            try:
                app(args)
            except SystemExit:
                sys.stdout.flush()  # here an error of it can still be told; one of ours is told before it
                raise
    except DoseloreError as error:
        if verbose:
            _trace()
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        drop_output()
        sys.exit(FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.stderr.write("stopped; what was finished is kept, run it again to go on\n")
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the edge: whatever it is, it ends as one line
        if verbose:
            _trace()
        if full(error):
            sys.stderr.write("standard output, or a disk, cannot be written: no space left; make room, then go on\n")
            drop_output()
            sys.exit(FAILED)
        line = safe(str(error).strip().splitlines()[0]) if str(error).strip() else ""
        sys.stderr.write(f"{type(error).__name__}: {line} (a fault of doselore; -v shows the trace)\n")
        sys.exit(FAILED)


def _plain_table(args: list[str]) -> bool:
    """Print a table where the call is a plain `table NAME`, with what decides the form alone; tell whether it was.

    The library of the command line takes longer to load than such a table to be worked out, so it is done without.
    Whatever it would have to say of a call is left to it.
    """
    if len(args) < 2 or args[0] != "table" or args[1].startswith("-"):
        return False
    said: dict[str, str] = {}
    words = iter(args[2:])
    for word in words:
        option, equals, value = word.partition("=")
        if option == "--json" and not equals:
            value = "yes"
        elif option not in ("--home", "--format", "--out", "--limit"):
            return False
        elif not equals:
            value = next(words, "")
        if not value or value.startswith("-") or option in said:
            return False
        said[option] = value
    limit, out = said.get("--limit"), said.get("--out")
    if limit and not (limit.isascii() and limit.isdigit() and len(limit) < _DIGITS):
        return False
    from flows import show
    from pipeline import home as homes

    form = "json" if "--json" in said else said.get("--format", "text")
    where = homes.find(said.get("--home"))
    show.table(where, args[1], form, int(limit) if limit else None, Path(out) if out else None)
    return True


def _trace() -> None:
    """Print where an error came from, line by line as safe as its message."""
    import traceback

    sys.stderr.write("".join(f"{safe(line)}\n" for line in traceback.format_exc().splitlines()))


def _common_last(args: list[str]) -> list[str]:
    """Let the options that every command has stand before the command too."""
    moved: list[str] = []
    while args and args[0].split("=")[0] in ("--study", "--home", "--json", "-v", "--verbose"):
        takes = args[0] in ("--study", "--home")
        moved, args = moved + args[: 1 + takes], args[1 + takes :]
    return [args[0], *moved, *args[1:]] if args else moved


if __name__ == "__main__":
    main()
