"""Whose is it? The author's, one other person's, people's in general, a clinician's or a paper's words, a quotation.

The words that decide are lines of data/lexicons/experiencer.tsv. Within a sentence the nearest one before the mention
holds; "I" and "my" give the word back to the author, but not where they only say which person is meant ("a man in my
group", "the woman I work with"); "he", "she" stand for the person named before, in any sentence.
"""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple, cast

from spacy.language import Language
from spacy.tokens import Doc

from nlp.assertion import span
from nlp.component import Component, draft
from nlp.denials import SETTLED
from nlp.phrases import Hit, Row, longest, word_classes
from nlp.spot import found
from nlp.tense import tense_of
from nlp.types import EFFECTS, Draft, Mention, Whose

_QUOTE_OPEN, _QUOTE_CLOSE = '"“«', '"”»'
_LONGEST_QUOTE = 400
_REPORTED = 8  # words between what is said and who says it
_WHICH = 6  # words from a person to the "my" of what says which one
_LEAD = 2  # words from where a sentence begins to the "me too" that answers the one before it
_OBJECT = 2  # words from what came to the one whom it came to: "stopped the spasms in my mother's legs"
_CLASSES = word_classes()
_MINE = frozenset("my mine our me us".split())
_I = frozenset("i im ive id we weve".split())
_MINE_IS = frozenset(
    "get got have had am was feel felt suffer suffered experience experienced keep still now do".split()
)
_AT, _TO = _CLASSES["place_word"], frozenset("for in on to with of".split())
_YOUR, _MAKES = frozenset("your ur yr yer".split()), _CLASSES["makes"]
_SEES, _RELATES = _CLASSES["observes"], _CLASSES["relates"]
_THE, _THE_WITHIN = frozenset("how the these this those what every all".split()), 3
_BEING = _CLASSES["be"] | frozenset("become becomes became becoming like as normally generally usually".split())
_NO_VERB = frozenset("of to or and here for in with from at who i im my".split())
_SAID_ON = frozenset(
    "also only not that could can may might mostly mainly often sometimes rarely if he she they".split()
)
_CAME = (*EFFECTS, "outcome")
_first = itemgetter(0)
_FIRST_NAMES, _A_PERSON = _CLASSES["first_name"], Row("experiencer", "", {"whose": "other", "kind": "subject"})
_ACTS = frozenset("who just also only never still said says swears swore reckons told stopped could couldnt".split())
_NO_PERSON = frozenset("st saint dr doctor nurse hi hey hello dear thanks".split())
_OWN_REACH = 4  # words from the author's "I" to what came to them


class Voice(NamedTuple):
    """A word that says whose: words[first:last] of the post.

    said: what follows is what they say. pronoun: it names nobody itself. also: what was told of others holds of the
    author too.
    """

    whose: str
    said: bool
    first: int
    last: int
    pronoun: bool
    also: bool = False


class Experiencer(Component):
    """Writes whose every mention is."""

    def __call__(self, doc: Doc) -> Doc:
        """Replace the mentions that are not the author's by copies that say whose they are."""
        d = draft(doc)
        if d.exclusion or not d.mentions:
            return doc
        hits = found(doc)["experiencer"]
        voices = unnamed = voices_of(d, hits)
        names = _named(d)
        if names:
            voices = voices_of(d, sorted([*hits, *names], key=_first))
        starts = d.word_starts
        quotes = '"' in d.clean or "“" in d.clean
        yours = not _YOUR.isdisjoint(d.vocabulary)
        if not (voices or quotes or yours):
            return doc
        out = list(d.mentions)
        for i, mention in enumerate(out):
            if not (quotes or yours or mention.sentence in voices) or SETTLED in mention.signs:
                continue
            first, last = span(mention, starts)
            # Who is named takes what he takes as one who is spoken of at length may: only what came to him is his.
            told = voices if mention.kind in _CAME else unnamed
            who = whose(d, told, mention, first, last)
            if who != "self" and not _too(d, voices, mention, last):
                out[i] = mention._replace(whose=who)
            elif mention.kind == "side_effect" and not d.own and _i_have(d, voices, mention.sentence, first):
                d.own = True
        d.mentions = out
        return doc


def voices_of(d: Draft, hits: Iterable[Hit]) -> dict[int, list[Voice]]:
    """Give the words that say whose, by sentence; pronouns are resolved to the last specific person named before.

    Where nobody is named before, or a clinician is, a pronoun says nothing.
    """
    out = _spoken_to(d)
    person = ""
    for first, last, row in longest(hits):
        who = row["whose"]
        if who == "pseudo":
            continue
        kind = row["kind"]
        if who == "other" and (_is_what(d.norms, first) or (kind == "start" and not _begins(d, first, last))):
            continue
        if kind == "own" and not _quoted(d.clean, d.words[first].start):
            d.own = True
        pronoun = who == "pronoun"
        if pronoun:
            if not person:
                continue
            who = person
        elif who == "other" or kind == "with":
            person = "other"
        elif who == "clinician":
            person = ""
        here = out.setdefault(d.sentence_at(d.words[first].start), [])
        # What is the author's begins with the first word: "my cravings".
        voice = Voice(who, kind == "said", first, first + 1 if kind == "own" else last, pronoun, kind == "also")
        if not (who == "self" and here and _says_which(d, here[-1], voice)):
            here.append(voice)
    return out


