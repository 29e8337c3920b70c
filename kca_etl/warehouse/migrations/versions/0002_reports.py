"""The register of rendered reports, with the fact versions that each of them used."""

from alembic import op

from kca_etl.warehouse.tables import metadata

revision = "0002"
down_revision = "0001"
TABLES = ("report", "report_file", "report_figure")


def upgrade() -> None:
    """Create the register's tables."""
    metadata.create_all(op.get_bind(), [metadata.tables[name] for name in TABLES])
