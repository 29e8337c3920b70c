"""Small .xls files made record by record: an OLE container, and BIFF8 streams to put into it."""

from __future__ import annotations

import struct

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
SECTOR, END, FREE, FAT = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
NUMBER, BLANK, LABEL, RK, MULRK, BOOLERR, FORMULA, DIMENSIONS = (
    0x0203,
    0x0201,
    0x0204,
    0x027E,
    0x00BD,
    0x0205,
    0x0006,
    0x0200,
)


def container(streams: dict[str, bytes], *, mini: bool = False) -> bytes:
    """Put streams into an OLE container.

    Filled up to 4096 bytes, or as they are into the mini stream.
    """
    size = 64 if mini else SECTOR
    data = {
        n: c if mini else c.ljust(4096, b"\0")
        for n, c in sorted(streams.items(), key=lambda s: (len(s[0]), s[0].upper()))
    }
    inner = [-(-len(content) // size) for content in data.values()]
    whole = b"".join(c.ljust(n * size, b"\0") for c, n in zip(data.values(), inner, strict=True))
    parts = (
        [whole, _packed(_chained(inner, 128 * -(-sum(inner) // 128)))]
        if mini
        else list(data.values())
    )
    chains = [-(-128 * (len(data) + 1) // SECTOR)] + [-(-len(part) // SECTOR) for part in parts]
    tables = 1
    while 128 * tables < sum(chains) + tables:
        tables += 1
    firsts = [sum(inner[:n]) if mini else sum(chains[: n + 1]) for n in range(len(data))]
    directory = _entry(
        "Root Entry", 5, chains[0] if mini else END, len(whole) if mini else 0, child=1
    )
    for n, (name, content) in enumerate(data.items()):
        directory += _entry(
            name, 2, firsts[n], len(content), right=n + 2 if n + 1 < len(data) else FREE
        )
    table = _chained(chains, sum(chains)) + [FAT] * tables
    small = (chains[0] + chains[1], chains[2]) if mini else (END, 0)
    head = SIGNATURE + bytes(16) + struct.pack("<HHHHH6xII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables)
    head += struct.pack("<IIIIIII", 0, 0, 4096, *small, END, 0)
    head += struct.pack("<109I", *(sum(chains) + n if n < tables else FREE for n in range(109)))
    body = b"".join(
        p.ljust(n * SECTOR, b"\0") for p, n in zip([directory, *parts], chains, strict=True)
    )
    return head + body + _packed(table + [FREE] * (128 * tables - len(table)))


def _chained(lengths: list[int], size: int) -> list[int]:
    """A table in which each chain follows the one before."""
    table: list[int] = []
    for length in lengths:
        table += [len(table) + n + 1 for n in range(length - 1)] + [END]
    return table + [FREE] * (size - len(table))


def _packed(table: list[int]) -> bytes:
    return struct.pack(f"<{len(table)}I", *table)


def _entry(
    name: str, kind: int, first: int, size: int, *, right: int = FREE, child: int = FREE
) -> bytes:
    text = name.encode("utf-16-le")
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text) + 2, kind, 1, FREE, right, child)
        + bytes(36)
        + struct.pack("<IQ", first, size)
    )


def record(kind: int, body: bytes = b"") -> bytes:
    """One BIFF record."""
    return struct.pack("<HH", kind, len(body)) + body


def number(row: int, col: int, value: float, style: int = 0) -> bytes:
    """A number cell."""
    return record(NUMBER, struct.pack("<HHHd", row, col, style, value))


def number_format(identity: int, code: str) -> bytes:
    """A number format."""
    return record(0x041E, struct.pack("<HHB", identity, len(code), 1) + code.encode("utf-16-le"))


def style(number_format: int) -> bytes:
    """A cell style that uses a number format."""
    return record(0x00E0, struct.pack("<HHH14x", 0, number_format, 0))


def workbook(sheets: dict[str, bytes], extra: bytes = b"", at: int | None = None) -> bytes:
    """A workbook stream.

    Globals with these extra records, then a substream of cell records for each sheet.

    `at` makes the directory of sheets lie: it says that the first sheet begins there.
    """
    begin = (
        record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
        + record(0x0042, struct.pack("<H", 1200))
        + extra
    )
    names = {name: struct.pack("<BB", len(name), 0) + name.encode("latin-1") for name in sheets}
    start = len(begin) + sum(10 + len(text) for text in names.values()) + 4
    bound, content = b"", b""
    for name, cells in sheets.items():
        where = at if at is not None and not bound else start + len(content)
        bound += record(0x0085, struct.pack("<IBB", where, 0, 0) + names[name])
        content += (
            record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
            + cells
            + record(0x000A)
        )
    return begin + bound + record(0x000A) + content


def xls(sheets: dict[str, bytes], extra: bytes = b"", at: int | None = None) -> bytes:
    """An .xls file."""
    return container({"Workbook": workbook(sheets, extra, at)})
