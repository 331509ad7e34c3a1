"""What a large story costs, stage by stage: seconds and peak memory from ingest to index.

    python -m benchmarks.scale --articles 1000

The reports are made up: invented places and people, a fifth of them trims of an earlier one. The
embedder and the store are the real ones, in a folder that is deleted afterwards.
Wanted for 1,000 reports of 600 words on 2 cores: all but embedding within 60 s, embedding within
15 min, memory under 1.5 GB.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from fusion.chunk import chunk, with_voices
from fusion.clean import clean
from fusion.dedup import dedup
from fusion.embed import DIMENSIONS, E5Embedder
from fusion.index import Index
from fusion.ingest import ingest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WORDS = 600  # of a report
TRIMMED = 0.2  # share of reports that are the beginning of an earlier one
PEOPLE = 400  # whom the reports quote: a large story's cast


def _words(text: str) -> list[str]:
    return text.split()


_ONSETS = _words("b br d dr f fl g gr h j k kl l m n p r s st t tr v w")
_VOWELS = _words("a e i o u ai ea ou")
_CODAS = _words("l m n r s t ck ld nd rn st")
_PLAIN = _words(
    "bridge harbour council engineer pillar ferry repair crack minute vote inquiry budget "
    "traffic morning driver company union school market river warning report cost week plan "
    "hearing contract diver barge road police station mayor office crossing island winter "
    "storm tide wall gate lorry crew insurer tender survey concrete cable deck toll bus"
)
_JOINING = _words(
    "the a of to in on by for with at from that which was were had has been will would not but as "
    "its their after before over under between while when"
)


class Timed:
    """The embedder, with the seconds it took and the texts it was asked for.

    `free` gives each text a random vector instead, so that only the rest is measured.
    """

    def __init__(self, *, free: bool) -> None:
        self._free = free
        self._embedder = E5Embedder()
        self.version = self._embedder.version
        self.seconds = 0.0
        self.texts = 0

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `E5Embedder.passages`."""
        start = perf_counter()
        vectors = _drawn(texts) if self._free else self._embedder.passages(texts)
        self.seconds += perf_counter() - start
        self.texts += len(texts)
        return vectors


def _drawn(texts: Sequence[str]) -> NDArray[np.float32]:
    rows = [np.random.default_rng(crc32(t.encode())).standard_normal(DIMENSIONS) for t in texts]
    return np.asarray([row / np.linalg.norm(row) for row in rows], dtype=np.float32)


def write_story(folder: Path, count: int, chance: random.Random) -> None:
    """Write `count` reports of about `WORDS` words as text files."""
    people = [f"{_name(chance)} {_name(chance)}" for _ in range(PEOPLE)]
    bodies: list[list[str]] = []
    for number in range(count):
        if bodies and chance.random() < TRIMMED:
            original = chance.choice(bodies)
            body = original[: max(8, int(len(original) * chance.uniform(0.5, 1)))]
        else:
            body = _body(chance, people)
            bodies.append(body)
        paragraphs = "\n\n".join(" ".join(body[i : i + 3]) for i in range(0, len(body), 3))
        title = f"{_name(chance)} {' '.join(_clause(chance, 6))}"
        day = f"{chance.randint(1, 28)} May 2031, {chance.randint(0, 23):02}:15"
        (folder / f"{number:05}.txt").write_text(f"{title}\n\n{day}\n\n{paragraphs}\n")


def _body(chance: random.Random, people: list[str]) -> list[str]:
    sentences: list[str] = []
    words = 0
    while words < WORDS:
        sentence = _clause(chance, chance.randint(8, 16))
        sentence[chance.randrange(1, 5)] = _name(chance)
        sentence[chance.randrange(5, 8)] = str(chance.randint(2, 900))
        sentence += ["said", chance.choice(people)] if chance.random() < 0.3 else []
        sentence += ["and", *_clause(chance, chance.randint(4, 10))]
        sentences.append(f"{sentence[0].capitalize()} {' '.join(sentence[1:])}.")
        words += len(sentences[-1].split())
    return sentences


def _clause(chance: random.Random, words: int) -> list[str]:
    """Words of which, as in prose, two in five only join the others; rarer ones are rarer."""
    return [
        chance.choice(_JOINING)
        if chance.random() < 0.4
        else _VOCABULARY[int(len(_VOCABULARY) * chance.random() ** 3)]
        for _ in range(words)
    ]


def _name(chance: random.Random) -> str:
    syllables = (
        chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS)
        for _ in range(chance.choice((1, 2)))
    )
    return "".join(syllables).capitalize()


_VOCABULARY = _PLAIN + [_name(random.Random(seed)).lower() for seed in range(3000)]  # noqa: S311


def measure(count: int, *, free: bool) -> dict[str, float]:
    """Seconds by stage for a story of `count` reports, embedding apart from the others."""
    seconds: dict[str, float] = {}
    embedder = Timed(free=free)
    with tempfile.TemporaryDirectory() as place:
        story = Path(place) / "story"
        story.mkdir()
        write_story(story, count, random.Random(count))  # noqa: S311 - not for secrets

        def lap(stage: str, started: float, embedding: float) -> None:
            seconds[stage] = perf_counter() - started - (embedder.seconds - embedding)

        start = perf_counter()
        raw, _ = ingest(story)
        lap("ingest", start, 0)
        start = perf_counter()
        articles, _ = clean(raw)
        lap("clean", start, 0)
        with Index(Path(place) / "cache" / "chroma", embedder) as index:
            start = perf_counter()
            grouping = dedup(articles, index)
            lap("dedup", start, 0)
            start, before = perf_counter(), embedder.seconds
            citable = [source.article for source in grouping.sources if source.citable]
            chunks = with_voices(chunk(citable), grouping)
            lap("chunk", start, before)
            start, before = perf_counter(), embedder.seconds
            index.passages([passage.text for passage in chunks])
            index.keep_only(passage.key for passage in chunks)
            lap("index", start, before)
        print(
            f"{count} reports, {sum(article.words for article in articles):,} words, "
            f"{len(grouping.groups)} voices, {len(chunks):,} passages, "
            f"{embedder.texts:,} texts embedded"
        )
    return seconds | {"embed": embedder.seconds}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=1000, metavar="N")
    parser.add_argument("--free", action="store_true", help="random vectors, at no cost")
    arguments = parser.parse_args()
    seconds = measure(arguments.articles, free=arguments.free)
    for stage in ("ingest", "clean", "dedup", "chunk", "index", "embed"):
        print(f"{stage:<22}{seconds[stage]:8.1f} s")
    print(f"{'all but embed':<22}{sum(seconds.values()) - seconds['embed']:8.1f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB on Linux
    print(f"{'peak memory':<22}{peak * 1024 / 1e6:8.0f} MB")


if __name__ == "__main__":
    main()
