"""The vector store: one embedded Chroma collection a story, keyed by what a passage says.

A row's id is the hash of its words, so the same words in two reports, or in yesterday's run, are
embedded once. The story's rows follow the folder: what is no longer in any report is deleted.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from fusion.chunk import text_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion.embed import E5Embedder

BATCH = 64  # rows embedded and stored at a time: what a killed run can lose, under 2 s of work
QUERY_LIMIT = 5000  # Chroma's own limit of ids in one request is a little above


class Index:
    """A story's passages with their vectors, in `folder`. Use as a context manager.

    It is also the `PassageEmbedder` that stages are given: `passages` reads a vector from the
    store where it has one. A store that cannot be opened is damaged beyond use, and since it holds
    nothing that cannot be made again, it is thrown away.
    """

    def __init__(self, folder: Path, embedder: E5Embedder) -> None:
        self._folder = folder
        self._embedder = embedder
        self._client: Any = None
        self._rows: Any = None

    def __enter__(self) -> Self:
        try:
            self._open()
        except Exception:  # Chroma raises its own, sqlite's and Rust's errors here, with no base
            from chromadb.api.shared_system_client import SharedSystemClient

            # Chroma keeps what it failed to start, and would hand it out again for this path.
            SharedSystemClient._identifier_to_system.pop(str(self._folder), None)
            shutil.rmtree(self._folder, ignore_errors=True)
            self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def passages(
        self, texts: Sequence[str], on_step: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """Unit vectors of `texts`, float32 of shape (len(texts), 384); new ones are stored.

        `on_step(done, total)` is called as new texts are embedded.
        """
        keys = [text_key(text) for text in texts]
        missing = dict(zip(keys, texts, strict=True))
        for key in self._stored(list(missing)):
            del missing[key]
        self._add(missing, on_step)
        vectors = self._vectors(list(dict.fromkeys(keys)))
        if not keys:
            return np.empty((0, 0), dtype=np.float32)
        return np.stack([vectors[key] for key in keys])

    def keep_only(self, keys: Iterable[str]) -> None:
        """Delete the rows of passages that are no longer in the story."""
        stale = sorted(set(self._rows.get(include=[])["ids"]) - set(keys))
        for batch in _batches(stale, QUERY_LIMIT):
            self._rows.delete(ids=batch)

    def nearest(self, query: NDArray[np.float32], count: int) -> list[str]:
        """Keys of the `count` passages closest to the vector `query` (384,), closest first."""
        held = self._rows.count()
        if not held:
            return []
        found = self._rows.query(
            query_embeddings=query[np.newaxis, :], n_results=min(count, held), include=[]
        )
        return [str(key) for key in found["ids"][0]]

    def _open(self) -> None:
        import chromadb
        from chromadb.config import Settings

        self._folder.mkdir(parents=True, exist_ok=True)
        self._client = chromadb.PersistentClient(
            path=str(self._folder), settings=Settings(anonymized_telemetry=False)
        )
        # Vectors of another embedder, or another build of it, are not comparable: the name says
        # which ones these are, and a changed one begins an empty collection.
        name = "passages-" + self._embedder.version.replace("/", "-")
        for other in self._client.list_collections():
            if other.name != name:
                self._client.delete_collection(other.name)
        self._rows = self._client.get_or_create_collection(
            name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        self._rows.count()  # reads the files, so that damage shows here

    def _stored(self, keys: list[str]) -> list[str]:
        return [
            key
            for batch in _batches(keys, QUERY_LIMIT)
            for key in self._rows.get(ids=batch, include=[])["ids"]
        ]

    def _add(self, texts: dict[str, str], on_step: Callable[[int, int], None] | None) -> None:
        # Sorted by length, so that a batch is of equal lengths: the engine pads to the longest.
        ordered = sorted(texts, key=lambda key: len(texts[key]))
        for done, batch in enumerate(_batches(ordered, BATCH)):
            if on_step:
                on_step(done * BATCH, len(ordered))
            words = [texts[key] for key in batch]
            self._rows.upsert(ids=batch, documents=words, embeddings=self._embedder.passages(words))

    def _vectors(self, keys: list[str]) -> dict[str, NDArray[np.float32]]:
        vectors: dict[str, NDArray[np.float32]] = {}
        for batch in _batches(keys, QUERY_LIMIT):
            rows = self._rows.get(ids=batch, include=["embeddings"])
            found = np.asarray(rows["embeddings"], dtype=np.float32)
            vectors |= zip(rows["ids"], found, strict=True)
        return vectors


def _batches(items: list[str], size: int) -> Iterable[list[str]]:
    return (items[i : i + size] for i in range(0, len(items), size))
