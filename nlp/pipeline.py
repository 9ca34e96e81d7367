"""The order of the components, and what each reads and writes on the Draft (`doc._.draft`, see nlp.types).

| component    | reads                            | writes
|--------------|----------------------------------|---
| clean        | text                             | clean, low, asides, words; language and exclusion
| sentences    | clean, words                     | sentences, starts
| substances   | words, sentences, post.drug      | mentions of substances (concept and substance = generic name);
|              |                                  | index, index_from_heading
| doses        | clean, sentences, substances     | mentions of doses: mg, per_day, mg_per_day, derivation, role
| durations    | clean, sentences                 | mentions of durations: days
| stopping     | words, sentences, substances     | mentions of stopping: reason
| conditions   | words, sentences, post.condition | mentions of conditions; Draft.conditions
| outcomes     | words, sentences                 | mentions of outcomes: concept = domain, direction
| side_effects | words, sentences                 | mentions of side effects, and of symptoms that may be ones:
|              |                                  | concept, present, detail, signs
| assertion    | all mentions                     | their assertion and cue (and `present`, where it negates)
| experiencer  | all mentions, sentences          | their whose
| context      | side effects, words, sentences   | their assertion, cue and whose, where all words tell otherwise
| links        | all mentions                     | the substance of each that is not itself a substance; dose status
| status       | all mentions                     | Draft.treatments: status, stopped, duration
| reporter     | mentions, treatments             | Draft.reporter
| person       | clean, reporter                  | Draft.person: age and sex
| effect       | treatments, mentions             | Treatment.effect and .stopped of every taken one
| claims       | treatments, mentions             | the substance of what counts; the domain of outcomes; which
|              |                                  | symptoms are side effects: no other is left
| report       | all                              | Draft.record, of the gold form
| layers       | mentions                         | doc.spans[kind], for displaCy

A post with an exclusion (empty, not English) is passed through untouched: components return at once.
A component is a class that takes `(nlp, name, **config)` and is called with a Doc; its module registers it as the
factory `doselore_<component>`. It appends to `draft.mentions` by `draft.add(...)`, or replaces the list by changed
copies (`mention._replace(...)`). Components that find mentions need keep no order: `links` sorts them by place.
"""

import importlib
import importlib.util
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import spacy
from spacy.language import Language

import nlp.tokenizer  # noqa: F401 - registers the tokenizer # pyright: ignore[reportUnusedImport]

ORDER = (
    "clean",
    "sentences",
    "substances",
    "doses",
    "durations",
    "stopping",
    "conditions",
    "outcomes",
    "side_effects",
    "assertion",
    "experiencer",
    "context",
    "links",
    "status",
    "reporter",
    "person",
    "effect",
    "claims",
    "report",
    "layers",
)


def load(index: str = "baclofen", substances: Iterable[Mapping[str, Any]] | None = None) -> Language:
    """Build the pipeline.

    index: generic name of the study's index treatment: what "it" and "this med" mean where the post names it.
    substances: further treatments, each `{"id": generic name, "names": [other names]}`.
    """
    rows = [{"id": str(row["id"]), "names": [str(name) for name in _names(row)]} for row in substances or ()]
    own: dict[str, dict[str, Any]] = {"substances": {"index": index, "extra": rows}, "links": {"index": index}}
    built = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "doselore.words.v1"}}})
    for name in ORDER:
        if importlib.util.find_spec(f"nlp.{name}") is None:
            continue
        importlib.import_module(f"nlp.{name}")
        built.add_pipe(f"doselore_{name}", name=name, config=own.get(name, {}))
    built.meta |= {"name": "doselore", "description": "what patients say of a treatment", "license": "Apache-2.0"}
    return built


def _names(row: Mapping[str, Any]) -> Sequence[Any]:
    return row.get("names") or ()
