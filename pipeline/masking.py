"""Mask what points to a person in a text: e-mail and web addresses, telephone numbers, handles.

Doses look like numbers too ("10-10-20", "2 x 25 mg 0800-2000"), so a telephone number needs ten digits or a country
code. Each hit becomes a word in brackets that says what stood there.
"""

import re

_MASKS = (
    ("[email]", re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}\b")),
    ("[link]", re.compile(r"\b(?:https?://|www\.)[^\s<>\"')\]]+", re.IGNORECASE)),
    ("[user]", re.compile(r"(?<![\w/])/?u/[A-Za-z0-9_-]{3,20}\b")),
    ("[user]", re.compile(r"(?<![\w@.])@[A-Za-z][\w-]{2,30}\b")),
    (
        "[phone]",
        re.compile(r"(?<![\w.,/-])\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{2,4}(?:[ .-]?\d{2,4}){1,4}(?![\w/])"),
    ),
    ("[phone]", re.compile(r"(?<![\w.,/-])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w/])")),
)


def mask(text: str) -> str:
    """Give the text with e-mail and web addresses, telephone numbers and handles masked."""
    if "@" not in text and "/" not in text and "www" not in text and not any(c.isdigit() for c in text):
        return text
    for word, pattern in _MASKS:
        text = pattern.sub(word, text)
    return text
