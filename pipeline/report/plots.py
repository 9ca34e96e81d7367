"""The charts of the report, one function a figure: rows of its table in, an Altair chart out."""

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt

from pipeline.report.drawing import BAND, COLOURS, INK, SOFT, Plot, Size
from pipeline.report.gather import Row
from pipeline.report.words import name

_STEP = 26  # pixels a line of a forest plot
_GOOD, _BAD, _MIDDLE = COLOURS[0], COLOURS[1], SOFT
_SHARE = alt.Scale(domain=[0, 1])


def _data(rows: Sequence[Row]) -> Any:
    return alt.InlineData(values=[dict(r) for r in rows])


def _percent(title: str, size: Size) -> alt.Axis:
    return alt.Axis(format="%", title=title, tickCount=3 if size.narrow else 6)


def _names(size: Size) -> alt.Axis:
    # On a phone a label stands in two lines, where it has two parts.
    parts = "split(datum.label, ': ')" if size.narrow else alt.Undefined
    return alt.Axis(title=None, labelLimit=size.labels, domain=False, ticks=False, labelPadding=8, labelExpr=parts)


def _forest(
    rows: Sequence[Row],
    size: Size,
    title: str,
    *,
    x: Any = _SHARE,
    shares: bool = True,
    colours: Any = None,
    far: bool = False,
) -> Any:
    """Draw points with intervals, a line a row. rows: label, value, low, high, told (the counts); side, if coloured.

    far: the row has published_low and published_high, drawn as a grey band behind.
    """
    base = alt.Chart(_data(rows), width=size.plot - (0 if size.narrow else 60), height=alt.Step(_STEP))
    y = alt.Y("label:N", sort=None, axis=_names(size))
    colour = alt.Color("side:N", scale=colours, legend=alt.Legend(title=None)) if colours else alt.value(_GOOD)
    offset = alt.YOffset("side:N", sort=colours.domain, scale=alt.Scale(paddingOuter=0.2)) if colours else alt.Undefined
    axis = _percent(title, size) if shares else alt.Axis(title=title, tickCount=3 if size.narrow else 6)
    at = alt.X("value:Q", scale=x, axis=axis)
    layers: list[Any] = []
    if far:
        rows = [_seen(r) for r in rows]
        base = base.properties(data=_data(rows))
        band = base.transform_filter("isValid(datum.published_low)").mark_bar(color=BAND, height=16)
        layers.append(band.encode(x=alt.X("published_low:Q", scale=x, axis=axis), x2="published_high:Q", y=y))
    span = base.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=2)
    layers.append(span.encode(x=alt.X("low:Q", scale=x, axis=axis), x2="high:Q", y=y, yOffset=offset, color=colour))
    dots = base.transform_filter("isValid(datum.value)").mark_point(filled=True, size=70, opacity=1)
    layers.append(dots.encode(x=at, y=y, yOffset=offset, color=colour))
    if not size.narrow:
        told = base.mark_text(align="left", dx=8, fontSize=11, color=SOFT, baseline="middle")
        layers.append(told.encode(x=alt.value(size.plot - 60), y=y, yOffset=offset, text="told:N"))
    return alt.layer(*layers)


def _seen(row: Row) -> Row:
    """Give a row whose published range is wide enough to be seen, where it is a single number."""
    low, high = row.get("published_low"), row.get("published_high")
    if low is None or high is None or high - low >= 0.01:
        return row
    return {**row, "published_low": max(0.0, low - 0.004), "published_high": high + 0.004}


def _counts(row: Row, k: str, n: str) -> str:
    return "" if row[k] is None or row[n] is None else f"{row[k]:,} of {row[n]:,}"


def _flow(rows: Sequence[Row], size: Size) -> Any:
    shown = [
        {**r, "label": r["stage"] + (f": {name(r['reason'])}" if r["reason"] else ""), "kind": _kind(r)}
        for r in rows
        if r["posts"] is not None
    ]
    base = alt.Chart(_data(shown), width=size.plot - 60, height=alt.Step(22))
    y = alt.Y("label:N", sort=None, axis=_names(size))
    colours = alt.Scale(domain=["counted", "left out"], range=[_GOOD, _MIDDLE])
    x = alt.X("posts:Q", axis=alt.Axis(title="posts", tickCount=3 if size.narrow else 6, format=",d"))
    bars = base.mark_bar(height=14).encode(
        x=x, y=y, color=alt.Color("kind:N", scale=colours, legend=alt.Legend(title=None))
    )
    text = base.mark_text(align="left", dx=4, fontSize=11).encode(x=x, y=y, text=alt.Text("posts:Q", format=","))
    return bars + text


def _kind(row: Row) -> str:
    return "left out" if row["stage"] in ("passed over", "set aside", "left out") else "counted"


