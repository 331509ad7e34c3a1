"""Words, stems and clauses: what the checks read sentences with.

English rules without a trained tagger. Where a rule cannot tell, it stays silent: a false alarm
costs a good sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
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


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """A crude stem, the same for *accuse, accused, accuses, accusing*; lower case."""
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
    return word[:-1] + "i" if len(word) > 2 and word.endswith("y") else word


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
