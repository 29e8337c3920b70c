CREATE TABLE report (
    id INTEGER NOT NULL,
    month INTEGER NOT NULL,
    region TEXT NOT NULL,
    as_of TEXT NOT NULL,
    figures_sha256 TEXT NOT NULL,
    rendered_at TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT;

CREATE TABLE report_figure (
    report INTEGER NOT NULL,
    kennzahl TEXT NOT NULL,
    month INTEGER NOT NULL,
    value REAL,
    zeichen TEXT NOT NULL,
    datenstand TEXT NOT NULL,
    PRIMARY KEY (report, kennzahl, month),
    FOREIGN KEY(report) REFERENCES report (id)
) STRICT;

CREATE TABLE report_file (
    report INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (report, file_name, sha256),
    FOREIGN KEY(report) REFERENCES report (id)
) STRICT;
