"""What is written about settings and exit codes is what the program has."""

from __future__ import annotations

import re
from pathlib import Path

from engine.domain.errors import ExitCode
from engine.settings.template import toml_value
from engine.settings.tree import every_setting

DOCS = Path(__file__).parents[2] / "docs"


def _rows(page: str) -> list[list[str]]:
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]


def test_every_setting_is_documented_with_its_default_and_environment_name() -> None:
    """docs/configuration.md has one row for every declared setting, and no row for one that does not exist."""
    documented = {cells[0].strip("`"): cells for cells in _rows("configuration.md") if cells[0].startswith("`")}
    declared = {each.key: each for each in every_setting()}
    assert documented.keys() - {"home"} == declared.keys()
    for key, setting in declared.items():
        _, default, environment, plan, meaning = documented[key]
        assert environment.strip("`") == (setting.about.env or ""), key
        assert plan == ("yes" if setting.about.plan else ""), key
        assert meaning.endswith("**No effect yet.**") == setting.about.idle, key
        if setting.about.toml:
            assert default == ("–" if setting.default is None else f"`{toml_value(setting.default)}`"), key


def test_every_exit_code_is_documented_under_its_name() -> None:
    """docs/exit-codes.md has exactly the codes of `ExitCode`, each with its name in words."""
    documented = {int(cells[0]): cells[1] for cells in _rows("exit-codes.md") if re.fullmatch(r"\d+", cells[0])}
    assert documented == {int(code): code.name.lower().replace("_", " ") for code in ExitCode}