def _outcome(rows: Sequence[Row], size: Size) -> Any:
    sides = ["a benefit", "no benefit, or harm"]
    shown: list[Row] = []
    for r in rows:
        if not r["denominator"]:
            continue
        label = name(r["substance"])
        good = {"value": r["share"], "low": r["low"], "high": r["high"], "told": _counts(r, "benefit", "denominator")}
        bad = {"value": r["no_benefit_share"], "low": r["no_benefit_low"], "high": r["no_benefit_high"]}
        shown.append({"label": label, "side": sides[0], **good})
        shown.append({"label": label, "side": sides[1], **bad, "told": _counts(r, "no_benefit", "denominator")})
    colours = alt.Scale(domain=sides, range=[_GOOD, _BAD])
    return _forest(shown, size, "of those who say how it did", colours=colours)


def _condition(rows: Sequence[Row], size: Size) -> Any:
    shown = [_line(r, f"{name(r['condition'])}: {name(r['substance'])}", "benefit") for r in rows if r["denominator"]]
    best = sorted(shown, key=lambda r: -r["n"])[:24]
    return _forest([r for r in shown if r in best], size, "with a benefit")


def _line(row: Row, label: str, k: str, n: str = "denominator") -> Row:
    """Give a row as `_forest` wants it."""
    far = {c: row[c] for c in ("published_low", "published_high") if c in row}
    told = _counts(row, k, n)
    return {
        "label": label,
        "value": row["share"],
        "low": row["low"],
        "high": row["high"],
        "told": told,
        "n": row[n],
        **far,
    }


def _domain(rows: Sequence[Row], size: Size) -> Any:
    first = rows[0]["substance"]
    ways = ["improved", "unchanged", "worsened"]
    shown = [
        {"label": name(r["domain"]), "way": way, "persons": r[way], "order": n}
        for r in rows
        if r["substance"] == first and r["denominator"]
        for n, way in enumerate(ways)
        if r[way] is not None
    ][:60]
    colours = alt.Scale(domain=ways, range=[_GOOD, _MIDDLE, _BAD])
    legend = alt.Legend(title=None)
    return (
        alt.Chart(_data(shown), width=size.plot, height=alt.Step(22))
        .mark_bar(height=14)
        .encode(
            x=alt.X("persons:Q", axis=alt.Axis(title=f"persons who took {name(first)}", tickMinStep=1, format="d")),
            y=alt.Y("label:N", sort=None, axis=_names(size)),
            color=alt.Color("way:N", scale=colours, legend=legend),
            order="order:Q",
        )
    )


def _comparison(rows: Sequence[Row], size: Size) -> Any:
    shown = [
        {
            "label": name(r["comparator"]), "value": r["difference"], "low": r["difference_low"],
            "high": r["difference_high"],
            "told": _both(r),
        }
        for r in rows
        if r["kind"] == "between persons" and r["difference"] is not None
    ]  # fmt: skip
    drawn = _forest(shown, size, "difference of shares with a benefit", x=alt.Scale(domain=[-1, 1]))
    zero = alt.Chart(_data([{"at": 0}])).mark_rule(color=INK, strokeDash=[3, 3]).encode(x="at:Q")
    return drawn + zero


def _both(row: Row) -> str:
    held = (row["index_denominator"], row["comparator_denominator"])
    return "" if None in held else f"{held[0]:,} and {held[1]:,}"


def _dose_response(rows: Sequence[Row], size: Size) -> Any:
    first = rows[0]["substance"]
    shown = [
        {**r, "told": _counts(r, "benefit", "denominator")}
        for r in rows
        if r["substance"] == first and r["denominator"]
    ]
    base = alt.Chart(_data(shown), width=size.plot, height=260)
    x = alt.X(
        "dose_band:N",
        sort=None,
        axis=alt.Axis(title=f"highest daily dose of {name(first)}", labelAngle=-40 if size.narrow else 0),
    )
    span = base.mark_rule(strokeWidth=2, color=_GOOD).encode(x=x, y=_up("low", size), y2="high:Q")
    dots = base.mark_point(filled=True, size=90, color=_GOOD, opacity=1).encode(x=x, y=_up("share", size))
    way = base.mark_line(color=_GOOD, strokeDash=[4, 4], opacity=0.6).encode(x=x, y=_up("share", size))
    told = base.mark_text(align="left", dx=8, dy=-9, fontSize=11).encode(x=x, y=_up("share", size), text="told:N")
    return span + way + dots + told


def _up(column: str, size: Size, title: str = "with a benefit") -> alt.Y:
    return alt.Y(
        f"{column}:Q",
        scale=_SHARE,
        axis=alt.Axis(format="%", title=title, tickCount=5, titlePadding=2 if size.narrow else 8),
    )


