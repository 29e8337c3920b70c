"""The warehouse: base tables and published views."""

from alembic import op

from kca_etl.warehouse.tables import metadata
from kca_etl.warehouse.views import ddl

revision = "0001"
down_revision = None
TABLES = (
    "document",
    "run",
    "finding",
    "kennzahl",
    "series",
    "region",
    "month",
    "block",
    "fact",
    "footnote",
    "arrival",
)


def upgrade() -> None:
    """Create all tables, then the views."""
    metadata.create_all(op.get_bind(), [metadata.tables[name] for name in TABLES])
    for statement in ddl.statements(op.get_bind().dialect.name):
        op.execute(statement)
