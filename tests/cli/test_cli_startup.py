"""Starting is cheap: what a command does not need is not imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("sqlalchemy", "sqlmodel", "alembic", "notion_client", "yt_dlp", "httpx", "rich", "mutagen", "msgspec")
SCRIPT = """
import sys
from cli.main import run
code = run({arguments!r})
heavy = sorted(set(sys.modules) & set({heavy!r}))
print("IMPORTED", code, heavy)
"""


def _imported(arguments: list[str], heavy: tuple[str, ...]) -> str:
    script = SCRIPT.format(arguments=arguments, heavy=heavy)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["status", "--help"], ["reconcile", "--help"]])
def test_help_and_version_import_nothing_heavy(arguments: list[str]) -> None:
    """G10: `sync --help` and `--version` load click and our own few modules, nothing else."""
    assert _imported(arguments, HEAVY) == "IMPORTED 0 []"


def test_reading_needs_no_client_library_and_no_orm(made_home: object) -> None:
    """G11: `sync status` reads with the driver alone."""
    heavy = tuple(name for name in HEAVY if name != "msgspec")
    assert _imported(["--home", str(made_home), "status"], heavy) == "IMPORTED 0 []"


def test_the_module_is_the_program() -> None:
    """`python -m cli` is `sync`, for where another `sync` comes first."""
    done = subprocess.run([sys.executable, "-m", "cli", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("cratelog ")
