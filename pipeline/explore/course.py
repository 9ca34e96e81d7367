"""The drawing of a person's doses over time: the list beside it says the same in words."""

from dataclasses import dataclass

from pipeline.explore.ask import Record

WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM = 720, 160, 56, 12, 14, 26


@dataclass(frozen=True, slots=True)
class Point:
    """One stated daily dose. x, y: in the drawing; words: what it is; here: whether it is of the post that is shown."""

    x: float
    y: float
    words: str
    here: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """The doses of one treatment. line: the points as SVG wants them; top: the highest dose, mg per day."""

    substance: str
    points: tuple[Point, ...]
    line: str
    top: float
    first: str
    last: str


def curves(doses: list[Record], post_id: str) -> list[Curve]:
    """Give a curve for each treatment with at least two dated daily doses, on one scale of time."""
    dated = [d for d in doses if d["posted_at"] is not None]
    if not dated:
        return []
    begin, end = min(d["posted_at"] for d in dated), max(d["posted_at"] for d in dated)
    span = (end - begin).total_seconds() or 1.0
    found: list[Curve] = []
    for substance in dict.fromkeys(str(d["substance"]) for d in dated):
        some = [d for d in dated if d["substance"] == substance]
        if len(some) < 2:
            continue
        top = max(float(d["mg_per_day"]) for d in some)
        points = tuple(
            Point(
                round(LEFT + (WIDE - LEFT - RIGHT) * (d["posted_at"] - begin).total_seconds() / span, 1),
                round(HIGH - BOTTOM - (HIGH - TOP - BOTTOM) * float(d["mg_per_day"]) / top, 1),
                f"{d['posted_at']:%Y-%m-%d}: {d['mg_per_day']:g} mg per day",
                d["post_id"] == post_id,
            )
            for d in some
        )
        line = " ".join(f"{p.x:g},{p.y:g}" for p in points)
        found.append(Curve(substance, points, line, top, f"{begin:%Y-%m-%d}", f"{end:%Y-%m-%d}"))
    return found
