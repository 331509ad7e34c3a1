from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
import threading
import tomllib
import types
from collections import namedtuple
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from gguf_files import tiny_gguf

from fusion import models
from fusion.errors import ModelError
from fusion.models import HubModel, PackagedModel, Part, check, pull, resolve, state
from fusion.settings import DEFAULT_MODEL

CONTENT = tiny_gguf()
SHA256 = hashlib.sha256(CONTENT).hexdigest()
CUT = PackagedModel(
    name="cut-model",
    title="Cut",
    licence="MIT",
    file="cut.gguf",
    size=len(CONTENT),
    sha256=SHA256,
    extra="cut",
    parts=tuple(Part(f"cut-part{n}", "1.0", f"cut_part{n}/data/{n}.bin") for n in (1, 2, 3)),
)
WHOLE = replace(
    CUT,
    name="whole-model",
    file="whole.gguf",
    extra="whole",
    parts=(Part("whole", "1.0", "whole/w.gguf"),),
)
FROM_HUB = HubModel("hub-model", "Hub", "MIT", "Vale/Hub-GGUF", "hub.gguf", len(CONTENT))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site-packages folder on sys.path, and only our tiny models registered."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(models, "REGISTRY", {m.name: m for m in (CUT, WHOLE, FROM_HUB)})
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def install(site: Path, model: PackagedModel, content: bytes = CONTENT, skip: str = "") -> None:
    """Install a model's packages as pip would; their code must never run."""
    length = -(-len(content) // len(model.parts))
    for number, part in enumerate(model.parts):
        if part.package == skip:
            continue
        info = site / f"{part.package.replace('-', '_')}-{part.version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Name: {part.package}\nVersion: {part.version}\n")
        data = site / part.file
        data.parent.mkdir(parents=True)
        data.write_bytes(content[number * length : (number + 1) * length])
        (site / Path(part.file).parts[0] / "__init__.py").write_text("raise SystemExit('imported')")


def never_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> str:
        raise AssertionError(f"{path} was hashed again")

    monkeypatch.setattr(models, "_sha256", fail)


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("models/*.*") if path.suffix != ".lock"}


# ── joined from packages ───────────────────────────────────────────────────────────────────────


def test_parts_are_joined_in_order_and_their_code_is_not_imported(site: Path, cache: Path) -> None:
    install(site, CUT)
    told: list[str] = []
    found = resolve("cut-model", cache, told.append)
    assert found == models.ModelFile("cut-model", cache / "models/cut.gguf", SHA256)
    assert found.path.read_bytes() == CONTENT
    assert files(cache) == {"cut.gguf"}
    assert "cut_part1" not in sys.modules
    assert told[-1] == "Joining cut-model: part 3 of 3"


