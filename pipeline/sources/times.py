"""Times as boards print them, to UTC: with and without a zone, absolute and relative."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Order = Literal["MDY", "DMY"]

_MONTHS = {m: n for n, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?\s*"
_CLOCK = re.compile(r"\b(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?\s*([ap])?\.?m?\b", re.IGNORECASE)
_HOUR = re.compile(r"\b(\d{1,2})\s*([ap])\.?m\b", re.IGNORECASE)
_OFFSET = re.compile(r"(?:\b(?:UTC|GMT)\s*|(?<=[\d ]))([+-]\d{2}):?(\d{2})\b|\b(UTC|GMT|Z)\b")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_YEAR = r"['’]?(?P<year>\d{4}|\d{2}(?![:\d]))\b"
_NAMED = (
    re.compile(rf"\b{_MONTH}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b,?\s+{_YEAR}", re.I),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-](?:of )?\s*{_MONTH},?[\s-]+{_YEAR}", re.I),
    re.compile(rf"\b(?P<year>\d{{4}})[\s-]{_MONTH}[\s-](?P<day>\d{{1,2}})\b", re.I),
)  # fmt: skip
_ISO = re.compile(r"\b(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?=\D|$)")
_NUMBERS = re.compile(r"(?<![\d.])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_NO_YEAR = (
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)", re.IGNORECASE),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH}\b", re.IGNORECASE),
)
_AGO = re.compile(
    r"\b(?P<n>an?|one|a few|few|\d+)\s*(?P<unit>sec|min|hour|hr|day|week|wk|month|mo|year|yr|[smhdwy])[a-z]*\.?"
    r"(?:(?:,| and)? (?P<n2>\d+) (?P<unit2>min|hour|day|week|month)[a-z]*)?\s+ago\b"
    r"|\b(?P<now>just now|moments? ago|a moment ago|less than a minute ago)\b",
    re.IGNORECASE,
)
_SECONDS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "hour": 3600, "hr": 3600, "d": 86400, "day": 86400,
            "w": 604800, "wk": 604800, "week": 604800, "mo": 2592000, "month": 2592000,
            "y": 31536000, "yr": 31536000, "year": 31536000}  # fmt: skip
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def zone_of(name: str) -> tzinfo:
    """Give a zone by its IANA name; UTC where there is no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def moment(
    text: str, zone: tzinfo, seen: datetime, formats: Sequence[str] = (), order: Order = "MDY"
) -> datetime | None:
    """Give the time, in UTC, that a page says; None if it cannot be read.

    zone: of the board, for times that have none. seen: when the page was fetched, for "Today" and "3 hours ago".
    formats: strptime patterns of the engine, tried first. order: of a date in bare numbers that can be read both ways;
    with dots between them the day is first everywhere.
    """
    said = " ".join(re.sub("[\u00a0\u200e\u200f\u202f]", " ", text).split()).strip(" ,»«|•·-()")
    if not said or len(said) > 120:
        return None
    try:
        found = (
            _iso(said, zone)
            or _near(said, zone, seen)
            or _formatted(said, zone, tuple(formats))
            or _written(said, zone, order)
            or _this_year(said, zone, seen)
            or _general(said, zone)
        )
    except (ValueError, OverflowError):
        return None
    return found.astimezone(UTC) if found is not None and found < _LATEST else None


