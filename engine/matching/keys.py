"""What a thing is found by among others: the words of its name, and the ids that decide alone.

Words are in Latin letters, so that a name meets its transliteration. Words of a kind of version ('remix', 'radio
edit') are left out: they tell nothing apart, and what they change is for `names` to judge.
"""

from __future__ import annotations

from anyascii import anyascii

from engine.matching.blocking import Keys
from engine.matching.folding import fold
from engine.matching.parsing import Role, parse
from engine.matching.things import Thing
from engine.matching.words import VERSIONS


def keys_of(thing: Thing) -> Keys:
    """Give a thing's keys for blocking."""
    name = parse(thing.title, thing.artist)
    words = frozenset(
        _letters(word.text) for word in name.words if word.role is not Role.NOISE and word.text not in VERSIONS
    )
    title = _letters("".join(name.of(Role.TITLE, Role.BEFORE_VERSION)))
    exact = frozenset((*thing.ids, *thing.isrcs, *thing.content_hashes))
    return Keys(words=words - {""}, squashed=title, exact=exact)


def _letters(text: str) -> str:
    latin = text if text.isascii() else fold(anyascii(text))
    return latin if latin.isalnum() else "".join(filter(str.isalnum, latin))
