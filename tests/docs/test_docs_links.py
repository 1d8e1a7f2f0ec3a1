"""What the pages point to exists: files, headings, commands, options and shipped questions."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli.catalog import COMMANDS
from engine.domain.crash import CrashPoint
from engine.domain.failure import FailureClass
from engine.reconciler.status_tags import VOCABULARY
from engine.settings.template import template
from engine.targets.notion.property_map import RULES

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
CODE = sorted(
    path
    for folder in ("engine", "cli", "migrations")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".sql"}
)

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_MENTION = re.compile(r"\bdocs/[\w./-]+\.md\b")
_CALL = re.compile(
    r"(?:^|[`$(]|&& )\s*(?:\S+=\S+ )?(?:sync|cratelog) ((?:-v |--home \S+ )*)([a-z]+)\b([^`\n#|&]*)", re.MULTILINE
)
_OPTION = re.compile(r"(?<!\S)(--[a-z-]+)")


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def _calls(text: str) -> Iterator[tuple[str, str]]:
    for found in _CALL.finditer(text):
        yield found[2], found[3]


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    """A link to a file of ours names one that is there, and a heading that is in it."""
    for link in _LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


def test_every_page_that_the_code_mentions_exists() -> None:
    """Docstrings, hints and comments send nobody to a page that is not there."""
    mentioned = {name for path in CODE for name in _MENTION.findall(path.read_text(encoding="utf-8"))}
    assert {name for name in mentioned if not (ROOT / name).is_file()} == set()


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_command_and_option_that_is_shown_exists(page: Path) -> None:
    """`sync <command> --option` on a page is a command of the catalog, with an option it has."""
    modules = {entry.name: entry.module for entry in COMMANDS}
    for name, rest in _calls(page.read_text(encoding="utf-8")):
        assert name in modules, f"sync {name}"
        command = importlib.import_module(modules[name]).command
        assert isinstance(command, click.Command)
        known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        assert set(_OPTION.findall(rest)) <= known, f"sync {name}{rest}"


def test_every_command_is_on_some_page() -> None:
    """No command is left for people to find by themselves."""
    shown = {name for page in PAGES for name, _ in _calls(page.read_text(encoding="utf-8"))}
    assert {entry.name for entry in COMMANDS} - shown == set()


def test_every_crash_point_is_explained() -> None:
    """docs/crash-safety.md has one row for each point at which dying is rehearsed."""
    rows = re.findall(r"^\| (CP\d+) \|", (ROOT / "docs/crash-safety.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [point.value for point in CrashPoint]


def test_every_failure_class_is_explained() -> None:
    """docs/when-something-fails.md names each class in words in the first column of its table."""
    text = (ROOT / "docs/when-something-fails.md").read_text(encoding="utf-8").split("## The classes")[1]
    first = {word.strip() for row in re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE) for word in row.split(",")}
    assert {failure.value.replace("_", " ") for failure in FailureClass} <= first


def test_every_status_tag_and_notion_property_is_explained() -> None:
    """docs/notion.md names every tag that is ours and every property that is tried."""
    text = (ROOT / "docs/notion.md").read_text(encoding="utf-8")
    names = {name for rules in RULES.values() for rule in rules for name in rule.names}
    assert {name for name in VOCABULARY | names if f"`{name}`" not in text} == set()


def test_the_settings_file_that_is_shown_is_toml_the_program_takes() -> None:
    """Tables shown on pages are tables of the settings file."""
    tables = set(re.findall(r"^\[+([\w.]+)\]+$", template({}), re.MULTILINE)) | {"playlists", "access"}
    for page in PAGES:
        for block in re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            assert set(re.findall(r"^\[+([\w.]+)\]+$", block, re.MULTILINE)) <= tables, page.name
