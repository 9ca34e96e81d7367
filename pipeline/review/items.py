"""What is reviewed: one item is one claim of one post. Drawing a sample of them."""

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import orjson

from pipeline.errors import ReviewError, near

FIELDS = ("treatments", "doses", "outcomes", "side_effects")
SAMPLES = ("random", "stratified", "disagreement")
VERDICTS = ("right", "wrong", "unsure")
_COLUMNS = {
    "treatments": ("treatment", ("substance", "status", "effect", "stopped", "duration_days", "duration_quote")),
    "doses": ("dose", ("substance", "quote", "mg", "per_day", "mg_per_day", "status")),
    "outcomes": ("outcome", ("substance", "domain", "direction", "quote")),
    "side_effects": ("side_effect", ("substance", "concept", "present", "quote")),
}
_STRATUM = {"treatments": "effect", "doses": "status", "outcomes": "domain", "side_effects": "concept"}
# The effect as a whole is the model's, the outcomes are the rules': posts in which the two cannot both be right.
_DISAGREE = """
select t.post_id from treatment t join outcome o on o.post_id = t.post_id and o.substance = t.substance
where t.status = 'taken'
group by t.post_id, t.substance, t.effect
having (t.effect in ('worked', 'partly') and bool_and(o.direction <> 'improved'))
    or (t.effect in ('no_effect', 'harmful') and bool_and(o.direction = 'improved'))
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
        held = orjson.loads(self.claim)
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


def draw(con: duckdb.DuckDBPyConnection, how: str, count: int, seed: int = 1) -> list[Item]:
    """Draw `count` claims: at random, evenly over field x kind of claim, or where rules and model disagree.

    The same corpus, count and seed give the same items. Raises ReviewError for an unknown way or an empty corpus.
    """
    if how not in SAMPLES:
        raise ReviewError(f'no sample "{how}"{near(how, SAMPLES)}. There are: {", ".join(SAMPLES)}')
    items = every(con)
    if not items:
        raise ReviewError("no claims to review; run `doselore extract` first")
    # The order is of hashes, not of a generator's draws: a new post shifts no other post's place.
    items.sort(key=lambda i: hashlib.sha256(f"{seed}\0{i.item}".encode()).digest())
    if how == "disagreement":
        posts = {str(r[0]) for r in con.execute(_DISAGREE).fetchall()}
        items = [i for i in items if i.post_id in posts and i.field in ("treatments", "outcomes")]
    elif how == "stratified":
        items = _turns(items, random.Random(seed))  # noqa: S311 - a sample, not a secret
    return items[:count]


def _turns(items: list[Item], dice: random.Random) -> list[Item]:
    strata: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        kind = str(orjson.loads(item.claim).get(_STRATUM[item.field]))
        strata.setdefault((item.field, kind), []).append(item)
    keys = sorted(strata)
    dice.shuffle(keys)
    taken: list[Item] = []
    depth = 0
    while len(taken) < len(items):
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
