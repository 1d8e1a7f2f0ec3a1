"""The environment in which the peers live, apart from ours: pinned, made on first use, never guessed about.

A peer that cannot be installed or started leaves a reason in place of a figure.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench.measured import Bench, environment

HERE = Path(__file__).parent
ENVIRONMENT = HERE / ".peers" / "venv"
PINNED = (
    "eventsourcing==9.5.6",
    "dbos==3.4.0",
    "beets==2.14.1",
    "sqlmodel==0.0.50",
    "yt-dlp==2026.10.26",
    "rapidfuzz==3.14.6",
    "numpy==2.4.6",
)
INSTALL_TIMEOUT_S = 900
RUN_TIMEOUT_S = 1800


class NotMeasuredError(Exception):
    """A peer could not be measured; its message is the reason shown."""


def interpreter() -> Path:
    """Give the Python of the peers' environment, made now when it is not there or pins changed.

    Raises:
        NotMeasuredError: it cannot be made.
    """
    noted = ENVIRONMENT / "pinned.json"
    python = ENVIRONMENT / "bin" / "python"
    if noted.is_file() and json.loads(noted.read_text(encoding="utf-8")) == list(PINNED):
        return python
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(ENVIRONMENT)])
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    installer = [uv, "pip", "install", "--quiet", "--python", str(python)] if uv else [str(python), "-m", "pip"]
    _run([*installer, *([] if uv else ["install", "--quiet"]), *PINNED])
    noted.write_text(json.dumps(PINNED), encoding="utf-8")
    return python


def program(bench: Bench, name: str) -> Path:
    """Give the path of a program that a peer installs.

    Raises:
        NotMeasuredError: it is not there.
    """
    python = _python(bench)
    found = python.parent / name
    if not found.is_file():
        raise NotMeasuredError(f"{name} is not in the peers' environment")
    return found


def ask(bench: Bench, script: str, *arguments: object) -> float:
    """Run one of `peers/*.py` and give the seconds it measured of itself.

    Raises:
        NotMeasuredError: it failed.
    """
    command = [str(_python(bench)), str(HERE / "peers" / f"{script}.py"), *map(str, arguments)]
    said = _run(command)
    try:
        return float(said.strip().splitlines()[-1])
    except (ValueError, IndexError) as error:
        raise NotMeasuredError(f"{script} gave no figure: {said[-200:]!r}") from error


def measured(theirs: Callable[[], float]) -> tuple[float | None, str]:
    """Give a peer's figure, or nothing and the reason."""
    try:
        return theirs(), ""
    except NotMeasuredError as error:
        return None, f"not measured: {error}"


def _python(bench: Bench) -> Path:
    if bench.peers is None:
        raise NotMeasuredError(bench.peers_missing)
    return bench.peers


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=RUN_TIMEOUT_S, check=False, env=environment()
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotMeasuredError(f"{Path(command[0]).name}: {error}") from error
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no word why"]
        raise NotMeasuredError(f"{Path(command[0]).name} exit {done.returncode}: {lines[-1][:200]}")
    return done.stdout
