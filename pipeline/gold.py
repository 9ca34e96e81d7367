"""The form of an annotated record, as `evaluate` takes it: what it counts with, not each word of the vocabulary."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError, model_validator

from nlp.effect_model import CLASSES

Amount = Annotated[list[float], Field(min_length=2, max_length=2)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="allow")


class GoldTreatment(_Form):
    """One treatment; effect: of one that was taken, one of `CLASSES`; duration_days: [low, high]."""

    substance: str
    status: str
    effect: str | None = None
    stopped: StrictBool | None = None
    duration_days: Amount | None = None

    @model_validator(mode="after")
    def _has_an_effect(self) -> Self:
        if self.status == "taken" and self.effect not in CLASSES:
            raise ValueError(f"effect of a treatment taken is one of {', '.join(CLASSES)}")
        return self


class GoldDose(_Form):
    """One dosing statement; mg, mg_per_day: [low, high] in milligrams."""

    substance: str
    status: str
    quote: str = ""
    mg: Amount | None = None
    mg_per_day: Amount | None = None


class GoldOutcome(_Form):
    """One change."""

    substance: str
    domain: str
    direction: str
    quote: str = ""


class GoldSideEffect(_Form):
    """One side effect, present or denied."""

    substance: str
    concept: str
    present: StrictBool
    quote: str = ""


class GoldRecord(_Form):
    """What careful readers found in one post."""

    id: str | int
    reporter: str
    conditions: list[str] = []
    treatments: list[GoldTreatment]
    doses: list[GoldDose] = []
    outcomes: list[GoldOutcome] = []
    side_effects: list[GoldSideEffect] = []


def wrong_with(row: Any) -> str | None:
    """Say what keeps a row from being an annotated record, with the place in it; None if nothing does."""
    try:
        GoldRecord.model_validate(row)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc'])) or 'the record'}: {first['msg']}"
    return None
