from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from passages import Embedder
from small_story import ARTICLES, assert_contract, without_seconds, write_story

from fusion import Fusion, Settings, StorySummary, summarize
from fusion.embed import E5Embedder
from fusion.errors import StoryError, UsageError
from fusion.llm import LlamaCpp, ScriptedLLM
from fusion.progress import SilentObserver
from fusion.types import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from fusion.summary import SummarySentence

ROOT = Path(__file__).parents[1]
TINY = "smollm2-135m"
tiny = pytest.mark.model(TINY)
NEW = "The Ostwick swing bridge reopened on Friday, two weeks earlier than planned, Quill said."


@pytest.fixture
def story(tmp_path: Path) -> Path:
    return write_story(tmp_path / "bridge")


@pytest.fixture
def settings(cache_dir: Path) -> Settings:
    return Settings(model=TINY, sentences=3, cache_dir=cache_dir)


def run_folder(cache_dir: Path) -> Path:
    (folder,) = (cache_dir / "stories").iterdir()
    return folder


def command(story: Path, *more: str) -> list[str]:
    program = "from fusion.cli import main; raise SystemExit(main())"
    asked = ["summarize", str(story), "--model", TINY, "--sentences", "3", "--format", "json"]
    return [sys.executable, "-c", program, *asked, *more]