def epoch(value: str, *, milliseconds: bool = False) -> datetime | None:
    """Give the time of a count of seconds (or milliseconds) since 1970; None if it is none."""
    try:
        return datetime.fromtimestamp(float(value) / (1000 if milliseconds else 1), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def bare(said: str) -> bool:
    """Tell whether a time has its date in numbers that could be read both ways."""
    found = _NUMBERS.search(said)
    return found is not None and found[2] != "."


def order_of(texts: Iterable[str], usual: Order) -> Order:
    """Tell whether day or month comes first in a board's dates in numbers, by those that can be read one way only."""
    found = [m for t in texts if (m := _NUMBERS.search(t)) and m[2] != "."]
    day_first, month_first = any(int(m[1]) > 12 for m in found), any(int(m[3]) > 12 for m in found)
    return usual if day_first == month_first else "DMY" if day_first else "MDY"


_TOLD = re.compile(
    r"all times are\s*(?:<[^>]*>)?\s*(?:in )?(?:UTC|GMT)(?:\s*(?P<sign>[+−-])\s*(?P<hours>\d{1,2})"
    r"(?::?(?P<minutes>\d{2}))?)?(?:\s*hours?)?(?P<summer>\s*\[\s*DST\s*\])?",
    re.IGNORECASE,
)
_TOLD_NAME = re.compile(r"all times are\s*<[^>]*title=[\"'](?P<name>[A-Z]\w+/[\w/ -]+)[\"']", re.IGNORECASE)


@lru_cache(maxsize=256)
def _told(note: str) -> tzinfo | None:
    named = _TOLD_NAME.match(note)
    if named:
        try:
            return ZoneInfo(named["name"].replace(" ", "_"))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass  # the offset beside the name is told too
    match = _TOLD.match(note)
    if match is None:
        return None
    if not match["sign"]:
        return UTC
    minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
    shift = (minutes if match["sign"] == "+" else -minutes) + (60 if match["summer"] else 0)
    return timezone(timedelta(minutes=shift)) if abs(shift) < 15 * 60 else None


def told_zone(page: bytes, lower: bytes) -> tzinfo | None:
    """Give the zone that a page says its times are in ("All times are GMT -5"); None if it does not say.

    page: in UTF-8; lower: the same in lower case.
    """
    at = lower.rfind(b"all times are")
    return _told(page[at : at + 640].decode(errors="ignore")[:160]) if at >= 0 else None


def _iso(said: str, zone: tzinfo) -> datetime | None:
    if not re.match(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:|$)", said):
        return None
    try:
        found = datetime.fromisoformat(re.sub(r"\s*([+-]\d{2}):?(\d{2})$", r"\1:\2", said.replace("Z", "+00:00")))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _near(said: str, zone: tzinfo, seen: datetime) -> datetime | None:
    """Read what is told from the time of fetching: "3 hours ago", "Today, 10:15 PM", "Friday at 12:01"."""
    low = said.lower()
    ago = _AGO.search(low)
    if ago:
        if ago["now"]:
            return seen
        number = {"a": 1, "an": 1, "one": 1, "a few": 3, "few": 3}.get(ago["n"]) or int(ago["n"])
        seconds = number * _SECONDS[ago["unit"]] + (int(ago["n2"]) * _SECONDS[ago["unit2"]] if ago["n2"] else 0)
        return seen - timedelta(seconds=seconds)
    local = seen.astimezone(zone)
    weekday = re.match(r"(?:last )?([a-z]{3})[a-z]*day\b(?!,? \d{1,2}[ .]?[a-z])", low)
    if re.search(r"\btoday\b", low):
        day = local
    elif re.search(r"\byesterday\b", low):
        day = local - timedelta(days=1)
    elif weekday and weekday[1] in _DAYS and not re.search(r"\d{4}", low) and _clock(low):
        day = local - timedelta(days=(local.weekday() - _DAYS.index(weekday[1])) % 7 or 7)
    else:
        return None
    hour, minute, second = _clock(low) or (0, 0, 0)
    return day.replace(hour=hour, minute=minute, second=second, microsecond=0)


def _clock(said: str) -> tuple[int, int, int] | None:
    found = _CLOCK.search(said)
    if found:
        hour, minute, second, half = int(found[1]), int(found[2]), int(found[3] or 0), found[4]
    else:
        found = _HOUR.search(said)
        if not found:
            return None
        hour, minute, second, half = int(found[1]), 0, 0, found[2]
    if half:
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _formatted(said: str, zone: tzinfo, formats: tuple[str, ...]) -> datetime | None:
    if not formats:
        return None
    plain = re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", said)
    for pattern in formats:
        try:
            found = datetime.strptime(plain, pattern)  # noqa: DTZ007 - the zone is the board's
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=zone)
    return None


def _written(said: str, zone: tzinfo, order: Order) -> datetime | None:
    """Read a whole date, in words or numbers, and the time of day beside it, in whatever order they come."""
    for pattern in (*_NAMED, _ISO):
        match = pattern.search(said)
        if match:
            month = match["month"]
            day, year = int(match["day"]), match["year"]
            number = int(month) if month.isdigit() else _MONTHS[month[:3].lower()]
            return _whole(said, match, (year, number, day), zone)
    match = _NUMBERS.search(said)
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    day_first = match[2] == "." or order == "DMY"
    day, month = (first, second) if (day_first and second <= 12) or first > 12 else (second, first)
    return _whole(said, match, (match[4], month, day), zone)


def _whole(said: str, match: re.Match[str], date: tuple[str, int, int], zone: tzinfo) -> datetime | None:
    year = int(date[0]) if len(date[0]) == 4 else (1900 if int(date[0]) > 80 else 2000) + int(date[0])
    rest = f"{said[: match.start()]} {said[match.end() :]}"
    hour, minute, second = _clock(rest) or (0, 0, 0)
    offset = _OFFSET.search(rest)
    if offset:
        zone = UTC if offset[3] else timezone(_shift(offset[1], offset[2]))
    return datetime(year, date[1], date[2], hour, minute, second, tzinfo=zone)


def _shift(hours: str, minutes: str) -> timedelta:
    return timedelta(hours=int(hours), minutes=int(hours[0] + minutes))


def _this_year(said: str, zone: tzinfo, seen: datetime) -> datetime | None:
    """Read "March 3, 7:04 pm": the last such day before the page was fetched."""
    for pattern in _NO_YEAR:
        match = pattern.search(said)
        if match:
            local = seen.astimezone(zone)
            month, day = _MONTHS[match["month"][:3].lower()], int(match["day"])
            hour, minute, second = _clock(said[: match.start()] + " " + said[match.end() :]) or (0, 0, 0)
            found = datetime(local.year, month, day, hour, minute, second, tzinfo=zone)
            return found if found <= local + timedelta(days=1) else found.replace(year=local.year - 1)
    return None


def _general(said: str, zone: tzinfo) -> datetime | None:
    found = _parsed(said) if re.search(r"\d{4}", said) else None
    return (found if found.tzinfo else found.replace(tzinfo=zone)) if found else None


@lru_cache(maxsize=1)
def _library() -> Any:
    from dateparser.date import DateDataParser

    settings: Any = {"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["year", "month", "day"], "DATE_ORDER": "DMY"}
    return DateDataParser(try_previous_locales=True, settings=settings)


@lru_cache(maxsize=4096)
def _parsed(said: str) -> datetime | None:
    """Read months in other languages. The library takes milliseconds a date, so it is asked last and remembered."""
    try:
        found: datetime | None = _library().get_date_data(said).date_obj
    except (ValueError, OverflowError, RecursionError):
        return None
    return found
