"""Measure and fit the verifier on sentences that people have labelled.

    python -m benchmarks.verifier [--limit N] [--fit] [--model NAME|PATH] [--cache FILE]

Reads `faithfulness/*.jsonl` of FUSION_DATA (default ../shared/data). Half of the documents of each
set fit the parameters, the other half are reported; no document is in both. Each document is cut
down to the sentences closest to the claim, as a summary's sentence comes with the few that it
cites. The model's answers are kept in `--cache`, so that it is asked each question once.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import time
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.edits import Edit, edits
from fusion import models, prompts
from fusion.evaluate.agreement import Mask, auc, balanced, best_threshold, calibration_error
from fusion.evaluate.labelled import Claim, digest, read
from fusion.llm import LLM, LlamaCpp, Message
from fusion.settings import DEFAULT_MODEL, default_cache_dir
from fusion.verify import WARNINGS, check
from fusion.verify.calibration import Array, fit
from fusion.verify.entailment import FEATURES, features
from fusion.words import content, coverage, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ.get("FUSION_DATA", ROOT.parent / "shared" / "data")) / "faithfulness"
CALIBRATION = ROOT / "fusion" / "verify" / "calibration.json"
SETS = ("qags_cnndm", "qags_xsum", "summedits_news", "attributionbench", "edits")
# Asked after the same passages and sentence; the first is the one of prompts/check.md.
QUESTIONS = {
    "true": "According to the passages, is the sentence true? Answer Yes or No.",
    "every detail": "Is every detail of the sentence stated in the passages? Answer Yes or No.",
}
COLUMNS = (*FEATURES, "covered", "pairs", "longest copy")  # the last three were tried only
ENTAILED, COPIED, BREAKS, *WORDS = range(len(COLUMNS))
RAW_THRESHOLD = 0.5
SURE = 0.9  # from here the program prints the model's own words
EDITS = 1500  # of the edited sentences; the labelled sets are all smaller
SPLITS = 30  # halvings of the documents to cross-validate over
RESAMPLES = 1000  # of the documents, for an interval
FALLBACK_THRESHOLD = 0.7  # stricter: without the model's answer more that is wrong looks right


def load(dataset: str, limit: int | None = EDITS) -> list[Claim]:
    """The claims of a set, at most `limit`, in an order that is the same everywhere."""
    if dataset == "edits":
        made = sorted(edits(), key=lambda edit: (digest(*edit.passages), edit.kind))
        return [_of_edit(edit) for edit in made[:limit]]
    return read(DATA / f"{dataset}.jsonl")[:limit]


def _of_edit(edit: Edit) -> Claim:
    return Claim(
        id=digest(edit.kind, edit.text)[:12],
        dataset="edits",
        document=digest(edit.story),
        text=edit.text,
        supported=edit.supported,
        passages=edit.passages,
    )


class Answers:
    """The model's raw probabilities, kept on disk. Without a model, only what is kept is there."""

    def __init__(self, file: Path, model_sha256: str, llm: Callable[[], LLM] | None) -> None:
        self._file, self._sha256, self._open = file, model_sha256, llm
        self._llm: LLM | None = None
        self._kept: dict[str, float] = {}
        if file.exists():
            self._kept = dict(json.loads(line) for line in file.open(encoding="utf-8"))
        self.asked, self.seconds = 0, 0.0

    def yes(self, claim: Claim, question: str) -> float | None:
        """Probability of Yes, or None where it is not kept and there is no model to ask."""
        filled = prompts.messages(
            "check",
            {"passages": prompts.passages_block(claim.passages), "sentence": claim.text},
        )
        content = filled[-1].content.replace(QUESTIONS["true"], question)
        key = digest(self._sha256, filled[0].content, content)
        if key not in self._kept and self._open:
            self._llm = self._llm or self._open()
            started = time.perf_counter()
            asked = [*filled[:-1], Message("user", content)]
            self._kept[key] = self._llm.choose(asked, ("Yes", "No"))["Yes"]
            self.seconds += time.perf_counter() - started
            self.asked += 1
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as out:
                out.write(json.dumps([key, self._kept[key]]) + "\n")
        return self._kept.get(key)


