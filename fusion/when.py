"""Days, as a reader of the summary has to be told them.

A report says "today" and "on Friday", and means the days around its own publication. The summary is
read later, and beside reports of other days: "yesterday" becomes the day's name, and a day of
another week gets its date. What stands in quotation marks is left as it was said.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from fusion.clean.dates import resolve_relative_day
from fusion.quotes import find_quotes
from fusion.types import as_utc
from fusion.verify.relations import ahead_and_told
from fusion.words import is_past

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from fusion.types import Conflict

A_WEEK = timedelta(days=6)  # up to which the name of a day is clear by itself
_FROM_TODAY = re.compile(r"(?:(?:late|early) )?(?:yesterday|today|tomorrow)\Z", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"(?:(?:on|last|next|this) )?(?:mon|tues|wednes|thurs|fri|satur|sun)day\Z", re.IGNORECASE
)
_AFTER_PREPOSITION = re.compile(
    r"\b(?:of|until|till|since|from|by|before|after|for|on) $", re.IGNORECASE
)
_IS_SUBJECT = re.compile(r" (?:is|was|marks|marked|sees|saw|will be)\b")
_CLAUSE = re.compile(r"[,;:]|\b(?:that|who|which|where|when|while|but)\b")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def with_days(sentence: str, published: datetime | None, now: datetime | None) -> str:
    """The sentence with its days as seen from `now`, when the newest report was published.

    `published` is the time of the report that it is from. Without both, nothing is changed.
    """
    if published is None or now is None:
        return sentence
    quoted = find_quotes(sentence)
    for named in reversed(resolve_relative_day(sentence, published)):
        if named.first != named.last or any(a <= named.start < b for a, b in quoted):
            continue
        far = abs(now.date() - named.first) > A_WEEK
        if _FROM_TODAY.match(named.text):
            told = _date(named.first) if far else _DAYS[named.first.weekday()]
            subject = _IS_SUBJECT.match(sentence, named.end)
            if not subject and not _AFTER_PREPOSITION.search(sentence[: named.start]):
                told = f"on {told}"
        elif (
            far
            and _WEEKDAY.match(named.text)
            and sentence[named.end : named.end + 1] not in ("'", "’")
            and _of_the_past(sentence, named.start, named.end)
        ):
            told = f"{named.text}, {_date(named.first)},"
        else:
            continue
        sentence = _tidy(sentence[: named.start] + told + sentence[named.end :])
    return sentence[:1].upper() + sentence[1:]


def days_told(sentence: str, source: str, published: Mapping[str, datetime]) -> str:
    """The sentence of a source `with_days` as seen from the newest of `published`, by source."""
    now = max(published.values(), key=as_utc, default=None)
    return with_days(sentence, published.get(source), now)


def dated(conflict: Conflict, published: Mapping[str, datetime]) -> Conflict:
    """The disagreement with its sides' days told likewise."""
    sides = (
        replace(side, claim=days_told(side.claim, side.passages[0].source, published))
        for side in conflict.sides
    )
    return replace(conflict, sides=tuple(sides))


def _of_the_past(sentence: str, start: int, end: int) -> bool:
    """Whether the clause around a weekday tells what has been: “votes on Friday” names one to come.

    Of a weekday to come, the date would be a guess.
    """
    before, after = _CLAUSE.split(sentence[:start])[-1], _CLAUSE.split(sentence[end:])[0]
    ahead, told = ahead_and_told(f"{before} {after}")
    return not ahead and any(is_past(word) for word in told.values())


def _date(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _tidy(sentence: str) -> str:
    """Without a comma before another mark, or at the end."""
    return re.sub(r",(?=\s*[.,;:!?]|\s*$)", "", sentence)
