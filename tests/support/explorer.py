"""The explorer on a port of its own, over the invented sample and posts that would do harm if a page let them."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
import uvicorn

from pipeline import collect, corpus, extract, staging, study
from pipeline.door import Door
from pipeline.explore import app
from pipeline.home import Home
from pipeline.post import Batch, Post
from pipeline.staging import SourceRow
from pipeline.study import Study

KEY = b"0123456789abcdef0123456789abcdef"
LONG_WORD = "baclofenmadeitbetter" * 512  # ten thousand characters
HOSTILE = (
    Post(
        "1",
        "I took 80 mg of baclofen a day <script>alert('text')</script> and my cravings are gone "
        "<img src=x onerror=alert('image')> \"><svg/onload=alert(1)> {{ 7*7 }} </bdi></mark></body>",
        author="sample_weasel",
        title="<script>alert('title')</script><b>bold</b>",
        url="javascript:alert('address')",
        posted_at=datetime(2021, 5, 4, tzinfo=UTC),
    ),
    Post(
        "2",
        "Baclofen \u202egnihton did\u202c for me, 60 mg a day \u2066and\u2069 no nausea. \u0628\u0643\u0644\u0648\u0641\u064a\u0646",
        author="sample_weasel",
        title="\u202eelttit a",
        posted_at=datetime(2021, 6, 4, tzinfo=UTC),
    ),
    Post(
        "3",
        f"Baclofen 40 mg a day worked for me, no cravings. {LONG_WORD} And no nausea.",
        author="sample_weasel",
        title=LONG_WORD,
        posted_at=datetime(2021, 7, 4, tzinfo=UTC),
    ),
)


def sample(home: Home) -> Study:
    """Fill a corpus with the bundled sample and the hostile posts, read; give its study."""
    chosen = study.load("sample")
    with collect.served(chosen) as ready:
        collect.collect(ready, home)
    with staging.Staging(home, SourceRow("hostile", "board", "hostile", invented=True), Door(KEY)) as aside:
        aside.add(Batch(posts=HOSTILE))
    staging.merge(home)
    with corpus.writing(home) as con:
        corpus.publish(con, chosen)
    extract.new_posts(home, chosen)
    return chosen


@contextmanager
def served(home: Home, chosen: Study, reviewer: str = "explorer") -> Generator[str]:
    """Serve the explorer of a corpus; gives its address, without a slash at the end."""
    server = uvicorn.Server(uvicorn.Config(app.make(home, chosen, reviewer), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        base = f"http://127.0.0.1:{port}"
        assert httpx.get(f"{base}/static/style.css").status_code == 200
        yield base
    finally:
        server.should_exit = True
        thread.join()
