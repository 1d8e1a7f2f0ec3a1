"""Where Alembic meets the journal: one connection, one transaction a step, compared with `engine/journal/tables.py`.

`engine/journal/migrate.py` hands its connection in; on the command line name a journal with `-x journal=FILE`.
"""

from __future__ import annotations

from pathlib import Path

from alembic import context
from sqlalchemy import Connection

from engine.journal.migrate import migration_engine
from engine.journal.tables import JournalTable

PROJECT_JOURNAL = "var/journal.sqlite3"


def run(connection: Connection) -> None:
    """Run the asked-for steps, each in its own transaction."""
    context.configure(
        connection=connection,
        target_metadata=JournalTable.metadata,
        transaction_per_migration=True,
        transactional_ddl=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    """Use the connection handed in, or open the journal named on the command line."""
    handed_in = context.config.attributes.get("connection")
    if handed_in is not None:
        run(handed_in)
        return
    arguments = context.get_x_argument(as_dictionary=True)
    engine = migration_engine(Path(arguments.get("journal", PROJECT_JOURNAL)))
    with engine.connect() as connection:
        run(connection)
    engine.dispose()


main()
