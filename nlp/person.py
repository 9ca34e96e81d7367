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
_NEAR = 150  # characters
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_NUMBER = rf"(?:\d{{1,3}}|(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_ONES)}))?|{'|'.join(_TEENS)})"
_OLD = (
    r"[ -]?(?:years?[ -](?:olds?|young\b)|years? of age|yrs?\.?[ -](?:olds?|young\b)|"
    r"yr\.?s?[ -]?o(?:ld)?|y[./ ]?o\b\.?|"
    r"year\.? old)"
)
# What may follow a bare age: a stop, or a word that goes on about the person; never a unit ("I'm 30 days sober").
_STOP = (
    r"(?=\s*(?:$|[.,;:!?)\]\n|]|(?:and|but|with|now|so|yes|i|have|who|had|here|been|diagnosed|suffering|living|to be|"
    r"female|male|married|single|divorced|retired|disabled|today|this (?:year|month|week)|as of)\b|\())"
)
# What may follow a birthday's age: "turning 60 in June".
_SOON = rf"(?:{_STOP}|(?=\s+(?:in|on|next|this|last|soon|tomorrow|today|yesterday|later|years|just|recently|a)\b))"
_NOT_NOW = re.compile(
    r"(?:\b(?:when|if|until|till|once|before|like|because|since|unless|as if|wish|after|by|was|were|around|"
    r"(?:when|since|after|before|until) i) |not )$"
)
_MILD = r"(?:(?:a|an|the|now|only|just|about|almost|nearly|over|currently|also|still) )*"
# What is told of now after "at age 62"; "at age 30 I was diagnosed" is long ago.
_TELLS_NOW = (
    r"(?=,? (?:and )?(?:i|my \w+|it)(?:'m|'ve|’m|’ve| am| have| take| still| can| now| never|"
    r" finally| need| use| feel| do| don't|"
    r" get| find| hope| want| is|'s)\b)"
)
# Where somebody begins to tell of themselves.
_SELF_STARTS = (
    r"(?:(?:i'm|i’m|i am|\bim|i'll be|i've|i have|celebrat\w+|^|[.!?\n(]\s*)"
    r"(?: ?(?:just|also|now|soon|\w+ly))?(?: |(?<=[\s.!?(])|^))"
)
# Adjectives of any kind, before "lady" or "guy".
_ANY_WORD = r"(?:(?!(?:of|for|to|with|and|who|my|his|her|your|the|in|on|from|by|at|than|like|that|not)\b)[\w-]+ )"


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
_AM = ("i am", "i'm", "i’m", "im ", "iam ", " am ")
_IS_AM = re.compile(r"(?:i am|i'm|i’m|im|iam|am) ")
_AGE_TOLD = re.compile(r"\b(?:age|old|was \d\d|diagnosed|born|accident|injured|hurt)\b[^.!?\n]*$")
_HAS_AGE = re.compile(r"[\dy](?:[ -]?y(?:ea)?rs?\b|[ -]?y[./ ]?o|(?<=y)ears?[ -](?:old|of age))")
_HAS_SHORT = re.compile(r"[\dMFmf](?:(?<=\d),? ?/? ?[MFmf]\b|(?<=[MFmf]),? ?/? ?\d\d)")


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
        # just another tired 18 year old
        rf"{_ANY_WORD}{{1,4}}{age}{_OLD}(?:,? {between}{{0,3}}{sex})?",
        # a retired nurse, 66 years old
        rf"(?:a |an )?(?:\w+ ){{0,2}}\w+, {age}{_OLD}{_STOP}",
        # 48 yrs, married
        rf"{_MILD}{age} ?(?:years?|yrs?)\.?(?:,|{_STOP})",
        # a woman of 58; a male, aged 45
        rf"{_MILD}{between}{{0,3}}(?P<sex>{noun}) (?:of|aged?:?) {age}{_STOP}",
        # Tom, 47, and …
        rf"(?:\w+ )?\w+, {age},",
        # going on 65
        rf"{_MILD}(?:{_any(_words()['nearing']['words'])}) {age}{_STOP}",
        # a mother
        rf"{_MILD}{between}{{0,3}}(?P<sex>{noun})\b(?! (?:friend|doctor|boss))(?!['’]s)",
        # one sick lady
        rf"(?:a|an|one) {_ANY_WORD}{{1,2}}(?P<sex>{noun})\b(?=\s*(?:$|[.,;:!?)\n]|(?:and|but|who|with|on|in|of|here|"
        rf"that|now|so|from|over|living|taking)\b))",
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
        # not bad for a 71 year old
        rf"(?:not (?:too |so |that )?bad|good|great|well|fit|active|healthy|impressive|amazing|"
        rf"fine) for (?:a |an )?{age}"
        rf"{_OLD}"
        rf"(?:,? {between}{{0,3}}(?P<sex>{noun}))?",
        # at 72 years old I never …
        rf"(?:^|[.!?\n,;]\s*|\b(?:and|but|now|even|here|am) )at {age}{_OLD}{_TELLS_NOW}",
        # 31 years old. Been …; (24 years old); background: 30 years old
        rf"(?:^|[.!?\n(\[:*]\s*|\b(?:being|as an?|hi,?|hey,?|hello,?) ){age}{_OLD}{_STOP}",
        # 43 year old daily smoker
        rf"(?:^|[.!?\n]\s*){age}{_OLD},? (?:\w+ ){{0,2}}(?:{_any(_words()['kinds']['words'])})\b",
    )
    return tuple(re.compile(f) for f in forms)


