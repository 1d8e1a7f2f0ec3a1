"""The SQLite journal: tables, append, read, projection rows, audit questions."""
