"""Lengths of time that are not those of taking, though words of taking stand near them.

A step of a titration, a break, a plan, how long until it worked, how long a symptom lasted.
"""

import re

_ADVERBS = (
    r"(?:(?:the|a|about|over|only|app?r?o\w+\.?|at least|at most|just|like|around|nearly|almost|more than|less than|"
    r"maybe|probably|roughly|some|another|well|under|even|past|last|first|next|these|those|good|whole|full|entire|"
    r"total of|period of)\s+)*"
)
# "20 mg for 2 weeks and then 40": behind what is the time of one step.
_STEP_NEXT = re.compile(
    r"\s*[,;.&(-]*\s*(?:(?:and|but|so|i|we|he|she|it|my|the|his|her|was|were|is|then|gradually|slowly|later|soon|"
    r"before|finally|"
    r"eventually|after (?:that|which)|doctor|dr|doc|dose|dosage|have|has|had|been|got|psych\w*)(?:\s*,)?\s*+)*?"
    r"(?:then (?:\w+ ){0,4}?\w*\d|then (?:i |was |we |to |up |went |a |the )*(?:double|twice|increas|half|full|one|"
    r"two|"
    r"three|up\b|"
    r"down)|next \w+ i|increas|upp(?:ed|ing)|went (?:up\b|to \d|down to|back to \d)|doubl|"
    r"bump|rais|titrat|moved (?:up|to)|mov(?:ed|ing) (?:up|to)|switched to \d|changed to (?:\d|one|two)|(?:work|"
    r"built|"
    r"build)\w* up|"
    r"followed by|stepped|jumped|ramp|adjust|at first|as a start|initially|to (?:begin|start) with|to start)"
)
_AMOUNT = re.compile(
    r"\d ?(?:m?c?gs?\b|milli|x\b)|\b(?:pills?|tablets?|tabs?|capsules?|caps?|dose|dosage|half|to \d+|on \d+|at \d+)\b"
)
_STARTS = re.compile(
    r"\b(?:start(?:ed|ing|s)?|began|begin|begun|beginning|initial(?:ly)?|starter|first)\b"
    r"(?:(?!\b(?:took|taking|take|then|now|still)\b)[^.;!?\n]){0,60}$"
)
_GIVEN_UP = re.compile(
    r"[^.!?\n]{0,60}\b(?:stop|quit|gave up|no (?:relief|help|effect|result|change)|discontinu|off\b)"
)
# Before "for", "of" and the time: what is not taking.
_APART = re.compile(
    r"(?:\b(?:break|holiday|vacation|pause|hiatus|(?<!and )off|without|(?<!n't )(?<!not )stop(?:ped|ping|s)?|quit|"
    r"missed|miss|"
    r"skip\w*|forg[eo]t\w*|ran out|been out|clean|sober|used to|tr(?:y|ying|ied) to|hospital\w*|icu|(?<!i )(?<!only )"
    r"(?<!he )(?<!she )last(?:s|ed|ing)?|wait\w*|no longer|haven't|havent|hasn't|hadn't|have not|has not|not been|"
    r"delay\w*|refus\w*|avoid\w*|resist\w*|put(?:ting)? (?:it )?off|cigarettes?|smok\w+|drugs?(?: users?| addicts?)|"
    r"drugs|heroin|cocaine|booz_*|weed|alcohol|married|worked (?:as|at|in)|disabled|retired|"
    r"unemployed|in bed|"
    r"bedridden|alive|nightmares?|headaches?|migraines?|nausea|nauseous|sick|dizzy|vomiting|rash|diarrhea|insomnia|"
    r"tired|drowsy|depressed|withdrawals?)\b[^.;!?\n]{0,22}?\b(?:for|of|over|in|since|past|last) "
    rf"|\b(?<!i )(?<!only )(?<!he )(?<!she )last(?:s|ed|ing)? ){_ADVERBS}$"
)
_TAKEN_SINCE = re.compile(
    r"\b(?:been (?:on|taking|using)|(?:i|he|she)(?:'ve)? (?:\w+ )?(?:took|taken)|and on|now on)\b"
)
# "I was to take it for", "the doctor wants me on it for", "will be on this for".
_TO_BE = re.compile(
    r"\b(?:plan(?:s|ned|ning)?|intend\w*|suppos\w+|should|would|will|won't|i'll|told|says?|said|want\w*|expect\w*|"
    r"hop(?:e|ing)|"
    r"going to (?:be|take|try|give|stay|use|continue)|ha(?:ve|s) to (?:be|take|stay|use|give|try|wait)|"
    r"must|may|might|recommend\w*|suggest\w*|meant|instructed|if (?:i|you|he|she)|you|people|patients|normally|"
    r"usually|typically)\b(?P<then>[^.;!?\n]{0,60})$"
)
_DONE = re.compile(
    r"\b(?:been|took|taken|was|were|have|has|had|'ve|i'm|am|now|did|tried|used|lasted|gave)\b(?! (?:to|only to)\b)"
)
# "In 2 weeks", "within a month": how fast something came.
_WITHIN = re.compile(rf"\b(?:within|in)\s+{_ADVERBS}$")
_OVER_THEN = re.compile(
    r"[^.!?\n]{0,40}\b(?:stop|quit|switch|discontinu|(?:i|he|she) (?:was|were) off|gave (?:it )?up|done with|landed|"
    r"(?:i|it|my|he|she)(?:'ve| have| has) (?!not|n't)|(?:gained|lost|put on) )"
)
_BETTER = re.compile(
    r"\b(?:went away|gone|subsid\w+|disappear\w*|pass(?:ed|es)|better|relax\w*|improv\w*|decreas\w*|diminish\w*|"
    r"fad(?:ed|es|ing)|"
    r"eas(?:ed|es|ing)|ended|vanish\w*|less|adjust\w*|wore off|wears? off|goes away|go away|got used|gets? used|"
    r"relie(?:f|ved)|"
    r"dissipat\w*|lessen\w*|resolved|settled|calm\w*|lift\w*|kick\w*|noticeable|noticable|"
    r"notic\w+ (?:a |an |some |any |that |the )?(?:big |huge |major |real |marked |slight |small |significant )?"
    r"(?:improve\w*|differ\w*|relief|change|i could|i was (?:sleep|able|more|less))|"
    r"(?:began|started|begin|starts?) (?:to )?(?:see|work|notic|help)\w*|(?:was|were|been) able to|"
    r"fe(?:el|lt) (?:so |much |really |pretty |quite |very )?(?:good|great|normal|myself|like myself|well|fine))\b"
)
_WORSE = re.compile(
    r"\b(?:no|not|n't|never|stop\w*|quit|treatment ended|no longer|until|but|however|unfortunately|still|only|any|"
    r"longer|harder)\b|n't\b"
)
_AFTER = re.compile(rf"\bafter\s+(?:(?:taking|being on|using|having)\s+(?:\w+ ){{0,4}}?(?:for )?)?{_ADVERBS}$")
_TO_WORK = re.compile(
    r"\s*(?:until|till|before (?:i|it|you|they)|to (?:work|feel|kick|get|notice|see|build|be\b|really|fully|"
    r"completely|actually|take effect|"
    r"titrate|help|reach|start|begin|become|realize|show|adapt|adjust|clear|respond|recover|wear|go away|subside))"
)
_TOOK_TIME = re.compile(rf"\b(?:took|takes?|taking|taken)(?: me| him| her| us| my \w+)?\s+{_ADVERBS}$")
_NO_TIME = re.compile(
    r"\s*(?:(?:period |course )?of (?:physical|rest\b|pain|bed|labor|recovery|hell|no|not|my life|antibiotic\w*|"
    r"therapy for)|"
    r"at a time|take[- ]?homes?|suppl(?:y|ies)|scripts?|refills?|of (?:the|a|each|every|that) (?:week|month|"
    r"year|day)|after (?:my |the |his |her )?(?:last|surg|accident|operation|crash|injury|birth|diagnos)|"
    r"before (?:i (?:started|began|tried|took) (?:it|this|taking|on|the|DRUG)|i was|starting (?:it|this|the|on|"
    r"DRUG)|taking|"
    r"going on|being))\b"
)
_ONE_NIGHT = re.compile(r"\b(?:in|on|of|after|during)\s+(?:the |just )?$")


