"""MusicBrainz as a provider of facts: a recording by its ISRC or its name."""
