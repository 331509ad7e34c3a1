"""A second grader of faithfulness that shares no code, model or evidence with the verifier.

It takes names, numbers, days and quotations of a summary by plain patterns and looks each up in
all reports together. It cannot see a role swapped or a stale state told as current, and a number
written another way counts as wrong: it compares systems, and catches what was made up.
Dates within a week of a report's are left out: its "today" or "on Friday" may mean them.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING

from fusion.evaluate.scorer import Metric, Score

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from fusion.evaluate.systems import SystemOutput
    from fusion.evaluate.task import Story

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_DAYS = f"{_MONTHS}|{_WEEKDAYS}"
_SMALL = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"  # "one" is often no number
_VALUES = {word: str(value) for value, word in enumerate(_SMALL.split("|"), start=2)}
_WORD = re.compile(r"(?<![\w'])[^\W\d_][\w'-]*\w")
_NUMBER = re.compile(rf"\d+(?:[.,]\d+)*|\b(?:{_SMALL})\b", re.IGNORECASE)
_DAY = re.compile(rf"\b(?:{_DAYS})\b", re.IGNORECASE)
_DATE = re.compile(
    rf"(?:\b(?:{_WEEKDAYS}),? )?\b(\d{{1,2}}) ({_MONTHS})\b(?:,? (\d{{4}}))?", re.IGNORECASE
)
_NEAR = timedelta(days=8)  # a week from a report's day, whatever its zone
_QUOTATION = re.compile(r'"([^"\n]{15,})"')  # a shorter one is a phrase
_PLAIN = str.maketrans("“”„«»‘’‚–—‑", '"""""\'\'\'---')


def names(text: str) -> set[str]:
    """Capitalised words that do not begin a sentence, without days and possessive endings."""
    found = set()
    for match in _WORD.finditer(text):
        before = text[: match.start()].rstrip(" \"'(")
        begins = not before or before[-1] in ".!?:\n"
        if match[0][0].isupper() and not begins and not _DAY.fullmatch(match[0]):
            found.add(match[0].removesuffix("'s"))
    return found


def numbers(text: str) -> set[str]:
    """Numbers in digits, without thousands separators, and two to twelve in words."""
    found = (re.sub(r",(?=\d{3}\b)", "", match[0].lower()) for match in _NUMBER.finditer(text))
    return {_VALUES.get(number, number) for number in found}


def days(text: str) -> set[str]:
    """Names of weekdays and of months written with a capital letter."""
    return {match[0].lower() for match in _DAY.finditer(text) if match[0][0].isupper()}


def quotations(text: str) -> set[str]:
    """Words within double quotation marks, without the comma or full stop that ends them."""
    return {match[1].strip().rstrip(".,").lower() for match in _QUOTATION.finditer(text)}


class Details:
    """Share of a summary's names, numbers, days and quotations that some report has."""

    name = "details"
    identity: Mapping[str, object] = {"version": 3}
    metrics: Mapping[str, Metric] = {
        "names": Metric("share of the capitalised words that a report has"),
        "numbers": Metric("share of the numbers that a report has"),
        "days": Metric("share of the weekdays and months that a report names or is of"),
        "quotations": Metric("share of the quotations that a report has word for word"),
    }

    def score(self, story: Story, output: SystemOutput) -> Score:
        """See `Scorer.score`. A metric of which the summary has nothing is unscored."""
        told = _plain(output.text)
        reports = _plain(
            "\n".join(a.text + "\n" + (a.metadata.headline or "") for a in story.sources)
        )
        undated = _without_dates(told, story.times)
        words = set(re.findall(r"[\w'-]*\w", reports.replace("'s", "")))
        known_numbers, lower = numbers(reports), reports.lower()
        known_days = days(reports) | _days_around(story.times)
        there: dict[str, tuple[set[str], Callable[[str], bool]]] = {
            "names": (names(told), words.__contains__),
            "numbers": (numbers(undated), known_numbers.__contains__),
            "days": (days(undated), known_days.__contains__),
            "quotations": (quotations(told), lower.__contains__),
        }
        values, unscored, remarks = {}, {}, []
        for kind, (found, known) in there.items():
            if not found:
                unscored[kind] = f"The summary has no {kind}."
                continue
            missing = sorted(each for each in found if not known(each))
            values[kind] = 1 - len(missing) / len(found)
            remarks += [f"{kind}: no report has {each!r}" for each in missing]
        return Score(values=values, unscored=unscored, remarks=remarks)


def _days_around(published: Iterable[datetime]) -> set[str]:
    """The names of the reports' days and of those beside them: their today and yesterday."""
    near = [time + timedelta(days=n) for time in published for n in (-1, 0, 1)]
    weekdays, months = _WEEKDAYS.split("|"), _MONTHS.split("|")
    return {weekdays[day.weekday()] for day in near} | {months[day.month - 1] for day in near}


def _without_dates(told: str, published: Sequence[datetime]) -> str:
    """The text without the dates that are near to one of `published`."""

    def near(match: re.Match[str]) -> bool:
        day, month = int(match[1]), _MONTHS.split("|").index(match[2].lower()) + 1
        for moment in published:
            try:
                date = moment.replace(year=int(match[3] or moment.year), month=month, day=day)
            except ValueError:  # 31 June
                continue
            if abs(date - moment) <= _NEAR:
                return True
        return False

    return _DATE.sub(lambda match: "" if near(match) else match[0], told)


def _plain(text: str) -> str:
    lines = unicodedata.normalize("NFKC", text).translate(_PLAIN).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines)
