"""Claims that people have labelled as supported by a document or not.

Two forms, by a registry of readers. A labelled set is a JSON Lines file of
`{id, document, claim, label}`, label 1 for supported, with people's `grade` (or `consistency`)
where they gave one: QAGS, CLIFF, SummEval, SummEdits, FaithBench and AttributionBench are kept so.
A topic of SummHay is a JSON file: a claim is an insight, its document an article, and it is
supported where the article was written to carry it (see `fusion.evaluate.insights`).

Each document is cut down to the sentences closest to the claim, as a summary's sentence comes with
the few that it cites.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import sentencex
from pydantic import AliasChoices, BaseModel, Field, ValidationError

from fusion.errors import StoryError
from fusion.evaluate.cite import closest
from fusion.evaluate.insights import read_topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Warn = Callable[[str], object]

CLAIM_WORDS, PASSAGES_CHARACTERS = 60, 1800  # longer ones are summaries and tables, not sentences
PASSAGE_WORDS, PASSAGES = 60, 6


@dataclass(frozen=True, slots=True)
class Claim:
    """A labelled claim and the passages that it is judged by; `grade` is people's, if any."""

    id: str
    dataset: str
    document: str  # its hash: what the split goes by
    text: str
    supported: bool
    passages: tuple[str, ...]
    grade: float | None = None

    @property
    def first_half(self) -> bool:
        """Which half its document is in: what is fitted on one is reported on the other."""
        return int(digest("half", self.document)[:8], 16) % 2 == 0


def digest(*parts: str) -> str:
    """SHA-256 of the parts, which cannot run into each other."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class _Row(BaseModel):
    """A line of a set; other fields are its own business."""

    id: str
    document: str
    claim: str
    label: Literal[0, 1]
    grade: Annotated[float | None, Field(validation_alias=AliasChoices("grade", "consistency"))] = (
        None
    )


def sets_in(folder: Path) -> list[Path]:
    """The files of a folder that have a form known here, by name."""
    return sorted(path for path in folder.glob("*") if path.suffix in _READERS and path.is_file())


def read(path: Path, warn: Warn = warnings.warn) -> list[Claim]:
    """The claims of a set, in an order that is the same everywhere.

    `warn` is told of each damaged line, by file and line, and the rest is read. Raises `StoryError`
    where the file as a whole cannot be read.
    """
    try:
        rows = list(_READERS[path.suffix](path, warn))
    except (OSError, UnicodeDecodeError) as error:
        raise StoryError(f"{path}: cannot be read as UTF-8; look at the file.") from error
    claims, sentences = [], dict[str, list[str]]()
    for row in sorted(rows, key=lambda row: digest(row.id)):
        text = " ".join(_tidy(row.claim).split())
        if row.document not in sentences:
            split = [s.strip() for s in sentencex.segment("en", _tidy(row.document))]
            sentences[row.document] = [s for s in split if len(s.split()) > 1]
        whole = sentences[row.document]
        near = [whole[i] for i in closest(text, whole)]
        passages = tuple(" ".join(s.split()[:PASSAGE_WORDS]) for s in near[:PASSAGES])
        if not passages or len(text.split()) > CLAIM_WORDS:
            continue
        if sum(map(len, passages)) > PASSAGES_CHARACTERS:
            continue
        document = digest(row.document)
        claims.append(Claim(row.id, path.stem, document, text, row.label == 1, passages, row.grade))
    return claims


def _lines(path: Path, warn: Warn) -> Iterator[_Row]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield _Row.model_validate_json(line)
            except ValidationError as error:
                found = error.errors()[0]
                where = ".".join(map(str, found["loc"])) or "the line"
                warn(f"{path}:{number}: left out, {where}: {found['msg']}.")


def _topic(path: Path, warn: Warn) -> Iterator[_Row]:
    """The insights that each article carries, and as many of the topic that it does not."""
    del warn  # a topic is one object: it is damaged as a whole or not at all
    topic = read_topic(path)
    for article in topic.articles:
        others = sorted(
            topic.insights.keys() - article.insights - article.unclear,
            key=lambda insight: digest(article.id, insight),
        )
        carried = sorted(article.insights)
        for insight in [*carried, *others[: len(carried)]]:
            yield _Row(
                id=f"{article.id}-{insight}",
                document=article.text,
                claim=topic.insights[insight],
                label=1 if insight in article.insights else 0,
            )


_READERS: dict[str, Callable[[Path, Warn], Iterator[_Row]]] = {".jsonl": _lines, ".json": _topic}


def _tidy(text: str) -> str:
    """Undo what the sets' own tokenisation did to numbers, and drop citation marks."""
    text = re.sub(r"(\d), (\d{3})\b", r"\1,\2", text)
    text = re.sub(r"(\d)\. (\d)", r"\1.\2", text)
    text = re.sub(r"([$£€]) (\d)", r"\1\2", text)
    text = re.sub(r"(\w) - (?=\w+ - |year|old)", r"\1-", text)
    text = re.sub(r"\s*\[\d+\]", "", text).replace("**", "")
    return re.sub(r"^\s*\d+\\?\. ", "", text)
