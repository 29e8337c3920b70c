"""The flow `check-text`: a press text held against the warehouse, for people without a shell."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

from prefect import State, flow
from prefect.artifacts import create_link_artifact, create_markdown_artifact
from prefect.states import Completed, Failed
from pydantic import WithJsonSchema

from flows import links
from flows.parts import configured, plainly
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.report.publish import write_all
from kca_etl.runs import texts
from kca_etl.runs.outcomes import linked, plain
from kca_etl.runs.wanted import MONTH_OR_NOTHING, month_form
from kca_etl.settings import Settings
from kca_etl.textcheck import show
from kca_etl.textcheck.page import remark
from kca_etl.textcheck.results import REFUSED

MonthOrNothing = Annotated[
    str, WithJsonSchema(month_form(MONTH_OR_NOTHING, "a month written YYYY-MM, or nothing"))
]
Pasted = Annotated[str, WithJsonSchema({"type": "string", "format": "textarea"})]
CONTRADICTED = "Contradicted"  # the state's name


@flow(name="check-text", flow_run_name="check-text {month}", validate_parameters=False)
@plainly
def check_text(file: str = "", text: Pasted = "", month: MonthOrNothing = "") -> State[Any]:
    """Check every figure and claim of a German text against the warehouse.

    Args:
        file: The path of a .docx, .odt, .rtf, .pdf, .html, .eml, .md or .txt on the worker.
        text: The text itself, pasted, where no file is given.
        month: The month it speaks of, YYYY-MM; read from the text where none is given.
    """
    settings = configured(Settings())
    checked = _checked(settings, file.strip(), text, month or None)
    name = f"Textpruefung_{checked.month:%Y-%m}_{Path(checked.name).stem}.html"
    (page,) = write_all(settings.reports, {name: checked.page.encode()})
    said = show.share(checked.claims)
    _leave(checked, page, settings, said)
    wrong = sum(c.verdict in REFUSED for c in checked.claims)
    if wrong:
        return Failed(name=CONTRADICTED, message=f"{wrong} contradictions · {said}")
    return Completed(message=said, data=str(page))


def _checked(settings: Settings, file: str, text: str, month: str | None) -> texts.CheckedText:
    """Check the file or the pasted text. Raises KcaError BAD_VALUE unless one of both is given."""
    if bool(file) == bool(text.strip()):
        raise KcaError(
            Finding(
                Code.BAD_VALUE,
                "give either the path of a file or the text itself",
                expected="one of `file` and `text`",
            )
        )
    if file:
        return texts.check_file(settings, Path(file), month)
    name = f"text-{sha256(text.encode()).hexdigest()[:8]}.txt"
    return texts.check_text(settings, name, text, month)


def _leave(checked: texts.CheckedText, page: Path, settings: Settings, said: str) -> None:
    """Leave the contradictions and the way to the page for whoever looks at the UI."""
    wrong = [c for c in checked.claims if c.verdict in REFUSED]
    lines = [said, "", *(f"- „{plain(c.text)}“: {plain(remark(c))}" for c in wrong)]
    address = links.of_report(page, settings)
    way = linked(page.name, address) if address else f"`{page.resolve()}`"
    create_markdown_artifact("\n".join([*lines, "", way]), key="text-check", description=said)
    if address:
        create_link_artifact(address, link_text=page.name, key="text-page", description=said)


if __name__ == "__main__":
    check_text()
