"""What turns a story into a summary: fusion, simple rivals, any command, finished summaries.

A system is named by a word (`fusion`, `lead-3`, `lexrank`, or one of `fusion.evaluate.chains`),
by `cmd:` and a command line in which `{story}` stands for the folder of the reports, or by
`folder:` and a folder of `<story>.txt`. Those that load a model do so in a process of their own.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shlex
import signal
import subprocess
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from pydantic import BaseModel, ConfigDict

from fusion.errors import FusionError, UsageError
from fusion.evaluate.alone import Alone
from fusion.evaluate.lexrank import lexrank
from fusion.runlog import code_hash
from fusion.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion.evaluate.task import Story
    from fusion.settings import Settings
    from fusion.summary import Citation, StorySummary

COMMAND_TIMEOUT_S = 900  # a summary of a large story by a small model takes minutes, not more


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Passage(_Record):
    """Words of a report that a sentence is said to rest on; `file` is relative to `articles/`."""

    file: str
    text: str


class OutputSentence(_Record):
    """A sentence of a summary; `passages` is None where the system does not say what it cites."""

    text: str
    passages: list[Passage] | None = None


class SystemOutput(_Record):
    """A system's summary of a story and what it cost.

    `sentences` are the summary's body, `claims` the sides of the disagreements that it sets apart.
    Seconds are of the wall clock; those of lead-3 and LexRank leave out reading the files. Tokens,
    calls and the peak of resident memory (MiB) are None where they are not known.
    """

    headline: str = ""
    sentences: list[OutputSentence]
    claims: list[OutputSentence] = []
    seconds: float
    prompt_tokens: int | None = None
    generated_tokens: int | None = None
    calls: int | None = None
    peak_mb: float | None = None

    @property
    def body(self) -> str:
        """The sentences as running text: what references are compared with."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def text(self) -> str:
        """All that a reader is told, one headline, sentence or claim a line."""
        told = [sentence.text for sentence in [*self.sentences, *self.claims]]
        return "\n".join([self.headline, *told] if self.headline else told)


class System(Protocol):
    """Turns a story into a summary."""

    name: str

    @property
    def identity(self) -> Mapping[str, object]:
        """All that its summaries depend on but the story."""

    def reads(self, story: Story) -> object:
        """What of the story its summaries depend on; with `identity`, the key they are kept by.

        No more than that, so that they are kept longer. Raises `StoryError` where the story cannot
        be read.
        """

    def summarize(self, story: Story) -> SystemOutput:
        """Summarise the story. Raises `FusionError`, which is this story's result then."""


def system_from(spec: str, settings: Settings) -> System:
    """The system that `spec` names (see the module). Raises `UsageError`."""
    kind, _, rest = spec.partition(":")
    if kind == "cmd" and "{story}" in rest:
        return Command(rest.strip())
    if kind == "folder" and Path(rest).is_dir():
        return Finished(Path(rest))
    if spec == "fusion":
        return Alone(FusionSystem(settings))
    if spec == "lead-3":
        return Lead()
    if spec == "lexrank":
        return LexRank(settings.sentences)
    from fusion.evaluate.chains import WAYS, WholeStory

    if spec in WAYS:
        return Alone(WholeStory(spec, settings))
    raise UsageError(
        f"{spec!r}: no such system; use fusion, lead-3, lexrank, {', '.join(WAYS)}, "
        "'cmd:COMMAND {story}' or folder:DIR of finished summaries."
    )


class FusionSystem:
    """The program itself; every story afresh, but for the vectors of passages it has met."""

    name = "fusion"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def identity(self) -> Mapping[str, object]:
        """Its code, prompts, settings and model."""
        from fusion import prompts
        from fusion.models import resolve

        return {
            "code": code_hash(),
            "prompts": prompts.hashes(),
            "settings": self._settings.hash(),
            "model": resolve(self._settings.model, self._settings.cache_dir).sha256,
        }

    def reads(self, story: Story) -> object:
        """The files of the reports."""
        return _files(story.articles)

    def summarize(self, story: Story) -> SystemOutput:
        """See `System.summarize`."""
        started = perf_counter()  # a new process loads its modules, as it does for the rivals
        from fusion.pipeline import Fusion

        summary = Fusion(self._settings).summarize(story.articles, fresh=True)
        return from_summary(summary, perf_counter() - started)


class Lead:
    """The first three sentences of the newest report: hard to beat on news."""

    name = "lead-3"
    identity: Mapping[str, object] = {"version": 1}

    def reads(self, story: Story) -> object:
        """The sentences of the newest report."""
        return [text for file, text in story.sentences if file == story.newest.file]

    def summarize(self, story: Story) -> SystemOutput:
        """See `System.summarize`."""
        newest, sentences = story.newest.file, story.sentences
        started = perf_counter()
        return _uncited([text for file, text in sentences if file == newest][:3], started)


