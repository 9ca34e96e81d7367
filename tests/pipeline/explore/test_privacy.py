"""Above the level "internal" the explorer shows no word of a post, no single post, and no cell of few persons."""

import random
import re
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest

from pipeline import corpus
from pipeline.explore import ask, overview
from pipeline.explore.filters import Filters
from pipeline.home import Home
from pipeline.study import Study
from tests.pipeline import simulated
from tests.pipeline.simulated import Told
from tests.support import explorer

pytestmark = pytest.mark.timeout(400)  # the first test waits for the corpus to be made

LEAST = 4


def at(level: str, chosen: Study) -> Study:
    privacy = chosen.privacy.model_copy(update={"level": level})
    thresholds = chosen.thresholds.model_copy(update={"minimum_cell": LEAST})
    return chosen.model_copy(update={"privacy": privacy, "thresholds": thresholds})


@pytest.mark.parametrize("level", ["shareable", "public"])
def test_no_single_post_and_no_word_of_one_is_shown(sampled: tuple[Home, Any], level: str) -> None:
    home, chosen = sampled
    with corpus.reading(home) as con:
        texts = [str(r[0]) for r in con.execute("select text from post where text <> ''").fetchall()]
        ids = [str(r[0]) for r in con.execute("select post_id from post").fetchall()]
    runs = {" ".join(w[n : n + 4]) for t in texts if len(w := t.split()) > 6 for n in range(0, len(w) - 4, 4)}
    with (
        explorer.served(home, at(level, chosen)) as base,
        httpx.Client(base_url=base, timeout=60) as client,
    ):
        for path in ("/post", "/search"):
            assert client.get(path, params={"id": ids[0], "q": "craving"}).status_code == 403
        assert client.post("/judge", data={"post_id": ids[0]}).status_code == 403
        for path in ("/", "/?treatment=baclofen", "/posts?effect=worked&treatment=baclofen", "/posts"):
            page = client.get(path)
            assert page.status_code == 200
            assert [i for i in ids if f'"{i}"' in page.text] == []
            seen = " ".join(re.sub("<[^>]+>", " ", page.text).split())
            assert [r for r in runs if r in seen] == [], path


def test_no_cell_of_few_persons_is_shown_nor_betrayed_by_taking_a_filter_away(tmp_path: Path) -> None:
    home = Home(tmp_path)
    dice = random.Random(7)
    for number, source in enumerate(("board_a", "board_b")):
        told = [
            (
                f"{source}_{n}",
                Told(
                    day=dice.choice((1, 400)),
                    substance=dice.choice(("baclofen", "baclofen", "naltrexone")),
                    effect=dice.choice(("worked", "partly", "no_effect", "harmful", "unclear")),
                    outcomes=((dice.choice(("craving", "use")), dice.choice(("improved", "worsened"))),),
                    side_effects=((dice.choice(("nausea", "dizziness")), True),),
                    mg=dice.choice((20.0, 60.0, 120.0)),
                ),
            )
            for n in range(900 - 840 * number)
        ]
        simulated.write(home, told, first=1000 * number, source=source)
    with ask.Reader(home).asking() as con:
        sources = [None, *(str(r[0]) for r in con.execute("select source_id from source").fetchall())]
        shown: dict[Filters, dict[Any, dict[str, Any]]] = {}
        for treatment, source, year in product((None, "baclofen"), sources, (None, "2020", "2021")):
            one = Filters(treatment=treatment, source=source, year=year)
            held = overview.made(con, one, LEAST)
            assert all(v["persons"] is None for values in held.facets.values() for v in values)
            shown[one] = {}
            for plot in held.plots:
                for row in plot.rows:
                    cells = dict(zip(plot.columns, row, strict=True))
                    name = (plot.title, *(v for v in row if isinstance(v, str)))
                    shown[one][name] = {
                        k: v for k, v in cells.items() if isinstance(v, int) and not isinstance(v, bool)
                    }
    told = [n for cells in shown.values() for row in cells.values() for n in row.values()]
    assert len(told) > 100, "all was blanked: the test would see nothing"
    assert [n for n in told if 0 < n < LEAST] == []
    for one, cells in shown.items():
        for name in one.set():
            wider = shown[replace(one, **{name: getattr(Filters(), name)})]
            for key, row in cells.items():
                for column, n in row.items():
                    other = wider.get(key, {}).get(column)
                    assert other is None or not 0 < abs(other - n) < LEAST, (one, name, key, column)
