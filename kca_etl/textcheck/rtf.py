"""Text out of Rich Text Format: what a reader sees, without fonts, pictures and hidden text.

Source of the control words: Microsoft, "Rich Text Format (RTF) Specification", version 1.9.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kca_etl.textcheck.markup import tidy

SIGNATURE = b"{\\rtf"
_TOKEN = re.compile(
    r"\\(?P<word>[a-z]{1,32})(?P<number>-?[0-9]{1,9})? ?|\\'(?P<hex>[0-9a-fA-F]{2})"
    r"|\\(?P<sign>[^a-z'])|(?P<brace>[{}])|(?P<plain>[^\\{}\r\n])"
)
# Groups that hold no text of the document.
_ASIDE = re.compile(
    r"fonttbl|colortbl|listtable|xmlnstbl|stylesheet|info|pict|object"
    r"|(?:header|footer)[lrf]?|annotation|atnid|atnauthor|fldinst|themedata"
)
_HIDDEN = frozenset(("v", "deleted"))
_SHOWN = {
    "par": "\n",
    "line": "\n",
    "page": "\n",
    "sect": "\n",
    "row": "\n",
    "cell": "\t",
    "tab": "\t",
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
}
_SIGNS = {"~": "\u00a0", "_": "-", "\\": "\\", "{": "{", "}": "}", "\n": "\n", "\r": "\n"}
_TWO_BYTES = 0x10000


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds inside a pair of braces."""

    skipped: bool = False
    hidden: bool = False
    fallback: int = 1  # letters behind `\\u`, for programs that do not know it


def rtf_text(data: bytes) -> str:
    """Return the text of an RTF document; bytes above 127 are read by its code page."""
    source = data.decode("latin-1")
    declared = re.search(r"\\ansicpg(\d{3,5})", source[:2000])
    page = f"cp{declared[1]}" if declared else "cp1252"
    return tidy(_paired("".join(_pieces(source, page))))


def _paired(text: str) -> str:
    """Join the halves of letters beyond the first plane."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _pieces(source: str, page: str) -> list[str]:
    out: list[str] = []
    group, outer, left = _Group(), list[_Group](), 0
    for token in _TOKEN.finditer(source):
        if token["brace"] == "{":
            outer.append(group)
        elif token["brace"]:
            group, left = (outer.pop() if outer else _Group()), 0
        elif token["word"] and token["word"] != "u":
            group = _within(group, token["word"], token["number"])
            out.append("" if _silent(group) else _SHOWN.get(token["word"], ""))
        elif token["sign"] == "*":
            group = replace(group, skipped=True)
        elif left and not token["word"]:
            left -= 1
        elif not _silent(group):
            out.append(_letter(token, page))
            left = group.fallback if token["word"] else 0
    return out


def _within(group: _Group, word: str, number: str | None) -> _Group:
    if _ASIDE.fullmatch(word):
        return replace(group, skipped=True)
    if word in _HIDDEN:
        return replace(group, hidden=number != "0")
    return replace(group, fallback=int(number or 1)) if word == "uc" else group


def _silent(group: _Group) -> bool:
    return group.skipped or group.hidden


def _letter(token: re.Match[str], page: str) -> str:
    if token["word"]:
        return chr(int(token["number"] or 0) % _TWO_BYTES)
    if token["hex"]:
        return bytes.fromhex(token["hex"]).decode(_known(page), "replace")
    return _SIGNS.get(token["sign"], "") if token["sign"] else token["plain"]


def _known(page: str) -> str:
    try:
        b"".decode(page)
    except LookupError:
        return "cp1252"
    return page
