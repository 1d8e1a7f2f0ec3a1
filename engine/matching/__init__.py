"""Matching: whether two things are one recording, from names and evidence; pure, explainable, no I/O."""
