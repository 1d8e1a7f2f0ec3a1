"""How this program was called, so that a command it suggests runs this program and not coreutils' `sync`."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path


def program(arguments: Sequence[str] | None = None) -> str:
    """Give the words that start this program from the folder it was started in, quoted for a shell."""
    script = Path((sys.argv if arguments is None else arguments)[0])
    if script.name == "__main__.py":
        return f"{_written(Path(sys.executable))} -m {script.parent.name}"
    return _written(script)


def _written(path: Path) -> str:
    """Give a program's bare name where the shell finds this very file by it, else its path, short if it can be."""
    found = shutil.which(path.name)
    if found is not None and Path(found).absolute() == path.absolute():
        return path.name
    whole, here = path.absolute(), Path.cwd()
    if whole.parent == here:
        return shlex.quote(f"./{whole.name}")
    return shlex.quote(str(whole.relative_to(here) if whole.is_relative_to(here) else whole))
