"""Traps in which both names are one recording, and a person sees it at once: SAME, and FORMAT for another file of it.

Every one keeps artist, title, version, part; it changes how they are written, or what stands around them.
"""

from __future__ import annotations

from random import Random

from tests.scorecard import traps_damage as damage
from tests.scorecard import traps_vocabulary as words
from tests.scorecard.traps_pair import Names, Trap, Verdict


def _plain(chance: Random) -> tuple[str, str]:
    return chance.choice(words.ARTISTS), chance.choice(words.TITLES)


def _name(chance: Random) -> str:
    return " - ".join(_plain(chance))


def _remixed(chance: Random) -> tuple[str, str]:
    """Give a name and its version, as they stand in 'name (version)'."""
    kind = chance.choice(("Remix", "Flip", "Bootleg", "Edit", "VIP Remix", "VIP Edit", "RMX", "Rework"))
    return _name(chance), f"{chance.choice(words.REMIXERS)} {kind}"


def free_download(chance: Random) -> Names:
    """Promotion is noise."""
    name = _name(chance)
    offers = ("[FREE DL]", "(Free Download)", "[Free Download]", "FREE DOWNLOAD", "(FREE DL)", "[FREE]", "**FREE DL**")
    return Names(name, f"{name} {chance.choice(offers)}")


def official_video(chance: Random) -> Names:
    """What a video channel adds is noise."""
    name = _name(chance)
    added = ("(Official Video)", "(Official Music Video)", "[Official Audio]", "(Lyric Video)", "(Official Visualizer)")
    return Names(name, f"{name} {chance.choice((*added, '(Lyrics)', '[HQ]', '(HD)', '(Audio)'))}")


def premiere(chance: Random) -> Names:
    """A premiere is no version."""
    name = _name(chance)
    before = chance.choice(("PREMIERE: ", "PREMIERE ", "Premiere | ", "[PREMIERE] "))
    return Names(name, f"{before}{name}{chance.choice(('', ' [OUT NOW]', ' (Out Now)'))}")


def label_in_brackets(chance: Random) -> Names:
    """A label after the title is noise."""
    name = _name(chance)
    return Names(
        name,
        f"{name} {chance.choice(('[{}]', '[{} Release]', '(Out Now on {})', '[OUT NOW ON {}]'))}".format(
            chance.choice(words.LABELS)
        ),
    )


def channel_prefix(chance: Random) -> Names:
    """A channel before artist and title is noise."""
    name = _name(chance)
    return Names(name, f"{chance.choice(words.CHANNELS)}_{name}")


def track_number(chance: Random) -> Names:
    """A number before the name is a place on an album."""
    number = chance.randint(1, 18)
    if chance.random() < 0.3:
        title = chance.choice(words.PECULIAR_TITLES)
        return Names(title, f"{number % 9 + 1:02} {title}")  # of an album: '17 Title' may be what the song is called
    name = _name(chance)
    before = chance.choice((f"{number:02} ", f"{number:02}. ", f"{number:02} - ", f"{number}. "))
    return Names(name, before + name)


def album_prefix(chance: Random) -> Names:
    """'Artist - Album - 07 Title' is 'Artist - Title'."""
    artist, title = _plain(chance)
    return Names(
        f"{artist} - {title}", f"{artist} - {chance.choice(words.ALBUMS)} - {chance.randint(1, 18):02} {title}"
    )


def artist_doubled_behind_album(chance: Random) -> Names:
    """'Artist - Album - 07 Artist x Guest - Title' is 'Artist x Guest - Title'."""
    artist, guest = chance.sample(words.ARTISTS, 2)
    title = chance.choice(words.TITLES)
    whole = f"{artist} - {chance.choice(words.ALBUMS)} - {chance.randint(1, 18):02} {artist} x {guest} - {title}"
    return Names(f"{artist} x {guest} - {title}", whole)


def hex_prefix(chance: Random) -> Names:
    """Eight hexadecimal digits and an underscore come from a DJ program's export."""
    name = _name(chance)
    return Names(name, damage.hex_prefixed(chance, name.lower()))


def copy_suffix(chance: Random) -> Names:
    """What a second copy of a file gets is noise, after a part number too."""
    name = _name(chance)
    if chance.random() < 0.3:
        name += f", Pt. {chance.randint(2, 4)}"
    return Names(name, name + chance.choice((".1.2", " 1.1.2", " (1)", " Copy", " copy", " - Copy", " (2)")))


def enhanced(chance: Random) -> Names:
    """A script's mark for its own output is no version."""
    name = _name(chance)
    if chance.random() < 0.5:
        return Names(damage.signs_deleted(name), f"{damage.underscored(name)} Enhanced")
    return Names(name, name + chance.choice((" (Enhanced)", " Enhanced", "_Enhanced")))


