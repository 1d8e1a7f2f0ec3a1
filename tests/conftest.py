"""Fixtures that several areas share, as plugin modules."""

from __future__ import annotations

pytest_plugins = ["tests.fixtures.audio"]
