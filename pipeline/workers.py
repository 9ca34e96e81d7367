"""The same work in this process or in several, with the same results in the same order.

Texts go out and finished bytes come back: spaCy's own `n_process` sends whole Docs between processes, and was measured
at a tenth of the speed of one process.
"""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from pipeline.errors import ExtractionError

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 3  # items handed out per process before the first is waited for: memory stays flat however many there are
_DEATHS = 3  # processes that may die at the same item before it is taken to be the item's fault

_state: Any = None


def ordered(
    make: Callable[..., Any],
    arguments: tuple[Any, ...],
    work: Callable[[Any, Item], Result],
    items: Iterable[Item],
    workers: int = 1,
) -> Iterator[Result]:
    """Give `work(made, item)` for each item, in order, where `made = make(*arguments)` is made once a process.

    workers: processes; with 1 the work is done here. `make`, `work`, arguments, items and results must be picklable for
    more. A process that dies is replaced and its items are done again. Raises ExtractionError if processes die three
    times at the same item, and whatever `work` raises.
    """
    if workers <= 1:
        made = make(*arguments)
        yield from (work(made, item) for item in items)
        return
    waiting = iter(items)
    ahead: deque[tuple[Item, Future[Result] | None]] = deque()
    deaths = 0
    pool = _pool(workers, make, arguments)
    try:
        while True:
            while len(ahead) < workers * _AHEAD and (item := next(waiting, None)) is not None:
                ahead.append((item, None))
            if not ahead:
                return
            try:
                for at, (item, future) in enumerate(ahead):
                    if future is None:
                        ahead[at] = (item, pool.submit(_work, work, item))
                first = ahead[0][1]
                assert first is not None
                result = first.result()
            except BrokenProcessPool as error:
                deaths += 1
                if deaths >= _DEATHS:
                    raise ExtractionError(
                        f"{deaths} worker processes died at the same posts (out of memory?); use --workers 1"
                    ) from error
                pool.shutdown(wait=False, cancel_futures=True)
                pool = _pool(workers, make, arguments)
                ahead = deque((item, _kept(future)) for item, future in ahead)
                continue
            ahead.popleft()
            deaths = 0
            yield result
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def cores() -> int:
    """Give how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def _pool(workers: int, make: Callable[..., Any], arguments: tuple[Any, ...]) -> ProcessPoolExecutor:
    # Not forked: threads of Prefect's or DuckDB's that hold a lock would be copied with the lock held.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_make, initargs=(make, arguments))


def _kept(future: Future[Result] | None) -> Future[Result] | None:
    """Give a future that ended well; None for one that must be done again."""
    if future is None or not future.done() or future.cancelled() or future.exception() is not None:
        return None
    return future


def _make(make: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    global _state
    _state = make(*arguments)


def _work(work: Callable[[Any, Item], Result], item: Item) -> Result:
    return work(_state, item)
