"""Text in, records out: what patients say of a treatment, read by a spaCy pipeline.

`load(index="baclofen")` gives the engine; `read(engine, [{"id": "1", "text": "20mg tid for a year"}])` gives a reading
a post, with `.record`, `.mentions`, `.language`, `.exclusion` and `.person`.
"""

import nlp.compiled  # before all other modules of ours # isort: skip # pyright: ignore[reportUnusedImport]
import nlp.spacy_alone  # noqa: F401 - before all else that imports spaCy # isort: skip # pyright: ignore[reportUnusedImport]
from nlp.lexicon import names
from nlp.pipeline import load
from nlp.reading import read
from nlp.types import Mention, Person, Reading
from nlp.version import VERSION

__all__ = ["VERSION", "Mention", "Person", "Reading", "load", "names", "read"]