def passes(claim: Claim) -> bool:
    """Whether no check but a warning finds anything."""
    found = check(claim.text, claim.passages)
    return not any(problems for name, problems in found.items() if name not in WARNINGS)


def words_in_common(sentence: str, passages: Sequence[str]) -> list[float]:
    """The last three of `COLUMNS`: shares of the sentence's words, 0..1."""
    return [
        coverage(sentence, " ".join(passages)),
        _pairs_covered(sentence, passages),
        max(_longest_copy(sentence, passage) for passage in passages),
    ]


def _pairs_covered(sentence: str, passages: Sequence[str]) -> float:
    """Share of the sentence's neighbouring content words that are neighbours in a passage too."""
    pairs = set(pairwise(content(sentence)))
    there = {pair for passage in passages for pair in pairwise(content(passage))}
    return len(pairs & there) / len(pairs) if pairs else 1.0


def _longest_copy(sentence: str, passage: str) -> float:
    """The longest run of words that both have, as a share of the sentence."""
    ours = [token.lower for token in tokens(sentence) if token.text[0].isalnum()]
    theirs = [token.lower for token in tokens(passage) if token.text[0].isalnum()]
    longest, ending = 0, [0] * (len(theirs) + 1)
    for word in ours:
        row = [0] * (len(theirs) + 1)
        for j, other in enumerate(theirs, start=1):
            if word == other:
                row[j] = ending[j - 1] + 1
                longest = max(longest, row[j])
        ending = row
    return longest / len(ours) if ours else 1.0


def equal_sets(sets: Array) -> Array:
    """Weights that make every set count the same, 1 on average."""
    sizes = Counter(sets.tolist())
    return np.array([len(sets) / len(sizes) / sizes[s] for s in sets.tolist()])


def scored(x: Array, beta: Array) -> Array:
    """Probabilities (n,) of features (n, k) by `beta` (k + 1,)."""
    return np.asarray(1 / (1 + np.exp(-(beta[0] + x @ beta[1:]))))


@dataclass(frozen=True, slots=True)
class Data:
    """All claims: features (n, k), labels, sets, halves, and which have an answer of the model."""

    x: Array
    labels: Array
    sets: Array
    documents: Array
    first_half: Mask
    answered: Mask
    passing: Mask  # no check fails


def measure(claims: Sequence[Claim], answers: Answers, limit: int, both: bool) -> Data:
    """Read all claims by rule, and ask the model about at most `limit` of each set."""
    asked: Counter[str] = Counter()
    odds = []
    for claim in claims:
        yes = None
        if asked[claim.dataset] < limit:
            yes = _log_odds(claim, answers, both)
            asked[claim.dataset] += yes is not None
        odds.append(yes)
    x = np.array(
        [[*features(c.text, c.passages, 0.5), *words_in_common(c.text, c.passages)] for c in claims]
    )
    x[:, ENTAILED] = [0.0 if o is None else o for o in odds]
    return Data(
        x=x,
        labels=np.array([float(c.supported) for c in claims]),
        sets=np.array([c.dataset for c in claims]),
        documents=np.array([c.document for c in claims]),
        first_half=np.array([c.first_half for c in claims]),
        answered=np.array([o is not None for o in odds]),
        passing=np.array([passes(claim) for claim in claims]),
    )


def _log_odds(claim: Claim, answers: Answers, both: bool) -> float | None:
    """Log-odds of Yes, on average over both questions; None without an answer."""
    found = [answers.yes(claim, q) for q in list(QUESTIONS.values())[: 2 if both else 1]]
    if None in found:
        return None
    return float(np.mean([math.log(p / (1 - p)) for p in found if p is not None]))


