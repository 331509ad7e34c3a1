"""What holds for every test: no network, no user's cache, and no model unless the test says so."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from hypothesis import HealthCheck, settings

from fusion.llm import LlamaCpp
from fusion.models import resolve, state

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]

# How long an example takes depends on what else the machine does.
settings.register_profile("fusion", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fusion")


class NetworkRefused(RuntimeError):
    """A test went for the network."""


@pytest.fixture(autouse=True, scope="session")
def _ctrl_c() -> None:
    """Let Ctrl-C interrupt us and what we start: a shell has background jobs ignore it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    def refuse(*where: Any, **_: Any) -> NoReturn:
        raise NetworkRefused(f"tests do not use the network: {where[-1]!r}")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        yield


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where this session's models are joined: the default one has 1.1 GB, so once, and no longer.

    `FUSION_TEST_CACHE` names a cache whose joined models are kept between sessions.
    """
    if kept := os.environ.get("FUSION_TEST_CACHE"):
        folder = Path(kept).resolve() / "models"
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
    else:
        folder = tmp_path_factory.mktemp("models")
        yield folder
        shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def cache_dir(
    models_dir: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """This test's own cache, with the session's models in it."""
    folder = tmp_path_factory.mktemp("cache")
    (folder / "models").symlink_to(models_dir)
    monkeypatch.setenv("FUSION_CACHE", str(folder))
    return folder


@pytest.fixture(autouse=True)
def _models_as_marked(
    request: pytest.FixtureRequest, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = request.node.get_closest_marker("model")
    if marker is None:

        def refuse(llm: LlamaCpp, context_tokens: int) -> NoReturn:
            raise RuntimeError(f"{llm.path.name}: mark the test with @pytest.mark.model(name)")

        monkeypatch.setattr(LlamaCpp, "_open", refuse)
        return
    (name,) = marker.args
    if (said := state(name, cache_dir)).startswith("absent"):
        pytest.skip(f"model {name} is {said}")


@pytest.fixture
def model_path(request: pytest.FixtureRequest, cache_dir: Path) -> Path:
    """The file of the model that the test is marked with."""
    (name,) = request.node.get_closest_marker("model").args
    return resolve(name, cache_dir).path


@pytest.fixture
def tiny_llm(model_path: Path) -> Iterator[LlamaCpp]:
    """The marked model, loaded with a small context."""
    llm = LlamaCpp(model_path, context_tokens=256)
    yield llm
    llm.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the shared stories and labelled sentences."""
    folder = Path(os.environ.get("FUSION_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"{folder}: no shared data there; name its folder in FUSION_DATA")
    return folder
