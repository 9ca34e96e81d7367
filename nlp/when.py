"""When it was: before the treatment, or of a treatment not yet begun; what is laid on the treatment itself is neither.

"I used to be tired after each dose", "a headache from it until I took it with food": a word of the past tells of
nothing that was there before, where the medicine is said to have done it. "Will my hair fall out? Starting tomorrow":
of one who has not begun nothing has come yet.
"""

from collections.abc import Sequence

from nlp.denials import Cue
from nlp.phrases import word_classes
from nlp.tense import tense_of
from nlp.types import EFFECTS, Draft, Mention

BEFORE = "before"
"""The sign of an outcome of which the text says outright that it came before the treatment."""
_CLASSES = word_classes()
_MED = frozenset(
    "it this these them baclofen pill pills tablet tablets dose doses med meds medication medicine drug stuff".split()
)
_FROM = frozenset("from on off with after".split())
_SMALL = frozenset("the my each every any taking a this these that first second morning evening night being on".split())
_MADE = frozenset(
    "made makes make gave gives give given left leaves put puts caused causes turned turns had knocked knocks keeps "
    "kept got gets making giving".split()
)
_TO_ME = frozenset("me my us him her a an the some really so very awful terrible bad just always more".split())
_NOT = _CLASSES["negator"]
_AGENTS = _CLASSES["agent"] | _CLASSES["cause"]
_OTHER = frozenset("old other previous last former another different".split())
_FUTURE = frozenset("will would could might may can to if should itll thisll theyll unless going gonna".split())
_IF = frozenset("if unless should suppose supposing in".split())
_FROM_OTHER = frozenset("from due because down thanks caused".split())
_THERAPY = frozenset("surgery operation physio physiotherapy therapy acupuncture massage".split())
_IT = frozenset("it this these them they baclofen".split())
_JOINED = frozenset("with and or plus without on than for against like by no".split())
_GOES_ON = frozenset("and but then also yet plus".split())
_DETERMINERS = frozenset("the a an my this that any some all".split())
_TAKING = frozenset(
    "start started starting began begun begin took take taking taken prescribed using mg dose dosage side effects "
    "effect drugs tapered weaned upped increased".split()
)
_BEHIND, _AHEAD, _MADE_WITHIN = 4, 6, 3
_AT_LENGTH = 120  # words
_LEAD = 6  # words from where a sentence begins to what says of the one before it that it was before


def of_treatment(d: Draft, first: int, last: int) -> bool:
    """Say whether words[first:last] are laid on the treatment: "a headache from it", "it gave me a rash"."""
    return _from_it(d, last) or it_made(d, first) or it_made(d, min(last + _BEHIND, len(d.words)), last)


def _from_it(d: Draft, last: int) -> bool:
    norms = d.norms
    for k in range(last, min(last + _BEHIND, len(norms))):
        if d.words[k].gap == "." or norms[k] in _NOT:
            return False
        if norms[k] in _FROM:
            at = k + 1
            while at < min(k + _BEHIND, len(norms)) and norms[at] in _SMALL and norms[at] not in _MED:
                at += 1
            return at < len(norms) and norms[at] in _MED
    return False


def it_made(d: Draft, first: int, begin: int = -1) -> bool:
    """Say whether the treatment is said to make what follows: "it has given me", "this stuff made my".

    begin: the first word that is looked at; else those close before.
    """
    norms = d.norms
    low = max(first - _AHEAD, 0) if begin < 0 else begin
    for k in range(first - 1, low - 1, -1):
        if d.words[k].gap == "." and k + 1 < first and begin < 0:
            return False
        if (
            norms[k] not in _MADE
            or d.words[k].gap
            or any(word not in _TO_ME for word in norms[k + 1 : first] if begin < 0)
        ):
            continue
        before = norms[max(k - _MADE_WITHIN, low) : k]
        if any(word in _MED for word in before) and _NOT.isdisjoint(before) and _OTHER.isdisjoint(before):
            return True
    return False


