"""The office of this process: the folder that `KCA_OFFICE` names, or the shipped one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.offices.spec import Office

SHIPPED = Path(__file__).parent / "kca"
_chosen: list[Path] = []  # by `choose`
OFFICE, KENNZAHLEN, TILES = "office.yaml", "kennzahlen.yaml", "tiles.yaml"


@cache
def folder() -> Path:
    """Return the office's folder."""
    from kca_etl.settings import Settings

    return (_chosen[-1] if _chosen else Settings().office or SHIPPED).resolve()


def choose(place: Path) -> None:
    """Let a folder be this process's office. Nothing of another office may have been read."""
    folder.cache_clear()
    current.cache_clear()
    _chosen.append(place)


@cache
def current() -> Office:
    """Read the office. Raises KcaError BAD_OFFICE where the folder holds none that can be read."""
    return read(folder())


def read(place: Path) -> Office:
    """Read an office from its folder. Raises KcaError BAD_OFFICE."""
    import yaml
    from pydantic import ValidationError

    path = place / OFFICE
    try:
        return Office.model_validate(load_yaml(path.read_text(encoding="utf-8")))
    except OSError:
        found = "there is no such file"
    except yaml.YAMLError as error:
        found = " ".join(str(error).split())
    except ValidationError as error:
        first = error.errors()[0]
        found = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    raise KcaError(Finding(Code.BAD_OFFICE, f"the office cannot be read from {path}", found=found))


def declarations() -> dict[str, Path]:
    """Return the office's own declarations of sources by their names."""
    return {path.stem: path for path in sorted((folder() / "sources").glob("*.yaml"))}


def data(name: str) -> dict[str, Any]:
    """Read one of the folder's further files; an absent or empty one has nothing."""
    path = folder() / name
    loaded: dict[str, Any] | None = (
        load_yaml(path.read_text(encoding="utf-8")) if path.is_file() else None
    )
    return loaded or {}


def logo() -> str:
    """Return the office's logo as SVG text; nothing where it has none."""
    name = current().look.logo
    return (folder() / name).read_text(encoding="utf-8") if name else ""


def load_yaml(text: str) -> Any:  # noqa: ANN401 - whatever the YAML holds
    """Read YAML by the fast safe loader where there is one."""
    import yaml

    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
