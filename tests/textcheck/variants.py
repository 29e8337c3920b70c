"""Right sentences of many kinds about a month, made of its figures.

The words are the project's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from kca_etl.german.months import MONTHS
from kca_etl.german.notation import number
from kca_etl.textcheck.times import shifted

QUOTE, ARBEITSLOSE, BEZIEHER, INTEGRATIONEN, ANTRAEGE, TEILNEHMER = (
    "arbeitslosenquote_sgb2",
    "arbeitslose_sgb2",
    "leistungsbezieher_sgb2",
    "integrationen",
    "neuantraege",
    "massnahmeteilnehmer",
)
SHORT = {
    "q": QUOTE,
    "a": ARBEITSLOSE,
    "l": BEZIEHER,
    "i": INTEGRATIONEN,
    "n": ANTRAEGE,
    "m": TEILNEHMER,
}
Values = Mapping[tuple[str, str], Decimal]


@dataclass(frozen=True)
class Words:
    """Fills the templates.

    Figures by the letters above, `p` for the month before, `y` for the year before, `d` for
    differences.
    """

    values: Values
    month: date

    def at(self, letter: str, by: int = 0) -> Decimal:
        """The figure `by` months away."""
        return self.values[SHORT[letter], f"{shifted(self.month, by):%Y-%m}"]

    def slots(self) -> dict[str, str]:
        """All that a template may ask for."""
        out = {
            "M": MONTHS[self.month.month - 1],
            "Y": str(self.month.year),
            "Y1": str(self.month.year - 1),
        }
        before = shifted(self.month, -1)
        out |= {"P": MONTHS[before.month - 1], "PY": str(before.year)}
        for letter in SHORT:
            out |= self._of(letter)
        return out

    def _of(self, letter: str) -> dict[str, str]:
        digits, out = (1 if letter == "q" else 0), {}
        for name, by in (("", 0), ("p", -1), ("y", -12)):
            out[f"{letter}{name}"] = number(self.at(letter, by), digits)
        for name, by in (("p", -1), ("y", -12)):
            moved = self.at(letter) - self.at(letter, by)
            share = (moved * 100 / self.at(letter, by)).quantize(Decimal("0.1"), ROUND_HALF_UP)
            sense = (moved > 0) - (moved < 0)
            key = f"{letter}d{name}"
            out |= {
                key: number(abs(moved), digits),
                f"{key}%": number(abs(share), 1),
                f"{key}±": _signed(moved, digits),
            }
            out |= {f"{key}{kind}": words[sense + 1] for kind, words in SENSES.items()}
        return out


# Down, unchanged, up. Templates with a difference are used only where there is one.
SENSES = {
    "<": ("weniger", "ebenso viele", "mehr"),
    "ver": ("sank", "blieb", "stieg"),
    "par": ("gesunken", "unverändert", "gestiegen"),
    "noun": ("Rückgang", "Stillstand", "Anstieg"),
    "pm": ("Minus", "Null", "Plus"),
    "hi": ("niedriger", "gleich", "höher"),
    "ov": ("unter", "auf", "über"),
    "red": ("verringerte", "hielt", "erhöhte"),
}


def _signed(value: Decimal, digits: int) -> str:
    return ("+" if value > 0 else "−" if value < 0 else "±") + number(abs(value), digits)


# A template with `{ad…}` needs a change of that figure; see `right_texts`.
TEMPLATES = (
    "Im {M} {Y} lag die Arbeitslosenquote nach dem SGB II bei {q} Prozent.",
    "Die Quote der Arbeitslosen im Rechtskreis SGB II beträgt {q} %.",
    (
        "Mit {q} Prozent liegt die Arbeitslosenquote im SGB II {qdy} Prozentpunkte {qdyov} "
        "dem Wert des Vorjahres."
    ),
    (
        "Die Arbeitslosenquote {qdyver} gegenüber dem Vorjahresmonat um {qdy} "
        "Prozentpunkte auf {q} Prozent."
    ),
    "Die SGB-II-Quote {qdpver} im Vergleich zum Vormonat um {qdp} Prozentpunkte auf {q} Prozent.",
    "Die Quote ist binnen Jahresfrist von {qy} auf {q} Prozent {qdypar}.",
    "Die Quote liegt bei {q} Prozent (Vormonat: {qp} Prozent; Vorjahr: {qy} Prozent).",
    "Arbeitslosenquote: {q} % ({qdy±} Prozentpunkte zum Vorjahresmonat)",
    "Das Kommunale Center für Arbeit zählte im {M} {a} Arbeitslose, {adp} {adp<} als im {P}.",
    (
        "{a} Menschen waren im {M} arbeitslos gemeldet, {adp} {adp<} als im Vormonat und "
        "{ady} {ady<} als vor einem Jahr."
    ),
    "Die Zahl der Arbeitslosen {adpver} gegenüber dem Vormonat um {adp} auf {a}.",
    (
        "Die Zahl der Arbeitslosen ist im Vergleich zum Vorjahresmonat um {ady} Personen "
        "auf {a} {adypar}."
    ),
    "Gegenüber dem {M} {Y1} {adyver} die Zahl der Arbeitslosen um {ady%} Prozent auf {a}.",
    (
        "Im Vergleich zum Vorjahresmonat ergibt sich ein {adypm} von {ady} Arbeitslosen "
        "oder {ady%} Prozent."
    ),
    "Im {P} waren es noch {ap} Arbeitslose, im {M} {a}.",
    "Nach {ap} Arbeitslosen im {P} sind es nun {a}.",
    "{a} Arbeitslose ({adp±} zum Vormonat, {ady±} zum Vorjahresmonat)",
    (
        "Ende {M} waren {a} Frauen und Männer ohne Arbeit. Das sind {adp} {adp<} als einen "
        "Monat zuvor."
    ),
    "Die Zahl der Arbeitslosen lag bei {a}. Im Vormonat waren es {ap}, vor einem Jahr {ay}.",
    (
        "Im Main-Kinzig-Kreis {adpver} die Arbeitslosigkeit im {M}: {a} Menschen sind "
        "arbeitslos, {adp} {adp<} als im Vormonat."
    ),
    "Der {adpnoun} der Arbeitslosenzahl um {adp} auf {a} Personen fällt in den {M}.",
    (
        "Die Anzahl der Leistungsbezieher im SGB II lag bei {l} Personen, {ldp} {ldp<} als "
        "im Vormonat."
    ),
    "{l} Menschen bezogen im {M} Leistungen nach dem SGB II, {ldy} {ldy<} als im Vorjahresmonat.",
    "Insgesamt {l} Leistungsberechtigte zählte das Jobcenter; vor einem Jahr waren es {ly}.",
    (
        "Die Zahl der Leistungsbezieherinnen und Leistungsbezieher {ldyred} sich gegenüber "
        "dem Vorjahr um {ldy%} Prozent auf {l}."
    ),
    "Im {M} gelangen {i} Integrationen in den Arbeitsmarkt, {idp} {idp<} als im Vormonat.",
    "{i} Klientinnen und Klienten konnten in Arbeit integriert werden (Vorjahresmonat: {iy}).",
    "Dem KCA gelang es, {i} Menschen in den Arbeitsmarkt zu vermitteln.",
    "Die Zahl der Integrationen ist gegenüber dem Vorjahresmonat um {idy} {idypar}.",
    "Im {M} wurden {n} Neuanträge gestellt, {ndy} {ndy<} als im {M} {Y1}.",
    "Die Zahl der Neuanträge {ndpver} von {np} im {P} auf {n} im {M}.",
    "{n} neue Anträge auf Leistungen gingen ein.",
    "Neuanträge: {n} (Vormonat {np}, Vorjahresmonat {ny})",
    (
        "An Maßnahmen der aktiven Arbeitsförderung nahmen {m} Personen teil, {mdp} {mdp<} "
        "als im Vormonat."
    ),
    "{m} Kundinnen und Kunden besuchten eine Maßnahme; im Vorjahresmonat waren es {my}.",
    "Die Zahl der Maßnahmeteilnehmer liegt mit {m} um {mdy} {mdyhi} als vor einem Jahr.",
    (
        "Die Zahl der Arbeitslosen lag bei {a}, die der Leistungsbezieher bei {l} und die "
        "der Integrationen bei {i}."
    ),
    (
        "{a} Arbeitslose, {l} Leistungsbezieher, {i} Integrationen, {n} Neuanträge und {m} "
        "Maßnahmeteilnehmer: das ist der {M} {Y}."
    ),
    (
        "{i} Menschen konnten in Arbeit integriert werden, {n} Anträge wurden neu gestellt "
        "und {m} Personen nahmen an Maßnahmen teil."
    ),
    "Die Quote lag im MKK bei {q} Prozent, in Hessen bei 4,1 Prozent und im Bund bei 3,9 Prozent.",
    "Nach § 16 Abs. 2 SGB II und § 45 SGB III nahmen im {M} {m} Personen an einer Maßnahme teil.",
    (
        "Am 30. des Monats meldete das KCA {a} Arbeitslose; der Stichtag wird in Nr. 3 der "
        "Erläuterungen auf S. 12 beschrieben."
    ),
    (
        "Die Arbeitslosenquote, die im Vorjahresmonat noch bei {qy} Prozent gelegen hatte, "
        "beträgt nun {q} Prozent."
    ),
    "Während im {P} noch {np} Neuanträge eingingen, waren es im {M} {n}.",
    "Verglichen mit dem gleichen Monat des Vorjahres sind {ady} Menschen {ady<} arbeitslos.",
    "Vor einem Jahr lag die Quote bei {qy} Prozent, im {M} {Y} bei {q} Prozent.",
)
LISTS = (
    (
        "Der Monat in Zahlen\n\nArbeitslosenquote: {q} %\nArbeitslose: "
        "{a}\nLeistungsbezieher: {l}\nIntegrationen: {i}\nNeuanträge: "
        "{n}\nMaßnahmeteilnehmer: {m}"
    ),
    (
        "Merkmal\t{M} {Y}\t{P} {PY}\tVeränderung\nArbeitslose SGB "
        "II\t{a}\t{ap}\t{adp±}\nNeuanträge\t{n}\t{np}\t{ndp±}"
    ),
    (
        "- {a} Arbeitslose ({adp±} zum Vormonat)\n- {l} Leistungsbezieher ({ldp±} zum "
        "Vormonat)\n- {i} Integrationen ({idp±} zum Vormonat)"
    ),
    "Arbeitslose SGB II\n{a}\n{adp±} zum Vormonat\n{ady±} zum Vorjahresmonat",
)


def right_texts(
    values: Values, month: date, templates: tuple[str, ...] = TEMPLATES + LISTS
) -> list[str]:
    """Return the templates filled with a month's figures.

    Those that speak of a change are left out where there is none.
    """
    words = Words(values, month)
    still = {
        f"{{{x}d{b}"
        for x in SHORT
        for b, by in (("p", -1), ("y", -12))
        if words.at(x) == words.at(x, by)
    }
    slots = words.slots()
    return [_filled(t, slots) for t in templates if not any(s in t for s in still)]


def _filled(template: str, slots: Mapping[str, str]) -> str:
    for name in sorted(slots, key=len, reverse=True):
        template = template.replace(f"{{{name}}}", slots[name])
    return template
