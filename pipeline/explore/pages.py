"""The templates of the explorer and the words they use. Everything that is put into a page is escaped."""

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline import tables
from pipeline.explore import overview
from pipeline.explore.filters import address, spoken
from pipeline.explore.text import plain, visible

HERE = Path(__file__).parent


@cache
def templates() -> Environment:
    """Give the templates, ready to be filled."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = made.filters
    filters.update(
        visible=visible, plain=plain, spoken=read, percent=percent, width=width, day=day, cell=tables.cell, web=web
    )
    words: dict[str, Any] = made.globals
    words.update(address=address, names=overview.NAMES)
    return made


def read(word: str) -> str:
    """Give a word of the vocabulary as a person reads it."""
    return overview.READ.get(word, spoken(word))


def percent(share: float | None) -> str:
    """Give a share of 0 to 1 in whole per cent."""
    return "–" if share is None else f"{100 * share:.0f} %"


def width(per_cent: float) -> str:
    """Give the class of the sheet that is so wide, in steps of half a per cent."""
    return f"w{min(200, max(0, round(2 * per_cent)))}"


def widths() -> str:
    """Give the sheet of these classes: no page may carry a style of its own."""
    return "".join(f".w{n}{{width:{n / 2:g}%}}\n" for n in range(201))


def day(at: datetime | None) -> str:
    """Give the day of a moment, UTC."""
    return "time not known" if at is None else f"{at:%Y-%m-%d}"


def web(url: str | None) -> str | None:
    """Give an address if it is one of the web; None for what would run or open a file."""
    return url if url and re.match(r"https?://", url) else None
