"""Who and what the blind searches are about: artists and titles of the kind that is listened to, facts, no choices."""

from __future__ import annotations

ARTISTS = (
    "Daft Punk", "Tame Impala", "Kendrick Lamar", "deadmau5", "Four Tet", "Fred again..", "Bicep", "Overmono", "Burial",
    "Hamdi", "Knock2", "ISOxo", "Zeds Dead", "Deathpact", "Tipper", "Of The Trees", "Detox Unit", "Mersiv", "Noisia",
    "Phace", "Camo & Krooked", "Netsky", "Hybrid Minds", "Dua Lipa", "The Weeknd", "Charli xcx", "Rosalía",
    "Travis Scott", "Tyler, The Creator", "JPEGMAFIA", "$uicideboy$", "XXXTENTACION", "Denzel Curry", "Deftones",
    "Linkin Park", "Bring Me The Horizon", "Radiohead", "Arctic Monkeys", "Florence + The Machine", "blink-182",
    "The 1975", "M83", "Justice", "Gesaffelstein", "Peggy Gou", "Amelie Lens", "Charlotte de Witte", "ANNA",
    "Ben Böhmer", "Kölsch", "RÜFÜS DU SOL", "Lane 8", "Yotto", "Tinlicker", "Eric Prydz", "KAYTRANADA", "A. G. Cook",
    "SOPHIE", "Aphex Twin", "Boards of Canada", "Moderat", "Stromae", "Tiësto", "Zomboy", "Virtual Riot", "Excision",
    "Subtronics", "Wooli", "SVDDEN DEATH", "Flume", "What So Not", "Porter Robinson", "Madeon", "San Holo",
    "Joji", "Ninajirachi", "S3RL", "Metrik", "1991", "Dom Dolla", "Chris Lake", "Disclosure", "NGHTMRE", "TroyBoi",
    "Billy Talent", "Paramore", "Run The Jewels", "Little Simz", "Loyle Carner", "Caribou", "Jamie xx", "Mall Grab",
    "DJ Seinfeld", "Ross From Friends", "LTJ Bukem", "Calibre", "Ivy Lab", "Alix Perez", "Eprom", "Shades",
)  # fmt: skip
TITLES = (
    "Home", "Alone", "Forever", "Fire", "Losing You", "Higher", "Gravity", "Runaway", "Paradise", "Control", "Echo",
    "Midnight", "Breathe", "Ghost", "Afterglow", "Oxygen", "Lights Out", "Hold On", "Let Me Go", "Falling", "Wait",
    "Atlas", "Glue", "Blue", "Opus", "Delta", "Turn Off The Lights", "Somebody Else", "Waiting For You", "Get Up",
    "Don't Let Me Down", "I Can't Feel It", "Nobody's Listening", "What's Left Of Us", "Can't Stop The Feeling Now",
    "Bad Decisions", "Money On My Mind", "No Sleep In Berlin", "Concrete Jungle Gym", "Paper Planes Over Kyoto",
    "Sunday Morning, 6AM", "We Are The Night Shift", "The Ground Beneath", "Never Be The Same Again", "XO", "909",
    "4 AM in Lisbon", "1000 Suns", "Nineteen Ninety-Nine", "Where Were You?", "Hey Hey Hey!", "Okay... But Why",
    "Live Your Life Twice", "Clean Up Your Room", "Edit Undo", "Slow Motion Picture",
    "Remix My Heart", "Radio Ghosts", "Cover Story", "Speed Of Sound Asleep",
    "Part Time Lover Boy", "Free Fall Season", "Acoustic Shadows",
    "Déjà Vu Again", "Señorita Del Mar", "Café Noir", "Überall", "Naïve Melodies", "Nuit Blanche à Paris",
    "SHUT UP & DRIVE", "BRRR", "RIP Currents", "S.O.S. (Save Our Summer)", "Love / Hate", "Yes & No", "Left+Right",
    "Rock 'n' Roll Is Tired", "Drop It Low", "Bassline Junkie Club", "Basement Tape", "Warehouse Theory", "Hyperdrive",
    "Neon Tide", "Velvet Machine", "Sleepwalking Giants", "Kaleidoscope Eyes Closed", "Salt & Honey", "Violet Hour",
)  # fmt: skip
GUESTS = (
    "Kiesza", "Elley Duhé", "RL Grime", "070 Shake", "Vince Staples", "AlunaGeorge", "Flowdan", "Emily Warren",
    "Foreign Beggars", "Robyn", "Jack Harlow", "Bipolar Sunshine", "Doja Cat", "Mr Hudson", "Nina Nesbitt",
)  # fmt: skip
LABELS = (
    "mau5trap", "Anjunadeep", "UKF", "Hospital Records", "Never Say Die", "Ninja Tune", "Afterlife", "Dirtybird",
    "Bitbird", "OWSLA", "Critical Music", "Drumcode", "Ophelia Records", "Subsidia", "1985 Music", "Roadrunner Records",
)  # fmt: skip
CHANNELS = (
    "Proximity", "MrSuicideSheep", "Trap Nation", "Majestic Casual", "UKF Drum & Bass", "Selected.", "CloudKid",
    "EDM.com", "DJ Mag", "Mixmag", "Data Transmission", "Dancing Astronaut", "The Dub Rebellion", "Inverted Audio",
    "XLR8R", "Hurry Up Slowly",
)  # fmt: skip
FANS = (
    "User 739204811", "marcus", "lil rave baby", "ID hunter", "katie.wav", "NoctisFM", "vault 9", "Bass Cave Archive",
    "DopeUploads", "música para ti", "sleepy tapes", "J. Hoffmann",
)  # fmt: skip
LYRICS = ("7clouds", "Unique Vibes", "SyrebralVibes", "Cakes & Eclairs", "The Vibe Guide", "Letras Pop")
KARAOKE = ("Sing King", "Party Tyme Karaoke", "KaraFun", "Zoom Karaoke", "Stingray Karaoke")
PRODUCERS = ("metro dan", "Wheezy K", "prodbyjax", "Nick Mira", "Kenny Beats", "Ocean Veil")
DIRECTORS = ("Cole Bennett", "@_noahfps", "Hype Williams", "Director X")
GENRES = ("Dubstep", "Drum & Bass", "House", "Techno", "Trap", "Electro", "Melodic Techno", "Future Bass")
VENUES = ("Red Rocks", "EDC Las Vegas", "Coachella", "Glastonbury", "Printworks London", "Tomorrowland", "Fabric")
ALBUMS = ("Night Vision", "Second Nature", "Afterimage", "The Long Way Round", "Chroma", "Static Bloom")
MORE = ("Girl", "Machine", "Theory", "Season", "Boys", "City", "Together", "Anymore")
