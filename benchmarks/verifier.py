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
import re
import time
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import sentencex
from numpy.typing import NDArray

from benchmarks.edits import Edit, edits
from fusion import models, prompts
from fusion.llm import LLM, LlamaCpp, Message
from fusion.settings import DEFAULT_MODEL, default_cache_dir
from fusion.verify import WARNINGS, check
from fusion.verify.calibration import Array, fit
from fusion.verify.entailment import FEATURES, features
from fusion.verify.text import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ.get("FUSION_DATA", ROOT.parent / "shared" / "data")) / "faithfulness"
CALIBRATION = ROOT / "fusion" / "verify" / "calibration.json"
Mask = NDArray[np.bool_]
SETS = ("qags_cnndm", "qags_xsum", "summedits_news", "attributionbench", "edits")
# Asked after the same passages and sentence; the first is the one of prompts/check.md.
QUESTIONS = {
    "true": "According to the passages, is the sentence true? Answer Yes or No.",
    "every detail": "Is every detail of the sentence stated in the passages? Answer Yes or No.",
}
ENTAILED = FEATURES.index("entailed")
WORDS = [i for i in range(len(FEATURES)) if i != ENTAILED]
RAW_THRESHOLD = 0.5
EDITS = 1500  # of the edited sentences; the labelled sets are all smaller
FALLBACK_THRESHOLD = 0.7  # stricter: without the model's answer more that is wrong looks right
CLAIM_WORDS, PASSAGES_CHARACTERS = 60, 1800  # longer ones are summaries and tables, not sentences
CLOSEST, SHORT_DOCUMENT_WORDS, PASSAGE_WORDS, PASSAGES = 3, 100, 60, 6


@dataclass(frozen=True, slots=True)
class Claim:
    """A labelled claim and the passages that it is judged by."""

    id: str
    dataset: str
    document: str  # its hash: what the split goes by
    text: str
    supported: bool
    passages: tuple[str, ...]

    @property
    def first_half(self) -> bool:
        """Which half its document is in: what is fitted on one is reported on the other."""
        return int(_hash("half", self.document)[:8], 16) % 2 == 0


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _tidy(text: str) -> str:
    """Undo what the sets' own tokenisation did to numbers, and drop citation marks."""
    text = re.sub(r"(\d), (\d{3})\b", r"\1,\2", text)
    text = re.sub(r"(\d)\. (\d)", r"\1.\2", text)
    text = re.sub(r"([$£€]) (\d)", r"\1\2", text)
    text = re.sub(r"(\w) - (?=\w+ - |year|old)", r"\1-", text)
    text = re.sub(r"\s*\[\d+\]", "", text).replace("**", "")
    return re.sub(r"^\s*\d+\\?\. ", "", text)


def _words(text: str) -> set[str]:
    found = (word.lower() for word in re.findall(r"[^\W_]+(?:['’][a-z]+)?", text))
    return {word for word in found if word not in STOP_WORDS}


def closest(claim: str, sentences: Sequence[str], count: int = CLOSEST) -> list[str]:
    """Pick the sentences that share most rare words with the claim, each adding new ones."""
    if sum(len(s.split()) for s in sentences) <= SHORT_DOCUMENT_WORDS:
        return list(sentences)
    bags = [_words(s) for s in sentences]
    frequency = Counter(word for bag in bags for word in bag)
    rarity = {word: math.log(1 + len(bags) / n) for word, n in frequency.items()}
    need, got, chosen = _words(claim), set[str](), list[int]()

    def worth(i: int) -> float:
        shared = need & bags[i]
        new = sum(rarity[w] for w in shared - got)
        return float((0.3 * sum(rarity[w] for w in shared) + new) / (1 + len(bags[i])) ** 0.25)

    while len(chosen) < min(count, len(sentences)):
        best = max((i for i in range(len(bags)) if i not in chosen), key=worth)
        chosen.append(best)
        got |= bags[best]
    return [sentences[i] for i in sorted(chosen)]


