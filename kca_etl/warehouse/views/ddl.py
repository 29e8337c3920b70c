"""The published views: the contract for readers, the same on every database. Dates are ISO text."""

from __future__ import annotations

NAMES = (
    "figures_history",
    "figures",
    "documents",
    "runs",
    "findings",
    "coverage",
    "decisions",
    "sources",
    "kennzahlen",
    "regions",
    "months",
)

TABLES = """FROM fact f
    JOIN month m ON m.id = f.month
    JOIN series s ON s.id = f.series
    JOIN kennzahl k ON k.code = s.kennzahl
    JOIN region r ON r.id = f.region
    JOIN block b ON b.id = f.block
    JOIN document d ON d.id = b.document
    LEFT JOIN zeichen z ON z.id = f.zeichen"""


def statements(dialect: str) -> list[str]:
    """Return the CREATE VIEW statements for `sqlite` or `postgresql`, in order of dependence."""
    return [f"CREATE VIEW {name} AS {query}" for name, query in selects(dialect).items()]


def selects(dialect: str) -> dict[str, str]:
    """Return each view's SELECT for `sqlite` or `postgresql`, in order of dependence."""
    month = _month_text(dialect)
    return {
        "figures_history": _versions(dialect, "n.datenstand")
        + " LEFT JOIN block n ON n.id = f.next WHERE f.next >= 0",
        "figures": _versions(dialect, "CAST(NULL AS TEXT)") + " WHERE f.next = 0",
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
    } | _dimensions(dialect)


def _dimensions(dialect: str) -> dict[str, str]:
    """Return what a reader chooses from: read of the small tables, never of the facts."""
    first, last = (_month_text(dialect, f"{end}(d.month)") for end in ("min", "max"))
    return {
        "sources": f"""
            SELECT d.source AS source, count(*) AS documents, {first} AS first_month,
                {last} AS last_month, max(d.datenstand) AS datenstand
            FROM document d WHERE d.state = 'loaded' GROUP BY d.source""",  # noqa: S608 - constants
        "kennzahlen": """
            SELECT k.code AS kennzahl, k.label AS label, k.unit AS unit, k.kind AS kind,
                k.additive AS additive, k.definition AS definition, k.source AS definition_source
            FROM kennzahl k""",
        "regions": """
            SELECT r.system AS region_system, r.code AS region_code, r.name AS region_name,
                r.parent AS parent
            FROM region r""",
        "months": """
            SELECT m.berichtsmonat AS berichtsmonat, count(d.id) AS documents
            FROM month m LEFT JOIN document d ON d.month = m.id AND d.state = 'loaded'
            GROUP BY m.id, m.berichtsmonat""",
    }


def _versions(dialect: str, known_to: str) -> str:
    return f"""
        SELECT s.source AS source, m.berichtsmonat AS berichtsmonat, s.kennzahl AS kennzahl,
            s.gliederung AS gliederung, r.system AS region_system, r.code AS region_code,
            r.name AS region_name, f.value AS value, z.text AS zeichen, k.unit AS unit,
            b.status AS status, b.datenstand AS datenstand, b.datenstand AS known_from,
            {known_to} AS known_to, d.sha256 AS document_sha256, d.file_name AS file_name,
            b.sheet AS sheet, {_cell_text(dialect)} AS cell, d.run_id AS run_id
        {TABLES}"""


def _cell_text(dialect: str) -> str:
    """Write a cell in A1 notation: up to three letters, then the row from 1."""
    char = "char" if dialect == "sqlite" else "chr"
    col = "CAST(f.cell % 16384 AS INTEGER)"
    return (
        f"CASE WHEN {col} >= 702 THEN {char}(65 + ({col} - 702) / 676) ELSE '' END"
        f" || CASE WHEN {col} >= 26 THEN {char}(65 + ({col} - 26) / 26 % 26) ELSE '' END"
        f" || {char}(65 + {col} % 26) || CAST(f.cell / 16384 + 1 AS TEXT)"
    )


def _month_text(dialect: str, number: str = "d.month") -> str:
    """Write the number of a document's month as its first day."""
    year, month = f"({number} / 12)", f"({number} % 12 + 1)"
    if dialect == "postgresql":
        return f"lpad({year}::text, 4, '0') || '-' || lpad({month}::text, 2, '0') || '-01'"
    return f"substr('0000' || {year}, -4) || '-' || substr('0' || {month}, -2) || '-01'"
