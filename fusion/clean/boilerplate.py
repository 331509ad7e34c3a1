"""Which lines of a report are not its body, and why: by shape, place and repetition.

A line that does not end as a sentence is no body line, unless it belongs to a list or the whole
text is unpunctuated; one that does is body unless its own shape (`fusion.clean.shapes`), its
neighbours or its repetition say otherwise. Where two readings are possible the line is kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion.clean.metadata import trailing_agency
from fusion.clean.shapes import (
    addressed,
    alone,
    is_address,
    of_itself,
    presents,
    tells_nothing,
    word_reason,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from fusion.clean.lines import Line

_BULLET = re.compile(r"^(?:[•*·‣◦▪\-–]|\d{1,2}[.)])\s+\S")
_MAX_TITLE_WORDS = 16  # longer lines without an end are running text that lost its full stop
_MAX_STANDFIRST_WORDS = 40  # before the body begins even a long unended line is a standfirst
_MAX_SIGNED_WORDS = 60  # a caption signed by an agency; a paragraph is longer
# Running text that lost its full stop goes on from the line before it.
_GOES_ON = re.compile(r"(?:He|She|They|It|Then|But|And)\s")
# A line that announces the list or the quotation below it.
_LEADS_IN = re.compile(
    r"\b(?:say|says|said|include|includes|included|are|were|is|was|wrote|reads?):$"
)
_SPEAKER = re.compile(r"[A-Z][\w.’' -]{1,30}:\s\S")
_MAX_ASIDE_WORDS = 4  # of a question that can only be a subheading ("A new course?")
# A question that belongs to the talk around it.
_ANSWERS = re.compile(r"(?:And|But|So|Or|Then|Yes|No)\b")
_MAX_LINK_WORDS = 25
_MAX_BETWEEN = 2
# A question that stands alone, without a speaker's label or quotation marks, and is short.
_QUESTION = re.compile(r"[^\"“„«:]+[?？]$")
_OPEN_QUESTION = re.compile(
    r"(?:and\s+|so\s+)?(?:what|why|how|who|where|when|which)\b", re.IGNORECASE
)
_MAX_QUESTION_WORDS = 9
_MAX_QUESTIONS = 3  # with more, the report is an interview and its questions belong to the text
# Kinds of furniture that come as whole boxes: a plain sentence inside one belongs to it.
_BOXES = frozenset(["newsletter", "cookie notice", "comment form", "account"])
_COMMENTS = re.compile(
    r"^(?:\d+\s+)?(?:comments?|leave a (?:reply|comment)|repl(?:y|ies))\b", re.IGNORECASE
)


def classify(
    lines: Sequence[Line], furniture: AbstractSet[str], outlet: str | None = None
) -> list[str | None]:
    """For each line None if it is body, else the reason why it is not.

    `furniture` holds the keys of lines that stand in several reports with little else in common.
    The headline, byline and date line must already be gone. `outlet` is the report's, if known.
    """
    reasons: list[str | None] = [alone(line) for line in lines]
    _repeated(lines, reasons, furniture)
    if _unpunctuated(lines, reasons):
        _cut_fragments(lines, reasons)
    else:
        _cut_by_place(lines, reasons)
        _after_comments(lines, reasons)
        _inside_boxes(lines, reasons)
        _after_link_heading(lines, reasons)
    _at_the_edges(lines, reasons, outlet)
    return reasons


def _unpunctuated(lines: Sequence[Line], reasons: Sequence[str | None]) -> bool:
    """Whether sentence ends tell nothing here: few of the longer lines have one."""
    left = [line for line, reason in zip(lines, reasons, strict=True) if reason is None]
    long = [line for line in left if line.words >= 8]
    return sum(line.prose for line in long or left) < 0.5 * len(long or left)


def _cut_fragments(lines: Sequence[Line], reasons: list[str | None]) -> None:
    """In text without sentence ends only length is left: a few words are not a sentence."""
    fewest = 6 if any(line.words >= 6 for line in lines) else 3
    for place, line in enumerate(lines):
        if reasons[place] is None and not line.prose and line.words < fewest:
            reasons[place] = word_reason(line) or "fragment"


def _cut_by_place(lines: Sequence[Line], reasons: list[str | None]) -> None:
    """Cut what is not running text, by where it stands to the running text."""
    runs = [_runs(line) for line in lines]
    interview = sum(line.text.endswith("?") for line in lines) > _MAX_QUESTIONS
    more = False
    for place in reversed(range(len(lines))):
        if runs[place] and reasons[place] is None:
            before = lines[place - 1] if place and not runs[place - 1] else None
            reasons[place] = _not_running(lines[place], before, more, interview)
            more = more or reasons[place] is None
    body = [place for place in range(len(lines)) if runs[place] and reasons[place] is None]
    first, last = (body[0], body[-1]) if body else (0, len(lines))
    in_list = False
    for place, line in enumerate(lines):
        if reasons[place] is not None:
            continue
        if runs[place]:
            in_list = line.text.endswith(":")
            continue
        in_list = in_list or _continues(place, reasons, lines)
        if in_list and place > first and not addressed(line):
            continue
        if place < first or addressed(line):
            limit, otherwise = _MAX_STANDFIRST_WORDS, "standfirst"
        elif place > last:
            limit, otherwise = 2 * _MAX_TITLE_WORDS, "after the end"
        else:
            limit, otherwise = _MAX_TITLE_WORDS, "subheading"
        if line.words <= limit and not (
            first < place < last and _sentence_like(line, lines[place + 1])
        ):
            reasons[place] = word_reason(line) or otherwise


def _sentence_like(line: Line, below: Line) -> bool:
    """Whether a line without an end reads as a sentence all the same, or goes on `below`."""
    if below.prose and below.text[0].islower():
        return True
    return line.words >= 9 and _GOES_ON.match(line.text) is not None and not is_address(line)


def _runs(line: Line) -> bool:
    """Whether it is shaped like running text, an agency's credit at its end aside."""
    if line.prose:
        return True
    if line.text.endswith(":"):
        leads = not word_reason(line) or _LEADS_IN.search(line.text) is not None
        return line.words >= 3 and leads and not addressed(line)
    return line.words >= 12 and trailing_agency(line.text) is not None


