"""How fast the explorer's pages are on an invented corpus of many reports: server time of each page, first and again.

`python -m benchmarks.explorer --reports 100000`. The rows are those of benchmarks/tables_fill.sql.
"""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from benchmarks.tables import _FILL
from pipeline import corpus, study
from pipeline.home import Home
from tests.support import explorer

PAGES = (
    "/",
    "/?treatment=baclofen&condition=alcohol_use&year=2019",
    "/posts?effect=worked&treatment=baclofen",
    "/posts?domain=craving&direction=improved&treatment=baclofen",
    "/posts",
    "/posts?page=900",
    "/post?id=bench:000000123",
    "/search?q=doctor+99",
    "/search?q=it",
)


def main() -> None:
    """Make the corpus, ask for every page twice, print one JSON object; seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000)
    asked = parser.parse_args()
    chosen = study.load("baclofen")
    found: dict[str, Any] = {"reports": asked.reports, "load": os.getloadavg()[0], "pages": {}}
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder)).make()
        with corpus.writing(home) as con:
            corpus.publish(con, chosen)
            con.execute(_FILL.format(persons=asked.reports * 2 // 5, start=0, stop=asked.reports))
            con.execute(
                "update post set text = text || repeat(' It is a longer story, of days and of nights and of what "
                "changed.', (hash(post_id) % 12)::int)"
            )
        with explorer.served(home, chosen) as base, httpx.Client(base_url=base, timeout=120) as client:
            client.get("/tables")
            for path in PAGES:
                times: list[float] = []
                for _ in range(2):
                    began = time.perf_counter()
                    client.get(path).raise_for_status()
                    times.append(round(time.perf_counter() - began, 3))
                found["pages"][path] = times
    found["load_after"] = os.getloadavg()[0]
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
