"""What uploads, exports and file systems do to a name without making it another recording."""

# ruff: noqa: RUF001 - letters that look like others are the point

from __future__ import annotations

import unicodedata
from random import Random

SIGNS = str.maketrans("", "", "&$+='’@./,:()[]!?")
FULL_WIDTH_SIGNS = str.maketrans({":": "：", "|": "｜", "?": "？", '"': "＂", "*": "＊", "/": "⧸"})
LOOK_ALIKE = str.maketrans("AaEeOoCcPpTKMHB", "АаЕеОоСсРрТКМНВ")
FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def signs_deleted(name: str) -> str:
    """Give a name as a strict file system leaves it: 'Chase & Status' becomes 'Chase  Status'."""
    return name.translate(SIGNS)


def underscored(name: str) -> str:
    """Give a name with underscores for spaces and without apostrophes, as download scripts write it."""
    return name.translate(SIGNS).replace(" ", "_")


def full_width_signs(name: str) -> str:
    """Give a name with the signs that a downloader puts for those a file system forbids."""
    return name.translate(FULL_WIDTH_SIGNS)


def look_alike(name: str) -> str:
    """Give a name in which Cyrillic letters stand for Latin ones of the same look."""
    return name.translate(LOOK_ALIKE)


def full_width(name: str) -> str:
    """Give a name in full-width letters, spaces kept."""
    return name.translate(FULL_WIDTH)


def decomposed(name: str) -> str:
    """Give a name as macOS writes it to disk: accents apart from their letters."""
    return unicodedata.normalize("NFD", name)


def without_accents(name: str) -> str:
    """Give a name in plain letters: ø as o, é as e."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))
    return plain.replace("ø", "o").replace("Ø", "O")


def spaced(name: str) -> str:
    """Give a name with a space after every letter, as a style: 'N i g h t D r i v e'."""
    return " ".join(name.replace(" ", ""))


def slug(name: str) -> str:
    """Give a name as an address writes it."""
    return "-".join(word for word in signs_deleted(name).casefold().split() if word != "-")


def recased(chance: Random, name: str) -> str:
    """Give a name in another case than its own."""
    return chance.choice([each for each in (name.upper(), name.lower(), name.title()) if each != name])


def hex_prefixed(chance: Random, name: str) -> str:
    """Give a name as a DJ program exports it to a stick: '0362CC15_name'."""
    return f"{chance.getrandbits(32):08X}_{name}"
