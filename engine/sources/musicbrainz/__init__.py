"""MusicBrainz as a provider of facts about recordings."""
