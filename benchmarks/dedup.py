"""How well deduplication tells copies, rewrites and other stories from independent reports.

    python -m benchmarks.dedup [--half tune|report] [--scale-only | --no-scale]

Real stories come from `FUSION_DATA`. To each, one variant of one of its reports is added, and the
grouping is compared with the truth: the variant belongs with its report and with nothing else, and
nothing else changes. Reports of other stories are planted too: they are to be found, and none of
the story's own to be lost. Thresholds were set on the "tune" half of the stories; the figures to
quote are those of the "report" half. The invented stories of `eval/stories` follow, and CPU seconds
by the number of reports.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
import yaml

from fusion.clean import clean
from fusion.dedup import dedup
from fusion.embed import E5Embedder, Remembered
from fusion.ingest import ingest
from fusion.types import Article, Metadata, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from fusion.embed import PassageEmbedder
    from fusion.types import Grouping

    Variant = Callable[[str, random.Random], str]

DATA = Path(os.environ.get("FUSION_DATA", Path(__file__).parents[2] / "shared" / "data"))
PLANTED = Path(__file__).parents[1] / "eval" / "stories"
BASES = 3  # reports of each story that variants are made of
MIN_WORDS = 120  # of such a report
MAX_WORDS = 1500
STRANGERS = 6  # planted in each story from the stories most like it, and as many from any other
OPENING = 600  # code points of a report that tell how like two stories are
MAX_ARTICLE = 6000  # words; a scraped archive of a whole site is no report

# ── Variants of a report ──────────────────────────────────────────────────────────────────────

SYNONYMS = {
    "said": "told", "says": "states", "people": "individuals", "government": "administration",
    "officials": "authorities", "police": "law enforcement", "killed": "slain", "died": "perished",
    "attack": "assault", "attacks": "assaults", "reported": "announced", "report": "account",
    "country": "nation", "countries": "nations", "leader": "chief", "president": "head of state",
    "company": "firm", "new": "fresh", "old": "aged", "big": "huge", "large": "sizeable",
    "small": "little", "show": "reveal", "shows": "reveals", "began": "started", "begin": "start",
    "help": "assist", "need": "require", "want": "wish", "many": "numerous", "several": "various",
    "most": "the bulk of", "about": "around", "after": "following", "before": "ahead of",
    "because": "since", "however": "nonetheless", "also": "likewise", "near": "close to",
    "between": "amid", "during": "throughout", "while": "whereas", "under": "beneath",
    "home": "residence", "house": "dwelling", "children": "kids", "child": "youngster",
    "woman": "lady", "man": "male", "family": "household", "friends": "pals", "work": "labour",
    "job": "post", "money": "funds", "pay": "remunerate", "cost": "price", "buy": "purchase",
    "sell": "vend", "make": "create", "made": "created", "found": "discovered", "find": "discover",
    "use": "utilise", "used": "utilised", "take": "grab", "took": "grabbed", "give": "provide",
    "gave": "provided", "get": "obtain", "got": "obtained", "come": "arrive", "came": "arrived",
    "go": "travel", "went": "travelled", "see": "witness", "saw": "witnessed", "think": "believe",
    "know": "understand", "called": "named", "asked": "requested", "told": "informed",
    "added": "continued", "including": "comprising", "according": "as per", "expected":
    "anticipated", "plan": "scheme", "plans": "schemes", "decision": "ruling", "agreement": "pact",
    "meeting": "gathering", "talks": "discussions", "war": "conflict", "peace": "calm",
    "soldiers": "troops", "forces": "units", "military": "army", "court": "tribunal",
    "law": "statute", "judge": "magistrate", "case": "matter", "charges": "accusations",
    "arrested": "detained", "prison": "jail", "public": "open", "first": "initial",
    "last": "final", "next": "coming", "year": "twelvemonth", "years": "seasons", "day": "date",
    "days": "dates", "week": "seven days", "month": "moon", "today": "this day", "time": "moment",
    "end": "finish", "start": "outset", "part": "portion", "number": "figure", "group": "band",
    "members": "participants", "member": "participant", "area": "zone", "city": "town",
    "town": "locality", "state": "province", "world": "globe", "international": "global",
    "national": "countrywide", "local": "nearby", "political": "partisan", "economic": "financial",
    "health": "wellbeing", "water": "liquid", "food": "nourishment", "car": "automobile",
    "road": "street", "plane": "aircraft", "ship": "vessel", "storm": "tempest", "fire": "blaze",
    "damage": "harm", "injured": "wounded", "dead": "lifeless", "victims": "casualties",
    "hospital": "clinic", "doctor": "physician", "doctors": "physicians", "school": "academy",
    "student": "pupil", "students": "pupils", "study": "investigation", "research": "inquiry",
    "problem": "trouble", "problems": "troubles", "important": "vital", "possible": "feasible",
    "likely": "probable", "clear": "evident", "good": "fine", "bad": "poor", "high": "elevated",
    "low": "reduced", "strong": "powerful", "support": "backing", "against": "opposed to",
    "without": "lacking", "within": "inside", "through": "via", "more": "further",
    "than": "compared with", "very": "extremely", "only": "merely", "still": "yet",
    "just": "simply", "even": "indeed", "again": "anew", "already": "by now", "never": "at no time",
    "always": "constantly", "would": "was to", "could": "was able to", "should": "ought to",
    "must": "has to", "can": "is able to", "will": "shall", "may": "might", "has": "holds",
    "have": "hold", "been": "become", "being": "existing", "statement": "declaration",
    "announced": "declared", "released": "issued", "release": "issue", "held": "kept",
    "left": "departed", "won": "triumphed in", "lost": "forfeited", "win": "triumph",
    "believe": "hold", "claimed": "maintained", "claim": "assertion", "warned": "cautioned",
    "denied": "rejected", "confirmed": "verified", "ordered": "commanded", "opened": "unsealed",
    "closed": "shut", "continue": "persist", "continued": "persisted", "increase": "rise",
    "increased": "rose", "fell": "dropped", "rose": "climbed", "early": "premature",
    "late": "tardy", "recent": "latest", "former": "previous", "senior": "high-ranking",
    "top": "leading", "major": "principal", "main": "chief", "whole": "entire", "often": "commonly",
}  # fmt: skip

BRITISH = {
    "defense": "defence", "color": "colour", "labor": "labour", "center": "centre",
    "organization": "organisation", "program": "programme", "honor": "honour", "harbor": "harbour",
    "realize": "realise", "recognize": "recognise", "analyze": "analyse", "traveled": "travelled",
    "canceled": "cancelled", "favor": "favour", "neighbor": "neighbour", "theater": "theatre",
}  # fmt: skip

BOILERPLATE = (
    "Our correspondent contributed to this account from the region.",
    "The newsroom will go on following this matter in the days to come.",
    "Readers who saw something can write to the desk in Halm.",
)

_SENTENCE = re.compile(r"(?<=[.!?][\"”’])\s+|(?<=[.!?])\s+(?=[A-Z“\"])")
_NUMBER = re.compile(r"\b\d{1,3}\b")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")


def trim(text: str, chance: random.Random) -> str:
    """The beginning, as a short slot in print leaves it."""
    lines = _sentences(text)
    return _joined(lines[: max(3, round(len(lines) * chance.uniform(0.3, 0.7)))])


def thin_out(text: str, chance: random.Random) -> str:
    """A third of the sentences left out, the lead kept."""
    lines = _sentences(text)
    return _joined([line for i, line in enumerate(lines) if i < 2 or chance.random() > 0.33])


def reorder(text: str, chance: random.Random) -> str:
    """All sentences after the lead in another order."""
    lead, *rest = _sentences(text)
    chance.shuffle(rest)
    return _joined([lead, *rest])


def respell(text: str, _: random.Random) -> str:
    """British spelling, hyphens for dashes and straight quotes."""
    for american, british in BRITISH.items():
        text = re.sub(rf"\b{american}", british, text, flags=re.IGNORECASE)
    text = re.sub(r"\b(\w{3,})iz(e|es|ed|ing|ation)\b", r"\1is\2", text)
    return text.translate(str.maketrans("“”’—–", '""\'--'))


def slant(text: str, _: random.Random) -> str:
    """The two most frequent names replaced throughout, each by a phrase."""
    names = Counter(_NAME.findall(text)).most_common(2)
    for (name, _count), phrase in zip(
        names, ("the old enemy", "the so-called Union"), strict=False
    ):
        text = re.sub(rf"\b{name}\b", phrase, text)
    return text


def edit(text: str, chance: random.Random) -> str:
    """Local edits: a dateline, some sentences dropped, words changed, a few lines of its own."""
    lines = [line for line in _sentences(text) if chance.random() > 0.12]
    lines = [_reword(line, chance, 0.15) for line in lines]
    return _joined([f"HALM (ONS) - {lines[0]}", *lines[1:], *BOILERPLATE])


def spin(text: str, chance: random.Random) -> str:
    """What article spinners do: every known word replaced, names and numbers sometimes wrong."""
    return _joined([_spun(line, chance) for line in _sentences(text)])


def spin_shorter(text: str, chance: random.Random) -> str:
    """A spun text of which the end is missing, and some sentences."""
    lines = _sentences(text)
    kept = lines[: max(9, round(len(lines) * 0.7))]
    return _joined([_spun(line, chance) for line in kept if chance.random() > 0.08])


COPIES: dict[str, Variant] = {
    "trim": trim,
    "thin out": thin_out,
    "reorder": reorder,
    "respell": respell,
    "slant": slant,
    "local edits": edit,
}
REWRITES: dict[str, Variant] = {"spin": spin, "spin, shorter": spin_shorter}


def _spun(sentence: str, chance: random.Random) -> str:
    sentence = _reword(sentence, chance, 0.9)
    if chance.random() < 0.15:
        sentence = _NUMBER.sub(lambda match: str(int(match.group()) + 3), sentence, count=1)
    if chance.random() < 0.15:
        sentence = _NAME.sub("Halvorsen", sentence, count=1)
    clauses = sentence.rstrip(".").split(", ")
    if len(clauses) == 2 and '"' not in sentence and "”" not in sentence and chance.random() < 0.4:
        first, second = clauses
        sentence = f"{second[0].upper()}{second[1:]}, {first[0].lower()}{first[1:]}."
    return sentence


def _reword(sentence: str, chance: random.Random, share: float) -> str:
    def other(match: re.Match[str]) -> str:
        word = match.group()
        new = SYNONYMS.get(word.lower())
        if new is None or chance.random() > share:
            return word
        return new.capitalize() if word[0].isupper() else new

    return re.sub(r"[A-Za-z]+", other, sentence)


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE.split(text.replace("\n", " ")) if part.strip()]


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(" ".join(lines[i : i + 2]) for i in range(0, len(lines), 2))


def seeded(seed: str) -> random.Random:
    """The same choices in every run."""
    return random.Random(seed)  # noqa: S311 - nothing here is a secret


# ── Measures ──────────────────────────────────────────────────────────────────────────────────


@dataclass
class Tally:
    """Pairs of reports put together rightly, wrongly, or not at all; or reports so marked."""

    cases: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """1 where nothing was claimed."""
        return self.right / max(1, self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """1 where there was nothing to find."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def row(self, name: str) -> str:
        """A line of the table."""
        return f"{name:<28}{self.cases:>6}{self.precision:>11.3f}{self.recall:>9.3f}{self.f1:>9.3f}"


