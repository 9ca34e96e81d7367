"""What answers for a symptom or a change that was only asked about, foretold, feared or doubted: yes or no.

"They told me my hair would fall out. Well, it did, by the handful", "Doc asks do I get dizzy and I say no", "I never
thought it would stop my cravings but it has", "it's no use if I get a headache every time, and I do". A reader takes
the verb that is left out ("it did") from what stands before; so is it done here, by place: a short clause behind what
was named, whose subject is the author, the treatment or what was named, and which ends with an auxiliary verb.
"""

from typing import NamedTuple

from nlp.phrases import word_classes
from nlp.tense import tense_of
from nlp.types import Draft, Mention, Sentence

_CLASSES = word_classes()
_FORETOLD, _ASKED = _CLASSES["foretold"], _CLASSES["asked"]
_WANTED = _CLASSES["wanted"]
_DOUBTED = _FORETOLD | _ASKED
_OPEN = _FORETOLD | _ASKED | _WANTED
_ANOTHER_TIME = _CLASSES["another_time"]
_SUBJECTS = _CLASSES["reply_subject"]
_PERFECT = frozenset(("have", "has"))
_CONTRACTED = frozenset("im ive its theyre theyve weve thats".split())
_DOES = (["does"], ["did"], ["has"], ["do"], ["have"])
_IS = frozenset("am is are was were do did does have has had will would".split())
_IS_NOT = frozenset(
    "isnt arent wasnt werent dont didnt doesnt havent hasnt hadnt wont wouldnt aint isn wasn didn doesn hasn".split()
)
_ADVERBS = frozenset(
    "just really certainly definitely sure still so simply actually honestly most never always".split()
)
_HAD = frozenset(
    "had got gotten felt see seen noticed experienced have get feel notice experience met encountered spotted".split()
)
_CAME_ON = frozenset("start starts come comes last lasts come hit hits began is are".split())
_WENT = frozenset("stopped went left disappeared vanished never didnt".split())
_MISTAKEN = frozenset(("wrong", "mistaken"))
_ANY = frozenset("one any it them that none neither".split())
_CAME = frozenset(
    "come comes came happen happens happened materialise materialised materialize materialized appear appears appeared "
    "arrive arrives arrived develop developed transpire transpired follow followed occur occurs occurred show shows "
    "showed turned turns".split()
)
_NO, _YES = _CLASSES["reply_no"], _CLASSES["reply_yes"]
_LEADS = _CLASSES["reply_lead"] | _NO | _YES
_PLAIN_NO = frozenset(("no", "nope", "nah", "never", "negative", "nay"))
_SAYS = frozenset("say said says tell told telling saying answer answered reply replied is was".split())
_TOLD_WHOM = frozenset("him her them always that to so just the everyone people".split())
_ENDS = _CLASSES["reply_tail"]
_PAIRS = frozenset(
    (
        ("at", "all"), ("so", "far"), ("in", "the"), ("one", "bit"), ("a", "bit"), ("any", "more"), ("most", "days"),
        ("most", "nights"), ("most", "mornings"), ("all", "day"), ("all", "night"), ("all", "the"), ("big", "time"),
        ("at", "first"), ("each", "time"), ("not", "once"), ("to", "me"), ("for", "me"), ("to", "be"), ("half", "the"),
    )
)  # fmt: skip
_NOT_SO = frozenset(
    (
        ("not", "at"), ("not", "once"), ("not", "a"), ("not", "one"), ("not", "me"), ("not", "in"), ("not", "really"),
        ("not", "even"), ("not", "remotely"), ("not", "yet"), ("not", "for"), ("not", "so"), ("not", "here"),
        ("not", "mine"), ("nothing", "yet"), ("anything", "but"), ("far", "from"), ("if", "anything"), ("i", "wish"),
        ("none", "so"), ("none", "yet"), ("nothing", "at"), ("nothing", "so"), ("none", "at"),
        ("never", "once"),
        ("cant", "complain"), ("no", "complaints"), ("no", "issues"), ("no", "problems"), ("nothing", "to"),
        ("not", "ever"), ("not", "with"), ("not", "on"),
    )
)  # fmt: skip
_TOPICS = frozenset((("as", "for"), ("comes", "to"), ("terms", "of"), ("far", "as"), ("subject", "of")))
_AUTHOR = frozenset(("i", "ive"))
_MINE = _AUTHOR | {"im", "me", "mine", "my", "here"}
_OTHERS = _CLASSES["others"]
_FOR_ME = frozenset((("for", "me"), ("with", "me"), ("on", "me"), ("for", "us"), ("my", "case"), ("in", "my")))
_TURNS = frozenset("but and yet well which then yep nope so though like".split())
_HELD = frozenset("here there before until unless if when once than as where how what who that".split())  # "here I am"
_BEHIND = 14  # words between what is named and its answer
_NAMED_WITHIN = 3  # words from what is named to what says that it was told: "dizziness was listed"
_MOST_LEADS = 4
_MOST_ASKED = 30  # words of what is answered in which a subject may be named
_ECHO = 2  # words of a question that only takes up the one before: "Me?"


