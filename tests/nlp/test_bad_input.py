"""Whatever a post holds: it is read or excluded with a reason, at a cost that grows with its length, twice the same."""

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language

import nlp
from nlp import compiled
from nlp.types import Reading

ODD = {
    "empty": "",
    "blank": " \n\t ",
    "emoji": "\U0001f600",
    "half an emoji": "Baclofen \ud83d 10 mg",
    "right to left": "بكلوفين ١٠ ملغ שלום עולם",
    "zero width": "Bac\u200blofen 1\u200b0 mg\ufeff",
    "markup": "<div class='x'>Baclofen<br>10 mg</b>&nbsp;&amp;&#8217; [quote=a] [/quote] **_*",
    "digits": "٣٤ ½ ² ⅔ 1/0 0 mg 0/0 mg",
    "nothing but marks": "?!.,;:()[]{}<>/-" * 50,
    "one word of a megabyte": "a" * 1_000_000,
}
REPEATED = {
    "amounts": "10 mg ",
    "doses": "baclofen 10 mg ",
    "series": "5/5/",
    "runs": "5, 6, ",
    "schedules": "I take 10 mg in the morning and ",
    "taking": "i took it for ",
    "denials": "no nausea or ",
    "conditions": "if it does not ",
    "names": "Baclofen, ",
    "sentences": "It made me dizzy. ",
    "authors": "x wrote:\n",
    "openings": "[quote]",
    "angles": "<",
    "line ends": "\n",
    "other people": "my mother took ",
}
GERMAN = "Ich nehme das Medikament seit zwei Wochen und es hilft mir gegen die Schmerzen, aber ich bin sehr müde."
FRENCH = "Je prends ce médicament depuis deux semaines et il est très efficace pour la douleur que j'ai dans le dos."


@pytest.fixture(scope="module")
def engine() -> Language:
    return nlp.load()


def reading(engine: Language, text: str, drug: str | None = "Baclofen") -> Reading:
    return next(iter(nlp.read(engine, [{"id": "1", "text": text, "drug": drug}])))


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_post_is_read_or_excluded_and_twice_the_same(engine: Language, kind: str) -> None:
    first = reading(engine, ODD[kind])
    assert not (first.exclusion or "").startswith("unreadable")
    assert first == reading(engine, ODD[kind])


@pytest.mark.parametrize("text", [GERMAN, FRENCH, ODD["right to left"]])
def test_another_language_is_excluded_and_never_mined(engine: Language, text: str) -> None:
    read = reading(engine, text)
    assert read.exclusion == "not English"
    assert not read.mentions
    assert read.language not in ("en", "und")


@pytest.mark.parametrize("kind", REPEATED)
def test_a_very_long_post_is_read_in_time(engine: Language, kind: str) -> None:
    """What grew with the square of the length would take minutes here, and run into the time limit of a test."""
    read = reading(engine, REPEATED[kind] * 6000)
    assert not (read.exclusion or "").startswith("unreadable")


REVIEWS = (
    "I took {} and gabapentin for 2 weeks, 10 mg in the morning and 20 mg at night. It helped my back pain. ",
    "{} made me dizzy and sick, so I stopped taking it. No headaches though. ",
    "My doctor put me on {} after surgery. I didn't sleep, had nausea, and quit after 3 days. ",
    "Started {} for spasms a month ago. Side effects: dry mouth, fatigue. I am back on it now. ",
    "I have MS and take {} 30 mg daily. It takes the edge off, but I can't think straight. ",
)
MEDICINES = "baclofen tizanidine zanaflex soma flexeril robaxin skelaxin valium neurontin lyrica topamax zoloft".split()


def steps(engine: Language, text: str, drug: str | None) -> int:
    """Give how many instructions of Python the reading of a post takes."""
    taken = 0

    def traced(frame: FrameType, event: str, _: object) -> Callable[..., Any]:
        nonlocal taken
        frame.f_trace_lines, frame.f_trace_opcodes = False, True
        taken += event == "opcode"
        return traced

    reading(engine, text, drug)  # what is looked up once is not counted
    before = sys.gettrace()
    sys.settrace(traced)
    try:
        reading(engine, text, drug)
    finally:
        sys.settrace(before)
    return taken


