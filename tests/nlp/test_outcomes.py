"""What changed, in which domain and direction; and what is no change that the treatment brought."""

import pytest
from spacy.language import Language

import nlp


@pytest.fixture(scope="module")
def engine() -> Language:
    # The grammar alone: what the rest of a post makes of it is told in test_claims.py.
    built = nlp.load()
    built.remove_pipe("claims")
    return built


def told(engine: Language, text: str, drug: str | None = "Baclofen", condition: str | None = "Other") -> set[str]:
    post = {"id": "1", "text": text, "drug": drug, "condition": condition}
    record = next(iter(nlp.read(engine, [post]))).record
    return {f"{o['substance']} {o['domain']} {o['direction']}" for o in record["outcomes"]}


def changes(engine: Language, text: str, condition: str = "Other") -> set[str]:
    return {each.split(" ", 1)[1] for each in told(engine, text, condition=condition)}


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("It works really well for my leg spasms and the pain.", "spasm improved"),
        ("It works really well for my leg spasms and the pain.", "pain improved"),
        ("A life saver for my migraines.", "pain improved"),
        ("It reduced the strength of my leg cramps.", "spasm improved"),
        ("My cravings were a lot less within days.", "craving improved"),
        ("I have cut way down on drinking.", "use improved"),
        ("I'm drinking so much less now.", "use improved"),
        ("I don't want to drink anymore.", "craving improved"),
        ("Wine has lost all its appeal.", "craving improved"),
        ("Three months in I fell off the wagon.", "use worsened"),
        ("My drinking has not changed one bit.", "use unchanged"),
        ("Five stars for sleep and no stars for pain.", "pain unchanged"),
        ("It does not even touch the knee pain.", "pain unchanged"),
        ("It doesn't help with pain or sleep.", "sleep unchanged"),
        ("Tried it for my cramps but it works poorly.", "spasm unchanged"),
        ("I'm able to fall asleep quickly now.", "sleep improved"),
        ("I can eat again.", "eating improved"),
        ("I have stopped smoking and hardly have an urge.", "use improved"),
        ("I haven't had a drop of wine in weeks.", "use improved"),
        ("It helps with my headaches, jaw pain, and insomnia.", "sleep improved"),
        ("I get less severe migraines.", "pain improved"),
        ("I still have spasms but they are much milder.", "spasm improved"),
        ("It made me drink more.", "use worsened"),
        ("Ruined my life.", "quality_of_life worsened"),
        ("If not for this I would not be able to walk.", "mobility improved"),
    ],
)
def test_a_change_is_read_in_the_domain_that_it_is_said_of(engine: Language, text: str, change: str) -> None:
    assert change in changes(engine, text)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("My knees don't ache anymore on it.", "pain improved"),
        ("I haven't hiccuped since the second pill.", "hiccups improved"),
        ("The trembling in my hands is so much better.", "movement improved"),
        ("My stiffness increased on it.", "spasm worsened"),
        ("It calmed down my acid reflux.", "reflux improved"),
        ("I don't get cramps since I take it.", "spasm improved"),
        ("My range of motion is the same as before.", "mobility unchanged"),
        ("The headaches are just as bad on it.", "pain unchanged"),
        ("The pain didn't go away.", "pain unchanged"),
        ("It hasn't touched the urge to drink.", "craving unchanged"),
        ("I still need a cane with it.", "mobility unchanged"),
        ("I cough more than before I started it.", "reflux worsened"),
        ("I slept 7 hours straight on it.", "sleep improved"),
        ("I'm not running to the toilet all night with it.", "bladder improved"),
        ("It took the edge off my opiate withdrawals.", "withdrawal improved"),
        ("It made getting dressed so much easier.", "mobility improved"),
        ("I enjoy life again.", "quality_of_life improved"),
        ("I can't live without this med.", "overall improved"),
        ("I have very little pain now.", "pain improved"),
        ("I fall asleep a lot faster.", "sleep improved"),
        ("It got me to stop drinking.", "use improved"),
        ("He hasn't used heroin since he takes it.", "use improved"),
        ("My knee doesn't bother me now.", "pain improved"),
        ("It shuts off the cravings.", "craving improved"),
        ("I can't walk any better on it.", "mobility unchanged"),
        ("I no longer crave cigarettes.", "craving improved"),
        ("My mood is a lot lower on it.", "mood worsened"),
    ],
)
def test_everyday_words_of_a_change_are_read(engine: Language, text: str, change: str) -> None:
    assert change in changes(engine, text)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("Tremors, diminished night vision, dry mouth.", "movement improved"),  # what is diminished stands behind
        ("I want my life back.", "quality_of_life improved"),
        ("No weight loss so far.", "eating improved"),
        ("I lost the ability to walk.", "mobility improved"),
        ("It took away my mobility.", "mobility improved"),
        ("My bladder control has worsened.", "bladder improved"),
        ("I could walk before baclofen.", "mobility improved"),
        ("I haven't had a headache since.", "use improved"),
        ("Still fighting the urge to drink.", "craving improved"),
        ("I have more trouble walking on it.", "mobility improved"),
    ],
)
def test_words_of_a_change_for_the_better_in_another_sense_are_not_read_as_one(
    engine: Language, text: str, change: str
) -> None:
    assert change not in changes(engine, text)


