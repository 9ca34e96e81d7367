"""Who reports: the author of themselves, of one other person or animal, or nobody of anybody."""

import re

from spacy.language import Language
from spacy.tokens import Doc

from nlp.component import Component, draft
from nlp.gates import gate
from nlp.phrases import word_classes
from nlp.types import Draft

# "I took him to the doctor" is no taking.
_KIN = (
    r"(?:husband|hubby|hubs|wife|wifey|spouse|partner|boyfriend|girlfriend|bf|gf|fiance|fiancee|so|dh|dw|ex|mother|mom|"
    r"mum|mama|father|dad|daddy|parent|son|daughter|child|kid|baby|toddler|boy|girl|brother|sister|bro|sis|sibling|twin|"
    r"grandmother|grandma|nana|grandfather|grandpa|grandson|granddaughter|nephew|niece|cousin|uncle|aunt|auntie|"
    r"friend|buddy|pal|mate|roommate|flatmate|housemate|neighbor|neighbour|coworker|co-worker|colleague|boss|sponsor|"
    r"client|patient|dog|cat|horse|puppy|mil|fil|in-law|(?:mother|father|sister|brother|son|daughter)-in-law|"
    r"step-?(?:son|daughter|father|mother|dad|mom)|teenager|teen|(?:\d+|\w+)[- ](?:year|yr|yrs|years)[- ]old(?: \w+)?)"
)
_DOES = (
    r"(?: myself| am| have| was| had| been| only| just| also| now| still| finally| currently| recently| have been|"
    r" then| first| did| do| can| could| will| would| used to| got| had to)*"
    r" (?:take|taking|took|taken|on|tried|trying|started|began|using|use|used|stopped|quit|given|prescribed|"
    r"put on|weaned|tapered|feel|felt|"
    r"sleep|slept|noticed|experienced|suffer|suffered|wake|woke|gained|lost)\b"
    r"(?! (?:him|her|my|care|them|our|his|so (?:sorry|bad) for|for (?:him|her)|sorry|lucky|blessed|bad for|"
    r"better (?:about|knowing|seeing)|that|up\b|hope\b|like (?:he|she|my|they)|(?:he|she) ))"
)
_TO_ME = rf" (?:me|my(?! (?:\w+[- ])?{_KIN}))\b"
_COMPLAINT = r"o (?:such )?(?:trouble|problems?|issues?|side effects|complaints)"
# Each choice begins with a letter, so that the search leaps from one such letter to the next.
# "We started him on it", "we tried everything" is no taking either.
_WE = (
    r"w(?<!\w.)e(?: both| all| have| had| also| can| could)* (?:take|taking|took|taken|feel|felt|sleep|slept)\b"
    r"(?! (?:him|her|my|our|them)\b)"
)
_OWN = re.compile(
    rf"i(?<!\w.)(?:'m|m|'ve|ve|'d|){_DOES}|{_WE}|f(?<!\w.)or me\b"
    rf"|m(?<!\w.)(?:akes?|ade){_TO_ME}|g(?<!\w.)(?:ave|ives){_TO_ME}|h(?<!\w.)elp(?:s|ed)?{_TO_ME}"
    rf"|p(?<!\w.)(?:ut|rescribed){_TO_ME}|k(?<!\w.)(?:nock(?:s|ed)?|eeps?){_TO_ME}"
    r"|m(?<!\w.)y (?:dose|dosage|spasms?|cravings?)\b"
    # "My aunt was confused on it. No trouble here."
    rf"|n(?<!\w.){_COMPLAINT} (?:here|on my end|myself)\b|i(?<!\w.)(?: have|'ve had| had) n{_COMPLAINT}\b"
    r"|n(?<!\w.)ot me\b|m(?<!\w.)e (?:neither|too)\b|s(?<!\w.)ame here\b"
    r"|i(?<!\w.) (?:don't|do not|didn't|haven't|never did|do)(?=\s*(?:[.!,;]|$))"
    r"|(?:a(?<!\w.)ffects?|b(?<!\w.)other(?:s|ed)?|f(?<!\w.)azes?) me\b"
    r"|i(?<!\w.)(?: do (?:well|fine|great|okay|ok|good)\b|(?:'m|m| am) (?:fine|ok|okay|great)(?=\s*[.,!]| on))"
    r"|m(?<!\w.)ine (?:is|are|was|were|went|has|hasn't|did|didn't|does|doesn't|never)\b"
    r"|i(?<!\w.)(?:'m|m| am) doing (?:well|fine|great|good|ok|okay|alright)\b|i(?<!\w.) get (?:on|along)\b"
    r"|s(?<!\w.)uits? me\b|a(?<!\w.)grees? with me\b|m(?<!\w.)y turn\b|m(?<!\w.)e, i\b"
)
_OF_KIN = (
    rf"(?:{'|'.join(sorted(word_classes()['kin_alone'], key=len, reverse=True))})"
    r" (?!(?:of|and|to|or|for|in|with|here|who|from|at|i|my|noticed before|(?:said|says) (?:i|my|it)|thinks (?:i|my)|"
    r"noticed? (?:i|my|before i|that i))\b)[\w(]"
)
_NAMED = rf"(?:my )?(?:{'|'.join(sorted(word_classes()['kin_named'], key=len, reverse=True))})\b(?! i\b)"
_RELATIVE_FIRST = re.compile(_OF_KIN)
_RELATIVE = re.compile(
    rf"[moat.!?\n](?:(?<!\w.)(?:(?:(?<=m)y|(?<=o)ur) (?:[\w'-]+[- ]|y\.o\. ){{0,3}}?{_KIN}\b"
    r"|(?:(?<=a)(?:nother)?|(?<=o)ne|(?<=t)his) (?:of my )?(?:[\w'-]+ ){0,2}?"
    r"(?:friend|friends|buddy|pal|mate|relative|coworker|colleague|neighbor|roommate)\b)"
    rf"|(?<=[.!?\n])\s*{_OF_KIN}|(?<=a)fter {_NAMED})"
)
_ACQUAINTANCE = re.compile(
    r"\b(?:friends?|buddy|pal|mate|relative|coworker|co-worker|colleague|neighbou?r|roommate|flatmate|housemate|boss|sponsor)$"
)
_LONG_TOLD = 3  # mentions of the other and of what is theirs
_THIRD = re.compile(r"[hs](?<!\w.)(?:(?<=h)(?:e|er|ers|im|is|imself|erself)|(?<=s)he)\b")
_SAYS_THIRD = gate(r"^(?:s?he|hers|hi[ms]|h(?:er|im)self)")
_FIRST = re.compile(r"[im](?<!\w.)(?:(?<=i)(?:m|ve|)|(?<=m)(?:e|y|yself))\b")


