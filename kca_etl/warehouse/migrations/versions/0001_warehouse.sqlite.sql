CREATE TABLE document (
    id INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    file_name TEXT NOT NULL,
    source TEXT NOT NULL,
    month INTEGER,
    datenstand TEXT,
    verdict TEXT NOT NULL,
    state TEXT NOT NULL,
    size INTEGER NOT NULL,
    origin TEXT NOT NULL,
    received_at TEXT NOT NULL,
    run_id TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (sha256)
) STRICT;

CREATE TABLE fact (
    month INTEGER NOT NULL,
    series INTEGER NOT NULL,
    region INTEGER NOT NULL,
    block INTEGER NOT NULL,
    value REAL,
    zeichen INTEGER NOT NULL,
    cell INTEGER NOT NULL,
    next INTEGER NOT NULL,
    PRIMARY KEY (month, series, region, block)
) WITHOUT ROWID, STRICT;

CREATE TABLE kennzahl (
    code TEXT NOT NULL,
    label TEXT NOT NULL,
    unit TEXT NOT NULL,
    kind TEXT NOT NULL,
    additive INTEGER NOT NULL,
    definition TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (code)
) STRICT;

CREATE TABLE month (
    id INTEGER NOT NULL,
    berichtsmonat TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (berichtsmonat)
) STRICT;

CREATE TABLE region (
    id INTEGER NOT NULL,
    system TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    parent TEXT NOT NULL,
    datenstand TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (code, system)
) STRICT;

CREATE TABLE run (
    run_id TEXT NOT NULL,
    command TEXT NOT NULL,
    source TEXT,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    state TEXT NOT NULL,
    counts TEXT NOT NULL,
    PRIMARY KEY (run_id)
) STRICT;

CREATE TABLE arrival (
    id INTEGER NOT NULL,
    source TEXT NOT NULL,
    month INTEGER NOT NULL,
    document INTEGER,
    url TEXT NOT NULL,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    headers TEXT NOT NULL,
    at TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    received_sha256 TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    proof TEXT NOT NULL,
    outcome TEXT NOT NULL,
    note TEXT NOT NULL,
    run_id TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(document) REFERENCES document (id)
) STRICT;

CREATE INDEX arrival_month ON arrival (source, month);

CREATE INDEX ix_arrival_document ON arrival (document);

CREATE TABLE block (
    id INTEGER NOT NULL,
    document INTEGER NOT NULL,
    table_id TEXT NOT NULL,
    sheet TEXT NOT NULL,
    datenstand TEXT NOT NULL,
    status TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(document) REFERENCES document (id)
) STRICT;

CREATE INDEX ix_block_document ON block (document);

CREATE TABLE finding (
    id INTEGER NOT NULL,
    document INTEGER NOT NULL,
    run_id TEXT NOT NULL,
    code TEXT NOT NULL,
    verdict TEXT NOT NULL,
    what TEXT NOT NULL,
    sheet TEXT NOT NULL,
    cell TEXT NOT NULL,
    found TEXT NOT NULL,
    expected TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(document) REFERENCES document (id)
) STRICT;

CREATE INDEX ix_finding_document ON finding (document);

CREATE TABLE series (
    id INTEGER NOT NULL,
    source TEXT NOT NULL,
    kennzahl TEXT NOT NULL,
    gliederung TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (kennzahl, gliederung, source),
    FOREIGN KEY(kennzahl) REFERENCES kennzahl (code)
) STRICT;

CREATE TABLE footnote (
    block INTEGER NOT NULL,
    "row" INTEGER NOT NULL,
    col INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (block, "row", col),
    FOREIGN KEY(block) REFERENCES block (id)
) STRICT;

CREATE VIEW figures_history AS
    SELECT s.source AS source, m.berichtsmonat AS berichtsmonat, s.kennzahl AS kennzahl,
    s.gliederung AS gliederung, r.system AS region_system, r.code AS region_code, r.name AS
    region_name, f.value AS value, CASE f.zeichen WHEN 1 THEN '*' WHEN 2 THEN '.' WHEN 3 THEN '-'
    WHEN 4 THEN 'x' WHEN 5 THEN '...' END AS zeichen, k.unit AS unit, b.status AS status,
    b.datenstand AS datenstand, b.datenstand AS known_from, n.datenstand AS known_to, d.sha256 AS
    document_sha256, d.file_name AS file_name, b.sheet AS sheet, CASE WHEN CAST(f.cell % 16384 AS
    INTEGER) >= 702 THEN char(65 + (CAST(f.cell % 16384 AS INTEGER) - 702) / 676) ELSE '' END ||
    CASE WHEN CAST(f.cell % 16384 AS INTEGER) >= 26 THEN char(65 + (CAST(f.cell % 16384 AS
    INTEGER) - 26) / 26 % 26) ELSE '' END || char(65 + CAST(f.cell % 16384 AS INTEGER) % 26) ||
    CAST(f.cell / 16384 + 1 AS TEXT) AS cell, d.run_id AS run_id FROM fact f JOIN month m ON m.id
    = f.month JOIN series s ON s.id = f.series JOIN kennzahl k ON k.code = s.kennzahl JOIN region
    r ON r.id = f.region JOIN block b ON b.id = f.block JOIN document d ON d.id = b.document LEFT
    JOIN block n ON n.id = f.next WHERE f.next >= 0;

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
