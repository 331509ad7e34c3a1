"""Measure and fit the verifier on sentences that people have labelled.

    python benchmarks/verifier.py [--limit N] [--fit] [--model NAME|PATH] [--cache FILE]

Reads `faithfulness/*.jsonl` of FUSION_DATA (default ../shared/data). Half of the documents of each
set fit the parameters, the other half are reported; no document is in both. Each document is cut
down to the sentences closest to the claim, as a summary's sentence comes with the few that it
cites. The model's answers are kept in `--cache`, so that it is asked each question once.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import math
import os
import re
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import sentencex
from edits import Edit, edits

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
SETS = ("qags_cnndm", "qags_xsum", "summedits_news", "attributionbench", "edits")
# Asked after the same passages and sentence; the first is the one of prompts/check.md.
QUESTIONS = {
    "true": "According to the passages, is the sentence true? Answer Yes or No.",
    "every detail": "Is every detail of the sentence stated in the passages? Answer Yes or No.",
}
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
    def fits(self) -> bool:
        """Whether it belongs to the half that fits the parameters."""
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


def load(dataset: str, limit: int) -> list[Claim]:
    """At most `limit` claims of a set, in an order that is the same everywhere and has no trend."""
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


def table(claims: Sequence[Claim], entailed: Sequence[float]) -> Array:
    """The features of every claim, (n, len(FEATURES))."""
    rows = []
    for claim, probability in zip(claims, entailed, strict=True):
        found = check(claim.text, claim.passages)
        failed = sum(bool(p) for name, p in found.items() if name not in WARNINGS)
        rows.append(features(claim.text, claim.passages, probability, failed))
    return np.array(rows)


def auc(labels: Array, scores: Array) -> float:
    """Probability that a supported claim scores above an unsupported one; ties count half."""
    good, bad = scores[labels == 1], scores[labels == 0]
    above = (good[:, None] > bad).mean() + (good[:, None] == bad).mean() / 2
    return float(above)


def balanced(labels: Array, scores: Array, threshold: float) -> float:
    """Mean of the shares of supported and of unsupported claims that are told right."""
    kept = scores >= threshold
    return float((kept[labels == 1].mean() + (~kept)[labels == 0].mean()) / 2)


def best_threshold(labels: Array, scores: Array, sets: Array) -> float:
    """The threshold with the highest balanced accuracy on average over the sets."""
    grid = np.unique(np.round(scores, 3))
    means = [
        np.mean([balanced(labels[sets == s], scores[sets == s], t) for s in np.unique(sets)])
        for t in grid
    ]
    return float(grid[int(np.argmax(means))])


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


def fitted(x: Array, labels: Array, sets: Array, use: Sequence[int]) -> Array:
    """Bias and weights over all features; those not in `use` are 0."""
    beta = fit(x[:, list(use)], labels, equal_sets(sets))
    full = np.zeros(x.shape[1] + 1)
    full[0] = beta[0]
    full[[i + 1 for i in use]] = beta[1:]
    return full


def scored(x: Array, beta: Array) -> Array:
    """Probabilities (n,) of features (n, k) by `beta` (k + 1,)."""
    return np.asarray(1 / (1 + np.exp(-(beta[0] + x @ beta[1:]))))


@dataclass(frozen=True, slots=True)
class Half:
    """One half of the claims: features (n, k), a second question's log-odds, labels, sets."""

    x: Array
    second: Array
    labels: Array
    sets: Array


def half(claims: Sequence[Claim], answers: Answers, both: bool) -> Half:
    """Ask the model what is not kept, and put together what there is an answer for."""
    kept, first, second = [], [], []
    for claim in claims:
        one = answers.yes(claim, QUESTIONS["true"])
        two = answers.yes(claim, QUESTIONS["every detail"]) if both else one
        if one is not None and two is not None:
            kept.append(claim)
            first.append(one)
            second.append(math.log(two / (1 - two)))
    return Half(
        x=table(kept, first),
        second=np.array(second),
        labels=np.array([float(c.supported) for c in kept]),
        sets=np.array([c.dataset for c in kept]),
    )


def with_average(part: Half) -> Array:
    """The features with the mean of both questions in place of the first."""
    x = part.x.copy()
    x[:, 0] = (x[:, 0] + part.second) / 2
    return x


def report(name: str, test: Half, scores: Array, threshold: float) -> None:
    """Print AUC and balanced accuracy of every set, on average, and the calibration error."""
    cells = []
    for dataset in SETS:
        here = test.sets == dataset
        labels, found = test.labels[here], scores[here]
        cells.append((auc(labels, found), balanced(labels, found, threshold)))
    mean = tuple(float(v) for v in np.mean(cells, axis=0))
    shown = " ".join(f"{a:8.2f}{b:6.2f}" for a, b in [*cells, mean])
    print(f"{name:34}{shown}{calibration_error(test.labels, scores):7.3f}{threshold:7.2f}")