def _dose_by_time(rows: Sequence[Row], size: Size) -> Any:
    shown = [{**r, "told": f"{r['denominator']:,}"} for r in rows if r["median_mg_per_day"] is not None]
    base = alt.Chart(_data(shown), width=size.plot, height=260)
    x = alt.X("days:N", sort=None, axis=alt.Axis(title="since the start", labelAngle=-40))
    axis = alt.Axis(title="mg per day", tickCount=5)
    box = base.mark_bar(color=BAND, width=18).encode(x=x, y=alt.Y("lower_quartile:Q", axis=axis), y2="upper_quartile:Q")
    middle = base.mark_point(filled=True, size=80, color=_GOOD, opacity=1).encode(
        x=x, y=alt.Y("median_mg_per_day:Q", axis=axis)
    )
    told = base.mark_text(dx=12, align="left", fontSize=11, color=SOFT).encode(
        x=x, y=alt.Y("median_mg_per_day:Q", axis=axis), text="told:N"
    )
    return box + middle + told


def _trajectory(rows: Sequence[Row], size: Size) -> Any:
    longest = max(r["day"] for r in rows)
    scale = alt.Scale(type="symlog", constant=30, domain=[0, max(longest, 30)])
    days = [d for d in (0, 7, 30, 90, 365, 1825, 3650) if d <= longest]
    return (
        alt.Chart(_data(rows), width=size.plot, height=280)
        .mark_line(
            point=alt.OverlayMarkDef(filled=True, size=22, color=_GOOD), color=_GOOD, opacity=0.45, strokeWidth=1.3
        )
        .encode(
            x=alt.X("day:Q", scale=scale, axis=alt.Axis(title="days since the start", values=days, format="d")),
            y=alt.Y("mg_per_day:Q", axis=alt.Axis(title="mg per day", tickCount=5)),
            detail="line:N",
            order="step:Q",
        )
    )


def _curve(title: str, begin: float) -> Plot:
    def plot(rows: Sequence[Row], size: Size) -> Any:
        most = sorted(
            {r["substance"] for r in rows}, key=lambda s: -max(r["persons"] for r in rows if r["substance"] == s)
        )
        first = rows[0]["substance"]
        kept = [first, *[s for s in most if s != first][:3]]
        starts = [{"substance": s, "day": 0, "share": begin, "low": begin, "high": begin} for s in kept]
        shown = [{**r, "label": name(r["substance"])} for r in [*starts, *(r for r in rows if r["substance"] in kept)]]
        base = alt.Chart(_data(shown), width=size.plot, height=280)
        x = alt.X("day:Q", axis=alt.Axis(title="days since the start", tickCount=4 if size.narrow else 8, format="d"))
        names = [name(s) for s in kept]
        scale = alt.Scale(domain=names, range=list(COLOURS[: len(names)]))
        colour = alt.Color("label:N", scale=scale, legend=alt.Legend(title=None, columns=2 if size.narrow else 4))
        band = base.transform_filter(alt.datum.label == names[0]).mark_area(
            interpolate="step-after", color=BAND, opacity=0.6
        )
        lines = base.mark_line(interpolate="step-after", strokeWidth=2)
        return band.encode(x=x, y=_up("low", size, title), y2="high:Q") + lines.encode(
            x=x,
            y=_up("share", size, title),
            color=colour,
            strokeDash=alt.StrokeDash("label:N", scale=_dashes(names), legend=None),
        )

    return plot


def _dashes(names: Sequence[str]) -> alt.Scale:
    return alt.Scale(domain=list(names), range=[[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]][: len(names)])


def _stopping(rows: Sequence[Row], size: Size) -> Any:
    return _forest(
        [_line(r, name(r["substance"]), "stopped", "persons") for r in rows], size, "who say that they stopped"
    )


def _side_effects(rows: Sequence[Row], size: Size) -> Any:
    shown = [_line(r, name(r["concept"]), "persons_present") for r in rows]
    return _forest(shown, size, "of all who took it (grey: trials and labels)", x=_to(shown), far=True)


