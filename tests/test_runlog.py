from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st
from summaries import example_summary

from fusion.errors import LLMError, OutputError
from fusion.llm import LLM, Completion, Message, ScriptedLLM, Usage
from fusion.runlog import JournaledLLM, RunFolder, fingerprint, open_run, write_atomically

ASKED = [Message("user", "Is it shut?")]
SUMMARY = example_summary()


def fail() -> NoReturn:
    raise AssertionError("a model was loaded")


def scripted() -> ScriptedLLM:
    return ScriptedLLM(
        write=lambda prompt: f"You asked: {prompt}", choice=lambda p, c: {"Yes": 0.75, "No": 0.25}
    )


def ask(llm: LLM, words: str = "Is it shut?") -> tuple[Completion, float]:
    turns = [Message("user", words)]
    return llm.generate(turns, max_tokens=9, seed=1), llm.choose(turns, ("Yes", "No"))["Yes"]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "llm_calls.jsonl"


# ── The log of calls ───────────────────────────────────────────────────────────────────────────


def test_a_second_run_is_answered_without_a_model(log: Path) -> None:
    first = JournaledLLM(scripted, "m", log)
    answers = ask(first)
    second = JournaledLLM(fail, "m", log)
    assert ask(second) == answers == (Completion("You asked: Is it shut?", "stop"), 0.75)
    assert second.usage == first.usage == Usage(prompt=6, cached=0, generated=5)
    assert (first.calls, first.replayed, second.calls, second.replayed) == (2, 0, 2, 2)


@pytest.mark.parametrize(
    "change",
    [{"max_tokens": 8}, {"seed": 2}, {"temperature": 0.5}, {"stop": ("x",)}, {"grammar": "root"}],
)
def test_a_call_with_another_option_is_another_call(log: Path, change: dict[str, object]) -> None:
    options: dict[str, object] = {"max_tokens": 9, "seed": 1}
    JournaledLLM(scripted, "m", log).generate(ASKED, **options)  # type: ignore[arg-type]
    later = JournaledLLM(scripted, "m", log)
    later.generate(ASKED, **(options | change))  # type: ignore[arg-type]
    assert later.replayed == 0


def test_another_model_answers_for_itself(log: Path) -> None:
    ask(JournaledLLM(scripted, "m", log))
    other = JournaledLLM(scripted, "n", log)
    ask(other)
    assert other.replayed == 0


@pytest.mark.parametrize("torn", [b'{"key": "a', b"{}\n", b"\xff\xfe\n", b'{"key": "a"}', b"\n"])
def test_a_torn_end_is_cut_off_and_the_rest_kept(log: Path, torn: bytes) -> None:
    answers = ask(JournaledLLM(scripted, "m", log))
    whole = log.read_bytes()
    log.write_bytes(whole + torn)
    later = JournaledLLM(scripted, "m", log)
    assert log.read_bytes() == whole
    assert ask(later) == answers
    assert later.replayed == 2
    ask(later, "And now?")
    assert [json.loads(line)["key"] for line in log.read_bytes().splitlines()]


@given(st.integers(min_value=0, max_value=2000))
def test_a_log_cut_at_any_byte_still_answers(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    log = tmp_path_factory.mktemp("log") / "llm_calls.jsonl"
    answers = ask(JournaledLLM(scripted, "m", log))
    whole = log.read_bytes()
    log.write_bytes(whole[:cut])
    assert ask(JournaledLLM(scripted, "m", log)) == answers
    assert log.read_bytes() == whole


def test_a_failed_call_is_not_logged(log: Path) -> None:
    def broken(prompt: str) -> str:
        raise LLMError("no")

    llm = JournaledLLM(lambda: ScriptedLLM(write=broken), "m", log)
    with pytest.raises(LLMError):
        llm.generate(ASKED, max_tokens=9)
    assert not log.exists()


def test_a_model_is_closed_only_where_one_was_loaded(log: Path) -> None:
    JournaledLLM(fail, "m", log).close()


# ── The folder ─────────────────────────────────────────────────────────────────────────────────


def test_a_finished_summary_is_given_back_for_the_same_fingerprint(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    assert run.finished("a") is None
    run.finish("a", SUMMARY)
    assert run.finished("a") == SUMMARY
    assert run.finished("b") is None
    run.clear()
    assert run.finished("a") is None


@pytest.mark.parametrize(
    "damaged",
    [b"", b"[]", b"null", b'{"fingerprint": "a"}', b'{"fingerprint": "a", "summary": "{}"}',
     b'{"fingerprint": "a", "summary": 4}', b"\xff\x00"],
)  # fmt: skip
def test_a_damaged_summary_is_made_again(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / "summary.json").write_bytes(damaged)
    assert RunFolder(tmp_path).finished("a") is None


def test_artifacts_are_plain_json(tmp_path: Path) -> None:
    @dataclass
    class Thing:
        when: datetime
        where: Path

    RunFolder(tmp_path).save("thing", [Thing(datetime(2031, 5, 4, tzinfo=UTC), Path("a/b"))])
    assert json.loads((tmp_path / "thing.json").read_text("utf-8")) == [
        {"when": "2031-05-04T00:00:00+00:00", "where": "a/b"}
    ]
    with pytest.raises(TypeError, match="object has no JSON form"):
        RunFolder(tmp_path).save("thing", object())


def test_two_stories_of_one_name_have_two_folders(tmp_path: Path) -> None:
    stories = [tmp_path / "a" / "story", tmp_path / "b" / "story"]
    folders = []
    for story in stories:
        story.mkdir(parents=True)
        with open_run(tmp_path / "cache", story, fail) as run:
            folders.append(run.path)
    assert len(set(folders)) == 2


def test_a_second_run_of_a_story_is_told_and_waits(tmp_path: Path) -> None:
    waiting = threading.Event()
    order: list[str] = []

    def second() -> None:
        with open_run(tmp_path, tmp_path, waiting.set):
            order.append("second")

    with open_run(tmp_path, tmp_path, fail):
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(10)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def test_a_cache_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(OutputError, match="the cache cannot be written"),
        open_run(tmp_path / "file", tmp_path, fail),
    ):
        pass


def test_what_was_there_stays_where_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    write_atomically(path, "old")

    def full(_: int) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fusion.runlog.os.fsync", full)
    with pytest.raises(OutputError, match=r"a\.json: cannot be written \(No space left"):
        write_atomically(path, "new")
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]
    assert path.read_text() == "old"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(json_values, json_values)
def test_fingerprints_tell_values_apart(one: object, other: object) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (fingerprint(one) == fingerprint(other)) is same
    assert fingerprint(one) == fingerprint(one)
