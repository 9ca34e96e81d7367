"""What is so although a denial stands before it, and what is not although none does.

A denial with a comparison claims the most of it ("I have never been so tired", "never had headaches like these until"),
one with "just" claims more than that ("it didn't just make me dizzy"), and one whose verb is of relief leaves what was
to be relieved ("no gum helps the dry mouth", "not even tablets shift it"). What is excepted from everything did not
come ("I got all of it except the rash"); what is excepted from nothing did.
"""

from nlp.phrases import word_classes
from nlp.types import Draft, Sentence

_CLASSES = word_classes()
_ONLY = frozenset("just only merely simply solely purely".split())
_NEGATORS = _CLASSES["negator"] | {"nothing", "zero"}
_OF_THINGS = frozenset("no nothing neither none nary zero nobody".split())
_ATTITUDES = _CLASSES["attitude"]
_DEFINITE = frozenset("the this these those how that having being getting".split())
_NOT_BEFORE = frozenset("wasnt werent didnt hadnt never".split())
_BEFORE_WITHIN = 4  # words from such a denial to what was not there before the treatment
_RELIEVES = _CLASSES["relieves"]
_EVER = frozenset("never ever havent hasnt hadnt".split())  # denials of a whole life
_PERFECT = frozenset(("have", "has", "had", "ive"))
_NEVER_WITHIN = 10  # words from the denial to what it compares
_DEGREE = _CLASSES["degree"]
_MED = _CLASSES["med"] | {"time", "week", "month", "year", "morning", "one", "new", "far", "called", "much"}
_LIKE = frozenset("this that it these those the them".split())
_SURPRISED = _CLASSES["surprised"]
_TOLD = frozenset("tell told tells mention mentioned mentions said says".split())
_NOT_TOLD = frozenset("nobody noone no never didnt wasnt werent hadnt doesnt dont none".split())
_FORESEEN_WITHIN = 8  # words from "expecting" to what was not foreseen
_BEGUN = _CLASSES["begun"]
_STOPS = frozenset("but however although though except yet".split())
_EXCEPT = frozenset("except excepting bar barring but minus save excluding".split())
_EXCEPT_TWO = frozenset((("apart", "from"), ("aside", "from"), ("other", "than")))
_EXCEPT_WITHIN = 3  # words from "except" to what it excepts
_ENDS_WITHIN = 6  # words from a symptom to the "would" of the wish that it end
_ENDINGS = frozenset("quit stop go ease end leave lift pass settle fade subside disappear calm wear let clear".split())
_ARTICLES = frozenset("the a an any my that those actual dreaded".split())
_VERBS = frozenset("is was were are has had got made makes did does really still came went".split())
_ALL = frozenset("every everything all everyone".split())
_GOT = frozenset("got get gets getting had have ive experienced suffered suffer felt endured ticked has".split())
_WELL = _CLASSES["well"]


def only(d: Draft, first: int, last: int) -> bool:
    """Say whether a denial, words[first:last], is one of "just", which is none: "didn't just make me"."""
    norms = d.norms
    return any(
        norms[k] in _ONLY and norms[k - 1] in _NEGATORS and norms[k + 1 : k + 2] != ["yet"]
        for k in range(first + 1, min(last + 1, len(norms)))
    )


def unrelieved(d: Draft, first: int, last: int, end: int) -> bool:
    """Say whether a denial, words[first:last], is of a thing that relieves what begins at a word, not of that itself.

    "Nothing stops the headaches it gives me"; not "it did not stop the nausea", which is of the illness.
    """
    norms = d.norms
    return (norms[first] in _OF_THINGS or norms[first : first + 2] == ["not", "even"]) and not _RELIEVES.isdisjoint(
        norms[last:end]
    )


def disliked(d: Draft, first: int, end: int) -> bool:
    """Say whether a denial that begins at a word is of liking or minding what begins at another: that is there."""
    norms = d.norms
    return any(
        norms[k] in _ATTITUDES and not _DEFINITE.isdisjoint(norms[k + 1 : end]) for k in range(first + 1, end - 1)
    )


def beyond(d: Draft, sentence: Sentence, first: int, last: int) -> int:
    """Give the denial that makes words[first:last] the worst ever: "never been so tired"; -1 if there is none."""
    norms = d.norms
    for k in range(first - 1, max(first - _NEVER_WITHIN, sentence.first) - 1, -1):
        if d.words[k + 1].gap == "." or norms[k] in _STOPS:
            return -1
        if norms[k] in _EVER or (norms[k] == "not" and k and norms[k - 1] in _PERFECT):
            return k if _compared(d, sentence, k, first, last) else -1
        if norms[k] in _NOT_BEFORE and first - k <= _BEFORE_WITHIN:
            return k if _began(d, sentence, last) else -1
    return -1


