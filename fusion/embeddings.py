"""Our embedder as LangChain `Embeddings`, for retrievers and chains of one's own.

Apart from `fusion.embed`, which every command imports: LangChain's core takes half a second.
"""

from __future__ import annotations

from langchain_core.embeddings import Embeddings

from fusion.embed import E5Embedder


class E5Embeddings(Embeddings):
    """`E5Embedder` by LangChain's names; the numbers are the same."""

    def __init__(self, embedder: E5Embedder | None = None) -> None:
        self._embedder = embedder or E5Embedder()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """`E5Embedder.passages`, a list of 384 numbers a text."""
        return [[float(x) for x in vector] for vector in self._embedder.passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """`E5Embedder.queries` of one text."""
        return [float(x) for x in self._embedder.queries([text])[0]]
