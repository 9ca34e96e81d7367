from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from flows.commands import app
from pipeline import corpus, study
from pipeline.errors import ReviewError
from pipeline.home import Home
from pipeline.review import items, labels, standing
from pipeline.review.formats import Verdict
from tests.pipeline.release import corpora

TEXTS = [
    "I took baclofen 25 mg three times a day for my drinking for 3 months. My cravings are gone. It made me very sleepy.",
    "I took naltrexone 50 mg daily. No side effects at all, and I drink less now.",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return corpora.made(tmp_path_factory.mktemp("standing") / "home", TEXTS)


def judge(home: Home, verdicts: dict[str, str]) -> None:
    with corpus.reading(home) as con:
        there = {i.item: i for i in items.every(con)}
    done = labels.take(home, [Verdict(i, there[i].text_hash, v, "reader_1") for i, v in verdicts.items()])
    assert not done.refused


def test_today_s_extractor_is_held_against_what_readers_settled(home: Home, tmp_path: Path) -> None:
    chosen = study.load("baclofen")
    with pytest.raises(ReviewError, match="doselore review export"):
        standing.stand(home, chosen)
    with corpus.reading(home) as con:
        every = items.every(con)
    judge(home, {i.item: "wrong" if n == 0 else "right" for n, i in enumerate(every)})
    stood = standing.stand(home, chosen)
    totals = [sum(row[n] for row in stood.rows) for n in range(1, 5)]
    assert totals == [len(every) - 1, 0, 0, 1]
    assert not stood.lost

    # An extractor that once told another amount, which a reader found right, and a wrong domain, which a reader refused.
    with corpus.writing(home) as con:
        for item, field, verdict, was, now in (
            ("a" * 16, "doses", "right", b'"mg":[25.0', b'"mg":[24.0'),
            ("b" * 16, "outcomes", "wrong", b'"craving"', b'"sleep"'),
        ):
            old = next(i for i in every if i.field == field and was in i.claim.encode())
            claim = old.claim.encode().replace(was, now).decode()
            assert claim != old.claim
            con.execute(
                "insert into review_label values (?, ?, ?, ?, ?, ?, 'reader_1', now())",
                [item, old.post_id, old.text_hash, field, claim, verdict],
            )
    stood = standing.stand(home, chosen)
    assert [sum(row[n] for row in stood.rows) for n in range(1, 5)] == [len(every) - 1, 1, 1, 1]
    assert [(field, "24.0" in words) for _, field, words in stood.lost] == [("doses", True)]

    asked = CliRunner().invoke(app, ["review", "check", "--home", str(home.root), "--json"])
    assert asked.exit_code == 1, asked.output
    assert orjson.loads(asked.stdout)["lost"][0][1] == "doses"
    told = CliRunner().invoke(app, ["review", "check", "--home", str(home.root)])
    assert "lost: " in told.stdout
    assert "right_lost" in told.stdout
