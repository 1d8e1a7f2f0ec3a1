"""A loopback AcoustID: look-ups by fingerprint."""
