"""What the post says of each treatment: taken, considered or only mentioned; stopped; for how long."""

import re
from collections.abc import Iterable

from spacy.language import Language
from spacy.tokens import Doc

from nlp import lexicon, taking
from nlp.component import Component, draft
from nlp.courses import stopped
from nlp.dose_daily import as_daily
from nlp.phrases import word_classes
from nlp.reporter import for_another
from nlp.stopping import harmed, mask, reason
from nlp.taken_for import durations
from nlp.taking import Says, Verdict
from nlp.types import Draft, Mention, Treatment

_SELF = re.compile(r"\b(?:i|i'm|i've|im|ive|me|my|we|our|mine|myself|i'd|i'll)\b")
_TAKES = re.compile(r"\b(?:i|i'm|i've|im|ive|me|my|am|we|been|started|taking|took)\b")
# Right before a dose: it is the author's own.
_OWN_DOSE = re.compile(
    r"\bi(?:'m|'ve|m|ve)?(?: (?:myself|am|was|have|had|been|only|just|also|now|still|do|did|stay|stayed|got|get|feel|"
    r"felt|fine|well|take|took|taking|use|used|went|go|started|need|needed|up|down|on|at|to|about|around|ok|"
    r"great)){1,6} $"
)
_ANYBODY = re.compile(
    r"\b(?:you|your|people|anyone|anybody|patients|they|most|some|doctors|typical(?:ly)?|usual(?:ly)?|recommended|standard|if)\b"
)
_ASKS = re.compile(r"\b(?:anyone|anybody|has|have|does|do|is|are|can|who|what|should|how|did|would|you|someone)\b")
# Forms of a verb that tell of nobody's taking where no "I" stands in the sentence: "using X to stop an overdose".
_BARE = frozenset(
    "take takes taking use uses using utilize utilizing try trying start starts starting begin beginning add adding "
    "adds combine combining mix mixing switch pop popping quit quitting stopping inject snort eat eating".split()
)
_STARTED = re.compile(
    r"\b(?:takes|took|taking|taken|been on|started|starting|is on|was on|uses|used|using|tried|got)\b"
)
_PLEASURE = word_classes()["pleasure"]
# "I start Suboxone on Thursday": not taken yet; but "since starting X on Thursday", "Starting X on Friday saved me".
_BEGINS = re.compile(r"(?:start|starting|begin|beginning)\b")
_WILL = re.compile(r"\b(?:i|i'm|im|i am|i'll|we|we're|will|gonna)(?: (?:be|finally|also|just|will))? $")
_SOON = re.compile(
    r"(?: [\w-]+){0,3}? (?:tomorrow|tonight|soon|next (?:week|month|year)|(?:on|this|next|come) (?:coming )?"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
_THIRD = frozenset(["takes", "uses", "snorts", "pops"])
_BACK = re.compile(r"\bback (?:on|to)\b")
_STRANGERS = ("general", "literature", "quoted")
_TAKEN: tuple[Says, ...] = ("taken", "began", "ended")


class Status(Component):
    """Writes Draft.treatments, and the status of doses."""

    def __init__(self, nlp: Language, name: str) -> None:
        super().__init__(nlp, name)
        self._counts = {s.id: s.counts for s in lexicon.substances().values()}
        # A forum post has no heading that says what it is about: stimulants are taken for a problem there too.
        self._forum = self._counts | {s.id: "same" for s in lexicon.substances().values() if s.group == "stimulant"}

    def __call__(self, doc: Doc) -> Doc:
        """Decide on every substance that counts."""
        d = draft(doc)
        if d.exclusion:
            return doc
        named = d.of("substance")
        said: dict[str, list[tuple[Mention, Verdict]]] = {}
        for m, verdict in zip(named, taking.verdicts(d, named), strict=True):
            said.setdefault(m.concept, []).append((m, verdict))
        if d.index and (d.index_from_heading or d.index in said):
            said.setdefault(d.index, [])
            for at, verdict in _of_pronouns(d):
                said[d.index].append((Mention("substance", d.index, *at, "", d.sentence_at(at[0])), verdict))
        another = for_another(d)
        forum = not d.index_from_heading and _PLEASURE.isdisjoint(d.vocabulary)
        order = [d.index] if d.index and d.index_from_heading else []
        for substance in [*order, *(s for s in said if s not in order)]:
            counts = (self._forum if forum else self._counts).get(substance, "listed")
            if counts in ("drug", "other") and not (d.index_from_heading and substance == d.index):
                continue
            status = self._status(d, substance, said.get(substance, []), another=another)
            if counts == "same" and status not in ("taken", "considered") and substance != d.index:
                continue
            d.treatments[substance] = Treatment(substance, status)
        times = durations(d, mask(d)) if any(t.status == "taken" for t in d.treatments.values()) else {}
        for treatment in d.treatments.values():
            if treatment.status == "taken":
                verdicts = [v for _, v in said.get(treatment.substance, [])]
                treatment.stopped = stopped(d, treatment.substance, verdicts, another=another)
                found = times.get(treatment.substance)
                if found:
                    treatment.duration_days, treatment.duration_quote = found.days, found.quote
        harm = harmed(d)
        another = another and not any(_OWN_DOSE.search(d.low, max(0, m.start - 40), m.start) for m in d.of("dose"))
        d.mentions = [_completed(d, m, harm, another=another) for m in d.mentions if not _unsaid(d, m)]
        return doc

    def _status(self, d: Draft, substance: str, said: list[tuple[Mention, Verdict]], *, another: bool) -> str:
        votes: set[str] = set()
        for m, verdict in said:
            votes.add("general" if m.whose == "other" and not another else _vote(d, m, verdict, another=another))
        owned = d.owned(substance)
        for m in owned:
            if m.kind == "dose" and m.status in (None, "taken") and _told(d, m):
                votes.add("taken" if m.status and (m.whose == "self" or another) else "dosed")
        tied = [m for m in owned if m.kind in ("outcome", "side_effect")]
        told = any(m.assertion in ("present", "negated") and m.whose in ("self", "other") for m in tied)
        if "taken" in votes or self._given_up(d, substance):
            return "taken"
        if "dosed" in votes and not votes & {"considered", "never", "general"}:
            return "taken"
        if d.index_from_heading and substance == d.index:
            if "considered" in votes and not told:
                return "considered"
            return "taken" if told or _experience(d) else "mentioned"
        if "considered" in votes:
            return "considered"
        if not d.index_from_heading:
            # What a forum post tells of its author's state is tied to a drug that it only names beside it.
            at = {m.sentence for m, _ in said}
            tied = [m for m in tied if m.sentence in at or m.sentence - 1 in at]
        own = any(_SELF.search(d.low, d.sentences[m.sentence].start, m.end + 40) for m in tied)
        if told and own and "general" not in votes:
            return "taken"
        if d.index_from_heading and "open" in votes and "general" not in votes and "never" not in votes:
            return "taken"
        return "mentioned"

    @staticmethod
    def _given_up(d: Draft, substance: str) -> bool:
        # What its reviewer has decided to get off has been taken.
        if not d.index_from_heading or substance != d.index:
            return False
        return any(m.kind == "stop" and not m.detail and m.assertion != "hypothetical" for m in d.owned(substance))


def _told(d: Draft, m: Mention) -> bool:
    """Say whether a dose is told, rather than asked about or said of people in general."""
    s = d.sentences[m.sentence]
    anybody = m.status is None and _ANYBODY.search(d.low, s.start, m.end)
    return m.whose not in _STRANGERS and not s.question and not anybody


def _vote(d: Draft, m: Mention, verdict: Verdict, *, another: bool = False) -> str:
    says = verdict.says
    if another and says == "general" and m.whose == "other":
        # "I have a friend who started X": the post is about that friend.
        return "taken" if _STARTED.search(d.low, verdict.start, m.start) else "general"
    if says in _TAKEN and _to_come(d, m, verdict):
        return "considered"
    own = says in _TAKEN and _SELF.search(d.low, max(0, verdict.start - 30), verdict.end) is not None
    if m.whose in _STRANGERS and not own:
        return "general"
    if says in _TAKEN:
        asked = (
            d.sentences[m.sentence].question
            and not own
            and (
                verdict.weak or _bare(d, verdict) or _ASKS.search(d.low, max(0, verdict.start - 40), verdict.start + 1)
            )
        )
        if asked or (m.assertion == "hypothetical" and says != "ended" and not own):
            return "general"
        if d.index_from_heading:
            return "taken"
        if not another and d.low[verdict.start : verdict.end].split(" ", 1)[0] in _THIRD:
            return "general"  # "a doctor who takes it himself"
        return "open" if _of_nobody(d, m, verdict) else "taken"
    if says == "considered":
        # "I want to go back on X": it was taken before.
        again = _BACK.search(d.low, verdict.start, m.start) and not d.sentences[m.sentence].question
        return "taken" if again else "considered"
    if says == "never":
        return "never"
    return "general" if says == "general" else "open"


def _to_come(d: Draft, m: Mention, verdict: Verdict) -> bool:
    """Say whether the author says on which day to come a medicine will be begun."""
    begins = _BEGINS.match(d.low, verdict.start) and _SOON.match(d.low, m.end)
    return begins is not None and _WILL.search(d.low, max(0, verdict.start - 20), verdict.start) is not None


def _of_nobody(d: Draft, m: Mention, verdict: Verdict) -> bool:
    """Say whether what is said of a name in a forum post lacks a first person that could have done it."""
    bare = verdict.weak or _bare(d, verdict)
    return bare and not _SELF.search(d.low, d.sentences[m.sentence].start, max(m.end, verdict.end) + 30)


def _bare(d: Draft, verdict: Verdict) -> bool:
    return d.low[verdict.start : verdict.end].split(" ", 1)[0] in _BARE


def _of_pronouns(d: Draft) -> Iterable[tuple[tuple[int, int], Verdict]]:
    named = d.named(d.index)
    for start, end in taking.pronouns(d) if d.index_from_heading or named else ():
        # In a forum post "it" is not the medicine before that is named.
        if not d.index_from_heading and d.sentence_at(start) < named[0].sentence:
            continue
        verdict = taking.before(d, start, end, 40)
        if verdict.says not in (None, "general") and len(d.low[verdict.end : start].split()) <= 1:
            yield (start, end), verdict


def _experience(d: Draft) -> bool:
    """Say whether a review with nothing else to go by tells of anybody's own experience."""
    if any(m.kind in ("dose", "duration", "stop") for m in d.mentions):
        return True
    return bool(_SELF.search(d.low)) or (len(d.words) < 40 and not d.low.strip().startswith("this has to be"))


def _unsaid(d: Draft, m: Mention) -> bool:
    """Say whether words that tell of stopping only in a past story ("not for me") stand in another one."""
    if m.kind != "stop" or m.detail not in ("past", "later"):
        return False
    treatment = d.treatments.get(m.substance or "")
    return treatment is None or not treatment.stopped


def _completed(d: Draft, m: Mention, harm: frozenset[int], *, another: bool) -> Mention:
    if m.kind == "dose":
        return as_daily(d, _with_status(d, m, another=another))
    return m._replace(reason=reason(d, m, harm)) if m.kind == "stop" else m


def _with_status(d: Draft, m: Mention, *, another: bool) -> Mention:
    """Give a dose its status: taken by the one whom the post tells of, advised, or other.

    another: the post tells of one other person, and none of its doses is the author's own.
    """
    treatment = d.treatments.get(m.substance or "")
    theirs = m.whose in _STRANGERS and not _TAKES.search(d.low, max(0, m.start - 60), m.start)
    if treatment is None or theirs or (m.whose == "other" and not another):
        return m._replace(status="other")
    if treatment.status == "taken":
        return m._replace(status=m.status or ("advised" if m.assertion == "hypothetical" else "taken"))
    return m._replace(status="advised" if m.status == "advised" or treatment.status == "considered" else "other")


Language.factory("doselore_status", func=Status)
