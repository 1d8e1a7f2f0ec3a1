"""Traps in which the names are two recordings, however alike they look: VERSION, PART and DIFF.

Every one changes artist, title, version or part in a way that no renaming explains.
"""

from __future__ import annotations

from random import Random

from tests.scorecard import traps_damage as damage
from tests.scorecard import traps_vocabulary as words
from tests.scorecard.traps_pair import Names, Trap, Verdict

ROMAN = ("I", "II", "III", "IV", "V", "VI")
NUMBER_WORDS = ("One", "Two", "Three", "Four", "Five", "Six")


def _name(chance: Random) -> str:
    return f"{chance.choice(words.ARTISTS)} - {chance.choice(words.TITLES)}"


def _marked(chance: Random, *versions: str) -> Names:
    """Give a name, and the same name with a version behind it, in one of the notations, perhaps without signs."""
    name, version = _name(chance), chance.choice(versions)
    whole = chance.choice((f"{name} ({version})", f"{name} [{version}]", f"{name} - {version}", f"{name} {version}"))
    return Names(name, whole)


def _two_numbers(chance: Random, most: int) -> tuple[int, int]:
    one, other = chance.sample(range(1, most + 1), 2)
    return one, other


# VERSION


def remix_against_original(chance: Random) -> Names:
    """A remix is another recording than what it is made of."""
    kind = chance.choice(("Remix", "Flip", "Bootleg", "Edit", "Rework", "Refix", "RMX", "Mix"))
    return _marked(chance, f"{chance.choice(words.REMIXERS)} {kind}")


def remix_against_original_with_feature(chance: Random) -> Names:
    """The same where both name a featured artist: 'Say It (feat. Tove Lo) [Illenium Remix]'."""
    title, guest, remixer = (chance.choice(each) for each in (words.TITLES, words.FEATURED, words.REMIXERS))
    return Names(f"{title} (feat. {guest})", f"{title} (feat. {guest}) [{remixer} Remix]")


def two_remixes(chance: Random) -> Names:
    """Two remixers make two recordings, whatever else is equal."""
    name = _name(chance)
    one, other = chance.sample(words.REMIXERS, 2)
    kinds = ("Remix", "Flip", "Bootleg", "Edit")
    notation = chance.choice(("{} ({} {})", "{} - {} {}", "{} [{} {}]", "{} {} {}"))
    return Names(notation.format(name, one, chance.choice(kinds)), notation.format(name, other, chance.choice(kinds)))


def remake(chance: Random) -> Names:
    """F18: a fan's remake is not the track it was searched for."""
    name = _name(chance)
    fan = chance.choice(("Kessleric", "Tranzit", "Nightowl", "Mossback"))
    return Names(name, f"[UNRELEASED] {name} [{fan}'s Remake]")


def live(chance: Random) -> Names:
    """A concert is not the studio."""
    return _marked(chance, "Live", "Live at Red Rocks", "Live from Denver", "Live Version", "Live in Paris 2019")


def acoustic(chance: Random) -> Names:
    """Without the machines it is another recording."""
    return _marked(chance, "Acoustic", "Acoustic Version", "Unplugged", "Piano Version", "Orchestral Version")


def instrumental(chance: Random) -> Names:
    """Without the voice, or without all else, it is another recording."""
    return _marked(chance, "Instrumental", "Instrumental Version", "Acapella", "Acappella", "Instrumental Mix")


def length_against_unmarked(chance: Random) -> Names:
    """A cut for the radio or the club is not the album's."""
    return _marked(
        chance, "Radio Edit", "Extended Mix", "Extended Version", "UK Radio Version", "Club Mix", "Short Edit"
    )


def two_lengths(chance: Random) -> Names:
    """Two cuts are two recordings."""
    name = _name(chance)
    one, other = chance.sample(("Radio Edit", "Extended Mix", "Dance Radio Edit", "Pop Radio Edit", "Club Mix"), 2)
    return Names(f"{name} ({one})", f"{name} ({other})")


def vip(chance: Random) -> Names:
    """A VIP, a V2, a 2.0 is the artist's own other version."""
    return _marked(chance, "VIP", "VIP Mix", "V2", "V3", "2.0")


def remix_against_its_vip(chance: Random) -> Names:
    """The remixer's second version is not the first."""
    name, remixer = _name(chance), chance.choice(words.REMIXERS)
    second = chance.choice(("VIP Remix", "Remix VIP", "Remix 2.0", "Remix V2"))
    return Names(f"{name} ({remixer} Remix)", f"{name} ({remixer} {second})")


def live_remix(chance: Random) -> Names:
    """A remix played live is not the remix."""
    name, remixer = _name(chance), chance.choice(words.REMIXERS)
    return Names(f"{name} {remixer} Remix", f"{name} Live {remixer} {chance.choice(('Remix', 'VIP Remix'))}")


def speed(chance: Random) -> Names:
    """Faster or slower is another recording."""
    marks = ("Sped Up", "sped up version", "Slowed", "slowed + reverb", "Slowed & Reverb", "Nightcore", "Daycore")
    return _marked(chance, *marks)