REPLY = "reply"
"""The direction of a cue that settles a thing which was doubted."""


class Reply(NamedTuple):
    """An answer in its place, words[first:last] of the post. flips: it says that what was told was wrong."""

    yes: bool
    first: int
    last: int
    flips: bool = False


def reply(d: Draft, m: Mention, first: int, last: int) -> Reply | None:
    """Give what answers for a mention, words[first:last]; None if nothing asked of it, or nothing answers."""
    sentence = d.sentences[m.sentence]
    norms = d.norms
    opening = _OPEN if m.kind == "outcome" else _DOUBTED
    opened = sentence.question or _topic(norms, first) or not opening.isdisjoint(norms[sentence.first : last])
    if not opened and not _OTHERS.isdisjoint(norms[sentence.first : first]):
        # "Lots of you get constipated, I haven't": only what the author says of themselves answers.
        told = _answer(d, sentence, last, opened=True)
        return told if told is not None and not _MINE.isdisjoint(norms[told.first : told.last + 2]) else None
    if opened or not _DOUBTED.isdisjoint(norms[last : min(last + _NAMED_WITHIN, sentence.last)]):
        return _answer(d, sentence, last, opened=opened)
    return None


def _answer(d: Draft, sentence: Sentence, last: int, *, opened: bool) -> Reply | None:
    """Give what answers behind a word of a sentence, or right in the next one. opened: something was asked before."""
    norms = d.norms
    for at in range(last, min(last + _BEHIND, sentence.last - 1)):
        opened = opened or (at - last < _NAMED_WITHIN and norms[at] in _DOUBTED)
        if opened and (d.words[at].gap or norms[at] in _TURNS or (norms[at] in _AUTHOR and norms[at - 1] not in _HELD)):
            told = _read(d, at, sentence, sentence.first)
            if told is not None:
                return told
    if sentence.last - last > _BEHIND:
        return None
    n = d.sentence_at(sentence.start) + 1
    while n + 1 < len(d.sentences) and d.sentences[n].question and _length(d.sentences[n]) <= _ECHO:
        n += 1
    return _read(d, d.sentences[n].first, d.sentences[n], sentence.first) if n < len(d.sentences) else None


def _topic(norms: list[str], first: int) -> bool:
    # "As for nausea, I've not had it", "when it comes to headaches: none"
    return any(tuple(norms[max(k - 2, 0) : k]) in _TOPICS for k in (first, first - 1))


def _length(sentence: Sentence) -> int:
    return sentence.last - sentence.first


def _read(d: Draft, begin: int, sentence: Sentence, asked: int) -> Reply | None:
    """Read an answer that begins at a word: some small words before it, a subject or none, an auxiliary, an end.

    asked: where the sentence begins that it may answer.
    """
    norms = d.norms
    end = sentence.last
    at = begin
    said = ""
    while at + 2 < end and (norms[at], norms[at + 1]) in _FOR_ME:
        at += 2 + (norms[at] == "in")  # "For me, no.", "in my case it didn't"
    while at < end and at - begin < _MOST_LEADS and norms[at] in _LEADS:
        if norms[at] == "never" and not _ended(d, at + 1, end):
            break
        if norms[at] in _NO or norms[at] in _YES:
            said = said or norms[at]
            if _ended(d, at + 1, end) or (norms[at], norms[at + 1]) in _NOT_SO:
                break
        at += 1
    if said:
        # "Nope." "Yep, every night", "no, it didn't"
        k = begin
        while norms[k] != said:
            k += 1
        if _ended(d, k + 1, end):
            return Reply(said in _YES, k, k + 1, said == "wrong")
    if at >= end:
        return None
    if norms[at] == "what" and at + 1 < end and norms[at + 1] in norms[max(asked, begin - _MOST_ASKED) : begin]:
        return Reply(False, at, at + 2)  # "Headaches? Ha, what headaches"
    if (
        norms[at] == "like"
        and norms[at + 1 : at + 2] in (["it"], ["they"], ["this"])
        and norms[at + 2 : at + 3] in _DOES
    ):
        return Reply(True, at, at + 3)  # "if it keeps you awake like it does me"
    if (norms[at], norms[at + 1] if at + 1 < end else "") in _NOT_SO:
        # "Did it help? I wish." but "I wish I had known"
        return Reply(False, at, at + 2) if norms[at] != "i" or _closes(d, at + 2, end) else None
    if norms[at] in _HAD and norms[at + 1 : at + 2] in (["none"], ["nothing"], ["neither"], ["zero"]):
        return Reply(False, at, at + 2)  # "braced for nausea but got none"
    return _clause(d, at, end, asked) or _spoken(d, at, end) or _had(d, at, end)


