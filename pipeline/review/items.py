"""What is reviewed: one item is one claim of one post. Drawing a sample of them."""

import hashlib
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import orjson

from pipeline import extract
from pipeline.errors import ReviewError, near
from pipeline.review import doubt
from pipeline.study import Study

FIELDS = ("treatments", "doses", "outcomes", "side_effects")
SAMPLES = ("random", "stratified", "disagreement", "posts")
WHOLE = "post"
"""The field of the one item of a post that asks whether all it says is listed: right if so, wrong if not."""
_PAIRS = re.compile(r",\s*(?=\w+\s*:)")
_PART = 256  # posts read at a time in search of a disagreement
VERDICTS = ("right", "wrong", "unsure")
_COLUMNS = {
    "treatments": ("treatment", ("substance", "status", "effect", "stopped", "duration_days", "duration_quote")),
    "doses": ("dose", ("substance", "quote", "mg", "per_day", "mg_per_day", "status")),
    "outcomes": ("outcome", ("substance", "domain", "direction", "quote")),
    "side_effects": ("side_effect", ("substance", "concept", "present", "quote")),
}
CLAIM = {field: columns for field, (_, columns) in _COLUMNS.items()}
_NEEDED = {
    "treatments": ("status",),
    "doses": ("mg_per_day",),
    "outcomes": ("domain", "direction"),
    "side_effects": ("concept",),
}
_ASKED = orjson.dumps({"every claim of this post is listed": "right if so, wrong if one is missing"}).decode()
_STRATUM = {"treatments": "effect", "doses": "status", "outcomes": "domain", "side_effects": "concept"}
# Confidence is worked out for so many claims for each one asked for, and at least so many: posts are read for it.
_FRAME, _FRAME_LEAST = 10, 2000
# What the extractor reads of a post; see waiting_posts.sql on the title.
_POSTS = """
select p.post_id, p.text, case when p.parent_id is null then p.title end, p.drug, p.condition
from post p where p.status = 'live' and p.post_id in (select unnest(?)) order by p.post_id
"""
_NAMED = """
select post_id, span_start, span_end, coalesce(substance, concept) from mention
where kind = 'substance' and post_id in (select unnest(?))
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One claim to be judged. start, end: where its quote stands in the text, None if nowhere; text_hash: SHA-256."""

    item: str
    post_id: str
    text_hash: str
    text: str
    field: str
    claim: str
    quote: str
    start: int | None
    end: int | None

    @property
    def words(self) -> str:
        """The claim as a person reads it."""
        return words(self.claim)


def words(claim: str) -> str:
    """Give a claim (JSON) as a person reads it."""
    held = orjson.loads(claim)
    return ", ".join(f"{k}: {v}" for k, v in held.items() if v is not None and k not in ("quote", "duration_quote"))


def item_id(post_id: str, field: str, claim: str) -> str:
    """Give the stable id of a claim: the same words about the same post have the same, whenever it is exported."""
    return hashlib.sha256("\0".join((post_id, field, claim)).encode()).hexdigest()[:16]


def every(con: duckdb.DuckDBPyConnection) -> list[Item]:
    """Give every claim of the corpus, in a fixed order."""
    found: list[Item] = []
    for field, (table, columns) in _COLUMNS.items():
        listed = ", ".join(f"x.{c}" for c in columns)
        rows = con.execute(
            f"select x.post_id, p.text_sha256, p.text, {listed} from {table} x join post p using (post_id) "
            f"where p.status = 'live' order by x.post_id, {listed}"
        ).fetchall()
        for post_id, text_hash, text, *values in rows:
            found.append(_item(str(post_id), str(text_hash), str(text), field, dict(zip(columns, values, strict=True))))
    return list({i.item: i for i in found}.values())


