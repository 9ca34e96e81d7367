"""What a reply, a comparison, an exception or a second denial settles, whatever cues reach a mention."""

from collections.abc import Iterable, Mapping

from nlp.denials import Cue
from nlp.despite import beyond, excepted, surprised
from nlp.phrases import word_classes
from nlp.replies import REPLY, foretold, reply
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
        if at >= 0:
            return "present", Cue("present", REPLY, 0, at, at + 1)
        for cue in here:
            if cue.category == "claimed" and 0 <= first - cue.last <= cue.reach:
                return "present", cue
        at = excepted(d, sentence, first, last)
        if at >= 0:
            return "negated", Cue("negated", REPLY, 0, at, at + 1)
    told = reply(d, mention, last)
    if told is None:
        return None
    ahead = foretold(d, mention, first)
    yes = told.yes != (told.flips and "negated" in reaching)
    if yes:
        doubted = "hypothetical" in reaching or sentence.question or ahead
        return ("present", Cue("present", REPLY, 0, told.first, told.last)) if doubted else None
    if effect and not (ahead or sentence.question or "hypothetical" in reaching):
        return None
    return "negated", Cue("negated", REPLY, 0, told.first, told.last)


def answered(m: Mention) -> Mention:
    """Give a change that was only foretold as what answered makes of it."""
    if m.assertion == "negated":
        return m._replace(assertion="present", direction="unchanged" if m.direction == "improved" else m.direction)
    return m._replace(direction="improved") if m.direction == "unchanged" and _denied_first(m) else m


def _denied_first(m: Mention) -> bool:
    # "Never thought it would help": the change that was found begins with the denial of the thought.
    return m.quote.lower().replace("'", "").split(" ", 1)[0] in _NEGATORS