def _clause(d: Draft, at: int, end: int, asked: int) -> Reply | None:
    norms = d.norms
    begin = at
    held = False  # the auxiliary is part of the subject: "I'm not"
    subject = norms[at] in _SUBJECTS
    if subject or norms[at] in _CONTRACTED:
        held = not subject
        at += 1
        if norms[begin] == "my" and at < end:
            if norms[at] not in norms[max(asked, begin - _MOST_ASKED) : begin]:
                return None
            at += 1  # "they told me my hair would fall out. My hair did"
    while at < end and norms[at] in _ADVERBS and norms[at] != "never":
        at += 1
    if at >= end:
        return None
    no = norms[at] == "never"
    if no:
        at += 1
        if at < end and norms[at] in _CAME and _closes(d, at + 1 + (norms[at + 1 : at + 2] == ["up"]), end):
            return Reply(False, begin, at + 1)
        if at + 1 < end and norms[at] in _HAD and norms[at + 1] in _ANY and _closes(d, at + 2, end):
            return Reply(False, begin, at + 2)  # "I've never had it"
        if at >= end:
            return None
    word = norms[at]
    if norms[at : at + 2] == ["yet", "to"] or (word in _PERFECT and norms[at + 1 : at + 3] == ["yet", "to"]):
        at += 2 + (word != "yet")  # "I've yet to have one"
        had = at + 1 < end and norms[at] in _HAD and norms[at + 1] in _ANY
        return Reply(False, begin, at + 1) if had or norms[at] in _CAME else None
    if held:
        if word != "not":
            return None
    elif word in _IS_NOT:
        no = not no
    elif word not in _IS or not (subject or no):
        return None
    at += 0 if held else 1
    while at < end and norms[at] in _ADVERBS:
        no = no or norms[at] == "never"
        at += 1
    if at < end and norms[at] == "not":
        no = not no
        at += 1
    if not no and at < end and norms[at] in _MISTAKEN:
        return Reply(False, begin, at + 1, flips=True) if _closes(d, at + 1, end) else None
    if no and at < end and norms[at] in _CAME:
        at += 1
    elif no and at + 1 < end and norms[at] in _HAD and norms[at + 1] in _ANY:
        at += 2
    elif no and at + 3 < end and norms[at] in _HAD and norms[at + 1 : at + 4] == ["a", "single", "one"]:
        at += 4
    return Reply(not no, begin, at) if _closes(d, at, end) else None


def _had(d: Draft, at: int, end: int) -> Reply | None:
    """Read a clause that takes up what was named: "I've got it", "ive had mine every day", "mine started in May"."""
    norms = d.norms
    if at + 1 >= end:
        return None
    if norms[at] == "mine" and (tense_of(norms[at + 1]) == 2 or norms[at + 1] in _CAME_ON):
        return Reply(True, at, at + 2) if norms[at + 1] not in _WENT else None
    begin = at
    at += norms[at] in _AUTHOR or norms[at] == "i"
    while at < end and (norms[at] in _ADVERBS or norms[at] == "have") and norms[at] != "never":
        at += 1
    if begin < at and at + 1 < end and norms[at] in _HAD and norms[at + 1] in ("it", "mine", "them", "that", "those"):
        return Reply(True, begin, at + 2) if norms[at + 1] == "mine" or _closes(d, at + 2, end) else None
    return None


def _spoken(d: Draft, at: int, end: int) -> Reply | None:
    """Read what the author says to one who asks: "I say no every time", "I keep telling her no", "the answer is no"."""
    norms = d.norms
    begin = at
    if norms[at] not in ("i", "ive", "told", "answer", "the", "and", "every", "each"):
        return None
    until = min(at + 6, end)
    while at < until and norms[at] not in _SAYS:
        at += 1
    if at >= until:
        return None
    at += 1
    while at < end and norms[at] in _TOLD_WHOM:
        at += 1
    if at < end and norms[at] in _PLAIN_NO:
        return Reply(False, begin, at + 1) if _closes(d, at + 1, end) else None
    if at < end and norms[at] in ("it", "i", "they") and begin < at - 1:
        return _clause(d, at, end, at)  # "every time I tell him it doesn't"
    if at < end and norms[at] == "not" and norms[at + 1 : at + 2] in (["at"], ["once"], ["a"], ["really"]):
        return Reply(False, begin, at + 1)
    if at < end and norms[at] in ("yes", "yep", "yeah"):
        return Reply(True, begin, at + 1)
    return None


def _ended(d: Draft, at: int, end: int) -> bool:
    return at >= end or bool(d.words[at].gap)


def _closes(d: Draft, at: int, end: int) -> bool:
    """Say whether nothing but an adverb or a time follows: "it did, by the handful", not "I do eat"."""
    if not _ANOTHER_TIME.isdisjoint(d.norms[at : min(at + 3, end)]):
        return False
    if _ended(d, at, end) or d.norms[at] in _ENDS:
        return True
    return at + 1 < end and (d.norms[at], d.norms[at + 1]) in _PAIRS
