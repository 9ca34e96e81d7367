"""Times as boards print them, to UTC: with and without a zone, absolute and relative."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([ap])?\.?m?\b", re.IGNORECASE)
_AGO = re.compile(
    r"\b(?P<n>an?|one|a few|\d+)\s*(?P<unit>sec|min|hour|hr|day|week|month|year|[smhdwy])\w*\.?\s+ago\b"
    r"|\b(?P<now>just now|moments? ago)\b",
    re.IGNORECASE,
)
_SECONDS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "hour": 3600, "hr": 3600, "d": 86400, "day": 86400,
            "w": 604800, "week": 604800, "month": 2592000, "y": 31536000, "year": 31536000}  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def zone_of(name: str) -> ZoneInfo:
    """Give a zone by its IANA name; UTC where there is no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def moment(text: str, zone: ZoneInfo, seen: datetime, formats: Sequence[str] = ()) -> datetime | None:
    """Give the time, in UTC, that a page says; None if it cannot be read.

    zone: of the board, for times that have none. seen: when the page was fetched, for "Today" and "3 hours ago".
    formats: strptime patterns of the engine, tried before the general reading (month before day).
    """
    said = " ".join(text.replace("\u00a0", " ").replace("\u200e", "").split()).strip(" ,»«|•·-")
    if not said or len(said) > 120:
        return None
    for found in (
        _iso(said, zone),
        _near(said, zone, seen),
        _formatted(said, zone, tuple(formats)),
        _written(said, zone),
    ):
        if found is not None:
            return found if found < _LATEST else None
    return None


def epoch(value: str, *, milliseconds: bool = False) -> datetime | None:
    """Give the time of a count of seconds (or milliseconds) since 1970; None if it is none."""
    try:
        return datetime.fromtimestamp(float(value) / (1000 if milliseconds else 1), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _iso(said: str, zone: ZoneInfo) -> datetime | None:
    if not re.match(r"\d{4}-\d{2}-\d{2}", said):
        return None
    try:
        found = datetime.fromisoformat(re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", said.replace("Z", "+00:00")))
    except ValueError:
        return None
    return _utc(found, zone)


def _near(said: str, zone: ZoneInfo, seen: datetime) -> datetime | None:
    """Read what is told from the time of fetching: "3 hours ago", "Today, 10:15 PM", "Friday at 12:01"."""
    low = said.lower()
    ago = _AGO.search(low)
    if ago:
        if ago["now"]:
            return seen.astimezone(UTC)
        number = {"a": 1, "an": 1, "one": 1, "a few": 3}.get(ago["n"]) or int(ago["n"])
        try:
            return (seen - timedelta(seconds=number * _SECONDS[ago["unit"]])).astimezone(UTC)
        except OverflowError:
            return None
    clock = _CLOCK.search(low)
    local = seen.astimezone(zone)
    weekday = re.match(r"(?:last )?([a-z]+day)\b(?!,? \d{1,2}[ .]?[a-z])", low)
    if re.search(r"\btoday\b", low):
        day = local
    elif re.search(r"\byesterday\b", low):
        day = local - timedelta(days=1)
    elif weekday and weekday[1] in _DAYS and not re.search(r"\d{4}", low) and clock:
        day = local - timedelta(days=(local.weekday() - _DAYS.index(weekday[1])) % 7 or 7)
    else:
        return None
    return _at(day, clock)


def _at(day: datetime, clock: re.Match[str] | None) -> datetime | None:
    if clock is None:
        return day.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if clock[4]:
        hour = hour % 12 + (12 if clock[4].lower() == "p" else 0)
    try:
        return day.replace(hour=hour, minute=minute, second=second, microsecond=0).astimezone(UTC)
    except ValueError:
        return None


def _formatted(said: str, zone: ZoneInfo, formats: tuple[str, ...]) -> datetime | None:
    plain = re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", said)
    for pattern in formats:
        try:
            return _utc(datetime.strptime(plain, pattern), zone)  # noqa: DTZ007 - the zone is the board's
        except ValueError:
            continue
    return None


def _written(said: str, zone: ZoneInfo) -> datetime | None:
    found = _general(re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", said))
    return _utc(found, zone) if found else None


@lru_cache(maxsize=4096)
def _general(said: str) -> datetime | None:
    import dateparser

    if not re.search(r"\d", said):
        return None
    settings: Any = {"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["year", "month", "day"], "DATE_ORDER": "MDY"}
    try:
        return dateparser.parse(said, languages=["en"], settings=settings)
    except (ValueError, OverflowError, RecursionError):
        return None


def _utc(found: datetime, zone: ZoneInfo) -> datetime | None:
    try:
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
