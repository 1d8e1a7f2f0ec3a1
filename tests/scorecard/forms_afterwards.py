"""More ways in which uploads are written, put down after the matcher was first mended; later it was mended on them too.

They were a blind judgement once: 74 to 77 % of what was there was taken, with 39 to 43 questions in 100 searches. The
same columns as in `forms`.
"""

from __future__ import annotations

RIGHT = (
    ("video", "yt artist", "{a} - {t} (Music Video)"), ("video", "yt artist", "{a} - {t} | Official Visualizer"),
    ("video", "yt vevo", "{a} - {t} (Visualizer)"), ("video", "yt label", "{a} - {t} (Official Audio) | {label}"),
    ("lyrics", "yt channel", "{a} – {t} (Lyric Video)"), ("lyrics", "yt channel", "Lyrics | {a} - {t}"),
    ("premiere", "channel", 'Premiere: {a} "{t}"'), ("premiere", "channel", "PREMIERE #044 | {a} - {t} [{label}]"),
    ("premiere", "channel", "Video Premiere: {a} - {t}"), ("premiere", "channel", "Mixmag Premiere: {a} - {t}"),
    ("free", "artist", "{a} - {t} [BUY = FREE DOWNLOAD]"), ("free", "artist", "{t} (FREE)"),
    ("free", "channel", "FREE DL: {a} - {t}"), ("label", "label", "{a} - {t} [OUT NOW!]"),
    ("label", "label", "{a} - {t} ({code})"), ("label", "label", "{label} - {a} - {t}"),
    ("label", "label", "A1. {a} - {t}"), ("label", "label", "{a} - {t} {code}"), ("own", "artist", "{a}- {t}"),
    ("own", "artist", "{t} (OUT NOW ON SPOTIFY)"), ("own", "artist", "{a} -- {t}"), ("own", "artist", "{t} !!!"),
    ("own", "artist", "{a} - {t} ❤️‍🔥"), ("channel", "channel", "{a} ~ {t}"), ("channel", "channel", "{a} • {t}"),
    ("channel", "channel", "{a} · {t}"), ("dressed", "artist", "{t} [Original]"), ("topic", "yt topic", "{t}"),
    ("dressed", "artist", "{a} - {t} (Original)"), ("dressed", "channel", "{a} - {t} | Bass House"),
    ("dressed", "artist", "{t} [prod. {x}]"), ("guests", "artist", "{a} feat {g} - {bv}"),
    ("guests", "artist", "{a} - {bv} (w/ {g})"), ("remixed", "remixer", "{b} [{r} Rmx]"),
    ("remixed", "label", "{a} - {b} ({r} Remix) [{code}]"),
)  # fmt: skip

WRONG = (
    ("remix", "{a} - {t} ({x} Edition)"), ("remix", "{a} - {t} [{x} Reboot]"), ("remix", "{t} ({x} Redux)"),
    ("remix", "{a} - {t} ({x}'s Late Night Version)"), ("remix", "{a} - {t} (Rave Mix)"),
    ("remix", "{a} - {t} (Garage Flip)"), ("remix", "{a} - {t} ({x} Blend)"), ("speed", "{a} - {t} (fast version)"),
    ("speed", "{a} - {t} [Slowed To Perfection]"), ("speed", "{t} ~ slowed + rain"),
    ("speed", "{a} - {t} (0.8x speed)"),
    ("speed", "{a} - {t} (deep voice)"), ("version", "{a} - {t} (vocals only)"), ("speed", "{a} - {t} (empty arena)"),
    ("cover", "{a} - {t} | Cover by {x}"), ("cover", "{t} - {a} (cover {x})"), ("cover", "{x} sings {t} by {a}"),
    ("cover", "{t} - {a} - Fingerstyle"), ("cover", "{a} - {t} (Handpan)"), ("cover", "{t} karaoke instrumental"),
    ("cover", "{a} - {t} (Piano Karaoke)"), ("live", "{a} - {t} [Live on KEXP]"), ("live", "{a} | {t} | Live"),
    ("live", "{a} - {t} (Festival Version)"), ("live", "{a} - {t} (live acoustic)"),
    ("live", "{a} - {t} (Sziget 2019)"),
    ("length", "{t} [Full Length Version]"), ("length", "{a} - {t} (12'' Mix)"), ("length", "{a} - {t} (Long Version)"),
    ("length", "{a} - {t} (Edit)"), ("version", "{a} - {t} (No Drums)"), ("version", "{a} - {t} (Sunset Version)"),
    ("version", "{a} - {t} (Choir Version)"), ("clip", "{a} - {t} (30 sec)"), ("clip", "{a} - {t} WIP"),
    ("clip", "{a} - {t} hook"), ("making", "{a} - {t} Lyrics Meaning"), ("making", "{a} - {t} Drum Loop"),
    ("making", "{a} x {x} Type Beat | {t}"), ("making", "{a} {t} Serum Preset"), ("part", "{a} - {t} Vol. 2"),
    ("making", "Making {a} - {t} from scratch"), ("whole", "{a} Radio 044 ({t})"), ("part", "{a} - {t} (Chapter 2)"),
    ("whole", "{a} - Live Set 2023 ({t})"), ("part", "{a} - {t} (Outro)"), ("part", "{a} - {t} (Continued)"),
    ("other artist", "{x} feat. {first} - {o}"), ("other artist", "{t} by {x}"), ("other artist", "{x} ~ {t}"),
    ("other song", "{a} - {t} For You"), ("other song", "{a} - No More {t}"),
)  # fmt: skip
