"""Published collections of stories, turned into story folders.

Systems read folders, so a story of a file becomes one, in the cache under the file's hash, when it
is first asked for. A reader yields stories in the file's order, or says of a place in the file
what is wrong with it.

    *.jsonl, *.jsonl.gz   WCEP (Gholipour Ghalandari et al. 2020): one story a line
    *.src, *.src.cleaned  Multi-News (Fabbri et al. 2019): one story a line, `|||||` after each
                          article, the summaries in the file of the same name with `.tgt`
    *.json                a topic of SummHay (Laban et al. 2024), in stories of ten articles
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pydantic import BaseModel, ValidationError

from fusion.errors import OutputError, StoryError
from fusion.evaluate.insights import Insight, dump_insights, read_topic
from fusion.settings import default_cache_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VERSION = 1  # of the folders' content: part of the key under which they are kept
TOPIC_ARTICLES = 10  # an eight-sentence summary can hold what two of ten articles share: 11 to 20


@dataclass(frozen=True, slots=True)
class FileStory:
    """A story of a file; `articles` are the content of files by name."""

    name: str
    articles: dict[str, str]
    references: tuple[str, ...] = ()
    insights: tuple[Insight, ...] = ()


@dataclass(frozen=True, slots=True)
class Damaged:
    """A place of a file that is no story, and why, as a sentence."""

    reason: str


Found: TypeAlias = FileStory | Damaged


def is_dataset(path: Path) -> bool:
    """Whether the file's name has a form that is known here."""
    return path.is_file() and _reader(path) is not None


def story_folders(path: Path, warn: Callable[[str], object]) -> Iterator[Path]:
    """The folders of the file's stories, each made when it is come to.

    `warn` is told of what is damaged. Raises `StoryError` where the file cannot be read as its name
    says, `OutputError` where the cache cannot be written.
    """
    reader = _reader(path)
    if reader is None:
        raise StoryError(f"{path}: no form of stories that is known; see docs/evaluation.md.")
    try:
        with path.open("rb") as file:
            key = hashlib.file_digest(file, "sha256").hexdigest()[:16]
        home = default_cache_dir() / "stories" / f"{key}-{VERSION}"
        names: set[str] = set()
        for found in reader(path):
            if isinstance(found, Damaged):
                warn(f"{path}: {found.reason}")
                continue
            name = re.sub(r"[^\w.-]+", "-", found.name).strip(".") or "story"
            if name in names:
                warn(f"{path}: a second story named {found.name} is left out.")
                continue
            names.add(name)
            yield _folder(found, home / name)
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as error:
        raise StoryError(f"{path}: damaged ({error}); get it again.") from error


def _folder(story: FileStory, folder: Path) -> Path:
    """Where the story lies, written if it is not there; a reader never meets half of it."""
    if folder.exists():
        return folder
    home = folder.parent
    try:
        home.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".making-", dir=home))
        files = {f"articles/{name}": text for name, text in story.articles.items()}
        files |= {f"references/{i}.txt": text for i, text in enumerate(story.references)}
        if story.insights:
            files["insights.json"] = dump_insights(story.insights)
        for name, text in files.items():
            file = made / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        try:
            made.rename(folder)
        except OSError:  # another process was first
            shutil.rmtree(made)
            if not folder.exists():
                raise
    except OSError as error:
        raise OutputError(f"{home}: cannot be written ({error.strerror}).") from error
    return folder


class _WcepArticle(BaseModel):
    title: str | None = None
    text: str
    time: str | None = None
    url: str | None = None


class _WcepStory(BaseModel):
    id: int | str
    summary: str
    articles: list[_WcepArticle]


def _wcep(path: Path) -> Iterator[Found]:
    open_ = gzip.open if path.suffix == ".gz" else open
    with open_(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                story = _WcepStory.model_validate_json(line)
            except ValidationError as error:
                found = error.errors()[0]
                where = ".".join(map(str, found["loc"])) or "not JSON"
                yield Damaged(f"line {number} is left out, {where}: {found['msg']}.")
                continue
            articles = {
                f"{i:02}.json": _ninjs(each.text, each.title, each.time, each.url)
                for i, each in enumerate(story.articles)
                if each.text.strip()
            }
            if not articles:
                yield Damaged(f"line {number} is left out: none of its articles has a text.")
                continue
            yield FileStory(str(story.id), articles, (story.summary,))


def _multi_news(path: Path) -> Iterator[Found]:
    target = path.with_name(re.sub(r"\.src(\.cleaned)?$", ".tgt", path.name))
    if not target.is_file():
        raise StoryError(f"{path}: its summaries, {target.name}, do not lie beside it.")
    sources, summaries = (
        each.read_text(encoding="utf-8").removesuffix("\n").split("\n") for each in (path, target)
    )
    if len(sources) != len(summaries):
        raise StoryError(
            f"{path}: it has {len(sources)} lines and {target.name} {len(summaries)}; "
            "get both from one release."
        )
    for number, (source, summary) in enumerate(zip(sources, summaries, strict=True), 1):
        texts = [_newlines(text) for text in source.split("|||||") if text.strip()]
        if not texts:
            yield Damaged(f"line {number} is left out: it has no article.")
            continue
        articles = {f"{i:02}.txt": text for i, text in enumerate(texts)}
        yield FileStory(f"{number:05}", articles, (_newlines(summary).lstrip("–- "),))


def _newlines(text: str) -> str:
    return text.replace("NEWLINE_CHAR", "\n").strip()


def _topic(path: Path) -> Iterator[Found]:
    """Ten articles a story, in the topic's order; what two of them carry is a wanted insight."""
    topic = read_topic(path)
    for number, first in enumerate(range(0, len(topic.articles), TOPIC_ARTICLES)):
        articles = topic.articles[first : first + TOPIC_ARTICLES]
        files = {f"{i:02}.json": each for i, each in enumerate(articles)}
        carriers = {
            insight: tuple(name for name, each in files.items() if insight in each.insights)
            for insight in topic.insights
        }
        yield FileStory(
            f"{topic.name}-{number:02}",
            {name: _ninjs(each.text, outlet=each.outlet) for name, each in files.items()},
            insights=tuple(
                Insight(text=topic.insights[key], articles=names)
                for key, names in carriers.items()
                if len(names) > 1
            ),
        )


def _ninjs(
    text: str,
    title: str | None = None,
    time: str | None = None,
    url: str | None = None,
    outlet: str | None = None,
) -> str:
    """The article as IPTC ninjs, which states its headline and time apart from its text."""
    known = {
        "uri": url,
        "headline": title,
        "versioncreated": time,
        "infosource": [{"name": outlet}] if outlet else None,
        "body_text": text,
    }
    return json.dumps({k: v for k, v in known.items() if v}, ensure_ascii=False, indent=1)


READERS: dict[str, Callable[[Path], Iterator[Found]]] = {
    ".jsonl": _wcep,
    ".jsonl.gz": _wcep,
    ".src": _multi_news,
    ".src.cleaned": _multi_news,
    ".json": _topic,
}


def _reader(path: Path) -> Callable[[Path], Iterator[Found]] | None:
    return next((read for end, read in READERS.items() if path.name.endswith(end)), None)
