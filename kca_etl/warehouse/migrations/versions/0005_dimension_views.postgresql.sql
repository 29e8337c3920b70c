DROP VIEW figures;

DROP VIEW figures_history;

CREATE VIEW figures_history AS
    SELECT s.source AS source, m.berichtsmonat AS berichtsmonat, s.kennzahl AS kennzahl,
    s.gliederung AS gliederung, r.system AS region_system, r.code AS region_code, r.name AS
    region_name, f.value AS value, z.text AS zeichen, k.unit AS unit, b.status AS status,
    b.datenstand AS datenstand, b.datenstand AS known_from, n.datenstand AS known_to, d.sha256 AS
    document_sha256, d.file_name AS file_name, b.sheet AS sheet, CASE WHEN CAST(f.cell % 16384 AS
    INTEGER) >= 702 THEN chr(65 + (CAST(f.cell % 16384 AS INTEGER) - 702) / 676) ELSE '' END || CASE
    WHEN CAST(f.cell % 16384 AS INTEGER) >= 26 THEN chr(65 + (CAST(f.cell % 16384 AS INTEGER) - 26)
    / 26 % 26) ELSE '' END || chr(65 + CAST(f.cell % 16384 AS INTEGER) % 26) || CAST(f.cell / 16384
    + 1 AS TEXT) AS cell, d.run_id AS run_id FROM fact f JOIN month m ON m.id = f.month JOIN series
    s ON s.id = f.series JOIN kennzahl k ON k.code = s.kennzahl JOIN region r ON r.id = f.region
    JOIN block b ON b.id = f.block JOIN document d ON d.id = b.document LEFT JOIN zeichen z ON z.id
    = f.zeichen LEFT JOIN block n ON n.id = f.next WHERE f.next >= 0;

CREATE VIEW figures AS
    SELECT s.source AS source, m.berichtsmonat AS berichtsmonat, s.kennzahl AS kennzahl,
    s.gliederung AS gliederung, r.system AS region_system, r.code AS region_code, r.name AS
    region_name, f.value AS value, z.text AS zeichen, k.unit AS unit, b.status AS status,
    b.datenstand AS datenstand, b.datenstand AS known_from, CAST(NULL AS TEXT) AS known_to, d.sha256
    AS document_sha256, d.file_name AS file_name, b.sheet AS sheet, CASE WHEN CAST(f.cell % 16384 AS
    INTEGER) >= 702 THEN chr(65 + (CAST(f.cell % 16384 AS INTEGER) - 702) / 676) ELSE '' END || CASE
    WHEN CAST(f.cell % 16384 AS INTEGER) >= 26 THEN chr(65 + (CAST(f.cell % 16384 AS INTEGER) - 26)
    / 26 % 26) ELSE '' END || chr(65 + CAST(f.cell % 16384 AS INTEGER) % 26) || CAST(f.cell / 16384
    + 1 AS TEXT) AS cell, d.run_id AS run_id FROM fact f JOIN month m ON m.id = f.month JOIN series
    s ON s.id = f.series JOIN kennzahl k ON k.code = s.kennzahl JOIN region r ON r.id = f.region
    JOIN block b ON b.id = f.block JOIN document d ON d.id = b.document LEFT JOIN zeichen z ON z.id
    = f.zeichen WHERE f.next = 0;

CREATE VIEW sources AS
    SELECT d.source AS source, count(*) AS documents, lpad((min(d.month) / 12)::text, 4, '0') || '-'
    || lpad((min(d.month) % 12 + 1)::text, 2, '0') || '-01' AS first_month, lpad((max(d.month) /
    12)::text, 4, '0') || '-' || lpad((max(d.month) % 12 + 1)::text, 2, '0') || '-01' AS last_month,
    max(d.datenstand) AS datenstand FROM document d WHERE d.state = 'loaded' GROUP BY d.source;

CREATE VIEW kennzahlen AS
    SELECT k.code AS kennzahl, k.label AS label, k.unit AS unit, k.kind AS kind, k.additive AS
    additive, k.definition AS definition, k.source AS definition_source FROM kennzahl k;

CREATE VIEW regions AS
    SELECT r.system AS region_system, r.code AS region_code, r.name AS region_name, r.parent AS
    parent FROM region r;

CREATE VIEW months AS
    SELECT m.berichtsmonat AS berichtsmonat, count(d.id) AS documents FROM month m LEFT JOIN
    document d ON d.month = m.id AND d.state = 'loaded' GROUP BY m.id, m.berichtsmonat;
