CREATE TABLE zeichen (
    id INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (text)
) STRICT;

INSERT INTO zeichen (id, text) VALUES (1, '*'), (2, '.'), (3, '-'), (4, 'x'), (5, '...');

DROP VIEW coverage;
DROP VIEW findings;
DROP VIEW runs;
DROP VIEW documents;
DROP VIEW figures;
DROP VIEW figures_history;

CREATE VIEW figures_history AS
    SELECT s.source AS source, m.berichtsmonat AS berichtsmonat, s.kennzahl AS kennzahl,
    s.gliederung AS gliederung, r.system AS region_system, r.code AS region_code, r.name AS
    region_name, f.value AS value, z.text AS zeichen, k.unit AS unit, b.status AS status,
    b.datenstand AS datenstand, b.datenstand AS known_from, n.datenstand AS known_to, d.sha256 AS
    document_sha256, d.file_name AS file_name, b.sheet AS sheet, CASE WHEN CAST(f.cell % 16384 AS
    INTEGER) >= 702 THEN char(65 + (CAST(f.cell % 16384 AS INTEGER) - 702) / 676) ELSE '' END ||
    CASE WHEN CAST(f.cell % 16384 AS INTEGER) >= 26 THEN char(65 + (CAST(f.cell % 16384 AS
    INTEGER) - 26) / 26 % 26) ELSE '' END || char(65 + CAST(f.cell % 16384 AS INTEGER) % 26) ||
    CAST(f.cell / 16384 + 1 AS TEXT) AS cell, d.run_id AS run_id FROM fact f JOIN month m ON m.id
    = f.month JOIN series s ON s.id = f.series JOIN kennzahl k ON k.code = s.kennzahl JOIN region
    r ON r.id = f.region JOIN block b ON b.id = f.block JOIN document d ON d.id = b.document LEFT
    JOIN block n ON n.id = f.next LEFT JOIN zeichen z ON z.id = f.zeichen WHERE f.next >= 0;

CREATE VIEW figures AS
    SELECT * FROM figures_history WHERE known_to IS NULL;

CREATE VIEW documents AS
    SELECT d.sha256 AS sha256, d.file_name AS file_name, d.source AS source, substr('0000' ||
    (d.month / 12), -4) || '-' || substr('0' || (d.month % 12 + 1), -2) || '-01' AS berichtsmonat,
    d.datenstand AS datenstand, d.verdict AS verdict, d.state AS state, d.size AS size, d.origin
    AS origin, d.received_at AS received_at, d.run_id AS run_id, (SELECT count(*) FROM finding x
    WHERE x.document = d.id) AS findings FROM document d;

CREATE VIEW runs AS
    SELECT run_id, command, source, started_at, finished_at, state, counts FROM run;

CREATE VIEW findings AS
    SELECT d.sha256 AS document_sha256, d.file_name AS file_name, d.source AS source, x.run_id AS
    run_id, x.code AS code, x.verdict AS verdict, x.what AS what, x.sheet AS sheet, x.cell AS
    cell, x.found AS found, x.expected AS expected, x.id AS id FROM finding x JOIN document d ON
    d.id = x.document;

CREATE VIEW coverage AS
    SELECT d.source AS source, substr('0000' || (d.month / 12), -4) || '-' || substr('0' ||
    (d.month % 12 + 1), -2) || '-01' AS berichtsmonat, CASE WHEN sum(CASE WHEN d.state IN
    ('quarantined', 'rejected') THEN 1 ELSE 0 END) > 0 THEN 'quarantined' WHEN count(DISTINCT
    d.datenstand) > 1 THEN 'revised' ELSE 'loaded' END AS state, count(*) AS documents,
    max(d.datenstand) AS datenstand FROM document d WHERE d.state <> 'replaced' AND d.month IS NOT
    NULL GROUP BY d.source, d.month;
