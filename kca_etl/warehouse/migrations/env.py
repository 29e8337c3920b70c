"""Alembic's entry.

Runs inside the connection and transaction that `kca_etl.warehouse.migrate` opened.
"""

from alembic import context

from kca_etl.warehouse.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
)
context.run_migrations()