@pytest.mark.skipif(compiled.used(), reason="the steps of machine code cannot be counted; see the test behind this")
@pytest.mark.parametrize("drug", ["Baclofen", None])
@pytest.mark.parametrize("kind", ["reviews", *(kind for kind in REPEATED if kind != "denials")])
def test_a_post_four_times_as_long_takes_about_four_times_the_steps(
    engine: Language, kind: str, drug: str | None
) -> None:
    def post(count: int) -> str:
        if kind in REPEATED:
            return REPEATED[kind] * count
        return "\n\n".join(REVIEWS[i % 5].format(MEDICINES[i * i % 11]) for i in range(count // 4))

    short, long = (steps(engine, post(count), drug) for count in (60, 240))
    assert long < 4.5 * short + 2000


@pytest.mark.skipif(not compiled.used(), reason="it is plain Python that runs")
def test_the_same_code_in_plain_python_takes_about_four_times_the_steps() -> None:
    alone = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", __file__, "-k", "about_four_times_the_steps"]
    plain = {**os.environ, compiled.PLAIN: "1"}
    done = subprocess.run(
        alone, env=plain, cwd=Path(nlp.__file__).parents[1], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert " passed, 1 skipped" in done.stdout


def test_a_thousand_amounts_give_one_record(engine: Language) -> None:
    doses = reading(engine, "Baclofen. " + "10 mg " * 1000).record["doses"]
    assert [d["mg"] for d in doses] == [[10, 10]]


def test_what_stands_at_the_end_of_a_very_long_post_is_read(engine: Language) -> None:
    read = reading(engine, "I went for a walk today. " * 20_000 + "I take baclofen 20 mg three times a day.", None)
    assert [d["mg_per_day"] for d in read.record["doses"]] == [[60, 60]]


PIECES = st.sampled_from(
    "baclofen|10|mg|½|a day|/|-|every|hours|tid|up to|no|nausea|stopped|.|\n|it|for|two weeks|my wife|>|[quote]|it's|?|"
    "20mg|from|to|x|(|)|gabapentin".split("|")
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(max_size=300), st.lists(PIECES, max_size=60).map(" ".join), st.lists(PIECES, max_size=40).map("".join)
    )
)
def test_nothing_that_can_be_written_breaks_the_reader(engine: Language, text: str) -> None:
    read = reading(engine, text)
    assert not (read.exclusion or "").startswith("unreadable"), read.exclusion
    whole = text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for mention in read.mentions:
        assert whole[mention.start : mention.end] == mention.quote
    for dose in read.record["doses"]:
        assert dose["quote"] in whole
        for low, high in filter(None, (dose["mg"], dose["mg_per_day"])):
            assert 0 < low <= high


def test_half_an_emoji_breaks_no_doc_and_moves_no_word(engine: Language) -> None:
    doc = engine("Baclofen \ud83d made me dizzy.")
    assert len(doc.text) == len("Baclofen ? made me dizzy.")
    assert "\ufffd" in doc.text
    assert [s["quote"] for s in doc._.report["side_effects"]] == ["dizzy"]


def test_posts_read_together_are_read_as_each_alone(engine: Language) -> None:
    posts = [
        {"id": str(n), "text": ODD[kind] or "Baclofen 10 mg", "drug": "Baclofen"} for n, kind in enumerate(ODD)
    ] * 9
    assert list(nlp.read(engine, posts)) == [next(iter(nlp.read(engine, [post]))) for post in posts]


def test_the_first_post_is_read_before_the_second_is_asked_for(engine: Language) -> None:
    def posts() -> Iterator[dict[str, str]]:
        yield {"id": "1", "text": "Baclofen made me dizzy."}
        pytest.fail("asked for more than one post")

    assert next(nlp.read(engine, posts())).record["id"] == "1"


def test_a_source_of_posts_that_fails_does_so_behind_the_posts_that_it_gave(engine: Language) -> None:
    def posts() -> Iterator[dict[str, str]]:
        for n in range(6):
            yield {"id": str(n), "text": "Baclofen made me dizzy."}
        raise OSError("gone")

    read: list[str] = []
    with pytest.raises(OSError, match="gone"):
        read.extend(r.record["id"] for r in nlp.read(engine, posts()))
    assert read == [str(n) for n in range(6)]


def test_what_is_no_post_at_all_is_an_error_and_no_end() -> None:
    posts: Any = [{"id": "1", "text": "Baclofen helped me."}, None, {"id": "2", "text": "It did not."}]
    readings = nlp.read(nlp.load(), posts)
    assert next(iter(readings)).record["id"] == "1"
    with pytest.raises(AttributeError):
        list(readings)


@pytest.mark.parametrize(
    "mark",
    [
        "'",
        "’",
        "ʼ",
        "`",
        "&#39;",
        "&#039;",
        "&#x27;",
        "&apos;",
        "&rsquo;",
        "&#8217;",
        "&amp;#039;",
        "\\'",
        "â€™",
        "\ufffd",
    ],
)
def test_whatever_a_page_has_for_an_apostrophe_a_denial_is_one(engine: Language, mark: str) -> None:
    post = {"id": "1", "text": f"Baclofen didn{mark}t help my cravings. It doesn{mark}t make me sleepy."}
    record = next(iter(nlp.read(engine, [post]))).record
    assert [(o["domain"], o["direction"]) for o in record["outcomes"]] == [("craving", "unchanged")]
    assert [(s["concept"], s["present"]) for s in record["side_effects"]] == [("somnolence", False)]
    assert all(row["quote"] in post["text"] for row in (*record["outcomes"], *record["side_effects"]))


@pytest.mark.parametrize("collects", [True, False])
def test_the_collector_of_cycles_is_left_as_it_was(engine: Language, collects: bool) -> None:
    was = gc.isenabled()
    try:
        (gc.enable if collects else gc.disable)()
        reading = nlp.read(engine, ({"id": str(n), "text": "Baclofen helps."} for n in range(9)))
        assert [gc.isenabled() for _ in reading] == [collects] * 9
    finally:
        (gc.enable if was else gc.disable)()