def file_format(chance: Random) -> Names:
    """A container or a bitrate in the name is no version."""
    name = _name(chance)
    return Names(name, name + chance.choice((" (M4A)", " [WAV]", ".mp3", ".aiff", " 320kbps", " [FLAC]", " (320)")))


def underscores(chance: Random) -> Names:
    """Underscores stand for spaces."""
    name = _name(chance)
    return Names(name, damage.underscored(name))


def signs_deleted(chance: Random) -> Names:
    """A file system's deletions leave the name what it was: brackets, commas, dots."""
    name, version = _remixed(chance)
    whole = f"{name} ({version})"
    return Names(whole, damage.signs_deleted(whole))


def signed_artist(chance: Random) -> Names:
    """'A$AP', 'K+Lab', 'GEN.KLOUD', 'X&G' lose their signs and stay who they are."""
    name = f"{chance.choice(words.SIGNED_ARTISTS)} - {chance.choice(words.TITLES)}"
    return Names(name, damage.signs_deleted(name))


def signed_featured(chance: Random) -> Names:
    """The same of a featured artist."""
    name = f"{_name(chance)} (feat. {' & '.join(chance.sample(words.SIGNED_ARTISTS, 2))})"
    return Names(name, damage.signs_deleted(name))


def signed_remixer(chance: Random) -> Names:
    """The same of a remixer: 'REXY=DEXY Flip' is 'REXYDEXY Flip'."""
    name = f"{_name(chance)} ({chance.choice(words.SIGNED_ARTISTS)} {chance.choice(('Flip', 'Remix'))})"
    return Names(name, damage.signs_deleted(name))


def apostrophe(chance: Random) -> Names:
    """An apostrophe goes missing, or becomes a typographic one or an underscore."""
    name = f"{chance.choice(words.ARTISTS)} - {chance.choice(words.APOSTROPHE_TITLES)}"
    return Names(name, name.replace("'", chance.choice(("", "’", "_"))))


def version_number_dotted(chance: Random) -> Names:
    """'Remix 2.0' is written 'Remix 20' where dots are deleted."""
    name = f"{_name(chance)} ({chance.choice(words.REMIXERS)} Remix 2.0)"
    return Names(name, damage.signs_deleted(name))


def version_notation(chance: Random) -> Names:
    """'(X Remix)', '[X Remix]' and '- X Remix' are one notation."""
    name, version = _remixed(chance)
    one, other = chance.sample((f"{name} ({version})", f"{name} [{version}]", f"{name} - {version}"), 2)
    return Names(one, other)


def version_and_feature_notation(chance: Random) -> Names:
    """'T (feat. F) [X Remix]' is 'T feat F - X Remix'."""
    title, guest = chance.choice(words.TITLES), chance.choice(words.FEATURED)
    version = f"{chance.choice(words.REMIXERS)} Remix"
    return Names(f"{title} (feat. {guest}) [{version}]", f"{title} feat {guest} - {version}")


def original_mix(chance: Random) -> Names:
    """'Original Mix' says that it is no version."""
    name = _name(chance)
    return Names(name, name + chance.choice((" (Original Mix)", " [Original Mix]", " - Original Mix")))


def feature_notation(chance: Random) -> Names:
    """A featured artist stands beside the artist or behind the title, under several words."""
    (artist, title), guest = _plain(chance), chance.choice(words.FEATURED)
    one, other = chance.sample(
        (
            f"{artist} feat. {guest} - {title}",
            f"{artist} ft. {guest} - {title}",
            f"{artist} - {title} (feat. {guest})",
            f"{artist} - {title} ft {guest}",
            f"{artist} - {title} [featuring {guest}]",
            f"{artist} - {title} w/ {guest}",
        ),
        2,
    )
    return Names(one, other)


def swapped_order(chance: Random) -> Names:
    """'Artist - Title (X Remix)' is 'Title (X Remix) - Artist' and 'artist (X Remix) - title'."""
    (artist, title), version = _plain(chance), f"{chance.choice(words.REMIXERS)} Remix"
    other = chance.choice((f"{title} ({version}) - {artist}", f"{artist.lower()} ({version}) - {title.lower()}"))
    return Names(f"{artist} - {title} ({version})", other)


def artists_in_another_order(chance: Random) -> Names:
    """'A & B' is 'B x A'."""
    one, other = chance.sample(words.ARTISTS, 2)
    title = chance.choice(words.TITLES)
    separators = (" & ", " x ", " X ", " vs. ", " vs ", ", ", " + ", " and ")
    return Names(
        f"{one}{chance.choice(separators)}{other} - {title}", f"{other}{chance.choice(separators)}{one} - {title}"
    )


def case(chance: Random) -> Names:
    """Case is style."""
    name = _name(chance)
    return Names(name, damage.recased(chance, name))


def article(chance: Random) -> Names:
    """'The' before an artist comes and goes."""
    artist, title = chance.choice(words.THE_ARTISTS), chance.choice(words.TITLES)
    return Names(f"The {artist} - {title}", f"{chance.choice((artist, f'{artist}, The'))} - {title}")


