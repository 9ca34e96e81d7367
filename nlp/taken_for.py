"""How long a treatment was or is taken: which of the lengths of time that a post tells is that of taking it."""

import itertools
import re
from collections.abc import Iterable, Iterator

from nlp.types import Draft, Mention, Range

_ADVERBS = (
    r"(?:(?:the|a|my|about|over|only|app?r?o\w+\.?|at least|at most|just|like|around|nearly|almost|"
    r"more than|less than|"
    r"well over|maybe|probably|roughly|some|well|now|not quite|under|fro|even|close to|shy of|upwards of|little|bit|"
    r"slightly|good|solid|whole|entire|full|total|entire|those|these|this|going on)\s+)*"
)
_VERB = (
    r"(?:tak(?:e|en|ing|es)|took|on|us(?:e|ed|ing|es)|tried|trying|prescribed|start(?:ed|ing)?|began|given|"
    r"med(?:s|ication|icine)?|drug|treatment|pills?|shots?|stuff|pump|patch|users?|(?:doing|done) (?:this|it)|DRUG_*|"
    r"with it)"
)
_ILL = (
    r"(?:drink(?:ing|er)?|drank|alcoholi\w+|addict\w*|sober|clean|suffer\w*|diagnos\w+|smok\w+|married|hospital|"
    r"rehab|struggl\w+|"
    r"more|caused|had|pain\w*|quit|stop\w*|(?<!and )off|without|every|sle[ep]\w+|(?<!after )(?<!my )(?<!the )surger\w+|"
    r"injur\w+|accident|slept|wait\w*|abstin\w+|dry|relaps\w+)"
)
# "taking it ... for 2 years": the nearest verb before the length of time is one of taking.
_FOR = re.compile(
    rf"\b{_VERB}\b(?:(?!\b{_ILL}\b)[^.;!?\n]){{0,60}}?\b(?:for|since|going on|past|last|total of|during|"
    rf"over(?= $)|over the course of|throughout)\s+{_ADVERBS}$"
)
_ON = re.compile(
    rf"\b(?:(?:been|am|was|is|were|i'm|im|only|just|now) on|tak(?:en|ing)|(?<!\bit )took|us(?:ed|ing)|tried|g[ai]ven?|"
    rf"(?:i|only|he|she) lasted|on(?= (?:it|this|them)\b))\b(?: (?:it|this|them|DRUG_*|this \w+|"
    rf"the \w+))?\s+{_ADVERBS}$"
)
# "quit after two weeks": as long as that it was taken.
_ENDED_AFTER = re.compile(
    r"\b(?:stopp?ed|quit|discontinued|ended|dropped|gave (?:it )?up|done|finished)(?: (?:it|this|that|them|up|on|"
    r"taking|using|"
    rf"use|of|the|my|cold turkey|med\w*|drug|pills?|DRUG_*))* (?:after|within)\s+{_ADVERBS}$"
)
# "it's been six months": of the treatment, if its sentence or the next words tell of one.
_BEEN = re.compile(
    rf"\b(?:it's|its|it has|it is|it was|has)(?: now| only| just| already)* been\s+{_ADVERBS}$|^\W*{_ADVERBS}$"
)
_AFTER = re.compile(rf"\b(?:after|within|in|by)\s+(?:taking (?:\w+ ){{0,3}}for )?{_ADVERBS}$")
_BARE_FOR = re.compile(rf"\b(?:for|since|past|last)\s+{_ADVERBS}$")
_AGO = re.compile(r"\s*(?:ago|back\b)")
_NOW = re.compile(r"\s*(?:now\b|so far|and counting|straight)")
_USE = re.compile(
    r"\s*(?:of (?:use|taking|treatment|using|being on|it\b|this|therapy)|use\b|on (?:it|this|the (?:med|drug)|"
    r"DRUG|\d|my (?:new )?(?:med|dose|pills))|with (?:it\b|this|DRUG)|period|course|in(?:to)? (?:it|treatment|this|"
    r"taking|my)|"
    r"in\s*(?:[,.]|and\b|but\b|now\b)|(?:of )?(?:taking|being on|using) |"
    r"since (?:i |he |she |my doctor )?(?:\w+ )?(?:start|began|beginning|taking|going on|first|put me on)|of (?:this|"
    r"DRUG)|usage|"
    r"of \d+ ?(?:x|times|mg|mcg)|of (?:\w+ ){0,2}(?:use|usage|dosing|doses|therapy|treatment)\b|"
    r"of (?:\w+ ){0,2}(?:experience|results|relief|success|luck) (?:with|on|from)|"
    r"(?:that |since )?(?:i|he|she|we)(?:'ve| have| has| had|'d| was| were|'m| am)? (?:\w+ )?(?:been )?(?:on|taking|"
    r"using|took|"
    r"taken|used) (?:it|this|them|DRUG|the)\b)"
)
_BEGAN = re.compile(
    r"\b(?:start(?:ed|ing)?|began|begun|prescribed|put (?:me |him |her )?on|placed (?:me |him |her )?on|given|"
    r"gave (?:me|him|her|us)|switched|went on|got on|"
    r"first (?:dose|took|tried)|added|increased|taking|took|approved)\b"
)
_SELF_AFTER = re.compile(
    r"\s*,?\s*(?:i|i've|i'm|my|it|the|he|she|his|her|we|this|all|no|still|nothing|began|felt|had|got|"
    r"(?:realiz|realis|notic|stopp|start|develop)ed)\b"
)
_LATER = re.compile(r"\s*later\b")
_STARTED = re.compile(
    r"\b(?:start(?:ed)? (?:it|this|taking|on|using|DRUG|the)|began (?:it|this|taking|using)|prescribed|put (?:me|him|"
    r"her) on|"
    r"(?:first|1st) (?:dose|pill|took)|switched (?:me )?to)\b"
)
# A verb of something else right before the time: "not eating for seven months", "living like this for".
_DOING = re.compile(
    r"\b(?!taking|using|being|trying|starting|going|including|following|during|nothing|morning|evening|something|"
    r"anything)"
    rf"\w+ing(?: \w+)?(?: \w+)? (?:for|over|since|past|last)\s+{_ADVERBS}$"
)
_FRONT = re.compile(r"^\W*(?:\w+\W+){0,3}$")
_IT_TOOK = re.compile(
    rf"\b(?:it|this|that|which|they) (?:\w+ )?(?:took|takes|has taken)(?: me| him| her)?\s+{_ADVERBS}$"
)
_TO_END = re.compile(
    r"^\s*(?:of not|(?:before|b4|until|till|for) (?:that|the|those|these|it|my)|to (?:wean|taper|recover|get (?:off|"
    r"over)|come))"
)
_COUNTED = re.compile(rf"\b(?:times?|once|twice)\b[^.;!?]{{0,40}}\bin\s+{_ADVERBS}$")
_STILL = re.compile(r"\s*,?\s*(?:and )?(?:i (?:still )?)?(?:nil|no|zero|nothing|still)\b")
_COURSE = re.compile(r"\b(?:course of|over(?: a)?|period of|total of)\s+(?:the |a )?$")
_OTHER = re.compile(
    r"\s*(?:old\b|sober|clean\b|of (?:\w+ ){0,2}?(?:sobriety|drinking|abstinence|pain|heavy|my life|suffering|age\b|"
    r"hell|agony|misery|sleepless|drinking|being sober|spasms|headaches|depression|anxiety|insomnia|abuse|addiction|"
    r"alcohol|using|use of alcohol)|later|"
    r"apart|prior|before (?:i (?:had|was) (?:surg|diagn)|surg)|without|off\b|free\b|post\b|from now|to live|"
    r"in (?:rehab|jail|detox|hospital|the hospital)|"
    r"to (?:kick|work|get|feel|take|see|start|build|adjust|notice|find|wean|taper|recover)|of not |"
    r"supply|worth|abstinent|dry\b|young|ahead|after (?:i |my )?(?:stopp|quit|surg|injur|the acc|accid)|half-life|"
    r"since my (?:last drink|surg))"
)
_NOT_LEAD = re.compile(
    r"\b(?:first time in|(?:would|will|only|not|can|does|doesn't|may|could) last|for the first|during the first|"
    r"the first|every|each|next|another|takes?|take about|wait|before)\s+(?:\w+\s+)?$"
)
_EARLIER = re.compile(r"\bbefore\b")
_TODAY = re.compile(
    r"\b(?:started|starting|began|took|take|had|first|1st)\b(?: (?!ago)\w+){0,6}? (?P<when>today|last night|"
    r"yesterday|this morning|tonight|this week|last week|last month)\b"
)
_TODAY_START = re.compile(r"\b(?:start(?:ed|ing)?|began|first|1st)\b")
_WHEN: dict[str, Range] = {
    "the day before yesterday": (2, 2),
    "today": (0, 1), "this morning": (0, 1), "tonight": (0, 1), "last night": (1, 1), "yesterday": (1, 1),
    "this week": (0, 7), "last week": (7, 7), "last month": (30, 30), "last year": (365, 365),
}  # fmt: skip
# "Soma 350 and", "20 mg 3x a day along with": nothing but a dose and a joining word.
_JOINERS = frozenset((",", "&", "+", "/", "and", "plus", "with"))
_DOSE_WORDS = frozenset(
    "mg mgs mcg x a day daily twice per tab tabs at night once some my also the along together".split()
)
_JOINED = 40  # characters at most
_MORE = re.compile(r"\bmore\b(?! than)")


