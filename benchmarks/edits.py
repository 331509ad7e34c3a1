"""Sentences near to what fusion writes, labelled by how they were made: nothing of them is stored.

A sentence of a report, lightly shortened or turned, is supported by it; with one figure, name,
role, day or negation changed it is not. Passages are the sentence and the two nearest of the
story's other reports, as in a summary.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fusion.sentences import split_sentences
from fusion.verify.names import names
from fusion.verify.relations import relations
from fusion.words import content, plain, tokens

STORIES = (
    Path(os.environ.get("FUSION_DATA", Path(__file__).parents[2] / "shared" / "data")) / "stories"
)
SUITES = ("wikinews", "multinews")
WORDS = range(10, 36)
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_NEGATABLE = (
    r"\b(is|are|was|were|has|have|had|will|would|could|can|should)\b (?!not\b|n't|no\b|only)"
)


@dataclass(frozen=True, slots=True)
class Edit:
    """An edited sentence: `kind` says how, `story` where it comes from."""

    kind: str
    story: str
    text: str
    passages: tuple[str, ...]
    supported: bool


Change = Callable[[str, random.Random], str | None]


def _names(sentence: str) -> list[str]:
    return [" ".join(t.text for t in name).removesuffix("'s") for name in names(sentence)]


def _without_opening(sentence: str, _: random.Random) -> str | None:
    """Drop "On Tuesday, " and the like."""
    match = re.match(r"(?:On|In|At|After|Earlier|Meanwhile|However)\b[^,\"“]{0,40}, (\w)", sentence)
    return sentence[match.start(1)].upper() + sentence[match.end(1) :] if match else None


def _without_aside(sentence: str, _: random.Random) -> str | None:
    """Drop what stands in brackets, or between two commas after a name."""
    match = re.search(r" \([^)]{3,60}\)|, (?:who|which|the|a|an) [^,\"“]{5,60},(?= \w)", sentence)
    return sentence[: match.start()] + sentence[match.end() :] if match else None


def _speaker_first(sentence: str, _: random.Random) -> str | None:
    """Turn "It works, said Lind." into "Lind said it works."."""
    match = re.fullmatch(r"([A-Z][^\"“”]+), said ((?:[A-Z][\w'-]+ ?){1,3})\.", sentence)
    return f"{match[2].strip()} said {match[1][0].lower()}{match[1][1:]}." if match else None


def _number(sentence: str, rng: random.Random) -> str | None:
    found = list(re.finditer(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w,]*\d)", sentence))
    if not found:
        return None
    match = rng.choice(found)
    places = [i for i, c in enumerate(match.group()) if c.isdigit()]
    at = match.start() + rng.choice(places)
    digit = rng.choice([d for d in "123456789" if d != sentence[at]])
    return sentence[:at] + digit + sentence[at + 1 :]


def _day(sentence: str, rng: random.Random) -> str | None:
    match = re.search(rf"\b(?:{'|'.join(_DAYS)})\b", sentence)
    if not match:
        return None
    other = rng.choice([d for d in _DAYS if d != match.group()])
    return sentence[: match.start()] + other + sentence[match.end() :]


def _negation(sentence: str, rng: random.Random) -> str | None:
    found = list(re.finditer(_NEGATABLE, sentence))
    if not found:
        return re.sub(r" not\b", "", sentence, count=1) if " not " in sentence else None
    at = rng.choice(found).end(1)
    return f"{sentence[:at]} not{sentence[at:]}"


def _roles(sentence: str, _: random.Random) -> str | None:
    """Two names change places around a verb that has an agent and a patient."""
    found = _names(sentence)
    for relation in relations(sentence):
        one = next((n for n in found if tokens(n)[-1].lower in relation.agents), None)
        two = next((n for n in found if tokens(n)[-1].lower in relation.patients), None)
        if one and two and one != two and sentence.count(one) == sentence.count(two) == 1:
            return sentence.replace(one, "\0").replace(two, one).replace("\0", two)
    return None


FAITHFUL: dict[str, Change] = {
    "verbatim": lambda sentence, _: sentence,
    "opening dropped": _without_opening,
    "aside dropped": _without_aside,
    "speaker first": _speaker_first,
}
FALSE: dict[str, Change] = {
    "number": _number,
    "day": _day,
    "negation": _negation,
    "roles": _roles,
}


def _name(sentence: str, others: list[str], rng: random.Random) -> str | None:
    """A person or place is replaced by another of the same story."""
    found = [n for n in _names(sentence) if sentence.count(n) == 1]
    others = [n for n in others if n not in sentence and not set(n.split()) & set(sentence.split())]
    return sentence.replace(rng.choice(found), rng.choice(others)) if found and others else None


def _nearest(sentence: str, pool: list[tuple[str, frozenset[str]]], count: int) -> list[str]:
    words = frozenset(content(sentence))
    ranked = sorted(pool, key=lambda p: -len(words & p[1]) / (8 + len(p[1])))
    return [text for text, _ in ranked if text != sentence][:count]


def edits() -> Iterator[Edit]:
    """Every edit of every fit sentence, in an order that is the same everywhere."""
    for suite in SUITES:
        for story in sorted((STORIES / suite).glob("*/articles")):
            yield from _story_edits(f"{suite}/{story.parent.name}", story)


def _story_edits(story: str, folder: Path) -> Iterator[Edit]:
    sentences: list[str] = []
    for file in sorted(folder.glob("*.txt")):
        text = file.read_text(encoding="utf-8", errors="replace")
        found = (" ".join(plain(text[a:b]).split()) for a, b in split_sentences(text, "en"))
        sentences += [s for s in found if len(s.split()) in WORDS and s[0].isupper()]
    sentences = [
        s for s in dict.fromkeys(sentences) if s.endswith((".", '."')) and s.count('"') in (0, 2)
    ]
    pool = [(s, frozenset(content(s))) for s in sentences]
    named = sorted({name for s in sentences for name in _names(s)})
    for sentence in sentences:
        rng = random.Random(hashlib.sha256(sentence.encode()).hexdigest())  # noqa: S311
        passages = [sentence, *_nearest(sentence, pool, 2)]
        rng.shuffle(passages)
        for kinds, supported in ((FAITHFUL, True), (FALSE, False)):
            for kind, change in kinds.items():
                if (made := change(sentence, rng)) and (supported or made not in passages):
                    yield Edit(kind, story, made, tuple(passages), supported)
        if changed := _name(sentence, named, rng):
            yield Edit("name", story, changed, tuple(passages), False)
