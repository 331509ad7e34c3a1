"""What a run leaves behind: artifacts, the log of LLM calls, and the finished summary.

    <cache>/stories/<folder name>-<hash of its path>/
        lock                one process a story at a time
        chroma/             the vector store
        vectors.sqlite3     the vectors of every text that a stage asked for
        articles.json …     each stage's artifact, for reading
        llm_calls.jsonl     every call with its answer
        summary.json        the finished summary, with what it was made from

The log of calls is also what makes a run resume: a call that is in it is answered from it, so a
killed run goes on where it was, and a changed article costs only the calls that its words are in.
A process can die at any byte: files are replaced whole, and a torn last line of the log is cut off.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any

from fusion.errors import OutputError
from fusion.llm import Completion, Message, Usage
from fusion.summary import StorySummary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fusion.llm import LLM

_LARGEST_HASHED = 64 << 20  # bytes of a file that may be a report


class RunFolder:
    """The folder of one story in the cache. Make it with `open_run`, which holds its lock."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def save(self, name: str, value: object) -> None:
        """Write an artifact as `<name>.json`; dataclasses, dates and pydantic models go through."""
        text = json.dumps(value, default=_plain, ensure_ascii=False, indent=1)
        write_atomically(self.path / f"{name}.json", text + "\n")

    def finish(self, fingerprint: str, summary: StorySummary) -> None:
        """Keep the finished summary with the fingerprint of all that it was made from."""
        self.save("summary", {"fingerprint": fingerprint, "summary": summary.to_json()})

    def finished(self, fingerprint: str) -> StorySummary | None:
        """Return the finished summary if it was made from exactly this, else None."""
        try:
            kept = json.loads((self.path / "summary.json").read_text(encoding="utf-8"))
            if kept["fingerprint"] == fingerprint:
                return StorySummary.model_validate_json(kept["summary"])
        except (OSError, ValueError, KeyError, TypeError):
            return None  # not there, or damaged: it is made again
        return None

    def clear(self) -> None:
        """Forget the finished summary and every answer of the model; the vectors stay."""
        for name in ("summary.json", "llm_calls.jsonl"):
            (self.path / name).unlink(missing_ok=True)


def story_folder(cache_dir: Path, story_dir: Path) -> Path:
    """Where the cache keeps what belongs to a story."""
    absolute = story_dir.resolve()
    digest = hashlib.sha256(str(absolute).encode()).hexdigest()[:8]
    return cache_dir / "stories" / f"{absolute.name}-{digest}"


@contextmanager
def open_run(cache_dir: Path, story_dir: Path, on_wait: Callable[[], None]) -> Iterator[RunFolder]:
    """Open the run folder of a story and hold its lock; `on_wait` is called before waiting for it.

    Raises `OutputError` where the cache cannot be written.
    """
    from filelock import FileLock, Timeout

    path = story_folder(cache_dir, story_dir)
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            on_wait()
            lock.acquire()
    except OSError as error:
        raise OutputError(
            f"{path}: the cache cannot be written ({error.strerror}); "
            "name another folder with --cache-dir or FUSION_CACHE."
        ) from error
    try:
        yield RunFolder(path)
    finally:
        lock.release()


