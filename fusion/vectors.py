"""Vectors that outlive a run: one SQLite file a story, so that no text is embedded twice.

Embedding is what reading a story costs, and both `fusion sources` and `fusion summarize` need it.
The file opens in a millisecond, where Chroma takes over a second; Chroma holds the passages that
can be cited, and finds them; this holds the vectors of all that any stage asked for.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np

from fusion.chunk import text_key
from fusion.embed import DIMENSIONS, PassageEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

VECTORS = "vectors.sqlite3"  # its name in the story's folder of the cache
BATCH = 64  # texts embedded and stored at a time: what a killed run can lose, a few seconds of work
_LOOKUP = 5000  # keys in one query; SQLite takes 32,766
_BUSY_S = 5.0  # how long a write waits for another process's


class VersionedEmbedder(PassageEmbedder, Protocol):
    """An embedder whose `version` changes whenever its vectors do."""

    @property
    def version(self) -> str:
        """Names the model and the build that runs it."""
        ...


class VectorFile:
    """A `PassageEmbedder` that asks `embedder` only for what is not in the file `path` yet.

    Texts are equal by `text_key`. Vectors of another version of the embedder are thrown away. The
    file is a cache: if it is damaged it is begun anew, and where it cannot be written the vectors
    live as long as this object. Use as a context manager.
    """

    def __init__(self, path: Path, embedder: VersionedEmbedder) -> None:
        self._path = path
        self._embedder = embedder
        self._asked: set[str] = set()

    def __enter__(self) -> Self:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._rows = self._open(str(self._path))
        except (OSError, sqlite3.OperationalError):  # no such place, or it is not ours to write
            self._rows = self._open(":memory:")
        except sqlite3.DatabaseError:
            self._path.unlink()
            self._rows = self._open(str(self._path))
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.close()

    def passages(
        self, texts: Sequence[str], on_step: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """Unit vectors of `texts`, float32 of shape (len(texts), 384).

        `on_step(done, total)` is called as new texts are embedded.
        """
        if not texts:
            return np.empty((0, DIMENSIONS), dtype=np.float32)
        keys = [text_key(text) for text in texts]
        self._asked.update(keys)
        vectors = self._stored(list(dict.fromkeys(keys)))
        missing = {k: text for k, text in zip(keys, texts, strict=True) if k not in vectors}
        for done, batch in enumerate(batches(list(missing), BATCH)):
            if on_step:
                on_step(done * BATCH, len(missing))
            new = self._embedder.passages([missing[key] for key in batch])
            vectors |= zip(batch, new, strict=True)
            self._store({key: vectors[key] for key in batch})
        return np.stack([vectors[key] for key in keys])

    def forget_unasked(self) -> None:
        """Delete the vectors of texts that nobody has asked for since the file was opened."""
        held = {str(key) for (key,) in self._rows.execute("SELECT key FROM vectors")}
        with suppress(sqlite3.OperationalError), self._rows:  # busy or full: a later run does it
            self._rows.executemany(
                "DELETE FROM vectors WHERE key = ?", [(key,) for key in held - self._asked]
            )

    def _open(self, place: str) -> sqlite3.Connection:
        rows = sqlite3.connect(place, timeout=_BUSY_S)
        try:
            with rows:
                rows.execute(
                    "CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, version TEXT, "
                    "vector BLOB)"
                )
                rows.execute("DELETE FROM vectors WHERE version != ?", (self._embedder.version,))
        except sqlite3.Error:
            rows.close()
            raise
        return rows

    def _stored(self, keys: list[str]) -> dict[str, NDArray[np.float32]]:
        found: dict[str, NDArray[np.float32]] = {}
        for batch in batches(keys, _LOOKUP):
            marks = ",".join("?" * len(batch))
            query = f"SELECT key, vector FROM vectors WHERE key IN ({marks})"  # noqa: S608 - question marks only
            for key, blob in self._rows.execute(query, batch):
                found[key] = np.frombuffer(blob, dtype="<f4").astype(np.float32)
        return found

    def _store(self, vectors: dict[str, NDArray[np.float32]]) -> None:
        version = self._embedder.version
        rows = [(key, version, vector.astype("<f4").tobytes()) for key, vector in vectors.items()]
        # What a full disk or a busy writer keeps out of the file is embedded again another time.
        with suppress(sqlite3.OperationalError), self._rows:
            self._rows.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)


def batches(items: list[str], size: int) -> Iterable[list[str]]:
    """`items` in lists of `size`, the last one shorter."""
    return (items[i : i + size] for i in range(0, len(items), size))
