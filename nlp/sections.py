"""The sections that the forms of some sites leave in a review: "SIDE EFFECTS: ...", "Cons: ..."."""

import re
from bisect import bisect_right
from collections.abc import Iterable

from nlp.gates import gate
from nlp.types import Draft

# Begins with one class of letters, so that the search leaps from one such letter to the next.
_SECTION = re.compile(
    r"[SsBbCcPp](?:(?<=[Ss])ide[ -]?(?:effects?|affects?)|(?<=[Bb])enefits?|(?<=[Cc])omments?|(?<=[Pp])ros|"
    r"(?<=[Cc])ons)[ \t]*[:\-]",
    re.IGNORECASE,
)
_NAMED = gate(r"^(?:side|benefit|comment|pros$|cons$)")


def sections_of(d: Draft) -> Iterable[tuple[int, str]]:
    """Give where sections of a form begin, and their names."""
    for m in _SECTION.finditer(d.clean) if d.gates & _NAMED else ():
        begin = m.start()
        while begin and d.clean[begin - 1] in " \t":
            begin -= 1
        if not begin or d.clean[begin - 1] in "\n.!?":
            yield begin, m.group()[:-1].rstrip(" \t").lower()


def section_at(sections: list[tuple[int, str]], at: int) -> tuple[str, int]:
    """Give the name of the section that a character stands in and where that begins."""
    k = bisect_right(sections, (at, "~")) - 1
    return (sections[k][1], sections[k][0]) if k >= 0 else ("", 0)
