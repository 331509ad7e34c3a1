"""Dates as newsrooms write them: stamps in pages and files, and days named in running text.

Pure rules over the text given: there is no clock here, and nothing is filled in from today.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}

_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_WEEKDAY = "|".join(_WEEKDAYS)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
# 2024-03-05, 2024/03/05, 5 March 2024, March 5, 2024. All-number days of other orders are left
# alone: 03/04/2024 is two different days on two sides of the Atlantic.
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_YEAR}[-/](?P<month_number>[01]?\d)[-/](?P<day>[0-3]?\d)(?!\d)",
        rf"\b{_DAY}(?:\s+of)?\s+{_MONTH},?\s+{_YEAR}\b",
        rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}(?!\d)",
    )
)
_TIME = re.compile(
    r"(?:\bT?|\s)(?P<hour>[0-2]?\d)(?:(?:[:.h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?\s?m\b\.?)?)|\s*(?P<half_only>[ap]\.?\s?m\b\.?))"
    r"\s*(?:hrs?\b|hours\b|uhr\b)?\s*"
    r"\(?(?P<zone>Z\b|[+-][01]\d:?[0-5]\d\b|(?:UTC|GMT)(?P<offset>[+-][01]?\d(?::?[0-5]\d)?)?\b"
    r"|[ECMP][SD]?T\b|Eastern\b|BST\b|CEST\b|CET\b|EEST\b|EET\b|MSK\b|JST\b|KST\b|SGT\b|HKT\b"
    r"|AEST\b|AEDT\b|NZST\b|NZDT\b|SAST\b|EAT\b|WAT\b)?",
    re.IGNORECASE,
)
# Hours from UTC of abbreviations that mean one zone in news. IST, CST in Asia and the like mean
# several and are left out: the time then has no zone. BST is read as British Summer Time.
_HOURS = {
    "z": 0, "utc": 0, "gmt": 0, "bst": 1, "wat": 1, "cet": 1, "cest": 2, "eet": 2, "sast": 2,
    "eest": 3, "eat": 3, "msk": 3, "sgt": 8, "hkt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11,
    "nzst": 12, "nzdt": 13, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7,
}  # fmt: skip
# Written without S or D: the season decides, so the place's own rules are asked.
_PLACES = {
    "et": "America/New_York",
    "eastern": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """A point in time as written: aware if a zone is stated, `date_only` if no time of day is.

    `start` and `end` are where it stands in the text it was found in.
    """

    when: datetime
    date_only: bool
    start: int = 0
    end: int = 0


def parse_stamp(text: str) -> Stamp | None:
    """The date, and time and zone where stated, that `text` as a whole begins with or holds.

    Reads ISO 8601 (basic form too, as NewsML-G2 and NITF use it), RFC 2822 (feeds, mail) and the
    forms `find_stamp` finds.
    """
    text = text.strip()
    if not text or len(text) > 100:
        return None
    try:
        when = datetime.fromisoformat(text)
        return Stamp(when, len(text) <= 10, 0, len(text))
    except ValueError:
        pass
    try:
        if re.search(r"\d:\d\d", text) and re.match(r"(?:\w{3},\s*)?\d{1,2}\s+\w{3}\s+\d{4}", text):
            return Stamp(parsedate_to_datetime(text), False, 0, len(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    return find_stamp(text)


def find_stamp(text: str) -> Stamp | None:
    """The first full date in `text`, with the time of day that stands next to it."""
    found = [match for pattern in _DATES if (match := pattern.search(text))]
    for match in sorted(found, key=lambda match: match.start()):
        parts = match.groupdict()
        month = (
            _MONTHS[parts["month"].lower()] if parts.get("month") else int(parts["month_number"])
        )
        try:
            day = date(int(parts["year"]), month, int(parts["day"]))
        except ValueError:
            continue
        start, end = match.span()
        if weekday := re.search(
            rf"(?:{_WEEKDAY}|\b(?:mon|tue|wed|thu|fri|sat|sun)\b\.?),?\s*$", text[:start], re.I
        ):
            start = weekday.start()
        # The time follows within a few characters ("March 5, 2024 at 3:40 p.m. ET") or leads.
        if (time := _TIME.match(text, end + _gap(text, end))) or (
            time := _last_time(text[max(0, start - 24) : start])
        ):
            clock = _clock(day, time)
            if clock is not None:
                after = time.end() if time.string is text else end
                return Stamp(clock, False, start, after)
        return Stamp(datetime(day.year, day.month, day.day), True, start, end)
    return None


def _gap(text: str, end: int) -> int:
    """Characters between a date and its time: a comma, a dash, a bar, the word "at"."""
    match = re.compile(r"\s*(?:[,|·•–-]\s*|at\s+|um\s+|à\s+)?", re.IGNORECASE).match(text, end)
    return len(match[0]) if match else 0


def _last_time(before: str) -> re.Match[str] | None:
    """A time that stands directly before a date, as in "15:40 GMT, 5 March 2024"."""
    for match in _TIME.finditer(before):
        if re.fullmatch(r"\s*(?:[,|·•–-]|on)?\s*", before[match.end() :]):
            return match
    return None


def _clock(day: date, time: re.Match[str]) -> datetime | None:
    hour, minute = int(time["hour"]), int(time["minute"] or 0)
    if half := time["half"] or time["half_only"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    try:
        return datetime(
            day.year, day.month, day.day, hour, minute, int(time["second"] or 0),
            tzinfo=_zone(time["zone"] or ""),
        )  # fmt: skip
    except ValueError:
        return None


def _zone(name: str) -> timezone | ZoneInfo | None:
    name = name.lower()
    if name in _HOURS:
        return timezone(timedelta(hours=_HOURS[name]))
    if name in _PLACES:
        return ZoneInfo(_PLACES[name])
    if match := re.search(r"([+-])(\d{1,2}):?(\d\d)?$", name):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        return timezone(-offset if match[1] == "-" else offset)
    return None
