"""When a cron line fires: its five fields read, so that one that cannot be served is told where it is written.

The tool that serves schedules reads them too, but takes seconds to load, and says of a line that never fires nothing.
"""

import re

_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of the month", 1, 31), ("month", 1, 12), ("day of the week", 0, 7))
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAMES = {
    "month": {name: n for n, name in enumerate(_MONTHS, 1)},
    "day of the week": {name: n for n, name in enumerate(_DAYS)},
}
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # days of each month
_PART = re.compile(r"(?:([*?])|(\w+)(?:-(\w+))?)(?:/(\d+))?")
_SPECIAL = {
    "day of the month": re.compile(r"l", re.I),  # the last
    "day of the week": re.compile(r"(?:[0-7]|[a-z]{3})#[1-5]|l(?:[0-7]|[a-z]{3})", re.I),  # the nth, the last
}


def fault(line: str) -> str | None:
    """Give what is wrong with a cron line, in words; None if it fires, sooner or later.

    line: minute, hour, day of the month, month, day of the week; each `*`, a number or name, a range, a step, a list.
    """
    fields = line.split()
    if len(fields) != len(_FIELDS):
        return 'five fields, e.g. "0 3 * * 1" for Mondays at three'
    hits: list[set[int] | None] = []
    for written, (name, low, high) in zip(fields, _FIELDS, strict=True):
        try:
            hits.append(_hits(written, name, low, high))
        except ValueError:
            names = _NAMES.get(name)
            words = f" or {next(iter(names))} to {list(names)[-1]}" if names else ""
            return f'"{written}" is no {name} (from {low} to {high}{words})'
    days, months = hits[2:4]
    # Where a weekday is given too, cron fires on it as well; who serves schedules then finds no date all the same.
    if days is None or any(min(days) <= _LONGEST[month - 1] for month in months or range(1, 13)):
        return None
    return "never fires: there is no such day"


def _hits(written: str, name: str, low: int, high: int) -> set[int] | None:
    """Give the values that a field hits; None for all, or for days that its numbers alone do not tell."""
    found: set[int] = set()
    told = True
    for part in written.split(","):
        if name in _SPECIAL and _SPECIAL[name].fullmatch(part):
            told = False
            continue
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(part)
        every, first, last, step = match.groups()
        start = low if every else _number(first, name, low, high)
        end = high if every or (step and not last) else _number(last or first, name, low, high)
        if step is not None and int(step) < 1:
            raise ValueError(part)
        told = told and not (every and (step is None or int(step) == 1))
        around = [*range(start, end + 1)] if start <= end else [*range(start, high + 1), *range(low, end + 1)]
        found.update(around[:: int(step or 1)])
    return found if told else None


def _number(word: str, name: str, low: int, high: int) -> int:
    value = _NAMES.get(name, {}).get(word.lower())
    number = int(word) if value is None else value
    if not low <= number <= high:
        raise ValueError(word)
    return number
