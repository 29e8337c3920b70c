"""The current figures as SDMX-CSV 2.0, and the structure definition (SDMX-ML 3.0) that they follow.

A sign in place of a number becomes a status of the common code lists CL_OBS_STATUS and
CL_CONF_STATUS (SDMX cross-domain code lists); the sign itself stays in the attribute ZEICHEN,
since no code says `...`.
"""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import polars as pl

from kca_etl.offices import folder as offices

DATA, STRUCTURE = "figures.sdmx.csv", "structure.sdmx.xml"
VERSION = "1.0.0"
FLOW = "FIGURES"
# id → column of `figures`, concept's name
DIMENSIONS = {
    "FREQ": ("", "Frequency of the statement; every figure has a month"),
    "SOURCE": ("source", "Declared source"),
    "KENNZAHL": ("kennzahl", "Code of the figure"),
    "GLIEDERUNG": ("gliederung", "Breakdown"),
    "REGION_SYSTEM": ("region_system", "Code system of the region"),
    "REGION_CODE": ("region_code", "Region"),
}
TIME, MEASURE = "TIME_PERIOD", "OBS_VALUE"
ATTRIBUTES = {
    "OBS_STATUS": ("", "Observation status"),
    "CONF_STATUS": ("", "Confidentiality status"),
    "UNIT_MEASURE": ("unit", "Unit of measure"),
    "ZEICHEN": ("zeichen", "Sign that stands in place of a number"),
    "DATENSTAND": ("datenstand", "Day on which the publisher stated it"),
}
NORMAL, FREE, CONFIDENTIAL, SECONDARY = "A", "F", "C", "D"
SIGN_STATUS = {"*": "Q", ".": "O", "-": "O", "x": "M", "...": "O"}
STATUS = {"vorlaeufig": "P", "hochgerechnet": "E"}  # all others are normal
OBS_STATUS = {
    "A": "Normal value",
    "E": "Estimated value",
    "M": "Missing value; data cannot exist",
    "O": "Missing value",
    "P": "Provisional value",
    "Q": "Missing value; suppressed",
}
CONF_STATUS = {
    "C": "Confidential statistical information",
    "D": "Secondary confidentiality set by the sender, not for publication",
    "F": "Free (free for publication)",
}
_LISTS = {"OBS_STATUS": ("2.2", OBS_STATUS), "CONF_STATUS": ("1.3", CONF_STATUS)}
_ROOT = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0"
_URN = "urn:sdmx:org.sdmx.infomodel"


def agency() -> str:
    """Return the agency whose structure it is: the office's short name as an SDMX id."""
    name = offices.current().open_data.name
    return name if name[:1].isalpha() else f"office-{name}"


class Growing:
    """The file of data, written portion by portion."""

    def __init__(self, folder: Path) -> None:
        self._path, self._begun = folder / DATA, False
        self._flow = f"{agency()}:{FLOW}({VERSION})"

    def add(self, figures: pl.DataFrame) -> None:
        """Append the rows of a portion of `figures`, in the order in which they come."""
        with self._path.open("ab") as out:
            observations(figures, self._flow).write_csv(out, include_header=not self._begun)
        self._begun = True


def observations(figures: pl.DataFrame, flow: str) -> pl.DataFrame:
    """Return rows of `figures` as the columns of SDMX-CSV; a withheld number is secondary."""
    signed = pl.col("zeichen").is_not_null()
    stated = pl.col("status").replace_strict(STATUS, default=NORMAL, return_dtype=pl.String)
    status = pl.col("zeichen").replace_strict(SIGN_STATUS, default="O", return_dtype=pl.String)
    hidden = pl.when(pl.col("withheld")).then(pl.lit(SECONDARY)).otherwise(pl.lit(CONFIDENTIAL))
    made = {
        "STRUCTURE": pl.lit("dataflow"),
        "STRUCTURE_ID": pl.lit(flow),
        "ACTION": pl.lit("I"),
        "FREQ": pl.lit("M"),
        TIME: pl.col("berichtsmonat").dt.strftime("%Y-%m"),
        MEASURE: pl.col("value"),
        "OBS_STATUS": pl.when(signed).then(status).otherwise(stated),
        "CONF_STATUS": pl.when(pl.col("zeichen") == "*").then(hidden).otherwise(pl.lit(FREE)),
    }
    taken = {**DIMENSIONS, **ATTRIBUTES}
    made |= {id_: pl.col(column) for id_, (column, _) in taken.items() if column}
    order = ["STRUCTURE", "STRUCTURE_ID", "ACTION", *DIMENSIONS, TIME, MEASURE, *ATTRIBUTES]
    return figures.select(made[id_].alias(id_) for id_ in order)


