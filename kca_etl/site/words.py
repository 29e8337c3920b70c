"""Words of the website that stand nowhere else: breakdowns, states, the glossary."""

from __future__ import annotations

VALUES = {
    "maenner": "Männer",
    "frauen": "Frauen",
    "u25": "unter 25 Jahre",
    "25_u55": "25 bis unter 55 Jahre",
    "55plus": "55 Jahre und älter",
    "auslaender": "Ausländerinnen und Ausländer",
    "deutsche": "Deutsche",
    "15_u20": "15 bis unter 20 Jahre",
    "15_u25": "15 bis unter 25 Jahre",
    "55_u65": "55 bis unter 65 Jahre",
    "50plus": "50 Jahre und älter",
    "ue55": "über 55 Jahre",
    "langzeit": "Langzeitarbeitslose",
    "regel_mehrbedarf": "Regel- und Mehrbedarf",
    "unterkunft": "Unterkunft und Heizung",
    "eingliederungsvereinbarung": "Verstoß gegen die Eingliederungsvereinbarung",
    "arbeit_ausbildung_massnahme": "Weigerung, Arbeit, Ausbildung oder Maßnahme aufzunehmen",
    "massnahmeabbruch": "Abbruch einer Maßnahme",
    "meldeversaeumnis_traeger": "Meldeversäumnis beim Träger",
    "meldeversaeumnis_dienst": "Meldeversäumnis beim Dienst",
    "einkommensminderung": "Verminderung von Einkommen oder Vermögen",
    "unwirtschaftliches_verhalten": "unwirtschaftliches Verhalten",
    "sperrzeit_eingetreten": "Sperrzeit eingetreten",
    "sperrzeit_voraussetzung": "Voraussetzungen einer Sperrzeit",
    "sgb2": "Rechtskreis SGB II",
    "sgb3": "Rechtskreis SGB III",
}
STATES = {
    "loaded": ("●", "geladen"),
    "revised": ("◆", "geladen und später berichtigt"),
    "quarantined": ("?", "eingegangen, in Prüfung"),
    "overdue": ("!", "überfällig"),
    "due": ("○", "fällig"),
    "waiting": ("○", "fällig"),
    "withheld": ("–", "vom Herausgeber zurückgehalten"),
    "not due": ("", "nicht erwartet"),
}
KINDS_WORDS = {
    "bestand": "Zahl an einem Stichtag (Bestand)",
    "bewegung": "Zahl der Ereignisse eines Monats (Bewegung)",
    "quote": "Anteil in Prozent (Quote)",
    "jahressumme": "Summe von zwölf Monaten (Jahressumme)",
    "jahreswert": "Wert eines Jahres, im Dezember ausgewiesen (Jahreswert)",
}
GLOSSARY: tuple[tuple[str, str], ...] = (
    (
        "Beleg",
        (
            "Die Seite, auf der zu einer Zahl das Dokument und die Zelle stehen, aus der sie "
            "stammt. Jede Zahl dieser Website führt dorthin."
        ),
    ),
    (
        "Berichtsmonat",
        (
            "Der Monat, für den eine Zahl gilt; bei gleitenden Jahressummen der letzte Monat,"
            " bei Jahreswerten der Dezember."
        ),
    ),
    ("Bestand", "Zahl an einem Stichtag, etwa die Arbeitslosen am Zähltag."),
    ("Bewegung", "Zahl der Ereignisse innerhalb eines Monats, etwa die neu gestellten Anträge."),
    (
        "Datenstand",
        (
            "Der Tag, auf den der Herausgeber seine Angaben bezieht. Ein späterer Datenstand "
            "ersetzt einen früheren."
        ),
    ),
    (
        "Fassung",
        (
            "Ein Wert, der von einem Datenstand bis zum nächsten galt. Frühere Fassungen "
            "bleiben sichtbar."
        ),
    ),
    ("Gliederung", "Unterteilung einer Kennzahl, etwa nach Geschlecht oder Alter."),
    ("Jobcenter", "Träger der Grundsicherung für Arbeitsuchende (§ 6d SGB II)."),
    ("Kennzahl", "Eine Zahl, die regelmäßig veröffentlicht wird, mit Einheit und Definition."),
    (
        "Prüfsumme",
        (
            "SHA-256: ein Fingerabdruck des Dokuments. Ändert sich ein einziges Zeichen, "
            "ändert sich die Prüfsumme."
        ),
    ),
    ("Quote", "Anteil in Prozent."),
    (
        "Rechtskreis",
        (
            "Arbeitslose werden nach dem SGB III (Agentur für Arbeit) oder dem SGB II "
            "(Jobcenter) betreut."
        ),
    ),
    ("Revision", "Nachträgliche Berichtigung einer Zahl durch ihren Herausgeber."),
    ("Zeichen", "Steht anstelle einer Zahl und ist nie null; siehe Zeichenerklärung."),
)


def gliederung(text: str) -> str:
    """Say a gliederung in words: `geschlecht=frauen` is `Frauen`; unknown ones as they are."""
    return ", ".join(_value(*pair.partition("=")[::2]) for pair in text.split(","))


def _value(key: str, value: str) -> str:
    if not value:
        return key
    return VALUES.get(value, f"{key.replace('_', ' ')}: {value.replace('_', ' ')}")
