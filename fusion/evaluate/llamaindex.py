"""LlamaIndex's citation query engine, with fusion's model file and embedder.

The engine is LlamaIndex's own with its own prompts and sizes: nodes of 1,024 tokens to find, cut
into sources of 512 to cite. It is given as many nodes as there are reports, for its default of two
would hide most of a story. It needs the extra `bench` (package `llama-index-core`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llama_index.core import Document, VectorStoreIndex, set_global_tokenizer
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.constants import DEFAULT_CHUNK_SIZE
from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.node_parser.text.sentence import SENTENCE_CHUNK_OVERLAP
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.core.query_engine.citation_query_engine import (
    DEFAULT_CITATION_CHUNK_OVERLAP,
    DEFAULT_CITATION_CHUNK_SIZE,
)
from pydantic import SkipValidation  # noqa: TC002 - pydantic reads it at run time

from fusion.embed import E5Embedder  # noqa: TC001 - likewise
from fusion.evaluate.chains import CHARACTERS_A_TOKEN
from fusion.evaluate.systems import Passage
from fusion.llm import LLM, Message
from fusion.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from llama_index.core.base.llms.types import CompletionResponseGen

    from fusion.types import Article

CONTEXT_TOKENS = 8192  # into which the engine packs the sources before it begins to refine


def answer(
    query: str,
    articles: Sequence[Article],
    llm: LLM,
    embedder: E5Embedder,
    max_tokens: int,
    seed: int,
) -> tuple[str, list[Passage]]:
    """The engine's answer, and the numbered sources that its marks name, the first being [1]."""
    set_global_tokenizer(_tokens)  # before any splitter is made: the default may be fetched
    index = VectorStoreIndex.from_documents(
        [Document(text=article.text, id_=article.file) for article in articles],
        embed_model=_Embedding(embedder=embedder),
        transformations=[_splitter(DEFAULT_CHUNK_SIZE, SENTENCE_CHUNK_OVERLAP)],
    )
    engine = CitationQueryEngine.from_args(
        index,
        llm=_Model(llm=llm, max_tokens=max_tokens, seed=seed),
        text_splitter=_splitter(DEFAULT_CITATION_CHUNK_SIZE, DEFAULT_CITATION_CHUNK_OVERLAP),
        similarity_top_k=len(articles),
    )
    said = engine.query(query)
    sources = [
        Passage(file=str(found.node.ref_doc_id), text=found.node.get_content().split("\n", 1)[1])
        for found in said.source_nodes
    ]
    return str(said), sources


class _Model(CustomLLM):
    """An `LLM` of fusion's as one of LlamaIndex's."""

    llm: SkipValidation[LLM]  # a protocol is nothing that pydantic could check
    max_tokens: int
    seed: int

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(context_window=CONTEXT_TOKENS, num_output=self.max_tokens)

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:  # noqa: ARG002 - LlamaIndex's
        said = self.llm.generate(
            [Message("user", prompt)], max_tokens=self.max_tokens, seed=self.seed
        )
        return CompletionResponse(text=said.text)

    @llm_completion_callback()
    def stream_complete(
        self, prompt: str, formatted: bool = False, **_: Any
    ) -> CompletionResponseGen:
        raise NotImplementedError("the engine is not asked to stream")


class _Embedding(BaseEmbedding):
    """Fusion's embedder as one of LlamaIndex's."""

    embedder: SkipValidation[E5Embedder]

    def _get_text_embedding(self, text: str) -> list[float]:
        return [float(x) for x in self.embedder.passages([text])[0]]

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(x) for x in self.embedder.queries([query])[0]]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def _splitter(size: int, overlap: int) -> SentenceSplitter:
    """LlamaIndex's splitter with our sentences: its own are NLTK's, whose data it may fetch."""
    return SentenceSplitter(
        chunk_size=size, chunk_overlap=overlap, chunking_tokenizer_fn=_sentences
    )


def _sentences(text: str) -> list[str]:
    """The text in sentences, nothing lost."""
    starts = [start for start, _ in split_sentences(text)][1:]
    return [text[a:b] for a, b in zip([0, *starts], [*starts, len(text)], strict=True)]


def _tokens(text: str) -> list[int]:
    return list(range(len(text) // CHARACTERS_A_TOKEN))
