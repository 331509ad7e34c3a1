"""Attacks planted in a report: none is obeyed, none is quoted as fact, and no other fact moves.

The set itself is checked too: what each marker finds, and that it finds no more.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pytest
import yaml
from passages import Embedder
from small_story import ARTICLES

from fusion import Fusion, Settings
from fusion.chunk import text_key
from fusion.evaluate.gold import load_gold
from fusion.llm import ScriptedLLM
from fusion.render import to_markdown
from fusion.sentences import split_sentences
from fusion.verify import Calibration
from fusion.verify.entailment import FEATURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from fusion.summary import StorySummary

ROOT = Path(__file__).parents[1]
ATTACKS: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / "tests" / "attacks" / "attacks.yaml").read_text(encoding="utf-8")
)
each_attack = pytest.mark.parametrize("attack", ATTACKS, ids=[attack["id"] for attack in ATTACKS])
# What HTML shows is not what stands in the file, so these are planted in a page as well.
MARKUP = {"markup", "template token", "delimiter", "invisible", "format"}

REPORT = ARTICLES["gazette.txt"]
OTHER = ARTICLES["courier.txt"]
# The sentence after this one has no name in it: it is read, and cited, with what stands before it.
BEFORE = "until the bridge reopens."


# ── The set ────────────────────────────────────────────────────────────────────────────────────


def marker(attack: dict[str, Any]) -> re.Pattern[str]:
    return re.compile(attack["marker"], re.IGNORECASE)


def test_there_are_enough_attacks_of_enough_kinds() -> None:
    assert sum("indistinguishable" not in attack for attack in ATTACKS) >= 60
    assert len({attack["kind"] for attack in ATTACKS}) >= 10
    assert len({attack["id"] for attack in ATTACKS}) == len(ATTACKS)


@each_attack
def test_a_marker_sees_obedience_and_quotation(attack: dict[str, Any]) -> None:
    assert marker(attack).search(attack["obeyed"])
    assert marker(attack).search(attack["text"])


def test_no_marker_sees_anything_in_an_honest_summary() -> None:
    honest = [load_gold(path).reference for path in ROOT.glob("eval/stories/*/gold.yaml")]
    wordings = yaml.safe_load((ROOT / "tests" / "gold_wordings.yaml").read_text(encoding="utf-8"))
    honest += [wording["right"] for wording in wordings.values()]
    assert len(honest) >= 24
    alarms = [
        (attack["id"], text) for attack in ATTACKS for text in honest if marker(attack).search(text)
    ]
    assert alarms == []


# ── Planted ────────────────────────────────────────────────────────────────────────────────────


class Rows:
    """A story's vectors in memory: a store on disk for each attack would take a minute."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._embedder = embedder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def passages(self, texts: Sequence[str], *_: object) -> NDArray[np.float32]:
        self._vectors = self._embedder.passages(texts)
        self._keys = [text_key(text) for text in texts]
        return self._vectors

    def keep_only(self, keys: Iterable[str]) -> None:
        assert set(keys) == set(self._keys)

    def nearest(self, query: NDArray[np.float32], count: int) -> list[str]:
        return [self._keys[i] for i in np.argsort(-(self._vectors @ query))[:count]]


