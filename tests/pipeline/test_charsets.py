"""A page is decoded as it was written, whatever its server says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fetching import body


@pytest.mark.parametrize(
    ("raw", "kind", "text"),
    [
        ("naïve café".encode(), "text/html; charset=ISO-8859-1", "naïve café"),  # the server's default, a UTF-8 page
        ("naïve café “5 mg”".encode("cp1252"), "text/html; charset=iso-8859-1", "naïve café “5 mg”"),
        ("naïve café “5 mg”".encode("cp1252"), "text/html; charset=utf-8", "naïve café “5 mg”"),
        ("naïve café “5 mg”".encode("cp1252"), None, "naïve café “5 mg”"),
        ("Привет, мир".encode("cp1251"), "text/html; charset=windows-1251", "Привет, мир"),
        ("日本語".encode("shift_jis"), "text/html; charset=Shift_JIS", "日本語"),
        (b"<meta charset=koi8-r>" + "слово".encode("koi8-r"), "text/html", "<meta charset=koi8-r>слово"),
        (b"\xef\xbb\xbf" + "é".encode(), "text/html; charset=latin1", "é"),
        ("é 5 mg".encode("utf-16"), "text/html", "é 5 mg"),
        (b'<meta charset="utf-16">plain', "text/html", '<meta charset="utf-16">plain'),
        ("é".encode(), "text/html; charset=no-such-thing", "é"),
        (b"plain", "text/html; charset=punycode", "plain"),
    ],
)  # fmt: skip
def test_a_page_is_decoded_as_it_was_written_whatever_it_says(raw: bytes, kind: str | None, text: str) -> None:
    assert body.text_of(raw, kind) == text


def test_one_stray_byte_does_not_spoil_a_page() -> None:
    assert body.text_of("é ".encode() * 50 + b"\xff", "text/html; charset=utf-8") == "é " * 50 + "\ufffd"


@given(
    st.binary(max_size=300),
    st.sampled_from(["utf-8", "utf-16", "idna", "unicode_escape", "big5", "utf-7", "hz", "", "base64"]),
)
def test_decoding_never_fails(raw: bytes, name: str) -> None:
    assert isinstance(body.text_of(raw, f"text/html; charset={name}"), str)
