"""When the words of a change tell of none (a purpose, a doubt, a job, side effects); times without the treatment."""

from collections.abc import Sequence

from nlp.phrases import Hit, Word, word_classes

_FACT = word_classes()["fact"]
_TO = ("to", "2")
_BETWEEN = ("try", "and", "really", "completely", "just")
_ABLE = ("can", "could", "able", "be", "been")
_NEGATORS = word_classes()["negator"]
_ONLY = frozenset("just only simply merely".split())
_EVER = frozenset("never havent hasnt hadnt dont".split())
_WELL = frozenset(
    "well good great soundly deeply calm relaxed happy peaceful much easily easy fantastic amazing".split()
)
_LONG = frozenset("long ages much many forever more days weeks".split())
_SIDE = frozenset("side adverse ill".split())
_JOB = frozenset("at from my of for off able go going back".split())
_SEEKING = frozenset("for need needed needing want wanted seeking".split())
_RELIEF = frozenset("relief releif relif releaf control treatment reduction help improvement pain".split())
_LAPSES = frozenset(
    "miss missed missing misses skip skipped skipping forget forgot forgetting stopped stopping".split()
)
_ENDS = frozenset(
    "wears wear wore wearing worn run ran running runs went going go came coming get got stop quit without".split()
)
_OVER = frozenset("off out taking it this them without med medicine medication dose".split())


def meant(words: list[Word], first: int, begin: int) -> bool:
    """Say whether the cue is a purpose ("to help with", "for relieving"), not a fact ("seems to help")."""
    k = first - 1
    if k < begin or words[first].gap == ".":
        return False
    if words[k].norm in ("for", "of") and words[first].norm.endswith("ing"):
        return True
    if words[k].norm in _SEEKING and words[first].norm in _RELIEF:
        return True  # "taken for pain relief", "I need relief from"
    while words[k].norm not in _TO and k - 1 >= begin and words[k].norm in _BETWEEN:
        k -= 1
    if words[k].norm not in _TO:
        return False
    return not (k - 1 >= begin and words[k - 1].norm in _FACT)


def hardly(words: list[Word], first: int, begin: int) -> bool:
    """Say whether an ability is bounded or wished: "only able to stand a few minutes", "so I could sleep"."""
    if words[first].norm not in _ABLE:
        return False
    before = [words[k].norm for k in range(max(first - 3, begin), first)]
    if words[first].norm == "could" and "so" in before[-2:]:
        return True
    return bool({"only", "hardly", "barely", "when", "if", "until"} & set(before))


def more_than(words: list[Word], hit: Hit) -> bool:
    """Say whether the words deny only that it was no more: "it doesn't just help"."""
    first = hit.first
    return words[first].norm in _NEGATORS and hit.last - first > 1 and words[first + 1].norm in _ONLY


def best_ever(words: list[Word], negator: int, end: int) -> bool:
    """Say whether a denial, with what it compares before a word, tells of the best ever: "haven't slept this well"."""
    if words[negator].norm not in _EVER:
        return False
    return any(words[k].norm in ("this", "so") and words[k + 1].norm in _WELL for k in range(negator + 1, end - 1))


def soon(words: list[Word], negator: int) -> bool:
    """Say whether a denial is only of a wait: "it didn't take long to help"."""
    after = [word.norm for word in words[negator + 1 : negator + 3]]
    return len(after) > 1 and after[0] in ("take", "takes", "took", "taken") and after[1] in _LONG


def of_side_effects(words: list[Word], hit: Hit) -> bool:
    """Say whether the words speak of side effects: "not noticed any side effects"."""
    return any(words[k].norm in _SIDE for k in range(hit.first, hit.last))


def of_a_job(words: list[Word], hit: Hit) -> bool:
    """Say whether "work" is a job: "not at work", "not able to work"."""
    before = [words[k].norm for k in range(hit.first, hit.last - 1)]
    return words[hit.last - 1].norm == "work" and not _JOB.isdisjoint(before)


def without_treatment(sentence: Sequence[Word]) -> bool:
    """Say whether a sentence tells of a time without it: "if I miss a dose", "when it wears off", "once I ran out"."""
    norms = [word.norm for word in sentence]
    if not _LAPSES.isdisjoint(norms):
        return True
    return any(word in _ENDS and not _OVER.isdisjoint(norms[n + 1 : n + 4]) for n, word in enumerate(norms))