class Reporter(Component):
    """Writes Draft.reporter."""

    def __call__(self, doc: Doc) -> Doc:
        """Decide from the treatments taken and whose they are."""
        d = draft(doc)
        if not d.exclusion and any(t.status == "taken" for t in d.treatments.values()):
            d.reporter = "caregiver" if for_another(d) else "self"
        if not d.post.condition and all(t.status == "mentioned" for t in d.treatments.values()):
            d.conditions = []  # where nobody takes anything there is nothing that it is taken for
        return doc


def for_another(d: Draft) -> bool:
    """Say whether a post tells of one other person's treatment, and of none of the author's own."""
    if d.own is None:
        d.own = _OWN.search(d.low) is not None
    if d.own:
        return False
    relative = _RELATIVE_FIRST.match(d.low) or _RELATIVE.search(d.low)
    third = len(_THIRD.findall(d.low)) if d.gates & _SAYS_THIRD else 0
    if not third and not relative:
        return False
    told = [m for m in d.mentions if m.kind in ("substance", "outcome", "side_effect", "dose", "stop")]
    others = sum(m.whose == "other" for m in told)
    if relative:
        # A review tells of a friend or a colleague in passing; whose husband or child takes it lives with it.
        heard = d.index_from_heading and _ACQUAINTANCE.search(relative.group()) is not None
        return third + others >= _LONG_TOLD if heard else third > 0 or others > 0
    return third >= 2 and third > len(_FIRST.findall(d.low))


Language.factory("doselore_reporter", func=Reporter)