def parameters(data: Data, rows: Mask, words: Sequence[int], model: bool) -> Array:
    """Bias and weights (k + 1,) fitted on those of `rows` that pass the checks.

    In two stages, as labelled claims are many and the model's answers cost seconds each: first the
    words in common, on all claims; then that score and the model's answer, on those with an answer.
    """
    beta = np.zeros(data.x.shape[1] + 1)
    places = [i + 1 for i in words]
    if words:
        beta[[0, *places]] = fit(
            data.x[rows][:, list(words)], data.labels[rows], equal_sets(data.sets[rows])
        )
    if model:
        judged = rows & data.answered
        score = beta[0] + data.x[:, list(words)] @ beta[places]
        columns = np.column_stack([data.x[:, ENTAILED], score])[judged]
        bias, answer, trust = fit(columns, data.labels[judged], equal_sets(data.sets[judged]))
        beta *= trust
        beta[0] += bias
        beta[ENTAILED + 1] = answer
    return beta


def failing_share(data: Data, rows: Mask) -> float:
    """Share of those of `rows` that fail a check and are supported all the same, 0..1."""
    fails = rows & ~data.passing
    return float(np.average(data.labels[fails], weights=equal_sets(data.sets[rows])[fails[rows]]))


def supports(data: Data, rows: Mask, words: Sequence[int], *, model: bool, checks: bool) -> Array:
    """The support (n,) of every claim by the parameters fitted on `rows`."""
    used = rows & data.passing if checks else rows
    found = scored(data.x, parameters(data, used, words, model))
    if not checks:
        return found
    return np.where(data.passing, found, np.minimum(found, failing_share(data, rows)))


def held_out(
    data: Data, words: Sequence[int], *, model: bool, checks: bool
) -> tuple[Array, Array, Array]:
    """Supports and decisions of every claim by the parameters of the other half, and thresholds.

    A claim that fails a check is never taken for supported where `checks` are in use.
    """
    found, kept, thresholds = np.zeros(len(data.labels)), np.zeros(len(data.labels)), []
    for half in (data.first_half, ~data.first_half):
        support = supports(data, half, words, model=model, checks=checks)
        decided = support * data.passing if checks else support
        fits = half & data.answered
        threshold = best_threshold(data.labels[fits], decided[fits], data.sets[fits])
        found[~half] = support[~half]
        kept[~half] = decided[~half] >= threshold
        thresholds.append(threshold)
    return found, kept, np.array(thresholds)


WAYS: dict[str, tuple[list[int], bool, bool]] = {
    "checks": ([], False, True),
    "words in common": (WORDS, False, False),
    "words and checks": (WORDS, False, True),
    "breaks": ([COPIED, BREAKS], False, False),
    "breaks and checks": ([COPIED, BREAKS], False, True),
    "model's answer": ([], True, False),
    "model's answer and copied": ([COPIED], True, False),
    "model's answer and checks": ([], True, True),
    "the same and words": (WORDS, True, True),
    "the same and breaks": ([COPIED, BREAKS], True, True),
    "the same and copied": ([COPIED], True, True),
}
BEFORE, KEPT, FALLBACK = "model's answer and checks", "the same and copied", "breaks and checks"


def compare(data: Data) -> None:
    """Print AUC and balanced accuracy of every way, on the claims that the model has judged."""
    shown = data.answered
    labels, sets = data.labels[shown], data.sets[shown]
    counts = " ".join(f"{(sets == s).sum():14}" for s in SETS)
    print(f"{'':34}" + " ".join(f"{s:>14}" for s in [*SETS, "mean"]) + "    ECE  thresholds")
    print(f"{'claims judged by the model':34}{counts}")
    raw = 1 / (1 + np.exp(-data.x[shown, ENTAILED]))
    _row("model's answer as it comes", labels, sets, raw, raw >= RAW_THRESHOLD)
    for name, (words, model, checks) in WAYS.items():
        scores, kept, thresholds = held_out(data, words, model=model, checks=checks)
        cuts = "  " + " ".join(f"{t:.2f}" for t in thresholds)
        _row(name, labels, sets, scores[shown], kept[shown], cuts)


