"""The words that mean something in a track's name: versions, parts, credits, noise. One list for each meaning."""

from __future__ import annotations


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


def _listed(line: str) -> list[str]:
    return line.split()


NAMED_VERSIONS = _words(
    "remix rmx remixes flip edit bootleg vip rework reworked refix remake redo mashup blend mix cover dub bootie",
    "reinterpretation interpretation reimagined retouch rerub rebuild reboot revision recut reconstruction",
    "transition flippin",
)
"""Kinds of version that stand after the name of whoever made them."""

VERSIONS = NAMED_VERSIONS | _words(
    "version ver live acoustic instrumental instr inst acapella acappella capella reprise radio extended club session",
    "unplugged demo demos karaoke tribute orchestral symphonic piano stripped slowed reverb sped nightcore daycore",
    "chopped screwed 8d remaster remastered rmst mono alternate alternative alt rehearsal rough",
    "snippet teaser excerpt clip preview megamix medley anniversary rerecorded redux",
    "continued unmastered wip draft lofi lo-fi ballad unreleased explicit clean dirty",
    "censored uncensored xplicit",
)
"""Words that make another version of a song when they stand after its title, or in a bracket."""

REMASTER = frozenset({"remaster", "remastered", "rmst", "remastering"})
EXPLICITNESS = frozenset({"explicit", "clean", "dirty", "censored", "uncensored", "xplicit"})
RADIO_EDIT = frozenset({"radio", "edit", "single", "short"})
ORIGINAL = (("original", "mix"), ("original", "version"), ("original",), ("album", "version"), ("full", "version"))
"""What a bracket may hold that says "this is the song itself"."""

SYNONYMS = {
    "rmx": "remix",
    "remixed": "remix",
    "ver": "version",
    "instr": "instrumental",
    "inst": "instrumental",
    "acapella": "acappella",
    "capella": "acappella",
    "remastered": "remaster",
    "rmst": "remaster",
    "pt": "part",
    "pts": "part",
    "parts": "part",
    "vol": "volume",
    "chap": "chapter",
    "alt": "alternate",
    "xplicit": "explicit",
}

PARTS = _words("part volume chapter episode act no movement")
NUMBERS = {
    word: str(number)
    for number, word in enumerate(_listed("zero one two three four five six seven eight nine ten eleven twelve"))
}
ROMANS = {
    word: str(number)
    for number, word in enumerate(_listed("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx"), 1)
}
PLAIN_ROMANS = _words("ii iii iv vi vii viii ix xi xii xiii")
"""Roman numerals that are numbers wherever they stand; the others only after a word such as "part"."""

FEATURING = _words("feat ft featuring feats fts w")
JOINING = _words("and x vs versus w b2b feat ft featuring with und et y meets pres presents")
"""Words between artists; they carry no identity."""

LABELS = _words("records recordings recs release releases label imprint")
UPLOADERS = _words(
    "records recordings official music vevo topic tv channel label promo promotions premieres network arena",
    "radio network podcast collective uploads archive various artists unknown",
)
"""Words that say that a name is a label or a channel and not an artist (F73)."""

LABEL_TAILS = _words("music group audio sounds collective")
KNOWN_LABELS = _words(
    "monstercat ukf ncs nocopyrightsounds deadbeats gravitas wakaan mau5trap owsla anjunabeats anjunadeep metalheadz",
    "disciple bitbird dirtybird armada spinnin subsidia hospital ram critical shogun viper",
)
"""Names that stand in square brackets behind a title and are labels."""

BEGINS_VERSION = _words("live sped slowed recorded acoustic")
"""Words with which a segment begins that says which version it is."""

FORMATS = _words(
    "mp3 m4a wav aif aiff flac alac ogg opus aac wma 320 320kbps 320kbit 256kbps 192kbps 128kbps hq hd 4k uhd 1080p",
    "720p 24bit 16bit lossless enhanced",
)
ALBUMS = frozenset({"lp", "ep", "album", "single", "mixtape", "compilation"})

NAMELESS = _words("untitled unnamed unknown id track audio recording new")
"""Words of which a title consists when it has none."""
GENERIC = _words("intro outro interlude skit prelude freestyle dj set")
"""Titles that many records have."""

STOPWORDS = _words(
    "a an the of to in on at for from by my your his her our it its is am are was be i im me you we us they he she",
    "this that these those so as if or not no do dont oh la de le el der die das und y et",
)
"""Words that make a title no less common."""