def _spoken_to(d: Draft) -> dict[int, list[Voice]]:
    """Give the sentences that begin with the name of one who is spoken to: "@mark your headaches"."""
    if "@" not in d.clean:
        return {}
    begun = [
        (n, s) for n, s in enumerate(d.sentences) if d.clean[s.start : s.end].lstrip()[:1] == "@" and s.first < s.last
    ]
    return {n: [Voice("general", False, s.first, s.first + 1, False)] for n, s in begun}


def _named(d: Draft) -> list[Hit]:
    """Give the first names that do something: "Dave from AA had headaches", "steve swears by it"."""
    if _FIRST_NAMES.isdisjoint(d.vocabulary):
        return []
    norms = d.norms
    return [
        Hit(k, k + 1, _A_PERSON)
        for k, norm in enumerate(norms[:-1])
        if norm in _FIRST_NAMES
        and not d.words[k + 1].gap
        and (norms[k + 1] in _ACTS or norms[k + 1] in _AT or tense_of(norms[k + 1]) > 0)
        and (not k or norms[k - 1] not in _NO_PERSON)
    ]


def _begins(d: Draft, first: int, last: int) -> bool:
    """Say whether a relative without a "my" begins a sentence that tells of them: "Wife was put on it"."""
    if d.sentences[d.sentence_at(d.words[first].start)].first != first or last >= len(d.words):
        return False
    return d.words[last].gap != "," and d.norms[last] not in _NO_VERB


def _is_what(norms: Sequence[str], first: int) -> bool:
    """Say whether a noun of persons says what somebody is ("I feel like a new man"), and names nobody."""
    if not first or norms[first] not in ("a", "an", "the", "another"):
        return False
    return norms[first - 1] in _BEING and norms[max(first - 2, 0)] != "there"


def _says_which(d: Draft, person: Voice, own: Voice) -> bool:
    """Say whether the author's "I" or "my" only tells which person is meant: "a man in my group", "one I work with".

    Or to whom something is said.
    """
    if person.said:
        return d.norms[own.first] in ("me", "us")  # "went through the list with me"
    if person.pronoun or person.whose not in ("other", "general"):
        return False
    between = d.norms[person.last : own.first]
    if _parted(d, person.last, own.first):
        return False
    if d.norms[own.first] in _I:
        relates = not _RELATES.isdisjoint(d.norms[own.last : own.last + 2])
        return relates and all(word in ("that", "who", "whom") for word in between)
    if len(between) in (2, 3) and between[0] in ("who", "that") and _SEES.isdisjoint(between):
        return d.norms[own.first] == "my"  # "the woman who cuts my hair"
    if not 0 < len(between) <= _WHICH or d.norms[own.first] not in _MINE or not _SEES.isdisjoint(between):
        return False
    return not _AT.isdisjoint(between) and all(tense_of(word) == 0 for word in between)


def _too(d: Draft, voices: dict[int, list[Voice]], mention: Mention, last: int) -> bool:
    """Say whether the author has it as well: "my sister gets headaches, me too", "... cravings. Same here."."""
    n = mention.sentence + 1
    begin = d.sentences[n].first + _LEAD if n < len(d.sentences) else 0
    here = any(v.also and v.first >= last for v in voices.get(mention.sentence, ()))
    return here or any(v.also and v.first < begin for v in voices.get(n, ()))


def _i_have(d: Draft, voices: dict[int, list[Voice]], sentence: int, first: int) -> bool:
    """Say whether the author names what follows as their own: "I get dizzy", "gave me hives"."""
    before = [v for v in voices.get(sentence, ()) if v.last <= first]
    if not before or first - before[-1].last > _OWN_REACH or d.norms[before[-1].first] not in _I | {"me"}:
        return False
    return _SEES.isdisjoint(d.norms[before[-1].first : first])


