from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fusion.cli import main
from fusion.errors import FusionError, StoryError, UsageError
from fusion.evaluate.alone import Alone, peak_mb
from fusion.evaluate.pace import Pace
from fusion.evaluate.planted import Planted
from fusion.evaluate.reference import Rouge
from fusion.evaluate.run import Results, evaluate, load_results, slug
from fusion.evaluate.scorer import Metric, Score, Unscored
from fusion.evaluate.systems import (
    Command,
    Finished,
    Lead,
    OutputSentence,
    SystemOutput,
    system_from,
)
from fusion.evaluate.table import problems, render_results
from fusion.evaluate.task import Story, Task, load_stories, load_task
from fusion.progress import SilentObserver
from fusion.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fusion.evaluate.scorer import Scorer
    from fusion.progress import Observer

GOLD = """
articles:
  a.txt: {published: 2026-03-02T09:30:00, group: a, role: original}
required:
  - {id: burned, fact: The mill burned., any: ['mill.*burned'], sources: [a.txt], importance: 2}
  - {id: four, fact: Four hurt., any: ['four'], sources: [a.txt], importance: 1}
forbidden:
  - {id: click, fact: Page furniture., any: ['click here'], from: [a.txt]}
reference: The mill of Orle burned on Monday, and four people were hurt there.
"""
ARTICLE = """\
Mill of Orle burns

The old mill of Orle burned to its walls on Monday morning. Four people were hurt by the smoke.
Nobody knows yet how the fire began. The mayor will speak on Tuesday.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two stories: one with planted truth, one whose gold file has a bad pattern."""
    for name, gold in (("fine", GOLD), ("faulty", GOLD.replace("'four'", "'fo(ur'"))):
        (tmp_path / "stories" / name / "articles").mkdir(parents=True)
        (tmp_path / "stories" / name / "articles" / "a.txt").write_text(ARTICLE)
        (tmp_path / "stories" / name / "gold.yaml").write_text(gold)
    return tmp_path / "stories"


class Counting:
    """A system that counts its calls and says what it is told to, or fails on a story."""

    def __init__(
        self, text: str = "The mill burned.", fails_on: str = "", version: int = 1
    ) -> None:
        self.name, self.text, self.fails_on, self.version = "counting", text, fails_on, version
        self.calls: list[str] = []

    @property
    def identity(self) -> Mapping[str, object]:
        return {"version": self.version}

    def reads(self, story: Story) -> object:
        return [article.text for article in story.sources]

    def summarize(self, story: Story) -> SystemOutput:
        self.calls.append(story.name)
        if story.name == self.fails_on:
            raise KeyboardInterrupt if self.text == "interrupt" else FusionError("It broke.")
        return SystemOutput(sentences=[OutputSentence(text=self.text)], seconds=1.0)


class Judging:
    """A scorer that counts its calls and cannot judge the story `faulty`."""

    name = "judging"
    metrics: Mapping[str, Metric] = {"length": Metric("words", "neither")}
    identity: Mapping[str, object] = {"version": 1}

    def __init__(self) -> None:
        self.calls: list[str] = []

    def score(self, story: Story, output: SystemOutput) -> Score:
        self.calls.append(story.name)
        if story.name == "faulty":
            raise Unscored("It is out of reach.")
        return Score(values={"length": float(len(output.body.split()))})


def run(
    folder: Path,
    system: Counting,
    scorer: Scorer | None = None,
    observer: Observer | None = None,
) -> Results:
    task = Task(name="try", description="", stories="", systems=["x"], scorers=["x"])
    stories = load_stories(folder)
    out = folder.parent / "out"
    return evaluate(
        task, stories, [system], [scorer or Judging()], out, observer or SilentObserver()
    )


def test_results_have_every_metric_and_survive_the_file(folder: Path) -> None:
    results = run(folder, Counting(), Planted())
    assert results.values("counting", "planted.recall") == {"fine": 2 / 3}
    assert results.values("counting", "seconds") == {"fine": 1.0, "faulty": 1.0}
    assert results.values("counting", "tokens") == {}
    assert load_results(folder.parent / "out") == results


