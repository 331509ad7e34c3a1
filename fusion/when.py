"""Days, as a reader of the summary has to be told them.

A report says "today" and "on Friday", and means the days around its own publication. The summary is
read later, and beside reports of other days: "this morning" becomes "on Friday morning", and a day
of another week gets its date, as does one of days ago in a story of weeks. What an older report
tells in the present tense, or expects, gets the day on which it was so: "is still shut (as of
Monday)". What stands in quotation marks is left as it was said.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from fusion.clean.dates import resolve_relative_day
from fusion.quotes import find_quotes
from fusion.types import as_utc
from fusion.verify.claimant import unquoted
from fusion.verify.relations import ahead_and_told
from fusion.words import MONTHS, is_past

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from fusion.types import Conflict, Source

A_WEEK = timedelta(days=6)  # up to which the name of a day is clear by itself
A_WHILE = timedelta(days=2)  # the same in a story of weeks; and what is done is clear without it
_FROM_TODAY = re.compile(
    r"(?:(?:(?:late|early) )?(?:yesterday|today|tomorrow)|[\w-]+ days? ago"
    r"|this (?P<part>morning|afternoon|evening)"
    r"|(?P<night>tonight|last night))\Z",
    re.IGNORECASE,
)
_PART_OF_DAY = re.compile(r" (?:morning|afternoon|evening|night)\b")
_WEEKDAY = re.compile(
    r"(?:(?:on|last|next|this) )?(?:mon|tues|wednes|thurs|fri|satur|sun)day\Z", re.IGNORECASE
)
_AFTER_PREPOSITION = re.compile(
    r"\b(?:of|until|till|since|from|by|before|after|for|on) $", re.IGNORECASE
)
_HAS = re.compile(r"\b(?:has|have) $")
_IS_SUBJECT = re.compile(r" (?:is|was|marks|marked|sees|saw|will be)\b")
_CLAUSE = re.compile(r"[,;:]|\b(?:that|who|which|where|when|while|but)\b")
# “…, which is of 1954, …” and “…, built in 1954, …” are not what the sentence tells.
_ASIDE = re.compile(
    r",? \b(?:which|who|whose|where|that) (?:[\w'’-]+ ?){1,12}(?:,|(?=\.))|,[^,]{1,60},"
)
_FINITE = re.compile(
    r"\b(?P<perhaps>(?:may|might|must|can|could) have)\b"
    r"|\b(?P<done>ha(?:s|ve) (?:\w+ly |been )*\w+(?:ed|[nt]))\b"
    r"|\b(?P<now>is|are|has|have|remains?|will|can|may|plans?|expects?|hopes?|wants?|continues?)\b"
    r"|\b[a-z]+\b"
)
_DOTTED = re.compile(r"\b(?:[ap]\.m|[A-Z]\.[A-Z])\.\Z")
_AS_OF = re.compile(r"\.? \((?:as of|reported on) ([^()]+)\)(?=\.)")
_REPORTED = re.compile(r"(?<!\.) \(reported on ([^()]+)\)(?=\.$)")
# “At noon”, “at 16:20”: of which day?
_CLOCK = re.compile(
    r"\b[Aa]t (?:noon|midnight|\d{1,2}[:.]\d\d|\d{1,2} ?[ap]\.?m\b"
    r"|(?:half|(?:a )?quarter|five|ten|twenty)(?: to| past) [a-z]+)\b"
)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_ITS_DAY = re.compile(r",? the \d{1,2}(?:st|nd|rd|th)\b")  # “Tuesday the 7th”
# True at the hour of writing, whatever the tenses beside them.
_NOW = re.compile(r"\b(?:(?:is|are) (?:now|being)|current(?:ly)?|at present|so far)\b", re.I)
_SAID = re.compile(r"\b(?:said|told|announced|according to)\b")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def with_days(
    sentence: str, published: datetime | None, now: datetime | None, clear: timedelta = A_WEEK
) -> str:
    """The sentence with its days as seen from `now`, when the newest report was published.

    `published` is the time of the report that it is from. Without both, nothing is changed. Up to
    `clear` from `now` the name of a day is clear by itself.
    """
    if published is None or now is None:
        return sentence
    quoted = find_quotes(sentence)
    for named in reversed(resolve_relative_day(sentence, published)):
        in_a_name = named.start > 0 and named.text in ("Today", "Tomorrow", "Tonight")  # USA Today
        if named.first != named.last or in_a_name or any(a <= named.start < b for a, b in quoted):
            continue
        far = abs(now.date() - named.first) > clear
        start, end = named.start, named.end
        if match := _FROM_TODAY.match(named.text):
            part = match["part"] or ("night" if match["night"] else "")
            told = _date(named.first) if far else _DAYS[named.first.weekday()]
            if part:
                told = f"the {part} of {told}" if far else f"{told} {part}"
            subject = _IS_SUBJECT.match(sentence, end) or sentence[end : end + 1] in ("'", "’")
            if not part and _HAS.search(sentence[:start]):
                told, end = "", end + sentence.startswith(" ", end)  # no “has on Monday closed”
            elif not subject and not _AFTER_PREPOSITION.search(sentence[: named.start]):
                told = f"on {told}"
        elif (
            far
            and _WEEKDAY.match(named.text)
            and sentence[named.end : named.end + 1] not in ("'", "’")
            and not _ITS_DAY.match(sentence, named.end)
            and _of_the_past(sentence, named.start, named.end)
        ):
            if part_of_day := _PART_OF_DAY.match(sentence, end):
                end = part_of_day.end()
            told = f"{sentence[start:end]}, {_date(named.first)},"
        else:
            continue
        sentence = _tidy(sentence[:start] + told + sentence[end:])
    return sentence[:1].upper() + sentence[1:]


def as_of(
    sentence: str, published: datetime | None, now: datetime | None, clear: timedelta = A_WEEK
) -> str:
    """The sentence with the day on which it was so, if it tells how things stood on an earlier day.

    The times are those of `with_days`. For two days, what was done, or somebody has said, is clear
    without its day, but not at which noon; after them, whatever names no day gets its report's.
    """
    if published is None or now is None or published.date() >= now.date():
        return sentence
    day = published.date()
    far = now.date() - day > A_WEEK
    near = (day - timedelta(days=1), day)
    named = [each.first for each in resolve_relative_day(sentence, published)]
    if not sentence.endswith(".") or any(each in near for each in named):
        return sentence  # it says itself when
    told = _date(day) if now.date() - day > clear else _DAYS[day.weekday()]
    end = len(sentence) if _DOTTED.search(sentence) else -1  # “at 1:10 p.m. (as of Monday).”
    if _of_its_time(sentence, deeds=far) and (far or not _SAID.search(sentence)):
        return f"{sentence[:end]} (as of {told})."
    of_before = any(int(year) < day.year - 1 for year in _YEAR.findall(sentence))
    while_ago = now.date() - day > A_WHILE
    if not named and (_CLOCK.search(sentence) or (while_ago and not of_before)):
        return f"{sentence[:end]} (reported on {told})."
    return sentence


def undated(sentence: str, published: Iterable[datetime]) -> str:
    """The sentence without the day that `as_of` gave it, if one of the reports is of that day.

    Its passages do not say that day; that their reports are of it, the times tell.
    """
    match = _AS_OF.search(sentence)
    days = {day for time in published for day in (_date(time.date()), _DAYS[time.weekday()])}
    return _AS_OF.sub("", sentence) if match and match[1] in days else sentence


def reported_once(sentences: Sequence[str], room: float) -> list[str]:
    """The sentences without “(reported on …)” where the one before tells that day already.

    `room` is how many words may be taken away. “(as of …)” stays: without it a state is of today.
    """
    told: list[str] = []
    day = ""
    for sentence in sentences:
        match = _REPORTED.search(sentence)
        known = match is not None and (match[1] == day or (told and match[1] in told[-1]))
        words = len(match[0].split()) if match else 0
        if known and words <= room:
            sentence = _REPORTED.sub("", sentence)
            room -= words
        day = match[1] if match else ""
        told.append(sentence)
    return told


def days_told(sentence: str, source: str, sources: Mapping[str, Source]) -> str:
    """The sentence of a source with its days, as seen from the newest of `sources`."""
    times = {s: time for s, each in sources.items() if (time := each.published)}
    published, (now, clear) = times.get(source), seen_from(times.values())
    return as_of(with_days(sentence, published, now, clear), published, now, clear)


def seen_from(times: Iterable[datetime]) -> tuple[datetime | None, timedelta]:
    """The newest of the reports' `times`, and up to how long before it a weekday needs no date."""
    every = list(times)
    if not every:
        return None, A_WEEK
    first, now = min(every, key=as_utc), max(every, key=as_utc)
    span = as_utc(now).date() - as_utc(first).date()
    return now, A_WHILE if span > A_WEEK else A_WEEK