def load_stories(half: str) -> dict[str, list[Article]]:
    """Every second story of `FUSION_DATA`, cleaned: "tune" the even ones, "report" the odd."""
    folders = sorted(path.parent for path in (DATA / "stories").glob("**/articles"))
    stories = {}
    for folder in folders[0 if half == "tune" else 1 :: 2]:
        articles, _ = clean(ingest(folder / "articles")[0])
        stories[folder.name] = [a for a in articles if a.words <= MAX_ARTICLE]
    return stories


def pairs(grouping: Grouping) -> set[frozenset[str]]:
    """All pairs of reports that are one voice."""
    return {
        frozenset((one, other))
        for group in grouping.groups
        for one in group.members
        for other in group.members
        if one < other
    }


def roles(grouping: Grouping) -> dict[str, Role]:
    """Role by id."""
    return {source.article.id: source.role for source in grouping.sources}


def measure(stories: dict[str, list[Article]], embedder: PassageEmbedder) -> None:
    """Print the table for `stories`."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    near = by_likeness(stories, embedder)
    for name, articles in stories.items():
        plain = dedup(articles, embedder)
        derived = [key for key, role in roles(plain).items() if role is Role.DERIVED]
        tallies["derived"].wrong += len(derived)
        tallies["derived"].notes += [f"{name}: {len(derived)} derived"] if derived else []
        _measure_variants(name, articles, plain, embedder, tallies)
        _measure_off_topic(name, stories, near[name], plain, embedder, tallies)
    print(f"{'':<28}{'cases':>6}{'precision':>11}{'recall':>9}{'F1':>9}")
    for label, names in (("copies and trims, all", COPIES), ("rewrites, all", REWRITES)):
        total = Tally()
        for kind in names:
            print(tallies[kind].row(kind))
            for attribute in ("cases", "right", "wrong", "missed"):
                value = getattr(total, attribute) + getattr(tallies[kind], attribute)
                setattr(total, attribute, value)
        print(total.row(label))
    print(tallies["role"].row("rewrite is the derived one"))
    for kind, label in (("like", "a like"), ("any", "any other")):
        print(tallies[f"off topic, {kind}"].row(f"off topic, of {label} story"))
    print(
        f"reports as they are: {sum(map(len, stories.values()))}, marked derived: "
        f"{tallies['derived'].wrong}, off topic: {tallies['lost'].wrong}"
    )
    for note in (note for tally in tallies.values() for note in tally.notes):
        print("  ", note)


def _measure_variants(
    name: str,
    articles: Sequence[Article],
    plain: Grouping,
    embedder: PassageEmbedder,
    tallies: dict[str, Tally],
) -> None:
    usable = [
        a
        for a, source in zip(articles, plain.sources, strict=True)
        if MIN_WORDS <= a.words <= MAX_WORDS and source.role is not Role.OFF_TOPIC
    ]
    known = pairs(plain)
    for base in usable[:BASES]:
        group = next(g for g in plain.groups if base.id in g.members)
        truth = known | {frozenset((member, "variant")) for member in group.members}
        for kind, make in (COPIES | REWRITES).items():
            chance = seeded(f"{name} {base.file} {kind}")
            variant = Article("variant", "variant.txt", make(base.text, chance), Metadata())
            found = dedup([*articles, variant], embedder)
            claimed = pairs(found)
            tally = tallies[kind]
            tally.cases += 1
            tally.right += len({p for p in truth & claimed if "variant" in p})
            tally.missed += len(truth - claimed)
            tally.wrong += len(claimed - truth)
            if claimed != truth:
                tally.notes.append(
                    f"{kind}: {name}/{base.file} (+{len(claimed - truth)} -{len(truth - claimed)})"
                )
            if kind in REWRITES and frozenset((base.id, "variant")) in claimed:
                told = roles(found)
                tallies["role"].cases += 1
                tallies["role"].right += told["variant"] is Role.DERIVED
                tallies["role"].wrong += told["variant"] is not Role.DERIVED


def _measure_off_topic(
    name: str,
    stories: dict[str, list[Article]],
    near: Sequence[str],
    plain: Grouping,
    embedder: PassageEmbedder,
    tallies: dict[str, Tally],
) -> None:
    """Plant a report of each of the stories most like this one, and as many of any stories."""
    chance = seeded(name)
    articles = [source.article for source in plain.sources]
    before = {key for key, role in roles(plain).items() if role is Role.OFF_TOPIC}
    lost = tallies["lost"]
    lost.wrong += len(before)
    lost.notes += [f"off topic as it is: {name}/{a.file}" for a in articles if a.id in before]
    likes = near[:STRANGERS]
    others = chance.sample([key for key in near if key not in likes], STRANGERS)
    for kind, keys in (("like", likes), ("any", others)):
        tally = tallies[f"off topic, {kind}"]
        for key in keys:
            stranger = Article("stranger", "x", chance.choice(stories[key]).text, Metadata())
            told = roles(dedup([*articles, stranger], embedder))
            marked = {key for key, role in told.items() if role is Role.OFF_TOPIC} - before
            tally.cases += 1
            tally.right += "stranger" in marked
            tally.missed += "stranger" not in marked
            tally.wrong += len(marked - {"stranger"})
            tally.notes += [f"lost: {name}/{a.file} for {key}" for a in articles if a.id in marked]


def by_likeness(
    stories: dict[str, list[Article]], embedder: PassageEmbedder
) -> dict[str, list[str]]:
    """For each story the others, those first whose openings are nearest to its own."""
    means = [
        embedder.passages([article.text[:OPENING] for article in articles]).mean(axis=0)
        for articles in stories.values()
    ]
    vectors = np.stack([mean / np.linalg.norm(mean) for mean in means])
    cosines = vectors @ vectors.T
    keys = list(stories)
    return {
        name: [keys[j] for j in np.argsort(-cosines[i], kind="stable") if j != i]
        for i, name in enumerate(keys)
    }


# ── Planted stories ───────────────────────────────────────────────────────────────────────────


def measure_planted(embedder: PassageEmbedder) -> None:
    """Print how the invented stories of `eval/stories`, whose truth is known, are told apart."""
    pairs_of, right, total = Tally(), 0, 0
    notes = []
    for gold in sorted(PLANTED.glob("*/gold.yaml")):
        truth = yaml.safe_load(gold.read_text(encoding="utf-8"))["articles"]
        articles, _ = clean(ingest(gold.parent / "articles")[0])
        found = dedup(articles, embedder)
        file = {article.id: article.file for article in articles}
        claimed = {frozenset(file[key] for key in pair) for pair in pairs(found)}
        one_voice = {
            frozenset(pair)
            for pair in combinations(truth, 2)
            if truth[pair[0]]["group"] == truth[pair[1]]["group"]
        }
        pairs_of.cases += 1
        pairs_of.right += len(claimed & one_voice)
        pairs_of.wrong += len(claimed - one_voice)
        pairs_of.missed += len(one_voice - claimed)
        for key, role in roles(found).items():
            wanted = truth[file[key]]["role"]
            total += 1
            right += role == wanted
            if role != wanted:
                notes.append(f"{gold.parent.name}/{file[key]}: {role}, but is {wanted}")
    print(pairs_of.row("planted stories, groups"))
    print(f"planted stories, roles: {right} of {total}")
    for note in notes:
        print("  ", note)


# ── Scale ─────────────────────────────────────────────────────────────────────────────────────


class FreeEmbedder:
    """Vectors at next to no cost, so that what is timed is everything else."""

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Random unit vectors, the same for the same text."""
        drawn = [np.random.default_rng(crc32(t.encode())).standard_normal(384) for t in texts]
        return np.asarray([v / np.linalg.norm(v) for v in drawn], dtype=np.float32)


