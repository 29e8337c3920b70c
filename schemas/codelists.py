"""Code lists every stage and every reader shares."""

from __future__ import annotations

# Index 0 is "a number stands here"; the order is stored in the warehouse, so only append.
ZEICHEN = ("", "*", ".", "-", "x", "...")
ZEICHEN_MEANING = {
    "*": "secret (Geheimhaltung)",
    ".": "unknown or not reported",
    "-": "nothing",
    "x": "not meaningful",
    "...": "to come",
}

STATUS = ("unbekannt", "vorlaeufig", "hochgerechnet", "endgueltig")

KINDS = ("bestand", "bewegung", "quote", "jahressumme", "jahreswert")

# The months a fact may be of, as year * 12 + month - 1.
FIRST_MONTH, LAST_MONTH = 1900 * 12, 2200 * 12

GLIEDERUNG = r"^(insgesamt|[a-z_]+=[^,=]+(,[a-z_]+=[^,=]+)*)$"

# Code systems and the shape of their codes. `local` codes are a publisher's own areas, by name;
# `schluessel` are keys of official directories that are no AGS, as GENESIS writes the Gemeinden of
# a Verband with its number inside (`0714002089`).
REGION_SYSTEMS = {
    "ags": r"D|DW|DO|\d{2}|\d{3}|\d{5}|\d{8}",
    "traeger": r"\d{5}",
    "agentur": r"\d{3}",
    "schluessel": r"\d{1,12}",
    "local": r"[a-z0-9_]+:.+",
}

REGION_KEY = rf"^(?:{'|'.join(f'{s}:(?:{shape})' for s, shape in REGION_SYSTEMS.items())})$"

# Source: Statistisches Bundesamt, Amtlicher Gemeindeschlüssel; West/Ost as the BA groups them
# (Berlin in Ost).
LAENDER = {
    "01": "Schleswig-Holstein",
    "02": "Hamburg",
    "03": "Niedersachsen",
    "04": "Bremen",
    "05": "Nordrhein-Westfalen",
    "06": "Hessen",
    "07": "Rheinland-Pfalz",
    "08": "Baden-Württemberg",
    "09": "Bayern",
    "10": "Saarland",
    "11": "Berlin",
    "12": "Brandenburg",
    "13": "Mecklenburg-Vorpommern",
    "14": "Sachsen",
    "15": "Sachsen-Anhalt",
    "16": "Thüringen",
}