def test_once_joined_neither_packages_nor_hashing_are_needed(
    site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(site, CUT)
    first = resolve("cut-model", cache)
    monkeypatch.setattr(models, "_locate", lambda part: None)
    never_hash(monkeypatch)
    assert resolve("cut-model", cache) == first


def test_a_model_that_is_not_installed_names_the_pip_command(site: Path, cache: Path) -> None:
    with pytest.raises(ModelError, match=r"not installed; run: pip install 'fusion-news\[cut\]'"):
        resolve("cut-model", cache)
    assert state("cut-model", cache) == "absent; pip install 'fusion-news[cut]'"


def test_a_missing_part_is_named(site: Path, cache: Path) -> None:
    install(site, CUT, skip="cut-part2")
    with pytest.raises(ModelError, match=r"1 of 3 packages missing \(cut-part2==1\.0\)"):
        resolve("cut-model", cache)


def test_a_package_without_its_data_counts_as_missing(site: Path, cache: Path) -> None:
    install(site, CUT)
    (site / "cut_part3/data/3.bin").unlink()
    with pytest.raises(ModelError, match="cut-part3"):
        resolve("cut-model", cache)


def test_a_wrong_hash_is_refused_and_leaves_nothing(site: Path, cache: Path) -> None:
    install(site, CUT, content=CONTENT[:-1] + b"x")
    with pytest.raises(ModelError, match=f"{SHA256}.*--force-reinstall"):
        resolve("cut-model", cache)
    assert files(cache) == set()


def test_what_a_killed_run_left_is_written_over(site: Path, cache: Path) -> None:
    install(site, CUT)
    (cache / "models").mkdir(parents=True)
    (cache / "models/cut.partial").write_bytes(CONTENT + b"more")
    assert resolve("cut-model", cache).path.read_bytes() == CONTENT
    assert files(cache) == {"cut.gguf"}


def test_a_joined_file_that_was_changed_is_joined_anew(site: Path, cache: Path) -> None:
    install(site, CUT)
    joined = resolve("cut-model", cache).path
    joined.write_bytes(b"something else")
    assert resolve("cut-model", cache).path.read_bytes() == CONTENT


def test_a_joined_file_whose_stamp_is_lost_is_not_written_again(site: Path, cache: Path) -> None:
    install(site, CUT)
    joined = resolve("cut-model", cache).path
    before = joined.stat().st_mtime_ns
    for stamp in (cache / "models/verified").iterdir():
        stamp.write_text("{broken")
    assert resolve("cut-model", cache).path.stat().st_mtime_ns == before


def test_too_little_room_says_how_much_is_needed(
    site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    big = replace(CUT, size=5_000_000)
    monkeypatch.setitem(models.REGISTRY, "cut-model", big)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(9, 9, 4_999_999))
    install(site, big)
    with pytest.raises(ModelError, match="disk full: the model needs 5 MB"):
        resolve("cut-model", cache)


def test_a_disk_that_fills_while_joining_leaves_nothing(
    site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    install(site, CUT)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ModelError, match="disk full"):
        resolve("cut-model", cache)
    assert files(cache) == set()


def test_a_cache_that_cannot_be_written_is_named(site: Path, tmp_path: Path) -> None:
    install(site, CUT)
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(ModelError, match=r"cache/models: cannot be written: .*--cache-dir"):
        resolve("cut-model", tmp_path / "cache")


def test_a_second_process_waits_for_the_first(site: Path, cache: Path) -> None:
    install(site, CUT)
    (cache / "models").mkdir(parents=True)
    told: list[str] = []
    waiting = threading.Event()

    def tell(what: str) -> None:
        told.append(what)
        waiting.set()

    with FileLock(cache / "models/cut.gguf.lock"):
        second = threading.Thread(target=resolve, args=("cut-model", cache, tell))
        second.start()
        assert waiting.wait(10)
        assert told == ["Waiting for another process that joins cut.gguf"]
        (cache / "models/cut.gguf").write_bytes(CONTENT)  # as the first process would
        before = (cache / "models/cut.gguf").stat().st_mtime_ns
    second.join(10)
    assert not second.is_alive()
    assert (cache / "models/cut.gguf").stat().st_mtime_ns == before
    with FileLock(cache / "models/cut.gguf.lock").acquire(timeout=1):
        pass  # the lock was given back


def test_a_model_in_one_file_is_used_in_place(
    site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(site, WHOLE)
    found = resolve("whole-model", cache)
    assert found.path == site / "whole/w.gguf"
    assert files(cache) == set()
    never_hash(monkeypatch)
    assert resolve("whole-model", cache) == found


def test_a_model_in_one_file_of_another_hash_is_refused(site: Path, cache: Path) -> None:
    install(site, WHOLE, content=tiny_gguf(shape=(8, 8)))
    with pytest.raises(ModelError, match="do not hold the published file"):
        resolve("whole-model", cache)


def test_states(site: Path, cache: Path) -> None:
    install(site, WHOLE)
    install(site, CUT)
    assert state("whole-model", cache) == "ready"
    assert state("cut-model", cache) == "installed, joined on first use"
    pull("cut-model", cache)
    assert state("cut-model", cache) == "ready"
    assert state("hub-model", cache) == "absent; fusion models pull hub-model"


# ── check ──────────────────────────────────────────────────────────────────────────────────────


def flip_a_byte(path: Path) -> None:
    """Damage a file as a failing disk would: same size, same time."""
    status = path.stat()
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_check_finds_damage_that_the_stamp_hides_and_pull_mends_it(site: Path, cache: Path) -> None:
    install(site, CUT)
    joined = check("cut-model", cache).path
    flip_a_byte(joined)
    assert resolve("cut-model", cache).path == joined  # the stamp still fits
    with pytest.raises(ModelError, match=r"damaged.*removed; run: fusion models pull cut-model"):
        check("cut-model", cache)
    assert pull("cut-model", cache).path.read_bytes() == CONTENT


def test_check_never_removes_a_file_outside_the_cache(tmp_path: Path, cache: Path) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(CONTENT)
    check(str(own), cache)
    flip_a_byte(own)
    with pytest.raises(ModelError, match="damaged"):
        check(str(own), cache)
    assert own.exists()


# ── any .gguf ──────────────────────────────────────────────────────────────────────────────────


def test_a_path_is_hashed_once(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "My Model.gguf"
    own.write_bytes(CONTENT)
    found = resolve(str(own), cache)
    assert found == models.ModelFile("My Model", own, SHA256)
    with monkeypatch.context() as patched:
        never_hash(patched)
        assert resolve(str(own), cache) == found
    own.write_bytes(tiny_gguf(shape=(8, 8)))
    assert resolve(str(own), cache).sha256 != SHA256


def test_a_path_works_with_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(CONTENT)
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert resolve(str(own), tmp_path / "cache").sha256 == SHA256


def test_bad_paths_are_refused_by_name(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "cut.gguf").write_bytes(CONTENT[:-1])
    (tmp_path / "page.gguf").write_text("<html>")
    (tmp_path / "folder.gguf").mkdir()
    for name, reason in (
        ("cut.gguf", "truncated"),
        ("page.gguf", "not a GGUF file"),
        ("folder.gguf", "not a file"),
        ("missing.gguf", "no such file"),
    ):
        with pytest.raises(ModelError, match=f"{name}: {reason}"):
            resolve(str(tmp_path / name), cache)


def test_an_unknown_name_is_answered_with_the_known_ones(cache: Path) -> None:
    for act in (resolve, pull):
        with pytest.raises(ModelError, match=r"did you mean smollm2-135m\?") as caught:
            act("SmolLM-135M", cache)
        assert all(name in str(caught.value) for name in models.REGISTRY)


# ── the Hub ────────────────────────────────────────────────────────────────────────────────────


def fake_hub(monkeypatch: pytest.MonkeyPatch, content: bytes, stated: str) -> list[str]:
    """A huggingface_hub that serves `content` and states the hash `stated`."""
    fetched: list[str] = []

    class HfApi:
        def get_paths_info(self, repo: str, path: str) -> list[Any]:
            return [types.SimpleNamespace(lfs=types.SimpleNamespace(sha256=stated))]

    def hf_hub_download(repo: str, file: str, *, local_dir: Path) -> str:
        fetched.append(f"{repo}/{file}")
        local_dir.mkdir(exist_ok=True)
        (local_dir / file).write_bytes(content)
        return str(local_dir / file)

    hub = types.SimpleNamespace(HfApi=HfApi, hf_hub_download=hf_hub_download)
    monkeypatch.setitem(sys.modules, "huggingface_hub", hub)
    return fetched


def test_a_hub_model_is_fetched_only_by_pull_and_once(
    site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched = fake_hub(monkeypatch, CONTENT, SHA256)
    with pytest.raises(ModelError, match="run: fusion models pull hub-model"):
        resolve("hub-model", cache)
    assert fetched == []
    found = pull("hub-model", cache)
    assert found == pull("hub-model", cache) == resolve("hub-model", cache)
    assert fetched == ["Vale/Hub-GGUF/hub.gguf"]
    assert found.path.read_bytes() == CONTENT


def test_a_hub_file_of_another_hash_than_stated_is_refused(
    site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_hub(monkeypatch, CONTENT, "0" * 64)
    with pytest.raises(ModelError, match="damaged on its way"):
        pull("hub-model", cache)
    assert files(cache) == set()
    assert not list((cache / "models/fetching").iterdir())


def test_without_a_network_the_error_says_so(
    site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_hub(monkeypatch, CONTENT, SHA256)

    def offline(*_: object, **__: object) -> str:
        raise ConnectionError("name resolution failed")

    monkeypatch.setattr(sys.modules["huggingface_hub"], "hf_hub_download", offline)
    with pytest.raises(ModelError, match=r"name resolution failed.*check the network"):
        pull("hub-model", cache)


def test_without_the_extra_the_error_names_it(
    site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ModelError, match=r"pip install 'fusion-news\[hub\]'"):
        pull("hub-model", cache)


# ── the registry ───────────────────────────────────────────────────────────────────────────────


def test_the_registry_and_the_extras_of_the_package_agree() -> None:
    project = Path(__file__).parents[1] / "pyproject.toml"
    extras = tomllib.loads(project.read_text())["project"]["optional-dependencies"]
    assert DEFAULT_MODEL in models.REGISTRY
    for entry in models.REGISTRY.values():
        if isinstance(entry, PackagedModel):
            pins = [f"{part.package}=={part.version}" for part in entry.parts]
            assert extras[entry.extra] == pins


def test_the_table_in_the_docs_is_the_registry() -> None:
    rows = [
        [cell.strip().strip("`") for cell in line.split("|")[1:-1]]
        for line in (Path(__file__).parents[1] / "docs/models.md").read_text().splitlines()
        if line.startswith("| `")
    ]
    assert len(rows) == len(models.REGISTRY)
    for entry, (name, title, licence, size, command, sha256) in zip(
        models.REGISTRY.values(), rows, strict=True
    ):
        assert (name.split("`")[0], title, licence) == (entry.name, entry.title, entry.licence)
        if isinstance(entry, PackagedModel):
            assert (f"{entry.size:,}", entry.install, entry.sha256) == (size, command, sha256)
        else:
            assert command == f"fusion models pull {name}"


@pytest.mark.skipif(
    state("smollm2-135m", Path("none")) != "ready", reason="extra tiny-model not installed"
)
def test_the_smallest_model_is_what_its_publisher_made(cache: Path) -> None:
    assert check("smollm2-135m", cache).sha256.startswith("b179c952")
