"""Run the tests as CI does: two workers, coverage, and the floors the house rules set.

`python -m tests.run [pytest arguments]`; any argument runs only pytest with it, without the floors.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

COMPLETE = tuple(f"engine/{package}/*" for package in ("domain", "matching", "projections", "reconciler", "workflows"))
"""Every line and branch of these is covered."""
OVERALL_PERCENT = 95
UNMEASURED = ("tests/crash", "tests/hardship")
"""These die on purpose and repeat whole runs by the hundred; measuring them would show nothing new and cost minutes."""
MEMORY = Path("/dev/shm")
MEMORY_BYTES_MIN = 4_000_000_000


def main(arguments: Sequence[str]) -> int:
    """Run the tests and give the exit code."""
    python = [sys.executable, "-m"]
    environment = {**os.environ, "COVERAGE_CORE": "ctrace", **_roomy_memory()}
    if arguments:
        return _run([*python, "pytest", *arguments], environment)
    _run([*python, "coverage", "erase"], environment)
    workers = str(2 * max(2, os.cpu_count() or 2))  # they wait for processes and servers more than they compute
    together = [*python, "pytest", "-q", "-n", workers, "--dist", "worksteal", "--durations=10"]
    apart = [f"--ignore={folder}" for folder in UNMEASURED]
    failed = _run([*together, "--cov", "--cov-report=", *apart], environment) or _run(
        [*together, *UNMEASURED], environment
    )
    if failed:
        return failed
    complete = f"--include={','.join(COMPLETE)}"
    return _run([*python, "coverage", "report", complete, "--fail-under=100"], environment) or _run(
        [*python, "coverage", "report", f"--fail-under={OVERALL_PERCENT}"], environment
    )


def _roomy_memory() -> dict[str, str]:
    """Point temporary files at memory where there is room: tests write durably by the thousand, and none needs it."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < MEMORY_BYTES_MIN:
        return {}
    return {"TMPDIR": str(MEMORY)}


def _run(command: Sequence[str], environment: dict[str, str]) -> int:
    return subprocess.run(command, check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
