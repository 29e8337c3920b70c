"""A known source whose layout has drifted: what changed, and the patch to its declaration."""

from __future__ import annotations

import difflib
import re

from kca_etl.model import Finding

DRIFT = {
    "UNKNOWN_COLUMN": "appeared",
    "MISSING_COLUMN": "vanished",
    "UNKNOWN_ROW": "appeared",
    "MISSING_ROW": "vanished",
    "UNKNOWN_SHEET": "appeared",
    "UNKNOWN_TITLE": "renamed",
    "MISSING_TABLE": "vanished",
    "UNKNOWN_SIGN": "appeared",
    "DOUBLE_COLUMN": "doubled",
}


def report(findings: list[Finding]) -> list[str]:
    """Say what appeared, vanished or was renamed, each once."""
    out = []
    for f in findings:
        if f.code in DRIFT:
            near = f" – {f.expected}" if f.expected else ""
            where = f" (sheet {f.sheet!r} {f.cell})" if f.sheet else ""
            what = f.found or f.expected or (f"sheet {f.sheet!r}" if f.code == "UNKNOWN_SHEET" else f.what)
            out.append(f"{DRIFT[f.code]}: {what}{near if f.found else ''}{where}")
    return list(dict.fromkeys(out))


def patch(name: str, text: str, findings: list[Finding]) -> str:
    """Return a unified diff of the declaration that admits renamed headers, rows, sheets and signs; '' if none can be told."""
    lines = text.splitlines(keepends=True)
    changed = list(lines)
    for f in findings:
        found, near = _words(f.found), _words(f.expected)
        if f.code in ("UNKNOWN_COLUMN", "UNKNOWN_ROW", "UNKNOWN_TITLE") and found and near:
            changed = [_renamed(line, near, found) for line in changed]
        elif f.code == "UNKNOWN_SHEET":
            changed = [_listed(line, f.sheet) for line in changed]
        elif f.code == "UNKNOWN_SIGN" and found:
            changed = [re.sub(r"^(zeichen: \{)", rf'\g<1>"{found}": "TODO", ', line) for line in changed]
    path = f"kca_etl/sources/{name}.yaml"
    return "".join(difflib.unified_diff(lines, changed, f"a/{path}", f"b/{path}"))


def _words(text: str) -> str:
    """The text between the quotes of `'…'` or `perhaps '…'`."""
    match = re.search(r"(['\"])(.*)\1", text, re.DOTALL)
    return match[2] if match else ""


def _renamed(line: str, old: str, new: str) -> str:
    """Let a declared key or title match its new wording as well, part by part; `<slots>` of repeated tables are kept."""
    match = re.match(r"(\s*(?:title: )?)(\"?)(.+?)\2(:\s.*|\n)$", line, re.DOTALL)
    if match is None:
        return line
    slots = re.findall(r"<(\w+)>", match[3])
    declared = re.split(r"<\w+>", match[3])
    filled = re.fullmatch("(.+?)".join(map(re.escape, declared)), old, re.DOTALL)
    if filled is None or not "".join(declared).strip():
        return line
    for name, text in zip(slots, filled.groups(), strict=True):
        new = new.replace(text, f"<{name}>")
    before, after = match[3].split(" > "), new.split(" > ")
    if len(before) == len(after):
        joined = " > ".join(a if a == b else f"{a}|{b}" for a, b in zip(before, after, strict=True))
        return f'{match[1]}"{joined}"{match[4]}'
    return f'{line}{match[1]}"{new}"{match[4]}'


def _listed(line: str, sheet: str) -> str:
    return re.sub(r"^(ignore_sheets: \[)", rf'\g<1>"{sheet.strip()}", ', line)