def artist_in_field_and_title(chance: Random) -> Names:
    """An uploader who is the artist writes the artist into the title too."""
    artist, title = _plain(chance)
    return Names(title, f"{artist} - {title}", artist_a=artist, artist_b=artist)


def uploader_is_a_label(chance: Random) -> Names:
    """F73: where the title names the artist, the uploader's name is nothing."""
    artist, title = _plain(chance)
    return Names(title, f"{artist} - {title}", artist_a=artist, artist_b=chance.choice(words.LABELS))


def artist_missing(chance: Random) -> Names:
    """A peculiar title without its artist is still the song: 'FATAL ATTRACTION' of a title field and of a video."""
    artist, title = chance.choice(words.ARTISTS), chance.choice(words.PECULIAR_TITLES)
    return Names(title, f"{artist} - {title}{chance.choice((' (Official Music Video)', '', ' [FREE DL]'))}")


def slug_as_title(chance: Random) -> Names:
    """A title taken from an address holds the same words."""
    name, version = _remixed(chance)
    whole = f"{name} ({version})"
    return Names(whole, damage.slug(whole))


def full_width_signs(chance: Random) -> Names:
    """Forbidden signs come back as their full-width forms, or not at all."""
    title, artist, label = (chance.choice(each) for each in (words.TITLES, words.ARTISTS, words.LABELS))
    name = f"{title} | Mixed By: {artist} | Presented By: {label}"
    return Names(damage.full_width_signs(name), chance.choice((name, name.replace("|", "").replace(":", ""))))


def full_width_letters(chance: Random) -> Names:
    """Full-width letters are letters."""
    name = _name(chance)
    return Names(name, damage.full_width(name))


def look_alikes(chance: Random) -> Names:
    """Cyrillic letters that look Latin, among Latin ones, are Latin."""
    name = _name(chance)
    return Names(name, damage.look_alike(name))


def accents(chance: Random) -> Names:
    """Accents are composed, apart, or left out."""
    name = f"{chance.choice(words.ACCENTED_ARTISTS)} - {chance.choice(words.TITLES)}"
    others = (damage.decomposed(name), damage.without_accents(name))
    return Names(name, chance.choice([other for other in others if other != name]))


def umlauts(chance: Random) -> Names:
    """'ü' is 'ue'."""
    artist = chance.choice(words.ARTISTS)
    one, other = chance.choice(words.UMLAUTS)
    return Names(f"{artist} - {one}", f"{artist} - {other}")


def transliterated(chance: Random) -> Names:
    """Cyrillic and its transliteration are one name."""
    return Names(*chance.choice(words.CYRILLIC))


def spaced_letters(chance: Random) -> Names:
    """Letters set apart are a style."""
    artist, title = _plain(chance)
    return Names(f"{artist} - {title}", f"{artist} - {damage.spaced(title)}")


def part_notation(chance: Random) -> Names:
    """'Pt. 2', 'Part II' and 'Part Two' are one part."""
    name, number = _name(chance), chance.randint(1, 5)
    roman, word = ("I", "II", "III", "IV", "V")[number - 1], ("One", "Two", "Three", "Four", "Five")[number - 1]
    one, other = chance.sample((f", Pt. {number}", f" Part {roman}", f" (Part {word})", f" Pt {number}"), 2)
    return Names(name + one, name + other)


def marker_in_the_title(chance: Random) -> Names:
    """F75: 'Set Me Free' is no set, 'Live Forever' not live: words of a title that mark versions elsewhere."""
    name = f"{chance.choice(words.ARTISTS)} - {chance.choice(words.MARKER_TITLES)}"
    other = chance.choice((f"{name} [FREE DL]", damage.underscored(name), damage.recased(chance, name)))
    return Names(name, other)


FORMATS: tuple[Trap, ...] = (enhanced, file_format)
SAMES: tuple[Trap, ...] = (
    free_download, official_video, premiere, label_in_brackets, channel_prefix, track_number, album_prefix,
    artist_doubled_behind_album, hex_prefix, copy_suffix, underscores, signs_deleted, signed_artist, signed_featured,
    signed_remixer, apostrophe, version_number_dotted, version_notation, version_and_feature_notation, original_mix,
    feature_notation, swapped_order, artists_in_another_order, case, article, artist_in_field_and_title,
    uploader_is_a_label, artist_missing, slug_as_title, full_width_signs, full_width_letters, look_alikes, accents,
    umlauts, transliterated, spaced_letters, part_notation, marker_in_the_title,
)  # fmt: skip
TRAPS: dict[str, tuple[Verdict, Trap]] = {
    **{trap.__name__: (Verdict.SAME, trap) for trap in SAMES},
    **{trap.__name__: (Verdict.FORMAT, trap) for trap in FORMATS},
}
