"""Figures: every number in a sentence must be in its passages, of the same thing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from fusion.words import STOP_WORDS, plain, stem

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {
    "hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000, "dozen": 12, "k": 1_000, "m": 1_000_000, "mn": 1_000_000,
    "bn": 1_000_000_000, "b": 1_000_000_000, "tn": 1_000_000_000_000,
}  # fmt: skip
_SPELLED = "|".join([*_UNITS, *_TENS])
_SCALE_WORDS = "hundred|thousand|million|billion|trillion|dozen"
_CURRENCY = {
    "$": "$", "us$": "$", "dollar": "$", "dollars": "$", "usd": "$", "buck": "$", "bucks": "$",
    "£": "£", "pound": "£", "pounds": "£", "gbp": "£", "€": "€", "euro": "€", "euros": "€",
    "eur": "€", "¥": "¥", "yen": "¥", "yuan": "yuan", "rmb": "yuan", "rupee": "₹", "rupees": "₹",
    "₹": "₹", "rouble": "rouble", "roubles": "rouble", "ruble": "rouble", "rubles": "rouble",
}  # fmt: skip

_NUMBER = re.compile(
    rf"""
    (?P<currency>US\$|[$£€¥₹])?\s?
    (?: (?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)
        (?: \s?(?P<short>k|m|mn|bn|b|tn)\b | (?P<scale>(?:[\s-](?:{_SCALE_WORDS}))+)\b )?
      | \b(?P<words>(?:(?:{_SPELLED}|a|an)(?:\s|-)(?:and\s)?){{0,2}}
                    (?:{_SPELLED}|{_SCALE_WORDS})(?:(?:\s|-)(?:and\s)?(?:{_SPELLED}|{_SCALE_WORDS})){{0,9}})\b
    )
    (?: \s?(?P<percent>%|per\s?cent(?:age)?\b|pc\b) | [\s-](?P<noun>[^\W\d_]+(?:-[^\W\d_]+)*) )?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(\d{1,2})(?:[:.](\d{2}))?\s?([ap])\.?m\b\.?|\b([01]?\d|2[0-3]):([0-5]\d)\b", re.IGNORECASE
)
_CLOCK_WORDS = re.compile(  # “a quarter past five”
    rf"\b(half|quarter|five|ten|twenty) (past|to) ({'|'.join(list(_UNITS)[1:13])})\b", re.IGNORECASE
)
_PAST = {"five": 5, "ten": 10, "quarter": 15, "twenty": 20, "half": 30}  # minutes
_HALF_DAY = 720  # minutes
# What a word before the number says about how it is meant.
_ABOUT = re.compile(
    r"\b(?:about|around|approximately|roughly|some|circa|estimated|or so)\s*$", re.I
)
_BELOW = re.compile(
    r"\b(?:almost|nearly|close to|just under|up to|as many as|under"
    r"|(?:less|fewer) than|at most)\s*$",
    re.I,
)
_ABOVE = re.compile(
    r"\b(?:over|above|at least|(?:more|greater) than|just over|no fewer than)\s*$", re.I
)
# Up to here a number in words may be a count of things listed ("two men and a woman": three).
_COUNTED_BY_READER = 10
# Nouns that say how a number is written, not what it counts.
_NO_NOUN = STOP_WORDS | {"year", "years", "month", "time", "times", "people", "per", "old", "long"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it stands in a text; `unit` is `%`, a currency or "", `noun` a stem or ""."""

    value: Decimal
    text: str
    unit: str
    noun: str
    spelled: bool
    hedge: str  # "", "about", "below", "above"


def _spelled_value(words: str) -> Decimal:
    total = current = 0
    for word in re.split(r"[\s-]+", words.lower()):
        if word in _UNITS:
            current += _UNITS[word]
        elif word in _TENS:
            current += _TENS[word]
        elif word in ("hundred", "dozen"):
            current = (current or 1) * _SCALES[word]
        elif word in _SCALES:
            total, current = total + (current or 1) * _SCALES[word], 0
    return Decimal(total + current)


def _hedge(before: str) -> str:
    for name, pattern in (("about", _ABOUT), ("below", _BELOW), ("above", _ABOVE)):
        if pattern.search(before):
            return name
    return ""


def quantities(text: str, *, years: bool = False) -> list[Quantity]:
    """The numbers of `text`, dates, times of day and the pronoun *one* left out.

    With `years`, numbers that look like a year are in: "1,800 coins" may stand there as "1800".
    """
    text = plain(text)
    clocks = [match.span() for each in (_CLOCK, _CLOCK_WORDS) for match in each.finditer(text)]
    found = []
    for match in _NUMBER.finditer(text):
        start = match.start("digits") if match["digits"] else match.start("words")
        if any(a <= start < b for a, b in clocks) or _is_date(text, match, years):
            continue
        if match["digits"]:
            if start and (text[start - 1].isalpha() or text[start - 1] in "'_"):
                continue  # a name such as F16, or '08
            value = Decimal(match["digits"].replace(",", ""))
            for scale in (match["short"] or match["scale"] or "").lower().replace("-", " ").split():
                value *= _SCALES[scale]
        else:
            if match["words"].lower() in ("one", "zero"):
                continue
            value = _spelled_value(match["words"])
        noun = (match["noun"] or "").lower()
        unit = "%" if match["percent"] else _CURRENCY.get((match["currency"] or noun).lower(), "")
        head = noun.split("-")[0]
        found.append(
            Quantity(
                value=value,
                text=_shown(match),
                unit=unit,
                noun="" if unit or head in _NO_NOUN else stem(head),
                spelled=not match["digits"],
                hedge=_hedge(text[max(0, start - 24) : start].rstrip("$£€¥₹ ") + " "),
            )
        )
    return found


def _shown(match: re.Match[str]) -> str:
    """The number's words, with what it counts where that is a noun."""
    noun = (match["noun"] or "").lower()
    end = match.start("noun") if noun in STOP_WORDS else match.end()
    return match.string[match.start() : end].strip(" -")


_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_MONTH_BEFORE = re.compile(rf"\b(?:{_MONTHS})\.?\s*$|\b(?:{_MONTHS})\.? \d{{1,2}},?\s*$", re.I)
_MONTH_AFTER = re.compile(rf"\s*(?:st|nd|rd|th)?(?:\s+of)?\s+(?:{_MONTHS})\b", re.I)
_ORDINAL_AFTER = re.compile(r"(?:st|nd|rd|th)\b", re.I)


def _is_date(text: str, match: re.Match[str], years: bool) -> bool:
    """Whether the digits are a day or a year, which `check_dates` looks at, or an ordinal."""
    digits = match["digits"]
    if not digits or match["currency"] or match["percent"] or match["short"] or match["scale"]:
        return False
    start, end = match.span("digits")
    if re.fullmatch(r"(?:1[89]|20)\d\d", digits):
        return not years
    if _ORDINAL_AFTER.match(text, end):
        return True
    return (
        digits.isdigit()
        and len(digits) <= 2
        and int(digits) <= 31
        and bool(
            _MONTH_BEFORE.search(text[max(0, start - 20) : start]) or _MONTH_AFTER.match(text, end)
        )
    )


_ORDINAL = re.compile(r"\b(\d{1,3})(?:st|nd|rd|th)\b", re.IGNORECASE)
_ORDINAL_WORDS = [
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"),
    *("seventeenth", "eighteenth", "nineteenth", "twentieth"),
]


def _ordinals(text: str) -> set[int]:
    """The ordinals of `text`, in digits or in words up to *ninety-ninth*."""
    text = plain(text).lower()
    found = {int(match[1]) for match in _ORDINAL.finditer(text)}
    found |= {i for i, word in enumerate(_ORDINAL_WORDS, 1) if re.search(rf"\b{word}\b", text)}
    for word, value in _TENS.items():
        ones = re.findall(rf"\b{word}-(\w+)", text)
        found |= {value + _ORDINAL_WORDS.index(one) + 1 for one in ones if one in _ORDINAL_WORDS}
    return found


def clock_times(text: str) -> dict[int, str]:
    """Minutes after midnight or noon, of every time of day, with its words."""
    times = {}
    text = plain(text)
    for match in _CLOCK.finditer(text):
        hour, minute = match[1] or match[4], match[2] or match[5] or "0"
        times[(int(hour) % 12) * 60 + int(minute)] = match.group()
    for match in _CLOCK_WORDS.finditer(text):
        minutes = _PAST[match[1].lower()] * (1 if match[2].lower() == "past" else -1)
        times[(_UNITS[match[3].lower()] % 12 * 60 + minutes) % _HALF_DAY] = match.group()
    return times


def agree(one: Quantity, other: Quantity) -> bool:
    """Whether one of the two is a fair way to give the other."""
    return rounds_to(one.value, other) or rounds_to(other.value, one)


def rounds_to(exact: Decimal, shown: Quantity) -> bool:
    """Whether `shown` is a fair way to give `exact`, for its hedge and the digits it shows."""
    value = shown.value
    if exact == value:
        return True
    if not value or not exact:
        return False
    ratio = exact / value
    if shown.hedge == "about":
        return Decimal("0.9") <= ratio <= Decimal("1.1")
    if shown.hedge == "below":
        return Decimal("0.85") <= ratio <= 1
    if shown.hedge == "above":
        return 1 <= ratio <= Decimal("1.25")
    significant = value.normalize()
    if len(significant.as_tuple().digits) < 2:
        return False
    step = Decimal(1).scaleb(int(significant.as_tuple().exponent))
    return abs(exact - value) <= step / 2


def _gives(said: Quantity, there: Quantity) -> bool:
    """Whether a sentence may say `said` where a passage says `there`."""
    # "More than 300" is no way to give "more than 303": a bound that is told is kept as it is.
    unhedged = replace(said, hedge="") if there.hedge else said
    return rounds_to(there.value, unhedged)


def _other_unit(said: Quantity, there: Quantity) -> bool:
    """Whether `there` measures something else.

    Money may stand without its currency, but a majority of 97 is no majority of 97 %.
    """
    return there.unit != said.unit and bool(there.unit or said.unit == "%")


_VAGUE = re.compile(r"\b(?:dozens|hundreds|thousands|millions|billions|trillions)\b", re.IGNORECASE)


def _vague(text: str) -> set[str]:
    return {match.group().lower() for match in _VAGUE.finditer(text)}


def check_numbers(sentence: str, passages: Sequence[str]) -> list[str]:
    """Numbers that no passage has, or that the passages have of something else."""
    evidence = [quantity for passage in passages for quantity in quantities(passage, years=True)]
    problems = []
    for said in quantities(sentence):
        same = [q for q in evidence if _gives(said, q)]
        other_of_noun = [q for q in evidence if said.noun and q.noun == said.noun and q not in same]
        if not same:
            if said.spelled and said.value <= _COUNTED_BY_READER and not other_of_noun:
                continue
            instead = f"; they say {other_of_noun[0].text}" if other_of_noun else ""
            problems.append(f"The number “{said.text}” is not in the passages{instead}.")
        elif said.unit and all(_other_unit(said, q) for q in same):
            problems.append(f"The passages have {same[0].text}, not {said.text}.")
        elif other_of_noun and all(q.noun and q.noun != said.noun for q in same):
            problems.append(
                f"The passages have {other_of_noun[0].text} and {same[0].text}, not {said.text}."
            )
    vague, vague_there = _vague(sentence), set().union(*map(_vague, passages))
    # Only where the passages have another such word: "thousands" may sum up "3,400".
    if vague - vague_there and vague_there - vague:
        said_vague, instead = sorted(vague - vague_there)[0], sorted(vague_there - vague)[0]
        problems.append(f"The passages say “{instead}”, not “{said_vague}”.")
    ordinals = {value for passage in passages for value in _ordinals(passage)}
    problems += [
        f"The passages have no “{match.group()}”."
        for match in _ORDINAL.finditer(plain(sentence))
        if int(match[1]) not in ordinals and not _MONTH_AFTER.match(plain(sentence), match.end())
    ]
    there = {minute for passage in passages for minute in clock_times(passage)}
    problems += [
        f"The time {words} is not in the passages."
        for minute, words in clock_times(sentence).items()
        if minute not in there
    ]
    return problems
