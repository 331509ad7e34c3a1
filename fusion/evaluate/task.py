"""What is measured: a task file names stories, systems, scorers and floors.

A folder of stories has one folder a story: `articles/` with the reports, and what they can be
judged by, any of `references/*.txt`, `gold.yaml` (see `fusion.evaluate.gold`) and `insights.json`
(see `fusion.evaluate.insights`). A story with none is still summarised and scored by what needs
none. Published collections come as files instead (see `fusion.evaluate.datasets`).
"""

from __future__ import annotations

import hashlib
import os
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fusion.errors import StoryError, UsageError
from fusion.evaluate.datasets import is_dataset, story_folders
from fusion.evaluate.gold import load_gold
from fusion.evaluate.insights import load_insights
from fusion.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fusion.evaluate.gold import Gold
    from fusion.evaluate.insights import Insight
    from fusion.types import Article

ROOT = Path(__file__).parents[2]
TASKS = ROOT / "eval" / "tasks"


class Task(BaseModel):
    """A task file.

    `stories` is a folder of stories, a file of a published collection or a folder of such files,
    relative to the task file; `$FUSION_DATA` may stand in it.
    `limit` is how many stories are taken, in the order of their names; None is all. `floors` gives
    for a system the least value of each metric, where less is a regression.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    description: str
    stories: str
    limit: Annotated[int, Field(ge=1)] | None = None
    systems: Annotated[list[str], Field(min_length=1)]
    scorers: Annotated[list[str], Field(min_length=1)]


@dataclass(frozen=True)
class Story:
    """A story to summarise, and what its summaries are judged by.

    `gold_problem` says why there is no `gold` although the story has a gold file.
    """

    name: str
    articles: Path
    references: tuple[str, ...] = ()
    gold: Gold | None = None
    gold_problem: str = ""
    insights: tuple[Insight, ...] = ()

    @property
    def times(self) -> list[datetime]:
        """When its reports were last published, as far as they say."""
        return [time for each in self.sources if (time := each.metadata.latest)]

    @cached_property
    def sources(self) -> tuple[Article, ...]:
        """The story's reports, cleaned. Raises `StoryError` where none can be used."""
        from fusion.clean import clean
        from fusion.ingest import ingest

        found = clean(ingest(self.articles)[0])[0]
        if not found:
            raise StoryError(f"{self.articles}: no report in it can be used; look at its files.")
        return tuple(found)

    @cached_property
    def sentences(self) -> tuple[tuple[str, str], ...]:
        """Every sentence of the reports, as (file, sentence), in the order of reading."""
        return tuple(
            (article.file, article.text[start:end])
            for article in self.sources
            for start, end in split_sentences(article.text, article.metadata.language)
        )

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the names and bytes of all that it is made of."""
        digest = hashlib.sha256()
        root = self.articles.parent
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            part = path.relative_to(root)
            if part.parts[0] in ("articles", "references", "gold.yaml", "insights.json"):
                data = path.read_bytes()
                digest.update(f"{part.as_posix()}\0{len(data)}\0".encode() + data)
        return digest.hexdigest()

    @property
    def newest(self) -> Article:
        """The report that was published last; of those that state no time, the last by name."""

        def when(article: Article) -> tuple[datetime, str]:
            stated = article.metadata.latest
            if stated is None:
                return datetime.min.replace(tzinfo=UTC), article.file
            return (stated if stated.tzinfo else stated.replace(tzinfo=UTC)), article.file

        return max(self.sources, key=when)


def load_task(name: str) -> tuple[Task, Path]:
    """Read a task by the path of its file or its name in `eval/tasks/`; with its stories' folder.

    Raises `UsageError`.
    """
    path = Path(name)
    if not path.is_file():
        path = TASKS / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(task.stem for task in TASKS.glob("*.yaml"))) or "none"
        raise UsageError(f"{name}: there is no such task; name a task file, or one of: {known}.")
    try:
        task = Task.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not YAML in UTF-8; correct it.") from error
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, each['loc'])) or 'the file'}: {each['msg']}"
            for each in error.errors()
        )
        raise UsageError(f"{path}: {problems}; correct the file.") from error
    return task, path.parent / task.stories.replace("$FUSION_DATA", str(data_folder()))


def data_folder() -> Path:
    """Where data that is not shipped is looked for: `FUSION_DATA`, or beside the repository."""
    return Path(os.environ.get("FUSION_DATA", ROOT.parent / "shared" / "data")).absolute()


def load_stories(
    path: Path, limit: int | None = None, warn: Callable[[str], object] = warnings.warn
) -> list[Story]:
    """The first `limit` stories of a folder or of a published collection, by name or in its order.

    `warn` is told of what is damaged in a collection's file. Raises `StoryError` where there is no
    story.
    """
    if not path.exists():
        raise StoryError(f"{path}: there is no such folder; set FUSION_DATA or get the stories.")
    stories = [load_story(root) for root in islice(_story_folders(path, warn), limit)]
    if not stories:
        raise StoryError(
            f"{path}: no story in it; a story is a folder that has `articles/`, or a part of a "
            "file whose form docs/evaluation.md names."
        )
    return stories


def _story_folders(path: Path, warn: Callable[[str], object]) -> Iterator[Path]:
    if path.is_file():
        return story_folders(path, warn)
    folders = sorted(found.parent for found in path.glob("*/articles") if found.is_dir())
    files = sorted(filter(is_dataset, path.iterdir()))
    return iter(folders) if folders else chain.from_iterable(story_folders(f, warn) for f in files)


def load_story(root: Path) -> Story:
    """One story. A gold file that cannot be used is named in `gold_problem`."""
    references = [
        path.read_text(encoding="utf-8", errors="replace").strip()
        for path in sorted((root / "references").glob("*.txt"))
    ]
    gold, problem = None, ""
    if (root / "gold.yaml").exists():
        try:
            gold = load_gold(root / "gold.yaml")
            references.append(gold.reference)
        except StoryError as error:
            problem = str(error)
    kept = tuple(reference for reference in references if reference.strip())
    return Story(
        root.name, root / "articles", kept, gold, problem, load_insights(root / "insights.json")
    )
