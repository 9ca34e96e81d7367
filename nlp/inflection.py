"""The inflected forms of an English word, as far as patients' words need them: regular rules and a short table."""

from functools import cache

_VOWELS = "aeiou"
# Strong verbs and nouns that the lexicons use; regular forms are made by rule.
_IRREGULAR = {
    "be": "am is are was were been being",
    "become": "becomes became becoming",
    "begin": "begins began begun beginning",
    "bite": "bites bit bitten biting",
    "break": "breaks broke broken breaking",
    "bring": "brings brought bringing",
    "come": "comes came coming",
    "cut": "cuts cutting",
    "do": "does did done doing",
    "drink": "drinks drank drunk drinking",
    "drive": "drives drove driven driving",
    "eat": "eats ate eaten eating",
    "fall": "falls fell fallen falling",
    "feel": "feels felt feeling",
    "find": "finds found finding",
    "get": "gets got gotten getting",
    "give": "gives gave given giving",
    "go": "goes went gone going",
    "grow": "grows grew grown growing",
    "have": "has had having",
    "hear": "hears heard hearing",
    "hold": "holds held holding",
    "keep": "keeps kept keeping",
    "kick": "kicks kicked kicking",
    "know": "knows knew known knowing",
    "lay": "lays laid laying",
    "leave": "leaves left leaving",
    "lie": "lies lay lied lain lying",
    "lose": "loses lost losing loosing loose looses",
    "make": "makes made making",
    "put": "puts putting",
    "quit": "quits quitting",
    "say": "says said saying",
    "see": "sees saw seen seeing",
    "set": "sets setting",
    "shake": "shakes shook shaken shaking",
    "sleep": "sleeps slept sleeping",
    "speak": "speaks spoke spoken speaking",
    "spend": "spends spent spending",
    "stand": "stands stood standing",
    "stick": "sticks stuck sticking",
    "swell": "swells swelled swollen swelling",
    "take": "takes took taken taking",
    "think": "thinks thought thinking",
    "throw": "throws threw thrown throwing",
    "wake": "wakes woke waked woken waking",
    "wear": "wears wore worn wearing",
}
# Short verbs whose last consonant is doubled; longer ones are doubled only where they are stressed at the end.
_DOUBLED = {"admit", "commit", "occur", "permit", "prefer", "refer", "regret", "transfer"}


@cache
def inflections(word: str) -> frozenset[str]:
    """Give the word with its plural or third person, past and -ing form: "stop" -> stop, stops, stopped, stopping."""
    if word in _IRREGULAR:
        return frozenset((word, *_IRREGULAR[word].split()))
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        stem = word[:-1]
        return frozenset((word, stem + "ies", stem + "ied", word + "ing"))
    if word.endswith("e"):
        return frozenset((word, word + "s", word + "d", word[:-1] + "ing"))
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return frozenset((word, word + "es", word + "ed", word + "ing"))
    stem = word
    short = sum(letter in _VOWELS for letter in word) == 1
    closed = len(word) > 2 and word[-1] not in "wxy" + _VOWELS and word[-2] in _VOWELS and word[-3] not in _VOWELS
    if closed and (short or word in _DOUBLED):
        stem = word + word[-1]
    return frozenset((word, word + "s", stem + "ed", stem + "ing"))