def whose(d: Draft, voices: dict[int, list[Voice]], mention: Mention, first: int, last: int) -> Whose:
    """Give whose a mention is; first, last: where its words begin and end."""
    if _quoted(d.clean, mention.start):
        return "quoted"
    here = voices.get(mention.sentence, ())
    if here and _i_behind(d, here, first, last):
        return "self"
    if not _YOUR.isdisjoint(d.norms[max(first - 2, 0) : first + 1]) and _yours(d, mention, first):
        return "general"
    on_me = mention.kind in EFFECTS and "me" in d.norms[first + 1 : last]
    if on_me and not any(v.said and v.first < first for v in here):
        return "self"  # "my mother can take 60, one 10 knocks me out"
    # "It killed my neighbor's cravings": what changed names whose it is.
    inside = [v for v in here if first <= v.first < last and not v.said] if mention.kind == "outcome" else ()
    if inside and inside[-1].whose == "other":
        return "other"
    # "My wife says I'm calmer", "it made her depressed": the words of the change themselves may say whose it is.
    before = [
        voice
        for voice in here
        if voice.last <= first
        or (voice.first == first and voice.whose == "self")
        or (first < voice.first < last and voice.pronoun and voice.whose == "other")
    ]
    if before and _shut_off(d, before[-1], mention, first):
        return "self"
    if before:
        # "The doctor says the headaches I get are from it": what they speak of is the author's.
        given = before[-1].whose == "clinician" and any(v.whose == "self" and first < v.first < last for v in here)
        return "self" if given else cast(Whose, before[-1].whose)
    to = next((v for v in here if v.first >= last), None)
    if to is not None and to.whose == "other" and not to.said and _came_to(d, last, to):
        return "other"
    after = [voice for voice in here if voice.first >= first and voice.whose != "self"]
    # "nausea is what most people report", "drowsiness, my pharmacist said"; not "none of the rash I read about"
    if mention.assertion == "negated" and (mention.cue_end or 0) <= mention.start:
        return "self"
    if after and after[0].first - first <= _REPORTED and not any(v.whose == "self" for v in here):
        told = after[0].said or d.words[after[0].first - 1].norm in ("what", "that")
        return cast(Whose, after[0].whose) if told else "self"
    return "self"


def _i_behind(d: Draft, here: Sequence[Voice], first: int, last: int) -> bool:
    """Say whether what is named is right behind it said to be the author's: "how tired I am", "the headaches I get"."""
    for v in here:
        if v.whose == "self" and last <= v.first <= last + 1 and d.norms[v.first] in _I:
            if _parted(d, last, v.first):
                return False
            if v.first > last and d.norms[last] not in ("that", "which"):
                return False
            told = d.norms[v.first] != "i" or not _MINE_IS.isdisjoint(d.norms[v.last : v.last + 1])
            return told and not _THE.isdisjoint(d.norms[max(first - _THE_WITHIN, 0) : last])
    return False


def _yours(d: Draft, mention: Mention, first: int) -> bool:
    """Say whether a symptom is that of one who is spoken to ("your headaches").

    Not what "makes your mouth dry", nor where "you" has been anybody: "when you take it for years your legs ..."
    """
    at = next(k for k in range(first, -1, -1) if d.norms[k] in _YOUR)
    begin = d.sentences[mention.sentence].first
    if "you" in d.norms[begin:at] or _parted(d, at + 1, first):
        return False
    return _MAKES.isdisjoint(d.norms[max(begin, at - _REPORTED) : at])


def _parted(d: Draft, first: int, last: int) -> bool:
    """Say whether a mark stands before one of words[first : last + 1]."""
    return not all(word.gap == "" for word in d.words[first : last + 1])


def _came_to(d: Draft, last: int, to: Voice) -> bool:
    # "killed the cravings for my neighbor", "stopped the spasms in my mother's legs"
    if not last < to.first <= last + _OBJECT or d.norms[to.first - 1] not in _TO:
        return False
    return not _parted(d, last, to.first)


def _shut_off(d: Draft, voice: Voice, mention: Mention, first: int) -> bool:
    if voice.said:
        # "My doctor swore it wasn't the pill, but the rash came the next day": he has said no more of it.
        turns = [k for k in range(voice.last, first) if d.norms[k] in ("but", "yet", "however")]
        return bool(turns) and d.norms[turns[-1] + 1] not in _SAID_ON
    # "wanted to kill anyone; blurred vision", "(see an article) Slight nausea": what follows is no more of theirs.
    between = d.clean[d.words[voice.last - 1].end : mention.start]
    return ";" in between or (")" in between and "(" not in between)


def _quoted(text: str, at: int) -> bool:
    # Between quotation marks after somebody's "said": a stretch that opens before the mention and closes behind it.
    line = max(text.rfind("\n", 0, at) + 1, at - _LONGEST_QUOTE)
    opened = text[line:at]
    if opened.count('"') % 2 and text.find('"', at, at + _LONGEST_QUOTE) > 0:
        begin = opened.rfind('"')
        return len(opened) - begin > 12 or opened[:begin].rstrip().endswith((",", ":"))
    return opened.rfind("“") > opened.rfind("”") and text.find("”", at, at + _LONGEST_QUOTE) > 0


Language.factory("doselore_experiencer", func=Experiencer)