def reprise(chance: Random) -> Names:
    """A reprise comes back to the song and is not it."""
    return _marked(chance, "Reprise")


def instrumental_reprise(chance: Random) -> Names:
    """Two marks are not one."""
    name = _name(chance)
    return Names(f"{name} Reprise", f"{name} Reprise - Instrumental")


def sung_by_others(chance: Random) -> Names:
    """A cover or a karaoke track is another recording."""
    return _marked(chance, "Cover", "Karaoke Version", "Karaoke", f"{chance.choice(words.FEATURED)} Cover")


def demo(chance: Random) -> Names:
    """What came before the release is another recording."""
    return _marked(chance, "Demo", "Demo Version", "Rough Demo")


def genre_edit(chance: Random) -> Names:
    """'Enjoy (Dnb Edit)' is not 'Enjoy'."""
    return _marked(chance, "DnB Edit", "House Edit", "Drum and Bass Remix", "Techno Edit", "Halftime Flip")


def version_of_one_word(chance: Random) -> Names:
    """The same of titles of one word, without an artist."""
    title = chance.choice(words.COMMON_TITLES)
    return Names(title, f"{title} {chance.choice(('(VIP)', 'VIP', '(Live)', '(Acoustic)', 'V2', '(Wilkinson Remix)'))}")


# PART


def two_parts(chance: Random) -> Names:
    """Part 1 is not part 2, in any notation, one or two of them."""
    name = _name(chance)
    one, other = _two_numbers(chance, 6)
    return Names(name + _part(chance, one), name + _part(chance, other))


def _part(chance: Random, number: int) -> str:
    roman, word = ROMAN[number - 1], NUMBER_WORDS[number - 1]
    return chance.choice(
        (f", Pt. {number}", f" Pt. {number}", f" Part {number}", f" Part {roman}", f" (Part {word})", f" PART {roman}")
    )


def part_against_unmarked(chance: Random) -> Names:
    """Part 2 is not the first, which has no number yet."""
    name = _name(chance)
    return Names(name, name + _part(chance, chance.randint(2, 5)))


def spaced_part(chance: Random) -> Names:
    """F2: 'N i g h t D r i v e スケラー PART II' is not 'PART IV', nor the first."""
    title = f"{damage.spaced(chance.choice(words.TITLES))} スケラー"
    parts = ["", " PART II", " PART III", " PART IV"]
    one, other = chance.sample(parts, 2)
    return Names(f"{title}{one} (PhonkWave)", f"{title}{other} (PhonkWave)")


def two_volumes(chance: Random) -> Names:
    """Volumes, chapters and episodes are parts."""
    title = f"{chance.choice(words.ARTISTS)} {chance.choice(('Mixtape', 'Selects', 'Sessions', 'Tempo', 'Archives'))}"
    one, other = _two_numbers(chance, 30)
    mark = chance.choice((" Vol. {}", ", Vol. {}", " Volume {}", " #{}", " Episode {}", " Chapter {}", " Ep. {}"))
    return Names(title + mark.format(one), title + mark.format(other))


def numbered_mixes(chance: Random) -> Names:
    """'Artist Mix 003' is not 'Artist Mix 004'."""
    series = chance.choice(("Gravitas Artist Mix", "Road To VSC Mix Series", "Featherbed Mix", "Guest Mix"))
    one, other = _two_numbers(chance, 60)
    artist = chance.choice(words.ARTISTS)
    return Names(f"{series} {one:03}: {artist}", f"{series} {other:03}: {artist}")


def numbered_singles(chance: Random) -> Names:
    """'Bounce 01' is not 'Bounce 03'."""
    title = chance.choice(("Bounce", "Samples", "Sketch", "Dubplate", "Untitled", "Loop"))
    one, other = _two_numbers(chance, 9)
    artist = f"{chance.choice(words.ARTISTS)} - " if chance.random() < 0.5 else ""
    return Names(f"{artist}{title} {one:02}", f"{artist}{title} {other:02}")


# DIFF


def same_title_other_artist(chance: Random) -> Names:
    """Two artists named their songs alike."""
    one, other = chance.sample(words.ARTISTS, 2)
    title = chance.choice(words.COMMON_TITLES)
    return Names(f"{one} - {title}", f"{other} - {title}{chance.choice(('', ' [FREE DL]', ' (Official Video)'))}")


def same_title_other_artist_field(chance: Random) -> Names:
    """The same, the artists in fields of their own."""
    one, other = chance.sample(words.ARTISTS, 2)
    title = chance.choice(words.COMMON_TITLES)
    return Names(title, title, artist_a=one, artist_b=other)


def same_artist_other_title(chance: Random) -> Names:
    """F2: what is shared is the artist."""
    artist = chance.choice(words.ARTISTS)
    one, other = chance.sample((*words.TITLES, *words.COMMON_TITLES), 2)
    return Names(f"{artist} - {one}", f"{artist} - {other}")