def dated(conflict: Conflict, sources: Mapping[str, Source]) -> Conflict:
    """The disagreement with its sides' days told likewise."""
    sides = (
        replace(side, claim=days_told(side.claim, side.passages[0].source, sources))
        for side in conflict.sides
    )
    return replace(conflict, sides=tuple(sides))


def _of_its_time(sentence: str, *, deeds: bool) -> bool:
    """Whether it tells a state (see `tells_state`), or says “currently”."""
    return bool(_NOW.search(unquoted(_ASIDE.sub(" ", sentence)))) or tells_state(
        sentence, deeds=deeds
    )


def tells_state(sentence: str, *, deeds: bool = False) -> bool:
    """Whether its first verb is in the present or points ahead, or, as `deeds`, in the perfect.

    “The barge is still there”, “the port will vote on Friday”; not “the port said that it will”.
    """
    for match in _FINITE.finditer(unquoted(_ASIDE.sub(" ", sentence))):
        if match["now"]:
            return True
        if match["done"]:
            return deeds
        if match["perhaps"] or is_past(match[0]):
            return False
    return False


def _of_the_past(sentence: str, start: int, end: int) -> bool:
    """Whether the clause around a weekday tells what has been: “votes on Friday” names one to come.

    Of a weekday to come, the date would be a guess.
    """
    before, after = _CLAUSE.split(sentence[:start])[-1], _CLAUSE.split(sentence[end:])[0]
    ahead, told = ahead_and_told(f"{before} {after}")
    return not ahead and any(is_past(word) for word in told.values())


def _date(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _tidy(sentence: str) -> str:
    """Without a comma before another mark, or at the end."""
    return re.sub(r",(?=\s*[.,;:!?]|\s*$)", "", sentence)
