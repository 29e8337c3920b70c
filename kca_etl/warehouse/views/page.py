"""The page docs/sql-contract.md: the published views column by column, and who may read what."""

from __future__ import annotations

from kca_etl.warehouse.views.contract import READER_TIMEOUT, VERSION, VIEWS, Column

SQLITE = {
    "text": "TEXT",
    "month": "TEXT",
    "day": "TEXT",
    "time": "TEXT",
    "number": "REAL",
    "integer": "INTEGER",
}
POSTGRES = {
    "text": "text",
    "month": "text",
    "day": "text",
    "time": "text",
    "number": "double precision",
    "integer": "integer or bigint",
}
SHAPE = {"month": " (`YYYY-MM-01`)", "day": " (`YYYY-MM-DD`)", "time": " (ISO, with zone)"}
HEAD = f"""# SQL contract, version {VERSION}

Generated from `kca_etl/warehouse/views/contract.py` by `make docs`; tests hold it against the live
views of both databases. Readers may rely on these views and on nothing else: base tables change
without notice. As long as the version's first number stands, a column keeps its name, type and
meaning; a new column raises the second number. The views carry the same names, columns and values
on SQLite and PostgreSQL. Days and months are ISO text: they sort and compare as text, and cast to
`date` where that is wanted.

## Who may read

```sh
kca db grant-readers kca_readers           # a group of readers: no login of its own
KCA_READER_PASSWORD=… kca db grant-readers powerbi   # a role that logs in
```

PostgreSQL only. Run the command again after each `kca db upgrade`. The role reads these views and
no base table. Its transactions are read-only and its statements end after {READER_TIMEOUT} seconds,
unless the session asks otherwise; it has no right to write in any case. With `KCA_READER_PASSWORD`
it may log in; the password reaches the server as a SCRAM verifier only. Without a password, grant
the role to roles that log in: `GRANT kca_readers TO anna`. Those keep their own time limits:
PostgreSQL does not hand limits on.

Three roles suffice. The *owner* runs `kca db upgrade` and `grant-readers` (needs `CREATEROLE`). A
*writer* for the worker is granted by the owner, and again after each upgrade:

```sql
GRANT USAGE ON SCHEMA public TO kca_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO kca_writer;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kca_writer;
```

*Readers* are as above. Fill a slicer from `sources`, `kennzahlen`, `regions` and `months`: they
read small tables, while the distinct values of a column of `figures` read every figure. On SQLite
the file's permissions say who may read; open it with `mode=ro`.
"""


def page() -> str:
    """Return the page as Markdown."""
    parts = [HEAD]
    for name, (meaning, columns) in VIEWS.items():
        if name == "figures_history":
            parts.append(
                f"## `{name}`\n\n{meaning}. Columns as in `figures`; `known_to` is set on"
                " versions that were replaced.\n"
            )
            continue
        rows = [
            "| Column | SQLite | PostgreSQL | Unit | NULL | Meaning | Example |",
            "|---|---|---|---|---|---|---|",
            *map(_row, columns),
        ]
        parts.append(f"## `{name}`\n\n{meaning}.\n\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _row(column: Column) -> str:
    null = "yes" if column.nullable else "no"
    meaning = column.meaning + SHAPE.get(column.kind, "")
    types = f"{SQLITE[column.kind]} | {POSTGRES[column.kind]} | {column.unit}"
    return f"| `{column.name}` | {types} | {null} | {meaning} | `{column.example}` |"
