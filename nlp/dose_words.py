"""A stretch of text as the tokens of dosing: numbers, units, tablets, times of day, "a day", "tid", "as needed"."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import data
from nlp.types import Role


class Token(NamedTuple):
    """One token. kind: num, unit, form, latin, part, ... or word, drug, stop, soft; value: of numbers, units, latin."""

    kind: str
    text: str
    start: int
    end: int
    value: float = 0.0


class Words(NamedTuple):
    """The table of dosing words."""

    kinds: Mapping[str, tuple[str, float]]
    not_after: frozenset[str]
    not_before: frozenset[str]
    roles: Mapping[str, Role]
    measures: re.Pattern[str]
    consumed: re.Pattern[str]
    foods: re.Pattern[str]
    openers: frozenset[str]
    generics: frozenset[str]
    others: frozenset[str]
    stems: re.Pattern[str]


_TENS = frozenset((20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0))
_COUNTS = {"two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "one": 1.0}
_PLURALS = {"fives": 5.0, "tens": 10.0, "twenties": 20.0, "thirties": 30.0, "forties": 40.0}
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
_BED = r"(?:my )?(?:bed ?time|bed|sleep|dinner|supper|lunch|breakfast|(?:i )?go(?:ing)? to (?:bed|sleep))\b"
# "12,5 mg", as half of Europe writes it; "5,5,10" and "10,20 mg" are lists.
_COMMA = r"\d{1,2}(?<![,.]\d)(?<![,.]\d\d),(?:(?<=\b0,)\d{1,3}|5|25|75)(?= ?(?:mg|mcg|µg|g|ml|milligrams?)\b)"
_DECIMAL = re.compile(r"0,\d{1,3}|\d{1,2},(?:5|25|75)")
_LEX = re.compile(
    # Each choice ends with the group that names it, so that the search sees by which letter it begins.
    # Words that begin none of the rest, tried first: most words are such.
    r"(?:(?:(?:[cgjkrvxyz]|l(?!ast thing|ights.out)|d(?![oiu])|e(?!v)|f(?!irst|our)|h(?!alf|\.)|i(?![fn])|m(?!id|ax)|"
    r"n(?!o|ever|ight)|o(?![nv])|"
    r"p(?![.r])|s(?!p)|u(?!p)|w(?!hen|ith|/))[^\W\d_]*|(?:the|to|that|this|they|them)(?![^\W\d_]))"
    r"(?:'[^\W\d_]+)?)(?P<plain>)"
    r"|(?:(?:1[0-2]|0?\d)(?::\d\d)? ?(?:[ap]\.m\.|[ap]m\b)|(?:1\d|2[0-3]|0?\d):[0-5]\d"
    rf"|\d{{1,2}}(?:[ -]| to )?(?:\d\d?)? ?(?:hours?|hrs?|minutes?|mins?) (?:before|prior to|b4) {_BED})(?P<clock>)"
    r"|(?:\d{1,2}(?:[ -]| and )?(?:[½¼¾⅓⅔]|(?<=[ -])[1-3]/[2-4](?![\d/])))(?P<mixed>)"
    r"|(?:(?:a|one|1) (?:whole|full) (?:one\b|(?=pill|tab|cap))"
    r"|[1-3]/[2-4](?![\d/])|[½¼¾⅓⅔]|(?:(?:one|two|three|four|\d) and )?(?:a|one) (?:half|quarter|third)\b"
    r"|(?:three|3)[ -]quarters?\b|(?:two|2)[ -]thirds?\b)"
    r"(?P<fraction>)"
    rf"|(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|{_COMMA}|\d+(?:\.\d+)?|\.\d+)(?P<num>)"
    r"|(?:as[ -]needed|when needed|if needed|as required|when required|whenever i need|when i need|p\.r\.n\.?"
    r"|as necessary|if necessary|when necessary)(?P<needed>)"
    r"|(?:up to|upto|(?:no|not|never) more than|(?:do not|not to|don't|never|not) "
    r"exceed(?:ing)?|a max(?:imum)? of|at most|maximum of)(?P<upto>)"
    r"|(?:[btq]\.?\s?i\.?\s?d\.?(?![a-z])|q\.?d\.?(?![a-z])|q\s?h\.?s\.?(?![a-z])|h\.s\.?)(?P<latin>)"
    r"|(?:q\s?(?=\d{1,2}\s?h)|(?<![a-z])(?:every|ev|evry|evey)(?=\s?\d{1,2}\s?h))(?P<everyh>)"
    r"|(?:(?:(?:spread|split|divided|broken|taken|spaced|dotted|distributed)(?: out| up)?(?: evenly| equally)? )?"
    r"(?:over|throughout|through|across|during) (?:the|a) "
    r"(?:(?:whole |entire |full )?|course of (?:the|a) (?:whole )?)day\b"
    r"|(?:(?:spread|split|divided|broken|taken)(?: out| up)?(?: evenly| equally)? )?(?:in|into|over|across|between) "
    r"(?:two|three|four|five|several|divided|split|separate|multiple|\d)(?: equal| divided| separate| split)? doses\b"
    r"(?! of \d)"
    r"|(?:spread|split|divided|broken)(?: up| out| evenly| equally)* (?:in|into|between|over|across) "
    r"(?:(?:two|three|four|five|\d)\b(?! ?(?:mg|mcg|day|week|month|year|hour))|"
    r"(?=(?:the )?(?:morning|am\b|a\.m|noon|night|breakfast|bed)))"
    r"|in total\b|total\b(?: daily\b)?(?: dose\b)?)(?P<spread>)"
    r"|(?:(?<=\d)'s\b)(?P<plural>)"
    r"|(?:(?<!the )last thing(?: at night| before bed)?\b|when (?:the|my) alarm (?:goes|rings)(?: off)?\b|"
    r"before lights[ -]out\b|"
    r"before (?:turning in|retiring|i get up)\b|"
    r"before (?:bed ?time|bed|sleep|dinner|supper|lunch|breakfast|(?:i )?go(?:ing)? to (?:bed|sleep))\b|"
    r"(?:half (?:an )?|an |one |two |a half |a couple(?: of)? |a few )(?:hours?|hrs?|minutes?|mins?) "
    rf"(?:before|prior to|b4) {_BED}|prior to (?:bed ?time|bed|"
    r"sleep(?:ing)?|(?:i )?go(?:ing)? to (?:bed|sleep)|retiring)\b|"
    r"b4 bed(?:time)?\b|(?:when|after|once|as soon as|as|before) i (?:(?:wake|woke|get|got)(?: up| home| in)?|rise|"
    r"finish work|"
    r"(?:roll|crawl|climb|fall|get|tumble) (?:out of|into) bed|turn in|retire|hit the (?:sack|hay|pillow)|"
    r"go to (?:bed|sleep)|lie down|open my eyes|brush my teeth|have (?:breakfast|lunch|dinner|supper)|"
    r"eat (?:breakfast|lunch|dinner))\b|"
    r"(?:up)?on (?:a?wak(?:en)?ing|rising|retiring|getting up|going to bed)\b|"
    r"with (?:my |the )?(?:first |morning |evening |breakfast |midday |noon )?(?:coffee|cereal|meal|tea|toast|"
    r"breakfast|lunch|dinner|supper)\b(?! and )|lights[ -]out\b|at tea ?time\b|"
    r"first thing (?:in the (?:morning|am)|when i (?:wake|get) up)|first thing\b|"
    r"mid[- ]?(?:morning|afternoon)\b|(?:(?:after|with) |w/ ?)(?:breakfast|lunch|dinner|supper)\b"
    r"|(?:after|before) (?:work|school)\b"
    r"|(?:(?:before|after|with) |w/ ?)(?:each|every|all)(?: of)?(?: (?:my|the))?(?: three| 3)? meals?"
    r"|bed ?time|at ?nite|night ?time|mid ?day|"
    r"a\.m\.?|p\.m\.?)(?P<daytime>)"
    r"|(?:[^\W\d_]+(?:'[^\W\d_]+)?)(?P<word>)"
    r"|(?:\n\s*\n|[?!;:]+|\.(?!\.))(?P<stop>)"
    r"|(?:\.{2,}|…|[,()\[\]\n]|-{2,})(?P<soft>)"
    r"|(?:[^\w\s])(?P<mark>)"
)
_JOINED_BEGIN = "mx"
_JOINED = re.compile(r"^(mgs?|mcgs?|x)(tid|bid|qid|qd|x|daily|aday|day|d|/day|per|am|pm|each)$")


_new = tuple.__new__  # Token(...) would do the same by a call into Python for each


@cache
def table() -> Words:
    """Give the table of data/lexicons/dose_words.toml."""
    with data.path("lexicons/dose_words.toml").open("rb") as file:
        read: dict[str, Any] = tomllib.load(file)
    kinds: dict[str, tuple[str, float]] = {}
    for kind, listed in read["words"].items():
        for word in listed.split():
            kinds.setdefault(word, (kind, 0.0))
    for kind, name in (("unit", "units"), ("num", "numbers"), ("latin", "latin")):
        for word, value in read[name].items():
            kinds[word] = (kind, float(value))
    roles = {word: role for role, listed in read["roles"].items() for word in listed.split()}
    not_after, before = read["not_after"]["words"].split(), read["not_after"]["before"].split()
    measures = re.compile(rf"\b(?:{'|'.join(read['measures']['words'].split())})\b")
    consumed = re.compile(rf"\b(?:{'|'.join(read['measures']['consumed'].split())})\b")
    eaten = "|".join(read["foods"]["words"].split())
    foods = re.compile(
        rf"\b(?:{eaten})\b[^.;,\w]{{0,3}}(?:(?:is|was|at|to|about|under|over|than|intake|of) ?){{0,4}}$"
        rf"|(?: ?(?:a day|daily|per day|each day))?(?: worth)?(?: of)? (?:\w+ )?(?:{eaten})\b"
    )
    openers, generics, others = (frozenset(read["foods"][name].split()) for name in ("openers", "generics", "others"))
    stems = re.compile(rf"[a-z-]{{3,}}(?:{'|'.join(read['foods']['stems'].split())})s?")
    barred = (frozenset(not_after), frozenset(before))
    return Words(kinds, *barred, roles, measures, consumed, foods, openers, generics, others, stems)


def number(text: str) -> float:
    """Give the value of a number as written: "1,200", ".5", "1/2", "1 1/2", "2½"."""
    text = text.strip().replace(" and ", " ").replace("-", " ")
    for mark, value in _FRACTIONS.items():
        if mark in text:
            rest = text.replace(mark, "").strip()
            return (float(rest) if rest else 0.0) + value
    if "/" in text:
        *whole, part = text.split()
        above, below = part.split("/")
        return (float(whole[0]) if whole else 0.0) + float(above) / float(below)
    comma = "." if _DECIMAL.fullmatch(text) else ""
    return float(text.replace(",", comma)) if len(text) < 12 else 0.0


def tokens(low: str, start: int, end: int, drugs: Mapping[int, tuple[int, str]]) -> list[Token]:
    """Give the tokens of low[start:end]. drugs: by the offset where a name begins, its end and generic name."""
    kinds = table().kinds
    found: list[Token] = []
    at = start
    for m in _LEX.finditer(low, start, end):
        a, b = m.span()
        if a < at:
            continue
        kind = m.lastgroup or "mark"
        text = m.group()
        drug = drugs.get(a)
        if drug is not None:
            found.append(_new(Token, ("drug", drug[1], a, drug[0], 0.0)))
            at = drug[0]
            continue
        at = b
        if kind == "plain" or kind == "word":
            kind = "word"
            if text not in kinds and text[0] not in _JOINED_BEGIN and text not in _PLURALS:
                found.append(_new(Token, ("word", text, a, b, 0.0)))
                continue
        found.extend(_token(kind, text, a, b, kinds))
    return _spelt(found) if "hundred" in low or "ty" in low else found


def _spelt(found: list[Token]) -> list[Token]:
    """Join numbers that are spelt in two words: "three hundred", "a hundred", "twenty five", "seventy-five"."""
    out: list[Token] = []
    for token in found:
        last = out[-1] if out else None
        if token.text == "hundred":
            counted = last is not None and last.kind == "num" and 1 <= last.value <= 9
            if last and (counted or last.text == "a"):
                out.pop()
                value = 100 * (last.value if counted else 1)
                out.append(Token("num", f"{last.text} hundred", last.start, token.end, value))
                continue
        elif token.kind == "num" and token.text.isalpha() and 1 <= token.value <= 9 and last:
            tens = out[-2] if last.text == "-" and len(out) > 1 else last
            if tens.kind == "num" and tens.text.isalpha() and tens.value in _TENS:
                del out[out.index(tens) :]
                out.append(Token("num", f"{tens.text} {token.text}", tens.start, token.end, tens.value + token.value))
                continue
        out.append(token)
    return out


def _token(kind: str, text: str, a: int, b: int, kinds: Mapping[str, tuple[str, float]]) -> list[Token]:
    if kind == "word":
        if text in _PLURALS:  # "two tens": the plural stands apart, as in "two 10s"
            return [Token("num", text, a, b - 1, _PLURALS[text]), Token("word", "s", b - 1, b)]
        known = kinds.get(text)
        if known:
            return [Token(known[0], text, a, b, known[1] or (1.0 if known[0] == "part" else 0.0))]
        joined = _JOINED.match(text)
        if joined:
            cut = a + joined.end(1)
            first, second = (kinds.get(g, ("word", 0.0)) for g in joined.groups())
            return [
                Token(first[0], joined[1], a, cut, first[1]),
                Token(second[0], joined[2], cut, b, second[1] or (1.0 if second[0] == "part" else 0.0)),
            ]
        return [Token("word", text, a, b)]
    if kind in ("num", "mixed"):
        return [Token("num", text, a, b, number(text))]
    if kind == "fraction":
        value = number(text) if "/" in text or text[0] in _FRACTIONS else _spoken(text)
        return [Token("num", text, a, b, value)]
    if kind == "latin":
        plain = re.sub(r"[.\s]", "", text)
        return [Token("latin", text, a, b, kinds.get(plain, ("latin", 1.0))[1])]
    if kind == "spread":
        said = [_COUNTS.get(word, 0.0) or (float(word) if word.isdigit() else 0.0) for word in text.split()]
        return [Token(kind, text, a, b, max(said))]
    if kind == "clock":
        return [Token("part", text, a, b, 1.0)]
    if kind == "plural":
        return [Token("word", text, a, b)]
    if kind == "daytime":
        return [Token("part", text, a, b, 3.0 if "meal" in text else 1.0)]
    if kind == "mark":
        known = kinds.get(text)
        return [Token(known[0] if known else "mark", text, a, b)]
    return [Token(kind, text, a, b)]


def _spoken(text: str) -> float:
    if "whole" in text or "full" in text:
        return 1.0
    if text.startswith(("three", "3", "two", "2")) and " and " not in text:
        return 0.75 if "quarter" in text else 2 / 3  # "three quarters", "two thirds"
    part = 0.25 if "quarter" in text else 1 / 3 if "third" in text else 0.5
    first = text.split()[0]
    return part + (_COUNTS.get(first, 0.0) or (float(first) if first.isdigit() else 0.0) if " and " in text else 0.0)