@pytest.mark.parametrize(
    "text",
    [
        "I was prescribed this for relief of leg cramps.",
        "I have not noticed any side effects with the spasms.",
        "I need pain relief.",
        "He said I should go back to work.",
        "I was not feeling good that day.",
        "My blood pressure increased, headache, dry mouth.",
        "Will this help with my back pain?",
        "I have tried other muscle relaxers too.",
        "I feel better reading this, I am not crazy.",
        "Not worried about the side effects.",
        "I would like a more consistent mood.",
    ],
)
def test_what_is_sought_or_merely_named_is_no_outcome(engine: Language, text: str) -> None:
    assert changes(engine, text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "If I miss a dose the spasms come back.",
        "When it wears off the spasms return.",
        "I ran out last week and my spasms came back.",
    ],
)
def test_what_comes_back_without_the_treatment_was_better_with_it(engine: Language, text: str) -> None:
    assert changes(engine, text) == {"spasm improved"}


def test_what_comes_back_in_spite_of_the_treatment_is_worse(engine: Language) -> None:
    assert changes(engine, "After a month the spasms came back.", "Muscle Spasms") == {"spasm worsened"}


def test_being_put_to_sleep_helps_only_where_sleep_is_sought(engine: Language) -> None:
    text = "This puts me right to sleep."
    assert "sleep improved" in changes(engine, text, "Difficulty Sleeping")
    assert changes(engine, text, "Muscle Spasms") == set()


def test_uselessness_beside_a_benefit_is_not_the_treatment_s(engine: Language) -> None:
    assert changes(engine, "Works great. Doctors are useless.") == {"overall improved"}


def test_what_a_forum_post_tells_far_from_a_medicine_it_names_in_passing_is_not_its_doing(engine: Language) -> None:
    far = (
        "I have been sober a year. Meetings help me a lot. My sponsor is great. We talk daily. I walk every morning. "
        "My job is fine. Last winter the doctor gave me naltrexone for a week. I moved house. My sleep is better. Thanks."
    )
    assert told(engine, far, drug=None, condition=None) == set()


def test_a_forum_post_about_a_medicine_tells_of_it_throughout(engine: Language) -> None:
    about = "I have been on baclofen for 30 days. My job is fine. I moved house. Work is busy. The cravings are gone."
    assert "baclofen craving improved" in told(engine, about, drug=None, condition=None)


def test_the_medicine_right_before_the_verb_is_the_one_that_helps(engine: Language) -> None:
    text = "Trazodone helps me sleep in spite of baclofen. I tried Soma, no luck, and naproxen gave some pain relief."
    assert {"trazodone sleep improved", "naproxen pain improved"} <= told(engine, text)


def test_better_after_a_change_of_medicine_is_the_new_one_s(engine: Language) -> None:
    text = "I stopped naltrexone, started baclofen and the cravings are gone."
    assert "baclofen craving improved" in told(engine, text, condition="Alcohol Dependence")


def test_going_back_to_a_dose_says_nothing_of_the_back() -> None:
    posts = [{"id": "1", "text": "I'm going back down to 30 mg.", "drug": "baclofen"}]
    (reading,) = nlp.read(nlp.load(), posts)
    assert reading.record["outcomes"] == []


def test_what_did_not_return_was_there_and_a_highest_dose_is_no_stop() -> None:
    texts = ("Vivid dreams the first week, nothing since.", "I never took more than 30 mg a day.")
    dreams, dose = nlp.read(nlp.load(), [{"id": str(n), "text": t, "drug": "baclofen"} for n, t in enumerate(texts)])
    assert [(s["concept"], s["present"]) for s in dreams.record["side_effects"]] == [("abnormal_dreams", True)]
    assert dose.record["treatments"][0]["stopped"] is not True


@pytest.mark.parametrize(
    ("text", "condition", "change"),
    [
        ("My pain went from an 8 to about a 4.", "Pain", "pain improved"),
        ("He went from 50 spasms a day to none.", "Spasticity", "spasm improved"),
        ("The headaches went from 2 a month to 9.", "Pain", "pain worsened"),
        ("My pain went from 10000 to 2000.", "Pain", "pain improved"),
        ("I went from 12 beers a night to 2.", "Alcoholism", "use improved"),
        ("I am still sober after 11 months on it.", "Alcoholism", "use improved"),
        ("I have not had a drop since March.", "Alcoholism", "use improved"),
        ("It takes the fun out of drinking.", "Alcoholism", "craving improved"),
        ("900 mg a day did zip.", "Pain", "overall unchanged"),
    ],
)
def test_numbers_before_and_after_and_drinking_no_more(
    engine: Language, text: str, condition: str, change: str
) -> None:
    assert change in changes(engine, text, condition)


def test_a_dose_that_is_raised_is_no_change_of_what_follows(engine: Language) -> None:
    assert changes(engine, "I increased from 10 to 20 mg and the spasms stopped.", "Spasticity") == {"spasm improved"}


def test_a_number_that_stays_is_no_change(engine: Language) -> None:
    assert changes(engine, "My pain never went from 8 to 8.", "Pain") == set()
