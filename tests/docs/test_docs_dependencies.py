"""What is written about dependencies is what pyproject.toml says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_dependency_has_its_line_of_justification() -> None:
    """docs/dependencies.md names exactly the run-time and development dependencies there are."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.split(r"[\[>=<~! ]", requirement)[0] for requirement in declared}
    lines = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8").splitlines()
    documented = {line.split("|")[1].strip() for line in lines if line.startswith("| ")} - {"package"}
    assert documented == names
