CREATE TABLE empty_cell (
    block INTEGER NOT NULL,
    cell BIGINT NOT NULL,
    PRIMARY KEY (block, cell),
    FOREIGN KEY(block) REFERENCES block (id)
);
