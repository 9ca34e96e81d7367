"""From an Altair chart to an SVG that stands in the page: drawn offline by vl-convert, in the page's own colours.

The chart is drawn in stand-in colours, and each is then put right to a CSS variable, so that one drawing serves light,
dark and paper.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import vl_convert
from markupsafe import Markup

from pipeline.report.gather import Row

COLOURS = tuple(f"#0a0b{n:02x}" for n in range(1, 9))
INK, SOFT, LINE, BAND, PAPER = "#0a0c01", "#0a0c02", "#0a0c03", "#0a0c04", "#0a0c05"
_VARIABLES = {colour: f"var(--c{n})" for n, colour in enumerate(COLOURS, 1)} | {
    INK: "var(--ink)",
    SOFT: "var(--soft)",
    LINE: "var(--line)",
    BAND: "var(--band)",
    PAPER: "var(--paper)",
}
_NEEDLESS = re.compile(r"""\s(?:style|class|xmlns:xlink|aria-[a-z]+|role|version)=("[^"]*"|'[^']*')""")
_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"  # of one width, so that what is measured here fits there


@dataclass(frozen=True, slots=True)
class Size:
    """How much room there is. plot: width of the plot itself, labels: width of the words beside it, in pixels."""

    plot: int
    labels: int
    narrow: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """One chart, drawn for a page and for a phone."""

    broad: Markup
    narrow: Markup


Plot = Callable[[Sequence[Row], Size], Any]
_SIZES = (Size(640, 270, narrow=False), Size(190, 110, narrow=True))


def drawn(key: str, plot: Plot, rows: Sequence[Row], title: str) -> Drawn:
    """Draw a figure twice. key: its name; title: what a screen reader says of it; the table below tells the rest."""
    broad, narrow = (_svg(plot(rows, size), title, f"{key}-{n}") for n, size in enumerate(_SIZES))
    return Drawn(broad, narrow)


def _svg(chart: Any, title: str, own: str) -> Markup:
    spec = chart.configure(**_config()).to_dict(validate=False)
    spec["padding"] = {"left": 14, "right": 14, "top": 4, "bottom": 4}  # for a font that is wider after all
    text = _converted(json.dumps(spec, sort_keys=True))
    text = re.sub(r"<[^>]+>", _bare, text)
    text = re.sub(r"#0a0[bc]\d\d", lambda found: _VARIABLES[found.group()], text)
    label = Markup.escape(title)
    text = _own_names(text, own).replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
    return Markup(text)  # noqa: S704 - Vega escapes what it writes


@lru_cache(maxsize=256)
def _converted(spec: str) -> str:
    """Give the SVG of a Vega-Lite chart; a chart that was drawn before is not drawn again."""
    return vl_convert.vegalite_to_svg(spec, vl_version=_vega_lite(), allowed_base_urls=[])


def _vega_lite() -> str:
    """Give the newest Vega-Lite of vl-convert that Altair's charts are written for, e.g. "6.1"."""
    wanted = alt.SCHEMA_VERSION.removeprefix("v").split(".")[0]
    held = [v for v in vl_convert.get_vegalite_versions() if v.split(".")[0] == wanted]
    return held[-1] if held else vl_convert.get_vegalite_versions()[-1]


def _own_names(svg: str, own: str) -> str:
    """Give the drawing names within the page that no other drawing has."""
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{own}-\1"', svg)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{own}-\1)", svg)


def _bare(tag: "re.Match[str]") -> str:
    return _NEEDLESS.sub("", tag.group())


def _config() -> dict[str, Any]:
    words = {
        "labelColor": INK,
        "titleColor": SOFT,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    fonts = {"labelFont": _FONT, "titleFont": _FONT}
    axis = {**words, **fonts, "gridColor": LINE, "domainColor": LINE, "tickColor": LINE}
    legend = {**words, **fonts, "orient": "top", "labelLimit": 260, "columns": 3}
    return {
        "background": "transparent",
        "view": {"stroke": None},
        "axis": axis,
        "legend": legend,
        "text": {"color": INK, "fontSize": 12, "font": _FONT},
        "aria": False,
        "range": {"category": list(COLOURS)},
    }
