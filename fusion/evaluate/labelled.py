"""Sentences that people have labelled as supported by a document or not.

A set is a JSON Lines file of `{id, document, claim, label}`, label 1 for supported. Each document
is cut down to the sentences closest to the claim, as a summary's sentence comes with the few that
it cites.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sentencex

from fusion.evaluate.cite import closest

if TYPE_CHECKING:
    from pathlib import Path

CLAIM_WORDS, PASSAGES_CHARACTERS = 60, 1800  # longer ones are summaries and tables, not sentences
PASSAGE_WORDS, PASSAGES = 60, 6


@dataclass(frozen=True, slots=True)
class Claim:
    """A labelled claim and the passages that it is judged by."""

    id: str
    dataset: str
    document: str  # its hash: what the split goes by
    text: str
    supported: bool
    passages: tuple[str, ...]

    @property
    def first_half(self) -> bool:
        """Which half its document is in: what is fitted on one is reported on the other."""
        return int(digest("half", self.document)[:8], 16) % 2 == 0


def digest(*parts: str) -> str:
    """SHA-256 of the parts, which cannot run into each other."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _tidy(text: str) -> str:
    """Undo what the sets' own tokenisation did to numbers, and drop citation marks."""
    text = re.sub(r"(\d), (\d{3})\b", r"\1,\2", text)
    text = re.sub(r"(\d)\. (\d)", r"\1.\2", text)
    text = re.sub(r"([$£€]) (\d)", r"\1\2", text)
    text = re.sub(r"(\w) - (?=\w+ - |year|old)", r"\1-", text)
    text = re.sub(r"\s*\[\d+\]", "", text).replace("**", "")
    return re.sub(r"^\s*\d+\\?\. ", "", text)


def read(path: Path) -> list[Claim]:
    """The claims of a set, in an order that is the same everywhere."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    claims = []
    for row in sorted(rows, key=lambda row: digest(row["id"])):
        text = " ".join(_tidy(row["claim"]).split())
        sentences = [s.strip() for s in sentencex.segment("en", _tidy(row["document"]))]
        whole = [s for s in sentences if len(s.split()) > 1]
        near = [whole[i] for i in closest(text, whole)]
        passages = tuple(" ".join(s.split()[:PASSAGE_WORDS]) for s in near[:PASSAGES])
        if not passages or len(text.split()) > CLAIM_WORDS:
            continue
        if sum(map(len, passages)) > PASSAGES_CHARACTERS:
            continue
        document = digest(row["document"])
        claims.append(Claim(row["id"], path.stem, document, text, row["label"] == 1, passages))
    return claims