def start(story: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own program
        command(story), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_for(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.005)


# ── One run ────────────────────────────────────────────────────────────────────────────────────


@tiny
def test_a_story_becomes_a_cited_summary_and_the_same_one_twice(
    story: Path, settings: Settings
) -> None:
    told: list[SummarySentence] = []

    class Listening(SilentObserver):
        def sentence(self, sentence: SummarySentence) -> None:
            told.append(sentence)

    summary = Fusion(settings, Listening()).summarize(story)
    assert_contract(summary)
    assert summary.story == "bridge"
    assert {source.file for source in summary.sources} == set(ARTICLES)
    assert told == summary.sentences
    assert summary.run.llm_calls > 0
    again = Fusion(settings).summarize(story, fresh=True)
    assert without_seconds(again) == without_seconds(summary)


@tiny
def test_an_unchanged_story_needs_no_model(
    story: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = summarize(story, settings)

    def fail(*_: object) -> NoReturn:
        raise AssertionError("a model was loaded, or something embedded")

    monkeypatch.setattr(LlamaCpp, "__init__", fail)
    monkeypatch.setattr(E5Embedder, "passages", fail)
    assert summarize(story, settings) == first


@tiny
def test_the_log_of_calls_alone_answers_a_lost_summary(
    story: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, cache_dir: Path
) -> None:
    first = summarize(story, settings)
    (run_folder(cache_dir) / "summary.json").write_text('{"fingerprint": "', encoding="utf-8")

    def fail(*_: object) -> NoReturn:
        raise AssertionError("a model was loaded")

    monkeypatch.setattr(LlamaCpp, "__init__", fail)
    assert without_seconds(summarize(story, settings)) == without_seconds(first)


@tiny
def test_an_added_report_embeds_and_asks_only_what_is_new(
    story: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, cache_dir: Path
) -> None:
    asked: list[str] = []
    embed = E5Embedder.passages

    def noted(embedder: E5Embedder, texts: Sequence[str]) -> NDArray[np.float32]:
        asked.extend(texts)
        return embed(embedder, texts)

    monkeypatch.setattr(E5Embedder, "passages", noted)
    summarize(story, settings)
    log = run_folder(cache_dir) / "llm_calls.jsonl"
    before = log.read_text(encoding="utf-8")
    asked.clear()
    (story / "late.txt").write_text(f"Bridge reopens\n\n{NEW}\n", encoding="utf-8")
    summary = summarize(story, settings)
    assert_contract(summary)
    assert "late.txt" in {source.file for source in summary.sources}
    old = " ".join(" ".join(ARTICLES.values()).split())
    assert asked
    assert [text for text in asked if " ".join(text.split()) in old] == []
    assert log.read_text(encoding="utf-8").startswith(before)


def test_other_settings_are_not_answered_from_the_cache(story: Path, cache_dir: Path) -> None:
    def made(sentences: int) -> int:
        llm = ScriptedLLM(choice=lambda prompt, choices: {"Yes": 0.99, "No": 0.01})
        settings = Settings(sentences=sentences, cache_dir=cache_dir)
        return len(Fusion(settings, llm=llm).summarize(story).sentences)

    assert made(1) == 1
    assert made(2) == 2


def test_a_model_of_the_callers_stays_open(story: Path, cache_dir: Path) -> None:
    class Closable(ScriptedLLM):
        closed = False

        def close(self) -> None:
            self.closed = True

    llm = Closable()
    Fusion(Settings(sentences=3, cache_dir=cache_dir), llm=llm).summarize(story)
    assert llm.calls
    assert not llm.closed


def test_a_missing_folder_is_a_usage_error(tmp_path: Path, cache_dir: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        summarize(tmp_path / "nowhere", Settings(cache_dir=cache_dir))


# ── Length and language ────────────────────────────────────────────────────────────────────────

FRENCH = {
    "gazette.txt": """Le pont tournant d'Ostwick fermé

La Gazette d'Ostwick
4 mai 2031, 09:10

Le pont tournant d'Ostwick a été fermé dimanche à toute circulation après que des plongeurs ont \
découvert des fissures dans deux de ses piles. L'ingénieure du port, Mara Quill, a déclaré que les \
travaux dureraient trois semaines. Elle veut rouvrir le pont avant l'été. Les habitants peuvent se \
renseigner dès aujourd'hui à la mairie d'Ostwick. Quelque 4 000 voitures passent chaque jour.
""",
    "courrier.txt": """Des bacs remplacent le pont à Ostwick

Le Courrier de Merrow
5 mai 2031, 18:30

Des bacs gratuits ont commencé à circuler lundi entre Ostwick et Merrow, au lendemain de la \
fermeture du pont tournant. Quelque 900 personnes les ont empruntés le premier matin, selon la \
compagnie Blue Strait. Les commerçants de Merrow se sont plaints que les camions ne pouvaient \
plus les atteindre. Quelque 6 000 voitures passent chaque jour.
""",
}
GERMAN = {
    "anzeiger.txt": """Stadtrat wusste von Schäden an der Brücke

Ostwicker Anzeiger
6. Mai 2031, 07:45

Der Stadtrat von Ostwick war bereits im Januar über Schäden an der Drehbrücke unterrichtet, wie \
aus einem Protokoll hervorgeht. Die Opposition forderte am Dienstag eine Untersuchung. Also \
beschloss der Rat, im Juni erneut über die Brücke zu beraten.
""",
}


class Noting(SilentObserver):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.sentences: list[SummarySentence] = []
        self.warnings: list[str] = []

    def sentence(self, sentence: SummarySentence) -> None:
        self.sentences.append(sentence)

    def warning(self, message: str) -> None:
        self.warnings.append(message)


@pytest.fixture
def by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Embeds by words: quick."""
    monkeypatch.setattr("fusion.embed.E5Embedder", Embedder)


def scripted() -> ScriptedLLM:
    return ScriptedLLM(choice=lambda prompt, choices: {"Yes": 0.99, "No": 0.01})


def write(folder: Path, articles: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in articles.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def told_words(summary: StorySummary) -> int:
    return sum(len(sentence.text.split()) for sentence in summary.sentences)


@pytest.mark.usefixtures("by_words")
@pytest.mark.parametrize("words", [40, 60, 80, 100])
def test_a_summary_has_the_words_asked_for_within_ten_per_cent(story: Path, words: int) -> None:
    seen, all_seen = Noting(), Noting()
    summary = Fusion(Settings(words=words), seen, scripted()).summarize(story)
    assert_contract(summary)
    assert 0.9 * words <= told_words(summary) <= 1.1 * words
    assert seen.sentences == summary.sentences
    assert seen.warnings == []
    whole = Fusion(Settings(words=800), all_seen, scripted()).summarize(story)
    order = [sentence.text for sentence in whole.sentences]
    places = [order.index(sentence.text) for sentence in summary.sentences]
    assert places[1:] == sorted(places[1:])  # the lead is chosen among the facts planned


@pytest.mark.usefixtures("by_words")
def test_where_there_is_too_little_all_of_it_is_told_with_one_warning(story: Path) -> None:
    seen = Noting()
    summary = Fusion(Settings(words=800), seen, scripted()).summarize(story)
    (warning,) = seen.warnings
    assert f"{told_words(summary)} of the 800 words" in warning
    assert told_words(summary) > 100


@pytest.mark.usefixtures("by_words")
def test_where_no_sentence_is_short_enough_nothing_is_printed(tmp_path: Path) -> None:
    long = ARTICLES["gazette.txt"].partition("Harbour engineer")[0]
    story = write(
        tmp_path / "bridge",
        {"gazette.txt": long.replace("to all", "for three weeks or more to all")},
    )
    with pytest.raises(StoryError, match="more --words"):
        Fusion(Settings(words=20), llm=scripted()).summarize(story)


@pytest.mark.usefixtures("by_words")
def test_what_is_not_english_is_told_in_the_reports_own_sentences(tmp_path: Path) -> None:
    story, seen, llm = write(tmp_path / "pont", FRENCH), Noting(), scripted()
    summary = Fusion(Settings(sentences=6), seen, llm).summarize(story)
    assert_contract(summary)
    assert llm.calls == []
    told = [sentence.text for sentence in summary.sentences]
    assert len(told) >= 5
    assert all(any(text in source.text for source in summary.sources) for text in told)
    assert not any(text.startswith("Elle ") or "aujourd'hui" in text for text in told)
    assert summary.headline.text == told[0].rstrip(".")
    assert summary.disagreements == []
    (warning,) = seen.warnings
    assert "in 'fr', so its sentences are the reports' own" in warning


@pytest.mark.usefixtures("by_words")
def test_reports_in_another_language_are_left_out_by_name(tmp_path: Path) -> None:
    story, seen = write(tmp_path / "pont", FRENCH | GERMAN), Noting()
    summary = Fusion(Settings(), seen, scripted()).summarize(story)
    files = {source.id: source.file for source in summary.sources}
    assert set(files.values()) == {*FRENCH, *GERMAN}
    assert {files[citation.source] for citation in summary.citations()} == set(FRENCH)
    assert [(each.what, each.reason) for each in summary.dropped if each.stage == "chunk"] == [
        ("anzeiger.txt", "It is in another language than the summary.")
    ]
    assert summary.as_of is not None
    assert summary.as_of.day == 5
    assert "left out are the reports in other languages: anzeiger.txt (de)." in seen.warnings[0]


@pytest.mark.usefixtures("by_words")
def test_the_language_can_be_chosen(tmp_path: Path) -> None:
    story, seen = write(tmp_path / "pont", FRENCH | GERMAN), Noting()
    summary = Fusion(Settings(language="de"), seen, scripted()).summarize(story)
    told = [sentence.text for sentence in summary.sentences]
    assert [text.split()[0] for text in told] == ["Der", "Die"]  # and not “Also beschloss …”
    with pytest.raises(StoryError, match="no report is in 'it'; choose from de, fr"):
        Fusion(Settings(language="it"), llm=scripted()).summarize(story)


# ── Runs that end badly, and runs at the same time ─────────────────────────────────────────────


@tiny
def test_a_killed_run_goes_on_where_it_was(
    story: Path, settings: Settings, cache_dir: Path
) -> None:
    process = start(story)
    stories = cache_dir / "stories"
    wait_for(lambda: any(log.stat().st_size for log in stories.glob("*/llm_calls.jsonl")))
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert not (run_folder(cache_dir) / "summary.json").exists()
    kept = (run_folder(cache_dir) / "llm_calls.jsonl").read_bytes()
    whole = kept[: kept.rindex(b"\n") + 1]
    summary = summarize(story, settings)
    assert_contract(summary)
    assert (run_folder(cache_dir) / "llm_calls.jsonl").read_bytes().startswith(whole)
    unbroken = Fusion(settings).summarize(story, fresh=True)
    assert summary.sentences == unbroken.sentences


@tiny
def test_an_interrupted_run_says_so_and_the_next_is_fine(
    story: Path, settings: Settings, cache_dir: Path
) -> None:
    process = start(story)
    wait_for(lambda: any((cache_dir / "stories").glob("*/llm_calls.jsonl")))
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "fusion: interrupted\n")
    assert_contract(summarize(story, settings))


@tiny
def test_two_runs_of_one_story_at_once_both_end_well(story: Path, cache_dir: Path) -> None:
    first = start(story)
    wait_for(lambda: any((cache_dir / "stories").glob("*/articles.json")))
    second = start(story)
    out, _ = first.communicate(timeout=120)
    again, err = second.communicate(timeout=120)
    assert (first.returncode, second.returncode) == (0, 0)
    assert again == out
    assert "another fusion is at work on it" in err
    assert_contract(StorySummary.model_validate_json(out))


@tiny
def test_piped_output_is_the_json_alone(story: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        command(story), capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert_contract(StorySummary.model_validate_json(done.stdout))


# ── The default model ──────────────────────────────────────────────────────────────────────────


@pytest.mark.model("qwen2.5-coder-1.5b")
def test_the_example_story(cache_dir: Path) -> None:
    summary = summarize(ROOT / "examples" / "harbour-bridge", Settings(cache_dir=cache_dir))
    assert_contract(summary)
    files = {source.file[:2]: source for source in summary.sources}
    assert files["03"].role is Role.DERIVED
    assert files["01"].group == files["02"].group == files["03"].group
    others = [files[number].group for number in ("01", "04", "05", "06", "07")]
    assert len(set(others)) == len(others)
    assert len(summary.sentences) >= 4
    assert summary.as_of is not None
    assert summary.as_of.date().isoformat() == "2026-04-16"
    newest = files["07"].id
    assert newest in {citation.source for citation in summary.sentences[0].citations}


@pytest.mark.model("qwen2.5-coder-1.5b")
def test_a_real_story(shared_data: Path, cache_dir: Path) -> None:
    story = shared_data / "stories" / "morocco-visit" / "articles"
    summary = summarize(story, Settings(cache_dir=cache_dir))
    assert_contract(summary)
    files = {source.file[:3]: source for source in summary.sources}
    assert files["001"].role is Role.DERIVED
    assert files["000"].group == files["003"].group
    assert len(summary.sentences) >= 4
    bodies = "\n".join(source.text for source in summary.sources).casefold()
    for furniture in ("cookie", "whatsapp", "share this", "newsletter", "click here"):
        assert furniture not in bodies
