"""Age and sex of the person that the post tells of, where the text says so: "45M", "I am 62", "as a mother of two".

Of the author where the author tells of themselves, of the other where the post tells of one ("my 12 year old son").
Nothing is guessed from names, partners or illnesses, and an age of long ago ("I was 23 when") is none. The words are
data/lexicons/person.toml.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, cast

from spacy.language import Language
from spacy.tokens import Doc

import data
from nlp.component import Component, draft
from nlp.types import Person, Sex

_YOUNGEST_WRITER, _OLDEST = 12, 104
_NEAR_AGE = 150  # characters
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_NUMBER = rf"(?:\d{{1,3}}|(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_ONES)}))?|{'|'.join(_TEENS)})"
_OLD = r"[ -]?(?:years?[ -]olds?|years? of age|yrs?\.?[ -]olds?|yr\.?s?[ -]?o(?:ld)?|y[./ ]?o\.?|year\.? old)"
# What may follow a bare age: a stop, or a word that goes on about the person; never a unit ("I'm 30 days sober").
_STOP = r"(?=\s*(?:$|[.,;:!?)\]\n]|and\b|but\b|with\b|now\b|so\b|yes\b|i\b|have\b|who\b|had\b|\())"
_NOT_NOW = re.compile(r"(?:\b(?:when|if|until|till|once|before|like|because|since|unless|as if|wish) |not )$")
_MILD = r"(?:(?:a|an|now|only|just|about|almost|nearly|over|currently|also|still) )*"


class _Told(NamedTuple):
    """What one sex says of itself. words: one of them must be there."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]
    sex: Sex


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    held: dict[str, Any] = tomllib.loads(data.path("lexicons/person.toml").read_text(encoding="utf-8"))
    return held


def _any(words: list[str]) -> str:
    return "|".join(sorted(map(str, words), key=lambda w: (-len(w), w)))


@cache
def _sex_of() -> dict[str, str]:
    words = _words()
    return {n: sex for part in ("nouns", "kin") for sex, nouns in words[part].items() for n in nouns}


# Where "I am" begins; each is looked for as plain text, which is far faster than a pattern tried at every place.
_AM = ("i am", "i'm", "i’m", "im ", "iam ", "i turned", "i just turned", "i have just turned", "i'll be", " am ")
_IS_AM = re.compile(r"(?:i am|i'm|i’m|im|iam|i turned|i just turned|i have just turned|i'll be|am) ")
_HAS_AGE = re.compile(r"[\dy](?:[ -]?y(?:ea)?rs?\b|[ -]?y[./ ]?o|(?<=y)ears?[ -](?:old|of age))")
_HAS_SHORT = re.compile(r"[\dMF](?:(?<=\d) ?/? ?[MFmf]\b|(?<=[MF]) ?/? ?\d\d)")


@cache
def _after_am() -> tuple[re.Pattern[str], ...]:
    """Give what may follow "I am"."""
    noun, between, age = _noun(), _between(), rf"(?P<age>{_NUMBER})"
    sex = rf"(?P<sex>{noun}|[mf])\b"
    forms = (
        # (a) 45 (year old) (retired) (man)
        rf"{_MILD}{age}(?:{_OLD}|{_STOP})(?:,? (?:a )?{between}{{0,3}}{sex})?",
        # a retired 45 year old man
        rf"{_MILD}{between}{{1,3}}{age}{_OLD}(?:,? {between}{{0,3}}{sex})?",
        rf"{_MILD}{age} ?[/,]? ?(?P<sex>[mf]|male|female)\b(?!')",
        # a retired nurse, 66 years old
        rf"(?:a |an )?(?:\w+ ){{0,2}}\w+, {age}{_OLD}{_STOP}",
        # a mother
        rf"{_MILD}{between}{{0,3}}(?P<sex>{noun})\b(?! (?:friend|doctor|boss))(?!['’]s)",
    )
    return tuple(re.compile(f) for f in forms)


