"""Quotations: where they stand, and which wording of each is the genuine one."""

from __future__ import annotations

import re

Span = tuple[int, int]

MAX_QUOTE = 1500  # code points; a quotation mark without its partner does not swallow a report

# An opening mark stands at a word's start, a closing one at a word's end. Single marks are quotes
# only then, and only when closed on the line, so that apostrophes ("Gallo's", "'90s") are none.
_QUOTE = re.compile(
    r"[“„](?P<curly>[^“”„\n]{1,1500})[”“]"
    r"|«\s?(?P<angle>[^«»\n]{1,1500}?)\s?»"
    r'|(?<![\w"])"(?P<plain>[^"\n]{1,1500})"'
    r"|(?<!\w)‘(?P<single>[^‘\n]{1,1500}?)’(?!\w)"
    r"|(?<![\w'])'(?P<mark>[^'\n\s](?:[^'\n]|(?<=\w)'(?=\w)){0,1500}?)'(?!\w)"
)


def find_quotes(text: str) -> list[Span]:
    """Spans of the words between quotation marks, without the marks, in order."""
    return [match.span(match.lastgroup or 0) for match in _QUOTE.finditer(text)]
