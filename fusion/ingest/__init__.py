"""Story folder in, reports out: every file is either read or named with the reason why not.

One small module a format family; each has `read(data) -> Iterable[Draft | Refused]` and raises
`Unusable` where the whole file is of no use. Libraries are imported by the reader that needs them,
so a folder of plain text pays for none.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from fusion.errors import StoryError, UsageError
from fusion.ingest.draft import MAX_FILE_BYTES, Unusable, megabytes
from fusion.ingest.formats import read_file
from fusion.types import RawArticle, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ingest"]


def ingest(story_dir: Path) -> tuple[list[RawArticle], list[Skipped]]:
    """Read every report under `story_dir`, in the order of file names.

    Hidden files are not looked at. A file that cannot be used is returned by name with the reason;
    it never stops the others. Raises `UsageError` if `story_dir` is not a folder that can be read,
    `StoryError` if nothing in it can be used.
    """
    if not story_dir.exists():
        raise UsageError(f"{story_dir}: no such folder; name the folder that holds the articles.")
    if not story_dir.is_dir():
        raise UsageError(f"{story_dir}: this is a file; name the folder that holds the articles.")
    articles: list[RawArticle] = []
    skipped: list[Skipped] = []
    for path in _files(story_dir, skipped):
        name = _name(path, story_dir)
        try:
            data = _bytes(path, story_dir)
        except Unusable as error:
            skipped.append(Skipped(name, str(error)))
            continue
        for item in read_file(name, data):
            (articles if isinstance(item, RawArticle) else skipped).append(item)  # type: ignore[arg-type]
    if not articles:
        raise StoryError(_nothing_usable(story_dir, skipped))
    return articles, skipped


def _files(folder: Path, skipped: list[Skipped]) -> Iterator[Path]:
    """Every visible file below `folder`, sorted by relative path; links to folders not followed."""

    def unreadable(error: OSError) -> None:
        if str(error.filename) == str(folder):
            raise UsageError(f"{folder}: cannot be read ({error.strerror}).") from error
        name = _name(Path(str(error.filename)), folder)
        skipped.append(Skipped(name, f"This folder cannot be read ({error.strerror})."))

    found: list[Path] = []
    for root, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        base = folder / os.path.relpath(root, folder)
        found += [base / name for name in names if not name.startswith(".")]
        # A link to a folder could lead out of the story or round in circles.
        for name in folders:
            if (base / name).is_symlink():
                link = _name(base / name, folder)
                skipped.append(Skipped(link, "A link to another folder is not followed."))
    yield from sorted(found, key=lambda path: path.relative_to(folder).parts)


def _name(path: Path, folder: Path) -> str:
    """The path below `folder`; bytes of a name that are no UTF-8 become U+FFFD."""
    name = path.relative_to(folder).as_posix()
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _bytes(path: Path, story_dir: Path) -> bytes:
    """The file's content, if it is a readable, regular file of the story, not empty, not huge."""
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(story_dir.resolve()):
            raise Unusable("A link that points out of the story folder is not followed.")
        if not path.is_file():
            raise Unusable("This is not a regular file.")
        if (size := path.stat().st_size) > MAX_FILE_BYTES:
            raise Unusable(
                f"The file has {megabytes(size)}; the limit is {megabytes(MAX_FILE_BYTES)}."
            )
        return path.read_bytes()
    except OSError as error:
        raise Unusable(f"The file cannot be read ({error.strerror}).") from error


def _nothing_usable(story_dir: Path, skipped: list[Skipped]) -> str:
    if not skipped:
        return f"{story_dir}: the folder is empty; put the story's articles in it."
    reasons = "; ".join(f"{skip.file}: {skip.reason.rstrip('.')}" for skip in skipped[:20])
    more = f"; and {len(skipped) - 20} more" if len(skipped) > 20 else ""
    return f"{story_dir}: no usable article among {len(skipped)} files ({reasons}{more})."
