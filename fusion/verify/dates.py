"""Weekdays, months, days and years: those of a sentence must be in its passages."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fusion.words import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

_MONTH_NAMES = [name.lower() for name in calendar.month_name[1:]]
_MONTH = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_WEEKDAY = re.compile(r"\b(mon|tues|wednes|thurs|fri|satur|sun)day(?:'?s)?\b", re.IGNORECASE)
_DAY_MONTH = re.compile(
    rf"\b(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m1>{_MONTH})\b\.?(?:,? (?P<y1>\d{{4}})\b)?"
    rf"|\b(?P<m2>{_MONTH})\b\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,\d{{3}})"
    rf"(?:,? (?P<y2>\d{{4}})\b)?"
    rf"|\b(?P<y3>\d{{4}})-(?P<m3>\d\d)-(?P<d3>\d\d)\b",
    re.IGNORECASE,
)
# "May" and "March" are months only after a word or before a number that makes them one.
_MONTH_ALONE = re.compile(
    rf"\b(?:in|since|until|till|by|from|last|next|this|early|late|mid|of|to|and)[ -]"
    rf"({_MONTH})\b(?! \d{{1,2}}\b)"
    rf"|\b({_MONTH})\b\.? (?:of )?\d{{4}}\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d,.$£€-])\b((?:1[89]|20)\d\d)(?:s\b|\b)(?![,.]\d|%| ?(?:km|kg|miles))")
_SHORT_YEAR = re.compile(r"(?<!\w)'(\d\d)\b|\b(?:1[89]|20)\d\d[-/](\d\d)\b")


@dataclass(frozen=True, slots=True)
class _Dates:
    weekdays: frozenset[str]
    months: frozenset[int]
    days: frozenset[tuple[int, int]]
    years: frozenset[int]


def _month(name: str) -> int:
    return next(i for i, full in enumerate(_MONTH_NAMES, 1) if full.startswith(name[:3].lower()))


def _dates(text: str) -> _Dates:
    text = plain(text)
    weekdays = {match[1].lower() + "day" for match in _WEEKDAY.finditer(text)}
    months, days, years = set(), set(), set()
    for match in _DAY_MONTH.finditer(text):
        day = int(match["d1"] or match["d2"] or match["d3"])
        name, year = match["m1"] or match["m2"], match["y1"] or match["y2"] or match["y3"]
        month = _month(name) if name else int(match["m3"])
        months.add(month)
        days.add((month, day))
        if year:
            years.add(int(year))
            try:
                weekdays.add(date(int(year), month, day).strftime("%A").lower())
            except ValueError:  # no such day: the text is wrong, and no weekday follows from it
                continue
    for match in _MONTH_ALONE.finditer(text):
        if not (name := match[1] or match[2])[0].islower() or name.lower() not in ("may", "march"):
            months.add(_month(name))
    years |= {int(match[1]) for match in _YEAR.finditer(text)}
    return _Dates(frozenset(weekdays), frozenset(months), frozenset(days), frozenset(years))


def check_dates(sentence: str, passages: Sequence[str]) -> list[str]:
    """Dates that the passages do not have. A weekday may be had from a full date."""
    evidence = re.sub(r"(\d),(?=\d{3}\b)", r"\1", " \n ".join(passages))  # 1,800 may be "1800"
    said, there = _dates(sentence), _dates(evidence)
    named = {m[1].lower() + "day" for m in _WEEKDAY.finditer(plain(sentence))}
    short = {int(m[1] or m[2]) for m in _SHORT_YEAR.finditer(plain(evidence))}
    problems = [
        f"The day “{day.capitalize()}” is not in the passages."
        for day in sorted(named - there.weekdays)
    ]
    for month, day in sorted(said.days - there.days):
        problems.append(f"The date {day} {calendar.month_name[month]} is not in the passages.")
    flagged = {month for month, _ in said.days}
    problems += [
        f"The month {calendar.month_name[month]} is not in the passages."
        for month in sorted(said.months - there.months - flagged)
        if not re.search(rf"\b{calendar.month_name[month]}\b", evidence, re.IGNORECASE)
    ]
    problems += [
        f"The year {year} is not in the passages."
        for year in sorted(said.years - there.years)
        if year % 100 not in short
    ]
    return problems
