"""Dates as newsrooms write them: stamps in pages and files, and days named in running text.

Pure rules over the text given: there is no clock here, and nothing is filled in from today.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from itertools import zip_longest
from zoneinfo import ZoneInfo

_ENGLISH = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
# The months from January on, and their short forms, in the languages that stamps are read in:
# French, German, Spanish, Italian, Portuguese, Dutch.
_MONTHS = _ENGLISH | {
    name: number
    for year in (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "janv févr mars avr mai juin juil aout sept oct nov déc",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "jan feb mär apr mai jun jul aug sep okt nov dez",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "ene feb mar abr may jun jul ago sept oct nov dic",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
        " dicembre",
        "gen feb mar apr mag giu lug ago set ott nov dic",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "jan fev mar abr mai jun jul ago set out nov dez",
        "januari februari maart april mei juni juli augustus september oktober november december",
    )
    for number, name in enumerate(year.split(), 1)
}
_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}

_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_WEEKDAY = "|".join(_WEEKDAYS)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SOME_YEAR = re.compile(r"(?:19|20)\d\d")
# 2024-03-05, 2024/03/05, 2024年3月5日; 5 March 2024, 5. März 2024, 5 de marzo de 2024;
# March 5, 2024; 05.03.2024 and 05/03/2024.
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_YEAR}\s?[-/.年]\s?(?P<month_number>[01]?\d)\s?[-/.月]\s?(?P<day>[0-3]?\d)日?(?!\d)",
        rf"\b{_DAY}(?:\s*(?:of|de|-)\s*|\s+){_MONTH},?(?:\s*(?:de|del|-)\s*|\s+){_YEAR}\b",
        rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}(?!\d)",
        rf"(?<![\d./-])(?P<left>[0-3]?\d)(?P<between>[./-])(?P<right>[0-3]?\d)(?P=between){_YEAR}(?!\d)",
    )
)
_TIME = re.compile(
    r"(?:T|\b|\s)(?P<hour>[0-2]?\d)(?:(?:[:.h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?\s?m\b\.?)?)|\s*(?P<half_only>[ap]\.?\s?m\b\.?))"
    r"\s*(?:h\b|hrs?\b|hours\b|uhr\b)?\s*"
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
# Zones of places that write the month first, and of places that write the day first. GMT and UTC
# are printed everywhere.
_MONTH_FIRST = re.compile(r"[ECMP][SD]?T|Eastern", re.IGNORECASE)
_EVERYWHERE = re.compile(r"Z|[+-].*|(?:UTC|GMT).*", re.IGNORECASE)
# Written without S or D: the season decides, so the place's own rules are asked.
_PLACES = {
    "et": "America/New_York",
    "eastern": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}


_SHORT_WEEKDAY = rf"(?:\b(?:{_WEEKDAY}|mon|tues?|wed|thu(?:rs)?|fri|sat|sun)\b\.?)"
_WEEKDAY_BEFORE = re.compile(
    rf"\b({_WEEKDAY}|mon|tues?|wed|thu(?:rs)?|fri|sat|sun)\b\.?,?\s*$", re.IGNORECASE
)
_TIME_CHARS = 40  # before a date in which a time of its own can stand, with zone and weekday
# A day without a year: “Tuesday, February 10”, “12 May”.
_YEARLESS = tuple(
    re.compile(
        rf"(?:\b(?P<weekday>{_SHORT_WEEKDAY}),?\s+)?\b(?:{day})\b(?![,.:]\d|,?\s*(?:19|20)\d\d)",
        re.I,
    )
    for day in (rf"{_MONTH}\s+{_DAY}", rf"{_DAY}\s+(?:of\s+|de\s+)?{_MONTH}")
)
# What stands between a date and its time.
_GAP = re.compile(
    r"(?:[\s,|·•/@–—-]|(?:at|um|à|alle|ore|a las|às|kl\.?)(?=\s)){0,8}", re.IGNORECASE
)


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


def find_stamp(text: str, day_first: bool | None = None) -> Stamp | None:
    """The first full date in `text`, with the time of day that stands next to it.

    With dots the day comes first (03.04.2031). With slashes or dashes 03/04/2031 is two different
    days on two sides of the Atlantic: a number above 12, the weekday beside it or the time's zone
    tells which, or else `day_first`, what the report's other dates or its language say. Where
    nothing tells, the date is left alone rather than guessed.
    """
    if not _SOME_YEAR.search(text):  # most lines: the patterns themselves cost more
        return None
    found = [match for pattern in _DATES if (match := pattern.search(text))]
    for match in sorted(found, key=lambda match: match.start()):
        start, end = match.span()
        weekday = _WEEKDAY_BEFORE.search(text[:start])
        # The time follows within a few characters ("March 5, 2024 at 3:40 p.m. ET") or leads.
        after = _GAP.match(text, end)
        time = _TIME.match(text, after.end() if after else end) or _last_time(text[:start])
        zone = time["zone"] or "" if time else ""
        day = _day_of(match, weekday[1] if weekday else None, zone, day_first)
        if day is None:
            continue
        start = weekday.start() if weekday else start
        if time and (clock := _clock(day, time)):
            led = time.string is not text
            start = min(start, match.start() - len(time.string) + time.start()) if led else start
            return Stamp(clock, False, start, end if led else time.end())
        return Stamp(datetime(day.year, day.month, day.day), True, start, end)
    return None


def day_near(text: str, near: date) -> Stamp | None:
    """The first day that `text` names without a year, in the year that brings it closest to `near`.

    None where it names none, or a weekday that the day is not.
    """
    found = [match for pattern in _YEARLESS if (match := pattern.search(text))]
    for match in sorted(found, key=lambda match: match.start()):
        month, number = _MONTHS[match["month"].lower()], int(match["day"])
        years = (near.year - 1, near.year, near.year + 1)
        days = [day for year in years if (day := _date(year, month, number))]
        day = min(days, key=lambda day: abs(day - near), default=None)
        weekday = (match["weekday"] or "")[:3].lower()
        if day is not None and weekday in ("", f"{day:%a}".lower()):
            return Stamp(datetime(day.year, day.month, day.day), True, *match.span())
    return None


def day_order(text: str) -> bool | None:
    """Whether the first all-number date of `text` has the day first; None if it does not tell."""
    match = _DATES[-1].search(text)
    if match is None or match["between"] == ".":
        return None
    left, right = int(match["left"]), int(match["right"])
    return left > 12 if max(left, right) > 12 else None


def clock_on(day: date, text: str) -> Stamp | None:
    """The first time of day in `text`, as a moment of `day`: "Updated 2:15 p.m."."""
    for match in _TIME.finditer(text):
        if clock := _clock(day, match):
            return Stamp(clock, False, match.start(), match.end())
    return None


def _day_of(
    match: re.Match[str], weekday: str | None, zone: str, day_first: bool | None
) -> date | None:
    """The day that a date means; None if it is none or may be two."""
    parts = match.groupdict()
    year = int(parts["year"])
    if parts.get("month"):
        return _date(year, _MONTHS[parts["month"].lower()], int(parts["day"]))
    if parts.get("month_number"):
        return _date(year, int(parts["month_number"]), int(parts["day"]))
    left, right = int(parts["left"]), int(parts["right"])
    by_day, by_month = _date(year, right, left), _date(year, left, right)
    if parts["between"] == "." or by_month is None or by_day == by_month:
        return by_day
    if by_day is None:
        return by_month
    if weekday:
        fitting = [d for d in (by_day, by_month) if f"{d:%a}".lower() == weekday[:3].lower()]
        if len(fitting) == 1:
            return fitting[0]
    if zone and not _EVERYWHERE.fullmatch(zone):
        day_first = not _MONTH_FIRST.fullmatch(zone)
    return None if day_first is None else by_day if day_first else by_month


def _last_time(before: str) -> re.Match[str] | None:
    """A time that stands directly before a date, as in "15:40 GMT, 5 March 2024"."""
    before = before[-_TIME_CHARS:]
    for match in _TIME.finditer(before):
        if re.fullmatch(
            rf"\s*(?:[,|·•–-]|on)?\s*(?:{_SHORT_WEEKDAY},?\s*)?", before[match.end() :], re.I
        ):
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


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day or a longer time named in running text, and the dates it means.

    `text` is what stands at `start:end`; `first` and `last` are the same for a day, and the ends of
    the week, month or year otherwise.
    """

    text: str
    start: int
    end: int
    first: date
    last: date


