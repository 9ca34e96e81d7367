"""AskAPatient reviews."""

from tests.pipeline.sources.engines.made import at, thread

URL = "https://reviews.test/viewrating.asp?drug=20346&name=BACLOFEN"
HEAD = """<tr><th>RATING</th><th>REASON</th><th>SIDE EFFECTS FOR BACLOFEN</th><th>COMMENTS</th><th>SEX</th><th>AGE</th>
<th>DURATION/DOSAGE</th><th>DATE ADDED</th></tr>"""
ROWS = """<tr><td>4</td><td>alcohol craving</td><td>sleepy, dizzy</td><td>It works for me.</td><td>M</td><td>45</td>
<td>3 years<br>20mg 3X D</td><td>3/14/2012<br><a href="mailto:x@y.test">Email</a></td></tr>
<tr><td>1</td><td>MS</td><td>None</td><td></td><td>F</td><td>60</td><td>2 days</td><td>11/2/2011</td></tr>"""
PAGES = """<div id="searchResultsDetailHeader"><a href="viewrating.asp?drug=20346&amp;name=BACLOFEN">1</a>
<a href="viewrating.asp?drug=20346&amp;name=BACLOFEN&amp;page=3">3</a>
<a href="viewrating.asp?drug=20346&amp;name=BACLOFEN&amp;page=2">2</a></div>"""


def test_each_row_is_a_review_without_an_author() -> None:
    for head in (HEAD, ""):
        read = thread(URL, f'{PAGES}<table class="ratingsTable">{head}{ROWS}</table>', "askapatient")
        first, second = read.posts
        assert first.author is second.author is None
        assert first.text == "Side effects: sleepy, dizzy\nIt works for me."
        assert (first.rating, first.condition, first.drug) == (4, "alcohol craving", "BACLOFEN")
        assert (first.posted_at, second.posted_at) == (at(2012, 3, 14), at(2011, 11, 2))
        assert first.extra == {"sex": "M", "age": "45", "duration": "3 years", "dose": "3 years / 20mg 3X D"}
        assert second.text == "Side effects: None"


def test_a_review_keeps_its_id_when_it_moves_to_another_page() -> None:
    one = thread(URL, f"{PAGES}<table>{HEAD}{ROWS}</table>", "askapatient").posts
    two = thread(f"{URL}&page=2", f"{PAGES}<table>{HEAD}{ROWS}</table>", "askapatient").posts
    assert [p.native_id for p in one] == [p.native_id for p in two]
    assert len({p.native_id for p in one}) == 2


def test_the_next_page_is_the_one_whose_number_follows() -> None:
    body = f"{PAGES}<table>{HEAD}{ROWS}</table>"
    assert thread(URL, body, "askapatient").next_url == f"{URL}&page=2"
    assert thread(f"{URL}&page=2", body, "askapatient").next_url == f"{URL}&page=3"
    assert thread(f"{URL}&page=3", body, "askapatient").next_url is None