def test_a_faulty_gold_file_is_named_and_the_rest_is_scored(folder: Path) -> None:
    results = run(folder, Counting(), Planted())
    (problem, *_) = problems(results)
    assert "fo(ur" in problem
    assert "faulty" in problem
    table = render_results(results)
    (recall,) = (line for line in table.splitlines() if line.startswith("planted.recall ↑"))
    assert recall.endswith(" 0.667")


def test_what_cannot_be_judged_is_left_out_and_never_zero(folder: Path) -> None:
    results = run(folder, Counting())
    assert results.values("counting", "judging.length") == {"fine": 3.0}
    assert "unscored: It is out of reach. (faulty)" in render_results(results)


def test_a_second_run_makes_nothing_again(folder: Path) -> None:
    first = run(folder, Counting())
    system, scorer = Counting(), Judging()
    again = run(folder, system, scorer)
    assert system.calls == []
    assert scorer.calls == ["faulty"], "what was unscored is tried again"
    assert again.samples == first.samples


@pytest.mark.parametrize("change", ["system", "story", "torn file"])
def test_a_change_redoes_what_it_touches(folder: Path, change: str) -> None:
    run(folder, Counting())
    if change == "story":
        (folder / "fine" / "articles" / "b.txt").write_text(ARTICLE)
    if change == "torn file":
        (kept,) = (folder.parent / "out" / "outputs").rglob("fine.json")
        kept.write_text(kept.read_text()[:40])
    system = Counting(version=2 if change == "system" else 1)
    run(folder, system)
    assert system.calls == (["faulty", "fine"] if change == "system" else ["fine"])


def test_new_planted_truth_scores_the_kept_summaries_again(folder: Path) -> None:
    before = run(folder, Counting(), Planted()).values("counting", "planted.recall")
    gold = folder / "fine" / "gold.yaml"
    gold.write_text(GOLD.replace("importance: 2", "importance: 3"))
    system = Counting()
    after = run(folder, system, Planted()).values("counting", "planted.recall")
    assert system.calls == []
    assert (before, after) == ({"fine": 2 / 3}, {"fine": 3 / 4})


