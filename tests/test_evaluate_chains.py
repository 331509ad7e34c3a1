from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fusion.embed import E5Embedder
from fusion.errors import FusionError
from fusion.evaluate.chains import CHAINS, WholeStory, chain, one_prompt, read_marks, tell
from fusion.evaluate.systems import Passage, system_from
from fusion.evaluate.task import load_story
from fusion.llm import ScriptedLLM
from fusion.settings import Settings
from fusion.types import Article, Metadata

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import ModuleType

    from numpy.typing import NDArray

ARTICLES = [
    Article("a", "a.txt", "The mill of Orle burned on Monday.", Metadata()),
    Article("b", "b.txt", "Four people were hurt. The mayor spoke.", Metadata()),
]
SOURCES = [Passage(file=each.file, text=each.text) for each in ARTICLES]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It burned [1]. Four hurt. [2]", [("It burned.", {"a.txt"}), ("Four hurt.", {"b.txt"})]),
        ("It burned [1][2].", [("It burned.", {"a.txt", "b.txt"})]),
        ("It burned.[1, 2] So?", [("It burned.", {"a.txt", "b.txt"}), ("So?", set())]),
        ("It burned [7].\n\nNobody died [0].", [("It burned.", set()), ("Nobody died.", set())]),
        ("It burned [Source 1]. So?", [("It burned.", {"a.txt"}), ("So?", set())]),
    ],
)  # fmt: skip
def test_marks_are_read_wherever_they_stand(
    text: str, expected: list[tuple[str, set[str]]]
) -> None:
    found = [
        (each.text, {passage.file for passage in each.passages or []})
        for each in read_marks(text, SOURCES)
    ]
    assert found == expected


def test_one_prompt_has_every_article_and_its_number() -> None:
    llm = ScriptedLLM(write=lambda prompt: "It burned [1].")
    (told,) = one_prompt(ARTICLES, llm, Settings(sentences=3))
    asked = llm.calls[0][0].content
    assert "[2] Four people were hurt." in asked
    assert "in 3 sentences" in asked
    assert [passage.text for passage in told.passages or []] == [ARTICLES[0].text]


@pytest.mark.parametrize("kind", CHAINS)
def test_a_chain_reads_every_article_and_cites_nothing(kind: str) -> None:
    pytest.importorskip("langchain_classic", reason="the extra bench is not installed")
    llm = ScriptedLLM(write=lambda prompt: "The mill burned. Four were hurt.")
    told = chain(kind, ARTICLES, llm, Settings())
    assert [(each.text, each.passages) for each in told] == [
        ("The mill burned.", None),
        ("Four were hurt.", None),
    ]
    read = " ".join(message.content for call in llm.calls for message in call)
    assert all(article.text in read for article in ARTICLES)
    assert system_from(kind, Settings()).name == kind


class Letters(E5Embedder):
    """An embedder whose vectors are counts of letters."""

    def _encode(self, texts: Sequence[str], *, is_query: bool) -> NDArray[np.float32]:
        return np.array([[t.lower().count(c) for c in "abcdefgh"] for t in texts], np.float32)


@pytest.fixture
def engine() -> ModuleType:
    pytest.importorskip("llama_index.core", reason="the extra bench is not installed")
    return importlib.import_module("fusion.evaluate.llamaindex")


def test_the_citation_engine_reads_every_report_and_its_marks_are_its_sources(
    engine: ModuleType,
) -> None:
    llm = ScriptedLLM(write=lambda prompt: "The mill burned [1]. Four were hurt [2].")
    said, sources = engine.answer("Tell it.", ARTICLES, llm, Letters(), 64, 0)
    assert said == "The mill burned [1]. Four were hurt [2]."
    assert sorted((each.file, each.text.strip()) for each in sources) == [
        (each.file, each.text) for each in ARTICLES
    ]
    (call,) = llm.calls
    for number, source in enumerate(sources, start=1):
        assert f"Source {number}:\n{source.text}" in call[0].content
    assert "Query: Tell it." in call[0].content


def test_a_long_report_is_cut_into_sources_at_sentences(engine: ModuleType) -> None:
    # All nodes are equally near to the question, so each is long enough to be cut.
    told = " ".join(f"Mill number {n} of Orle burned on Monday." for n in range(230))
    llm = ScriptedLLM(write=lambda prompt: "It burned [1].")
    long = Article("l", "l.txt", told, Metadata())
    _, sources = engine.answer("Tell it.", [long], llm, Letters(), 64, 0)
    assert len(sources) > 1
    assert {source.text.strip()[-7:] for source in sources} == {"Monday."}
    assert all(source.file == "l.txt" for source in sources)


def test_llamaindex_is_told_the_task_and_its_sentences_cite(
    engine: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fusion.embed.E5Embedder", Letters)
    llm = ScriptedLLM(write=lambda prompt: "Nobody said more [1][2]. It burned.")
    cited, bare = tell("llamaindex", ARTICLES, llm, Settings(sentences=3))
    assert {passage.file for passage in cited.passages or []} == {"a.txt", "b.txt"}
    assert bare.passages == []
    assert "in 3 sentences" in llm.calls[0][0].content


@pytest.mark.parametrize("way", ["stuff", "llamaindex"])
def test_a_package_that_is_missing_is_named(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("langchain_classic.chains.summarize", "fusion.evaluate.llamaindex"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(FusionError, match=rf"{way}: run pip install 'fusion-news\[bench\]'"):
        tell(way, ARTICLES, ScriptedLLM(), Settings())


def test_what_reads_cleaned_text_is_kept_by_it(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    report = "<html><body><nav>Menu</nav><article><p>The old mill of Orle burned to its walls on "
    report += "Monday morning, and four people were hurt by smoke.</p></article>{}</body></html>"
    page = tmp_path / "articles" / "a.html"
    way = WholeStory("one-prompt", Settings())
    page.write_text(report.format(""))
    before = way.reads(load_story(tmp_path))
    page.write_text(report.format("<!-- served by w3 -->"))
    assert way.reads(load_story(tmp_path)) == before
    page.write_text(report.format("").replace("four", "five"))
    assert way.reads(load_story(tmp_path)) != before
