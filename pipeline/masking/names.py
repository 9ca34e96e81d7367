"""Names of persons: by a title, by a word that announces one, by how a message is signed, and by a list of names.

A name that is also a word ("Mark", "Grace", "May") is masked only where something says that it is one. Names of
medicines and eponyms of illness ("Parkinson's disease") are never masked.
"""

import csv
import re
from functools import cache

import data

_CAP = r"[A-Z][a-z'’]*(?:[A-Z][a-z]+)?[a-zà-ÿ]+(?:-[A-Z][a-z]+)?"
_TITLE = r"(?:[Dd]r|DR|[Dd]octor|[Pp]rof|[Pp]rofessor|[Mm]r|MR|[Mm]rs|MRS|[Mm]s|[Mm]iss|[Nn]urse|[Rr]ev)"
_PARTICLES = ("van", "von", "de", "der", "la", "al", "bin")
_PARTICLE = rf"(?:{'|'.join(_PARTICLES)})"
_TITLED = re.compile(
    rf"\b(?P<cue>{_TITLE}\b\.? ?)(?P<name>(?:(?:[A-Z]\.? |{_PARTICLE} ){{0,2}}[A-ZÀ-Þ][A-Za-zÀ-ÿ'’-]*"
    rf"(?: (?:{_PARTICLE}|[A-Z]\.|{_CAP})){{0,3}}))"
)
_TITLED_SMALL = re.compile(r"\b(?P<cue>(?:[Dd]r|[Mm]rs?|[Pp]rof)\.? )(?P<name>[a-z][a-z'’-]+)")
_KIN = (
    r"husband|wife|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|spouse|ex|son|daughter|kid|child|baby|brother|sister|"
    r"mom|mum|mother|dad|father|uncle|aunt|auntie|cousin|nephew|niece|grandma|grandpa|grandmother|grandfather|friend|"
    r"buddy|mate|roommate|neighbou?r|boss|coworker|colleague|sponsor|doctor|doc|gp|psychiatrist|pdoc|neurologist|neuro|"
    r"therapist|counsell?or|nurse|physician|surgeon|specialist|pharmacist|consultant|dentist|caseworker|psychologist|"
    r"dog|cat"
)
_ANNOUNCED = re.compile(
    r"(?P<cue>\b(?:[Nn]ame(?: is|'s|’s|:)|[Cc]all me|(?:[Cc]alled|[Nn]amed)|[Ss]igned)[,:]? )"
    rf"(?P<name>{_CAP}(?: (?:[A-Z]\.|{_CAP})){{0,2}})"
)
_CUE_BEFORE = re.compile(
    rf"\b(?:I'm|I’m|I am|this is|(?:my|our|his|her|their|the) (?:\w+ ){{0,2}}?(?:{_KIN}),?|hi|hello|hey|dear|thanks|"
    r"thank you|cheers|congrats|congratulations|regards|love|sincerely|best|hugs|welcome|sorry|with|and)[,:]? $",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"(?P<cue>(?:^|[\n.!?] ?)[ \t]*(?:[-–—~*]{1,3} ?|(?:(?:best|kind|warm) )?regards,?\s+|sincerely,?\s+|cheers,\s*"
    r"|love,\s*|thanks,\s*\n\s*|xx?o?x? ))"
    rf"(?P<name>(?-i:{_CAP}(?: (?:[A-Z]\.|{_CAP}))?))(?=[.! x]*\s*$)",
    re.MULTILINE | re.IGNORECASE,
)
_WORD = re.compile(r"(?<![\w\[])[A-Z][a-zà-ÿ’']+(?:[A-Z][a-zà-ÿ]+)?")
_FOLLOWED = re.compile(rf"(?:['’]s)? (?:[A-Z]\. )?{_CAP}")
_EPONYM = re.compile(
    r"(?:['’]s?)? ?(?:disease|syndrome|palsy|disorder|dementia|lymphoma|chorea|method|protocol|scale|ulcer)",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"[a-z,;)] $")
_LOWERED = re.compile(r" (?:[a-z(&]|$)|[,.!?;:)'’\n]|$")
_KIN_BEFORE = re.compile(rf"\b(?:my|our|his|her|their) (?:{_KIN}),? $", re.IGNORECASE)
_NEVER_NAMES = frozenset(
    "a an the i me my mine he she it we us you they them him her his hers its our your their and or but nor so "
    "yet for of to in on at by as is am are was were be been being do did does has had have not no yes all "
    "everyone everybody anyone anybody somebody someone guys folks friends friend there here again now then this "
    "that these those what who whom which when where why how one two three very much just also still would can "
    "could should may might must let day days today tomorrow yesterday monday tuesday wednesday thursday friday "
    "saturday sunday january february march april june july august september october november december god lord "
    "jesus dear sir madam doctor doc dr mr mrs ms miss nurse mom mum dad mother father brother sister aunt uncle "
    "grandma grandpa american british english french german irish canadian australian indian chinese mexican "
    "spanish italian european asian african jewish christian catholic muslim buddhist male female man woman men "
    "women boy girl who's about after before because from with without into if than office offices recommended "
    "prescribed said says told put gave wanted thinks thought tried took started visit visits visited appointment "
    "appointments appt suggested ordered increased decreased changed switched asked wants keeps never always only "
    "even ever got get gets knows knew made makes really over under up down out off visit's phil oz pepper google "
    "house strange".split()
)


