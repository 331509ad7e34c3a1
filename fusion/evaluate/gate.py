"""The gate: no system may fall below what it has reached.

`eval/baseline.json` pins each metric's mean with the hashes of the data, prompts and models that
it was measured with. Other data or another model would compare what cannot be compared, so the
gate asks for new floors then; a changed prompt is what it is there to judge. Costs have no floor:
they depend on the machine.

With one seed a run repeats itself to the byte, so a mean that falls has a cause; but another seed
is no worse a program. So floors are pinned with the means of other seeds beside, and what two
seeds differ by is the noise of each metric: a fall within it is none.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fusion.errors import FusionError, UsageError
from fusion.evaluate.run import COSTS
from fusion.evaluate.task import ROOT
from fusion.runlog import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fusion.evaluate.run import Results

BASELINE = ROOT / "eval" / "baseline.json"
DIGITS = 4  # of a floor; half of the last one is forgiven
OTHER_SEEDS = (1, 2)  # by which the noise is measured; the floors are of the settings' own seed


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Regression(_Record):
    """A floor that was lowered on purpose."""

    when: date
    reason: str
    lowered: list[str]


class Pinned(_Record):
    """What a task has reached. `floors` are by system and metric: ceilings where less is better.

    `noise`, likewise, is the most that the means of two seeds differ by: empty where no model, and
    so no seed, decides anything.
    """

    data: str
    prompts: dict[str, str]
    models: dict[str, str]
    floors: dict[str, dict[str, float]]
    noise: dict[str, dict[str, Annotated[float, Field(ge=0)]]] = {}
    regressions: list[Regression] = []


class Baseline(_Record):
    """The whole of `eval/baseline.json`, by task."""

    tasks: dict[str, Pinned]


def load_baseline(path: Path) -> Baseline:
    """Read the floors; there are none where there is no file. Raises `UsageError`."""
    if not path.exists():
        return Baseline(tasks={})
    try:
        return Baseline.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not a baseline of this version; restore it from git.") from error


def regressions(results: Results, pinned: Pinned) -> list[str]:
    """What has failed, or is worse than its floor by more than the noise, each as a sentence.

    A story that a system fails on is left out of its means, and that may better them. Raises
    `FusionError` where the results and the floors cannot be compared.
    """
    for what, ours, theirs in (
        ("stories", results.made.data, pinned.data),
        ("model", results.made.models, pinned.models),
    ):
        if ours != theirs:
            raise FusionError(
                f"{results.task}: its floors were measured with another {what}; "
                "measure them anew with `fusion eval gate TASK --update`."
            )
    found = _failures(results)
    for system, floors in pinned.floors.items():
        now = measured(results).get(system, {})
        for metric, floor in floors.items():
            noise = pinned.noise.get(system, {}).get(metric, 0.0)
            if metric not in now:
                found.append(f"{system}: {metric} is not measured any more.")
            elif _loss(results, metric, floor, now[metric]) > noise + 0.5 * 10**-DIGITS:
                found.append(
                    f"{system}: {metric} is {now[metric]:.4g}, its floor {floor:.4g}, "
                    f"the noise {noise:.4g}."
                )
    return found


def pin(
    results: Results,
    before: Pinned | None,
    reason: str | None,
    repeats: Sequence[Results] = (),
) -> Pinned:
    """New floors from `results`, and their noise from `repeats` with `OTHER_SEEDS`.

    Raises `FusionError` where a system failed, or a floor is lowered without a reason.
    """
    if failed := [each for run in (results, *repeats) for each in _failures(run)]:
        raise FusionError(f"{results.task}: no floors while something fails: {' '.join(failed)}")
    values = measured(results)
    lowered = [
        f"{system} {metric} {floor:.4g}"
        for system, floors in (before.floors if before else {}).items()
        for metric, floor in floors.items()
        if metric not in values.get(system, {})
        or _loss(results, metric, floor, values[system][metric]) > 0
    ]
    if lowered and not reason:
        raise FusionError(
            f"{results.task}: this lowers {', '.join(lowered)}; "
            "say why with --allow-regression REASON."
        )
    kept = before.regressions if before else []
    noted = Regression(when=datetime.now(UTC).date(), reason=reason or "", lowered=lowered)
    return Pinned(
        data=results.made.data,
        prompts=results.made.prompts,
        models=results.made.models,
        floors=values,
        noise=_noise([values, *(measured(run) for run in repeats)]) if repeats else {},
        regressions=[*kept, noted] if lowered else kept,
    )


def save(path: Path, baseline: Baseline) -> None:
    """Write the floors. Raises `OutputError`."""
    write_atomically(path, baseline.model_dump_json(indent=2) + "\n")


def measured(results: Results) -> dict[str, dict[str, float]]:
    """The mean of each metric that has a better side, by system, to `DIGITS` digits."""
    found: dict[str, dict[str, float]] = {}
    for system in results.systems:
        means = {
            metric: results.estimate(system, metric)
            for metric, info in results.metrics.items()
            if info.better != "neither" and metric not in COSTS
        }
        found[system] = {
            metric: round(each.mean, DIGITS) for metric, each in means.items() if each is not None
        }
    return found


def _noise(runs: Sequence[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """The most that two of the runs' means differ by, by system and metric."""
    found: dict[str, dict[str, float]] = {}
    for system, floors in runs[0].items():
        for metric in floors:
            means = [run[system][metric] for run in runs if metric in run.get(system, {})]
            found.setdefault(system, {})[metric] = round(max(means) - min(means), DIGITS)
    return found


def _failures(results: Results) -> list[str]:
    return [
        f"{sample.system} failed on {sample.story}: {sample.failure}"
        for sample in results.samples
        if sample.failure
    ]


def _loss(results: Results, metric: str, floor: float, now: float) -> float:
    return floor - now if results.metrics[metric].better == "higher" else now - floor
