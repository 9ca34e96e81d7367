"""Age and sex of the person that the post tells of, where the text says so: "45M", "I am 62", "as a mother of two".

Of the author where the author tells of themselves, of the other where the post tells of one ("my 12 year old son").
Nothing is guessed from names, partners or illnesses, and an age of long ago ("I was 23 when") is none. The words are
data/lexicons/person.toml.
"""

import re
from collections.abc import Iterator
from typing import cast

from spacy.language import Language
from spacy.tokens import Doc

from nlp.component import Component, draft
from nlp.gates import ALL, gate
from nlp.person_forms import ONES, TEENS, TENS, YEARS, YEARS_TOLD, after_am, of_age, of_other, of_word, own, sex_of
from nlp.types import Person, Sex

_YOUNGEST_WRITER, _OLDEST = 12, 104
_NEAR = 150  # characters
_NOT_NOW = re.compile(
    r"(?:\b(?:when|if|until|till|once|before|like|because|since|unless|as if|wish|after|by|was|were|around|"
    r"(?:when|since|after|before|until) i) |not )$"
)
# "I am", the longest first. A search for its end leaps from one such end to the next.
_AM = ("i am ", "iam ", "i'm ", "i’m ", "am ", "im ")
_AM_ENDS = re.compile(r"m (?:(?<=[i ]am )|(?<=i['’]m )|(?<=im ))")
_AGE_TOLD = re.compile(r"\b(?:age|old|was \d\d|diagnosed|born|accident|injured|hurt)\b[^.!?\n]*$")
_HAS_AGE = re.compile(r"[\dy](?:[ -]?y(?:ea)?rs?\b|[ -]?y[./ ]?o|(?<=y)ears?[ -](?:old|of age))")
_TOLD_AGE = re.compile(YEARS)
_TELLS_OF_I = gate(r"^(?:am|im|iam)$")
_SHORTLY = gate(r"^[mf](?:$|\d\d)|\d[mf]$")
_HAS_SHORT = re.compile(r"[\dMFmf](?:(?<=\d),? ?/? ?[MFmf]\b|(?<=[MFmf])(?<!\w.),? ?/? ?\d\d)")

# As written, since "45m" is a time or a distance: 45M, 28F, M45, 32/f, (34f). Only where a person may be introduced.
_SHORT = re.compile(
    r"(?:^|[.!?\n(\[,]\s*|\b[Ii](?:'m|’m| am)?,? |\b[Mm]e,? |\b[Mm]yself,? |\b[Aa]n? |\b[Aa]m )[(\[]?"
    r"(?:(?P<age>\d\d) ?/ ?(?P<sex>[MFmf])|(?P<age2>\d\d) ?(?P<sex2>[MF])|(?P<sex3>[MF]) ?/? ?(?P<age3>\d\d)"
    r"|(?:(?<=\A)|(?<=\n))(?P<age6>\d\d)(?P<sex6>[mf])(?=[,.]| here)"
    r"|(?<=[(\[])(?:(?P<age4>\d\d),? ?(?P<sex4>[mfMF])|"
    r"(?P<sex5>[mfMF]),? ?(?P<age5>\d\d)))(?=\s*(?:$|[.,;:!?)\]\n]|here\b|and\b|with\b|on\b|who\b|\d))"
)


class PersonFinder(Component):
    """Writes Draft.person."""

    def __init__(self, nlp: Language, name: str) -> None:
        super().__init__(nlp, name)
        for forms in (after_am, of_word, own):
            forms()  # they ask for their bits before the first post is read

    def __call__(self, doc: Doc) -> Doc:
        """Look for the words that tell of whom the post reports."""
        d = draft(doc)
        if d.exclusion:
            return doc
        if d.reporter == "caregiver":
            d.person = other(d.low)
        else:
            d.person = author(d.clean, d.low, d.gates)
        return doc


