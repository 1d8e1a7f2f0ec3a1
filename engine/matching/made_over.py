"""What uploaders say was done to a song, or about it: played live, sped up, sung by others, taken apart. Pure.

Phrases, because the words alone are parts of many titles; in the languages that searches show. It only ever says why an
offer is not the song, never that it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.matching.folding import fold, plain

_TREATED = (
    r"\b(?:night|day)core\b|\bslowed\b|\bsped[ -]?up\b|\bspeed(?:ed)?[ -]?up\b|\b(?:faster|slower)\b|\bpitch(?:ed)?\b"
    r"|\b(?:bass|ear)[ -]?boost(?:ed)?\b|\b(?:3|4|8|9|12|16|24|100)d\b|\b(?:432|440|528) ?hz\b|\breversed?\b"
    r"|\btik[ -]?tok (?:version|remix|edit|mix)\b|\banother room\b|\bmuffled\b|\bunderwater\b|\b8[ -]?bit\b"
    r"|\bdeep voice\b|\bempty (?:arena|room|stadium|mall)\b|\b(?:vocals?|drums?|bass) only\b"
    r"|\bno (?:drums|vocals)\b|\bdrumless\b|\bchiptune\b|\b\d+ ?(?:hours?|hrs?|min(?:utes?)?)\b"
    r"|\blooped\b|\bloop$|\b[01][.,]\d+ ?x\b|ускорен|замедлен"
)
_SUNG_BY_OTHERS = (
    r"\bkaraok\w*|\bcover(?:ed|s)?\b|\btribute\b|\bin the style of\b|\bmade famous\b|\boriginally performed\b"
    r"|\bbacking track\b|\bplayback\b|\bsing[ -]?along\b|\blullaby\b|\brendition\b|\bmusic box\b|\bstring quartet\b"
    r"|\bminus(?: ?one|$)|(?<!\w)минус(?!\w)|(?<!\w)кавер|カラオケ|歌ってみた|弾いてみた|叩いてみた"
    r"|커버|노래방|翻唱|伴奏"
    r"|\b(?:guitar|piano|drums?|bass|sax(?:ophone)?|violin|cello|ukulele|harp|flute|organ) (?:version|playthrough)\b"
    r"|\b(?:violin|cello|ukulele|harp|flute|kalimba|marimba|harmonica|handpan)$"
    r"|\bfingerstyle\b|\bsings\b"
)
_PLAYED_LIVE = (
    r"\b(?:en|ao|al) vivo\b|\ben (?:directo|concierto|concert|public)\b|\bin concert\b|\btiny desk\b|\bcolors show\b"
    r"|\bkexp\b|\blive lounge\b|\blive$|\blive (?:at|from|in|on|@|session|version|performance|video|19\d\d|20\d\d)"
    r"|\bplay(?:ing|s|ed) .* @|\bsoundcheck\b|\bconcert\b|\bв ?живую\b|(?<!\w)концерт|ライブ|ライヴ|라이브|演唱会"
)
_TAKEN_APART = (
    r"\btype beat\b|\btutorial\b|\breaction\b|\breact(?:s|ing)\b|\bfl studio\b|\bflp\b|\bableton\b|\bstems?\b"
    r"|\bbreakdown\b|\bsample pack\b|\bpresets?\b|\bringtone\b|\bshorts\b|\bhow (?:to\b|.+ (?:made|makes|was made))"
    r"|\bplaythrough\b|\blessons?\b|\bexplained\b|\bmaking of\b|\bbehind the scenes?\b|\btrailer\b|\binterview\b"
    r"|\blyrics? meaning\b|\bfrom scratch$|\bdrum loop\b"
    r"|\bmultitracks?\b|\bproject file\b|\bmidi\b|\bguess the\b|\bacapella download\b"
)
_A_PART = r"^(?:the )?(?:intro|outro|drop|hook)$"
_IN_OTHER_SCRIPTS = r"(?<!\w)ремикс|リミックス|리믹스|混音|(?<!\w)мэшап|(?<!\w)инструментал"

_SAYING: Mapping[str, re.Pattern[str]] = {
    "sped up, slowed or otherwise treated": re.compile(_TREATED),
    "played or sung by others": re.compile(_SUNG_BY_OTHERS),
    "played live": re.compile(_PLAYED_LIVE),
    "about it, or a part of it": re.compile(_TAKEN_APART),
    "a part of it": re.compile(_A_PART),
    "a remix": re.compile(_IN_OTHER_SCRIPTS),
}
_AROUND = re.compile(r"[^\w@.,]+|_+")
_BRACKETS = re.compile(r"[()\[\]{}【】|~]+|//+| - ")


def made_over(title: str, sought: str) -> str:
    """Say what an offer's title says was done to the song; empty where it says nothing that the sought one does not.

    Args:
        title: of the offer, artist and all.
        sought: title and artist of what is looked for.
    """
    own = _flat(sought)
    pieces = [_flat(piece) for piece in _BRACKETS.split(plain(title))]
    ours = [_flat(piece) for piece in _BRACKETS.split(plain(sought))]
    song = max(ours, key=len)
    for what, pattern in _SAYING.items():
        if any(pattern.search(said) for said in (own, *ours)):
            continue  # it is what is looked for, or a word of its title
        for piece in pieces:
            if found := pattern.search(piece.replace(song, " ", 1).strip()):
                return f"{what}: {found.group().strip()}"
    return ""


def _flat(text: str) -> str:
    return " ".join(fold(word) for word in _AROUND.sub(" ", plain(text)).split())
