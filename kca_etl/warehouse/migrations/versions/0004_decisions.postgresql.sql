CREATE TABLE decision (
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    holds TEXT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    amendments TEXT NOT NULL,
    name TEXT NOT NULL,
    reason TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    revoked_at TEXT NOT NULL,
    revoked_by TEXT NOT NULL,
    revoked_reason TEXT NOT NULL,
    PRIMARY KEY (id)
);

CREATE OR REPLACE VIEW coverage AS
    SELECT d.source AS source, lpad((d.month / 12)::text, 4, '0') || '-' || lpad((d.month % 12 +
    1)::text, 2, '0') || '-01' AS berichtsmonat, CASE WHEN sum(CASE WHEN d.state IN ('quarantined',
    'rejected') THEN 1 ELSE 0 END) > 0 THEN 'quarantined' WHEN count(DISTINCT d.datenstand) > 1 THEN
    'revised' ELSE 'loaded' END AS state, count(*) AS documents, max(d.datenstand) AS datenstand
    FROM document d WHERE d.state IN ('loaded', 'quarantined', 'rejected') AND d.month IS NOT NULL
    GROUP BY d.source, d.month;

CREATE VIEW decisions AS
    SELECT id, source, sha256 AS document_sha256, holds, question, answer, name, reason, decided_at,
    revoked_at, revoked_by, revoked_reason FROM decision;