def shared_album_prefix(chance: Random) -> Names:
    """F2: what is shared is artist and album."""
    before = f"{chance.choice(words.ARTISTS)} - {chance.choice(words.ALBUMS)}"
    one, other = chance.sample(words.TITLES, 2)
    number, other_number = _two_numbers(chance, 24)
    return Names(f"{before} - {number:02} {one}", f"{before} - {other_number:02} {other}")


def shared_album_prefix_short(chance: Random) -> Names:
    """The same with titles so short that nearly all letters are shared."""
    before = f"{chance.choice(words.ARTISTS)} - {chance.choice(words.ALBUMS)}"
    one, other = chance.sample(("p . s .", "o", "Run", "Low", "ii", "Home", "e", "Intro", "Outro"), 2)
    number, other_number = _two_numbers(chance, 24)
    return Names(f"{before} - {number:02} {one}", f"{before} - {other_number:02} {other}")


def shared_channel_and_artist(chance: Random) -> Names:
    """What is shared is a channel and an artist."""
    before = f"{chance.choice(words.CHANNELS)}_{chance.choice(words.ARTISTS)}"
    one, other = chance.sample(words.TITLES, 2)
    return Names(f"{before} - {one}", f"{before} - {other}")


def shared_feature(chance: Random) -> Names:
    """What is shared is the featured artist."""
    guest = chance.choice(words.FEATURED)
    one, other = chance.sample(words.TITLES, 2)
    return Names(f"{one} (feat. {guest})", f"{other} (feat. {guest})")


def shared_remixer(chance: Random) -> Names:
    """What is shared is the remixer."""
    remixer = chance.choice(words.REMIXERS)
    one, other = chance.sample(words.TITLES, 2)
    return Names(f"{one} ({remixer} Remix)", f"{other} ({remixer} Remix)")


def shared_promotion(chance: Random) -> Names:
    """What is shared is noise."""
    noise = chance.choice(("[OUT NOW ON DEADBEATS]", "(Official Music Video)", "[Free Download]", "FREE DOWNLOAD"))
    one, other = chance.sample(words.TITLES, 2)
    return Names(f"{one} {noise}", f"{other} {noise}")


def one_letter_titles(chance: Random) -> Names:
    """Two letters are two titles."""
    one, other = chance.sample("oeupqx", 2)
    artist = chance.choice(words.ARTISTS)
    return Names(f"{artist} - {one}", f"{artist} - {other}")


def one_letter_apart(chance: Random) -> Names:
    """'Ocean' is not 'Oceans'."""
    one, other = chance.choice(words.ONE_LETTER_APART)
    return Names(one, chance.choice((other, other.lower())))


def contained_title(chance: Random) -> Names:
    """'Bounce' is not 'No Bounce'."""
    one, other = chance.choice(words.CONTAINED)
    artist = f"{chance.choice(words.ARTISTS)} - " if chance.random() < 0.5 else ""
    return Names(f"{artist}{one}", f"{artist}{chance.choice((other, other.lower()))}")


def one_word_apart(chance: Random) -> Names:
    """'Out of My Mind' is not 'Out Of My Head'."""
    one, other = chance.choice(words.ONE_WORD_APART)
    artist = f"{chance.choice(words.ARTISTS)} - " if chance.random() < 0.5 else ""
    return Names(f"{artist}{one}", f"{artist}{other}")


def foreign_letters(chance: Random) -> Names:
    """Letters that are not Latin are letters: dropped, all such titles would be one."""
    artist = chance.choice(words.ARTISTS)
    one, other = chance.choice(words.FOREIGN_APART)
    return Names(f"{artist} - {one}", f"{artist} - {other}")


VERSIONS: tuple[Trap, ...] = (
    remix_against_original, remix_against_original_with_feature, two_remixes, remake, live, acoustic, instrumental,
    length_against_unmarked, two_lengths, vip, remix_against_its_vip, live_remix, speed, reprise, instrumental_reprise,
    sung_by_others, demo, genre_edit, version_of_one_word,
)  # fmt: skip
PARTS: tuple[Trap, ...] = (
    two_parts, part_against_unmarked, spaced_part, two_volumes, numbered_mixes, numbered_singles,
)  # fmt: skip
DIFFERENT: tuple[Trap, ...] = (
    same_title_other_artist, same_title_other_artist_field, same_artist_other_title, shared_album_prefix,
    shared_album_prefix_short, shared_channel_and_artist, shared_feature, shared_remixer, shared_promotion,
    one_letter_titles, one_letter_apart, contained_title, one_word_apart, foreign_letters,
)  # fmt: skip
TRAPS: dict[str, tuple[Verdict, Trap]] = {
    **{trap.__name__: (Verdict.VERSION, trap) for trap in VERSIONS},
    **{trap.__name__: (Verdict.PART, trap) for trap in PARTS},
    **{trap.__name__: (Verdict.DIFF, trap) for trap in DIFFERENT},
}