def _row(
    name: str, labels: Array, sets: Array, scores: Array, kept: Array, after: str = ""
) -> None:
    cells = []
    for dataset in SETS:
        here = sets == dataset
        found = auc(labels[here], scores[here]), balanced(labels[here], kept[here] > 0)
        cells.append(found)
    mean = np.mean(cells, axis=0).tolist()
    shown = " ".join(f"{a:8.2f}{b:6.2f}" for a, b in [*cells, mean])
    print(f"{name:34}{shown}{calibration_error(labels, scores):7.3f}{after}")


def by_half(data: Data) -> None:
    """Print the kept way on each half of the documents, by what the other half fitted."""
    words, model, checks = WAYS[KEPT]
    scores, kept, _ = held_out(data, words, model=model, checks=checks)
    print(f"\n{KEPT}, by half")
    for name, half in (("first half", data.first_half), ("second half", ~data.first_half)):
        here = half & data.answered
        _row(name, data.labels[here], data.sets[here], scores[here], kept[here])


def cross_validated(data: Data, before: str, kept: str, sure: float) -> None:
    """Print balanced accuracies of two ways on average over `SPLITS` halvings of the documents.

    Beside each, and beside what the second gains on the first, the interval that 95 % of
    `RESAMPLES` resamples of the documents are in: other documents, the same rules. Above them, of
    the claims that people labelled, how many get a support of `sure`, and are supported.
    """
    judged = data.answered & (data.sets != "edits")
    print(
        f"\n{SPLITS} halvings of {judged.sum()} labelled claims: balanced accuracy, 95 % interval"
    )
    found = {}
    for name in (before, kept):
        words, model, checks = WAYS[name]
        halvings = [
            held_out(half, words, model=model, checks=checks)[:2] for half in _halvings(data)
        ]
        found[name] = np.mean([decided for _, decided in halvings], axis=0)
        given = np.array([scores >= sure for scores, _ in halvings]) & judged
        share = float((given * data.labels).sum() / given.sum())
        print(f"{name}: {given.sum() / SPLITS:.0f} given {sure} or more, {share:.3f} supported")
    print(f"{'':20}{'before':>20}{'kept':>20}{'gain':>22}")
    for dataset in SETS:
        rows = np.flatnonzero((data.sets == dataset) & data.answered)
        ways = [found[name][rows] for name in (before, kept)]
        drawn = np.array(
            [_balances(data.labels[rows][i], [way[i] for way in ways])
             for i in _resampled(data.documents[rows])]
        )  # fmt: skip
        all_of_them = _balances(data.labels[rows], ways)
        cells = []
        for value, resampled in zip(all_of_them, drawn.T, strict=True):
            low, high = np.nanquantile(resampled, [0.025, 0.975])
            cells.append(f"{value:7.2f} [{low:5.2f}, {high:4.2f}]")
        print(f"{dataset:20}" + " ".join(cells))


def _halvings(data: Data) -> Iterator[Data]:
    """The same claims with other halves of the documents, `SPLITS` times."""
    rng = np.random.default_rng(0)
    documents, which = np.unique(data.documents, return_inverse=True)
    for _ in range(SPLITS):
        yield replace(data, first_half=(rng.random(len(documents)) < 0.5)[which])


def _resampled(documents: Array) -> Iterator[NDArray[np.intp]]:
    """Rows of as many documents drawn with replacement, `RESAMPLES` times."""
    rng = np.random.default_rng(0)
    names, which = np.unique(documents, return_inverse=True)
    rows = [np.flatnonzero(which == i) for i in range(len(names))]
    for _ in range(RESAMPLES):
        yield np.concatenate([rows[i] for i in rng.integers(len(names), size=len(names))])


def _balances(labels: Array, ways: Sequence[Array]) -> list[float]:
    """Balanced accuracy of two ways, whose decisions are shares of splits, and its gain."""
    good = labels == 1
    if good.all() or not good.any():
        return [math.nan] * 3
    before, kept = (float(way[good].mean() + 1 - way[~good].mean()) / 2 for way in ways)
    return [before, kept, kept - before]