@cache
def _of_age() -> tuple[re.Pattern[str], ...]:
    """Give the forms that stand alone, where the text has an age."""
    noun, between, age = _noun(), _between(), rf"(?P<age>{_NUMBER})"
    begins = r"(?:^|[.!?\n(\[:*]\s*|\bas |\bme[,:]? |\bmyself[,:]? |\bbeing )"
    forms = (
        # As a 45 year old man; 45 year old man here; (45 y/o male)
        rf"{begins}(?:a |an )?{age}{_OLD},? {between}{{0,3}}(?P<sex>{noun}|[mf])\b",
        # 31 years old. Been …; (24 years old); background: 30 years old
        rf"(?:^|[.!?\n(\[:*]\s*|\bbeing ){age}{_OLD}{_STOP}",
    )
    return tuple(re.compile(f) for f in forms)


@cache
def _of_word() -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    """Give the forms that hang on a word, and the words, one of which must be there."""
    noun, between, age = _noun(), _between(), rf"(?P<age>{_NUMBER})"
    begins = r"(?:^|[.!?\n(\[]\s*|\bas |\bme[,:]? |\bmyself[,:]? )"
    forms = (
        # male, 45; female 45 years old
        (("male", "man,", "man "), rf"{begins}(?P<sex>male|female|man|woman)[,/ ]+(?:aged? )?{age}(?:{_OLD})?{_STOP}"),
        (("\nage", " age"), rf"(?:^|\n)\s*(?:my )?age(?: is|:)? ?{age}{_STOP}"),
        (("my age is ",), rf"my(?<![\w']my) age is {age}\b"),
        (
            ("as a ", "being a "),
            rf"(?:as(?<![\w']as)|being(?<![\w']being)) a {between}{{0,3}}(?P<sex>{noun})\b(?!['’]s)",
        ),
    )
    return tuple((words, re.compile(f)) for words, f in forms)


def _noun() -> str:
    nouns = _words()["nouns"]
    return f"(?:{_any([*nouns['male'], *nouns['female']])})"


def _between() -> str:
    return f"(?:(?:{_any(_words()['between']['words'])}),? )"


# As written, since "45m" is a time or a distance: 45M, 28F, M45, 32/f, (34f). Only where a person may be introduced.
_SHORT = re.compile(
    r"(?:^|[.!?\n(\[,]\s*|\b[Ii](?:'m|’m| am)?,? |\b[Mm]e,? |\b[Mm]yself,? |\b[Aa]n? |\b[Aa]m )[(\[]?"
    r"(?:(?P<age>\d\d) ?/ ?(?P<sex>[MFmf])|(?P<age2>\d\d) ?(?P<sex2>[MF])|(?P<sex3>[MF]) ?/? ?(?P<age3>\d\d)"
    r"|(?<=[(\[])(?P<age4>\d\d) ?(?P<sex4>[mf]))(?=\s*(?:$|[.,;:!?)\]\n]|here\b|and\b|with\b|on\b|who\b|\d))"
)


@cache
def _own() -> tuple[_Told, ...]:
    return tuple(
        _Told(tuple(_words()["own_gate"][sex]), re.compile(rf"(?<![\w'])(?:{'|'.join(forms)})\b"), cast(Sex, sex))
        for sex, forms in _words()["own"].items()
    )


@cache
def _of_other() -> tuple[re.Pattern[str], ...]:
    words = _words()
    kin = f"(?P<sex>{_any([*words['kin']['male'], *words['kin']['female']])})"
    age = rf"(?P<age>{_NUMBER})"
    forms = (
        rf"(?<![\w'])(?:my|our|a|the) (?:\w+ )?{age}{_OLD} (?:\w+ )?{kin}\b",
        rf"(?<![\w'])(?:my|our) (?:\w+ )?{kin} ?[,(]? ?(?:who )?(?:is |'s |aged? )?(?:now |only )?{age}"
        rf"(?:{_OLD}|{_STOP})",
        rf"(?<![\w'])(?:my|our) (?:\w+ )?{kin}\b",
    )
    return tuple(re.compile(f) for f in forms)


