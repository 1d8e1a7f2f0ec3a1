"""The login on disk: one file that only its owner may read, replaced whole, by one process at a time. Sends nothing.

What is in it is never shown, recorded or logged.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

DAY_US = 86_400_000_000
LOGIN_LASTS_US = 180 * DAY_US
"""Since 2026-07-20 a login ends six months after the person agreed, however often it is refreshed (Web API, 2026)."""

_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """One login.

    Attributes:
        account: the user id of whoever logged in; empty until Spotify was asked.
        authorised_us: when the person agreed; unknown of a login made elsewhere.
        origin: digest of the refresh token from the settings that this came of; None of a login of our own.
        scopes: what it covers, as Spotify last said; None while it did not.
        renewing: whether it was sent to be renewed and no answer was read: it may be of no use any more.
    """

    client_id: str
    refresh_token: str = field(repr=False)
    access_token: str = field(default="", repr=False)
    access_expires_us: int = 0
    account: str = ""
    authorised_us: int | None = None
    origin: str | None = None
    scopes: tuple[str, ...] | None = None
    renewing: bool = False

    @property
    def expires_us(self) -> int | None:
        """When the login itself ends, as far as is known."""
        return None if self.authorised_us is None else self.authorised_us + LOGIN_LASTS_US


@dataclass(frozen=True, slots=True)
class TokenFile:
    """Where the login lies."""

    path: Path

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes from changing the login; where nothing can be locked, nobody is kept from it."""
        try:
            handle = os.open(self.path.parent, os.O_RDONLY)
        except OSError:
            yield  # without a folder there is no login that another process could change
            return
        try:
            with suppress(OSError):  # some network file systems know no locks
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def read(self) -> Tokens | None:
        """Give the login, or nothing when there is none that can be read."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Tokens)
        except (OSError, msgspec.DecodeError):
            return None

    def write(self, tokens: Tokens) -> None:
        """Put a login in the place of the one before, whole or not at all.

        Raises:
            OSError: the disk does not take it.
        """
        self.path.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        fresh = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        with suppress(FileNotFoundError):
            fresh.unlink()  # left by a process of the same number that died
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(tokens)))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)

    def remove(self) -> bool:
        """Forget the login, and say whether there was one."""
        try:
            self.path.unlink()
        except FileNotFoundError:
            return False
        return True