def synthetic_story(count: int, chance: random.Random) -> Iterator[Article]:
    """Reports of 600 words on one subject, three in ten of them copies, trims or edits."""
    words = ["".join(chance.choices("aeioulnrstdkm", k=chance.randint(2, 9))) for _ in range(20000)]
    names = [word.capitalize() for word in words[:400]]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    made: list[str] = []
    for i in range(count):
        if made and chance.random() < 0.3:
            text = chance.choice((trim, edit, reorder, str_of))(chance.choice(made), chance)
        else:
            text = _written(chance, words, weights, names)
            made.append(text)
        yield Article(f"{i:06}", f"{i}.txt", text, Metadata(language="en"))


def str_of(text: str, _: random.Random) -> str:
    """The text as it is: a reprint."""
    return text


def _written(
    chance: random.Random, words: Sequence[str], weights: Sequence[float], names: Sequence[str]
) -> str:
    sentences = []
    for _ in range(28):
        line = chance.choices(words, weights, k=19)
        for _ in range(2):
            line.insert(chance.randint(1, len(line) - 1), chance.choice(names))
        sentences.append(" ".join(line).capitalize() + ".")
    return _joined(sentences)


def measure_scale() -> None:
    """Print seconds of one core, embedding left out, for stories of 100 to 3,000 reports."""
    print(f"{'articles':>9}{'seconds':>9}{'ms an article':>15}{'groups':>8}")
    for count in (100, 300, 1000, 3000):
        articles = list(synthetic_story(count, seeded(str(count))))
        start = time.process_time()
        groups = len(dedup(articles, FreeEmbedder()).groups)
        seconds = time.process_time() - start
        print(f"{count:>9}{seconds:>9.2f}{1000 * seconds / count:>15.2f}{groups:>8}")


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=("tune", "report"), default="report")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--scale-only", action="store_true")
    which.add_argument("--no-scale", action="store_true")
    arguments = parser.parse_args()
    if not arguments.scale_only:
        if not (DATA / "stories").is_dir():
            print(f"{DATA / 'stories'}: no such folder; set FUSION_DATA.", file=sys.stderr)
            return 2
        embedder = Remembered(E5Embedder())
        measure(load_stories(arguments.half), embedder)
        measure_planted(embedder)
    if not arguments.no_scale:
        measure_scale()
    return 0


if __name__ == "__main__":
    sys.exit(main())