def _not_running(line: Line, before: Line | None, more: bool, interview: bool) -> str | None:
    """Why a line shaped like running text is none after all, or None.

    `before` is the line above if that is not running text; `more` says whether running text
    follows below.
    """
    if more and line.words <= _MAX_SIGNED_WORDS and trailing_agency(line.text):
        return "caption"  # signed by an agency, but not at the end of the report
    above = word_reason(before) if before else None
    if line.words <= _MAX_QUESTION_WORDS and _QUESTION.match(line.text):
        if above == "related link":
            return above
        short = line.words <= _MAX_ASIDE_WORDS and not _ANSWERS.match(line.text)
        aside = short or _OPEN_QUESTION.match(line.text)
        if aside and not interview:
            return "subheading"
    if above and not more and line.words <= _MAX_QUESTION_WORDS:
        return word_reason(line)  # a few words, a page word among them, behind furniture
    return None


def _repeated(
    lines: Sequence[Line], reasons: list[str | None], furniture: AbstractSet[str]
) -> None:
    """Lines said before in this report, and lines that other, different reports have too."""
    seen: set[str] = set()
    talk = sum(_SPEAKER.match(line.text) is not None for line in lines) > _MAX_QUESTIONS
    for place, line in enumerate(lines):
        if (
            reasons[place] is None
            and line.key in furniture
            and (not line.prose or (addressed(line) and word_reason(line)))
        ):
            reasons[place] = "in several unlike reports"
        elif (
            reasons[place] is None
            and line.key in seen
            and line.key
            and not (talk and _SPEAKER.match(line.text))  # answers may be the same
        ):
            reasons[place] = "repeated"
        seen.add(line.key)


def _continues(place: int, reasons: Sequence[str | None], lines: Sequence[Line]) -> bool:
    """Whether it is an item of a list that the kept line before it announces or belongs to."""
    if place == 0 or reasons[place - 1] is not None:
        return False
    before, text = lines[place - 1], lines[place].text
    if _BULLET.match(text):
        return before.text.endswith(":") or _BULLET.match(before.text) is not None
    return text[0].islower() and not before.ended


def _after_comments(lines: Sequence[Line], reasons: list[str | None]) -> None:
    """Readers' comments follow their heading to the end; the heading stands late in the page."""
    total = sum(line.words for line in lines)
    before = 0
    for place, line in enumerate(lines):
        if before > total / 2 and line.words <= 5 and not line.ended and _COMMENTS.match(line.text):
            for later in range(place, len(lines)):
                reasons[later] = reasons[later] or "comment"
            return
        before += line.words


def _inside_boxes(lines: Sequence[Line], reasons: list[str | None]) -> None:
    """Cut a short line that stands between two lines of such boxes: it is part of one."""
    for place in range(1, len(lines) - 1):
        around = {reasons[place - 1], reasons[place + 1]}
        if reasons[place] is None and around <= _BOXES and lines[place].words <= 25:
            reasons[place] = reasons[place - 1]


def _after_link_heading(lines: Sequence[Line], reasons: list[str | None]) -> None:
    """Cut what ends a report under a heading such as "Read more:", where all of it is short."""
    heads = [
        place
        for place, line in enumerate(lines)
        if reasons[place] == "related link" and line.text.endswith(":")
    ]
    if not heads or not any(reason is None for reason in reasons[: heads[-1]]):
        return
    below = range(heads[-1] + 1, len(lines))
    if all(
        reasons[place]
        or (lines[place].words <= _MAX_LINK_WORDS and lines[place].unquoted == lines[place].text)
        for place in below
    ):
        for place in below:
            reasons[place] = reasons[place] or "related link"


def _at_the_edges(lines: Sequence[Line], reasons: list[str | None], outlet: str | None) -> None:
    """Cut what opens or ends a report and is about itself, its outlet or its reader.

    A line or two that tell nothing are cut with what stands above them: a body does not go on
    below its disclaimers.
    """
    downwards = range(len(lines))
    for order, opens in ((downwards, True), (reversed(downwards), False)):
        between: list[int] = []
        for place in order:
            if reasons[place] is not None:
                continue
            boxed = place + 1 < len(lines) and reasons[place + 1] in _BOXES
            reason = of_itself(lines[place], opens and not boxed)
            if reason is None and not opens and outlet and presents(lines[place], outlet):
                reason = "note about the outlet"
            if reason is not None:
                for passed in (place, *between):
                    reasons[passed] = reason
                between = []
            elif opens or len(between) == _MAX_BETWEEN or not tells_nothing(lines[place]):
                break
            else:
                between.append(place)