@cache
def _of_word() -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    """Give the forms that hang on a word, and the words, one of which must be there."""
    noun, between, age = _noun(), _between(), rf"(?P<age>{_NUMBER})"
    begins = r"(?:^|[.!?\n(\[]\s*|\bas |\bme[,:]? |\bmyself[,:]? )"
    forms = (
        # male, 45; female 45 years old; female | age 58
        (
            ("male", "man,", "man "),
            rf"{begins}(?:gender|sex)?[:, ]*(?P<sex>male|female|man|woman)[,/|"
            rf". ]+(?:aged?:? ?)?{age}(?:{_OLD})?{_STOP}(?!-)",
        ),
        # Gender: female
        (("gender", "sex:", "sex f", "sex m"), r"(?:gender|sex)(?: is|:)? ?(?P<sex>male|female|[mf])\b"),
        # female, 45-54
        (("male",), r"(?P<sex>(?:fe)?male),? \d\d-\d\d\b|\d\d-\d\d,? (?P<sex2>(?:fe)?male)\b"),
        (("\nage", " age"), rf"(?:^|[\n|.(])\s*(?:my )?age(?: is|:)? ?{age}{_STOP}"),
        (("my age is ",), rf"my(?<![\w']my) age is {age}\b"),
        # at age 62 I take
        (
            ("at age ", "age of "),
            rf"(?:^|[.!?\n,;]\s*|\b(?:and|but|now|even|here|am) )at (?:age|"
            rf"the (?:\w+ ){{0,3}}age of) {age}\b{_TELLS_NOW}",
        ),
        # turning 60; just turned 50; I will be 66 in June
        (
            ("turning ", "turned ", "ll be ", "will be "),
            rf"(?:{_SELF_STARTS}turning|(?:{_SELF_STARTS}|\bi (?:just |recently )?)turned|\bi(?:'ll| will|"
            rf" shall)(?: soon)? be) {age}{_SOON}",
        ),
        # my 40th birthday
        (
            ("birthday", "bday", "b-day"),
            rf"my(?<![\w']my)(?:(?<!on my)(?<!see my)(?<!at my)|(?=[^.!?\n]{{0,25}}day (?:last|this|back in|"
            rf"yesterday|today|just)\b))"
            rf" {age}(?:st|nd|rd|th)? (?:birthday|b-?day)",
        ),
        # was 25 when it began, now 38
        (("now ",), rf"now(?<![\w']now) {age}(?:{_OLD})?{_STOP}(?!:\d)"),
        # being 73, I …
        (("being ",), rf"(?:^|[.!?\n]\s*)being(?: a| over| almost)? {age}(?:{_OLD})?{_STOP}"),
        # as the wife of an alcoholic
        (
            tuple(f"{role} {to} " for role in _words()["roles"]["words"] for to in ("of", "to")),
            rf"{begins}(?:the |a |an )?{between}{{0,2}}(?P<sex>{_any(_words()['roles']['words'])})"
            rf" (?:of|to)\b(?! \w+ (?:is|was|has)\b)",
        ),
        (
            ("as a ", "being a ", "as an ", "being an "),
            rf"(?:as(?<![\w']as)|being(?<![\w']being)) an? {between}{{0,3}}(?P<sex>{noun})\b(?!['’]s)",
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
    r"|(?:(?<=\A)|(?<=\n))(?P<age6>\d\d)(?P<sex6>[mf])(?=[,.]| here)"
    r"|(?<=[(\[])(?:(?P<age4>\d\d),? ?(?P<sex4>[mfMF])|"
    r"(?P<sex5>[mfMF]),? ?(?P<age5>\d\d)))(?=\s*(?:$|[.,;:!?)\]\n]|here\b|and\b|with\b|on\b|who\b|\d))"
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
    kin_or_noun = f"(?P<sex>{_any([*_sex_of()])})"
    age = rf"(?P<age>{_NUMBER})"
    forms = (
        rf"(?<![\w'])(?:my|our|a|the) (?:\w+ )?{age}{_OLD},? (?:\w+ )?{kin_or_noun}\b",
        rf"(?:^|[.!?\n,(]\s*|\b(?:for|to|gave|give|with|and|of) ){age}{_OLD},? (?:\w+ )?{kin_or_noun}\b",
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
        years = _age(parts.get("age"), _YOUNGEST_WRITER)
        if years and hit.start() == begin and hit.group().startswith("now ") and not _is_age(low, begin, years):
            continue
        age = age or years
        sex = sex or _sex(parts.get("sex") or parts.get("sex2"))
    if (age is None or sex is None) and _HAS_SHORT.search(text):
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
        sex = next((t.sex for t in _own() if any(w in low for w in t.words) and t.pattern.search(low)), None)
    return Person(age, sex)


def _is_age(low: str, begin: int, years: int) -> bool:
    # "Began at 10, now 30" is a dose; "hurt when I was 20, now 30" an age. No dose is 37.
    return years % 5 != 0 or _AGE_TOLD.search(low, max(0, begin - 80), begin) is not None


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
        places = sorted(place for w in words for place in _of(w, lines))
        yield from ((hit.start(), hit) for hit in _around(pattern, places, low))


def _of(word: str, lines: str) -> Iterator[int]:
    """Give where a word ends in a text; lines: the text after a newline."""
    at = lines.find(word)
    while at >= 0:
        yield at + len(word) - 1
        at = lines.find(word, at + 1)


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
