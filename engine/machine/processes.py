"""Who we are among this machine's processes, and whether another one is gone. Ends no process."""

from __future__ import annotations

import os
import socket
import uuid
from contextlib import suppress
from pathlib import Path

from typing_extensions import override

from engine.ports import Processes

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_START_FIELD = 19  # of /proc/PID/stat after the command's closing bracket: starttime, proc(5)


class MachineProcesses(Processes):
    """Owner names of the form `place|pid|start|nonce`; another place's processes are never called dead."""

    def __init__(self, boot: Path = _BOOT) -> None:
        self._place = _place(boot)
        pid = os.getpid()
        self._owner = f"{self._place}|{pid}|{started(pid) or ''}|{uuid.uuid4().hex[:8]}"

    @override
    def ourselves(self) -> str:
        return self._owner

    @override
    def is_dead(self, owner: str) -> bool:
        place, _, rest = owner.partition("|")
        pid_text, _, rest = rest.partition("|")
        begun = rest.partition("|")[0]
        if owner == self._owner or place != self._place or not pid_text.isdecimal():
            return False
        pid = int(pid_text)
        if not _lives(pid):
            return True
        now = started(pid)
        return bool(begun and now and begun != now) or pid == os.getpid()


def started(pid: int) -> str | None:
    """Give a mark of a process's start, where the system tells; a pid is used again, this is not."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()[_START_FIELD]


def _lives(pid: int) -> bool:
    with suppress(PermissionError):  # somebody else's process is a process
        try:
            os.kill(pid, 0)
        except (ProcessLookupError, OverflowError):  # a number no process can have
            return False
    return True


def _place(boot: Path) -> str:
    parts = [socket.gethostname()]
    try:
        parts.append(boot.read_text(encoding="ascii").strip())
        parts.append(str(Path("/proc/self/ns/pid").readlink()))
    except OSError:
        parts.append(f"{uuid.getnode():x}")
    return "@".join(parts).replace("|", "_")
