"""A strict reader of HTML: what a validator would complain of, and what a page leads to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

from kca_etl.german.notation import decimal, number
from kca_etl.german.numbers import german

VOID = {"meta", "link", "img", "br", "input", "hr"}
VOID_SVG = {"path", "circle", "polyline", "rect"}
BLOCKS = {"p", "div", "section", "table", "ul", "ol", "dl", "h1", "h2", "h3", "figure", "address"}
ALLOWED_IN = {
    "ul": {"li"},
    "ol": {"li"},
    "table": {"caption", "thead", "tbody"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tr": {"th", "td"},
    "dl": {"div"},
}
ONLY_IN = {"li": {"ul", "ol"}, "tr": {"thead", "tbody"}, "td": {"tr"}, "th": {"tr"},
           "dt": {"div"}, "dd": {"div"}, "caption": {"table"},
           "figcaption": {"figure"}}  # fmt: skip


@dataclass
class Markup(HTMLParser):
    """A page read strictly: its faults, ids, ways, and the texts of marked cells by id."""

    faults: list[str] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)
    hrefs: list[str] = field(default_factory=list)
    figures: list[tuple[str, str]] = field(default_factory=list)  # (href, text) of figures
    marked: dict[str, str] = field(default_factory=dict)
    refers: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    open: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    titles: int = 0
    _link: str | None = None
    _cell: list[str] = field(default_factory=list)
    _words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID_SVG:
            self.faults.append(f"<{tag}/> closes itself")
        self._attributes(tag, attrs)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = self._attributes(tag, attrs)
        names = [name for name, _ in self.open]
        parent = names[-1] if names else ""
        if parent in ALLOWED_IN and tag not in ALLOWED_IN[parent]:
            self.faults.append(f"<{tag}> in <{parent}>")
        if tag in ONLY_IN and parent not in ONLY_IN[tag]:
            self.faults.append(f"<{tag}> in <{parent}>")
        if tag in BLOCKS and "p" in names:
            self.faults.append(f"<{tag}> in <p>")
        if tag == "a" and "a" in names:
            self.faults.append("a link in a link")
        self._known(tag, given)
        if tag not in VOID:
            self.open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
            return
        self.open.pop()
        if tag == "a" and self._link is not None:
            self.figures.append((self._link, "".join(self._words)))
            self._link = None
        if tag == "mark":
            for name in self._cell:
                self.marked[name] = "".join(self._words)
        if tag == "td":
            self._cell = []

    def handle_data(self, data: str) -> None:
        self._words.append(data)
        self.text.append(data)

    def finished(self) -> Markup:
        self.close()
        if self.open:
            self.faults.append(f"left open: {self.open}")
        self.faults += [f"id {name} stands twice" for name, n in self.ids.items() if n > 1]
        self.faults += [f"{name} is no id" for name in self.refers if name not in self.ids]
        if self.headings[:1] != [1] or self.headings.count(1) != 1:
            self.faults.append(f"headings {self.headings}")
        jumps = zip(self.headings, self.headings[1:], strict=False)
        self.faults += [f"from h{a} to h{b}" for a, b in jumps if b > a + 1]
        return self

    def _attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> dict[str, str]:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice: {names}")
        given = {name: value or "" for name, value in attrs}
        if "style" in given or any(name.startswith("on") for name in names):
            self.faults.append(f"<{tag}> has style or script inside")
        if "id" in given:
            self.ids[given["id"]] += 1
            if not given["id"] or any(c.isspace() for c in given["id"]):
                self.faults.append(f"id {given['id']!r}")
        return given

    def _known(self, tag: str, given: dict[str, str]) -> None:
        self._words = [] if tag in ("a", "mark", "label") else self._words
        if tag == "td" and "belegt" in given.get("class", "").split():
            self._cell = [given["id"]]
        elif tag == "span" and self._cell and "id" in given:
            self._cell.append(given["id"])
        if tag == "a" and "wert" in given.get("class", "").split():
            self._link = given["href"]
        self.hrefs += [given[name] for name in ("href", "src") if name in given]
        self.refers += [given[n] for n in ("aria-labelledby", "for") if n in given]
        if tag == "th" and given.get("scope") not in ("col", "row"):
            self.faults.append("a th without scope")
        if tag == "img" and "alt" not in given:
            self.faults.append("a picture without alt")
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))
        if "tabindex" in given and tag != "main" and given.get("role") != "region":
            self.faults.append(f"<{tag}> takes the focus without a role")


def as_printed(cell: str, like: str) -> str:
    """Print a cell's number with the decimals and the unit of a figure on a page."""
    value = german(cell.removesuffix(" %"))
    if value is None:
        return cell
    rate = like.endswith(" %")
    return number(decimal(value), 1 if rate else 0) + (" %" if rate else "")


def read(text: str) -> Markup:
    """Read a page."""
    page = Markup()
    if not text.startswith('<!DOCTYPE html>\n<html lang="de">'):
        page.faults.append("no doctype or language")
    page.feed(text.removeprefix("<!DOCTYPE html>"))
    return page.finished()
