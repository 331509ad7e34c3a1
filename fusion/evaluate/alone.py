"""A system in a process of its own: its peak memory is its own, and so is its death.

Within one process, a model that is still loaded and what the allocator keeps would count for the
systems that come later, and a model that runs out of memory would end the whole evaluation.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from fusion.errors import FusionError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection

    from fusion.evaluate.systems import System, SystemOutput
    from fusion.evaluate.task import Story

_STATUS = Path("/proc/self/status")


class Alone:
    """A system that summarises each story in a new process, and tells its peak memory."""

    def __init__(self, system: System) -> None:
        self.name = system.name
        self._system = system

    @property
    def identity(self) -> Mapping[str, object]:
        """Those of the system: where it runs changes no word."""
        return self._system.identity

    def reads(self, story: Story) -> object:
        """See `System.reads`."""
        return self._system.reads(story)

    def summarize(self, story: Story) -> SystemOutput:
        """See `System.summarize`. That the process died is the failure of this story, too."""
        context = multiprocessing.get_context("spawn")  # a fork would have our memory, and threads
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(theirs, self._system, story))
        process.start()
        theirs.close()
        try:
            found: SystemOutput | FusionError = ours.recv()
        except EOFError as error:
            process.join()
            raise FusionError(
                f"{self.name}: its process ended without a summary (exit code "
                f"{process.exitcode}; -9 is often a lack of memory); see what it printed."
            ) from error
        finally:
            process.kill()  # it has nothing left to do, or we were interrupted
            process.join()
            ours.close()
        if isinstance(found, FusionError):
            raise found
        return found


def peak_mb() -> float | None:
    """The most memory that this process has had resident, in MiB; None where Linux is not.

    Weights that are mapped from a file count. Not from `getrusage`: its figure begins with what
    the parent had when it started this process.
    """
    if not _STATUS.exists():
        return None
    found = re.search(r"^VmHWM:\s+(\d+) kB", _STATUS.read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else None


def _work(sender: Connection, system: System, story: Story) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C: our parent ends us
    found: SystemOutput | FusionError
    try:
        found = system.summarize(story).model_copy(update={"peak_mb": peak_mb()})
    except FusionError as error:
        found = error
    with contextlib.suppress(BrokenPipeError):  # our parent was ended: nobody waits
        sender.send(found)
