"""Traps in which names cannot decide: a person would want to hear it (ASK)."""

from __future__ import annotations

from random import Random

from tests.scorecard import traps_damage as damage
from tests.scorecard import traps_vocabulary as words
from tests.scorecard.traps_pair import Names, Trap, Verdict


def bare_common_title(chance: Random) -> Names:
    """F1: 12 items named NUMB were more than one song."""
    title = chance.choice(words.COMMON_TITLES)
    return Names(title, title)


def one_letter(chance: Random) -> Names:
    """A title reduced to one letter says nothing."""
    letter = chance.choice("oexqz")
    return Names(letter, letter)


def common_title_and_feature(chance: Random) -> Names:
    """'Stay' may be 'Stay (feat. Maty Noyes)', or any of a hundred others."""
    title = chance.choice(words.COMMON_TITLES)
    return Names(title, f"{title} (feat. {chance.choice(words.FEATURED)})")


def common_title_behind_album(chance: Random) -> Names:
    """An artist's 'Ocean' may be the bare 'Ocean'."""
    artist, title = chance.choice(words.ARTISTS), chance.choice(words.COMMON_TITLES)
    return Names(f"{artist} - {chance.choice(words.ALBUMS)} - {chance.randint(1, 18):02} {artist} - {title}", title)


def common_title_and_artist(chance: Random) -> Names:
    """The same without an album."""
    title = chance.choice(words.COMMON_TITLES)
    return Names(f"{chance.choice(words.ARTISTS)} - {title}", title)


def slug_with_counter(chance: Random) -> Names:
    """'-11' at the end of an address counts songs of one name: this is one of them, but which?"""
    title = chance.choice(words.PECULIAR_TITLES)
    return Names(f"{damage.slug(title)}-{chance.randint(2, 19)}", title.upper())


def marker_lost(chance: Random) -> Names:
    """A script that wrote underscores may have dropped the remix from the name, or it was the original."""
    name = f"{chance.choice(words.ARTISTS)} - {chance.choice((*words.TITLES, *words.APOSTROPHE_TITLES))}"
    remix = f"({chance.choice(words.REMIXERS)} {chance.choice(('Remix', 'Flip', 'Bootleg'))})"
    return Names(f"{name} {remix}", f"{damage.underscored(name)} Enhanced")


UNCLEAR: tuple[Trap, ...] = (
    bare_common_title, one_letter, common_title_and_feature, common_title_behind_album, common_title_and_artist,
    slug_with_counter, marker_lost,
)  # fmt: skip
TRAPS: dict[str, tuple[Verdict, Trap]] = {trap.__name__: (Verdict.ASK, trap) for trap in UNCLEAR}
