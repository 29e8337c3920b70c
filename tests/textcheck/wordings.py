"""Sixty sentences as Jobcenter and newspapers word them about November 2020, each with its slip.

Written before anybody looked how the check judges them. `old → new` in braces: the right text has
the first, the wrong one the second.
"""

from __future__ import annotations

import re

_SLIP = re.compile(r"\{([^{}→]*)→([^{}]*)\}")
SENTENCES = """
Im Berichtsmonat November registrierte das Kommunale Center für Arbeit {7.273→7.723} arbeitslose Personen.
Damit waren im November {7.273→7.237} Frauen und Männer im SGB II ohne Beschäftigung gemeldet.
Die Arbeitslosigkeit im Rechtskreis SGB II ging im November um {73→37} auf 7.273 Personen zurück.
Verglichen mit dem Oktober verringerte sich der Bestand an Arbeitslosen um {73→83} Personen.
Gegenüber dem Vorjahresmonat errechnet sich ein Plus von {1.260→1.206} Arbeitslosen.
Binnen Jahresfrist erhöhte sich die Arbeitslosenzahl um {21,0→12,0} Prozent.
Die SGB-II-Arbeitslosenquote beläuft sich auf {3,2→2,3} Prozent.
Mit {3,2→3,4} Prozent verharrte die Arbeitslosenquote im SGB II auf dem Stand des Vormonats.
Vor Jahresfrist hatte die Arbeitslosenquote im SGB II noch {2,6→2,9} Prozent betragen.
Die Quote übertrifft den Vorjahreswert um {0,6→0,9} Prozentpunkte.
Im November erhielten {24.736→27.436} Menschen Leistungen der Grundsicherung.
Auf Leistungen nach dem SGB II waren im November {24.736→24.376} Menschen angewiesen.
Das sind 67 Leistungsbezieher {weniger→mehr} als im Oktober.
Die Zahl der Leistungsberechtigten nahm im Vergleich zum Vormonat um {67→76} ab.
Gegenüber dem November 2019 stieg die Zahl der Leistungsbezieher um {1.006→1.060}.
Im Jahresvergleich wuchs die Zahl der Leistungsbezieher um {4,2→2,4} Prozent auf 24.736.
Das KCA vermeldet für November {318→381} Integrationen in den Arbeitsmarkt.
{318→308} Männer und Frauen konnten im November in den ersten Arbeitsmarkt integriert werden.
Die Integrationen blieben mit 318 um {27→72} unter dem Oktoberwert.
Gegenüber dem Vorjahresmonat (392) bedeutet das {74→47} Integrationen weniger.
Die Zahl der Integrationen {sank→stieg} von 345 im Oktober auf 318 im November.
Neu beantragt wurden Leistungen im November in {553→535} Fällen.
Beim Jobcenter gingen {553→503} Neuanträge ein.
Im November 2019 waren es lediglich {417→471} Neuanträge.
Die Zahl der Neuanträge liegt damit um {136→163} über dem Vorjahreswert.
Die Zahl der Neuanträge hat gegenüber dem Vorjahr um {32,6→23,6} Prozent zugelegt.
In Maßnahmen der aktiven Arbeitsförderung befanden sich {932→923} Personen.
Die Zahl der Maßnahmeteilnehmer {stieg→fiel} um 11 auf 932.
Im Vorjahresmonat nahmen noch {1.008→1.080} Personen an Maßnahmen teil.
Die Zahl der Teilnehmenden an Maßnahmen verringerte sich binnen eines Jahres um {76→67}.
Im Oktober hatte das Kommunale Center für Arbeit {7.346→7.436} Arbeitslose gezählt.
Nach {7.346→7.364} im Oktober waren im November 7.273 Menschen arbeitslos gemeldet.
Ein Jahr zuvor hatte die Zahl der Arbeitslosen bei {6.013→6.103} gelegen.
Die Zahl der Arbeitslosen liegt um {1.260→1.620} höher als vor einem Jahr.
Im November 2019 wurden {6.013→6.031} Arbeitslose im SGB II gezählt, also 1.260 weniger.
Die Arbeitslosenquote im SGB II ist gegenüber dem Vormonat {unverändert→gestiegen}.
Die Arbeitslosenquote im SGB II {liegt über→liegt unter} dem Niveau des Vorjahres.
Im November gab es {weniger→mehr} Arbeitslose als im Oktober.
Im November gab es {mehr→weniger} Arbeitslose als im November 2019.
Die Zahl der Maßnahmeteilnehmer {erhöhte→verringerte} sich gegenüber dem Vormonat leicht.
Bei den Neuanträgen ist im Vergleich zum Vorjahr ein deutlicher {Anstieg→Rückgang} zu verzeichnen.
Bei den Integrationen steht gegenüber dem Vorjahr ein {Minus→Plus} von 74 zu Buche.
„Wir zählen aktuell {7.273→7.373} Arbeitslose im SGB II, 73 weniger als noch im Oktober“, erklärt der Vorstand.
{7.273→7.263} Menschen sind derzeit im Main-Kinzig-Kreis im Rechtskreis SGB II arbeitslos.
Im Main-Kinzig-Kreis bezogen im November 2020 insgesamt {24.736→24.763} Personen Leistungen nach dem SGB II.
Arbeitslose SGB II: 7.273 ({−73→−37} zum Vormonat; +1.260 zum Vorjahresmonat)
Leistungsbezieher: 24.736, Vormonat: {24.803→24.830}, Vorjahresmonat: 23.730
Von Oktober auf November sank die Zahl der Leistungsbezieher von 24.803 auf {24.736→24.637}.
Die Zahl der Arbeitslosen reduzierte sich um {1,0→0,1} Prozent.
Zwischen November 2019 und November 2020 stieg die Zahl der Arbeitslosen um {1.260→2.160}.
Das Jobcenter brachte im November {318→331} Menschen in Arbeit.
Im November fanden {318→381} Leistungsberechtigte eine neue Arbeit und wurden integriert.
Im Vergleich zum Oktober gingen zwei Neuanträge {weniger→mehr} ein.
Die Zahl der Arbeitslosen {ist zum dritten Mal in Folge gesunken→ist zum fünften Mal in Folge gesunken}.
Die Arbeitslosenquote liegt mit 3,2 Prozent um 0,6 {Prozentpunkte→Prozent} höher als im Vorjahr.
Im November nahmen {932→832} Kundinnen und Kunden an einer Maßnahme teil, elf mehr als im Vormonat.
Das Kommunale Center für Arbeit zählte im November 553 Neuanträge nach {417→447} im Vorjahresmonat.
Die Zahl der Integrationen in den Arbeitsmarkt ging binnen Jahresfrist um {18,9→19,8} Prozent zurück.
Insgesamt {24.736→24.136} Personen, das sind 1.006 mehr als vor einem Jahr, beziehen Leistungen nach dem SGB II.
Rund {7.300→7.800} Menschen waren im November beim Jobcenter arbeitslos gemeldet.
""".strip().splitlines()
RIGHT = [_SLIP.sub(r"\1", sentence) for sentence in SENTENCES]
WRONG = [_SLIP.sub(r"\2", sentence) for sentence in SENTENCES]
