"""Places music is shown: clients talk, mapping is pure."""
