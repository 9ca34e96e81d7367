"""Time that passes only when told to."""

from datetime import UTC, datetime, timedelta

from pipeline.fetching.turns import Turns

NOON = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)


class Clock:
    """slept: every wait asked for, in seconds."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def turns(self) -> Turns:
        return Turns(self, self.sleep)
