import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import masking
from pipeline.masking import names

MASKED = re.compile(r"\[(?:email|link|user|phone|record|address|name)\]")
FRAMES = [
    "I was put on baclofen 10 mg three times a day. {} That was in spring.",
    "{} The cravings stopped at 80 mg.",
    "no drowsiness at all on 25 mg, and {}",
]
STRUCTURED = [
    ("write to {} for the log", ["jane.roe+x@mail.example.org", "roe_77@clinic.co.uk", "roe77 [at] mail [dot] com"]),
    ("reach me at {} tonight", ["roe77 at mail dot com", "a.b@c-d.example"]),
    ("see {} for more", ["https://forum.example/t/1?x=2#p3", "www.board.example/thread/9", "mydiary.blogspot.com/2014/05"]),
    ("call {} after six", ["555-010-4477", "(555) 010-4477", "+44 20 7946 0958", "555.010.4477", "07700 900123", "5550104477", "1-800-555-0199", "+1 (555) 010-4477"]),
    ("thanks to {} for this", ["@sample_heron", "u/sample_wren", "/u/Sample-Wren9", "https://reddit.example/user/wren"]),
    ("the letter went to {}", ["12 Larch Road", "1440 Old Mill Lane, Apt 4", "27B Station Street", "PO Box 1177", "9 elm street", "Springfield, IL 62704", "SW1A 1AA", "55 North Harbor Blvd, Portland, OR 97201"]),
    ("they wrote {} on the form", ["MRN 00482913", "MRN: A-448213", "patient id 77-12345", "NHS number 943 476 5919", "SSN 078-05-1120", "078-05-1120", "policy number HX4482913", "DOB 04/12/1961", "case #4482-91", "medical record number 5512345", "member ID: XKC448291345", "account no. 4482 9134"]),
]  # fmt: skip
PEOPLE = [
    ("My doctor is {}", ["Dr. Okafor", "Dr Lindqvist", "Dr. Ana Petrescu", "Doctor Hargreaves", "Prof. Weiss", "Dr. J. Moreau", "Dr. van Dijk", "dr smith", "Mrs. Tanaka", "Mr Novak"]),
    ("I went with my friend {} to the clinic", ["Priya", "Mark", "Grace", "Sofia", "Johannes", "Will", "Mateo", "Sarah Connolly"]),
    ("my husband {} takes it too", ["Tom", "Gareth", "Luca", "Bob Fenwick", "Rashid"]),
    ("Hello, my name is {} and I drank daily", ["Xanthippa", "Rose", "Piotr", "Dilnoza", "Amy"]),
    ("we all love {} here", ["Kathleen", "Ibrahim", "Jennifer", "Oleksandr", "Nguyen"]),
    ("then {} told me to taper", ["Williamson", "Karen", "Dr. Mayhew", "Nurse Petrova", "Rebecca"]),
    ("Thanks, {}!", ["Daniel", "Ingrid", "Hope"]),
    ("that was all.\n- {}", ["Margaret", "Joy", "Stefan"]),
    ("good luck\nRegards,\n{}", ["Liam", "Ruth Adeyemi"]),
]  # fmt: skip


def recall(planted: list[tuple[str, list[str]]]) -> tuple[float, list[str]]:
    total, missed = 0, list[str]()
    for sentence, values in planted:
        for value in values:
            for frame in FRAMES:
                text = frame.format(sentence.format(value))
                total += 1
                words = [w for w in re.findall(r"[\w@/-]{2,}", value) if w.lower().rstrip(".") not in TITLES]
                if any(re.search(rf"(?<!\w){re.escape(w)}(?!\w)", masking.mask(text)) for w in words):
                    missed.append(text)
    return 1 - len(missed) / total, missed


TITLES = {"dr", "doctor", "prof", "mrs", "mr", "nurse", "dob", "mrn", "nhs", "ssn", "number", "id", "patient", "policy", "case",
          "medical", "record", "member", "account", "no", "user", "regards", "mail", "dot", "com", "at", "van"}  # fmt: skip


def test_planted_identifiers_of_a_form_are_masked() -> None:
    share, missed = recall(STRUCTURED)
    assert share >= 0.98, missed


def test_planted_names_are_masked() -> None:
    share, missed = recall(PEOPLE)
    assert share >= 0.90, missed


@pytest.mark.parametrize(
    "text",
    [
        "10-10-20 mg, then 25-25-50, up to 120mg/day since 2013",
        "60 x 10mg tablets, an order of 20 Modafinil; my prescription for 60 lasts 30 days",
        "Baclofen, Naltrexone and Campral by mouth; Ativan at night, Lyrica 75 mg, Allegra 180",
        "Parkinson's disease, Crohn's, Lou Gehrig's disease and Tourette syndrome",
        "In April I went to Florida. May I ask? Will it work? Grace period of 2 weeks. Hope this helps!",
        "My doctor said no. The nurse told me. Dr. prescribed it. Thanks everyone! Dr gave me 10mg",
        "0 sex drive. 3/4 of a pill; 1/2 tablet and/or 5 mg 3x daily @ night",
        "took 1200 mg at 0800-2000 for 100 days down the road, 10 years ago",
    ],
)
def test_doses_drugs_illnesses_and_months_stay(text: str) -> None:
    assert masking.mask(text) == text


@given(st.text(max_size=300))
def test_any_text_is_masked_once(text: str) -> None:
    once = masking.mask(text)
    assert isinstance(once, str)
    assert len(once) <= len(text) + 12 * (len(text) // 2 + 1)


def real_posts() -> list[str]:
    folder = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "posts"
    if not folder.is_dir():
        pytest.skip("the real posts are not here")
    keys = ("title", "text", "selftext", "comments", "reason", "side_effects")
    rows = [json.loads(line) for f in sorted(folder.glob("*.jsonl")) for line in f.open(encoding="utf-8")]
    return [" ".join(str(row.get(k) or "") for k in keys) for row in rows][::4]


def test_real_posts_keep_their_words_doses_and_drugs() -> None:
    posts = real_posts()
    tokens = hits = 0
    dose = re.compile(r"\b\d+(?:\.\d+)? ?(?:mg|mcg)\b", re.IGNORECASE)
    lost: list[str] = []
    for text in posts:
        plain = re.sub(r"\S*(?:://|www\.|@)\S*", " ", text)  # an address may hold anything
        masked = masking.mask(plain)
        tokens += len(plain.split())
        hits += len(MASKED.findall(masked))
        if dose.findall(plain) != dose.findall(masked):
            lost.append(plain)
        before, after = re.findall(r"[a-z]+", plain.lower()), re.findall(r"[a-z]+", masked.lower())
        lost += [d for d in ("baclofen", "naltrexone", "campral") if before.count(d) != after.count(d)]
    assert hits / tokens <= 0.02
    assert not lost


def test_the_list_of_names_holds_no_medicine() -> None:
    listed = names._listed()
    assert not {"baclofen", "lyrica", "ativan", "allegra"} & (listed[0] | listed[2])