@cache
def _listed() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    """Give names that are hardly anything else, those that are words too, surnames, and those of places too."""
    found: dict[str, set[str]] = {"name": set(), "word": set(), "family": set(), "place": set()}
    with data.path("lexicons/person_names.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        for row in rows:
            found[row["kind"]].update(row["names"].split())
    names, words, families, places = (frozenset(found[k]) for k in ("name", "word", "family", "place"))
    return names, words, families, places


@cache
def clinical_words() -> frozenset[str]:
    """Give every word of a medicine's name, and every illness or effect that is one word, in lower case."""
    words: set[str] = set()
    for table in ("substances", "ambiguous_names", "conditions", "side_effects"):
        with data.path(f"lexicons/{table}.tsv").open(encoding="utf-8") as file:
            for line in file:
                cells = line.lower().rstrip("\n").split("\t")[:2]
                if line.startswith("#"):
                    continue
                if table in ("substances", "ambiguous_names"):
                    words.update(re.findall(r"[a-zà-ÿ]{3,}", " ".join(cells)))
                else:
                    words.update(c for c in cells if c.isalpha())
    return frozenset(words)


def mask(text: str) -> str:
    """Give the text with names of persons masked as [name]."""
    text = _TITLED.sub(_titled, text)
    text = _TITLED_SMALL.sub(_titled_small, text)
    text = _SIGNED.sub(_signed, text)
    if "ame" in text or "all" in text or "igned" in text:
        text = _ANNOUNCED.sub(_announced, text)
    return _by_list(text)


def _clinical(word: str) -> bool:
    low = word.lower()
    return low in clinical_words() or low.removesuffix("'s").removesuffix("’s") in clinical_words()


def _titled(match: re.Match[str]) -> str:
    cue, words = match["cue"], match["name"].split()
    if words[0].lower().rstrip(".") in _NEVER_NAMES or _clinical(words[0]):
        return match.group()
    kept = _leading(words)
    rest = match["name"][len(" ".join(words[:kept])) :]
    ending = re.search(r"['’]s$", words[kept - 1])
    return f"{cue}[name]{ending.group() if ending else ''}{rest}"


def _titled_small(match: re.Match[str]) -> str:
    """Mask "dr smith": in lower case only a name of the list, since "dr put me on" has none."""
    low = _bare(match["name"])
    if low in _NEVER_NAMES or low == "will" or not any(low in kind for kind in _listed()[:3]):
        return match.group()
    return f"{match['cue']}[name]{match['name'][len(low) :]}"


def _leading(words: list[str]) -> int:
    """Give how many of the words belong to the name: up to the first that is a clinical or common word."""
    count = 1
    for word in words[1:]:
        if _clinical(word) or word.lower().rstrip(".") in _NEVER_NAMES:
            break
        count += 1
    while count > 1 and words[count - 1] in _PARTICLES:
        count -= 1
    return count


def _signed(match: re.Match[str]) -> str:
    words = match["name"].split()
    if any(_clinical(w) or w.lower() in _NEVER_NAMES for w in words) or not any(
        w.lower() in k for w in words for k in _listed()
    ):
        return match.group()
    return match["cue"] + "[name]"


def _announced(match: re.Match[str]) -> str:
    cue, words = match["cue"], match["name"].split()
    if words[0].lower() in _NEVER_NAMES or _clinical(words[0]) or _EPONYM.match(match.string, match.end()):
        return match.group()
    if cue.lower().strip().startswith(("called", "named")) and not any(_bare(words[0]) in kind for kind in _listed()):
        return match.group()  # "a drug called Xyz"
    kept = _leading(words)
    rest = match["name"][len(" ".join(words[:kept])) :]
    ending = "'s" if words[kept - 1][-2:] in ("'s", "’s") else ""
    return f"{cue}[name]{ending}{rest}"


def _bare(word: str) -> str:
    return word.lower().removesuffix("'s").removesuffix("’s").rstrip(".")


def _by_list(text: str) -> str:
    names, words, families, places = _listed()
    out: list[str] = []
    done = 0
    for match in _WORD.finditer(text):
        if match.start() < done:
            continue
        word = match.group()
        low = word.lower()
        end = match.end()
        for suffix in ("'s", "’s"):
            if low.endswith(suffix):
                low, end = low[:-2], end - 2
        sure = low in names or low in families
        if not sure and low not in _NEVER_NAMES and (low in words or low in places):
            sure = _announced_before(text, match.start(), end, alone=low in words)
        elif not sure and low not in _NEVER_NAMES and _LOWERED.match(text, end):
            sure = bool(_KIN_BEFORE.search(text[max(0, match.start() - 24) : match.start()]))
        if not sure or _clinical(low) or _EPONYM.match(text, end):
            continue
        following = _FOLLOWED.match(text, end)
        if following:
            tail = following.group().split()[-1]
            plain = tail.lower().removesuffix("'s").removesuffix("’s")
            if not _clinical(tail) and plain not in _NEVER_NAMES and not following.group().startswith(("'", "’")):
                end = following.end() - (len(tail) - len(plain))
            if _EPONYM.match(text, end):
                continue
        out += [text[done : match.start()], "[name]"]
        done = end
    return "".join([*out, text[done:]]) if done else text


def _announced_before(text: str, start: int, end: int, *, alone: bool) -> bool:
    """Say whether a word before it makes this a name, or (alone) its capital in the midst of a lower-case sentence."""
    before = text[max(0, start - 40) : start]
    if not _LOWERED.match(text, end):
        return bool(_FOLLOWED.match(text, end)) and bool(_KIN_BEFORE.search(before))
    return bool(_CUE_BEFORE.search(before)) or (alone and bool(_BEFORE.search(before)))
