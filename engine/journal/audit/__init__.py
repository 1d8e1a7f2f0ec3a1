"""Read-only questions to the journal, shipped and ad hoc."""
