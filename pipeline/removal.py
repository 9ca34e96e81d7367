"""Notices that stand in the place of a post which its author or a moderator took away."""

import re
from functools import cache

import data

_LONGEST = 200  # characters: no notice is longer
_AROUND = " \t\n\r.!…*_~-–—[](){}<>\"'"


def is_notice(text: str) -> bool:
    """Tell whether a post's whole text is such a notice (data/removal_notices.txt)."""
    said = " ".join(text[: _LONGEST + 1].split()).strip(_AROUND)
    return 0 < len(said) <= _LONGEST and _notices().fullmatch(said) is not None


@cache
def _notices() -> re.Pattern[str]:
    lines = data.path("removal_notices.txt").read_text(encoding="utf-8").splitlines()
    return re.compile("|".join(f"(?:{line})" for line in lines if line and not line.startswith("#")), re.IGNORECASE)