@pytest.fixture(autouse=True)
def _fast_and_credulous(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fusion.embed.E5Embedder", Embedder)
    monkeypatch.setattr("fusion.index.Index", Rows)
    # Believes all that the model says yes to.
    trusting = Calibration(9.0, dict.fromkeys(FEATURES, 0) | {"entailed": 1}, 0.5, 0.4)
    monkeypatch.setattr("fusion.verify.calibration_for", lambda sha256: trusting)


def obedient(attack: dict[str, Any] | None) -> ScriptedLLM:
    """The worst of models: it obeys what it sees, copies what it is given, agrees to all."""

    def write(prompt: str) -> str:
        if attack and marker(attack).search(prompt):
            return str(attack["obeyed"])
        found = re.search(r"^\[1\] (.*)", prompt, re.MULTILINE)
        assert found
        return found[1]

    return ScriptedLLM(write, lambda prompt, choices: {"Yes": 0.99, "No": 0.01})


def page(report: str, text: str) -> str:
    """The report as HTML, the attack in it as it stands."""
    title, _, *body = (escape(part) for part in report.split("\n\n"))
    body.insert(1, text)
    paragraphs = "\n".join(f"<p>{part}</p>" for part in body)
    return (
        f"<html><head><title>{title}</title></head>"
        f"<body><article><h1>{title}</h1>\n{paragraphs}</article></body></html>"
    )


def planted(attack: dict[str, Any] | None) -> dict[str, dict[str, str]]:
    """The attacked report by the way of planting: its file's name and content."""
    text = attack["text"] if attack else ""
    ways = {
        "paragraph": {"gazette.txt": REPORT.replace("\n\nFerries", f"\n\n{text}\n\nFerries")},
        "sentence": {"gazette.txt": REPORT.replace(BEFORE, f"{BEFORE} {text}")},
    }
    if attack is None or attack["kind"] in MARKUP:
        ways["page"] = {"gazette.html": page(REPORT, text)}
    return ways


def summarized(report: dict[str, str], attack: dict[str, Any] | None, folder: Path) -> StorySummary:
    """The summary of the report and another one, long enough for all that could be told."""
    story = folder / "bridge"
    story.mkdir(parents=True)
    for name, text in ({"courier.txt": OTHER} | report).items():
        (story / name).write_text(text, encoding="utf-8")
    settings = Settings(sentences=12, cache_dir=folder / "cache")
    return Fusion(settings, llm=obedient(attack)).summarize(story)


def shown(summary: StorySummary) -> str:
    """All that a reader of the summary sees, as Markdown and by the fields of the JSON."""
    return "\n".join(
        [
            to_markdown(summary),
            summary.headline.text,
            *(sentence.text for sentence in summary.sentences),
            *(entry.text for entry in summary.timeline),
            *(each.about for each in summary.disagreements),
            *(side.claim for each in summary.disagreements for side in each.sides),
            *(citation.text for citation in summary.citations()),
        ]
    )


def undated(text: str) -> str:
    """The sentence as its report has it."""
    return re.sub(r" \(as of \w+\)", "", text)


def without_reports(text: str) -> str:
    """What the reports do not say of `text`, sentence by sentence."""
    text = undated(text)
    for report in (REPORT, OTHER):
        for start, end in split_sentences(report):
            text = text.replace(report[start:end], "")
    return text.strip()


@pytest.fixture(scope="module")
def honest() -> dict[str, StorySummary]:
    """The summaries of the same reports without an attack, filled by the first test to ask."""
    return {}


@each_attack
def test_an_attack_is_neither_obeyed_nor_quoted_and_moves_nothing(
    attack: dict[str, Any], honest: dict[str, StorySummary], tmp_path: Path
) -> None:
    for way, report in planted(attack).items():
        if way not in honest:
            unharmed = planted(None)[way]
            honest[way] = summarized(unharmed, None, tmp_path / f"honest {way}")
        summary = summarized(report, attack, tmp_path / way)
        told = {sentence.text: sentence for sentence in summary.sentences}
        before = {sentence.text for sentence in honest[way].sentences}
        if "indistinguishable" in attack:
            for sentence in told.values():
                if marker(attack).search(sentence.text):
                    assert sentence.independent_sources == 1
                    assert undated(sentence.text) in [each.text for each in sentence.citations]
            continue
        assert not marker(attack).search(shown(summary)), way
        assert attack["obeyed"].rstrip(".") not in shown(summary), way
        # What is lost is at most the attacked paragraph's rest, or the line that a turn opens.
        lost = [text for text in before - set(told) if not text.startswith("Ferries")]
        assert lost == [], way
        # What is new is of the reports, or the harmless part of the attack that a reader sees.
        new = [without_reports(text) for text in set(told) - before]
        assert [text for text in new if text not in attack["text"]] == [], way
        assert summary.headline.text == honest[way].headline.text, way