def compare(fit_half: Half, test: Half, both: bool) -> dict[str, tuple[Array, float]]:
    """Print the table of all ways; return bias and weights with threshold of the ones kept."""
    every = range(len(FEATURES))
    ways = {
        "model's answer": (fit_half.x, test.x, [0]),
        "words in common": (fit_half.x, test.x, [1, 2, 3, 4]),
        "words and checks": (fit_half.x, test.x, [1, 2, 3, 4, 5]),
        "model's answer and words": (fit_half.x, test.x, [0, 1, 2, 3, 4]),
        "all": (fit_half.x, test.x, list(every)),
    }
    if both:
        averaged = with_average(fit_half), with_average(test)
        ways["two questions averaged"] = (*averaged, [0])
        ways["all, two questions averaged"] = (*averaged, list(every))
    sets = " ".join(f"{s:>14}" for s in [*SETS, "mean"])
    print(f"{'held-out documents, AUC and BA':34}{sets}    ECE  threshold")
    raw = np.asarray(1 / (1 + np.exp(-test.x[:, 0])))
    report("model's answer, not calibrated", test, raw, 0.5)
    report("checks only", test, np.asarray(test.x[:, 5] == 0, dtype=np.float64), 0.5)
    kept = {}
    for name, (x, x_test, use) in ways.items():
        beta = fitted(x, fit_half.labels, fit_half.sets, use)
        threshold = best_threshold(fit_half.labels, scored(x, beta), fit_half.sets)
        report(name, test, scored(x_test, beta), threshold)
        kept[name] = (beta, threshold)
    return kept


def says_what_it_means(test: Half, beta: Array) -> None:
    """Print which share of the held-out claims is supported, by the support they are given."""
    scores = scored(test.x, beta)
    edges = [0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 1.01]
    print("\nsupport given   claims   people say supported")
    for low, high in itertools.pairwise(edges):
        here = (scores >= low) & (scores < high)
        if here.any():
            share = f"{test.labels[here].mean():.2f}"
            print(f"{low:.2f} to {min(high, 1):.2f} {here.sum():9}   {share:>10}")


def entry(beta: Array, threshold: float) -> dict[str, object]:
    """One model's parameters as they are kept."""
    weights = {name: round(float(w), 4) for name, w in zip(FEATURES, beta[1:], strict=True)}
    return {
        "bias": round(float(beta[0]), 4),
        "weights": weights,
        "threshold": round(threshold, 3),
    }


def main() -> None:
    """Run the comparison, and keep its result with `--fit`."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--limit", type=int, default=200, help="claims a set at most")
    parser.add_argument("--fit", action="store_true", help="write fusion/verify/calibration.json")
    parser.add_argument("--both", action="store_true", help="ask the second question too")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--cache", type=Path, default=default_cache_dir() / "verifier.jsonl")
    parser.add_argument("--cached-only", action="store_true", help="ask the model nothing new")
    args = parser.parse_args()

    model = models.resolve(args.model, default_cache_dir())
    opened = None if args.cached_only else (lambda: LlamaCpp(model.path))
    answers = Answers(args.cache, model.sha256, opened)
    claims = [claim for dataset in SETS for claim in load(dataset, args.limit)]
    fit_half = half([c for c in claims if c.fits], answers, args.both)
    test = half([c for c in claims if not c.fits], answers, args.both)
    print(f"{model.name}: {len(fit_half.labels)} claims to fit, {len(test.labels)} held out")
    if answers.asked:
        print(f"{answers.seconds / answers.asked:.2f} s a question")

    kept = compare(fit_half, test, args.both)
    says_what_it_means(test, kept["all"][0])
    if args.fit:
        write(model, fit_half, kept)


def write(model: models.ModelFile, part: Half, kept: dict[str, tuple[Array, float]]) -> None:
    """Put the model's parameters into calibration.json, and the fallback with them."""
    data = hashlib.sha256()
    for dataset in SETS:
        data.update((DATA / f"{dataset}.jsonl").read_bytes())
    stored = json.loads(CALIBRATION.read_text(encoding="utf-8"))
    stored["models"][model.sha256] = {
        "name": model.name,
        **entry(*kept["all"]),
        "claims": len(part.labels),
        "data_sha256": data.hexdigest(),
        "prompt_sha256": prompts.load("check").sha256,
    }
    beta, threshold = kept["words and checks"]
    stored["fallback"] = entry(beta, max(threshold, FALLBACK_THRESHOLD))
    CALIBRATION.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    print(f"wrote {CALIBRATION.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