def whole(con: duckdb.DuckDBPyConnection) -> list[Item]:
    """Give one item for every post that was read: whether all that it says is listed."""
    rows = con.execute(
        "select p.post_id, p.text_sha256, p.text from post p join extraction e using (post_id) "
        "where p.status = 'live' and e.excluded is null order by 1"
    ).fetchall()
    return [
        Item(item_id(str(p), WHOLE, _ASKED), str(p), str(h), str(t), WHOLE, _ASKED, "", None, None) for p, h, t in rows
    ]


def told(field: str, text: str, quote: str) -> str:
    """Give the claim (JSON) that a reader wrote down: as `words` writes one, or as JSON.

    Raises ValueError for a field, a name or a lack that makes it no claim.
    """
    if field not in CLAIM:
        raise ValueError(f'no field "{field}"{near(field, FIELDS)}: write one of {", ".join(FIELDS)}')
    held: dict[str, Any] = orjson.loads(text) if text.startswith("{") else dict(map(_named, _PAIRS.split(text.strip())))
    claim = {**dict.fromkeys(CLAIM[field]), **({"present": True} if field == "side_effects" else {}), **held}
    if quote:
        claim["duration_quote" if field == "treatments" else "quote"] = quote
    for name in ("mg", "mg_per_day", "duration_days"):
        if isinstance(amount := claim.get(name), (int, float)):
            claim[name] = [float(amount)] * 2
    if unknown := claim.keys() - set(CLAIM[field]):
        raise ValueError(f"{field} have no {', '.join(sorted(unknown))}: they have {', '.join(CLAIM[field])}")
    if lacks := [n for n in ("substance", *_NEEDED[field]) if claim[n] in (None, "")]:
        raise ValueError(f'"{text}" lacks {", ".join(lacks)}: write it as in "substance: baclofen, …"')
    if field == "treatments" and claim["effect"] is None:
        claim["effect"] = "unclear"
    return orjson.dumps(claim, option=orjson.OPT_SORT_KEYS).decode()


def _named(pair: str) -> tuple[str, Any]:
    name, there, value = pair.partition(":")
    if not there:
        raise ValueError(f'"{pair}": write "name: value"')
    plain = {"true": True, "yes": True, "false": False, "no": False, "none": None, "": None}
    value = value.strip()
    if value.lower() in plain:
        return name.strip(), plain[value.lower()]
    try:
        return name.strip(), orjson.loads(value)
    except orjson.JSONDecodeError:
        return name.strip(), value


def draw(con: duckdb.DuckDBPyConnection, how: str, count: int, seed: int = 1, study: Study | None = None) -> list[Item]:
    """Draw `count` claims: at random, evenly over field x kind x confidence, or where rules and model disagree.

    'posts': `count` posts at random, each with all its claims and the question whether one is missing.

    Confidence: see pipeline.review.doubt. Disagreement: treatments whose effect the rules alone would have told
    otherwise than the model did, and the outcomes of these treatments. study: whose treatments posts are read by.
    The same corpus, count and seed give the same items. Raises ReviewError for an unknown way or an empty corpus.
    """
    if how not in SAMPLES:
        raise ReviewError(f'no sample "{how}"{near(how, SAMPLES)}. There are: {", ".join(SAMPLES)}')
    items = every(con)
    if how == "posts":
        asked = whole(con)
        asked.sort(key=lambda i: hashlib.sha256(f"{seed}\0{i.post_id}".encode()).digest())
        places = {i.post_id: place for place, i in enumerate(asked[:count])}
        return sorted((i for i in [*items, *asked] if i.post_id in places), key=lambda i: places[i.post_id])
    if not items:
        raise ReviewError("no claims to review; run `doselore extract` first")
    # The order is of hashes, not of a generator's draws: a new post shifts no other post's place.
    items.sort(key=lambda i: hashlib.sha256(f"{seed}\0{i.item}".encode()).digest())
    if how == "disagreement":
        items = _disputed(con, items, count, study)
    elif how == "stratified":
        dice = random.Random(seed)  # noqa: S311 - a sample, not a secret
        frame = _turns([((i.field, _kind(i)), i) for i in items], dice)[: max(_FRAME * count, _FRAME_LEAST)]
        levels = confidence(con, frame, study)
        items = _turns([((i.field, _kind(i), levels[i.item]), i) for i in frame], dice)
    return items[:count]


