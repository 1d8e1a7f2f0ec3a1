"""One verb a file: the only place where pure and impure meet."""
