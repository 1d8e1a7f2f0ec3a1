"""The beginnings of the rehearsals, made once per session."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.crash.stages import Stage, build_cold, build_fetched, measured
from tests.crash.world import SECONDS
from tests.fixtures.audio import MakeAudio


@pytest.fixture(scope="session")
def small_media(make_audio: MakeAudio) -> Mapping[str, bytes]:
    """Give the audio of the two tracks by preset."""
    return {
        "mp3_1_0": make_audio("mp3", tone=440, seconds=SECONDS).read_bytes(),
        "aac_160k": make_audio("fragmented.m4a", tone=550, seconds=SECONDS).read_bytes(),
    }


@pytest.fixture(scope="session")
def cold_folder(tmp_path_factory: pytest.TempPathFactory, small_media: Mapping[str, bytes]) -> Path:
    """Give a folder with a home that has run nothing."""
    return build_cold(tmp_path_factory.mktemp("cold"), small_media)


@pytest.fixture(scope="session")
def cold(tmp_path_factory: pytest.TempPathFactory, cold_folder: Path, small_media: Mapping[str, bytes]) -> Stage:
    """Give the beginning at which nothing was done yet."""
    return measured(cold_folder, small_media, tmp_path_factory.mktemp("cold-run"))


@pytest.fixture(scope="session")
def fetched(tmp_path_factory: pytest.TempPathFactory, cold_folder: Path, small_media: Mapping[str, bytes]) -> Stage:
    """Give the beginning at which the audio is there and everything else is not."""
    folder = build_fetched(cold_folder, tmp_path_factory.mktemp("fetched"), small_media)
    return measured(folder, small_media, tmp_path_factory.mktemp("fetched-run"))