def test_an_interrupted_run_goes_on(folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(folder, Counting("interrupt", fails_on="fine"))
    system = Counting("interrupt")
    run(folder, system)
    assert system.calls == ["fine"]


def test_a_failure_is_named_the_rest_is_done_and_it_is_tried_again(folder: Path) -> None:
    results = run(folder, Counting(fails_on="fine"))
    assert "counting failed: It broke. (fine)" in render_results(results)
    assert results.values("counting", "seconds") == {"faulty": 1.0}
    system = Counting()
    run(folder, system)
    assert system.calls == ["fine"]


def test_an_empty_summary_is_a_failure_not_a_score(folder: Path) -> None:
    results = run(folder, Counting(" \n"))
    assert [sample.failure for sample in results.samples] == ["The summary is empty."] * 2
    assert results.values("counting", "judging.length") == {}


def test_a_second_run_waits_says_so_and_finds_all_done(folder: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Slow(Counting):
        def summarize(self, story: Story) -> SystemOutput:
            begun.set()
            assert go_on.wait(60)
            return super().summarize(story)

    class Listening(SilentObserver):
        def warning(self, message: str) -> None:
            assert "another evaluation is at work" in message
            go_on.set()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(run, folder, Slow())
        assert begun.wait(60)
        second = Counting()
        results = run(folder, second, observer=Listening())
        assert second.calls == []
        assert results.samples == first.result().samples


def test_a_missing_reference_or_another_language_leaves_the_other_scores(folder: Path) -> None:
    (folder / "fine" / "gold.yaml").unlink()
    results = run(folder, Counting(), Rouge())
    assert results.values("counting", "rouge.rouge1") == {}
    assert "no reference" in render_results(results)
    french = "Le vieux moulin de la commune a brûlé lundi matin, et quatre personnes ont été "
    french += "blessées par la fumée, selon la mairie."
    results = run(folder, Counting(french, version=2))
    assert results.values("counting", "judging.length") == {}
    assert results.values("counting", "seconds") == {"faulty": 1.0, "fine": 1.0}
    assert "The summary is in 'fr', the reports are in en" in render_results(results)


class Dying(Counting):
    """A system whose process is gone before it has a summary."""

    def summarize(self, story: Story) -> SystemOutput:
        os._exit(7)


def test_a_process_of_its_own_has_its_own_memory_failure_and_death(folder: Path) -> None:
    story = load_stories(folder)[0]
    held = b"x" * (300 * 2**20)  # of this process, and none of the other's
    told = Alone(Counting()).summarize(story)
    assert told.body == "The mill burned."
    own = peak_mb()
    if own is not None:
        assert told.peak_mb is not None
        assert 10 < told.peak_mb < own - 200
    assert len(held) > 0
    with pytest.raises(FusionError, match="It broke"):
        Alone(Counting(fails_on=story.name)).summarize(story)
    with pytest.raises(FusionError, match=r"ended without a summary \(exit code 7"):
        Alone(Dying()).summarize(story)
    assert multiprocessing.active_children() == []


class Interrupted(Counting):
    """A system during whose work someone presses Ctrl-C."""

    def summarize(self, story: Story) -> SystemOutput:
        os.kill(os.getppid(), signal.SIGINT)
        time.sleep(60)
        raise AssertionError


def test_an_interruption_ends_the_other_process_too(folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        Alone(Interrupted()).summarize(load_stories(folder)[0])
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("spec", ["fusion", "one-prompt", "refine", "llamaindex"])
def test_what_loads_a_model_runs_alone_and_can_be_sent_there(folder: Path, spec: str) -> None:
    system = system_from(spec, Settings())
    assert isinstance(system, Alone)
    assert system.name == spec
    story = load_stories(folder)[1]
    again, same = pickle.loads(pickle.dumps((system, story)))  # noqa: S301 - of our own making
    assert again.reads(same) == system.reads(story)
    assert same == story


def test_memory_is_a_cost(folder: Path) -> None:
    class Large(Counting):
        def summarize(self, story: Story) -> SystemOutput:
            return super().summarize(story).model_copy(update={"peak_mb": 1500.0})

    assert run(folder, Large()).values("counting", "memory") == {"faulty": 1500.0, "fine": 1500.0}


class Hearing(SilentObserver):
    """Keeps what it is told of stages."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, str]] = []

    def stage(self, name: str, detail: str) -> None:
        self.stages.append((name, detail))


def test_the_rest_is_told_by_what_each_kind_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("fusion.evaluate.pace.perf_counter", lambda: now)

    def take(seconds: float) -> None:
        nonlocal now
        now += seconds

    hearing = Hearing()
    pace = Pace(hearing, {"slow": 3, "fast": 10})
    assert pace.seconds_left() is None
    pace.time("slow", "a", lambda: take(100))
    assert pace.seconds_left() == 2 * 100 + 10 * 100, "what has not begun is like the rest"
    pace.time("fast", "b", lambda: take(1))
    assert pace.seconds_left() == 2 * 100 + 9 * 1
    pace.time("slow", "c", lambda: take(200))
    assert pace.seconds_left() == 150 + 9
    assert hearing.stages == [
        ("1 of 13", "a"),
        ("2 of 13", "b, 20 min left"),
        ("3 of 13", "c, 3 min left"),
    ]


def test_only_what_is_to_be_made_counts_in_the_progress(folder: Path) -> None:
    run(folder, Counting(), Planted())
    (folder / "fine" / "articles" / "b.txt").write_text(ARTICLE)
    hearing = Hearing()
    run(folder, Counting(), Planted(), hearing)
    assert [name for name, _ in hearing.stages] == ["1 of 1", "1 of 2", "2 of 2"]


def python(code: str) -> str:
    return f'{sys.executable} -c "{code}" {{story}}'


def test_a_command_is_run_on_the_folder_of_the_reports(folder: Path) -> None:
    story = load_stories(folder)[0]
    printed = Command(python("import sys,os; print(os.listdir(sys.argv[1])[0])")).summarize(story)
    assert printed.body == "a.txt"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import time; time.sleep(60)", "not done after 0.5 s"),
        ("raise SystemExit('no model')", "exit code 1. no model"),
        ("print('{1')", "not a summary of the contract"),
    ],
)
def test_a_command_that_hangs_or_fails_is_named(folder: Path, code: str, message: str) -> None:
    story = load_stories(folder)[0]
    with pytest.raises(FusionError, match=message):
        Command(python(code), timeout_s=0.5 if "sleep" in code else 600).summarize(story)


def test_what_a_hanging_command_started_is_ended_with_it(folder: Path, tmp_path: Path) -> None:
    code = (
        "import subprocess,sys,time; "
        "child=subprocess.Popen([sys.executable,'-c','import time; time.sleep(600)']); "
        f"open('{tmp_path / 'pid'}','w').write(str(child.pid)); time.sleep(600)"
    )
    with pytest.raises(FusionError, match="not done after"):
        Command(python(code), timeout_s=3).summarize(load_stories(folder)[0])
    child = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 30
    while _runs(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    """Whether a process works still; one that has ended may wait for its parent to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_command_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(FusionError, match="no-such-program: cannot be started"):
        Command("no-such-program {story}").summarize(load_stories(folder)[0])


def test_finished_summaries_are_read_by_the_story_s_name(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "fine.txt").write_text("The mill burned. Four were hurt.")
    stories = {story.name: story for story in load_stories(folder)}
    assert len(Finished(tmp_path).summarize(stories["fine"]).sentences) == 2
    with pytest.raises(FusionError, match=r"neither faulty\.txt nor faulty\.json"):
        Finished(tmp_path).summarize(stories["faulty"])


def test_lead_takes_the_newest_report(folder: Path) -> None:
    later = "The mayor of Orle spoke. " * 8
    for day, name, text in ((3, "b.txt", later), (2, "c.txt", ARTICLE)):
        head = f"Mill news\nPublished: 2026-03-0{day} 10:00\n\n"
        (folder / "fine" / "articles" / name).write_text(head + text)
    (story,) = (s for s in load_stories(folder) if s.name == "fine")
    told = Lead().summarize(story)
    assert [sentence.text for sentence in told.sentences] == ["The mayor of Orle spoke."] * 3


def test_an_unknown_system_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="'cmd:echo': no such system"):
        system_from("cmd:echo", Settings())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: x\nfoo: 1", "foo: Extra inputs"),
        ("name: [", "not YAML"),
    ],
)
def test_a_faulty_task_is_a_usage_error(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "t.yaml").write_text(text)
    with pytest.raises(UsageError, match=message):
        load_task(str(tmp_path / "t.yaml"))


def test_a_missing_task_or_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"one of: .*planted"):
        load_task("no-such-task")
    with pytest.raises(StoryError, match="no such folder"):
        load_stories(tmp_path / "none")
    with pytest.raises(StoryError, match="no story in it"):
        load_stories(tmp_path)


def test_names_that_look_alike_are_kept_apart() -> None:
    assert slug("lead-3") == "lead-3"
    assert slug("cmd:a b {story}") != slug("cmd:a-b {story}")


def test_the_command_line_runs_compares_and_checks(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results"
    systems = ["--system", "lead-3", "--system", "lexrank"]
    assert main(["eval", "run", "planted-quick", "--limit", "2", "--out", str(out), *systems]) == 0
    assert "planted-quick: 2 stories" in capsys.readouterr().out
    assert main(["eval", "compare", f"{out}:lexrank", f"{out}:lead-3"]) == 0
    assert "planted.recall ↑" in capsys.readouterr().out
    assert main(["eval", "compare", str(out), f"{out}:lead-3"]) == 2
    assert "say which system" in capsys.readouterr().err
    assert main(["eval", "check-gold", str(folder)]) == 1
    assert "fo(ur" in capsys.readouterr().out
