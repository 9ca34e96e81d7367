"""WebMD reviews."""

import json
from typing import Any

from tests.pipeline.sources.engines.made import at, thread

URL = "https://reviews.test/drugs/drugreview-8615-baclofen-oral"


def _review(number: int) -> dict[str, Any]:
    return {
        "ReviewId": number,
        "UserExperience": f'It helped }} &amp; I slept "well".<br>Day {number}',
        "DisplayName": "Anonymous" if number == 1 else "kite",
        "DatePosted": f"5/{number}/2014 10:04:00 AM",
        "Age": "35-44",
        "Gender": "Female",
        "Effectiveness": 4,
        "EaseOfUse": 5,
        "Satisfaction": 3,
        "ConditionName": "Muscle Spasm",
        "FoundHelpfulCount": 7,
    }


def _state(count: int) -> str:
    told = {
        "x": {"y": 1},
        "all_reviews": {"drug_review_nimvs": [{"review_nimvs": [_review(n) for n in range(1, count + 1)]}]},
    }
    return f"<script>window.__INITIAL_STATE__ = {json.dumps(told)};(function(){{var s={{}};}}());</script>"


def test_reviews_in_the_page_s_json_are_read() -> None:
    first, second = thread(URL, _state(2), "webmd").posts
    assert (first.native_id, first.author, first.posted_at) == ("1", None, at(2014, 5, 1, 10, 4))
    assert first.text == 'It helped } & I slept "well".\nDay 1'
    assert (first.drug, first.condition, first.rating) == ("baclofen oral", "Muscle Spasm", 4)
    assert first.extra == {
        "effectiveness": "4", "ease": "5", "satisfaction": "3", "helpful": "7", "age": "35-44", "sex": "Female",
    }  # fmt: skip
    assert second.author == "kite"


def test_pages_follow_as_long_as_they_are_full() -> None:
    assert thread(URL, _state(20), "webmd").next_url == f"{URL}?page=2"
    assert thread(f"{URL}?conditionid=&page=2&next_page=true", _state(20), "webmd").next_url == f"{URL}?page=3"
    assert thread(f"{URL}?page=3", _state(4), "webmd").next_url is None


MARKUP = """<div class="review-details-holder" id="r99"><div class="card-header"><strong class="condition">Condition: Muscle Spasm</strong>
<div class="date">5/14/2014</div></div><div class="details">Kite | 35-44 | Female | On medication for 1 to 6 months | Patient</div>
<div class="overall-rating"><strong>Overall rating 4.0</strong></div><div class="categories"><section><strong>Effectiveness</strong><div
class="webmd-rate" aria-valuenow="4"></div></section><section><strong>Ease of Use</strong><div aria-valuenow="5"></div></section>
</div><div class="description"><p class="description-text">It helped my legs. <span class="hidden-text">Then it stopped.</span><button>
Read more</button></p></div><div class="likes"><span>3</span></div></div>"""


def test_reviews_in_markup_are_read() -> None:
    (post,) = thread(URL, MARKUP, "webmd").posts
    assert (post.native_id, post.author, post.posted_at, post.rating) == ("99", "Kite", at(2014, 5, 14), 4)
    assert (post.text, post.condition) == ("It helped my legs. Then it stopped.", "Muscle Spasm")
    assert post.extra == {
        "effectiveness": "4", "ease": "5", "duration": "1 to 6 months", "age": "35-44", "sex": "Female", "role": "Patient",
        "helpful": "3",
    }  # fmt: skip
