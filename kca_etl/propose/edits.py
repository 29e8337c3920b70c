"""Changing a declaration's text where a person would.

Comments, anchors, slots and order stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from kca_etl.propose.wording import quoted

MERGE = "tag:yaml.org,2002:merge"
Entry = tuple[yaml.ScalarNode, yaml.Node]


@dataclass(slots=True)
class Declaration:
    """A declaration as nodes that know where they stand in the text."""

    text: str
    root: yaml.MappingNode = field(init=False)
    _edits: set[tuple[int, int, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        root = yaml.compose(self.text, Loader=yaml.SafeLoader)
        if not isinstance(root, yaml.MappingNode):
            raise TypeError("a declaration is a mapping")
        self.root = root

    def table(self, index: int) -> tuple[yaml.MappingNode, dict[str, str]]:
        """The node of the n-th table as read, and what its `<slots>` stand for."""
        for node in part(self.root, "tables").value:
            each = part(node, "each")
            fillings = [dict(_plain(entry)) for entry in each.value] if each is not None else [{}]
            if index < len(fillings):
                return node, fillings[index]
            index -= len(fillings)
        raise IndexError(index)

    def rename(self, mapping: yaml.Node | None, slots: dict[str, str], old: str, new: str) -> None:
        """Let the key that reads `old` match `new` as well."""
        for key, _ in entries(mapping):
            if _filled(key.value, slots) == old:
                self._replace(key, _both(key.value, _slotted(new, slots)))

    def also(self, node: yaml.Node, new: str) -> None:
        """Let a text, or a list of texts, match `new` as well."""
        if isinstance(node, yaml.SequenceNode):
            self._edits.add((*[node.value[-1].end_mark.index] * 2, f", {quoted(new)}"))
        elif isinstance(node, yaml.ScalarNode):
            self._replace(node, f"{node.value}|{new}")

    def loosen(self, mapping: yaml.Node | None, slots: dict[str, str], old: str) -> None:
        """Let the column or row that reads `old` be absent."""
        for key, value in entries(mapping):
            if _filled(key.value, slots) == old and isinstance(value, yaml.ScalarNode):
                self._replace(value, value.value + "?")

    def add(self, mapping: yaml.Node | None, key: str, value: str, todo: str = "") -> None:
        """Append an entry; `value` is YAML.

        Where there is room for it, `todo` says what is left to decide.
        """
        if not isinstance(mapping, yaml.MappingNode):
            return
        own = [(k, v) for k, v in mapping.value if k.tag != MERGE]
        if mapping.flow_style:
            at = mapping.end_mark.index - 1
            self._edits.add(
                (
                    at,
                    at,
                    f", {quoted(key)}: {value}" if mapping.value else f"{quoted(key)}: {value}",
                )
            )
        elif own:
            at = _end(own[-1][1])
            indent = " " * own[-1][0].start_mark.column
            self._edits.add(
                (
                    at,
                    at,
                    f"\n{indent}{quoted(key)}: {value}" + (f"  # TODO: {todo}" if todo else ""),
                )
            )

    def replace(self, node: yaml.Node, text: str) -> None:
        """Put other YAML in a node's place."""
        self._edits.add((node.start_mark.index, node.end_mark.index, text))

    def _replace(self, node: yaml.ScalarNode, text: str) -> None:
        self._edits.add((node.start_mark.index, node.end_mark.index, quoted(text)))

    def changed(self) -> str:
        """The text with all edits."""
        text = self.text
        for start, end, new in sorted(self._edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text


def part(node: yaml.Node, name: str) -> Any:  # noqa: ANN401 - a node of any kind, or None
    """The value under a key, also one that comes through a merge."""
    return next((value for key, value in entries(node) if key.value == name), None)


def entries(node: yaml.Node | None) -> Iterator[Entry]:
    """A mapping's entries, its own before those it merges."""
    if not isinstance(node, yaml.MappingNode):
        return
    yield from ((k, v) for k, v in node.value if k.tag != MERGE)
    for key, value in node.value:
        if key.tag == MERGE:
            for merged in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                yield from entries(merged)


def _plain(node: yaml.Node) -> Iterator[tuple[str, str]]:
    return ((k.value, v.value) for k, v in entries(node) if isinstance(v, yaml.ScalarNode))


def _filled(text: str, slots: dict[str, str]) -> str:
    return re.sub(r"<(\w+)>", lambda m: slots.get(m[1], m[0]), text)


def _slotted(text: str, slots: dict[str, str]) -> str:
    """Put the slots back, the longest texts first, so that the change holds for each filling."""
    for name, filling in sorted(slots.items(), key=lambda slot: -len(slot[1])):
        if len(filling) > 2:  # noqa: PLR2004 - a letter or a comma stands everywhere
            text = text.replace(filling, f"<{name}>")
    return text


def _both(old: str, new: str) -> str:
    """One key for both headers: part by part where the paths are alike, else as two forms."""
    before, after = old.rsplit(" || ", maxsplit=1)[-1].split(" > "), new.split(" > ")
    if len(before) != len(after):
        return f"{old} || {new}"
    joined = " > ".join(a if a == b else f"{a}|{b}" for a, b in zip(before, after, strict=True))
    return " || ".join([*old.split(" || ")[:-1], joined])


def _end(node: yaml.Node) -> int:
    """Where a value's text ends.

    A block's end mark lies behind the blank lines and comments that follow.
    """
    if isinstance(node, yaml.ScalarNode) or getattr(node, "flow_style", False) or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)
