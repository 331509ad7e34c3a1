from __future__ import annotations

import argparse
import contextlib
import io
import os
import runpy
import signal
import subprocess
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from summaries import example_summary

from fusion import __version__
from fusion.cli import build_parser, main
from fusion.errors import ModelError, StoryError
from fusion.models import REGISTRY
from fusion.progress import SilentObserver
from fusion.render import to_markdown
from fusion.settings import DEFAULT_MODEL, Settings
from fusion.summary import StorySummary

if TYPE_CHECKING:
    from collections.abc import Callable

    from fusion.progress import Observer

DOCS = Path(__file__).parents[1] / "docs"
SUMMARY = example_summary()
HIDE_CURSOR, SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"  # ECMA-48, DECTCEM


class Calls:
    """What the fake pipeline was asked, and what it does when it is run."""

    def __init__(self) -> None:
        self.settings: list[Settings] = []
        self.runs: list[tuple[Path, bool]] = []
        self.act: Callable[[Observer], None] = lambda observer: None


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """A `fusion.pipeline` that returns the example summary."""
    calls = Calls()

    class Fusion:
        def __init__(self, settings: Settings, observer: Observer | None = None) -> None:
            calls.settings.append(settings)
            self.observer = observer or SilentObserver()

        def summarize(self, story_dir: Path, *, fresh: bool = False) -> StorySummary:
            calls.runs.append((story_dir, fresh))
            calls.act(self.observer)
            return SUMMARY

    fake = types.ModuleType("fusion.pipeline")
    fake.__dict__["Fusion"] = Fusion
    monkeypatch.setitem(sys.modules, "fusion.pipeline", fake)
    return calls


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUSION_CACHE", str(tmp_path / "cache"))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def terminals(monkeypatch: pytest.MonkeyPatch) -> tuple[Terminal, Terminal]:
    """Make standard output and error terminals of 100 columns; to be called within a test."""
    out, err = Terminal(), Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    return out, err


# ── summarize ──────────────────────────────────────────────────────────────────────────────────


def test_markdown_goes_to_standard_output_and_nothing_to_error(
    pipeline: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["summarize", "story"]) == 0
    assert capsys.readouterr() == (to_markdown(SUMMARY), "")
    assert pipeline.runs == [(Path("story"), False)]
    assert pipeline.settings == [Settings()]