def past_holds(d: Draft, cue: Cue, mention: Mention, first: int, last: int) -> bool:
    """Say whether a cue of the time before the treatment tells of a mention that it reaches."""
    if first == cue.last and d.norms[cue.first] == "before":
        return False  # "a month before the dizziness wore off": that is what came
    if mention.direction == "improved" and "used" in d.norms[cue.first : cue.last]:
        return False  # "I used to get spasms all night, now they're gone"
    if d.index is not None and _blames(d, cue, d.index):
        return False  # "Penicillin gave me hives" is of another time, but in a review of penicillin
    if cue.direction == "dated":
        if mention.kind == "outcome" and mention.concept == "overall":
            return False
        if mention.kind == "outcome" and d.norms[cue.first] in _FROM_OTHER and d.norms[cue.last - 1] not in _THERAPY:
            return False  # "free from alcohol"
        return _of_no_treatment(d, mention, max(last, cue.last))
    if cue.direction == "cause":
        return _is_subject(d, cue)
    return mention.kind not in EFFECTS or cue.direction == "whole" or not of_treatment(d, first, last)


def _of_no_treatment(d: Draft, mention: Mention, last: int) -> bool:
    """Say whether a sentence tells of no treatment up to a word and a little behind: "had a seizure in 2018"."""
    sentence = d.sentences[mention.sentence]
    begin, end = sentence.first, min(last + _BEHIND, sentence.last)
    while end > last and any(word.gap for word in d.words[last:end]):
        end -= 1
    if not (_MED.isdisjoint(d.norms[begin:end]) and _TAKING.isdisjoint(d.norms[begin:end])):
        return False
    since, until = d.words[begin].start, d.words[end - 1].end
    return not any(since <= m.start < until for m in d.named(d.index))


def _is_subject(d: Draft, cue: Cue) -> bool:
    """Say whether what another cause begins with does what it ends with.

    Not so: "with alcohol it makes me sick", "did nothing for my drinking and made me sick".
    """
    norms = d.norms
    if not _IT.isdisjoint(norms[cue.first : cue.last]):
        return False
    for k in range(cue.first + 1, cue.last):
        if d.words[k].gap or (norms[k] in _GOES_ON and norms[k + 1] not in _AGENTS):  # but "wine and coffee make me"
            return False
    at = cue.first - 1
    while at >= 0 and d.norms[at] in _DETERMINERS and not d.words[at + 1].gap:
        at -= 1
    return at < 0 or bool(d.words[at + 1].gap) or d.norms[at] not in _JOINED


def _blames(d: Draft, cue: Cue, substance: str) -> bool:
    norms = d.norms[cue.first : cue.last]
    if _AGENTS.isdisjoint(norms):
        return False
    if substance in norms:  # a heading's own word, which no list has
        return True
    begin, end = d.words[cue.first].start, d.words[cue.last - 1].end
    return any(begin <= m.start < end for m in d.named(substance))


def begun(d: Draft) -> bool:
    """Say whether the post is a form's review, or tells at length: who writes that has begun, whatever comes next."""
    return (d.index_from_heading and "side effects:" in d.low) or len(d.words) > _AT_LENGTH


def conditional(d: Draft, cue: Cue, first: int, last: int) -> bool:
    """Say whether a condition begins before a mention and runs into it: "if this gets rid of my pain"."""
    return cue.category == "hypothetical" and cue.first < first < cue.last <= last and d.norms[cue.first] in _IF


def whole_before(d: Draft, here: Sequence[Cue], ahead: Sequence[Cue], mention: Mention, last: int) -> Cue | None:
    """Give the words that say of all that was named before them that it was there before the treatment.

    here, ahead: the cues of the mention's sentence and of the one behind it.
    """
    for cue in here:
        if cue.category == "past" and cue.direction == "whole" and last <= cue.first:
            return cue
    for cue in ahead:
        if cue.category == "past" and cue.direction == "whole":
            begin = d.sentences[mention.sentence + 1].first
            return cue if cue.first - begin < _LEAD else None
    return None


def not_begun(d: Draft, mention: Mention, first: int) -> bool:
    """Say whether nothing in the sentence of a mention tells that it has come, where the author has yet to begin."""
    sentence = d.sentences[mention.sentence]
    norms = d.norms[sentence.first : sentence.last]
    if any(tense_of(word) == 2 for word in norms):
        return False
    return not _FUTURE.isdisjoint(d.norms[max(first - _AHEAD, sentence.first) : first]) or not it_made(d, first)