def load(dataset: str, limit: int | None = EDITS) -> list[Claim]:
    """The claims of a set, at most `limit`, in an order that is the same everywhere."""
    if dataset == "edits":
        made = sorted(edits(), key=lambda edit: (_hash(*edit.passages), edit.kind))
        return [_of_edit(edit) for edit in made[:limit]]
    rows = [json.loads(line) for line in (DATA / f"{dataset}.jsonl").open(encoding="utf-8")]
    claims = []
    for row in sorted(rows, key=lambda row: _hash(row["id"])):
        text = " ".join(_tidy(row["claim"]).split())
        sentences = [s.strip() for s in sentencex.segment("en", _tidy(row["document"]))]
        near = closest(text, [s for s in sentences if len(s.split()) > 1])
        passages = tuple(" ".join(s.split()[:PASSAGE_WORDS]) for s in near[:PASSAGES])
        if not passages or len(text.split()) > CLAIM_WORDS:
            continue
        if sum(map(len, passages)) > PASSAGES_CHARACTERS:
            continue
        document = _hash(row["document"])
        claims.append(Claim(row["id"], dataset, document, text, row["label"] == 1, passages))
    return claims[:limit]


def _of_edit(edit: Edit) -> Claim:
    return Claim(
        id=_hash(edit.kind, edit.text)[:12],
        dataset="edits",
        document=_hash(edit.story),
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
        key = _hash(self._sha256, filled[0].content, content)
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


def auc(labels: Array, scores: Array) -> float:
    """Probability that a supported claim scores above an unsupported one; ties count half."""
    good, bad = scores[labels == 1], scores[labels == 0]
    above = (good[:, None] > bad).mean() + (good[:, None] == bad).mean() / 2
    return float(above)


def balanced(labels: Array, kept: Mask) -> float:
    """Mean of the shares of supported and of unsupported claims that are told right."""
    return float((kept[labels == 1].mean() + (~kept)[labels == 0].mean()) / 2)


def best_threshold(labels: Array, scores: Array, sets: Array) -> float:
    """The middle of the thresholds whose balanced accuracy, on average over the sets, is best.

    Within 0.01 of the best counts as best: one claim more or less is chance.
    """
    grid = np.unique(np.round(scores, 2))
    means = np.array(
        [
            np.mean([balanced(labels[sets == s], scores[sets == s] >= t) for s in np.unique(sets)])
            for t in grid
        ]
    )
    return float(np.median(grid[means >= means.max() - 0.01]))


def calibration_error(labels: Array, scores: Array, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width (Guo et al. 2017), 0..1."""
    which = np.minimum((scores * bins).astype(int), bins - 1)
    gaps = [
        abs(labels[which == b].mean() - scores[which == b].mean()) * (which == b).mean()
        for b in np.unique(which)
    ]
    return float(np.sum(gaps))


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
    x = np.array([features(claim.text, claim.passages, 0.5) for claim in claims])
    x[:, ENTAILED] = [0.0 if o is None else o for o in odds]
    return Data(
        x=x,
        labels=np.array([float(c.supported) for c in claims]),
        sets=np.array([c.dataset for c in claims]),
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
    "model's answer": ([], True, False),
    "model's answer and words": (WORDS, True, False),
    "model's answer and checks": ([], True, True),
    "model's answer, words and checks": (WORDS, True, True),
}
KEPT, FALLBACK = "model's answer and checks", "words and checks"


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
        "data_sha256": _data_hash(),
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
        "weights": {n: round(float(w), 4) for n, w in zip(FEATURES, beta[1:], strict=True)},
        "threshold": round(float(thresholds.mean()), 3),
        "failing": round(failing_share(data, everything), 3),
    }


def _data_hash() -> str:
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
    says_what_it_means(data)
    if answers.asked:
        print(f"\n{answers.seconds / answers.asked:.2f} s an answer, {answers.asked} asked")
    if args.fit:
        write(model, data)


if __name__ == "__main__":
    main()