_USE = re.compile(r"\s*(?:of (?:use|using|taking|treatment|being)\b|use\b|period (?:i|that|of|on)\b|ago\b|back\b)")


_CLAUSE = re.compile(r"\bbut\b|[,;:(]| - ")
_RECENT = re.compile(r"^(?:the )?(?:past|last)\b")
_RAISED = re.compile(
    r"\b(?:increas|upp(?:ed|ing)|rais|went (?:up )?to|bump|doubl|titrat|mov(?:ed|ing) (?:up )?to|lower|"
    r"reduc)\w*[^.;!?]{0,60}$"
)
# "I have been on that dose for a week"
_DOSAGE = re.compile(
    r"\b(?:(?:that|this|the (?:same|current|new|higher|lower|full|max\w*)|my (?:current|new)|current) "
    rf"(?:dose|dosage|amount|level|strength)|(?:on|at) that(?: now)?) for\s+{_ADVERBS}$"
)

_NEAR = 50  # characters from an amount to the time of its step


def other(quote: str, before: str, after: str) -> bool:
    """Say whether a length of time is not that of taking, by the words before it in its sentence and behind it."""
    if _NO_TIME.match(after) or (_TO_WORK.match(after) and (_TOOK_TIME.search(before) or " take" in before)):
        return True
    if quote.endswith(" night") and quote[0] == "a" and _ONE_NIGHT.search(before):
        return True
    apart = _APART.search(before)
    if apart and not _TAKEN_SINCE.search(before, apart.start()):
        return True
    use = _USE.match(after)
    to_be = None if use else _TO_BE.search(before)
    if to_be and not _DONE.search(to_be["then"]):
        return True
    if _WITHIN.search(before) and not use:
        return _RECENT.search(quote) is not None or not _OVER_THEN.match(after)
    if _AFTER.search(before):
        said = _CLAUSE.split(before)[-1] + " | " + after.split(".", 1)[0]
        return _RAISED.search(before) is not None or (_BETTER.search(said) is not None and not _WORSE.search(said))
    if _DOSAGE.search(before) and not _GIVEN_UP.match(after):
        return True
    return not use and _step(before, after)


def _step(before: str, after: str) -> bool:
    """Say whether a time is that of one step of a titration: "10 mg for a week, then 20"."""
    amounts = [m.end() for m in _AMOUNT.finditer(before)]
    if not amounts or len(before) - amounts[-1] > _NEAR:
        return False
    if _STEP_NEXT.match(after):
        return True
    return _STARTS.search(before) is not None and not _GIVEN_UP.match(after)
