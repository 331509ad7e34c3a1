"""The lines of a report and what can be seen of each without knowing any site."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

# Zero-width joiners shape words in these scripts (Arabic to Khmer); elsewhere they only hide text.
_JOINED = re.compile("[\u0600-\u08ff\u0900-\u0dff\u0e80-\u17ff][\u200c\u200d](?=[\u0600-\u17ff])")
_VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\ufffc]")
# An override that turns Latin letters round: what a reader sees is not what a program reads.
_OVERRIDDEN = re.compile("\u202e[^\u202c\n]*[A-Za-z][^\u202c\n]*\u202c")
_HIDDEN = frozenset(["Cc", "Cf", "Cs", "Co"])
_LINE_ENDS = frozenset("\n\t\r\v\f\x85")
_SPACE = re.compile(r"\s+")
# Scripts without spaces between words, where about two characters are a word.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)

# The longest caption or notice has some 90 words. It also bounds what a pattern can cost.
_MAX_LINE_CHARS = 1000

_CLOSERS = "\"'”’»›)\\]*"
_ENDED = re.compile(rf"[.!?…。！？｡؟۔।॥።][{_CLOSERS}」』】）]*(?:\s?\[\d+\])?$")
_OPEN = re.compile(r"(?:[:;,]|[—–]|--)[”\"’]?$")
# A full stop that may belong to the word before it: initials and the commonest short forms.
_ABBREVIATION = re.compile(r"(?:\b[A-Za-z]\.){2,}$|\b(?:Inc|Ltd|Co|Corp|Jr|Sr|St|vs|etc)\.$")
_QUOTED = re.compile(r"“[^”]*”?|\"[^\"]*\"?|«[^»]*»?|„[^“”]*[“”]?|‘[^’]*’(?!\w)")
_WORD = re.compile(r"[^\W_]+(?:[’'\-][^\W_]+)*")


def visible(text: str) -> str:
    """`text` without characters that cannot be seen: controls, zero widths, bidi overrides.

    They carry nothing a reader can read, and can hide words from a reader or from a check.
    Nor is there a reading of Latin words that an override turns round. Tabs and line ends stay.
    """
    if "\u202e" in text:
        text = _OVERRIDDEN.sub("", text)
    hidden = {
        char
        for char in set(text)
        if unicodedata.category(char) in _HIDDEN and char not in _LINE_ENDS
    }
    if hidden:
        joined = {match.start() + 1 for match in _JOINED.finditer(text)}
        text = "".join(
            char for place, char in enumerate(text) if char not in hidden or place in joined
        )
    return _VARIATION.sub("", text)


def split_lines(text: str) -> list[str]:
    """The lines that hold something visible, with every run of white space made one space."""
    lines = (_SPACE.sub(" ", line).strip() for line in visible(text).splitlines())
    return [line for line in lines if line]


@dataclass(frozen=True)
class Line:
    """One line, and lazily what its shape tells."""

    text: str

    @property
    def long(self) -> bool:
        """Whether it is too long to be anything but running text: nothing else is asked then."""
        return len(self.text) > _MAX_LINE_CHARS

    @cached_property
    def words(self) -> int:
        """Length in words; in scripts without spaces two characters count as one."""
        unspaced = 0 if self.text.isascii() else len(_UNSPACED.findall(self.text))
        return (
            len(_WORD.findall(_UNSPACED.sub(" ", self.text) if unspaced else self.text))
            + unspaced // 2
        )

    @cached_property
    def ended(self) -> bool:
        """Whether it ends as a sentence does."""
        if not _ENDED.search(self.text):
            return False
        return not (self.words <= 5 and _ABBREVIATION.search(self.text))

    @cached_property
    def prose(self) -> bool:
        """Whether it is shaped like running text: ended, or left open for what follows."""
        return self.long or self.ended or (self.words >= 5 and _OPEN.search(self.text) is not None)

    @cached_property
    def unquoted(self) -> str:
        """Its text without what stands in quotation marks."""
        return _QUOTED.sub(" ", self.text)

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """The words outside quotations, in lower case."""
        return tuple(word.lower() for word in _WORD.findall(self.unquoted))

    @cached_property
    def key(self) -> str:
        """What makes two lines the same: letters and digits only, in lower case."""
        return " ".join(_WORD.findall(self.text.casefold().replace("’", "'")))
