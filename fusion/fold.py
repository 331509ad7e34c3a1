"""Words as they are compared: without what differs between two prints of one word."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W_]+(?:['’.,:-][^\W_]+)*")

# The spellings of one word in British and American English. What these rules do to other words
# ("flour" becomes "flor") does no harm: both sides of every comparison are folded alike.
_SPELLINGS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"is(e[ds]?|ing|ers?|ations?)$", r"iz\1"),
        (r"ys(e[ds]?|ing|ers?)$", r"yz\1"),
        (r"^(.{3,})our(s|ed|ing|ite|ites|able)?$", r"\1or\2"),
        (r"([^aeiou])re(s|d)?$", r"\1er\2"),
        (r"ence(s|less)?$", r"ense\1"),
        (r"ll(ed|ing|ers?)$", r"l\1"),
        (r"ogue(s?)$", r"og\1"),
        (r"mme(s?)$", r"m\1"),
        (r"ae", "e"),
    )
)


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """A word without case, accents, possessive and national spelling."""
    plain = unicodedata.normalize("NFKD", word.casefold()).replace("’", "'")
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = plain.removesuffix("'s").replace("'", "")
    for pattern, replacement in _SPELLINGS:
        plain = pattern.sub(replacement, plain)
    return plain