def _compared(d: Draft, sentence: Sentence, k: int, first: int, last: int) -> bool:
    norms = d.norms
    for j in range(k + 1, first):
        word = norms[j]
        following = norms[j + 1]
        if following == "much" and norms[j + 2 : j + 3] == ["as"]:
            return False  # "haven't had so much as a headache"
        if word == "such" or (word in ("so", "this", "that") and (j + 1 == first or following in _DEGREE)):
            return True
        if word == "as" and norms[k] in ("never", "ever") and following not in ("much", "far", "a"):
            return True
        if word == "worse" and norms[k] in ("never", "ever"):
            return True
    end = sentence.last
    for j in range(last, min(last + 2, end - 1)):
        if d.words[j].gap:
            return False
        if norms[j] in ("so", "this", "that", "quite") and norms[j + 1] in _DEGREE:
            return True
        if norms[j] == "like" and norms[j + 1] in _LIKE:
            return True
    return norms[k] in _NOT_BEFORE and _began(d, sentence, last)


def _began(d: Draft, sentence: Sentence, last: int) -> bool:
    """Say whether "before I started it" or "until these tablets" follows."""
    norms = d.norms
    for j in range(last, min(last + 2, sentence.last - 1)):
        if d.words[j].gap:
            return False
        if norms[j] in ("until", "till", "before"):
            return not _BEGUN.isdisjoint(norms[j + 1 : min(j + 5, sentence.last)])
    return False


def excepted(d: Draft, sentence: Sentence, first: int, last: int) -> int:
    """Give the word that excepts what begins at a word from all that came: "every one except the rash"; else -1."""
    norms = d.norms
    if last < sentence.last and not d.words[last].gap and norms[last] in _VERBS:
        return -1  # "I had it all but the nausea was the worst"
    for k in range(first - 1, max(first - _EXCEPT_WITHIN - 1, sentence.first), -1):
        if norms[k] in _EXCEPT or (norms[k], norms[k + 1]) in _EXCEPT_TWO:
            before = norms[sentence.first : k]
            whole = not _ALL.isdisjoint(before) or any(
                norms[j : j + 2] == ["the", "lot"] for j in range(sentence.first, k)
            )
            if not whole or not _WELL.isdisjoint(norms[sentence.first : sentence.last]):
                return -1
            if norms[k] == "but" and d.words[k].gap:
                return -1
            return -1 if _GOT.isdisjoint(norms[sentence.first : sentence.last]) else k
        if norms[k] not in _ARTICLES and (norms[k - 1], norms[k]) not in _EXCEPT_TWO:
            return -1
    return -1


def unending(d: Draft, sentence: Sentence, first: int, last: int) -> int:
    """Give the "if" of what is wished to end, words[first:last]: "if the nausea would just quit"; else -1."""
    norms = d.norms
    for k in range(first - 1, max(first - _EXCEPT_WITHIN - 1, sentence.first - 1), -1):
        if norms[k] in ("if", "only", "wish"):
            break
        if norms[k] not in _ARTICLES and norms[k] not in _DEFINITE:
            return -1
    else:
        return -1
    end = min(last + _ENDS_WITHIN, sentence.last)
    would = next((j for j in range(last, end) if norms[j] in ("would", "could")), end)
    return k if not _ENDINGS.isdisjoint(norms[would + 1 : would + 3]) else -1


def surprised(d: Draft, sentence: Sentence, first: int, last: int) -> int:
    """Give the denial of having foreseen words[first:last]: "wasn't expecting to be this tired"; else -1."""
    norms = d.norms
    for k in range(first - 1, max(first - _FORESEEN_WITHIN, sentence.first) - 1, -1):
        if d.words[k + 1].gap == "." or norms[k] in _STOPS:
            break
        if norms[k] in _SURPRISED or norms[k] in _TOLD:
            begin = max(k - 3, sentence.first)
            deniers = _NEGATORS if norms[k] in _SURPRISED else _NOT_TOLD
            denied = next((j for j in range(begin, k) if norms[j] in deniers), -1)
            if any(d.words[j].gap for j in range(k + 1, first + 1)):
                return -1
            marked = any(
                norms[j] in ("how", "such")
                or (norms[j] in ("this", "so") and (j + 1 == first or norms[j + 1] in _DEGREE))
                for j in range(k + 1, first)
            )
            named = norms[k] in _SURPRISED and norms[first - 1] in ("the", "these", "those")
            marked = marked or named or norms[first] in ("how", "so")
            return denied if marked else -1
    if norms[last : last + 1] == ["coming"] and last < sentence.last:
        begin = max(first - _NEVER_WITHIN, sentence.first)
        return next((k for k in range(begin, first) if norms[k] in _NEGATORS), -1)
    return -1