def says_what_it_means(data: Data) -> None:
    """Print which share of the held-out claims people call supported, by the support given."""
    words, model, checks = WAYS[KEPT]
    scores, _, _ = held_out(data, words, model=model, checks=checks)
    edges = [0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 1.01]
    print("\nsupport given   claims   people say supported")
    for low, high in pairwise(edges):
        here = (scores >= low) & (scores < high) & data.answered
        if here.any():
            share = f"{data.labels[here].mean():.2f}"
            print(f"{low:.2f} to {min(high, 1):.2f} {here.sum():9}   {share:>10}")


def write(model: models.ModelFile, data: Data) -> None:
    """Fit on all claims, and put the parameters into calibration.json, the fallback's too."""
    packaged = (m for m in models.REGISTRY.values() if isinstance(m, models.PackagedModel))
    registered = {known.sha256: known.name for known in packaged}
    stored = json.loads(CALIBRATION.read_text(encoding="utf-8"))
    stored["models"][model.sha256] = {
        "name": registered.get(model.sha256, model.name),
        **_entry(data, KEPT),
        "claims": int(data.answered.sum()),
        "data_sha256": _datadigest(),
        "prompts": {name: prompts.load(name).sha256 for name in ("system", "check")},
    }
    fallback = _entry(data, FALLBACK)
    fallback["threshold"] = max(fallback["threshold"], FALLBACK_THRESHOLD)
    stored["fallback"] = fallback
    CALIBRATION.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    print(f"\nwrote {CALIBRATION.relative_to(ROOT)}")


def _entry(data: Data, way: str) -> dict[str, Any]:
    words, model, checks = WAYS[way]
    everything = np.ones(len(data.labels), dtype=bool)
    beta = parameters(data, data.passing, words, model)
    _, _, thresholds = held_out(data, words, model=model, checks=checks)
    return {
        "bias": round(float(beta[0]), 4),
        "weights": {name: round(float(beta[i]), 4) for i, name in enumerate(FEATURES, 1)},
        "threshold": round(float(thresholds.mean()), 3),
        "failing": round(failing_share(data, everything), 3),
    }


def _datadigest() -> str:
    """SHA-256 over the labelled sets' files; the edits follow from code and stories."""
    data = hashlib.sha256()
    for dataset in SETS[:-1]:
        data.update((DATA / f"{dataset}.jsonl").read_bytes())
    return data.hexdigest()


def main() -> None:
    """Run the comparison, and keep its result with `--fit`."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--limit", type=int, default=100, help="claims a set to ask the model of")
    parser.add_argument("--fit", action="store_true", help="write fusion/verify/calibration.json")
    parser.add_argument("--both", action="store_true", help="average over two questions")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--cache", type=Path, default=default_cache_dir() / "verifier.jsonl")
    parser.add_argument("--cached-only", action="store_true", help="ask the model nothing new")
    args = parser.parse_args()

    model = models.resolve(args.model, default_cache_dir())
    opened = None if args.cached_only else (lambda: LlamaCpp(model.path))
    answers = Answers(args.cache, model.sha256, opened)
    claims = [claim for dataset in SETS for claim in load(dataset)]
    data = measure(claims, answers, args.limit, args.both)
    print(
        f"{len(claims)} labelled claims. Held-out halves of the documents: AUC, balanced accuracy"
    )
    compare(data)
    by_half(data)
    cross_validated(data, BEFORE, KEPT, SURE)
    without_a_model = replace(data, answered=np.ones_like(data.answered))
    cross_validated(without_a_model, "words and checks", FALLBACK, FALLBACK_THRESHOLD)
    says_what_it_means(data)
    if answers.asked:
        print(f"\n{answers.seconds / answers.asked:.2f} s an answer, {answers.asked} asked")
    if args.fit:
        write(model, data)


if __name__ == "__main__":
    main()
