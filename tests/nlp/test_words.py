"""Every word of the vocabulary is known by the words that patients use for it, in plain, slang and clinical ones."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import nlp
from nlp import clean
from nlp.phrase_book import PhraseBook
from nlp.phrases import Hit, Row, longest, words
from nlp.spelling import corrector
from nlp.spot import spot
from nlp.types import Draft, Post

SIDE_EFFECTS = {
    "somnolence": "drowsiness; drowsy; sleepy; sedated; groggy; knocked me out; could not stay awake; nodding off",
    "fatigue": "tired; fatigue; exhausted; lethargic; no energy; wiped out; worn out; drained; lack of energy",
    "weakness": "weak; weakness; my legs gave out; legs like jelly; muscle weakness; rag doll; weak legs",
    "dizziness": "dizzy; dizziness; dizzy spells; lightheaded; light headed; woozy; head rush; giddy",
    "vertigo": "vertigo; the room was spinning; the spins",
    "balance_disorder": "unsteady; clumsy; off balance; loss of balance; ataxia; stumbling; poor coordination",
    "fall": "fell down; fell over; fell out of bed; I keep falling",
    "fainting": "fainted; passed out cold; blacked out; lost consciousness; syncope",
    "nausea": "nausea; nauseous; nauseated; queasy; sick to my stomach; made me sick",
    "vomiting": "vomiting; threw up; throwing up; puking; couldn't keep anything down",
    "constipation": "constipation; constipated; can't poop; no bowel movement",
    "diarrhea": "diarrhea; diarrhoea; the runs; loose stools",
    "abdominal_pain": "stomach ache; upset stomach; stomach cramps; stomachache; belly pain",
    "heartburn": "heartburn; heart burn; indigestion; acid reflux",
    "gas": "gas; gassy; bloating; bloated; flatulence",
    "dry_mouth": "dry mouth; cotton mouth; cottonmouth; thirsty; my mouth is so dry",
    "taste_change": "metallic taste; everything tastes like metal; bad taste in my mouth",
    "appetite_decreased": "no appetite; loss of appetite; lost my appetite; not hungry",
    "appetite_increased": "increased appetite; always hungry; munchies; ravenous",
    "weight_gain": "weight gain; gained 20 pounds; put on weight; gained weight; packed on the pounds",
    "weight_loss": "weight loss; lost 10 lbs; lost weight",
    "headache": "headache; headaches; migraine; my head hurts; pounding head",
    "insomnia": "insomnia; can't sleep; sleepless; awake all night; trouble sleeping; lack of sleep",
    "abnormal_dreams": "nightmares; vivid dreams; crazy dreams; night terrors; weird dreams",
    "confusion": "confused; confusion; disoriented; delirious",
    "memory_impairment": "memory loss; forgetful; can't remember anything; amnesia; short term memory loss",
    "brain_fog": "brain fog; foggy; spaced out; spacey; zombie; out of it; loopy; can't concentrate; in a fog",
    "hallucination": "hallucinations; hallucinating; seeing things; hearing voices",
    "psychosis": "psychosis; paranoid; paranoia; delusional",
    "euphoria": "euphoric; felt high; felt drunk; buzzed; like being drunk; euphoria",
    "dissociation": "dissociation; detached; not feeling like myself; unreal; out of body",
    "emotional_blunting": "emotionally numb; no emotions; apathy; emotionless; don't care about anything",
    "depression": "depressed; depression; crying; crying spells; tearful; hopeless",
    "suicidal_ideation": "suicidal; suicidal thoughts; wanted to die; thoughts of suicide",
    "anxiety": "anxiety; anxious; panic attacks; nervous; panicky",
    "irritability": "irritable; irritability; mood swings; angry; agitated; cranky; short temper",
    "restlessness": "restless; jittery; can't sit still; akathisia; fidgety",
    "mania": "mania; manic; hypomanic",
    "tremor": "tremors; tremor; shaky; shaking; the shakes; my hands shake",
    "seizure": "seizure; seizures; convulsions; grand mal",
    "muscle_spasm": "spasms; cramps; twitching; charley horse; stiffness; jaw clenching",
    "muscle_pain": "body aches; achy; sore muscles; muscle pain; aches and pains",
    "joint_pain": "joint pain; aching joints; my knees hurt",
    "back_pain": "back pain; backache; lower back ache",
    "paresthesia": "tingling; numbness; numb; pins and needles; brain zaps; electric shocks",
    "slurred_speech": "slurred speech; slurring; trouble speaking; slurring my words",
    "blurred_vision": "blurred vision; blurry vision; blurry; double vision; vision was blurry",
    "eye_problem": "dry eyes; eye pain; itchy eyes; watery eyes",
    "tinnitus": "tinnitus; ringing in my ears; hearing loss",
    "palpitations": "palpitations; racing heart; heart was pounding; rapid heartbeat; tachycardia",
    "chest_pain": "chest pain; tightness in my chest; chest tightness; pressure in my chest",
    "hypotension": "low blood pressure; blood pressure dropped; hypotension",
    "hypertension": "high blood pressure; blood pressure went up; hypertension",
    "dyspnea": "short of breath; shortness of breath; trouble breathing; couldn't breathe",
    "respiratory_depression": "stopped breathing; respiratory depression; shallow breathing",
    "swelling": "swelling; swollen ankles; water retention; edema; puffy",
    "sweating": "sweating; night sweats; sweats; sweaty",
    "hot_flush": "hot flashes; flushing; fever; feeling hot",
    "chills": "chills; shivering; always cold",
    "rash": "rash; hives; broke out in hives; acne",
    "itching": "itching; itchy; itchy skin",
    "allergic_reaction": "allergic reaction; throat swelling; anaphylaxis; tongue swelled",
    "hair_loss": "hair loss; losing my hair; hair falling out",
    "urinary_frequency": "frequent urination; peeing all the time; urinary frequency",
    "urinary_incontinence": "wet the bed; incontinence; peed myself",
    "urinary_retention": "can't pee; urinary retention; trouble urinating",
    "sexual_dysfunction": "erectile dysfunction; can't orgasm; impotence; sexual dysfunction",
    "libido_decreased": "no sex drive; low libido; lost my libido; decreased libido",
    "libido_increased": "increased libido; hypersexual; horny",
    "sore_throat": "sore throat; flu like symptoms; runny nose; stuffy nose",
    "infection": "infection; uti; yeast infection",
    "bleeding": "bleeding; bruising; nosebleeds; bruise easily",
    "liver_problem": "liver enzymes; liver damage; elevated liver enzymes",
    "injection_site_reaction": "lump at the injection site; injection site pain; sore butt",
    "hangover": "hangover; hungover; hung over; felt hungover",
    "withdrawal": "withdrawal; withdrawals; withdrawl symptoms; withdrawal symptoms",
    "tolerance": "built up a tolerance; stopped working; doesn't work anymore; lost its effectiveness",
    "dependence": "addicted; physically dependent; hooked; became addicted",
    "overdose": "overdosed; took too much",
    "coma": "coma",
    "malaise": "felt awful; felt weird; felt like crap; feel terrible; made me feel horrible",
    "any": "side effects; side effect; adverse reaction; sideeffects",
}
CONDITIONS = {
    "alcohol_use": "alcoholism; alcohol dependence; drinking; alcohol addiction; alcoholic; alcohol use disorder; booze",
    "alcohol_withdrawal": "alcohol withdrawal; alcohol detox; delirium tremens; withdrawal from alcohol",
    "drug_use": "heroin addiction; opiate addiction; quit smoking; cocaine addiction; addicted to pills; meth addiction",
    "drug_withdrawal": "opiate withdrawal; benzo withdrawal; coming off suboxone; opioid detox",
    "spasticity": "spasticity; multiple sclerosis; ms; cerebral palsy; spinal cord injury; stroke; dystonia; als",
    "muscle_spasm": "muscle spasms; back spasms; leg cramps; tmj; stiff neck; pelvic floor; muscle tension",
    "pain": "back pain; fibromyalgia; arthritis; herniated disc; chronic pain; degenerative disc disease",
    "neuropathic_pain": "nerve pain; neuropathy; trigeminal neuralgia; sciatica; migraines; cluster headaches",
    "anxiety": "anxiety; panic attacks; ptsd; social anxiety; gad; ocd",
    "depression": "depression; depressed; low mood; major depressive disorder",
    "insomnia": "insomnia; trouble sleeping; sleep problems; can't sleep",
    "binge_eating": "binge eating; bulimia; overeating; obesity; weight loss",
    "reflux": "gerd; acid reflux; rumination syndrome; chronic cough; lpr",
    "hiccups": "hiccups; hiccoughs",
    "movement": "tics; tremor; restless legs; tourettes; rls; tardive dyskinesia",
    "bladder": "overactive bladder; bladder spasms; incontinence; urinary urgency",
}


@pytest.mark.parametrize("concept", SIDE_EFFECTS)
def test_a_side_effect_is_known_by_its_everyday_words(concept: str) -> None:
    missed = [
        said for said in SIDE_EFFECTS[concept].split("; ") if concept not in _found(said, "side_effects", "concept")
    ]
    assert not missed


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_is_known_by_its_everyday_words(condition: str) -> None:
    missed = [
        said for said in CONDITIONS[condition].split("; ") if condition not in _found(said, "conditions", "condition")
    ]
    assert not missed


def _found(said: str, table: str, column: str) -> set[str]:
    d = Draft(Post("", said), said)
    d.words, d.norms, d.word_starts, d.gaps = clean.words(f"It was {said}", f"it was {said.lower()}")
    d.vocabulary = frozenset(d.norms)
    return {hit.row[column] for hit in longest(spot(d)[table])}


@pytest.mark.parametrize(
    ("text", "domain", "direction"),
    [
        ("I couldn't walk without it.", "mobility", "improved"),
        ("Can't imagine being able to bend without this drug.", "mobility", "improved"),
        ("It doesn't take away the pain.", "pain", "unchanged"),
        ("The pain was well controlled.", "pain", "improved"),
        ("By far more helpful than the others.", "overall", "improved"),
        ("My shoulders feel so much better.", "pain", "improved"),
    ],
)
def test_what_changed_is_read_in_what_is_done_without_it(text: str, domain: str, direction: str) -> None:
    reading = next(iter(nlp.read(nlp.load(), [{"id": "1", "text": text, "drug": "Baclofen", "condition": "Other"}])))
    assert (domain, direction) in {(o["domain"], o["direction"]) for o in reading.record["outcomes"]}


@pytest.mark.parametrize(
    ("said", "concept"),
    [
        ("I was in floods of tears most days on this tablet.", "depression"),
        ("I prayed I wouldn't wake up in the morning while on this drug.", "suicidal_ideation"),
        ("Everything got on my nerves after I started taking it.", "irritability"),
        ("My legs would not stop moving after I took it.", "restlessness"),
        ("It made my joints ache.", "joint_pain"),
        ("It made my lower back hurt like crazy.", "back_pain"),
        ("My mouth wouldn't work, I had trouble getting my words out on baclofen.", "slurred_speech"),
        ("My heart was going a mile a minute on this stuff.", "palpitations"),
        ("My bp was 85 over 50 when I was on it.", "hypotension"),
        ("Blood pressure jumped to 165/95.", "hypertension"),
        ("Blood pressure dipped after the first dose.", "hypotension"),
        ("My oxygen level was 82 on it.", "respiratory_depression"),
        ("It made my ankles swell up.", "swelling"),
        ("I wake up drenched every night since I started taking it.", "sweating"),
        ("It gives me a huge sex drive.", "libido_increased"),
        ("My liver shut down on this drug.", "liver_problem"),
        ("They overdosed her on it in the hospital.", "overdose"),
        ("My dad fell into a coma after two doses.", "coma"),
    ],
)
def test_an_effect_is_read_in_whole_clauses_of_everyday_speech(said: str, concept: str) -> None:
    reading = next(iter(nlp.read(nlp.load(), [{"id": "1", "text": said, "drug": "Baclofen", "condition": "Other"}])))
    assert [(e["concept"], e["present"]) for e in reading.record["side_effects"]] == [(concept, True)]


def test_of_two_phrases_that_cover_the_same_words_the_one_that_names_more_counts() -> None:
    general, own = (
        Row("own", "made +2 ache", {"concept": "ache"}),
        Row("own", "made my knees ache", {"concept": "knee"}),
    )
    for rows in ([general, own], [own, general]):
        found = longest(PhraseBook(rows).hits(words("It made my knees ache")))
        assert [hit.row["concept"] for hit in found] == ["knee"]


def test_an_alternative_of_a_phrase_may_be_several_words() -> None:
    book = PhraseBook([Row("own", "feel~ +1 rough|under_the_weather today?", {})])
    assert [(hit.first, hit.last) for hit in book.hits(words("I felt under the weather"))] == [(1, 5)]
    assert [(hit.first, hit.last) for hit in book.hits(words("feeling a rough today"))] == [(0, 3), (0, 4)]
    assert not book.hits(words("I felt under the water"))


def test_a_phrase_book_finds_the_same_the_second_time_and_from_several_threads() -> None:
    rows = [
        Row("own", "feel~ +2 rough|under_the_weather", {}),
        Row("own", "so? # days off", {}),
        Row("own", "# @med", {}),
    ]
    said = [
        words("I felt a bit rough, so 3 days off"),
        words("3 days off. Feeling under the weather"),
        words("2 pills"),
    ]
    book = PhraseBook(rows)
    begun = threading.Barrier(4)

    def read(_: int) -> list[list[Hit]]:
        begun.wait(timeout=60)
        return [book.hits(text) for text in said]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(read, range(4)))
    assert [len(hits) for hits in found[0]] == [3, 2, 1]
    assert all(one == found[0] for one in [*found, [book.hits(text) for text in said]])


def test_a_phrase_that_begins_with_a_gap_or_names_no_class_of_words_is_refused() -> None:
    with pytest.raises(ValueError, match="starts with a gap"):
        PhraseBook([Row("own", "+1 tired", {})])
    with pytest.raises(KeyError):
        PhraseBook([Row("own", "so @nothing_known tired", {})])


def test_a_gap_before_words_that_may_be_left_out_is_left_out_with_them() -> None:
    book = PhraseBook(
        [Row("own", "restless leg|legs +1 syndrome?", {}), Row("own", "no better +1 than? +1 before?", {})]
    )
    assert [(hit.first, hit.last) for hit in book.hits(words("my restless legs."))] == [(1, 3)]
    assert [(hit.first, hit.last) for hit in book.hits(words("restless leg, uh, syndrome"))] == [(0, 2)]
    assert [(hit.first, hit.last) for hit in book.hits(words("restless leg movement syndrome"))] == [(0, 2), (0, 4)]
    assert [(hit.first, hit.last) for hit in book.hits(words("no better now than ever before"))] == [
        (0, 2),
        (0, 4),
        (0, 6),
    ]
    assert not book.hits(words("restless"))


def test_a_node_that_is_opened_again_keeps_what_follows() -> None:
    book = PhraseBook([Row("effects", "made me +1 sleepy", {"concept": "somnolence"})])
    text = words("it made me very sleepy")
    assert len(book.hits(text)) == 1
    nodes = [start.node for start in book._begins.values()]  # pyright: ignore[reportPrivateUsage]
    for node in nodes:
        node.open()
        nodes += [child for children in node.moves.values() for child in children]
    assert len(book.hits(text)) == 1


def test_a_phrase_book_that_lets_go_of_what_it_kept_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [Row("own", "feel~ +2 rough|under_the_weather", {}), Row("own", "so? # days off", {})]
    said = [words("I felt a bit rough, so 3 days off"), words("3 days off. Feeling under the weather")]
    book, alone = PhraseBook(rows), PhraseBook(rows)
    alone.hits(said[-1])
    once = [book.hits(text) for text in said]
    monkeypatch.setattr("nlp.phrase_book._MOST_STATES", 1)
    assert [book.hits(text) for text in said * 2] == once * 2
    assert len(book._states) == len(alone._states) > 0  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize("word", ["selling", "learning", "importance", "handed", "recieving", "completion"])
def test_a_real_word_is_not_taken_for_a_misspelt_other(word: str) -> None:
    assert corrector().corrected(["i", word], {"i", word}) == ["i", word]
