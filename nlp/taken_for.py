"""How long a treatment was or is taken: which of the lengths of time that a post tells is that of taking it."""

import itertools
import re

from nlp.other_times import other
from nlp.types import Draft, Mention

_ADVERBS = (
    r"(?:(?:the|a|my|about|over|only|app?r?o\w+\.?|at least|at most|just|like|around|nearly|almost|"
    r"more than|less than|"
    r"well over|maybe|probably|roughly|some|well|now|not quite|under|fro|even|close to|shy of|upwards of|little|bit|"
    r"slightly|good|solid|whole|entire|full|total|entire|those|these|this|going on)\s+)*"
)
_VERB = (
    r"(?:tak(?:e|en|ing|es)|took|on|us(?:e|ed|ing|es)|tried|trying|prescribed|start(?:ed|ing)?|began|given|"
    r"med(?:s|ication|icine)?|drug|treatment|pills?|shots?|stuff|pump|patch|users?|(?:doing|done) (?:this|it)|DRUG_*|"
    r"with it|need(?:ed)? it|inject\w+(?! site)|tablets?|tabs?|capsules?|caps?|\d+ ?m?c?gs?|continu\w+|(?:stayed|"
    r"stay|remained) on|"
    r"as instructed)"
)
_ILL = (
    r"(?:drink(?:ing|er)?|drank|alcoholi\w+|addict\w*|sober|clean|suffer\w*|diagnos\w+|smok\w+|married|hospital|"
    r"rehab|struggl\w+|"
    r"more|caused|had|pain\w*|quit|stop\w*|(?<!and )off|without|every|sle[ep]\w+|"
    r"(?<!after )(?<!my )(?<!the )surger\w+|"
    r"injur\w+|accident|slept|wait\w*|abstin\w+|dry|relaps\w+)"
)
# "taking it ... for 2 years": the nearest verb before the length of time is one of taking.
_FOR = re.compile(
    rf"\b{_VERB}\b(?:(?!\b{_ILL}\b)[^.;!?\n]){{0,60}}?\b(?:for|since|going on|past|last|total of|during|"
    rf"over(?= $)|over the course of|throughout)\s+{_ADVERBS}$"
)
_ON = re.compile(
    rf"\b(?:(?:been|am|was|is|were|i'm|im|only|just|now) on|tak(?:en|ing)|(?<!\bit )took|us(?:ed|ing)|tried|"
    rf"g[ai]ven?|"
    rf"(?:i|only|he|she) lasted|on(?= (?:it|this|them)\b))\b(?: (?:it|this|them|DRUG_*|this \w+|"
    rf"the \w+))?\s+{_ADVERBS}$"
)
# "quit after two weeks": as long as that it was taken.
_LEFT = re.compile(r"\b(?:stopp?ed|quit|(?<!and )off|weaned|last (?:dose|pill|drink))\b")
_ENDED_AFTER = re.compile(
    r"\b(?:stopp?ed|stop|quit|discontinued|ended|dropped|gave (?:it )?up|done|finished|(?:taken|took|wean\w*|pulled|"
    r"came|come|went|"
    r"got|get|taper\w*|switch\w*|putt?) (?:me |him |her |myself )?off|switched|swapped|tossed)"
    r"(?: (?:it|this|that|them|these|up|on|to|DRUG_*|"
    r"taking|using|very|easily|treatment|medication|completely|"
    rf"use|of|the|my|cold turkey|med\w*|drugs?|pills?))* (?:after|within|at)\s+{_ADVERBS}$"
)
# "it's been six months": of the treatment, if its sentence or the next words tell of one.
_BEEN = re.compile(
    rf"\b(?:it's|its|it has|it is|it was|has)(?: now| only| just| already)* been\s+{_ADVERBS}$|^\W*{_ADVERBS}$"
)
_AFTER = re.compile(rf"\b(?:after|within|in|by)\s+(?:taking (?:\w+ ){{0,3}}for )?{_ADVERBS}$")
_BARE_FOR = re.compile(rf"\b(?:for|since|past|last)\s+{_ADVERBS}$")
_AGO = re.compile(r"\s*(?:or so )?(?:ago|back\b)")
_NOW = re.compile(r"\s*(?:or so )?(?:now\b|so far|and counting|straight)")
# Another event than the start, right before "2 years ago".
_HAPPENED = re.compile(
    r"\b(?:died|passed|diagnos\w+|surgery|accident|injur\w+|born|divorc\w+|stopp?ed|quit|off|ended|broke|fell|hurt|"
    r"moved|"
    r"lost|left|dose|dosage|increased|upped|raised|lowered|reduced)\b[^.;!?,]{0,25}$"
)
_SINCE_AN_EVENT = re.compile(r"\b(?:on|taking|using) (?:it|this|them|DRUG_*)[^.;!?,]{0,20} since [^.;!?,]{0,40}$")
_SINCE_THEN = re.compile(r".{0,40}\b(?:since|from then)\b")
_TOOK_OFF = re.compile(r".{0,30}\b(?:took|taken|put|taking) (?:me |him |her |us )?off\b")
_USE = re.compile(
    r"\s*(?:of (?:use|taking|treatment|using|being on|it\b|this|therapy)|use\b|on (?:it|this|the (?:med|drug)|"
    r"DRUG|\d|my (?:new )?(?:med|dose|pills))|with (?:it\b|this|DRUG)|period|course|in(?:to)? (?:it|treatment|this|"
    r"taking|my)|"
    r"on\s*,|in\s*(?:[,.]|and\b|but\b|now\b)|(?:of )?(?:taking|being on|using) |"
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
    r"first (?:dose|took|tried)|added|taking|took|approved|inject\w+)\b"
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
_STILL = re.compile(r"\s*,?\s*(?:and )?(?:i(?:'m| am)? (?:still )?)?(?:nil|no|zero|nothing|still)\b")
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
# "x3 months"; "total duration: 3 years"; "about five years now".
_CROSSED = re.compile(r"x ?\d")
_LENGTH = re.compile(
    r"\b(?:duration|length of (?:treatment|use|time|therapy)|total time|time (?:on|taken|used|using)|"
    r"treatment (?:time|period|"
    rf"length)|course of treatment|(?:taken|used)(?=:))\b[^.;!?\n]{{0,40}}(?:[:=-]|\bwas|\bis)\s*{_ADVERBS}$"
)
_STILL_ON = re.compile(r"\s*later,?\s*(?:and )?(?:i(?:'m| am)? )?(?:am )?still\b")
_POST = re.compile(r"\s*(?:post\b|after|following)")
_YEARS = "years"  # the detail of "from 2004 to 2008"
# "Soma 350 and", "20 mg 3x a day along with": nothing but a dose and a joining word.
_JOINERS = frozenset((",", "&", "+", "/", "and", "plus", "with"))
_DOSE_WORDS = frozenset(
    "mg mgs mcg x a day daily twice per tab tabs at night once some my also the along together".split()
)
_UNIT_END = re.compile(r"\d ?m?c?gs?\.\s*$")
_UNIT_STOP = re.compile(r"(?<=\d)( ?m?c?gs?)\. ")
_SAID = 2.0  # points of a time beside which taking is said
_JOINED = 40  # characters at most
_MORE = re.compile(r"\bmore\b(?! than)")


def durations(d: Draft, masked: str) -> dict[str, Mention]:
    """Give, by treatment, the length of time that says best how long it was or is taken.

    masked: the lower-case text with names as DRUG, of the same length.
    """
    best: dict[str, tuple[float, Mention]] = {}
    for m in d.of("duration"):
        points = _points(d, m, masked)
        if points > 1:
            for substance in _taken_for(d, m, masked):
                if substance not in best or _better(points, m, *best[substance]):
                    best[substance] = points, m
    return {substance: m for substance, (_, m) in best.items()}


def _better(points: float, m: Mention, best: float, other: Mention) -> bool:
    """Say whether a time is the better one: by its points, and of two for which taking is said, the longer one."""
    longer = points >= _SAID and m.days is not None and other.days is not None and m.days[1] > other.days[1]
    return points > best or (points == best and longer)


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
    if _UNIT_END.search(masked, max(0, low - 8), low):
        low = d.sentences[m.sentence - 1].start  # "10 mgs. for two years"
    if _MORE.search(m.quote.lower()):
        return 0.0
    before, after = _UNIT_STOP.sub(r"\1 ", masked[max(low, m.start - 90) : m.start]), masked[m.end : m.end + 45]
    if m.detail == _YEARS:
        return 2.0 if re.search(rf"\b{_VERB}\b(?:(?!\b{_ILL}\b)[^.;!?\n])*$", before) else 0.0
    if _LATER.match(after):
        if _STILL_ON.match(after):
            return 1.2
        return 1.2 if _STARTED.search(masked[max(0, m.start - 110) : m.start]) else 0.0
    if _COUNTED.search(before) or (_IT_TOOK.search(before) and _TO_END.search(after)):
        return 0.0
    post = _POST.match(after) and (_FOR.search(before) or _ON.search(before))
    if (not post and _OTHER.match(after)) or _NOT_LEAD.search(before) or m.whose in ("general", "literature", "quoted"):
        return 0.0
    if not post and not _ENDED_AFTER.search(before) and other(m.quote.lower(), before, after):
        return 0.0
    if _AGO.match(after):
        if _EARLIER.search(before[-25:]):
            return 0.0
        if _HAPPENED.search(before) and not _SINCE_AN_EVENT.search(before) and not _SINCE_THEN.match(after):
            return 0.0
        began_then = _BEGAN.search(masked[m.end : m.end + 40]) and not _TOOK_OFF.match(after)
        since = _SINCE_AN_EVENT.search(before)
        return 2.4 if since or _BEGAN.search(before) or began_then else 0.0
    if _BEEN.search(before) and _LEFT.search(masked[max(0, m.start - 90) : m.start]):
        return 0.0
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
    if _LENGTH.search(before) or (_CROSSED.match(m.quote.lower()) and re.search(rf"\b{_VERB}\b", before)):
        return 2.0
    s = d.sentences[m.sentence]
    ill = re.search(rf"\b{_ILL}\b", before[-45:])
    if _COURSE.search(before) and not ill:
        return 1.6
    if _AFTER.search(before) and (_SELF_AFTER.match(after) or re.search(rf"\b{_VERB}\b", before)):
        return 1.4
    if _NOW.match(after) and not ill and re.search(rf"\b{_VERB}\b[^.;!?\n]{{0,60}},\s*{_ADVERBS}$", before):
        return 1.3
    if _BEEN.search(before) and d.index_from_heading and (_NOW.match(after) or _STILL.match(after)):
        return 1.3
    if _BARE_FOR.search(before) and re.search(rf"\b{_VERB}\b", masked[s.start : s.end]):
        own = re.search(rf"\b{_VERB}\b", before) or _FRONT.match(before)
        return 0.6 if ill or _DOING.search(before) or not own else 1.5
    return 0.0
