"""The vector store: one embedded Chroma collection a story, keyed by what a passage says.

A row's id is the hash of its words, so the same words in two reports are one row. The story's rows
follow the folder: what is no longer in any report is deleted. The vectors come from the story's
`VectorFile`, which lies beside the store, so nothing is embedded for Chroma that a stage before
has had embedded, in this run or an earlier one.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from fusion.chunk import text_key
from fusion.vectors import VECTORS, VectorFile, batches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion.vectors import VersionedEmbedder

QUERY_LIMIT = 5000  # Chroma's own limit of ids in one request is a little above


class Index:
    """A story's passages with their vectors, in `folder`. Use as a context manager.

    It is also the `PassageEmbedder` that stages are given. A store that cannot be opened is damaged
    beyond use, and since it holds nothing that cannot be made again, it is thrown away.
    """

    def __init__(self, folder: Path, embedder: VersionedEmbedder) -> None:
        self._folder = folder
        self._version = embedder.version
        self._vectors = VectorFile(folder.parent / VECTORS, embedder)
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
        self._vectors.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._vectors.__exit__()
        self._client.close()

    def passages(
        self, texts: Sequence[str], on_step: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """Unit vectors of `texts`, float32 of shape (len(texts), 384); new ones are stored.

        `on_step(done, total)` is called as new texts are embedded.
        """
        vectors = self._vectors.passages(texts, on_step)
        rows = {text_key(text): place for place, text in enumerate(texts)}
        new = sorted(rows.keys() - self._held(list(rows)))
        for batch in batches(new, QUERY_LIMIT):
            # Without the words: nobody reads them here, and indexing them costs a third more.
            self._rows.add(ids=batch, embeddings=vectors[[rows[key] for key in batch]])
        return vectors

    def keep_only(self, keys: Iterable[str]) -> None:
        """Delete the rows but those of `keys`, and all vectors not asked for since the opening."""
        stale = sorted(set(self._rows.get(include=[])["ids"]) - set(keys))
        for batch in batches(stale, QUERY_LIMIT):
            self._rows.delete(ids=batch)
        self._vectors.forget_unasked()

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
        name = "passages-" + self._version.replace("/", "-")
        for other in self._client.list_collections():
            if other.name != name:
                self._client.delete_collection(other.name)
        self._rows = self._client.get_or_create_collection(
            name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        self._rows.count()  # reads the files, so that damage shows here

    def _held(self, keys: list[str]) -> set[str]:
        return {
            str(key)
            for batch in batches(keys, QUERY_LIMIT)
            for key in self._rows.get(ids=batch, include=[])["ids"]
        }
