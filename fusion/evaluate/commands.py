"""`fusion eval …`: cheap to import, as `fusion.cli` asks; a command imports what it runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fusion.errors import FusionError, UsageError

if TYPE_CHECKING:
    import argparse

    from fusion.cli import Commands
    from fusion.embed import PassageEmbedder
    from fusion.evaluate.graded import SystemCorrelation
    from fusion.evaluate.meta import Agreement
    from fusion.evaluate.run import Results


def add_parser(commands: Commands) -> None:
    """Add `eval` and its commands."""
    from fusion.cli import add_command

    description = "Measure how far summaries can be trusted, and compare systems."
    group = commands.add_parser("eval", help=description, description=description)
    inner = group.add_subparsers(title="commands", metavar="COMMAND", required=True)

    run = add_command(
        inner,
        "run",
        _run,
        "Run a task's systems on its stories, score every summary, and print the table.",
        """
        fusion eval run planted
        fusion eval run planted --system lead-3 --system lexrank --limit 3
        fusion eval run planted --system folder:summaries/ --out results/mine
        """,
    )
    run.add_argument("task", metavar="TASK", help="a name in eval/tasks/, or a task file")
    run.add_argument(
        "--system",
        action="append",
        metavar="SYSTEM",
        help="fusion, lead-3, lexrank, one-prompt, stuff, map_reduce, refine, llamaindex, "
        "'cmd:COMMAND {story}' or folder:DIR; may be given again "
        "(default: those of the task)",
    )
    run.add_argument("--limit", type=_positive, metavar="N", help="only the first N stories")
    run.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="where results are kept and a run goes on (default: runs/TASK)",
    )
    run.add_argument(
        "--model",
        metavar="NAME|PATH",
        help="of systems and scorers that use one (default: qwen2.5-coder-1.5b)",
    )

    compare = add_command(
        inner,
        "compare",
        _compare,
        "Compare two systems story by story: paired differences with intervals.",
        """
        fusion eval compare runs/planted runs/planted:lead-3
        fusion eval compare results/new results/old
        """,
    )
    for name in ("a", "b"):
        compare.add_argument(
            name,
            metavar=name.upper(),
            help="results, DIR or DIR:SYSTEM (default of SYSTEM: fusion, or the only one there)",
        )

    meta = add_command(
        inner,
        "meta",
        _meta,
        "Judge the scorers by people: graders of faithfulness by labelled claims, reference "
        "metrics by graded summaries.",
        """
        fusion eval meta
        fusion eval meta --data labelled/ --model qwen2.5-coder-1.5b --limit 20
        fusion eval meta --graded multiling/ --format json
        """,
    )
    meta.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="folder of labelled sets, *.jsonl, or topics of insights, *.json "
        "(default, without --graded: $FUSION_DATA/faithfulness)",
    )
    meta.add_argument(
        "--graded",
        type=Path,
        metavar="DIR",
        help="folder of stories with systems/*.txt and human_grades.tsv "
        "(default, without --data: $FUSION_DATA/stories/wikinews)",
    )
    meta.add_argument(
        "--model",
        metavar="NAME|PATH",
        help="judge the verifier with it too, and the reader with a second one (default: without)",
    )
    meta.add_argument(
        "--limit",
        type=_positive,
        default=40,
        metavar="N",
        help="claims of each half of a set (default: 40)",
    )
    meta.add_argument(
        "--reliability", action="store_true", help="show the reliability curve of each grader too"
    )
    meta.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="json has everything, the reliability curves included (default: text)",
    )

    report = add_command(
        inner,
        "report",
        _report,
        "Write the results of a run as one HTML file, every summary beside its rivals.",
        """
        fusion eval report runs/planted --html report.html
        fusion eval report results/mine --html /tmp/mine.html
        """,
    )
    report.add_argument("results", type=Path, metavar="DIR", help="the folder of a run")
    report.add_argument("--html", type=Path, required=True, metavar="FILE", help="what to write")

    gate = add_command(
        inner,
        "gate",
        _gate,
        "Fail where a system is worse than the floors in eval/baseline.json.",
        """
        fusion eval gate
        fusion eval gate planted-quick --update
        fusion eval gate planted-quick --update --allow-regression stricter-judge
        """,
    )
    gate.add_argument(
        "task", nargs="?", metavar="TASK", help="only this one (default: all that have floors)"
    )
    gate.add_argument(
        "--out", type=Path, metavar="DIR", help="where the runs are kept (default: runs/)"
    )
    gate.add_argument(
        "--update",
        action="store_true",
        help="make what is measured the new floors; where a model has a say, two more seeds "
        "measure their noise",
    )
    gate.add_argument(
        "--allow-regression", metavar="REASON", help="lower floors, and keep the reason with them"
    )

    check = add_command(
        inner,
        "check-gold",
        _check_gold,
        "Prove the planted truth of a folder of stories consistent.",
        """
        fusion eval check-gold eval/stories
        fusion eval check-gold eval/stories/ferry-fire
        """,
    )
    check.add_argument("folder", type=Path, metavar="DIR", help="a story, or a folder of stories")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


_positive.__name__ = "positive number"  # what argparse calls the type in its message


def _run(arguments: argparse.Namespace) -> None:
    from fusion.evaluate.table import render_results

    results = _evaluate(
        arguments.task, arguments.out, arguments.system, arguments.limit, arguments.model
    )
    sys.stdout.write(render_results(results))


def _evaluate(
    name: str,
    out: Path | None,
    systems: list[str] | None = None,
    limit: int | None = None,
    model: str | None = None,
    seed: int = 0,
) -> Results:
    """Run a task; None takes what the task, or the settings, say."""
    from fusion.evaluate.run import evaluate
    from fusion.evaluate.scorers import scorers_from
    from fusion.evaluate.systems import system_from
    from fusion.evaluate.task import load_stories, load_task
    from fusion.progress import TerminalObserver
    from fusion.settings import DEFAULT_MODEL, Settings

    task, folder = load_task(name)
    settings = Settings(model=model or DEFAULT_MODEL, seed=seed)
    out = out or Path("runs") / task.name
    with TerminalObserver(echo=False) as observer:
        return evaluate(
            task,
            load_stories(folder, limit or task.limit, observer.warning),
            [system_from(spec, settings) for spec in systems or task.systems],
            scorers_from(task.scorers, settings, out / "answers"),
            out,
            observer,
        )


def _gate(arguments: argparse.Namespace) -> None:
    from fusion.evaluate import gate

    baseline = gate.load_baseline(gate.BASELINE)
    if arguments.allow_regression and not arguments.update:
        raise UsageError("--allow-regression lowers floors only with --update; give both.")
    tasks = [arguments.task] if arguments.task else list(baseline.tasks)
    found: list[str] = []
    for task in tasks:
        if not arguments.update and task not in baseline.tasks:
            raise UsageError(f"{task}: it has no floors; measure them with --update.")
        out = (arguments.out or Path("runs")) / task
        results = _evaluate(task, out)
        if arguments.update:
            seeds = gate.OTHER_SEEDS if results.made.models else ()
            repeats = [
                _evaluate(task, out.with_name(f"{task}-seed-{seed}"), seed=seed) for seed in seeds
            ]
            before, reason = baseline.tasks.get(task), arguments.allow_regression
            baseline.tasks[task] = gate.pin(results, before, reason, repeats)
            gate.save(gate.BASELINE, baseline)
        else:
            found += [f"{task}: {each}" for each in gate.regressions(results, baseline.tasks[task])]
    if found:
        raise FusionError("worse than the floors of eval/baseline.json:\n  " + "\n  ".join(found))
    sys.stdout.write(f"{', '.join(tasks)}: {'pinned' if arguments.update else 'no regression'}\n")


def _compare(arguments: argparse.Namespace) -> None:
    from fusion.evaluate.table import render_difference

    (ours, our_system), (theirs, their_system) = map(_results, (arguments.a, arguments.b))
    head = f"A: {our_system} of {arguments.a}\nB: {their_system} of {arguments.b}\n\n"
    sys.stdout.write(head + render_difference(ours, our_system, theirs, their_system))


def _results(name: str) -> tuple[Results, str]:
    """The results that `DIR` or `DIR:SYSTEM` names, and which of their systems."""
    from fusion.evaluate.run import load_results

    folder, _, system = (name, "", "") if Path(name).exists() else name.partition(":")
    results = load_results(Path(folder))
    if not system:
        system = "fusion" if "fusion" in results.systems else results.systems[0]
        if system != "fusion" and len(results.systems) > 1:
            raise UsageError(f"{name}: say which system: {', '.join(results.systems)}.")
    if system not in results.systems:
        raise UsageError(f"{name}: it has no such system; it has {', '.join(results.systems)}.")
    return results, system


def _meta(arguments: argparse.Namespace) -> None:
    from pydantic_core import to_json

    from fusion.embed import E5Embedder, Remembered
    from fusion.evaluate.meta import PUBLISHED
    from fusion.evaluate.task import data_folder

    if arguments.data is None and arguments.graded is None:
        arguments.data = data_folder() / "faithfulness"
        arguments.graded = data_folder() / "stories" / "wikinews"
    embedder = Remembered(E5Embedder())
    agreements = _judge_graders(arguments, embedder) if arguments.data else []
    systems = _judge_references(arguments, embedder) if arguments.graded else []
    if arguments.format == "json":
        result = {
            "agreement": agreements,
            "systems": systems,
            "published": [each._asdict() for each in PUBLISHED],
        }
        sys.stdout.write(to_json(result, indent=1, inf_nan_mode="null").decode() + "\n")


def _judge_graders(arguments: argparse.Namespace, embedder: PassageEmbedder) -> list[Agreement]:
    """Judge the graders of faithfulness, and print each result as soon as it is there."""
    from fusion.evaluate import meta_table
    from fusion.evaluate.faithful import Asked
    from fusion.evaluate.meta import PUBLISHED, agreement, graders
    from fusion.evaluate.scorers import second_model
    from fusion.settings import Settings

    asked = second = None
    if arguments.model:
        kept = Path("runs") / "meta"
        asked = Asked(Settings(model=arguments.model), kept / "answers.jsonl")
        second = Asked(Settings(model=second_model(arguments.model)), kept / "reader.jsonl")
    judges, found = graders(embedder, asked, second), []
    tell = sys.stdout.write if arguments.format == "text" else len
    tell(meta_table.AGREEMENT_HEAD)
    for each in agreement(arguments.data, judges, arguments.limit, _warn):
        tell(meta_table.render_agreement(each, curve=arguments.reliability))
        sys.stdout.flush()
        found.append(each)
    tell(meta_table.render_shared(judges))
    tell(meta_table.render_balanced(found, PUBLISHED))
    return found


def _judge_references(
    arguments: argparse.Namespace, embedder: PassageEmbedder
) -> list[SystemCorrelation]:
    """Judge the reference metrics, and print the table."""
    from fusion.evaluate.graded import correlations
    from fusion.evaluate.meta_table import render_systems
    from fusion.evaluate.reference import ReferenceFacts, Rouge

    found = correlations(arguments.graded, [Rouge(), ReferenceFacts(embedder)], _warn)
    if arguments.format == "text":
        sys.stdout.write(render_systems(found))
    return found


def _warn(problem: str) -> None:
    from fusion.progress import printable

    sys.stderr.write(printable(problem) + "\n")


def _report(arguments: argparse.Namespace) -> None:
    from fusion.evaluate.report import to_html
    from fusion.evaluate.run import load_results
    from fusion.runlog import write_atomically

    write_atomically(arguments.html, to_html(load_results(arguments.results)))


def _check_gold(arguments: argparse.Namespace) -> None:
    from fusion.evaluate.gold_check import check_gold, render_counts
    from fusion.progress import printable

    folder: Path = arguments.folder
    own = folder / "gold.yaml"
    stories = [folder] if own.exists() else sorted(p.parent for p in folder.glob("*/gold.yaml"))
    if not stories:
        raise UsageError(f"{folder}: no gold.yaml in it or in a folder of it.")
    golds, wrong = {}, 0
    for story in stories:
        checked, name = check_gold(story), printable(story.resolve().name)
        if checked.gold is not None:
            golds[name] = checked.gold
        wrong += len(checked.problems)
        for finding in (*checked.problems, *(f"warning: {each}" for each in checked.warnings)):
            sys.stdout.write(f"{name}: {printable(finding)}\n")
    if wrong:
        places = "1 place" if wrong == 1 else f"{wrong} places"
        raise FusionError(f"{folder}: planted truth is not sound in {places}; see above.")
    sys.stdout.write(f"{len(golds)} sound\n\n{render_counts(golds)}")
