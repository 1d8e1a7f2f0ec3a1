"""Reads a `.env` file: NAME=value lines, quotes, comments. No expansion, no multi-line values, no execution."""

from __future__ import annotations

from pathlib import Path

from engine.domain.errors import SettingsError


def read_dotenv(path: Path) -> dict[str, str]:
    """Give the names and values of a `.env` file; nothing when there is no such file.

    Raises:
        SettingsError: a line is not NAME=value, or the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}", hint="make it a UTF-8 text file you own") from error
    return parse_dotenv(text, str(path))


def parse_dotenv(text: str, path: str) -> dict[str, str]:
    """Give the names and values of `.env` text; `path` is for the error."""
    values: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.removeprefix("export ").partition("=")
        if not equals or not name.strip().isidentifier():
            raise SettingsError(f"{path}, line {number}: not a NAME=value line", hint="write one NAME=value a line")
        values[name.strip()] = _unquoted(value.strip())
    return values


def _unquoted(value: str) -> str:
    quote = value[:1]
    if quote in {'"', "'"} and (end := value.find(quote, 1)) > 0:
        return value[1:end]
    return value.split(" #", 1)[0].rstrip()