def test_json_is_the_contract(pipeline: Calls, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summarize", "story", "--format", "json"]) == 0
    assert StorySummary.model_validate_json(capsys.readouterr().out) == SUMMARY


def test_every_option_reaches_the_pipeline(pipeline: Calls, tmp_path: Path) -> None:
    options = ["--sentences", "5", "--model", "tiny.gguf", "--seed", "7", "--fresh"]
    assert main(["summarize", "story", *options, "--cache-dir", str(tmp_path)]) == 0
    assert pipeline.settings == [Settings(5, "tiny.gguf", 7, tmp_path)]
    assert pipeline.runs == [(Path("story"), True)]
    assert main(["summarize", "story", "--words", "150", "--language", "fr"]) == 0
    assert pipeline.settings[1:] == [Settings(words=150, language="fr")]


def test_output_is_written_whole_and_replaces_what_was_there(
    pipeline: Calls, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output, link = tmp_path / "summary.md", tmp_path / "link.md"
    output.write_text("yesterday's")
    link.symlink_to(output)
    assert main(["summarize", "story", "--output", str(link)]) == 0
    assert output.read_text() == to_markdown(SUMMARY)
    assert link.is_symlink()
    assert {path.name for path in tmp_path.iterdir()} == {"summary.md", "link.md"}
    assert capsys.readouterr() == ("", "")


def test_a_failed_run_leaves_the_old_output(pipeline: Calls, tmp_path: Path) -> None:
    def fail(_: Observer) -> None:
        raise StoryError("story: nothing to read.")

    output = tmp_path / "summary.md"
    output.write_text("yesterday's")
    pipeline.act = fail
    assert main(["summarize", "story", "--output", str(output)]) == 3
    assert output.read_text() == "yesterday's"


@pytest.mark.parametrize("output", ["missing/summary.md", "a-file/summary.md", "a-folder"])
def test_an_output_that_cannot_be_written_is_refused_before_the_work(
    pipeline: Calls, tmp_path: Path, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a-file").write_text("")
    (tmp_path / "a-folder").mkdir()
    assert main(["summarize", "story", "--output", str(tmp_path / output)]) == 6
    error = capsys.readouterr().err
    assert error.startswith(f"fusion: {tmp_path / output}: ")
    assert "give --output" in error
    assert pipeline.runs == []


def test_a_pipe_can_be_the_output(pipeline: Calls, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert main(["summarize", "story", "--output", str(pipe)]) == 0
        assert os.read(reader, 1 << 16).decode() == to_markdown(SUMMARY)
    finally:
        os.close(reader)


# ── errors and exit codes ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (StoryError("story: no reports in it."), 3, "fusion: story: no reports in it.\n"),
        (ModelError("no model."), 4, "fusion: no model.\n"),
        (KeyboardInterrupt(), 130, "fusion: interrupted\n"),
        (
            ValueError("x"),
            1,
            "fusion: unexpected ValueError: x; run it again with -v for details.\n",
        ),
        (StoryError("bad\x1b[2Jname"), 3, "fusion: bad[2Jname\n"),
    ],
)
def test_an_error_is_one_line_and_a_traceback_only_with_v(
    pipeline: Calls,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    said: str,
) -> None:
    def fail(_: Observer) -> None:
        raise error

    pipeline.act = fail
    assert main(["summarize", "story"]) == code
    assert capsys.readouterr() == ("", said)
    assert main(["summarize", "story", "-v"]) == code
    assert "Traceback" in capsys.readouterr().err


def test_a_setting_out_of_range_is_a_usage_error(
    pipeline: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["summarize", "story", "--sentences", "0"]) == 2
    assert "fusion: --sentences must be 1 to 40, not 0." in capsys.readouterr().err


@pytest.mark.parametrize(
    "line",
    [
        "",
        "sing",
        "summarize",
        "models",
        "summarize s --sentences x",
        "summarize s --sentences 8 --words 150",
    ],
)
def test_a_wrong_command_line_is_a_usage_error(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(line.split())
    assert caught.value.code == 2
    assert "usage: fusion" in capsys.readouterr().err


def test_warnings_go_to_standard_error(pipeline: Calls, capsys: pytest.CaptureFixture[str]) -> None:
    pipeline.act = lambda observer: observer.warning("story/a.pdf: no text layer; left out.")
    assert main(["summarize", "story"]) == 0
    out, err = capsys.readouterr()
    assert out == to_markdown(SUMMARY)
    assert err == "fusion: warning: story/a.pdf: no text layer; left out.\n"


RUN = "import sys; from fusion.cli import main; sys.exit(main(sys.argv[1:]))"


def test_a_reader_that_has_enough_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        run = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", RUN, "models", "list"],
            stdout=write,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(write)
    assert (run.returncode, run.stderr) == (141, b"")


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_ctrl_c_ends_a_run_quietly() -> None:
    slow = (
        "import sys, time, types; fake = types.ModuleType('fusion.pipeline')\n"
        "class Fusion:\n"
        "    def __init__(self, *_): pass\n"
        "    def summarize(self, *_, **__): print('ready', flush=True); time.sleep(60)\n"
        "fake.Fusion = Fusion; sys.modules['fusion.pipeline'] = fake\n" + RUN
    )
    run = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", slow, "summarize", "story"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    assert run.stdout.readline() == "ready\n"
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=20)
    assert (run.returncode, err) == (130, "fusion: interrupted\n")


@pytest.mark.parametrize("later", ["the next step", "the end"])
def test_an_interrupt_that_a_library_swallows_ends_the_run_all_the_same(
    pipeline: Calls, capsys: pytest.CaptureFixture[str], later: str
) -> None:
    def act(observer: Observer) -> None:
        with contextlib.suppress(KeyboardInterrupt):  # as Python itself does in a finaliser
            os.kill(os.getpid(), signal.SIGINT)
        if later == "the next step":
            observer.step(1, 8)
            pytest.fail("the run went on")

    pipeline.act = act
    assert main(["summarize", "story"]) == 130
    assert capsys.readouterr() == ("", "fusion: interrupted\n")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_that_a_finaliser_swallows_is_not_printed(
    pipeline: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    class Dying:
        def __del__(self) -> None:
            os.kill(os.getpid(), signal.SIGINT)
            for _ in range(1000):  # the handler runs between two steps of the interpreter
                pass

    def act(observer: Observer) -> None:
        Dying()
        observer.step(1, 8)
        pytest.fail("the run went on")

    pipeline.act = act
    before = sys.unraisablehook
    assert main(["summarize", "story"]) == 130
    assert capsys.readouterr() == ("", "fusion: interrupted\n")
    assert sys.unraisablehook is before


# ── on a terminal ──────────────────────────────────────────────────────────────────────────────


def test_on_a_terminal_sentences_come_as_they_are_verified_and_then_the_summary(
    pipeline: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def act(observer: Observer) -> None:
        observer.stage("write", "8 facts")
        observer.step(1, 8)
        observer.sentence(SUMMARY.sentences[0])
        observer.warning("a.pdf: [red]no[/red] text layer")

    pipeline.act = act
    out_stream, err_stream = terminals(monkeypatch)
    assert main(["summarize", "story"]) == 0
    out, err = out_stream.getvalue(), err_stream.getvalue()
    assert "• Vesterhavn's council signed the bridge contract on Monday." in err
    assert "write: 8 facts" in err
    assert "1/8" in err
    assert "1 sentence" in err
    assert "fusion: warning: a.pdf: [red]no[/red] text layer" in err
    assert "Where the sources disagree" in out
    assert "##" not in out  # rendered, not raw


def test_with_output_to_a_file_a_terminal_shows_no_sentences(
    pipeline: Calls, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pipeline.act = lambda observer: observer.sentence(SUMMARY.sentences[0])
    _, err = terminals(monkeypatch)
    assert main(["summarize", "story", "--output", str(tmp_path / "s.md")]) == 0
    assert "Vesterhavn" not in err.getvalue()


def test_the_terminal_is_given_back_after_an_error(
    pipeline: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Observer) -> None:
        raise StoryError("nothing to read.")

    pipeline.act = fail
    _, err = terminals(monkeypatch)
    assert main(["summarize", "story"]) == 3
    shown = err.getvalue()
    assert shown.rindex(SHOW_CURSOR) > shown.rindex(HIDE_CURSOR)
    assert shown.endswith("fusion: nothing to read.\n")


# ── sources ────────────────────────────────────────────────────────────────────────────────────


def test_sources_shows_the_report_in_both_forms(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    report = types.SimpleNamespace(to_json=lambda: "{}\n")
    fake = types.ModuleType("fusion.sources")
    fake.__dict__["survey"] = lambda story: report if story == Path("story") else None
    fake.__dict__["render_table"] = lambda shown: "a table\n" if shown is report else ""
    monkeypatch.setitem(sys.modules, "fusion.sources", fake)
    assert main(["sources", "story"]) == 0
    assert main(["sources", "story", "--format", "json"]) == 0
    assert capsys.readouterr() == ("a table\n{}\n", "")


def test_sources_of_a_missing_folder_is_an_error_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sources", str(tmp_path / "missing")]) != 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("fusion: ")
    assert str(tmp_path / "missing") in err
    assert err.count("\n") == 1


# ── models ─────────────────────────────────────────────────────────────────────────────────────


def test_models_list_names_every_model_and_marks_the_default(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["models", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["NAME", *REGISTRY]
    assert [line.split()[0] for line in lines if "(default)" in line] == [DEFAULT_MODEL]


@pytest.mark.parametrize("command", ["pull", "path", "check"])
def test_models_commands_act_on_the_model_and_cache_named(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from fusion import models

    asked: list[Any] = []

    def act(model: str, cache_dir: Path, on_progress: models.Tell) -> models.ModelFile:
        on_progress("working")
        asked.append((model, cache_dir))
        return models.ModelFile("m", Path("/m.gguf"), "ab" * 32)

    monkeypatch.setattr(models, "resolve" if command == "path" else command, act)
    assert main(["models", command]) == 0
    assert main(["models", command, "x.gguf", "--cache-dir", "c"]) == 0
    assert asked == [(DEFAULT_MODEL, tmp_path / "cache"), ("x.gguf", Path("c"))]
    said = "m: whole, SHA-256 " + "ab" * 32 if command == "check" else "/m.gguf"
    assert capsys.readouterr() == (f"{said}\n" * 2, "")


def test_a_model_that_is_not_there_is_exit_code_4(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "path", "no-such-model"]) == 4
    assert capsys.readouterr().err.startswith("fusion: no model 'no-such-model'")


# ── help and docs ──────────────────────────────────────────────────────────────────────────────


def leaves(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    groups = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    inner = [leaf for group in groups for child in group.choices.values() for leaf in leaves(child)]
    return inner or [parser]


@pytest.mark.parametrize("parser", leaves(build_parser()), ids=lambda parser: parser.prog)
def test_every_command_has_one_line_and_examples_that_parse(
    parser: argparse.ArgumentParser,
) -> None:
    assert parser.description
    assert "\n" not in parser.description
    examples = [line.strip() for line in (parser.epilog or "").splitlines()[1:]]
    assert 2 <= len(examples) <= 3
    for example in examples:
        words = example.split(" | ")[0].split()
        assert " ".join(words).startswith(parser.prog)
        build_parser().parse_args(words[1:])


def test_the_defaults_that_help_names_are_the_settings() -> None:
    """They are written out in the help because importing `Settings` would slow it down."""
    (summarize,) = (p for p in leaves(build_parser()) if p.prog == "fusion summarize")
    text = " ".join(summarize.format_help().split())
    settings = Settings()
    assert f"1 to 40 (default: {settings.sentences})" in text
    assert f"a .gguf file (default: {DEFAULT_MODEL})" in text
    assert f"sampled word (default: {settings.seed})" in text


def test_docs_are_current() -> None:
    reference = runpy.run_path(str(DOCS / "generate_cli.py"))["reference"]
    assert (DOCS / "cli.md").read_text() == reference(), "run: python docs/generate_cli.py"


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"fusion {__version__}\n"


def test_help_imports_nothing_heavy() -> None:
    listing = "import sys, fusion.cli; fusion.cli.build_parser(); print(*sys.modules)"
    loaded = subprocess.run(  # noqa: S603
        [sys.executable, "-c", listing], check=True, capture_output=True, text=True
    ).stdout.split()
    heavy = {"pydantic", "rich", "numpy", "chromadb", "llama_cpp", "langchain", "dataclasses"}
    assert not heavy & set(loaded)
