"""Browsers' own cookie stores, written as the browsers write them, without a browser."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

from yt_dlp.aes import aes_cbc_encrypt_bytes
from yt_dlp.cookies import pbkdf2_sha1

FAR_S = 4_102_444_800
_FIREFOX_SCHEMA = 15  # the last one that counts seconds
_CHROMIUM_SCHEMA = "24"  # the first one that puts the host's digest before the value
_BLOCK_BYTES = 16
NO_KEYRING = (b"v10", b"peanuts")
"""What Chromium on Linux encrypts with where there is no keyring."""
A_KEYRING = (b"v11", b"what only that keyring knows")


def firefox(home: Path, *cookies: tuple[str, str, str], expires_s: int = FAR_S) -> sqlite3.Connection:
    """Make Firefox's store below a home, of hosts, names and values; gives it open, as a running browser has it."""
    folder = home / ".mozilla" / "firefox" / "abcd.default-release"
    folder.mkdir(parents=True)
    store = sqlite3.connect(folder / "cookies.sqlite")
    store.execute(f"PRAGMA user_version = {_FIREFOX_SCHEMA}")
    store.execute(
        "CREATE TABLE moz_cookies (id INTEGER PRIMARY KEY, originAttributes TEXT NOT NULL DEFAULT '', "
        "host TEXT, name TEXT, value TEXT, path TEXT DEFAULT '/', expiry INTEGER, isSecure INTEGER DEFAULT 1)"
    )
    rows = [(*cookie, expires_s) for cookie in cookies]
    store.executemany("INSERT INTO moz_cookies (host, name, value, expiry) VALUES (?, ?, ?, ?)", rows)
    store.commit()
    return store


def chromium(home: Path, *cookies: tuple[str, str, str], key: tuple[bytes, bytes] = NO_KEYRING) -> sqlite3.Connection:
    """Make Chromium's store below a home, its values encrypted; gives it open."""
    folder = home / ".config" / "chromium" / "Default"
    folder.mkdir(parents=True)
    store = sqlite3.connect(folder / "Cookies")
    store.execute("CREATE TABLE meta (key TEXT, value TEXT)")
    store.execute("INSERT INTO meta VALUES ('version', ?)", (_CHROMIUM_SCHEMA,))
    store.execute(
        "CREATE TABLE cookies (host_key TEXT, name TEXT, value TEXT DEFAULT '', encrypted_value BLOB, "
        "path TEXT DEFAULT '/', expires_utc INTEGER, is_secure INTEGER DEFAULT 1)"
    )
    rows = [(host, name, _encrypted(host, value, *key), FAR_S) for host, name, value in cookies]
    store.executemany("INSERT INTO cookies (host_key, name, encrypted_value, expires_utc) VALUES (?, ?, ?, ?)", rows)
    store.commit()
    return store


def _encrypted(host: str, value: str, version: bytes, secret: bytes) -> bytes:
    plain = hashlib.sha256(host.encode()).digest() + value.encode()
    missing = _BLOCK_BYTES - len(plain) % _BLOCK_BYTES
    key = pbkdf2_sha1(secret, b"saltysalt", 1, _BLOCK_BYTES)
    padded = plain + bytes([missing]) * missing
    encrypted: bytes = aes_cbc_encrypt_bytes(padded, key, b" " * _BLOCK_BYTES)[: len(padded)]
    return version + encrypted
