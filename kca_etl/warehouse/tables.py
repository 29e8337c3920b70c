"""The warehouse's base tables: integer keys, no text repeated per fact.

Readers use the views instead.

Dates are ISO text in the small tables; a month is year * 12 + month - 1. The fact key begins with
the month: loading month by month stays flat (measured, DESIGN: storage).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

metadata = MetaData()

# STRICT tables of SQLite know INTEGER, REAL and TEXT only.
REAL: TypeEngine[float] = Double().with_variant(sqlite.REAL(), "sqlite")
SMALL = Integer().with_variant(SmallInteger(), "postgresql")
BIG = Integer().with_variant(BigInteger(), "postgresql")

document = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", Text, nullable=False, unique=True),
    Column("file_name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("month", Integer),
    Column("datenstand", Text),
    Column("verdict", Text, nullable=False),
    Column("state", Text, nullable=False),  # a DocumentState
    Column("size", BIG, nullable=False),
    Column("origin", Text, nullable=False),  # where the file lay when it was received
    Column("received_at", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    sqlite_strict=True,
)

run = Table(
    "run",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("command", Text, nullable=False),
    Column("source", Text),
    Column("started_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("state", Text, nullable=False),
    Column("counts", Text, nullable=False),
    sqlite_strict=True,
)

finding = Table(
    "finding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document", Integer, ForeignKey("document.id"), nullable=False, index=True),
    Column("run_id", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("sheet", Text, nullable=False),
    Column("cell", Text, nullable=False),
    Column("found", Text, nullable=False),
    Column("expected", Text, nullable=False),
    sqlite_strict=True,
)

kennzahl = Table(
    "kennzahl",
    metadata,
    Column("code", Text, primary_key=True),
    Column("label", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("additive", Integer, nullable=False),
    Column("definition", Text, nullable=False),
    Column("source", Text, nullable=False),
    sqlite_strict=True,
)

series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("kennzahl", Text, ForeignKey("kennzahl.code"), nullable=False),
    Column("gliederung", Text, nullable=False),
    UniqueConstraint("kennzahl", "gliederung", "source"),
    sqlite_strict=True,
)

region = Table(
    "region",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("system", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("parent", Text, nullable=False),
    Column(
        "datenstand", Text, nullable=False
    ),  # of the name shown: the latest counts, whatever the order of loading
    UniqueConstraint("code", "system"),
    sqlite_strict=True,
)

month = Table(
    "month",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("berichtsmonat", Text, nullable=False, unique=True),
    sqlite_strict=True,
)

block = Table(
    "block",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document", Integer, ForeignKey("document.id"), nullable=False, index=True),
    Column("table_id", Text, nullable=False),
    Column("sheet", Text, nullable=False),
    Column("datenstand", Text, nullable=False),
    Column("status", Text, nullable=False),
    sqlite_strict=True,
)

# The texts of signs, from the code list: the views read them here.
zeichen = Table(
    "zeichen",
    metadata,
    Column("id", SMALL, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False, unique=True),
    sqlite_strict=True,
)

fact = Table(
    "fact",
    metadata,
    Column("month", Integer, primary_key=True, autoincrement=False),
    Column("series", Integer, primary_key=True, autoincrement=False),
    Column("region", Integer, primary_key=True, autoincrement=False),
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("value", REAL),
    Column("zeichen", SMALL, nullable=False),
    Column("cell", BIG, nullable=False),  # row * 16384 + column, from 0: up to 2**34
    # A version's successor: 0 = none, this one is current; else the block of the next version; -1 =
    # no version,
    # this statement confirms the one before it.
    Column("next", Integer, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

footnote = Table(
    "footnote",
    metadata,
    Column("block", Integer, ForeignKey("block.id"), primary_key=True),
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("col", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    sqlite_strict=True,
)

# Cells that were empty and count as 0, as their source declares.
empty_cell = Table(
    "empty_cell",
    metadata,
    Column("block", Integer, ForeignKey("block.id"), primary_key=True, autoincrement=False),
    Column("cell", BIG, primary_key=True, autoincrement=False),  # as in `fact`
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# What publishers answered, also where nothing came: the archive's manifest, and how the next
# request can be conditional.
arrival = Table(
    "arrival",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("month", Integer, nullable=False),
    Column("document", Integer, ForeignKey("document.id"), index=True),
    Column("url", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
    Column("headers", Text, nullable=False),  # JSON
    Column("at", Text, nullable=False),
    Column("size", BIG, nullable=False),
    Column("sha256", Text, nullable=False),
    Column(
        "received_sha256", Text, nullable=False
    ),  # of what came over the wire: the ZIP around a CSV
    Column(
        "content_sha256", Text, nullable=False
    ),  # of the figures alone: a re-issue that changes none is known by it
    Column("proof", Text, nullable=False),  # that all came: length, chunked, gzip, none
    Column(
        "outcome", Text, nullable=False
    ),  # loaded, unchanged, quarantined, rejected, not_modified, or a finding's code
    Column("note", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    Index("arrival_month", "source", "month"),
    sqlite_strict=True,
)

# What people decided about refused documents. Nothing is deleted: a decision can be revoked.
decision = Table(
    "decision",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("sha256", Text, nullable=False),  # the document that it was first needed for
    Column("holds", Text, nullable=False),  # document, or the month from which on it counts
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("amendments", Text, nullable=False),  # JSON
    Column("name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_at", Text, nullable=False),
    Column("revoked_at", Text, nullable=False),
    Column("revoked_by", Text, nullable=False),
    Column("revoked_reason", Text, nullable=False),
    sqlite_strict=True,
)

# The register of rendered reports: a page and the fact versions on it, so that a later correction
# finds what it touches.
report = Table(
    "report",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("month", Integer, nullable=False),
    Column("region", Text, nullable=False),  # system:code
    Column(
        "as_of", Text, nullable=False
    ),  # the day it was rendered as of; empty: as known when it was rendered
    Column("figures_sha256", Text, nullable=False),  # of all its fact versions
    Column("rendered_at", Text, nullable=False),
    sqlite_strict=True,
)

report_file = Table(
    "report_file",
    metadata,
    Column("report", Integer, ForeignKey("report.id"), primary_key=True),
    Column("file_name", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    sqlite_strict=True,
)

report_figure = Table(
    "report_figure",
    metadata,
    Column("report", Integer, ForeignKey("report.id"), primary_key=True),
    Column("kennzahl", Text, primary_key=True),
    Column("month", Integer, primary_key=True, autoincrement=False),
    Column("value", REAL),
    Column("zeichen", Text, nullable=False),
    Column(
        "datenstand", Text, nullable=False
    ),  # since when this version is known; empty: no figure was there
    sqlite_strict=True,
)