def _spaced(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in which a space stands for any number of them."""
    return re.compile(pattern.replace(" ", r"\s+"))


_SINCE = re.compile(
    r"[touh](?<!\w.)(?:(?<=t)ak(?:ing|en)|(?<=o)n|(?<=u)s(?:ing|ed)|(?<=h)ad)\b[^.;!?\n]{0,30}?\bsince "
    r"(?P<when>the day before yesterday|yesterday|last night|last week|last month|"
    r"last year)\b"
)
_ORDINALS = {
    "first": 1.0, "second": 2.0, "third": 3.0, "fourth": 4.0, "fifth": 5.0, "sixth": 6.0, "seventh": 7.0,
    "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0,
}  # fmt: skip
_NTH_UNIT = re.compile(r"(?:day|night|week|month|year)\b(?P<number>(?<!night)\s+(?:\d|[ofts]))?")
_NTH_NUMBER = re.compile(r"(?:\d(?:st|nd|rd|th)|[dhn]) +$")
# Begins with one class of letters, so that the search leaps from one such letter to the next.
_DOSE_UNIT = re.compile(
    r"[1-4ostf](?:(?<=\d)|(?<=o)ne|(?<=s)ingle|(?<=t)(?:wo|hree)|(?<=f)our)(?=\s)"
    r"(?:\s+\d+ ?mg| full| small| little)?\s+(?:dos|tim|pil|tab|cap)"
)
_TODAYS = ("today", "tonight", "yesterday", "last night", "last week", "last month", "this morning", "this week")
_TODAY_UNIT = re.compile(r"today|tonight|yesterday|last (?:night|week|month)|this (?:morning|week)")
_NTH_OF = _spaced(
    r"\b(?:(?P<u1>day|week|month|year) (?P<n1>\d{1,2}|one|two|three|four|five|six)|"
    r"(?P<n2>\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh) (?P<u2>day|night|week|month|year))"
    r"(?= (?:on (?:it|this|the (?:med|drug|pill)|DRUG|\d)|of (?:taking|using|being on|this (?:med|drug|pill|treat)|"
    r"treatment)|"
    r"taking (?:it|this|DRUG)|using (?:it|this)))"
)
_NTH = _spaced(
    r"\b(?:(?:i'm|im|am|is|was|it's|its|only|now)(?: now| only| just)?(?: on| in| at| my| the| to| this)*|"
    r"on(?= day \d+ of (?:taking|this|it|the|my|using|treatment|DRUG))|today is|this is|"
    r"(?:this|it) (?:is|was)(?: only| just| now)? (?:my|the)) "
    r"(?:(?P<u1>day|week|month|year) (?P<n1>\d{1,2}|one|two|three|four|five|six)\b|"
    r"(?P<n2>\d{1,2}(?:st|nd|rd|th)|second|third|fourth|fifth|sixth|seventh) (?P<u2>day|night|week|month|year)\b)"
    r"(?! (?:sober|clean|without|off|of (?:sobriety|my (?:period|cycle)|no|not|being sober|detox|withdrawal|"
    r"rehab|the|each|"
    r"every|january|february|march|april|may|june|july|august|september|october|november|december)))"
)
# The number of doses stands for days where only a few were ever taken.
_FEW = {
    "one": 1.0, "1": 1.0, "a single": 1.0, "single": 1.0, "once": 1.0, "two": 2.0, "2": 2.0, "three": 3.0, "3": 3.0,
    "four": 4.0, "4": 4.0,
}  # fmt: skip
_DOSES = _spaced(
    r"\b(?:took|taken|tried|used|after|had|taking)(?: only| just| taking| having| literally)*"
    r"(?: (?:this |the |my )?\w+)?(?: only| just)? "
    r"(?P<count>one|1|a single|single|two|2|three|3|four|4)(?: \d+ ?mg| full| small| little)? "
    r"(?P<what>doses?|dosages?|times?|pills?|tablets?|tabs?|capsules?)\b(?!\s*(?:a|an|per|each|every|in|at|"
    r"daily|before|"
    r"when|x|tid|bid|\d|three|twice|more|as|of (?:the|my|them)|every|the)\b)"
)
_ONCE = _spaced(
    r"[tu](?<!\w.)(?:(?<=t)(?:ook|ried|aken)|(?<=u)sed)(?: only| just)? (?:it|this|one|this \w+)(?: only| just)? "
    r"(?P<once>once)"
    r"(?! (?:a|an|per|daily|every|in|at|before|when|each|or|i|and a while)\b)"
)


def durations(d: Draft, masked: str) -> dict[str, Mention]:
    """Give, by treatment, the length of time that says best how long it was or is taken.

    masked: the lower-case text with names as DRUG, of the same length.
    """
    best: dict[str, tuple[float, Mention]] = {}
    for m in d.of("duration"):
        points = _points(d, m, masked)
        if points > 1:
            for substance in _taken_for(d, m, masked):
                if substance not in best or points > best[substance][0]:
                    best[substance] = points, m
    return {substance: m for substance, (_, m) in best.items()}


def _taken_for(d: Draft, m: Mention, masked: str) -> set[str]:
    """Give whose time it is, and what is named beside that: "took Soma and Norco for years"."""
    found = {m.substance} if m.substance else set[str]()
    for one, two in itertools.pairwise(d.beside("substance", m.sentence)):
        if m.substance in (one.concept, two.concept) and 0 < two.start - one.end <= _JOINED:
            words = re.findall(r"[a-z0-9.]+|[,&+/]", masked[one.end : two.start])
            if any(w in _JOINERS for w in words) and all(
                w in _JOINERS or w in _DOSE_WORDS or w[0].isdigit() for w in words
            ):
                found |= {one.concept, two.concept}
    return found


def _points(d: Draft, m: Mention, masked: str) -> float:
    if m.detail == "began":
        return 1.2
    low = d.sentences[m.sentence].start
    if _MORE.search(m.quote.lower()):
        return 0.0
    before, after = masked[max(low, m.start - 90) : m.start], masked[m.end : m.end + 45]
    if _LATER.match(after):
        return 1.2 if _STARTED.search(masked[max(0, m.start - 110) : m.start]) else 0.0
    if _COUNTED.search(before) or (_IT_TOOK.search(before) and _TO_END.search(after)):
        return 0.0
    if _OTHER.match(after) or _NOT_LEAD.search(before) or m.whose in ("general", "literature", "quoted"):
        return 0.0
    if _AGO.match(after):
        if _EARLIER.search(before[-25:]):
            return 0.0
        return 2.4 if _BEGAN.search(before) or _BEGAN.search(masked[m.end : m.end + 40]) else 0.0
    points = _tied(d, m, masked, before, after)
    if _NOW.match(after):
        points += 1.0
    return points


def _tied(d: Draft, m: Mention, masked: str, before: str, after: str) -> float:
    """Give how well the words around a length of time tie it to taking: 3 for "took it for", 0 for nothing."""
    if _FOR.search(before):
        return 3.0
    if _ON.search(before):
        return 2.8
    if _USE.match(after):
        return 2.5
    if _ENDED_AFTER.search(before):
        return 2.2
    s = d.sentences[m.sentence]
    ill = re.search(rf"\b{_ILL}\b", before[-45:])
    if _COURSE.search(before) and not ill:
        return 1.6
    if _AFTER.search(before) and (_SELF_AFTER.match(after) or re.search(rf"\b{_VERB}\b", before)):
        return 1.4
    if _BEEN.search(before) and d.index_from_heading and (_NOW.match(after) or _STILL.match(after)):
        return 1.3
    if _BARE_FOR.search(before) and re.search(rf"\b{_VERB}\b", masked[s.start : s.end]):
        own = re.search(rf"\b{_VERB}\b", before) or _FRONT.match(before)
        return 0.6 if ill or _DOING.search(before) or not own else 1.5
    return 0.0


def _around(found: re.Pattern[str], anchors: Iterable[tuple[int, int]], low: str) -> Iterator[re.Match[str]]:
    """Give the matches that lie around the words that every one of them holds: looking everywhere costs too much."""
    done = 0
    for start, end in anchors:
        if start >= done:
            m = found.search(low, max(done, start - 80), min(len(low), end + 60))
            if m:
                done = m.end()
                yield m


def _places(anchor: re.Pattern[str], low: str) -> list[tuple[int, int]]:
    return [m.span() for m in anchor.finditer(low)]


def _numbered(low: str, units: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Give the units of time beside which a number may stand: "day 5", "third week"; units: where they begin."""
    for at in units:
        unit = _NTH_UNIT.match(low, at)
        if unit is None:
            continue
        before = _NTH_NUMBER.search(low, max(0, at - 8), at) if low[at - 1 : at] == " " else None
        if before:
            yield before.start(), unit.end() - len(unit["number"] or "")
        elif unit["number"]:
            yield unit.span()


def began(low: str, units: Iterable[int]) -> list[tuple[int, int, Range]]:
    """Give where a text says when it began, on which day it is, or how few doses there were: start, end, (low, high).

    "Started yesterday", "since last month", "on day 5", "the third week", "only took one dose", in days.
    units: where units of time begin.
    """
    found: list[tuple[int, int, Range]] = []
    if any(when in low for when in _TODAYS):
        found += [
            (m.start(), m.end(), _WHEN[m["when"]])
            for m in _around(_TODAY, _places(_TODAY_UNIT, low), low)
            if _TODAY_START.search(m.group())
        ]
    if "since" in low:
        found += [(m.start("when"), m.end(), _WHEN[m["when"]]) for m in _SINCE.finditer(low)]
    nth = list(_numbered(low, units))
    for m in (*_around(_NTH, nth, low), *_around(_NTH_OF, nth, low)):
        said = m["n1"] or m["n2"]
        number = _ORDINALS.get(said) or float(re.sub(r"\D", "", said) or 0)
        if 1 <= number <= 90:
            days = number * {"d": 1, "n": 1, "w": 7, "m": 30, "y": 365}[(m["u1"] or m["u2"])[0]]
            found.append((m.start(), m.end(), (days, days)))
    found += [(m.start("once"), m.end("once"), (1, 1)) for m in _ONCE.finditer(low)] if " once" in low else []
    for m in _around(_DOSES, _places(_DOSE_UNIT, low), low):
        number = _FEW.get(m["count"], 0.0)
        if number == 1 or m["what"][:4] in ("dose", "time", "dosa"):
            found.append((m.start("count"), m.end("what"), (number, number)))
    return found
