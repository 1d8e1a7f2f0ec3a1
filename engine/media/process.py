"""Running one external program: an argument list, a time limit, its output in chunks; never a shell.

The program gets its own process group, so that the first Ctrl-C lets it finish. Who ends without waiting for us
ends what runs with `end_all`.
"""

from __future__ import annotations

import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_CHUNK_BYTES = 1 << 18
_LOG_BYTES_MAX = 1 << 20  # a damaged file can make a decoder complain for ever

_running: set[subprocess.Popen[bytes]] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a program ended: its exit code, what it logged, and whether its time ran out."""

    code: int
    log: str
    timed_out: bool


def run(arguments: Sequence[str], *, timeout_s: float, sink: Callable[[bytes], None] | None = None) -> Ran:
    """Run a program to its end, give its standard output to `sink` chunk by chunk, and say how it ended."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(  # noqa: S603 - an argument list we built; no shell reads it
            arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, process_group=0
        )
        _running.add(process)
        late = threading.Event()
        timer = threading.Timer(timeout_s, _stop, (process, late))
        timer.daemon = True
        timer.start()
        try:
            _drain(process, sink)
            code = process.wait()
        finally:
            timer.cancel()
            _end(process)
            _running.discard(process)
        log.seek(0)
        return Ran(code=code, log=log.read(_LOG_BYTES_MAX).decode(errors="replace"), timed_out=late.is_set())


def end_all() -> None:
    """End every program that still runs, without waiting for it."""
    for process in tuple(_running):
        process.kill()


def _drain(process: subprocess.Popen[bytes], sink: Callable[[bytes], None] | None) -> None:
    assert process.stdout is not None
    while chunk := process.stdout.read(_CHUNK_BYTES):
        if sink is not None:
            sink(chunk)


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
