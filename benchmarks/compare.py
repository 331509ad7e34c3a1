"""Fusion beside LangChain's summarise chains: one story, one model file, one machine, one run.

    python -m benchmarks.compare STORY_DIR [--model NAME|PATH] [--systems stuff,map_reduce,fusion]

`stuff` and `map_reduce` are those of `fusion.evaluate.chains` (extra `bench`). Every system runs in
a process of its own, from nothing but the model file, so that its peak memory is its own.

Efficiency is the time that the LLM's work takes at its raw speed, (prompt - cached) / prefill +
generated / generation, over wall time; the raw speeds are measured first, in the same run.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import fusion.llm
from fusion.clean import clean
from fusion.evaluate.alone import peak_mb
from fusion.evaluate.chains import chain
from fusion.ingest import ingest
from fusion.llm import Completion, LlamaCpp, Message
from fusion.models import resolve
from fusion.settings import DEFAULT_MODEL, Settings, default_cache_dir

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion.types import Article

SYSTEMS = ("stuff", "map_reduce", "fusion")
WHOLE_STORY = 8192  # tokens of context for the chains: it need not grow while they run
RAW_PROMPT, RAW_ANSWER = 600, 64  # words read and tokens written to measure the raw speeds


@dataclass(frozen=True, slots=True)
class Measured:
    """One system on one story. `llm_seconds` is the part of `seconds` within calls."""

    system: str
    seconds: float
    llm_seconds: float
    prompt: int
    cached: int
    generated: int
    calls: int
    peak_mb: float
    summary: str


class Timed(LlamaCpp):
    """The same model, with the time and number of its calls."""

    seconds = 0.0
    calls = 0
    last: Timed

    def __init__(self, path: Path, *, context_tokens: int = 2048) -> None:
        super().__init__(path, context_tokens=context_tokens)
        Timed.last = self

    def generate(self, messages: Sequence[Message], **options: Any) -> Completion:
        """See `LLM.generate`."""
        start = perf_counter()
        try:
            return super().generate(messages, **options)
        finally:
            self.seconds += perf_counter() - start
            self.calls += 1

    def choose(self, messages: Sequence[Message], choices: Sequence[str]) -> dict[str, float]:
        """See `LLM.choose`."""
        start = perf_counter()
        try:
            return super().choose(messages, choices)
        finally:
            self.seconds += perf_counter() - start
            self.calls += 1


def main() -> None:
    """Measure each system in a process of its own, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare")
    parser.add_argument("story", type=Path)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--systems", default=",".join(SYSTEMS))
    parser.add_argument("--alone", choices=(*SYSTEMS, "raw"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    model = resolve(arguments.model, default_cache_dir())
    if arguments.alone == "raw":
        print(json.dumps(_raw_speeds(arguments.story, model.path)))
    elif arguments.alone:
        print(json.dumps(asdict(_measure(arguments.alone, arguments.story, model.path))))
    else:
        prefill, generation = _alone("raw", arguments.story, model.path)
        found = [
            Measured(**_alone(system, arguments.story, model.path))
            for system in arguments.systems.split(",")
        ]
        size_mb = model.path.stat().st_size / 2**20
        print(f"{model.name} ({size_mb:,.0f} MB): {prefill:.1f} tokens/s read, "
              f"{generation:.1f} tokens/s written")  # fmt: skip
        print(_table(found, prefill, generation))
        for each in found:
            print(f"\n{each.system}: {each.summary}")


def _alone(system: str, story: Path, model: Path) -> Any:
    program = [sys.executable, "-m", "benchmarks.compare", str(story), "--model", str(model)]
    done = subprocess.run(  # noqa: S603 - this very program
        [*program, "--alone", system], check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def _raw_speeds(story: Path, model: Path) -> tuple[float, float]:
    """Tokens a second read into an empty cache, and written after that."""
    llm = LlamaCpp(model)
    text = " ".join(article.text for article in _articles(story))
    asked = [Message("user", " ".join(text.split()[:RAW_PROMPT]))]
    start = perf_counter()
    llm.choose(asked, ("Yes", "No"))
    prefill = llm.usage.prompt / (perf_counter() - start)
    start = perf_counter()
    llm.generate(asked, max_tokens=RAW_ANSWER)
    return prefill, llm.usage.generated / (perf_counter() - start)


def _measure(system: str, story: Path, model: Path) -> Measured:
    start = perf_counter()
    summary = _fusion(story, model) if system == "fusion" else _chain(system, story, model)
    seconds = perf_counter() - start
    llm = Timed.last
    return Measured(
        system=system,
        seconds=seconds,
        llm_seconds=llm.seconds,
        prompt=llm.usage.prompt,
        cached=llm.usage.cached,
        generated=llm.usage.generated,
        calls=llm.calls,
        peak_mb=peak_mb() or math.nan,
        summary=summary,
    )


def _fusion(story: Path, model: Path) -> str:
    from fusion import summarize

    fusion.llm.LlamaCpp = Timed  # type: ignore[misc]  # the pipeline takes it from there
    with tempfile.TemporaryDirectory() as empty:
        (Path(empty) / "models").symlink_to(default_cache_dir() / "models")  # known hashes
        summary = summarize(story, Settings(model=str(model), cache_dir=Path(empty)))
    return " ".join(sentence.text for sentence in summary.sentences)


def _chain(kind: str, story: Path, model: Path) -> str:
    llm = Timed(model, context_tokens=WHOLE_STORY)
    return " ".join(told.text for told in chain(kind, _articles(story), llm, Settings()))


def _articles(story: Path) -> list[Article]:
    return clean(ingest(story)[0])[0]


def _table(found: Sequence[Measured], prefill: float, generation: float) -> str:
    stuff = next((each.seconds for each in found if each.system == "stuff"), None)
    lines = [
        "| system | seconds | of stuff | calls | prompt | cached | written | peak MB "
        "| not LLM | efficiency |",
        "| --- " * 10 + "|",
    ]
    for each in found:
        work = (each.prompt - each.cached) / prefill + each.generated / generation
        of_stuff = f"{each.seconds / stuff:.2f}" if stuff else ""
        lines.append(
            f"| {each.system} | {each.seconds:.1f} | {of_stuff} | {each.calls} | {each.prompt:,} "
            f"| {each.cached:,} | {each.generated:,} | {each.peak_mb:,.0f} "
            f"| {1 - each.llm_seconds / each.seconds:.0%} | {work / each.seconds:.2f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
