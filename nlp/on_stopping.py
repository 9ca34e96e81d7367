"""Whether a symptom is one of leaving the medicine: of stopping it, going without, tapering or missing a dose.

The cues are the lines of kind "stopping" in data/lexicons/ties.tsv. A decision ("I discontinued it, too tired") is no
time at which a symptom came; "after discontinuing", "if I miss one" and "tried to get off it but ..." are.
"""

import re

from nlp.effect_clues import Symptom
from nlp.ties import Tie, Ties
from nlp.types import Draft, Sentence

_REASONS = frozenset(["due", "tolerate", "stand", "handle", "bc", "cuz", "cause", "reason", "as", "couldnt", "cant"])
_BLAMED = frozenset(["made", "makes", "caused", "due", "because", "tolerate"])
_NO_SEQUEL = _REASONS | {"restarted", "again", "back", "daily", "every"}  # "went off it, tried it again only to ..."
_DECIDED = frozenset(["discontinu", "went", "go", "going", "stopped", "stop", "quit", "came", "dont", "didnt", "not"])
_MAY = frozenset(["can", "will", "may", "might", "could", "would", "to", "does", "did", "really"])
_BEGUN = frozenset(["started", "starting", "restarted", "restarting", "upped", "increased", "titrated"])
_TURNED = frozenset(["but", "however", "although", "though"])
_STOPPED_BEHIND, _LED_WITHIN = 11, 4
_TRIED_BUT = re.compile(
    r"\b(?:tr(?:y|ied|ying)|wants?|wanted|attempt\w*|need(?:ed)?|like)\b[^.;!?\n]{0,20}?\b(?:stop\w*|quit\w*|wean\w*|"
    r"taper\w*|discontinu\w*|off|without|withdraw\w*)\b[^.;!?\n]{0,40}\bbut\b"
)
_LED_BY = 25  # characters before a cue of stopping that say that it was decided on
# "That is when I stopped taking it", "they stopped when I stopped it", "so he weaned me off".
_DECISION = re.compile(
    r"\b(?:(?:that|this|which)(?:'?s| is| was)? (?:when|why|how)|so (?:i|he|she|they|we|my)\b|until|i told (?:him|her)|"
    r"(?:ceased|went away|subsided|stopped|disappeared|gone|cleared|resolved|improved|better|till)"
    r" (?:when|after|once|until|i\b))"
)
_STOPPING = ("stopping", "stopped")
_WHEN_BEFORE, _SEQUEL = 5, 3  # words before a cue of stopping; sentences that its sequel may run on
_NEUTRAL = ("got", "had", "severe", "mild", "gone", "less")
_WHEN = frozenset(["when", "if", "after", "since", "once", "upon", "from", "whenever"])
_NOT_OF_STOPPING = frozenset(
    "any tolerance dependence weight_gain weight_loss constipation libido_decreased sexual_dysfunction hair_loss "
    "emotional_blunting dry_mouth somnolence".split()
)


def on_stopping(d: Draft, ties: Ties, symptom: Symptom) -> Tie | None:
    """Give the cue that makes a symptom one of stopping or of a missed dose; None if there is none."""
    if ties.kinds.isdisjoint(_STOPPING):
        return None
    n = d.sentence_at(d.words[symptom.first].start)
    sentence = d.sentences[n]
    if symptom.concept in _NOT_OF_STOPPING:
        return when_it_stopped(d, ties, symptom, sentence) if symptom.concept == "any" else None
    near = ties.before(symptom.first, ("stopping",), 25, sentence.first)
    if near is not None:
        # "discontinued it as I could not tolerate the dry mouth": the reason, not the sequel.
        between = _reasons_between(d, near.last, symptom.first)
        return None if between & _NO_SEQUEL or not _tells_of_stopping(d, near) else near
    return (
        when_it_stopped(d, ties, symptom, sentence)
        or _tried_to_stop(d, ties, symptom, sentence)
        or _stopped_before(d, ties, n)
    )


def _reasons_between(d: Draft, first: int, last: int) -> set[str]:
    # "It can cause" is no "because".
    words = d.words
    return {words[k].norm for k in range(first, last) if words[k].norm != "cause" or words[k - 1].norm not in _MAY}


def when_it_stopped(d: Draft, ties: Ties, symptom: Symptom, sentence: Sentence) -> Tie | None:
    """Give the cue of stopping behind a symptom, where a word of time or condition leads it: "dizzy if I miss one"."""
    for tie in ties.within(symptom.last, min(symptom.last + _STOPPED_BEHIND, sentence.last)):
        if tie.kind == "stopping":
            led = range(max(tie.first - _LED_WITHIN, symptom.last), tie.last)
            if any(d.words[k].norm in _WHEN for k in led) and _tells_of_stopping(d, tie):
                between = range(symptom.last, tie.first)
                return None if any(d.words[k].norm in _TURNED for k in between) else tie
    return None


def _tried_to_stop(d: Draft, ties: Ties, symptom: Symptom, sentence: Sentence) -> Tie | None:
    """Give the cue of an attempt that a symptom answers: "tried to get off it but the dizziness was too much"."""
    at = d.words[symptom.first].start
    m = _TRIED_BUT.search(d.low, sentence.start, at)
    if m is None:
        return None
    cues = [tie for tie in ties.within(sentence.first, symptom.first) if tie.kind in _STOPPING]
    return next((tie for tie in cues if m.start() <= d.words[tie.first].start < m.end()), None)


def _tells_of_stopping(d: Draft, tie: Tie) -> bool:
    # "I discontinued it, too tired" tells of a decision; "after discontinuing", "missed a dose" of a time.
    if _DECISION.search(d.low, max(d.words[tie.first].start - _LED_BY, 0), d.words[tie.last - 1].end):
        return False
    if d.words[tie.first].norm[:10] not in _DECIDED:
        return True
    # "Never stop it all at once, you get dizzy".
    before = [d.words[k].norm for k in range(max(tie.first - 2, 0), tie.first)]
    if "dont" in before or "never" in before or before == ["do", "not"]:
        return True
    return any(d.words[k].norm in _WHEN for k in range(max(tie.first - _WHEN_BEFORE, 0), tie.last))


def _stopped_before(d: Draft, ties: Ties, n: int) -> Tie | None:
    """Give the cue of stopping in the sentences before, if those since then tell of nothing else."""
    for k in range(n, max(n - _SEQUEL, 0), -1):
        sentence, before = d.sentences[k], d.sentences[k - 1]
        if ties.within(sentence.first, sentence.last) != ties.of(_NEUTRAL, sentence):
            return None
        if not _BLAMED.isdisjoint(d.norms[before.first : before.last]):
            return None
        if not _BEGUN.isdisjoint(d.norms[sentence.first : sentence.last]):
            return None
        cues = [tie for tie in ties.within(before.first, before.last) if tie.kind == "stopping"]
        if cues:
            return cues[-1] if k == n or _tells_of_stopping(d, cues[-1]) else None
    return None
