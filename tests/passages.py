"""Fictional sources, passages and vectors, for tests of the stages between chunk and render."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from fusion.chunk import text_key
from fusion.embed import DIMENSIONS
from fusion.probe import parameters
from fusion.types import Article, Chunk, Fact, Material, Metadata, Role, Source
from fusion.words import content

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray


def source(
    name: str,
    *sentences: str,
    group: str | None = None,
    role: Role = Role.INDEPENDENT,
    published: str | None = None,
    outlet: str | None = None,
) -> Source:
    """A report whose text is `sentences`, each a passage; `published` is ISO 8601."""
    when = datetime.fromisoformat(published) if published else None
    metadata = Metadata(outlet=outlet, published=when, language="en")
    return Source(Article(name, f"{name}.txt", " ".join(sentences), metadata), group or name, role)


def passages(*reports: Source) -> list[Chunk]:
    """The sentences of `reports`, cut at full stops."""
    found: list[Chunk] = []
    for report in reports:
        start = 0
        for position, text in enumerate(_sentences(report.article.text)):
            found.append(
                Chunk(
                    source=report.article.id,
                    start=start,
                    end=start + len(text),
                    text=text,
                    key=text_key(text),
                    position=position,
                    voice=report.group,
                )
            )
            start += len(text) + 1
    return found


def vectors(texts: Iterable[str]) -> NDArray[np.float32]:
    """Unit vectors in which texts that share words are near: each word is a fixed direction."""
    rows = [np.sum([_direction(word) for word in content(text) or ["-"]], axis=0) for text in texts]
    return np.stack([row / np.linalg.norm(row) for row in rows]).astype(np.float32)


def material(*reports: Source) -> Material:
    """What a plan of `reports` is made from."""
    chunks = passages(*reports)
    rows = vectors(chunk.text for chunk in chunks)
    return Material(chunks, rows, {report.article.id: report for report in reports})


def fact(*told: Chunk, background: bool = False) -> Fact:
    """A fact that `told` tell."""
    voices = tuple(dict.fromkeys(passage.voice for passage in told))
    return Fact(told[0].id, told, voices, background=background)


class Embedder:
    """`vectors`, where an index asks for an embedder."""

    version = "words/1"

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return vectors(texts)


def _sentences(text: str) -> list[str]:
    return [part if part.endswith(".") else f"{part}." for part in text.split(". ")]


@cache
def _direction(word: str) -> NDArray[np.float64]:
    """A fixed direction of the word's own, across those of the probes: words are no scenes."""
    found = np.random.default_rng(list(word.encode())).normal(size=DIMENSIONS)
    probes = [parameters(name)["beta"][-DIMENSIONS:] for name in ("colour", "dependence")]
    across, _ = np.linalg.qr(np.array(probes).T)
    return np.asarray(found - across @ (across.T @ found))
