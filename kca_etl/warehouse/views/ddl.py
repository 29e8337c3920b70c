"""The published views: the contract for readers, the same on every database. Dates are ISO text."""

from __future__ import annotations

NAMES = ("figures_history", "figures", "documents", "runs", "findings", "coverage", "decisions")

HISTORY_TABLES = """FROM fact f
    JOIN month m ON m.id = f.month
    JOIN series s ON s.id = f.series
    JOIN kennzahl k ON k.code = s.kennzahl
    JOIN region r ON r.id = f.region
    JOIN block b ON b.id = f.block
    JOIN document d ON d.id = b.document
    LEFT JOIN block n ON n.id = f.next"""
HISTORY_FROM = f"{HISTORY_TABLES} WHERE f.next >= 0"


def statements(dialect: str) -> list[str]:
    """Return the CREATE VIEW statements for `sqlite` or `postgresql`, in order of dependence."""
    return [f"CREATE VIEW {name} AS {query}" for name, query in selects(dialect).items()]


def selects(dialect: str) -> dict[str, str]:
    """Return each view's SELECT for `sqlite` or `postgresql`, in order of dependence."""
    month = _month_text(dialect)
    return {
        "figures_history": _history(dialect),
        "figures": "SELECT * FROM figures_history WHERE known_to IS NULL",
        "documents": f"""
            SELECT d.sha256 AS sha256, d.file_name AS file_name, d.source AS source,
                {month} AS berichtsmonat, d.datenstand AS datenstand, d.verdict AS verdict,
                d.state AS state, d.size AS size, d.origin AS origin,
                d.received_at AS received_at, d.run_id AS run_id,
                (SELECT count(*) FROM finding x WHERE x.document = d.id) AS findings
            FROM document d""",  # noqa: S608 - built from constants
        "runs": """
            SELECT run_id, command, source, started_at, finished_at, state, counts FROM run""",
        "findings": """
            SELECT d.sha256 AS document_sha256, d.file_name AS file_name, d.source AS source,
                x.run_id AS run_id, x.code AS code, x.verdict AS verdict, x.what AS what,
                x.sheet AS sheet, x.cell AS cell, x.found AS found, x.expected AS expected,
                x.id AS id
            FROM finding x JOIN document d ON d.id = x.document""",
        "coverage": f"""
            SELECT d.source AS source, {month} AS berichtsmonat,
                CASE WHEN sum(CASE WHEN d.state IN ('quarantined', 'rejected')
                        THEN 1 ELSE 0 END) > 0 THEN 'quarantined'
                    WHEN count(DISTINCT d.datenstand) > 1 THEN 'revised' ELSE 'loaded' END AS state,
                count(*) AS documents, max(d.datenstand) AS datenstand
            FROM document d
            WHERE d.state IN ('loaded', 'quarantined', 'rejected') AND d.month IS NOT NULL
            GROUP BY d.source, d.month""",  # noqa: S608 - built from constants
        "decisions": """
            SELECT id, source, sha256 AS document_sha256, holds, question, answer, name, reason,
                decided_at, revoked_at, revoked_by, revoked_reason
            FROM decision""",
    }


def _history(dialect: str) -> str:
    return f"""
        SELECT s.source AS source, m.berichtsmonat AS berichtsmonat, s.kennzahl AS kennzahl,
            s.gliederung AS gliederung, r.system AS region_system, r.code AS region_code,
            r.name AS region_name, f.value AS value, z.text AS zeichen, k.unit AS unit,
            b.status AS status, b.datenstand AS datenstand, b.datenstand AS known_from,
            n.datenstand AS known_to, d.sha256 AS document_sha256, d.file_name AS file_name,
            b.sheet AS sheet, {_cell_text(dialect)} AS cell, d.run_id AS run_id
        {HISTORY_TABLES} LEFT JOIN zeichen z ON z.id = f.zeichen WHERE f.next >= 0"""


def _cell_text(dialect: str) -> str:
    """Write a cell in A1 notation: up to three letters, then the row from 1."""
    char = "char" if dialect == "sqlite" else "chr"
    col = "CAST(f.cell % 16384 AS INTEGER)"
    return (
        f"CASE WHEN {col} >= 702 THEN {char}(65 + ({col} - 702) / 676) ELSE '' END"
        f" || CASE WHEN {col} >= 26 THEN {char}(65 + ({col} - 26) / 26 % 26) ELSE '' END"
        f" || {char}(65 + {col} % 26) || CAST(f.cell / 16384 + 1 AS TEXT)"
    )


def _month_text(dialect: str) -> str:
    """Write a document's month as its first day."""
    year, month = "(d.month / 12)", "(d.month % 12 + 1)"
    if dialect == "postgresql":
        return f"lpad({year}::text, 4, '0') || '-' || lpad({month}::text, 2, '0') || '-01'"
    return f"substr('0000' || {year}, -4) || '-' || substr('0' || {month}, -2) || '-01'"
