"""What has a form of its own: e-mail, web and postal addresses, handles, telephone and record numbers.

Doses look like numbers too ("10-10-20", "2 x 25 mg 0800-2000"), so a bare telephone number needs ten digits or a
country code, and a record number needs the word that says what it is.
"""

import re

_DOMAIN = r"(?:com|org|net|edu|gov|info|io|me|biz|tv|uk|us|ca|au|de|fr|eu|ie|nz|in|health|blog|xyz|online|app|example)"
_EMAIL = (
    re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}\b"),
    re.compile(
        r"\b[\w.+-]{2,64} ?[\[({<] ?at ?[\])}>] ?[\w-]{1,64}"
        rf"(?: ?(?:\.|[\[({{<] ?(?:dot|\.) ?[\])}}>]| dot ) ?[\w-]{{1,64}}){{0,3}}?"
        rf" ?(?:\.|[\[({{<] ?(?:dot|\.) ?[\])}}>]| dot ) ?{_DOMAIN}\b",
        re.IGNORECASE,
    ),
    re.compile(rf"\b[\w.+-]{{2,64}} at [\w-]{{2,64}}(?: dot [\w-]{{2,64}})? dot {_DOMAIN}\b", re.IGNORECASE),
)
_SPELLED = re.compile(r" dot |[\[({<] ?(?:at|AT) ?[\])}>]| DOT ")
_LINK = (
    re.compile(r"\b(?:https?|ftp|hxxps?)://[^\s<>\"')\]]+|\b(?i:www)\.[^\s<>\"')\]]+", re.IGNORECASE),
    re.compile(
        r"(?<![\w@./-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,4}(?:com|org|net|edu|gov|info|io|biz|example|"
        r"(?:co|org|ac|gov|nhs|com)\.(?:uk|nz|au|za|in))(?:/[^\s<>\"')\]]*)?(?![\w@])",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![\w@./-])[a-z][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){0,2}\.[a-z]{2,24}/[a-z0-9][^\s<>\"')\]]*",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]|\s?m)"),
)
_USER = (
    re.compile(r"(?<![\w/])/?u(?:ser)?/[A-Za-z0-9_-]{2,30}"),
    re.compile(r"(?<![\w@.])@[A-Za-z_][\w-]{1,30}(?:\.[\w-]{1,20})?\b"),
)
_PHONE = (
    re.compile(r"(?<![\w.,/-])\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){1,5}(?![\w/])"),
    re.compile(r"(?<![\w.,/-])(?:1[ .-])?(?:\(\d{3}\)[ .-]?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w/])"),
    re.compile(r"(?<![\w.,/-])(?:00|0)\d{2,4}[ -]?\d{3}[ -]?\d{3,4}(?:[ -]?\d{2,4})?(?![\w/,]|\.\d)"),
    re.compile(r"(?<![\w.,/-])\d{10,11}(?![\w/]|[.,]\d)"),
    re.compile(
        r"\b(?:(?:tele)?phone|call|text|tel|cell|mobile|fax|whatsapp|number is)(?: me| him| her| us)?"
        r"(?: at| on| is|:| no\.?| number)*[ :#]*"
        r"(?P<hit>\(?\d{2,5}\)?[ .-]?\d{3,4}(?:[ .-]?\d{2,4}){0,2})(?![\w/])",
        re.IGNORECASE,
    ),
)
# The word says that a number is one of a record; what is many other things too needs "number", "#" or ":" as well.
_SAYS = r"(?:[ -]?(?:no\.?|nr\.?|num|number|id|card|ident(?:ifier)?|code|#))"
_RECORD_WORDS = (
    r"(?:mrn|nhs|ssn|dob|npi|nino|iban|passport|social security|national insurance|health card|date of birth|born on|"
    rf"patient id|member id|acct){_SAYS}*|(?:dea|medicare|medicaid|insurance|policy|claim|member(?:ship)?|account|case|"
    r"chart|file|record|medical[ -]record|hospital|patient|prescription|rx|licen[cs]e|invoice|order|reference|ref|"
    rf"ticket|group|id)(?:{_SAYS}+|(?=:))"
)
_RECORD = (
    re.compile(
        rf"\b(?i:(?:{_RECORD_WORDS})(?: is| was|:|=|,)*)[ :#]*"
        r"(?P<hit>(?:[A-Z]{1,5}[ /-]?)?\d(?:[ /.-]?[A-Z0-9]){3,24})(?![\w])"
    ),
    re.compile(r"(?<![\w.,/-])\d{3}-\d{2}-\d{4}(?![\w/-])"),
    re.compile(r"(?<![\w.,/-])(?:\d{4}[ -]){3}\d{4}(?![\w/-])"),
    re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?\b"),
)
_UNITS = re.compile(
    r"\b(?:mg|mcg|ml|g|kg|lbs?|mgs|miles?|days?|weeks?|months?|years?|hours?|hrs?|times?|pills?|tablets?|percent|the|my|a|"
    r"down|up|on|in|of|and|to|for|per|per cent|x|minutes?|people|is|was|that|this|over|off|doses?|years? old)\b",
    re.IGNORECASE,
)
_STREET = (
    r"street|st|road|rd|avenue|ave|boulevard|blvd|lane|ln|drive|dr|court|ct|way|place|pl|terrace|ter|square|sq|highway|"
    r"hwy|parkway|pkwy|circle|cir|close|crescent|gardens|grove|trail|row|alley|mews|hill|walk|plaza|loop"
)
_END = (
    r"(?:,? (?:apt|apartment|unit|suite|ste|flat|floor|#)\.? ?#?\w{1,6})?"
    r"(?:, ?[A-Z][A-Za-z.' -]{2,30})?(?:,? [A-Z]{2} \d{5}(?:-\d{4})?|,? [A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})?"
)
_ADDRESS = (
    re.compile(rf"(?<![\w.,/-])\d{{1,5}}[A-Za-z]?,? (?:[NSEW]\.? )?(?:[A-Z][\w'.-]+ ){{1,3}}(?i:{_STREET})\b\.?{_END}"),
    re.compile(
        r"(?<![\w.,/-])[1-9]\d{0,4} (?:[a-z][a-z'-]+ ){1,2}"
        r"(?:street|road|avenue|boulevard|lane|drive|court|terrace|crescent)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\bp\.? ?o\.? ?box \d{1,7}\b", re.IGNORECASE),
    re.compile(
        r"\b(?:[A-Z][a-z]+,? )?(?:A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|"
        r"PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]) \d{5}(?:-\d{4})?\b"
    ),
    re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b"),
    re.compile(r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d\b"),
    re.compile(r"\b[A-Z][a-zäöüß]+(?:straße|strasse|str\.|weg|platz|gasse) \d{1,4}[a-z]?\b"),
)
# Cheap signs that a text may hold such a thing at all: most texts hold none.
_DOTTED = re.compile(r"\.[A-Za-z0-9]{2}")
_HANDLE = re.compile(r"@|u/|user/")
_DIGIT = re.compile(r"\d")
_FOUR = re.compile(r"\d(?:[ /.-]?[A-Z0-9]){3}")
_SEVEN = re.compile(r"\d(?:[ ()./-]{0,2}\d){6}")
_STREET_WORD = re.compile(rf" (?:{_STREET})\b", re.IGNORECASE)
_CODE = re.compile(r"(?i:box) \d|[A-Z]{2} \d{5}|[A-Z]\d[A-Z\d]{0,2} \d[A-Z]|(?:stra(?:ß|ss)e|str\.|weg|platz|gasse) \d")


def mask(text: str) -> str:
    """Give the text with everything masked that has a form of its own."""
    if "@" in text:
        text = _replaced(text, "[email]", _EMAIL[:1])
    if _SPELLED.search(text):
        text = _replaced(text, "[email]", _EMAIL[1:])
    if "://" in text or "www." in text:
        text = _replaced(text, "[link]", _LINK[:1])
    if _DOTTED.search(text):
        text = _replaced(text, "[link]", _LINK[1:])
    if _HANDLE.search(text):
        text = _replaced(text, "[user]", _USER)
    if not _DIGIT.search(text):
        return text
    if _STREET_WORD.search(text):
        text = _replaced(text, "[address]", _ADDRESS[:2])
    if _CODE.search(text):
        text = _replaced(text, "[address]", _ADDRESS[2:])
    if _FOUR.search(text):
        text = _replaced(text, "[record]", _RECORD)
    return _replaced(text, "[phone]", _PHONE) if _SEVEN.search(text) else text


def _replaced(text: str, word: str, patterns: tuple[re.Pattern[str], ...]) -> str:
    for pattern in patterns:
        text = pattern.sub(lambda m: _hit(m, word), text)
    return text


def _hit(match: re.Match[str], word: str) -> str:
    whole = match.group()
    if word == "[link]":
        tail = whole[len(whole.rstrip(".,;:!?")) - len(whole) :] if whole[-1] in ".,;:!?" else ""
        return word + (tail if not whole.lower().startswith(("http", "www", "ftp", "hxxp")) else "")
    if word == "[address]" and (_UNITS.search(whole) or "[" in whole):
        return whole
    found = match.groupdict().get("hit")
    if found is None:
        return word
    if word == "[record]" and re.fullmatch(r"(?:19|20)\d\d", found):
        return whole
    return whole.replace(found, word)
