"""What a reply, a comparison, an exception or a second denial settles, whatever cues reach a mention."""

from collections.abc import Iterable, Mapping

from nlp.denials import Cue
from nlp.despite import beyond, excepted, surprised, unending
from nlp.phrases import word_classes
from nlp.replies import REPLY, reply
from nlp.types import EFFECTS, Assertion, Draft, Mention

_NEGATORS = word_classes()["negator"]


def settled(
    d: Draft, mention: Mention, first: int, last: int, reaching: Mapping[str, Cue], here: Iterable[Cue]
) -> tuple[Assertion, Cue] | None:
    """Give what is settled of a mention, words[first:last]; None if nothing is.

    reaching: the cues that reach it, by category; here: all of its sentence.
    """
    effect = mention.kind in EFFECTS
    if not (effect or mention.kind == "outcome"):
        return None
    sentence = d.sentences[mention.sentence]
    if effect:
        at = beyond(d, sentence, first, last)
        if at < 0:
            at = surprised(d, sentence, first, last)
        if at < 0:
            at = unending(d, sentence, first, last)
        if at >= 0:
            return "present", Cue("present", REPLY, 0, at, at + 1)
        for cue in here:
            if cue.category == "claimed" and cue.last < last and first - cue.last <= cue.reach:
                return "present", cue
        at = excepted(d, sentence, first, last)
        if at >= 0:
            return "negated", Cue("negated", REPLY, 0, at, at + 1)
    told = reply(d, mention, first, last)
    if told is None:
        return None
    yes = told.yes != (told.flips and ("negated" in reaching or _denied_first(mention)))
    so: Assertion = "present" if yes else "negated"
    return so, Cue(so, REPLY, 0, told.first, told.last)


def answered(m: Mention) -> Mention:
    """Give a change that was only foretold as what answered makes of it."""
    if m.assertion == "negated":
        return m._replace(assertion="present", direction="unchanged" if m.direction == "improved" else m.direction)
    return m._replace(direction="improved") if m.direction == "unchanged" and _denied_first(m) else m


def _denied_first(m: Mention) -> bool:
    # "Never thought it would help": the change that was found begins with the denial of the thought.
    return m.quote.lower().replace("'", "").split(" ", 1)[0] in _NEGATORS
