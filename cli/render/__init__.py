"""Turns workflow results into text for people; decides nothing."""