class LexRank:
    """The most central sentences of all reports, none that repeats a chosen one."""

    name = "lexrank"

    def __init__(self, sentences: int) -> None:
        self._sentences = sentences

    @property
    def identity(self) -> Mapping[str, object]:
        """Its version and the length asked for."""
        return {"version": 1, "sentences": self._sentences}

    def reads(self, story: Story) -> object:
        """Every sentence of the reports."""
        return [sentence for _, sentence in story.sentences]

    def summarize(self, story: Story) -> SystemOutput:
        """See `System.summarize`."""
        texts = [sentence for _, sentence in story.sentences]
        started = perf_counter()
        return _uncited([texts[i] for i in lexrank(texts, self._sentences)], started)


class Command:
    """Any command that prints a summary; JSON of the contract is read with its citations.

    It runs without a shell, and is ended with all that it started after `timeout_s`.
    """

    def __init__(self, command: str, timeout_s: float = COMMAND_TIMEOUT_S) -> None:
        self.name = f"cmd:{command}"
        self._command, self._timeout_s = command, timeout_s

    @property
    def identity(self) -> Mapping[str, object]:
        """Its command line: what the command itself depends on is not known."""
        return {"command": self._command}

    def reads(self, story: Story) -> object:
        """The files of the reports."""
        return _files(story.articles)

    def summarize(self, story: Story) -> SystemOutput:
        """See `System.summarize`. Fails on a non-zero exit code, a time-out or no output."""
        words = [
            word.replace("{story}", str(story.articles)) for word in shlex.split(self._command)
        ]
        started = perf_counter()
        try:
            process = subprocess.Popen(  # noqa: S603 - the user's own command is the point
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise FusionError(f"{words[0]}: cannot be started ({error.strerror}).") from error
        try:
            printed, said = process.communicate(timeout=self._timeout_s)
        except subprocess.TimeoutExpired as error:
            raise FusionError(
                f"{words[0]}: not done after {self._timeout_s:g} s; it was ended."
            ) from error
        finally:
            _end(process)
        if process.returncode != 0:
            last = said.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise FusionError(f"{words[0]}: exit code {process.returncode}. {' '.join(last)}")
        return read_output(printed.decode("utf-8", "replace"), perf_counter() - started)


class Finished:
    """Summaries made before: `<story>.txt`, or `<story>.json` by the contract."""

    def __init__(self, folder: Path) -> None:
        self.name = f"folder:{folder.name}"
        self._folder = folder

    @property
    def identity(self) -> Mapping[str, object]:
        """Its files."""
        return _files(self._folder)

    def reads(self, story: Story) -> object:
        """Its name."""
        return story.name

    def summarize(self, story: Story) -> SystemOutput:
        """See `System.summarize`."""
        for ending in (".json", ".txt"):
            path = self._folder / f"{story.name}{ending}"
            if path.is_file():
                return read_output(path.read_text(encoding="utf-8", errors="replace"), 0.0)
        raise FusionError(f"{self._folder}: it has neither {story.name}.txt nor {story.name}.json.")


def from_summary(summary: StorySummary, seconds: float) -> SystemOutput:
    """Take a summary of the contract as a system's output."""
    files = {source.id: source.file for source in summary.sources}

    def told(text: str, citations: Sequence[Citation]) -> OutputSentence:
        cited = [Passage(file=files[each.source], text=each.text) for each in citations]
        return OutputSentence(text=text, passages=cited)

    return SystemOutput(
        headline=summary.headline.text,
        sentences=[told(each.text, each.citations) for each in summary.sentences],
        claims=[
            told(side.claim, side.citations)
            for conflict in summary.disagreements
            for side in conflict.sides
        ],
        seconds=seconds,
        prompt_tokens=summary.run.tokens.prompt,
        generated_tokens=summary.run.tokens.generated,
        calls=summary.run.llm_calls,
    )


def read_output(text: str, seconds: float) -> SystemOutput:
    """Take what a system printed: the contract's JSON, or plain text, which cites nothing."""
    from pydantic import ValidationError

    from fusion.summary import StorySummary

    if text.lstrip().startswith("{"):
        try:
            return from_summary(StorySummary.model_validate_json(text), seconds)
        except ValidationError as error:
            raise FusionError(
                f"The JSON is not a summary of the contract: {error.errors()[0]['msg']}."
            ) from error
    sentences = [OutputSentence(text=text[a:b]) for a, b in split_sentences(text)]
    return SystemOutput(sentences=sentences, seconds=seconds)


def _files(folder: Path) -> dict[str, str]:
    """SHA-256 of every file in `folder`, by its path there."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _uncited(sentences: Sequence[str], started: float) -> SystemOutput:
    return SystemOutput(
        sentences=[OutputSentence(text=sentence) for sentence in sentences],
        seconds=perf_counter() - started,
        prompt_tokens=0,
        generated_tokens=0,
        calls=0,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what the command started and has left running; it has a process group of its own."""
    with contextlib.suppress(ProcessLookupError):  # all of it has ended: the usual case
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe:
            pipe.close()
