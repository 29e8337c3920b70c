"""The cells that were empty and count as 0.

The statements stand in SQL files beside this one and never change again, whatever the code says.
"""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Run the statements of this database's dialect."""
    path = Path(__file__).with_suffix(f".{op.get_bind().dialect.name}.sql")
    for statement in path.read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