class JournaledLLM:
    """An LLM whose calls are logged, and answered from the log where they were made before.

    The model is loaded at the first call that is not in the log. `usage` counts what each call
    took when it was made, so a resumed run reports what an unbroken one does, but for `cached`: its
    KV cache began empty. `replayed` counts the calls that needed no model.
    """

    def __init__(self, load: Callable[[], LLM], model_key: str, log: Path) -> None:
        self._load = load
        self._llm: LLM | None = None
        self._model_key = model_key
        self._log = log
        self._known = _read_log(log)
        self.usage = Usage()
        self.calls = 0
        self.replayed = 0

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        seed: int = 0,
        temperature: float = 0.0,
        grammar: str | None = None,
    ) -> Completion:
        """See `LLM.generate`."""
        options = {
            "max_tokens": max_tokens,
            "stop": list(stop),
            "seed": seed,
            "temperature": temperature,
            "grammar": grammar,
        }

        def ask(llm: LLM) -> dict[str, str]:
            completion = llm.generate(
                messages,
                max_tokens=max_tokens,
                stop=stop,
                seed=seed,
                temperature=temperature,
                grammar=grammar,
            )
            return asdict(completion)

        return Completion(**self._answer(messages, options, ask))

    def choose(self, messages: Sequence[Message], choices: Sequence[str]) -> dict[str, float]:
        """See `LLM.choose`."""
        answer = self._answer(
            messages, {"choices": list(choices)}, lambda llm: llm.choose(messages, choices)
        )
        return {choice: float(answer[choice]) for choice in choices}

    def close(self) -> None:
        """Free the model, if one was loaded."""
        close = getattr(self._llm, "close", None)
        if close:
            close()

    def _answer(
        self,
        messages: Sequence[Message],
        options: dict[str, Any],
        ask: Callable[[LLM], Mapping[str, Any]],
    ) -> dict[str, Any]:
        call = {"messages": [asdict(m) for m in messages], **options}
        key = fingerprint(self._model_key, call)
        entry = self._known.get(key)
        if entry is None:
            entry = self._make(key, call, ask)
        else:
            self.replayed += 1
        self.calls += 1
        self.usage.prompt += entry["tokens"]["prompt"]
        self.usage.cached += entry["tokens"]["cached"]
        self.usage.generated += entry["tokens"]["generated"]
        return dict(entry["answer"])

    def _make(
        self, key: str, call: dict[str, Any], ask: Callable[[LLM], Mapping[str, Any]]
    ) -> dict[str, Any]:
        if self._llm is None:
            self._llm = self._load()
        before = asdict(self._llm.usage)
        answer = dict(ask(self._llm))
        after = asdict(self._llm.usage)
        tokens = {name: after[name] - before[name] for name in after}
        entry = {"key": key, **call, "answer": answer, "tokens": tokens}
        with self._log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self._known[key] = entry
        return entry


def fingerprint(*parts: object) -> str:
    """SHA-256 over the JSON of `parts`."""
    text = json.dumps(parts, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()


@cache
def code_hash(part: str = "") -> str:
    """SHA-256 of the program's own code and data, without that which evaluates it.

    `part` is a package of it, such as `verify`; the default is all.
    """
    package = Path(__file__).parent / part
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        parts = path.relative_to(package).parts
        if path.is_file() and parts[0] != "evaluate" and "__pycache__" not in parts:
            digest.update("/".join(parts).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def folder_state(story: Path) -> list[tuple[str, int, str]]:
    """What is in the folder: name, size in bytes and hash of every file.

    A file too large to be a report is known by its size and time alone.
    """
    state = []
    for path in sorted(story.rglob("*")):
        try:
            status = path.stat()
            if not S_ISREG(status.st_mode):  # reading a pipe would wait for its writer
                continue
            small = status.st_size <= _LARGEST_HASHED
            known = (
                hashlib.sha256(path.read_bytes()).hexdigest() if small else str(status.st_mtime_ns)
            )
        except OSError as error:
            state.append((str(path.relative_to(story)), 0, f"unreadable: {error.errno}"))
        else:
            state.append((str(path.relative_to(story)), status.st_size, known))
    return state


def write_atomically(path: Path, text: str) -> None:
    """Replace `path` by `text` so that a reader, or a crash, never meets half of it.

    Raises `OutputError`.
    """
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            try:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror}); check the folder and its free space."
        ) from error


def _read_log(log: Path) -> dict[str, dict[str, Any]]:
    known: dict[str, dict[str, Any]] = {}
    if not log.exists():
        return known
    whole = 0  # bytes of complete, readable lines
    data = log.read_bytes()
    for line in data.splitlines(keepends=True):
        if not line.endswith(b"\n"):
            break
        try:
            entry = json.loads(line)
            known[entry["key"]] = entry
        except (ValueError, KeyError, TypeError):
            break
        whole += len(line)
    if whole < len(data):
        with log.open("r+b") as file:
            file.truncate(whole)
    return known


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
