"""A story that grows: reports come, change and go, and a new run does only what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from passages import Embedder
from small_story import ARTICLES, write_story

from fusion.chunk import text_key
from fusion.index import Index
from fusion.llm import ScriptedLLM
from fusion.pipeline import Fusion
from fusion.settings import Settings
from fusion.sources import survey

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

LATE = """Bridge to open a week early

Ostwick Gazette
20 May 2031, 16:00

The Ostwick swing bridge will open a week early, harbour engineer Mara Quill said on Tuesday. \
Both pillars have been bolted and tested under load.
"""
ADDED = "The council will vote on an inquiry into the minutes on Friday."

asked: list[str] = []


class Noting(Embedder):
    """Notes what it is asked for, in this run."""

    def passages(self, texts: Sequence[str]) -> NDArray:  # type: ignore[type-arg]
        asked.extend(texts)
        return super().passages(texts)


@pytest.fixture(autouse=True)
def _noting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fusion.embed.E5Embedder", Noting)
    monkeypatch.setattr("fusion.sources.E5Embedder", Noting)


@pytest.fixture
def story(tmp_path: Path) -> Path:
    return write_story(tmp_path / "bridge")


def run(story: Path, cache_dir: Path) -> dict[str, str]:
    """Summarise the story with a real store; return the ids of its sources by file."""
    asked.clear()
    llm = ScriptedLLM(choice=lambda prompt, choices: {"Yes": 0.99, "No": 0.01})
    summary = Fusion(Settings(sentences=3, cache_dir=cache_dir), llm=llm).summarize(story)
    assert len(asked) == len(set(asked))
    return {source.file: source.id for source in summary.sources}


def test_only_what_came_or_changed_is_embedded_and_no_other_id_moves(
    story: Path, cache_dir: Path
) -> None:
    first = run(story, cache_dir)
    assert asked

    (story / "late.txt").write_text(LATE, encoding="utf-8")
    second = run(story, cache_dir)
    assert asked
    assert [text for text in asked if text not in LATE] == []
    assert {file: key for file, key in second.items() if file != "late.txt"} == first

    radio = story / "radio.txt"
    radio.write_text(ARTICLES["radio.txt"].rstrip() + f" {ADDED}\n", encoding="utf-8")
    third = run(story, cache_dir)
    assert asked == [ADDED]
    assert {f for f in third if third[f] != second[f]} == {"radio.txt"}

    (story / "gazette.txt").unlink()
    fourth = run(story, cache_dir)
    assert asked == []
    assert fourth == {file: key for file, key in third.items() if file != "gazette.txt"}


def test_the_store_follows_the_folder(story: Path, cache_dir: Path) -> None:
    run(story, cache_dir)
    (story / "gazette.txt").unlink()
    run(story, cache_dir)
    (folder,) = (cache_dir / "stories").iterdir()
    gone = "About 4,000 cars cross the bridge on a working day."
    kept = "The crossing takes twelve minutes"
    with Index(folder / "chroma", Noting()) as index:
        query = Noting().passages([gone])[0]
        found = index.nearest(query, 100)
    texts = "".join(ARTICLES.values())
    assert found
    assert gone in texts
    assert kept in texts
    assert text_key(gone) not in found


def test_a_survey_and_a_summary_share_their_vectors(story: Path, cache_dir: Path) -> None:
    for name in ("copy", "more"):
        (story / f"{name}.txt").write_text(LATE, encoding="utf-8")
    run(story, cache_dir)
    asked.clear()
    survey(story)
    assert asked == []
