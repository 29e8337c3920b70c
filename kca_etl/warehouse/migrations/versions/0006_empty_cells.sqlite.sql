CREATE TABLE empty_cell (
    block INTEGER NOT NULL,
    cell INTEGER NOT NULL,
    PRIMARY KEY (block, cell),
    FOREIGN KEY(block) REFERENCES block (id)
) WITHOUT ROWID, STRICT;
