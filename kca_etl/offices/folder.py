"""The office of this process: the folder that `KCA_OFFICE` names, or the shipped one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.offices.spec import Office

SHIPPED = Path(__file__).parent / "kca"
_chosen: list[Path] = []  # by `choose`
MAX_YAML_CHARS, MAX_YAML_VALUES = 2_000_000, 200_000
MAX_YAML_DEPTH = 200  # levels; what has few brackets and no long line nests no more
MAX_BRACKETS, MAX_PLAIN_LINE = 400, 1_000
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
    """Read YAML by the fast safe loader where there is one, under limits.

    Raises yaml.YAMLError, also for a text that is too large once its anchors are filled in.
    """
    import yaml

    if len(text) > MAX_YAML_CHARS:
        raise yaml.YAMLError(f"the text is longer than {MAX_YAML_CHARS} characters")
    safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    if text.count("[") + text.count("{") > MAX_BRACKETS or _longest_line(text) > MAX_PLAIN_LINE:
        _check_depth(yaml.parse(text, safe))
    loader = safe(text)
    try:
        root = loader.get_single_node()
        _check_size(root)
        return None if root is None else loader.construct_document(root)
    except ValueError as error:  # a day that cannot be, a number of 5,000 digits
        raise yaml.YAMLError(str(error)) from None
    except RecursionError:
        raise yaml.YAMLError(f"more than {MAX_YAML_DEPTH} levels are nested") from None
    finally:
        loader.dispose()


def _longest_line(text: str) -> int:
    return max(map(len, text.splitlines()), default=0)


def _check_depth(events: Iterable[Any]) -> None:
    """Refuse what is nested too deep: the loader calls itself for each level."""
    import yaml

    depth = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_YAML_DEPTH:
            raise yaml.YAMLError(f"more than {MAX_YAML_DEPTH} levels are nested")


def _check_size(root: Any) -> None:  # noqa: ANN401 - a node of PyYAML's
    """Refuse anchors that hold each other, or that stand for too much once they are filled in.

    A few lines of anchors can stand for billions of values ("billion laughs").
    """
    import yaml

    sizes: dict[int, int] = {}
    waiting = [(root, False)] if root is not None else []
    while waiting:
        node, entered = waiting.pop()
        parts = _parts(node)
        if entered:
            sizes[id(node)] = 1 + sum(sizes[id(part)] for part in parts)
            if sizes[id(node)] > MAX_YAML_VALUES:
                raise yaml.YAMLError(f"its anchors stand for more than {MAX_YAML_VALUES} values")
        elif id(node) not in sizes:
            sizes[id(node)] = MAX_YAML_VALUES + 1  # until all its parts are known: holds itself
            waiting += [(node, True), *((p, False) for p in parts if id(p) not in sizes)]


def _parts(node: Any) -> list[Any]:  # noqa: ANN401 - a node of PyYAML's
    """Return the nodes within a node; a mapping's keys and values."""
    if not isinstance(node.value, list):
        return []
    return list(chain.from_iterable(v if isinstance(v, tuple) else (v,) for v in node.value))
