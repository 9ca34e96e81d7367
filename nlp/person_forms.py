"""The forms in which people tell their age and sex, as patterns on lower-case text; the words are in person.toml."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, cast

import data
from nlp.gates import ALL, gate
from nlp.types import Sex

TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_NUMBER = rf"(?:\d{{1,3}}|(?:{'|'.join(TENS)})(?:[ -](?:{'|'.join(ONES)}))?|{'|'.join(TEENS)})"
# Begins with a letter, so that the search leaps from one such letter to the next.
YEARS = (
    r"y(?:ears?[ -](?:olds?|young\b)|ears? of age|rs?\.?[ -](?:olds?|young\b)|r\.?s?[ -]?o(?:ld)?|[./ ]?o\b\.?|"
    r"ear\.? old)"
)
_OLD = rf"[ -]?{YEARS}"
# What may follow a bare age: a stop, or a word that goes on about the person; never a unit ("I'm 30 days sober").
_STOP = (
    r"(?=\s*(?:$|[.,;:!?)\]\n|]|(?:and|but|with|now|so|yes|i|have|who|had|here|been|diagnosed|suffering|living|to be|"
    r"female|male|married|single|divorced|retired|disabled|today|this (?:year|month|week)|as of)\b|\())"
)
# What may follow a birthday's age: "turning 60 in June".
_SOON = rf"(?:{_STOP}|(?=\s+(?:in|on|next|this|last|soon|tomorrow|today|yesterday|later|years|just|recently|a)\b))"
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
YEARS_TOLD = gate(r"year|yr|yo$|^o$")


class Form(NamedTuple):
    """A form that hangs on words, close to which it stands.

    gate: its bit (nlp/gates.py). core: what every match holds, and is soon found; None where the words are rare enough.
    words: none, where the core itself is what it hangs on.
    """

    gate: int
    words: tuple[str, ...]
    core: re.Pattern[str] | None
    pattern: re.Pattern[str]

    def places(self, low: str) -> list[int]:
        """Give where the words end."""
        lines = "\n" + low  # a word that begins a line begins the text, too
        places = sorted(place for word in self.words for place in _of(word, lines))
        if self.core is None or (self.words and not places):
            return places
        if self.words:
            return places if self.core.search(low) else []
        return [m.end() for m in self.core.finditer(low)]


class Told(NamedTuple):
    """What one sex says of itself. gate: its bit; words: one of them must be there."""

    gate: int
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
def sex_of() -> dict[str, str]:
    """Give the sex of whom a word names."""
    words = _words()
    return {n: sex for part in ("nouns", "kin") for sex, nouns in words[part].items() for n in nouns}


@cache
def after_am() -> tuple[tuple[int, re.Pattern[str]], ...]:
    """Give what may follow "I am", each with the bit of the words that it needs."""
    noun, between, age = _noun(), _between(), rf"(?P<age>{_NUMBER})"
    sex = rf"(?P<sex>{noun}|[mf])\b"
    nouns = gate(rf"^{noun}$")
    forms = (
        # (a) 45 (year old) (retired) (man)
        (ALL, rf"{_MILD}{age}(?:{_OLD}|{_STOP})(?:,? (?:a )?{between}{{0,3}}{sex})?"),
        # a retired 45 year old man
        (YEARS_TOLD, rf"{_MILD}{between}{{1,3}}{age}{_OLD}(?:,? {between}{{0,3}}{sex})?"),
        (ALL, rf"{_MILD}{age} ?[/,]? ?(?P<sex>[mf]|male|female)\b(?!')"),
        # just another tired 18 year old
        (YEARS_TOLD, rf"{_ANY_WORD}{{1,4}}{age}{_OLD}(?:,? {between}{{0,3}}{sex})?"),
        # a retired nurse, 66 years old
        (YEARS_TOLD, rf"(?:a |an )?(?:\w+ ){{0,2}}\w+, {age}{_OLD}{_STOP}"),
        # 48 yrs, married
        (YEARS_TOLD, rf"{_MILD}{age} ?(?:years?|yrs?)\.?(?:,|{_STOP})"),
        # a woman of 58; a male, aged 45
        (nouns, rf"{_MILD}{between}{{0,3}}(?P<sex>{noun}) (?:of|aged?:?) {age}{_STOP}"),
        # Tom, 47, and …
        (ALL, rf"(?:\w+ )?\w+, {age},"),
        # going on 65
        (ALL, rf"{_MILD}(?:{_any(_words()['nearing']['words'])}) {age}{_STOP}"),
        # a mother
        (nouns, rf"{_MILD}{between}{{0,3}}(?P<sex>{noun})\b(?! (?:friend|doctor|boss))(?!['’]s)"),
        # one sick lady
        (
            nouns,
            rf"(?:a|an|one) {_ANY_WORD}{{1,2}}(?P<sex>{noun})\b(?=\s*(?:$|[.,;:!?)\n]|(?:and|but|who|with|on|in|of|"
            rf"here|that|now|so|from|over|living|taking)\b))",
        ),
    )
    return tuple((bit, re.compile(f)) for bit, f in forms)


@cache
def of_age() -> tuple[re.Pattern[str], ...]:
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
def of_word() -> tuple[Form, ...]:
    """Give the forms that hang on a word."""
    noun, between, age = _noun(), _between(), rf"(?P<age>{_NUMBER})"
    roles = _any(_words()["roles"]["words"])
    begins = r"(?:^|[.!?\n(\[]\s*|\bas |\bme[,:]? |\bmyself[,:]? )"
    forms = (
        # male, 45; female 45 years old; female | age 58
        (
            r"male|man$",
            ("male", "man,", "man "),
            rf"m(?:ale|an)[,/|. ]+(?:aged?:? ?)?{_NUMBER}",
            rf"{begins}(?:gender|sex)?[:, ]*(?P<sex>male|female|man|woman)[,/|"
            rf". ]+(?:aged?:? ?)?{age}(?:{_OLD})?{_STOP}(?!-)",
        ),
        # Gender: female
        (
            "gender|sex",
            ("gender", "sex:", "sex f", "sex m"),
            "",
            r"(?:gender|sex)(?: is|:)? ?(?P<sex>male|female|[mf])\b",
        ),
        # female, 45-54
        ("male", ("male",), r"\d\d-\d\d", r"(?P<sex>(?:fe)?male),? \d\d-\d\d\b|\d\d-\d\d,? (?P<sex2>(?:fe)?male)\b"),
        (
            r"^age(?:$|\d)",
            ("\nage", " age"),
            rf"age(?: is|:)? ?{_NUMBER}",
            rf"(?:^|[\n|.(])\s*(?:my )?age(?: is|:)? ?{age}{_STOP}",
        ),
        (r"^age$", ("my age is ",), "", rf"my(?<![\w']my) age is {age}\b"),
        # at age 62 I take
        (
            r"^age$",
            ("at age ", "age of "),
            rf"age(?: of)? {_NUMBER}",
            rf"(?:^|[.!?\n,;]\s*|\b(?:and|but|now|even|here|am) )at (?:age|"
            rf"the (?:\w+ ){{0,3}}age of) {age}\b{_TELLS_NOW}",
        ),
        # turning 60; just turned 50; I will be 66 in June
        (
            r"turning$|turned$|^be$",
            ("turning ", "turned ", "ll be ", "will be "),
            rf"(?:turning|turned|be) {_NUMBER}",
            rf"(?:{_SELF_STARTS}turning|(?:{_SELF_STARTS}|\bi (?:just |recently )?)turned|\bi(?:'ll| will|"
            rf" shall)(?: soon)? be) {age}{_SOON}",
        ),
        # my 40th birthday
        (
            r"birthday|bday|^day",
            ("birthday", "bday", "b-day"),
            "",
            rf"my(?<![\w']my)(?:(?<!on my)(?<!see my)(?<!at my)|(?=[^.!?\n]{{0,25}}day (?:last|this|back in|"
            rf"yesterday|today|just)\b))"
            rf" {age}(?:st|nd|rd|th)? (?:birthday|b-?day)",
        ),
        # was 25 when it began, now 38
        (r"now$", ("now ",), rf"now {_NUMBER}", rf"now(?<![\w']now) {age}(?:{_OLD})?{_STOP}(?!:\d)"),
        # being 73, I …
        (
            r"^being$",
            ("being ",),
            rf"being(?: a| over| almost)? {_NUMBER}",
            rf"(?:^|[.!?\n]\s*)being(?: a| over| almost)? {age}(?:{_OLD})?{_STOP}",
        ),
        # as the wife of an alcoholic
        (
            rf"(?:{roles})$",
            (),
            rf"(?:{roles}) (?:of|to) ",
            rf"{begins}(?:the |a |an )?{between}{{0,2}}(?P<sex>{roles}) (?:of|to)\b(?! \w+ (?:is|was|has)\b)",
        ),
        (
            rf"^{noun}$",
            ("as a ", "being a ", "as an ", "being an "),
            rf"(?:as|being) an? {between}{{0,3}}{noun}\b",
            rf"(?:as(?<![\w']as)|being(?<![\w']being)) an? {between}{{0,3}}(?P<sex>{noun})\b(?!['’]s)",
        ),
    )
    return tuple(
        Form(gate(told), words, re.compile(core) if core else None, re.compile(f)) for told, words, core, f in forms
    )


def _noun() -> str:
    nouns = _words()["nouns"]
    return f"(?:{_any([*nouns['male'], *nouns['female']])})"


def _between() -> str:
    return f"(?:(?:{_any(_words()['between']['words'])}),? )"


@cache
def own() -> tuple[Told, ...]:
    """Give what only one sex says of itself."""
    return tuple(
        Told(
            gate("|".join(_longest(said) for said in _words()["own_gate"][sex])),
            tuple(_words()["own_gate"][sex]),
            re.compile(rf"(?<![\w'])(?:{'|'.join(forms)})\b"),
            cast(Sex, sex),
        )
        for sex, forms in _words()["own"].items()
    )


def _longest(said: str) -> str:
    """Give the longest word of some, as a pattern of words."""
    word = max(re.findall("[a-z]+", said), key=len)
    return f"^{word}" if f" {word}" in said else word


@cache
def of_other() -> tuple[re.Pattern[str], ...]:
    """Give the forms in which others tell of somebody."""
    words = _words()
    kin = f"(?P<sex>{_any([*words['kin']['male'], *words['kin']['female']])})"
    kin_or_noun = f"(?P<sex>{_any([*sex_of()])})"
    age = rf"(?P<age>{_NUMBER})"
    forms = (
        rf"(?<![\w'])(?:my|our|a|the) (?:\w+ )?{age}{_OLD},? (?:\w+ )?{kin_or_noun}\b",
        rf"(?:^|[.!?\n,(]\s*|\b(?:for|to|gave|give|with|and|of) ){age}{_OLD},? (?:\w+ )?{kin_or_noun}\b",
        rf"(?<![\w'])(?:my|our) (?:\w+ )?{kin} ?[,(]? ?(?:who )?(?:is |'s |aged? )?(?:now |only )?{age}"
        rf"(?:{_OLD}|{_STOP})",
        rf"(?<![\w'])(?:my|our) (?:\w+ )?{kin}\b",
    )
    return tuple(re.compile(f) for f in forms)


def _of(word: str, lines: str) -> Iterator[int]:
    """Give where a word ends in a text; lines: the text after a newline."""
    at = lines.find(word)
    while at >= 0:
        yield at + len(word) - 1
        at = lines.find(word, at + 1)
