"""The register of rendered reports in the warehouse."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from kca_etl.model.month import month_date, month_number
from kca_etl.warehouse.engine import writing
from kca_etl.warehouse.published import Key, Rendered, Version
from kca_etl.warehouse.tables import report, report_figure, report_file

LOCK = "reports"  # one writer of the register at a time


def register(engine: Engine, rendered: Rendered) -> bool:
    """Enter a report. The same page again is a no-op, and a further form of it one more file.

    Returns whether anything was new.
    """
    with writing(engine, LOCK) as connection:
        number = _last(connection, rendered)
        new = number is None
        if number is None:
            values = {
                "month": _number(rendered.month),
                "region": rendered.region,
                "as_of": rendered.as_of,
                "figures_sha256": rendered.figures_sha256,
                "rendered_at": datetime.now(UTC).isoformat(timespec="seconds"),
            }
            number = connection.execute(
                insert(report).values(values).returning(report.c.id)
            ).scalar_one()
            connection.execute(
                insert(report_figure), [_figure(number, *item) for item in rendered.figures.items()]
            )
        known = connection.execute(
            select(report_file.c.file_name, report_file.c.sha256).where(
                report_file.c.report == number
            )
        )
        files = sorted(rendered.files.items() - {(name, sha256) for name, sha256 in known})
        if files:
            connection.execute(
                insert(report_file),
                [{"report": number, "file_name": n, "sha256": s} for n, s in files],
            )
        return new or bool(files)


def registered(engine: Engine) -> list[Rendered]:
    """Return all reports in the order they were rendered."""
    files: dict[int, dict[str, str]] = defaultdict(dict)
    figures: dict[int, dict[Key, Version]] = defaultdict(dict)
    with engine.connect() as connection:
        for row in connection.execute(
            select(report_file).order_by(report_file.c.report, report_file.c.file_name)
        ):
            files[row.report][row.file_name] = row.sha256
        for row in connection.execute(select(report_figure)):
            figures[row.report][row.kennzahl, month_date(row.month)] = Version(
                row.value, row.zeichen, row.datenstand
            )
        rows = connection.execute(select(report).order_by(report.c.id)).all()
    return [
        Rendered(
            month_date(r.month),
            r.region,
            r.as_of,
            r.figures_sha256,
            files[r.id],
            figures[r.id],
            r.rendered_at,
        )
        for r in rows
    ]


def _last(connection: Connection, rendered: Rendered) -> int | None:
    """Return the number of the month's last page, if it had the same fact versions."""
    same = (
        report.c.month == _number(rendered.month),
        report.c.region == rendered.region,
        report.c.as_of == rendered.as_of,
    )
    row = connection.execute(
        select(report.c.id, report.c.figures_sha256)
        .where(*same)
        .order_by(report.c.id.desc())
        .limit(1)
    ).first()
    return row.id if row is not None and row.figures_sha256 == rendered.figures_sha256 else None


def _figure(number: int, key: Key, version: Version) -> dict[str, Any]:
    kennzahl, month = key
    values = {"value": version.value, "zeichen": version.zeichen, "datenstand": version.datenstand}
    return {"report": number, "kennzahl": kennzahl, "month": _number(month)} | values


def _number(month: date) -> int:
    return month_number(month.year, month.month)
