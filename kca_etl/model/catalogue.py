"""The one catalogue of finding codes; `docs/errors.md` is generated from it (`make docs`)."""

from __future__ import annotations

from dataclasses import dataclass

from kca_etl.model.findings import Finding, Verdict, worst


@dataclass(frozen=True, slots=True)
class Entry:
    """Severity, what the code means, and what the person at the screen does next."""

    verdict: Verdict
    title: str
    next_step: str


Q, W, R = Verdict.QUARANTINE, Verdict.WARN, Verdict.REJECT
CATALOGUE: dict[str, Entry] = {
    # landing
    "NOT_A_WORKBOOK": Entry(
        R,
        "The file is neither a workbook nor a text table",
        "Ask the sender for the original file.",
    ),
    "ENCRYPTED": Entry(
        R, "The workbook is protected by a password", "Ask the sender for a copy without password."
    ),
    "MACROS": Entry(
        R, "The workbook carries macros", "Save it as .xlsx without macros and send it again."
    ),
    "HOSTILE": Entry(
        R,
        "The file breaks a safety limit (size, ratio, range, entities)",
        "Open it in a sandbox; if it is genuine, save it anew and send it again.",
    ),
    "TRUNCATED": Entry(R, "The file is cut short or damaged", "Fetch or copy it again."),
    "UNREADABLE": Entry(
        R,
        "The reader cannot open the workbook",
        "Open and save it in a spreadsheet program, then try again.",
    ),
    "BAD_MONTH": Entry(R, "A month is not written as YYYY-MM", "Write it like 2020-11."),
    "BAD_RANGE": Entry(
        R,
        "First and last month make no range",
        "Give the earlier month first, at most a hundred years.",
    ),
    "BAD_DAY": Entry(R, "A day is not written as YYYY-MM-DD", "Write it like 2020-12-10."),
    "NO_COMPARISON": Entry(
        Verdict.RETRY,
        "There are no figures of one source to compare",
        "Load the month, or name the source with --source.",
    ),
    "NO_FILE": Entry(R, "There is no such file", "Check the path."),
    "DEMO_REFUSED": Entry(
        R,
        "The demo's invented figures must not mix with an office's own",
        "Set KCA_HOME to another folder and run `kca demo` again.",
    ),
    "SERVE_FAILED": Entry(
        Verdict.RETRY,
        "Prefect did not come up or did not stay up",
        "Read the log named above; see `kca doctor`.",
    ),
    "PORT_TAKEN": Entry(
        Verdict.RETRY,
        "Another program listens on the port",
        "Stop it, or choose another with --port.",
    ),
    "RELATIVE_HOME": Entry(
        Verdict.RETRY,
        "A worker's KCA_HOME is no absolute path",
        "Set KCA_HOME for the worker to the folder that all share, see docs/operating.md.",
    ),
    "BAD_CHANNEL": Entry(
        Verdict.RETRY,
        "A notification's address cannot be used",
        "Write it as docs/operating.md shows it.",
    ),
    "FLOW_FAILED": Entry(
        Verdict.RETRY, "A Prefect flow did not finish", "Read the lines above; run it again."
    ),
    # fetching
    "NOT_YET_PUBLISHED": Entry(
        Verdict.WAIT,
        "The month is not published yet",
        "None; it is asked for again after the due date.",
    ),
    "OVERDUE": Entry(
        Verdict.WAIT,
        "The month is overdue",
        "Look at the publisher's site; ask there, or correct calendar.yaml.",
    ),
    "GONE": Entry(
        W,
        "The publisher no longer offers a month",
        "None; loaded figures stay. Ask the publisher whether it was withdrawn.",
    ),
    "NETWORK": Entry(
        Verdict.RETRY,
        "The server cannot be reached or hung up",
        "Try again; check network, proxy and KCA_BASE_URLS.",
    ),
    "DEADLINE": Entry(Verdict.RETRY, "The document did not arrive in time", "Try again later."),
    "TOO_FAST": Entry(
        Verdict.RETRY, "The server tells us to slow down", "Wait some minutes, then try again."
    ),
    "INCOMPLETE": Entry(Verdict.RETRY, "The answer was cut short", "Try again later."),
    "DECODING": Entry(
        Verdict.RETRY, "The answer cannot be unpacked", "Try again; see `kca sources probe`."
    ),
    "BAD_ANSWER": Entry(
        Verdict.RETRY,
        "The server's answer is no proper HTTP",
        "Try again; see `kca sources probe`.",
    ),
    "HTTP_STATUS": Entry(
        Verdict.RETRY,
        "The server answers with an error",
        "Try again later; see `kca sources probe`.",
    ),
    "WEB_PAGE": Entry(
        Verdict.RETRY,
        "A web page came in place of the document",
        "See the address in a browser: maintenance, or a new address.",
    ),
    "API_ERROR": Entry(
        R,
        "The service answered with a message in place of the document",
        "Read the message; check table name and token.",
    ),
    "ZIP_NOT_CSV": Entry(
        R,
        "A ZIP came where a CSV was due",
        "Declare `kind: zip-csv` if the service packs its tables now.",
    ),
    "WRONG_CONTENT": Entry(
        R,
        "Something else came in place of the document",
        "See `kca sources probe`; correct `kind` or the address.",
    ),
    "TOO_LARGE": Entry(R, "The answer is too large", "If it is genuine, raise KCA_HTTP_MAX_BYTES."),
    "UNPROVED_END": Entry(
        W,
        "Nothing proves that the text is whole",
        "None; compare the number of rows with the last issue.",
    ),
    "REDIRECT_LOOP": Entry(
        Verdict.RETRY,
        "The server sends the request in circles",
        "Try again later; see the address in a browser.",
    ),
    "FORBIDDEN_HOST": Entry(
        R,
        "A request would leave the source's hosts",
        "If the new host is the publisher's, add it to `hosts`.",
    ),
    "FORBIDDEN_SCHEME": Entry(
        R, "An address is not https", "Ask the publisher; only a base URL of your own may be http."
    ),
    "FORBIDDEN_ADDRESS": Entry(
        R,
        "A host resolves to an address that is not public",
        "Check the name server; name a mirror in KCA_BASE_URLS.",
    ),
    "TLS": Entry(
        R,
        "The server's certificate does not hold",
        "Check the clock and KCA_CA_BUNDLE; never switch verification off.",
    ),
    "NO_CREDENTIAL": Entry(R, "A secret is not set", "Set it in KCA_SECRETS or as a Secret block."),
    "CREDENTIAL_REFUSED": Entry(R, "The service refuses our credentials", "Renew the token."),
    "BAD_REQUEST": Entry(
        R,
        "A request cannot be built",
        "Check the declaration and the secret: no line breaks, Latin letters.",
    ),
    "NO_CALENDAR": Entry(
        R, "The calendar has no rule for a source", "Add the source to calendar.yaml."
    ),
    "NOT_A_TEXT": Entry(
        R,
        "The file is no text that can be read",
        "Save it as .txt, .md, .docx, .html or .pdf and try again.",
    ),
    "NO_FETCH": Entry(
        R, "A source declares no address to fetch from", "Give a file, or declare `fetch:`."
    ),
    "NO_ISSUE": Entry(
        R,
        "A source's address does not count issues",
        "Ask without --issue, or declare a slot {v} in the address.",
    ),
    # open data
    "NOTHING_TO_EXPORT": Entry(
        R,
        "No figures fit what was to be exported",
        "See `kca figures` with the same source and months.",
    ),
    "FOREIGN_FOLDER": Entry(
        R,
        "The folder to export into holds something else",
        "Name a new folder, or that of an earlier export.",
    ),
    "SECRET_FOLLOWS": Entry(
        W,
        "A number is withheld from the open data: a secret one would follow from it",
        "None; it stays in the warehouse.",
    ),
    # archive
    "NOT_IN_ARCHIVE": Entry(
        Verdict.RETRY,
        "A document is not in the archive",
        "Put its file into the inbox again, or restore the archive.",
    ),
    "ARCHIVE_DAMAGED": Entry(
        Verdict.RETRY,
        "An archived file is not what its name says",
        "Restore it from a backup, or load the original file again.",
    ),
    "NOT_EMPTY": Entry(
        Verdict.RETRY,
        "The database to rebuild into holds documents",
        "Name a fresh one with --into.",
    ),
    "REBUILD_DIFFERS": Entry(
        Verdict.RETRY,
        "The warehouse differs from what its archive yields",
        "See the first difference; `kca explain` leads to its cell.",
    ),
    # recognition
    "NO_SOURCE": Entry(
        R, "No source of that name is declared", "Choose one of the declared sources."
    ),
    "NOT_OF_SOURCE": Entry(
        Q, "The document is not of this source", "See `kca inspect FILE` for what it is."
    ),
    "UNKNOWN_DOCUMENT": Entry(
        Q,
        "No declared source knows the document",
        "Declare the source, see docs/adding-a-source.md.",
    ),
    "AMBIGUOUS": Entry(
        Q, "More than one declaration fits", "Make the declarations differ in a title or a header."
    ),
    "UNKNOWN_SHEET": Entry(
        Q,
        "A sheet is neither declared nor ignored by name",
        "Declare its table or add it to ignore_sheets.",
    ),
    "UNKNOWN_TITLE": Entry(
        Q,
        "A table's title is not declared",
        "See `kca sources propose FILE` for the patch to the declaration.",
    ),
    "MISSING_TABLE": Entry(
        Q,
        "A declared table is missing",
        "Ask the publisher, or mark the table optional from this issue on.",
    ),
    "UNKNOWN_COLUMN": Entry(
        Q,
        "A column's header is not declared",
        "Compare with the last issue; add the header to the declaration.",
    ),
    "MISSING_COLUMN": Entry(
        Q,
        "A declared column is missing",
        "Compare with the last issue; change the declaration or ask the publisher.",
    ),
    "DOUBLE_COLUMN": Entry(
        Q, "Two columns have the same header", "Ask the publisher which one counts."
    ),
    # rows and cells
    "UNKNOWN_ROW": Entry(
        Q,
        "A row's label is not declared",
        "Add the label to the declaration, or mend it in the document.",
    ),
    "MISSING_ROW": Entry(Q, "A declared row is missing", "Ask for the complete document."),
    "ROW_COUNT": Entry(
        Q,
        "A table has too few or too many rows",
        "Ask for the complete document; if areas were reformed, widen `expect`.",
    ),
    "DOUBLE_ROW": Entry(Q, "Two rows speak of the same", "Ask the publisher which one counts."),
    "NO_LABEL": Entry(
        Q, "A value stands in a row without a label", "Mend the row in the document."
    ),
    "AFTER_END": Entry(
        Q,
        "A number stands below the end of the table",
        "Check whether rows moved below the footer.",
    ),
    "NO_FACTS": Entry(Q, "A table holds no figures", "Ask for the complete document."),
    "UNKNOWN_REGION": Entry(
        Q, "A region is not known", "Check code and name; add the code system to the declaration."
    ),
    "AMBIGUOUS_REGION": Entry(
        Q, "A name is shared by several Kreise", "Add the Kreis' code (AGS) beside its name."
    ),
    "LOST_ZERO": Entry(
        W,
        "Codes had lost their leading zero",
        "None; format the column as text, so that they keep it.",
    ),
    "UNKNOWN_KREIS": Entry(
        W,
        "A Kreis is not in the register",
        "Check the code; after a reform bring the register (schemas/regions) up to date.",
    ),
    "KREIS_NOT_THEN": Entry(
        W,
        "A Kreis did not exist in the month of its figure",
        "Ask the publisher which Gebietsstand the figure has.",
    ),
    "UNKNOWN_SIGN": Entry(
        Q,
        "A sign is not declared for this publisher",
        "Look the sign up in the publisher's legend and declare its meaning.",
    ),
    "NOT_A_NUMBER": Entry(
        Q,
        "A cell is no number",
        "Mend the cell in the document; footnote marks belong into a cell of their own.",
    ),
    "EMPTY_CELL": Entry(
        Q, "A figure is missing", "Fill the cell or put the publisher's sign for a missing value."
    ),
    "ERROR_CELL": Entry(
        Q, "A cell shows an error value such as #DIV/0!", "Mend the formula and save the workbook."
    ),
    "NO_RESULT": Entry(
        Q, "A formula has no stored result", "Open the workbook, let it calculate, and save it."
    ),
    "REPEAT_DIFFERS": Entry(Q, "A repeated row differs", "Ask the publisher which one counts."),
    "REPEAT_SIGN": Entry(
        W,
        "A repeated row hides a cell that the other shows",
        "None; the upper row counts. Mind secrecy when publishing.",
    ),
    "CORRECTED": Entry(
        W,
        "A cell is read as its declared correction",
        "None; the reason stands in the declaration under `corrections`.",
    ),
    "CORRECTION_GONE": Entry(
        Q,
        "A declared correction does not find the value it replaces",
        "The publisher may have mended it: remove the correction from the declaration, then `kca quarantine replay`.",
    ),
    "TEXT_NUMBER": Entry(W, "Numbers are stored as text", "None; better store them as numbers."),
    # warehouse
    "CONFLICT": Entry(
        Q,
        "Two documents of the same Datenstand disagree",
        "Ask the publisher which one counts, then replay it.",
    ),
    "BUSY": Entry(Verdict.RETRY, "Another run holds the source", "Try again when it has finished."),
    "DB_MISSING": Entry(Verdict.RETRY, "The database holds no warehouse", "Run `kca db upgrade`."),
    "DB_OUTDATED": Entry(
        Verdict.RETRY, "The warehouse is older than the program", "Run `kca db upgrade`."
    ),
    "DB_TOO_NEW": Entry(
        Verdict.RETRY, "The warehouse is newer than the program", "Update kca-etl."
    ),
    "NOT_POSTGRESQL": Entry(
        R,
        "Only PostgreSQL knows roles",
        "On SQLite the file's permissions say who reads; open it with mode=ro.",
    ),
    "NOT_SQLITE": Entry(
        R,
        "Only the embedded warehouse can be browsed",
        "Point a tool at PostgreSQL, see docs/sql-contract.md.",
    ),
    "NOT_INSTALLED": Entry(
        R, "An optional part is not installed", "Install it: pip install 'kca-etl[browse]'."
    ),
    "BAD_ROLE": Entry(
        R,
        "A role is not fit to be a reader",
        "Choose the name of a new role, or of one that only reads.",
    ),
    "ROLE_DENIED": Entry(
        R, "The database refuses to make a role", "Run it as the warehouse's owner with CREATEROLE."
    ),
    # periods
    "NO_PERIOD": Entry(Q, "No period was found", "Write the month above the table."),
    "NO_DATENSTAND": Entry(
        Q, "No Datenstand was found", "Write the Datenstand where the declaration expects it."
    ),
    "CONTRADICTION": Entry(
        Q,
        "The document contradicts itself about its period",
        "Ask the publisher which one is right.",
    ),
    "WRONG_MONTH": Entry(
        Q,
        "The document is of another month than asked for",
        "Give the right file or the right --month.",
    ),
    # contracts and invariants
    "UNKNOWN_KENNZAHL": Entry(
        Q, "A kennzahl or gliederung is not in the catalogue", "Add it to schemas/kennzahlen*.yaml."
    ),
    "OUT_OF_BOUNDS": Entry(
        Q,
        "A value cannot be",
        "Check unit and decimal comma; a rate of 3,2 % is 3,2 or 0,032 under a percent format.",
    ),
    "NOT_WHOLE": Entry(
        Q, "A count is not whole", "Look for a glued footnote digit or a wrong decimal comma."
    ),
    "NO_VALUE": Entry(Q, "A fact has neither value nor sign", "Report this: reading went wrong."),
    "CONTRACT": Entry(Q, "A fact breaks its contract", "Report this: reading went wrong."),
    "DOUBLE_FACT": Entry(Q, "The same fact stands twice", "Ask the publisher which one counts."),
    "SUM_MISMATCH": Entry(
        Q, "Parts do not add up to their total", "Find the wrong cell and ask the publisher."
    ),
    "EQUAL_DIFFERS": Entry(
        Q,
        "The same figure differs between two tables",
        "Find the wrong cell and ask the publisher.",
    ),
    "RATE_MISMATCH": Entry(
        Q,
        "A rate does not follow from its part and whole",
        "Find the wrong cell and ask the publisher.",
    ),
    "SAME_CONTENT": Entry(
        W,
        "The figures of one month stand under another",
        "Ask the sender for this month's file; probably last month's was saved again.",
    ),
    "WRONG_UNIT": Entry(
        W,
        "A whole column is off by 100 or 1000",
        "Check the unit over the column (thousands, per cent) and mend the file.",
    ),
    "SWAPPED": Entry(
        W,
        "Two columns have changed places",
        "Check the headers over the columns and mend the file.",
    ),
    "RATE_BASE": Entry(
        W,
        "A rate and its count imply another base than the months before",
        "Check both figures; a new base begins in its month only.",
    ),
    "RECONCILE": Entry(
        W,
        "Two sources state different figures",
        "Compare both cells; see `kca reconcile MONTH`, and ask who is right.",
    ),
    "JUMP": Entry(
        W, "A figure moved unusually far", "Check it against the source; real jumps happen."
    ),
}


def verdict_of(findings: list[Finding]) -> Verdict:
    """Return the gravest verdict among findings; ACCEPT for none."""
    return worst([CATALOGUE[f.code].verdict for f in findings])


def sentence(finding: Finding, document: str = "", state: str = "") -> str:
    """Render `[CODE] what · where · found / expected · state of the data · next step`."""
    where = ", ".join(
        part
        for part in (
            document,
            finding.sheet and f"sheet {finding.sheet!r}",
            finding.cell and f"cell {finding.cell}",
        )
        if part
    )
    seen = " / ".join(
        part
        for part in (
            finding.found and f"found {finding.found}",
            finding.expected and f"expected {finding.expected}",
        )
        if part
    )
    parts = [
        f"[{finding.code}] {finding.what}",
        where,
        seen,
        state,
        CATALOGUE[finding.code].next_step,
    ]
    return " · ".join(part for part in parts if part)
