"""What one would write instead: one prompt, LangChain's summarise chains, LlamaIndex's citations.

All get the articles as fusion cleans them and the model file that fusion uses, so that they differ
in nothing but the way. The chains and the engine are LangChain's and LlamaIndex's own with their
own prompts, and need the extra `bench` (packages `langchain-classic`, `llama-index-core`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from fusion.errors import FusionError
from fusion.evaluate.cite import closest
from fusion.evaluate.systems import OutputSentence, Passage, SystemOutput
from fusion.llm import Message
from fusion.models import resolve
from fusion.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion.evaluate.task import Story
    from fusion.llm import LLM
    from fusion.settings import Settings
    from fusion.types import Article

CHAINS = ("stuff", "map_reduce", "refine")
WAYS = ("one-prompt", *CHAINS, "llamaindex")
ANSWER_TOKENS = 512  # at most, of each answer
CHARACTERS_A_TOKEN = 4  # of English; the chains and the engine only compare lengths
_TASK = "Write one neutral summary of this story in {sentences} sentences."
_PROMPT = f"""\
{{articles}}

{_TASK} After each sentence, cite the \
articles that it rests on by their numbers, like [1] or [2][3]. Write nothing else."""
_MARK = re.compile(r"\s*\[(?:Sources?\s+)?(\d+(?:\s*,\s*\d+)*)\]")


@dataclass(slots=True)
class WholeStory:
    """A system that reads whole articles: one of `WAYS`."""

    name: str
    settings: Settings

    @property
    def identity(self) -> Mapping[str, object]:
        """Its name, what it takes of the settings, and the model."""
        found = resolve(self.settings.model, self.settings.cache_dir)
        asked = {"sentences": self.settings.sentences, "seed": self.settings.seed}
        return {"name": self.name, **asked, "model": found.sha256}

    def reads(self, story: Story) -> object:
        """The cleaned texts: how they were made of the files does not matter."""
        return [(article.file, article.text) for article in story.sources]

    def summarize(self, story: Story) -> SystemOutput:
        """See `System.summarize`. Loading the model counts, as it does for fusion."""
        from fusion.llm import LlamaCpp

        articles, started = story.sources, perf_counter()
        llm = LlamaCpp(resolve(self.settings.model, self.settings.cache_dir).path)
        try:
            sentences = tell(self.name, articles, llm, self.settings)
        finally:
            llm.close()
        return SystemOutput(
            sentences=sentences,
            seconds=perf_counter() - started,
            prompt_tokens=llm.usage.prompt,
            generated_tokens=llm.usage.generated,
        )


def tell(
    way: str, articles: Sequence[Article], llm: LLM, settings: Settings
) -> list[OutputSentence]:
    """The summary that one of `WAYS` makes. Raises `FusionError` where its package is missing."""
    if way == "one-prompt":
        return one_prompt(articles, llm, settings)
    try:
        return (
            citation_engine(articles, llm, settings)
            if way == "llamaindex"
            else chain(way, articles, llm, settings)
        )
    except ImportError as error:
        raise FusionError(f"{way}: run pip install 'fusion-news[bench]' first.") from error


def one_prompt(articles: Sequence[Article], llm: LLM, settings: Settings) -> list[OutputSentence]:
    """All articles in one prompt that asks for "[n]" after each sentence."""
    numbered = "\n\n".join(f"[{i}] {article.text}" for i, article in enumerate(articles, start=1))
    asked = _PROMPT.format(articles=numbered, sentences=settings.sentences)
    answer = llm.generate([Message("user", asked)], max_tokens=ANSWER_TOKENS, seed=settings.seed)
    return read_marks(answer.text, [Passage(file=each.file, text=each.text) for each in articles])


def read_marks(text: str, sources: Sequence[Passage]) -> list[OutputSentence]:
    """Sentences with what their marks cite: of each source named, the closest sentences.

    The first source is [1]. A mark may stand before or after the full stop. One that names no
    source cites nothing.
    """
    found = []
    for line in re.sub(rf"([.!?])((?:{_MARK.pattern})+)", r"\2\1", text).splitlines():
        for start, end in split_sentences(line):
            words = _MARK.sub("", line[start:end]).strip()
            numbers = re.findall(r"\d+", " ".join(_MARK.findall(line[start:end])))
            cited = [sources[int(n) - 1] for n in numbers if 1 <= int(n) <= len(sources)]
            passages = [passage for source in cited for passage in _closest(words, source)]
            if words:
                found.append(OutputSentence(text=words, passages=passages))
    return found


def chain(
    kind: str, articles: Sequence[Article], llm: LLM, settings: Settings
) -> list[OutputSentence]:
    """The articles through LangChain's `load_summarize_chain`; it cites nothing."""
    from langchain_classic.chains.summarize import load_summarize_chain
    from langchain_core.documents import Document

    from fusion.langchain import FusionChatModel

    chat = FusionChatModel(
        llm=llm,
        max_tokens=ANSWER_TOKENS,
        seed=settings.seed,
        # LangChain's own counter would fetch a tokeniser.
        custom_get_token_ids=lambda text: list(range(len(text) // CHARACTERS_A_TOKEN)),
    )
    documents = [Document(article.text) for article in articles]
    said = load_summarize_chain(chat, chain_type=kind).invoke({"input_documents": documents})
    text = str(said["output_text"])
    return [OutputSentence(text=text[start:end]) for start, end in split_sentences(text)]


def citation_engine(
    articles: Sequence[Article], llm: LLM, settings: Settings
) -> list[OutputSentence]:
    """The articles through LlamaIndex's `CitationQueryEngine`, and the sources that it cites."""
    from fusion.embed import E5Embedder
    from fusion.evaluate.llamaindex import answer

    query = _TASK.format(sentences=settings.sentences)
    said, sources = answer(query, articles, llm, E5Embedder(), ANSWER_TOKENS, settings.seed)
    return read_marks(said, sources)


def _closest(sentence: str, source: Passage) -> list[Passage]:
    texts = [source.text[a:b] for a, b in split_sentences(source.text)]
    return [Passage(file=source.file, text=texts[i]) for i in closest(sentence, texts)]
