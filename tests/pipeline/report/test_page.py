"""The report as a reader gets it: whole, inert, the same for the same corpus, and without what may not leave."""

import re
from pathlib import Path

import pytest

from pipeline import corpus, report, staging, study
from pipeline.door import Door
from pipeline.errors import CorpusError, ExportError
from pipeline.home import Home
from pipeline.post import Batch, Post
from pipeline.report import gather, page
from tests.pipeline.simulated import KEY, Told, write

pytestmark = pytest.mark.timeout(400)  # some forty charts a page, on a machine that others may load
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\u202e\u2066" + "w" * 10_000


def told() -> list[tuple[str, Told]]:
    made: list[tuple[str, Told]] = []
    for n in range(24):
        who = f"person {n}"
        effect = ("worked", "partly", "no_effect", "harmful", "worked", "unclear")[n % 6]
        effects = (("somnolence", True), ("nausea", n % 2 == 0)) if n % 3 == 0 else ()
        made.append((who, Told(0, mg=20.0 + 10 * (n % 5))))
        made.append((who, Told(30 + n, effect=effect, mg=60.0 + 30 * (n % 4), side_effects=effects, stopped=n % 4 == 0,
                               outcomes=(("craving", "improved" if n % 2 else "worsened"),))))  # fmt: skip
        if n % 3 == 1:
            made.append((who, Told(60, substance="naltrexone", effect="no_effect", mg=50.0)))
    return made


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("home"))
    write(made, told())
    return made


@pytest.fixture(scope="module")
def whole(home: Home) -> str:
    """The page of that corpus, drawn once."""
    return report.html(home)


def test_the_answers_tell_good_and_bad_with_their_denominators(whole: str) -> None:
    text = re.sub(r"<[^>]+>|\s+", " ", whole)
    assert "24 persons took it; 20 say how it did." in text
    assert "A benefit: 12 of 20 (60 %; 95 % interval 39 to 78 %)" in text
    assert "No benefit: 8 of 20 (40 %; 95 % interval 22 to 61 %)" in text


def test_every_figure_has_its_sql_and_says_how_it_is_read(whole: str) -> None:
    text = whole
    for key in gather.named():
        title, words, _ = gather.texts(key)
        assert f'<figure id="{key}">' in text
        assert title
        assert words
    assert text.count("<summary>SQL") == len(gather.named())


def test_the_same_corpus_gives_the_same_bytes(home: Home, whole: str, tmp_path: Path) -> None:
    first = report.write(home, None, tmp_path / "a.html").read_bytes()
    assert whole.encode() == first
    assert len(first) < 5_000_000


def test_small_cells_stay_at_home(home: Home, whole: str) -> None:
    inside, outside = whole, report.html(home, study.load("baclofen"), level="public")
    assert "fewer than 5 persons" in outside
    assert "fewer than 5 persons" not in inside
    assert "it shows single persons" in outside
    counts = {"persons", "denominator", "persons_present", "benefit", "numerator", "no_effect", "missing", "improved"}
    with corpus.reading(home) as con:
        for figure in gather.everything(con, home, "public").values():
            for row in figure.rows:
                assert not {v for c, v in row.items() if c in counts} & {1, 2, 3, 4}
    with corpus.reading(home) as con:  # and the corpus is as it was
        assert gather.figure(con, "outcome_by_treatment", "internal").small == 0


def test_quotes_go_out_only_as_far_as_the_level_lets_them(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write(home, [(f"p{n}", Told(n, effect="worked", outcomes=(("craving", "improved"),))) for n in range(8)])
    assert report.html(home, level="internal").count("<blockquote") == 4
    assert "<blockquote" not in report.html(home, level="public")


def test_an_empty_corpus_says_so(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with corpus.writing(home) as con:
        corpus.publish(con, study.load("baclofen"))
    assert "There is nothing in this corpus yet" in report.html(home)


def test_no_corpus_and_an_unknown_level_are_clear_lines(home: Home, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no corpus there yet"):
        report.write(Home(tmp_path / "none"))
    with pytest.raises(ExportError, match='Did you mean "public"'):
        report.html(home, level="publik")
    with pytest.raises(ExportError, match="cannot be written"):
        report.write(home, None, tmp_path / "no such folder" / "r.html")


def test_hostile_posts_titles_and_sources_are_text(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write(home, [("a", Told(0, effect="worked", outcomes=(("craving", "improved"),)))])
    with staging.Staging(home, staging.SourceRow("evil", "board", HOSTILE[:200]), Door(KEY)) as aside:
        aside.add(Batch(posts=(Post("9", HOSTILE, author=HOSTILE, title=HOSTILE, url="javascript:alert(1)"),)))
    staging.merge(home)
    with corpus.writing(home) as con:
        con.execute("update post set text = ?, url = 'javascript:alert(1)'", [HOSTILE])
        con.execute("update outcome set quote = ?, span_start = 0, span_end = 10100", [HOSTILE])
        con.execute("update source set terms = ?", [HOSTILE])
        con.execute(
            "update study set title = ?, settings = replace(settings, 'patients', '</style><script>')", [HOSTILE]
        )
    text = report.html(home)
    assert "<script" not in text
    assert "<img" not in text
    assert "javascript:" not in text
    assert not page._UNSEEN.search(text)
    assert "&lt;script&gt;alert(1)" in text


def test_the_page_lets_nothing_load_or_run(whole: str) -> None:
    text = whole
    assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text
    assert not re.search(r"<(script|link|img|iframe|object|embed|form)\b|\son\w+=|\sstyle=|@import|url\(", text)