def author(text: str, low: str, gates: int = ALL) -> Person:
    """Give age (years) and sex of who wrote a text; what is not told is None.

    low: the same in lower case. gates: the bits of its words.
    """
    age: int | None = None
    sex: Sex | None = None
    for begin, hit in _hits(low, gates):
        if _NOT_NOW.search(low[max(0, begin - 12) : begin]):
            continue
        parts = hit.groupdict()
        years = _age(parts.get("age"), _YOUNGEST_WRITER)
        if years and hit.start() == begin and hit.group().startswith("now ") and not _is_age(low, begin, years):
            continue
        age = age or years
        sex = sex or _sex(parts.get("sex") or parts.get("sex2"))
    if gates & _SHORTLY and (age is None or sex is None) and _HAS_SHORT.search(text):
        for hit in _SHORT.finditer(text):
            parts = hit.groupdict()
            years = _age(
                next((parts[k] for k in ("age", "age2", "age3", "age4", "age5", "age6") if parts[k]), None),
                _YOUNGEST_WRITER,
            )
            if years:
                age = age or years
                sex = sex or _sex(
                    next((parts[k] for k in ("sex", "sex2", "sex3", "sex4", "sex5", "sex6") if parts[k]), "").lower()
                )
    if sex is None:
        told = (t for t in own() if t.gate & gates and any(word in low for word in t.words))
        sex = next((t.sex for t in told if t.pattern.search(low)), None)
    return Person(age, sex)


def _is_age(low: str, begin: int, years: int) -> bool:
    # "Began at 10, now 30" is a dose; "hurt when I was 20, now 30" an age. No dose is 37.
    return years % 5 != 0 or _AGE_TOLD.search(low, max(0, begin - 80), begin) is not None


def _hits(low: str, gates: int) -> Iterator[tuple[int, re.Match[str]]]:
    """Give where somebody begins to say who they are, and how; the surest form first."""
    ams = list(_ams(low)) if gates & _TELLS_OF_I else []
    for bit, pattern in after_am() if ams else ():
        for begin, end in ams if bit & gates else ():
            hit = pattern.match(low, end)
            if hit:
                yield begin, hit
    ages = _ages(low) if gates & YEARS_TOLD else []
    for pattern in of_age() if ages else ():
        yield from ((hit.start(), hit) for hit in _around(pattern, ages, low))
    for form in of_word():
        if form.gate & gates:
            yield from ((hit.start(), hit) for hit in _around(form.pattern, form.places(low), low))


def _ages(low: str) -> list[int]:
    """Give where what may be an age ends, in the neighbourhood of "years old" and the like."""
    told = [m.start() for m in _TOLD_AGE.finditer(low)]
    if not told:
        return []
    return [m.end() for m in _HAS_AGE.finditer(low) if any(-_NEAR - 2 < at - m.end() < _NEAR for at in told)]


def _around(pattern: re.Pattern[str], places: list[int], low: str) -> Iterator[re.Match[str]]:
    """Give what is found close to places: looking everywhere costs too much."""
    done = 0
    for at in places:
        while at > done:
            begin = max(done, at - _NEAR)
            while begin > done and low[begin - 1].isspace():  # blanked links may be long
                begin -= 1
            hit = pattern.search(low, max(done, begin - 1), at + _NEAR)
            if hit is None:
                break
            done = hit.end()
            yield hit


def _ams(low: str) -> Iterator[tuple[int, int]]:
    """Give where "I am" begins and where it ends, in order."""
    for m in _AM_ENDS.finditer(low):
        end = m.end()
        begin = end - next(len(words) for words in _AM if low.endswith(words, 0, end))
        if begin <= 0 or not (low[begin - 1].isalnum() or low[begin - 1] in "'’"):
            yield begin, end


def other(low: str) -> Person:
    """Give age (years) and sex of the other person that a lower-case text tells of. What is not told is None."""
    age: int | None = None
    sex: Sex | None = None
    for pattern in of_other():
        for hit in pattern.finditer(low):
            parts = hit.groupdict()
            age = age if age is not None else _age(parts.get("age"), 0)
            sex = sex or _sex(parts.get("sex"))
    return Person(age, sex)


def _age(words: str | None, youngest: int) -> int | None:
    if not words:
        return None
    if words.isdigit():
        years = int(words)
    else:
        first, *rest = re.split("[ -]", words)
        years = 10 + TEENS.index(first) if first in TEENS else 20 + 10 * TENS.index(first)
        years += 1 + ONES.index(rest[0]) if rest else 0
    return years if youngest <= years <= _OLDEST else None


def _sex(word: str | None) -> Sex | None:
    if not word:
        return None
    return cast(Sex | None, {"m": "male", "f": "female"}.get(word) or sex_of().get(word))


Language.factory("doselore_person", func=PersonFinder)
