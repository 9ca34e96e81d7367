"""Whose is it? The author's, one other person's, people's in general, a clinician's or a paper's words, a quotation.

The words that decide are lines of data/lexicons/experiencer.tsv. Within a sentence the nearest one before the mention
holds; "I" and "my" give the word back to the author; "he", "she" stand for the person named before, in any sentence.
"""

from collections.abc import Iterable
from typing import NamedTuple, cast

from spacy.language import Language
from spacy.tokens import Doc

from nlp.assertion import span
from nlp.component import Component, draft
from nlp.denials import SETTLED
from nlp.phrases import Hit, longest
from nlp.spot import found
from nlp.types import Draft, Mention, Whose

_QUOTE_OPEN, _QUOTE_CLOSE = '"“«', '"”»'
_LONGEST_QUOTE = 400
_REPORTED = 8  # words between what is said and who says it


class Voice(NamedTuple):
    """A word that says whose: words[first:last] of the post.

    said: what follows is what they say. pronoun: it names nobody itself.
    """

    whose: str
    said: bool
    first: int
    last: int
    pronoun: bool


class Experiencer(Component):
    """Writes whose every mention is."""

    def __call__(self, doc: Doc) -> Doc:
        """Replace the mentions that are not the author's by copies that say whose they are."""
        d = draft(doc)
        if d.exclusion or not d.mentions:
            return doc
        voices = voices_of(d, found(doc)["experiencer"])
        starts = d.word_starts()
        quotes = '"' in d.clean or "“" in d.clean
        if not (voices or quotes):
            return doc
        out = list(d.mentions)
        for i, mention in enumerate(out):
            if not (quotes or mention.sentence in voices) or SETTLED in mention.signs:
                continue
            who = whose(d, voices, mention, *span(mention, starts))
            if who != "self":
                out[i] = mention._replace(whose=who)
        d.mentions = out
        return doc


def voices_of(d: Draft, hits: Iterable[Hit]) -> dict[int, list[Voice]]:
    """Give the words that say whose, by sentence; pronouns are resolved to the last specific person named before.

    Where nobody is named before, or a clinician is, a pronoun says nothing.
    """
    out: dict[int, list[Voice]] = {}
    person = ""
    for first, last, row in longest(hits):
        who = row["whose"]
        if who == "pseudo":
            continue
        pronoun = who == "pronoun"
        if pronoun:
            if not person:
                continue
            who = person
        elif who == "other":
            person = "other"
        elif who == "clinician":
            person = ""
        voice = Voice(who, row["kind"] == "said", first, last, pronoun)
        out.setdefault(d.sentence_at(d.words[first].start), []).append(voice)
    return out


def whose(d: Draft, voices: dict[int, list[Voice]], mention: Mention, first: int, last: int) -> Whose:
    """Give whose a mention is; first, last: where its words begin and end."""
    if _quoted(d.clean, mention.start):
        return "quoted"
    here = voices.get(mention.sentence, ())
    # "My wife says I'm calmer", "it made her depressed": the words of the change themselves may say whose it is.
    before = [
        voice
        for voice in here
        if voice.last <= first
        or (voice.first == first and voice.whose == "self")
        or (first < voice.first < last and voice.pronoun and voice.whose == "other")
    ]
    if before and not before[-1].said and _shut_off(d, before[-1], mention):
        return "self"
    if before:
        # "The doctor says the headaches I get are from it": what they speak of is the author's.
        given = before[-1].whose == "clinician" and any(
            v.whose == "self" and first < v.first <= first + 2 for v in here
        )
        return "self" if given else cast(Whose, before[-1].whose)
    after = [voice for voice in here if voice.first >= first and voice.whose != "self"]
    # "nausea is what most people report", "drowsiness, my pharmacist said"
    if after and after[0].first - first <= _REPORTED and not any(v.whose == "self" for v in here):
        told = after[0].said or d.words[after[0].first - 1].norm in ("what", "that")
        return cast(Whose, after[0].whose) if told else "self"
    return "self"


def _shut_off(d: Draft, voice: Voice, mention: Mention) -> bool:
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
