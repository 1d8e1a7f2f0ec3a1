"""Places music is seen: clients talk, parse is pure."""
