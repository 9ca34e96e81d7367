"""Which rules and words read a post: the corpus keeps it, and reads again what another version read."""

import hashlib

import data

_RULES = "1"


def _words() -> str:
    digest = hashlib.sha256()
    for path in sorted(data.path("lexicons").iterdir()):
        if path.is_file():
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


VERSION = f"{_RULES}.{_words()}"
