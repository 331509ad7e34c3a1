"""Words and their stems: what sentences are read, compared and checked by.

English rules without a trained tagger. Where a rule cannot tell, it stays silent: a false alarm
costs a good sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

_SAME = str.maketrans(
    {
        "’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'",
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‟": '"',
        "–": "-", "—": "-", "‑": "-", "−": "-", "\u00a0": " ", "\u202f": " ", "\u00ad": None,
        "\u200b": None, "\ufeff": None, "…": "...",
    }
)  # fmt: skip
_DOUBLED_QUOTES = re.compile(r"''")

_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*"  # 1,200.5
    r"|(?:[^\W\d_]\.){2,}"  # U.S.
    r"|[^\W\d_]+(?:'[^\W\d_]+)*"  # word, don't, O'Brien
    r"|[^\w\s]"
)


WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"  # a pattern
MONTHS = (  # not `calendar.month_name`, which changes with the machine's locale
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def word_set(text: str) -> frozenset[str]:
    """The words of `text`, for tables that read better without quotation marks."""
    return frozenset(text.split())


STOP_WORDS = word_set(
    "a an the this that these those it its he his him she her they their them we our us i you your "
    "who whom whose which what where when there here of to in on at by for from with as into onto "
    "over under about after before during between among through against and or but nor so yet if "
    "than then while is are was were be been being am has have had having do does did doing will "
    "would can could may might shall should must not no never also too very just only more most "
    "some any all both each other such own same one s t say says said saying tell tells told "
    "according added"
)


def plain(text: str) -> str:
    """`text` with one form of quote marks, dashes and spaces, and no invisible characters."""
    return _DOUBLED_QUOTES.sub('"', text.translate(_SAME))


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark; `lower` without possessive ending and abbreviation dots."""

    text: str
    lower: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it starts with a letter."""
        return self.text[0].isalpha()

    @property
    def capitalised(self) -> bool:
        """Whether it starts with a capital letter."""
        return self.text[0].isupper()


def _lower(text: str) -> str:
    lower = text.lower().removesuffix("'s")
    return lower.replace(".", "") if lower[0].isalpha() else lower


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of `text`, in order; offsets are into `plain(text)`."""
    return tuple(
        Token(m.group(), _lower(m.group()), m.start(), m.end())
        for m in _TOKEN.finditer(plain(text))
    )


_IRREGULAR_FORMS = """
beat beaten|begin began begun|break broke broken|bring brought|build built|buy bought|catch caught
choose chose chosen|come came|deal dealt|draw drew drawn|drive drove driven|fall fell fallen
fight fought|find found|flee fled|fly flew flown|forget forgot forgotten|free freed
freeze froze frozen|get got gotten|give gave given|go went gone|grow grew grown|hear heard
hide hid hidden|hold held|keep kept|know knew known|lead led|leave left|lend lent|lose lost
make made|mean meant|meet met|pay paid|ride rode ridden|rise rose risen|run ran|see saw seen
sell sold|send sent|shake shook shaken|show showed shown|shoot shot
shrink shrank shrunk|sing sang sung|sink sank sunk|slay slew slain
speak spoke spoken|spend spent|stand stood|steal stole stolen
strike struck stricken|swear swore sworn|swim swam swum|take took taken|teach taught
tear tore torn|tell told|think thought|throw threw thrown|understand understood|wear wore worn
win won|withdraw withdrew withdrawn|write wrote written
"""
_IRREGULAR = {
    form: line.split()[0]
    for line in re.split(r"[|\n]", _IRREGULAR_FORMS.strip())
    for form in line.split()[1:]
}


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """A crude stem, the same for *accuse, accused, accuses, accusing*, *realise, realize*."""
    word = _IRREGULAR.get(word, word)
    for ending in ("ies", "ied"):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + "i"
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    word = word.removesuffix("e") if len(word) > 3 else word
    if len(word) > 5 and word.endswith("is"):
        word = word[:-1] + "z"
    return word[:-1] + "i" if len(word) > 2 and word.endswith("y") else word


def is_past(word: str) -> bool:
    """Whether a word (lower case) has the form of a past tense or a past participle."""
    return word in _IRREGULAR or (word.endswith("ed") and len(word) > 4)


def content(text: str) -> list[str]:
    """Stems of the words and the numbers that carry meaning, in order."""
    return [
        stem(token.lower)
        for token in tokens(text)
        if token.text[0].isalnum() and token.lower not in STOP_WORDS
    ]


def coverage(sentence: str, passage: str) -> float:
    """Share of the sentence's content words that the passage has, 0..1; 1 for an empty sentence."""
    words = set(content(sentence))
    return len(words & set(content(passage))) / len(words) if words else 1.0


def in_order(text: str, passage: str) -> float:
    """Share of the content words of `text` that the passage has in the same order."""
    words = content(text)
    blocks = SequenceMatcher(None, words, content(passage), autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(len(words), 1)
