"""A loopback MusicBrainz: recordings, ISRCs and releases by web service 2."""