def confidence(con: duckdb.DuckDBPyConnection, items: Sequence[Item], study: Study | None = None) -> dict[str, str]:
    """Give the level of confidence (one of doubt.LEVELS) of every item, by its id."""
    effects = sorted({i.post_id for i in items if i.field == "treatments" and _claim(i)["status"] == "taken"})
    shares = {(o.post_id, o.substance): o.share for o in doubt.opinions(extract.engine(study), posts(con, effects))}
    named: dict[str, list[doubt.Place]] = {}
    for post_id, start, end, name in con.execute(_NAMED, [sorted({i.post_id for i in items})]).fetchall():
        named.setdefault(str(post_id), []).append((int(start), int(end), str(name)))
    levels: dict[str, str] = {}
    for i in items:
        share = shares.get((i.post_id, _claim(i)["substance"])) if i.field == "treatments" else None
        by_rule = doubt.of_place(i.text, i.start, i.end, str(_claim(i)["substance"]), named.get(i.post_id, ()))
        levels[i.item] = by_rule if share is None else doubt.of_share(share)
    return levels


def _disputed(con: duckdb.DuckDBPyConnection, items: list[Item], count: int, study: Study | None) -> list[Item]:
    """Read posts, in the order of their claims, until enough claims are found on which rules and model disagree."""
    claims: dict[str, list[Item]] = {}
    for i in items:
        if i.field in ("treatments", "outcomes"):
            claims.setdefault(i.post_id, []).append(i)
    taken = [p for p, some in claims.items() if any(_claim(i).get("status") == "taken" for i in some)]
    engine = extract.engine(study)
    found: list[Item] = []
    for at in range(0, len(taken), _PART):
        for o in doubt.opinions(engine, posts(con, taken[at : at + _PART])):
            if o.rules != o.model:
                found += [i for i in claims[o.post_id] if _claim(i)["substance"] == o.substance]
        if len(found) >= count:
            break
    return found


def posts(con: duckdb.DuckDBPyConnection, post_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Give live posts as the extractor is given them, in the order of their ids."""
    names = ("id", "text", "title", "drug", "condition")
    return [dict(zip(names, row, strict=True)) for row in con.execute(_POSTS, [list(post_ids)]).fetchall()]


def _claim(item: Item) -> dict[str, Any]:
    return orjson.loads(item.claim)


def _kind(item: Item) -> str:
    return str(_claim(item).get(_STRATUM[item.field]))


def _turns(held: Sequence[tuple[tuple[str, ...], Item]], dice: random.Random) -> list[Item]:
    """Give the items in turns, one of each stratum at a time."""
    strata: dict[tuple[str, ...], list[Item]] = {}
    for key, item in held:
        strata.setdefault(key, []).append(item)
    keys = sorted(strata)
    dice.shuffle(keys)
    # Fields in turns too, so that a small sample holds every one.
    fields = [k[0] for k in keys]
    places = {k: fields[:n].count(k[0]) for n, k in enumerate(keys)}
    keys.sort(key=places.__getitem__)
    taken: list[Item] = []
    depth = 0
    while len(taken) < len(held):
        taken += [strata[k][depth] for k in keys if depth < len(strata[k])]
        depth += 1
    return taken


def _item(post_id: str, text_hash: str, text: str, field: str, claim: Mapping[str, Any]) -> Item:
    written = orjson.dumps(claim, option=orjson.OPT_SORT_KEYS).decode()
    quote = str(claim.get("quote") or claim.get("duration_quote") or "")
    if not quote:
        low = str(claim["substance"]).replace("_", " ")
        at = text.lower().find(low)
        quote = text[at : at + len(low)] if at >= 0 else ""
    start = text.find(quote) if quote else -1
    place = (start, start + len(quote)) if start >= 0 else (None, None)
    return Item(item_id(post_id, field, written), post_id, text_hash, text, field, written, quote, *place)
