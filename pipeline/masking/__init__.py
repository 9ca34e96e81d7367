"""Mask what points to a person in a text: addresses of every kind, numbers, handles, names.

Each hit becomes a word in brackets that says what stood there. Rules of our own and a list of names; no model and no
network, so that every text can be masked before it is first stored.
"""

from pipeline.masking import names, structured

WORDS = ("[email]", "[link]", "[user]", "[phone]", "[record]", "[address]", "[name]")


def mask(text: str) -> str:
    """Give the text with e-mail, web and postal addresses, telephone and record numbers, handles and names masked."""
    return names.mask(structured.mask(text))
