"""Fixtures that several areas share, as plugin modules."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("check", max_examples=40, deadline=None)
settings.load_profile("check")

pytest_plugins = ["tests.fixtures.audio"]
