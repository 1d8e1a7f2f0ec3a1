"""Real artists, titles, labels and version words, out of which traps and crates are made: facts, no choices."""

# ruff: noqa: RUF001 - names in other scripts are the point

from __future__ import annotations

ARTISTS = (
    "Wraz", "Nautical Divine", "Avicii", "Know Good", "Break", "PEEKABOO", "Flowdan", "G-Rex", "Jubei", "Tyrone",
    "AHEE", "Champagne Drip", "Linney", "TVBOO", "Smoakland", "Riot Ten", "Emorfik", "Liquid Stranger", "LSDREAM",
    "INZO", "RL GRIME", "ISOKNOCK", "CHOZEN", "MEMBA", "WiDE AWAKE", "Mau P", "Billie Eilish", "CloZee", "Godlands",
    "Barclay Crenshaw", "Koherent", "Collette Warren", "Randall", "GRiZ", "Josh Teed", "Alison Wonderland",
    "Torii Wolf", "Twenty One Pilots", "My Chemical Romance", "Alejo", "Psydell", "LUZCID", "Projectory", "MIDIcinal",
    "kLL sMTH", "Buunshin", "G Jones", "Orygin", "Sub Focus", "Au5", "ODESZA", "Tove Lo", "Illenium", "LIL FISH",
    "Thought Process", "JuJu Beats", "Griselda", "Skrillex", "Sade", "Dimension", "FISHER", "Fabian Mazur", "Netgate",
    "Wilkinson", "Barbatuques", "Griffin Stoller", "Gremlinz", "Overlook", "Serum", "Project Pat", "Zingara",
)  # fmt: skip
SIGNED_ARTISTS = (
    "A$AP Rocky", "A$AP Ferg", "K+Lab", "GEN.KLOUD", "F.L.Y.", "R.O", "X&G", "Chase & Status", "Al'tarba", "Mr. Bill",
    "REXY=DEXY", "Dj Nix'On", "Too Many T's", "AC/DC", "M.I.A.", "Above & Beyond", "S.P.Y", "Nu:Logic", "T & Sugah",
)  # fmt: skip
ACCENTED_ARTISTS = ("FLØRALS", "Björk", "Röyksopp", "Mø", "Beyoncé", "Sigur Rós", "Motörhead", "Café Del Mar", "Óskar")
THE_ARTISTS = ("Prodigy", "Glitch Mob", "Chemical Brothers", "Upbeats", "Widdler", "Librarian", "Polish Ambassador")
REMIXERS = (
    "AHEE", "Skeler", "HEYZ", "Defunk", "borne", "Netgate", "COPYCATT", "Alix Perez", "Wilkinson", "Dooley", "Lumasi",
    "TLZMN", "Justin Jay", "Illenium", "Fabian Mazur", "Benelidan & Know Good", "INAKTIV & Sanzu",
    "Gremlinz & Overlook", "Evalution & Pretty Sweet", "So Sus", "Workforce", "Command Strange", "rSUN", "Thrillogy",
    "Dimension", "zingara",
)  # fmt: skip
FEATURED = (
    "Kidepo", "Taylr Renee", "HerShe", "Xo Man", "Def3", "Maty Noyes", "Jaden", "Wiz Khalifa", "2 Chainz",
    "Mr Scissors",
    "Eden Dowlen", "Danny Grooves", "Schmoop", "Morgan Hall", "Gary Carpentier", "Tove Lo", "SAFIA", "Wayne Coyne",
    "Angela McCluskey", "Juicy J", "Messinian", "MROSE",
)  # fmt: skip
PECULIAR_TITLES = (  # a person takes two of one such name for one song, artist or not
    "Catchin Freights", "Christopher Kalimboss", "The Scientific Ultra Violet Light Generator", "Flamingos on Parade",
    "White Knuckle Grip", "Omelette Rage", "Crude Awakening", "Inciting Ferdinand", "Spectral Fiber", "Nitrous Outlaw",
    "Ghost Town Roulette", "Aurora Slipstream", "Wulf Fang Fist", "Steal My Attention", "Lucid Anatomy",
    "Grounded By The Bass", "Zones of Reality", "Memories of A Past Life", "Burn Up The Floor", "The Recency Effect",
    "Beats For The Underground", "Take It To Reality", "One Day Theyll Know", "Midnite Classic",
    "Peace Love And Wubz", "Splatterdashery", "Phonetic Flex", "Other Than Ourselves", "Feather Of Truth",
    "Hit The Wax Again", "Diamonds Lights Fast Cars", "Wet N Jolly", "Jitter Bug Lovin", "Seventy Five Dollar Buick",
    "Sesame Seeds in Gunpowder", "Yamborghini High", "Wondering Cowboy", "Soft Realms of Static",
)  # fmt: skip
TITLES = (
    *PECULIAR_TITLES,
    "Dancing In The Rain", "Here Comes The Rain", "Sing Me To Sleep", "Too Much To Ask For", "Where Will I Go",
    "So Many Colours", "Felt This Good", "Higher Ground Rising", "The Edge Of Time", "Song And Dance Again",
    "Mind the Gap Tonight", "The Journey East Home",
)  # fmt: skip
MARKER_TITLES = (  # a word that marks a version or a set elsewhere is part of the title here
    "Flip The Script", "Set Me Free Again", "Live Forever Young", "Radio Silence Tonight", "Cover Me In Sunshine",
    "Clean Slate For Two", "Part Of Me Is Gone", "Mixed Feelings About You", "Live And Let Learn", "Free As A Bird",
    "Video Killed My Weekend", "Dub Be Good To Her", "Acoustic Daydreams At Sea", "Edit My Memories",
)  # fmt: skip
APOSTROPHE_TITLES = (
    "Don't You Ever Stop", "I've Been Thinking", "Miss Jackie's Delight", "Give 'Em Hell Kid", "Wet N' Jolly",
    "Jitter Bug Lovin'", "I Can't Say No", "Cruisin' For Hours", "Break 'Headshot' Again", "Catchin' Freights",
)  # fmt: skip
COMMON_TITLES = (
    "Stay", "Numb", "Run", "Intro", "Home", "Alive", "Ocean", "Lost", "Fire", "Gold", "West Coast", "Escape", "Dreams",
    "Higher", "Stardust", "Everyday", "Low", "Swim", "Pleasure", "Operate", "Forever", "Sunrise", "Paradise", "Angel",
)  # fmt: skip
ONE_LETTER_APART = (
    ("Ocean", "Oceans"), ("Luna", "Lunae"), ("Nightmare", "Nightmares"), ("Dream", "Dreams"), ("Lights", "Light"),
    ("Shadow", "Shadows"), ("Wonder", "Wander"), ("Fallen", "Fallin"), ("Ghost", "Ghosts"), ("Reason", "Season"),
    ("Poison", "Prison"), ("Angel", "Angels"), ("Horizon", "Horizons"), ("Signal", "Signals"), ("Mirror", "Mirrors"),
    ("Eternal", "Internal"), ("Falling", "Calling"), ("Stranger", "Strangers"), ("Crystal", "Crystals"),
)  # fmt: skip
CONTAINED = (
    ("Bounce", "No Bounce"), ("Wandering", "Wandering Souls"), ("Make You Feel", "Make You Feel Pretty"),
    ("Native Son", "Native Son Prequel"), ("Pleasure", "Pleasure Model"), ("Burning", "Burning Love"),
    ("Run", "The Run and Go"), ("Fall", "Fall Together"), ("Enjoy", "Enjoy The Silence"), ("Stay", "Stay Awake"),
    ("Lost", "Lost In The Woods"), ("Hold On", "Hold On Tight"), ("Breathe", "Breathe Underwater"),
    ("Say Something", "Say Something Else"), ("Ghost Town", "Ghost Town Roulette"), ("Sweet", "Sweet Revenge"),
)  # fmt: skip
ONE_WORD_APART = (
    ("Out of My Mind", "Out Of My Head"), ("Easy Love", "Easy To Love"), ("Hold Me Close", "Hold Me Down"),
    ("Dancing In The Rain", "Dancing In The Dark"), ("Sing Me To Sleep", "Rock Me To Sleep"),
    ("Take Me Home", "Take Me Higher"), ("Here Comes The Rain", "Here Comes The Sun"), ("All On You", "All On Me"),
    ("The Way I Are", "The Way I Feel"), ("Lost In Space", "Lost In Time"), ("Red Lipstick", "Red Lights"),
    ("Close Your Eyes", "Open Your Eyes"), ("Amber Drift", "Amber Light"), ("Night Drive", "Night Flight"),
)  # fmt: skip
ALBUMS = ("Rainbow Brain", "Recurring Dreams", "Fusion (LP)", "The Journey East", "Soft Realms EP", "Good Will Prevail")
LABELS = ("Wormhole Music Group", "Monstercat", "Deadbeats Records", "Symmetry Recordings", "Inspected Records")
CHANNELS = ("Drum&BassArena", "UKF Dubstep", "Trap Nation", "Liquicity", "WOBBLECRAFT", "Electrostep Network")
CYRILLIC = (  # a name as written, and as a transliteration writes it
    ("Кино - Группа крови", "Kino - Gruppa krovi"), ("Земфира - Хочешь", "Zemfira - Hochesh"),
    ("Мумий Тролль - Владивосток", "Mumiy Troll - Vladivostok"), ("Сплин - Выхода нет", "Splin - Vyhoda net"),
    ("Молчат Дома - Судно", "Molchat Doma - Sudno"),
    ("Би-2 - Полковнику никто не пишет", "Bi-2 - Polkovniku nikto ne pishet"),
    ("Аквариум - Город золотой", "Akvarium - Gorod zolotoy"), ("Алиса - Трасса", "Alisa - Trassa"),
)  # fmt: skip
UMLAUTS = (
    ("Für Elise Reborn", "Fuer Elise Reborn"), ("Über den Wolken", "Ueber den Wolken"),
    ("Grüße aus dem Wald", "Gruesse aus dem Wald"), ("Schöne Träume im Mai", "Schoene Traeume im Mai"),
)  # fmt: skip
FOREIGN_APART = (  # of one artist: only letters that are not Latin tell them apart
    ("夜のドライブ", "朝のドライブ"), ("スケラー", "スケート"), ("Хочешь", "Бесконечность"), ("사랑", "이별"),
    ("Группа крови", "Звезда по имени Солнце"), ("東京の夜", "大阪の夜"), ("Ночь", "День"), ("愛", "夢"),
)  # fmt: skip