def structure(state: str) -> str:
    """Return the structure definition. `state`: the day that the data stand for, ISO."""
    title = escape(offices.current().open_data.title)
    parts = (_code_lists(), _concepts(), _flow(title), _components(title))
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<mes:Structure xmlns:mes="{_ROOT}/message" xmlns:str="{_ROOT}/structure" \
xmlns:com="{_ROOT}/common">
 <mes:Header>
  <mes:ID>{agency()}-{FLOW}</mes:ID>
  <mes:Test>false</mes:Test>
  <mes:Prepared>{state}T00:00:00</mes:Prepared>
  <mes:Sender id="{agency()}"/>
 </mes:Header>
 <mes:Structures>
{"".join(parts)} </mes:Structures>
</mes:Structure>
"""


def _code_lists() -> str:
    return f"  <str:Codelists>\n{''.join(map(_code_list, _LISTS))}  </str:Codelists>\n"


def _code_list(of: str) -> str:
    version, codes = _LISTS[of]
    lines = "".join(
        f'    <str:Code id="{code}">{_name(escape(name))}</str:Code>\n'
        for code, name in codes.items()
    )
    head = f'<str:Codelist id="CL_{of}" agencyID="SDMX" version="{version}" isPartial="true">'
    return f"   {head}\n    {_name(f'Code list for {of}')}\n{lines}   </str:Codelist>\n"


def _concepts() -> str:
    named = {id_: name for id_, (_, name) in {**DIMENSIONS, **ATTRIBUTES}.items()}
    named |= {TIME: "Month that the figure refers to", MEASURE: "Observed value"}
    lines = "".join(
        f'    <str:Concept id="{id_}">{_name(name)}</str:Concept>\n' for id_, name in named.items()
    )
    head = f'<str:ConceptScheme id="CONCEPTS" agencyID="{agency()}" version="{VERSION}">'
    scheme = f"   {head}\n    {_name('Concepts')}\n{lines}   </str:ConceptScheme>\n"
    return f"  <str:ConceptSchemes>\n{scheme}  </str:ConceptSchemes>\n"


def _flow(title: str) -> str:
    head = f'<str:Dataflow id="{FLOW}" agencyID="{agency()}" version="{VERSION}">'
    of = f"{_URN}.datastructure.DataStructure={agency()}:{FLOW}({VERSION})"
    inside = f"    {_name(title, 'de')}\n    <str:Structure>{of}</str:Structure>\n"
    return f"  <str:Dataflows>\n   {head}\n{inside}   </str:Dataflow>\n  </str:Dataflows>\n"


def _components(title: str) -> str:
    dimensions = "".join(
        _component(f'Dimension id="{id_}" position="{n}"', id_, "String")
        for n, id_ in enumerate(DIMENSIONS, 1)
    )
    dimensions += _component(f'TimeDimension id="{TIME}"', TIME, "ObservationalTimePeriod")
    attributes = "".join(
        _component(f'Attribute id="{id_}" usage="optional"', id_, "String") for id_ in ATTRIBUTES
    )
    measure = _component(f'Measure id="{MEASURE}" usage="optional"', MEASURE, "Double")
    head = f'<str:DataStructure id="{FLOW}" agencyID="{agency()}" version="{VERSION}">'
    return f"""\
  <str:DataStructures>
   {head}
    {_name(title, "de")}
    <str:DataStructureComponents>
     <str:DimensionList id="DimensionDescriptor">
{dimensions}     </str:DimensionList>
     <str:AttributeList id="AttributeDescriptor">
{attributes}     </str:AttributeList>
     <str:MeasureList id="MeasureDescriptor">
{measure}     </str:MeasureList>
    </str:DataStructureComponents>
   </str:DataStructure>
  </str:DataStructures>
"""


def _component(head: str, id_: str, kind: str) -> str:
    """Write a dimension, attribute or measure: its concept, what it holds, what it belongs to."""
    concept = f"{_URN}.conceptscheme.Concept={agency()}:CONCEPTS({VERSION}).{id_}"
    held = f'<str:TextFormat textType="{kind}"/>'
    if id_ in _LISTS:
        coded = f"{_URN}.codelist.Codelist=SDMX:CL_{id_}({_LISTS[id_][0]})"
        held = f"<str:Enumeration>{coded}</str:Enumeration>"
    of = "<str:AttributeRelationship><str:Observation/></str:AttributeRelationship>"
    return (
        f"      <str:{head}><str:ConceptIdentity>{concept}</str:ConceptIdentity>"
        f"<str:LocalRepresentation>{held}</str:LocalRepresentation>"
        f"{of if id_ in ATTRIBUTES else ''}</str:{head.partition(' ')[0]}>\n"
    )


def _name(text: str, language: str = "en") -> str:
    return f'<com:Name xml:lang="{language}">{text}</com:Name>'