class PersonFinder(Component):
    """Writes Draft.person."""

    def __call__(self, doc: Doc) -> Doc:
        """Look for the words that tell of whom the post reports."""
        d = draft(doc)
        if d.exclusion:
            return doc
        if d.reporter == "caregiver":
            d.person = other(d.low)
        else:
            d.person = author(d.clean, d.low)
        return doc


def author(text: str, low: str) -> Person:
    """Give age (years) and sex of who wrote a text; low: the same in lower case. What is not told is None."""
    age: int | None = None
    sex: Sex | None = None
    for begin, hit in _hits(low):
        if _NOT_NOW.search(low[max(0, begin - 12) : begin]):
            continue
        parts = hit.groupdict()
        age = age or _age(parts.get("age"), _YOUNGEST_WRITER)
        sex = sex or _sex(parts.get("sex"))
    if (age is None or sex is None) and _HAS_SHORT.search(text):
        for hit in _SHORT.finditer(text):
            parts = hit.groupdict()
            years = _age(next((parts[k] for k in ("age", "age2", "age3", "age4") if parts[k]), None), _YOUNGEST_WRITER)
            if years:
                age = age or years
                sex = sex or _sex(next((parts[k] for k in ("sex", "sex2", "sex3", "sex4") if parts[k]), "").lower())
    if sex is None:
        sex = next((t.sex for t in _own() if any(w in low for w in t.words) and t.pattern.search(low)), None)
    return Person(age, sex)


def _hits(low: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Give where somebody begins to say who they are, and how; the surest form first."""
    ams = [m for m in (_IS_AM.match(low, at) for at in _places(low)) if m]
    for pattern in _after_am():
        for am in ams:
            hit = pattern.match(low, am.end())
            if hit:
                yield am.start(), hit
    ages = [m.end() for m in _HAS_AGE.finditer(low)]
    for pattern in _of_age() if ages else ():
        yield from ((hit.start(), hit) for hit in _around(pattern, ages, low))
    lines = "\n" + low
    for words, pattern in _of_word():
        if any(w in lines for w in words):
            yield from ((hit.start(), hit) for hit in pattern.finditer(low))


def _around(pattern: re.Pattern[str], ages: list[int], low: str) -> Iterator[re.Match[str]]:
    """Give what is found close to ages: looking everywhere costs too much."""
    done = 0
    for at in ages:
        while at > done:
            begin = max(done, at - _NEAR_AGE)
            while begin > done and low[begin - 1].isspace():  # blanked links may be long
                begin -= 1
            hit = pattern.search(low, max(done, begin - 1), at + _NEAR_AGE)
            if hit is None:
                break
            done = hit.end()
            yield hit


def _places(low: str) -> list[int]:
    """Give where "I am" may begin, in order, each once."""
    found: set[int] = set()
    for words in _AM:
        at = low.find(words)
        while at >= 0:
            begin = at + (words[0] == " ")
            part_of_word = begin > 0 and (low[begin - 1].isalnum() or low[begin - 1] in "'’")
            if not part_of_word and low[begin - 2 : begin + 3] != "i am ":
                found.add(begin)
            at = low.find(words, at + 1)
    return sorted(found)


def other(low: str) -> Person:
    """Give age (years) and sex of the other person that a lower-case text tells of. What is not told is None."""
    age: int | None = None
    sex: Sex | None = None
    for pattern in _of_other():
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
        years = 10 + _TEENS.index(first) if first in _TEENS else 20 + 10 * _TENS.index(first)
        years += 1 + _ONES.index(rest[0]) if rest else 0
    return years if youngest <= years <= _OLDEST else None


def _sex(word: str | None) -> Sex | None:
    if not word:
        return None
    return cast(Sex | None, {"m": "male", "f": "female"}.get(word) or _sex_of().get(word))


Language.factory("doselore_person", func=PersonFinder)