_UNITS = {"day": 1, "week": 7}
_NUMBERS = {
    name: number
    for number, name in enumerate(
        ["a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1
    )
} | {"an": 1, "one": 1}
_MONTH_NAME = "|".join(name for name in calendar.month_name if name)
_NAMED = re.compile(
    r"\b(?:"
    r"(?P<near>today|tonight|this (?:morning|afternoon|evening)|yesterday|last night|tomorrow"
    r"|(?:the )?day before yesterday)"
    rf"|(?:(?P<which>last|next|this) )?(?P<weekday>{_WEEKDAY})"
    r"|(?:earlier |later )?(?P<span_which>last|this|next) (?P<span>week|month|year)"
    r"|(?P<count>\d{1,3}|" + "|".join(_NUMBERS) + r") (?P<unit>day|week|month|year)s? ago"
    r"|(?:(?P<day_a>[0-3]?\d)(?:st|nd|rd|th)? (?:of )?)?"
    rf"(?P<month>{_MONTH_NAME}|[JFMASOND][a-z]{{2,3}}\.)"
    r"(?: (?P<day_b>[0-3]?\d)(?:st|nd|rd|th)?(?![\d:.]\d))?(?:,? (?P<year>(?:19|20)\d\d)\b)?"
    r")(?!\w)",
    re.IGNORECASE,
)
# What tells before a name whether the day lies ahead: the verb group nearest to it decides.
_AHEAD = re.compile(
    r"\b(?:will|shall|won't|going to|(?:plans?|agreed|vowed|promised|wants?|hopes?|likely"
    r"|about|(?:is|are)(?: not)?) to|(?:set|due|expected|scheduled|planned)(?: to| for| on| by))\b"
    r"(?:(?: (?:not|also|be|have|been|then))* \w+)?|\b(?:until|by|due|starting|beginning) $"
    # The present tense of what is fixed beforehand: "The trial opens on Monday".
    r"|\b(?:(?:re)?opens|starts|begins|ends|resumes|expires|takes (?:effect|place|office)"
    r"|comes into force|goes on (?:sale|trial)|kicks off"
    r"|(?:polls|talks|schools|shops|classes) (?:re)?(?:open|close|start|begin|end|resume))\b",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\b(?:said|told|was|were|had|has|have|did|came|went|took|made|met|won|lost|left|began|broke"
    r"|found|held|struck|hit|fell|rose|saw|gave|got|ran|sent|shot|spoke|wrote|fled|won|cut|put"
    r"|since|\w+ed)\b",
    re.IGNORECASE,
)
# "Friday's session is cancelled": the verb stands behind.
_AHEAD_BEHIND = re.compile(r"[’']s (?:[\w-]+ ){1,3}(?:will|is|are)\b")
_BEFORE_MONTH = re.compile(r"\b(?:in|since|last|next|this|until|by|from|of|early|late|mid)[ -]$")
_SENTENCE_START = re.compile(r"[.!?]['\"”’)]*\s+(?=[A-Z“\"'‘(])")


def resolve_relative_day(text: str, published: datetime) -> tuple[NamedDay, ...]:
    """The days that `text` names, as dates, seen from the day it was published.

    A bare weekday is by news convention the latest such day up to the day of publication, or the
    next one from it on where the verb before it points ahead ("will sign on Thursday"). A month or
    a day without a year is the one nearest to publication, on the side that the verb points to. A
    month alone is the whole month; "last month" and the like are whole weeks (from Monday), months
    and years. Nothing is taken from a clock, and what does not name a day of the calendar is left
    out. `published` is the report's own time; its date is used as it stands, in its zone.
    """
    day = published.date()
    found = []
    matches = [m for m in _NAMED.finditer(text) if not m["month"] or _is_month(m)]
    for match, after in zip_longest(matches, matches[1:]):
        if match["weekday"] and after and _is_its_date(match, after):
            continue
        try:
            span = _dates_of(match, day, _points_ahead(match))
        except (ValueError, OverflowError):
            continue  # February 30, or a year that no calendar has
        if span is not None:
            found.append(NamedDay(match[0], match.start(), match.end(), *span))
    return tuple(found)


def _is_month(match: re.Match[str]) -> bool:
    """Whether a month's name is one: "May" and "March" alone are words too."""
    name = match["month"]
    if name.rstrip(".").lower() not in _ENGLISH or not name[0].isupper():
        return False
    if match["day_a"] or match["day_b"] or match["year"]:
        return True
    before = match.string[max(0, match.start() - 12) : match.start()].lower()
    return _BEFORE_MONTH.search(before) is not None


def _is_its_date(weekday: re.Match[str], after: re.Match[str]) -> bool:
    """Whether the date of a weekday follows it: "Friday, May 9"."""
    between = weekday.string[weekday.end() : after.start()]
    return bool(after["day_a"] or after["day_b"]) and between in (" ", ", ", ", the ", " the ")


def _points_ahead(match: re.Match[str]) -> bool:
    """Whether the verb nearest before it, in the same sentence, points to what is to come."""
    text, start = match.string, match.start()
    before = text[max(0, start - 200) : start]
    breaks = list(_SENTENCE_START.finditer(before))
    before = before[breaks[-1].end() :] if breaks else before
    ahead = max((match.end() for match in _AHEAD.finditer(before)), default=-1)
    behind = max((match.end() for match in _BEHIND.finditer(before)), default=-1)
    if ahead < 0 and behind < 0:
        return _AHEAD_BEHIND.match(text, match.end()) is not None
    return ahead >= behind


def _dates_of(match: re.Match[str], day: date, ahead: bool) -> tuple[date, date] | None:
    if near := match["near"]:
        offset = {"tomorrow": 1, "yesterday": -1, "last night": -1}.get(near.lower(), 0)
        offset = -2 if "before" in near.lower() else offset
        found = day + timedelta(days=offset)
        return found, found
    if weekday := match["weekday"]:
        found = _weekday(_WEEKDAYS[weekday.lower()], (match["which"] or "").lower(), day, ahead)
        return found, found
    if span := match["span"]:
        steps = {"last": -1, "this": 0, "next": 1}[match["span_which"].lower()]
        return _span(span.lower(), steps, day)
    if count := match["count"]:
        number = int(count) if count.isdigit() else _NUMBERS[count.lower()]
        return _ago(number, match["unit"].lower(), day)
    return _in_month(match, day, ahead)


def _weekday(weekday: int, which: str, day: date, ahead: bool) -> date:
    back = (day.weekday() - weekday) % 7
    if which == "last":
        return day - timedelta(days=back or 7)
    if which == "next":
        return day + timedelta(days=7 - back)
    if which == "this":
        ahead = True
    return day + timedelta(days=(7 - back) % 7) if ahead else day - timedelta(days=back)


def _span(unit: str, steps: int, day: date) -> tuple[date, date]:
    if unit == "week":
        monday = day - timedelta(days=day.weekday()) + timedelta(weeks=steps)
        return monday, monday + timedelta(days=6)
    if unit == "month":
        return _month(day.year, day.month + steps)
    return date(day.year + steps, 1, 1), date(day.year + steps, 12, 31)


def _month(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month; months before January and after December count on."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _ago(number: int, unit: str, day: date) -> tuple[date, date]:
    if unit in _UNITS:
        found = day - timedelta(days=number * _UNITS[unit])
        return found, found
    if unit == "month":
        return _month(day.year, day.month - number)
    return date(day.year - number, 1, 1), date(day.year - number, 12, 31)


def _in_month(match: re.Match[str], day: date, ahead: bool) -> tuple[date, date] | None:
    month = _ENGLISH[match["month"].rstrip(".").lower()]
    number = match["day_a"] or match["day_b"]
    if number is None:
        if match["year"]:
            return _month(int(match["year"]), month)
        if match.string[: match.start()].lower().endswith("next "):
            return _month(day.year + (month <= day.month), month)
        return _month(_month_year(month, day, ahead), month)
    if match["year"]:
        found = date(int(match["year"]), month, int(number))
    else:
        near = [d for y in (-1, 0, 1) if (d := _date(day.year + y, month, int(number)))]
        found = min(near, key=lambda d: abs((d - day).days), default=day)
        if abs((found - day).days) > 184 or not near:  # February 29, with no leap year near
            return None
    return found, found


def _month_year(month: int, day: date, ahead: bool) -> int:
    """The year of a month named without one: not after publication, or not before it if ahead."""
    if ahead:
        return day.year + (month < day.month)
    return day.year - (month > day.month)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
