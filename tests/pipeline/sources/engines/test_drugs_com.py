"""Drugs.com reviews."""

from tests.pipeline.sources.engines.made import at, thread

URL = "https://reviews.test/comments/baclofen/"
PAGE = """<h1>Baclofen User Reviews</h1>
<div class="ddc-comment ddc-box" id="comment-77001"><div class="ddc-comment-header"><ul><li><b>Mill..</b></li><li>Taken for 1 to 6
months</li></ul><span class="comment-date">March 3, 2019</span></div><p><b>For Alcohol Dependence:</b> "Took the edge off at 20 mg."</p>
<div class="ddc-rating-summary"><b>9</b> / 10</div><div><span>12</span> users found this comment helpful.</div></div>
<div class="ddc-comment" id="comment-77002"><div class="ddc-comment-header">Anonymous <span class="comment-date">April 13, 2020</span>
</div><p><b>Lioresal (baclofen) for Muscle Spasm:</b> “Nothing for me.”</p><div>1.0 / 10</div></div>
<a class="ddc-paging-item-next" href="/comments/baclofen/?page=2">Next</a>"""


def test_a_review_has_text_and_the_form_s_fields_as_columns() -> None:
    read = thread(URL, PAGE, "drugs_com")
    first, second = read.posts
    assert (first.native_id, first.author, first.posted_at) == ("77001", "Mill..", at(2019, 3, 3))
    assert (first.text, first.condition, first.drug, first.rating) == (
        "Took the edge off at 20 mg.",
        "Alcohol Dependence",
        "baclofen",
        9,
    )
    assert first.extra == {"duration": "1 to 6 months", "helpful": "12"}
    assert (second.author, second.text, second.condition) == (None, "Nothing for me.", "Muscle Spasm")
    assert (second.drug, second.rating, second.extra) == ("Lioresal (baclofen)", 1, {})
    assert (read.thread.native_id, read.next_url) == ("baclofen", f"{URL}?page=2")


def test_a_page_of_one_condition_tells_it_where_the_review_does_not() -> None:
    plain = '<div class="ddc-comment" id="comment-5"><p>It made me sleepy.</p></div>'
    (post,) = thread(f"{URL}for-muscle-spasm.html?page=3", plain, "drugs_com").posts
    assert (post.text, post.condition, post.drug, post.rating) == (
        "It made me sleepy.",
        "muscle spasm",
        "baclofen",
        None,
    )
