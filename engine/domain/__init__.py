"""Vocabulary: frozen values and total functions. No I/O, no clock, no randomness."""
