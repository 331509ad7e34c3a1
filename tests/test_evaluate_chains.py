from __future__ import annotations

import pytest

from fusion.evaluate.chains import CHAINS, chain, one_prompt, read_marks
from fusion.evaluate.systems import system_from
from fusion.llm import ScriptedLLM
from fusion.settings import Settings
from fusion.types import Article, Metadata

ARTICLES = [
    Article("a", "a.txt", "The mill of Orle burned on Monday.", Metadata()),
    Article("b", "b.txt", "Four people were hurt. The mayor spoke.", Metadata()),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It burned [1]. Four hurt. [2]", [("It burned.", {"a.txt"}), ("Four hurt.", {"b.txt"})]),
        ("It burned [1][2].", [("It burned.", {"a.txt", "b.txt"})]),
        ("It burned.[1, 2] So?", [("It burned.", {"a.txt", "b.txt"}), ("So?", set())]),
        ("It burned [7].\n\nNobody died [0].", [("It burned.", set()), ("Nobody died.", set())]),
    ],
)  # fmt: skip
def test_marks_are_read_wherever_they_stand(
    text: str, expected: list[tuple[str, set[str]]]
) -> None:
    found = [
        (each.text, {passage.file for passage in each.passages or []})
        for each in read_marks(text, ARTICLES)
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