def _to(rows: Sequence[Row]) -> alt.Scale:
    """Give a scale from 0 to the next tenth above all that is drawn."""
    highest = max([r[c] for r in rows for c in ("high", "published_high") if r.get(c) is not None], default=1.0)
    return alt.Scale(domain=[0, min(1.0, -(-highest * 10 // 1) / 10 or 0.1)])


def _side_effect_by_dose(rows: Sequence[Row], size: Size) -> Any:
    bands = list(dict.fromkeys(r["dose_band"] for r in rows))
    shown = [{**_line(r, name(r["concept"]), "persons_present"), "side": r["dose_band"]} for r in rows]
    base = alt.Chart(_data(shown), width=size.plot, height=len({r["label"] for r in shown}) * (13 * len(bands) + 8))
    y = alt.Y("label:N", sort=None, axis=_names(size), scale=alt.Scale(paddingInner=0.25))
    offset = alt.YOffset("side:N", sort=bands)
    scale = _to(shown)
    axis = _percent("of those at the dose (grey: trials and labels)", size)
    colour = alt.Color(
        "side:N",
        sort=bands,
        scale=alt.Scale(domain=bands, range=list(COLOURS[: len(bands)])),
        legend=alt.Legend(title="mg per day", columns=2 if size.narrow else 5),
    )
    grey = base.transform_filter("isValid(datum.published_low)").mark_bar(color=BAND, opacity=0.7)
    behind = grey.encode(x=alt.X("published_low:Q", scale=scale, axis=axis), x2="published_high:Q", y=y)
    span = base.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=1.5)
    dots = base.transform_filter("isValid(datum.value)").mark_point(filled=True, size=45, opacity=1)
    return (
        behind
        + span.encode(x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", y=y, yOffset=offset, color=colour)
        + dots.encode(x=alt.X("value:Q", scale=scale, axis=axis), y=y, yOffset=offset, color=colour)
    )


def _ratio(rows: Sequence[Row], size: Size) -> Any:
    shown = [
        {
            "label": name(r["concept"]),
            "value": r["ror"],
            "low": r["ror_low"],
            "high": r["ror_high"],
            "told": "" if r["events"] is None else f"{r['events']} events",
        }
        for r in rows
        if r["ror"]
    ]
    drawn = _forest(shown, size, "reporting odds ratio", x=alt.Scale(type="log"), shares=False)
    return drawn + alt.Chart(_data([{"at": 1}])).mark_rule(color=INK, strokeDash=[3, 3]).encode(x="at:Q")


def _bars(label: str, *, upright: bool = False) -> Plot:
    def plot(rows: Sequence[Row], size: Size) -> Any:
        shown = [{"label": str(r[label]), "persons": r["persons"]} for r in rows if r["persons"] is not None][:30]
        base = alt.Chart(_data(shown), width=size.plot - (0 if upright else 40))
        many = alt.Axis(title="persons", tickMinStep=1, tickCount=4, format=",d")
        if upright:
            x = alt.X(
                "label:N", sort=None, axis=alt.Axis(title=None, labelAngle=-60 if size.narrow else 0, labelOverlap=True)
            )
            return base.properties(height=180).mark_bar(color=_GOOD).encode(x=x, y=alt.Y("persons:Q", axis=many))
        y = alt.Y("label:N", sort=None, axis=_names(size))
        bars = (
            base.properties(height=alt.Step(24))
            .mark_bar(color=_GOOD, height=14)
            .encode(x=alt.X("persons:Q", axis=many), y=y)
        )
        return bars + base.mark_text(align="left", dx=4, fontSize=11).encode(
            x=alt.X("persons:Q", axis=many), y=y, text="persons:Q"
        )

    return plot


def _persons(rows: Sequence[Row], size: Size) -> Any:
    shown = [{"label": f"{r['item']}: {r['value']}", "persons": r["persons"]} for r in rows]
    return _bars("label")(shown, size)


def _bias(rows: Sequence[Row], size: Size) -> Any:
    same = ("prolific", "newcomers", "survivors", "contradictions", "busy threads")
    shown = [
        _line(r, r["group"] if r["kind"] in same else f"{r['kind']}: {r['group']}", "numerator")
        for r in rows
        if r["denominator"]
    ]
    return _forest(shown[:40], size, "share")


def _benchmark(rows: Sequence[Row], size: Size) -> Any:
    shown = [
        {
            "label": r["fact"], "value": r["result"],
            "low": r["result_low"], "high": r["result_high"],
            "told": _counts(r, "numerator", "denominator"), "published_low": r["low"], "published_high": r["high"],
            "side": "outside" if r["alarm"] else "inside",
        }
        for r in rows
        if r["measure"].endswith("share") and r["result"] is not None
    ]  # fmt: skip
    return _forest(shown, size, "share of persons (grey: published)", far=True)


PLOTS: dict[str, Callable[[Sequence[Row], Size], Any]] = {
    "flow": _flow,
    "outcome_by_treatment": _outcome,
    "outcome_by_condition": _condition,
    "outcome_by_domain": _domain,
    "comparison": _comparison,
    "dose_response": _dose_response,
    "dose_by_time": _dose_by_time,
    "dose_trajectory": _trajectory,
    "time_to_effect": _curve("have told of a benefit", 0.0),
    "time_on_treatment": _curve("still on it", 1.0),
    "stopping": _stopping,
    "side_effect_rate": _side_effects,
    "side_effect_by_dose": _side_effect_by_dose,
    "disproportionality": _ratio,
    "sources": _bars("source_id"),
    "years": _bars("year", upright=True),
    "persons": _persons,
    "bias": _bias,
    "benchmark": _benchmark,
}
