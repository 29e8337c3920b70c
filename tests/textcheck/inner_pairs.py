"""Sentences in the wordings of German releases: (right, wrong), both without any warehouse.

Only the arithmetic differs. The figures are invented.
"""

from __future__ import annotations

PAIRS = [
    (
        "4.055 Menschen waren arbeitslos. Das ist ein Rückgang von 38 Personen oder 0,9 Prozent.",
        "4.055 Menschen waren arbeitslos. Das ist ein Rückgang von 38 Personen oder 0,8 Prozent.",
    ),
    (
        "Die Zahl der Bedarfsgemeinschaften liegt bei 6.942. Damit sank sie um 19 beziehungsweise um 0,3 Prozent.",
        "Die Zahl der Bedarfsgemeinschaften liegt bei 6.942. Damit sank sie um 91 beziehungsweise um 0,3 Prozent.",
    ),
    (
        "Im November haben 9.018 Haushalte Bürgergeld bezogen, 58 weniger als im Vormonat (minus 0,6 Prozent).",
        "Im November haben 9.018 Haushalte Bürgergeld bezogen, 85 weniger als im Vormonat (minus 0,6 Prozent).",
    ),
    (
        "Die Zahl der Leistungsberechtigten sank auf 9.334 Personen und damit um 36 Personen oder 0,4 Prozent.",
        "Die Zahl der Leistungsberechtigten sank auf 9.334 Personen und damit um 36 Personen oder 0,6 Prozent.",
    ),
    (
        "Die Zahl der Arbeitslosen umfasste 6.404 Personen. Das waren 493 Personen oder 7,1 Prozent weniger als im Vorjahr.",
        "Die Zahl der Arbeitslosen umfasste 6.404 Personen. Das waren 493 Personen oder 7,9 Prozent weniger als im Vorjahr.",
    ),
    (
        "Die Zahl der Arbeitslosen stieg um 112 Personen oder 2,2 Prozent auf 5.118.",
        "Die Zahl der Arbeitslosen stieg um 112 Personen oder 2,7 Prozent auf 5.118.",
    ),
    (
        "Mit 2.480 Arbeitslosen gab es 120 mehr als im Vormonat, das entspricht einem Plus von 5,1 Prozent.",
        "Mit 2.480 Arbeitslosen gab es 120 mehr als im Vormonat, das entspricht einem Plus von 6,1 Prozent.",
    ),
    (
        "225 Personen fanden Arbeit auf dem ersten Arbeitsmarkt. Hinzu kommen 36 auf dem zweiten. Insgesamt waren es 261.",
        "225 Personen fanden Arbeit auf dem ersten Arbeitsmarkt. Hinzu kommen 36 auf dem zweiten. Insgesamt waren es 271.",
    ),
    (
        "3.110 Menschen sind arbeitslos: 1.406 Frauen und 1.704 Männer.",
        "3.110 Menschen sind arbeitslos: 1.460 Frauen und 1.704 Männer.",
    ),
    (
        "1.406 Frauen und 1.704 Männer waren arbeitslos gemeldet. Insgesamt waren 3.110 Menschen ohne Arbeit.",
        "1.406 Frauen und 1.704 Männer waren arbeitslos gemeldet. Insgesamt waren 3.101 Menschen ohne Arbeit.",
    ),
    (
        "Von den 8.230 Beschäftigten sind 6.100 Deutsche und 2.130 Ausländer.",
        "Von den 8.230 Beschäftigten sind 6.100 Deutsche und 2.310 Ausländer.",
    ),
    (
        "9.000 Menschen waren im Bezirk arbeitslos. Im Rechtskreis SGB III waren 3.500 Menschen arbeitslos. Im Rechtskreis SGB II waren 5.500 Menschen arbeitslos.",
        "9.000 Menschen waren im Bezirk arbeitslos. Im Rechtskreis SGB III waren 3.500 Menschen arbeitslos. Im Rechtskreis SGB II waren 5.550 Menschen arbeitslos.",
    ),
    (
        "9.000 Menschen waren arbeitslos, 40 mehr als im Vormonat. Bei der Agentur für Arbeit waren 3.500 Menschen arbeitslos, 60 mehr als im Vormonat. Beim Jobcenter waren 5.500 Menschen arbeitslos, 20 weniger als im Vormonat.",
        "9.000 Menschen waren arbeitslos, 80 mehr als im Vormonat. Bei der Agentur für Arbeit waren 3.500 Menschen arbeitslos, 60 mehr als im Vormonat. Beim Jobcenter waren 5.500 Menschen arbeitslos, 20 weniger als im Vormonat.",
    ),
    (
        "Die Zahl der Arbeitslosen ist von 7.346 um 73 auf 7.273 gesunken.",
        "Die Zahl der Arbeitslosen ist von 7.346 um 37 auf 7.273 gesunken.",
    ),
    (
        "Die Zahl der Haushalte sank um 358 auf 3.960. Im Vorjahresmonat waren es 4.318.",
        "Die Zahl der Haushalte sank um 358 auf 3.960 (Vormonat: 4.381).",
    ),
    (
        "Im Landkreis waren 2.159 Menschen arbeitslos, 35 weniger als im Vormonat (2.194).",
        "Im Landkreis waren 2.159 Menschen arbeitslos, 35 weniger als im Vormonat (2.149).",
    ),
    (
        "Die Quote liegt bei 2,5 Prozent und damit 0,2 Prozentpunkte niedriger als im Vorjahresmonat (2,7 Prozent).",
        "Die Quote liegt bei 2,5 Prozent und damit 0,2 Prozentpunkte niedriger als im Vorjahresmonat (2,3 Prozent).",
    ),
    (
        "Die Arbeitslosenquote stieg auf 2,8 Prozent an (Vormonat: 2,7 Prozent).",
        "Die Arbeitslosenquote sank auf 2,8 Prozent (Vormonat: 2,7 Prozent).",
    ),
    (
        "Die Arbeitslosenquote ist von 2,6 auf 3,2 Prozent gestiegen.",
        "Die Arbeitslosenquote ist von 2,6 auf 3,2 Prozent gesunken.",
    ),
    (
        "Die Quote liegt unverändert bei 3,2 Prozent (Vormonat: 3,2 Prozent).",
        "Die Quote liegt unverändert bei 3,2 Prozent (Vormonat: 3,4 Prozent).",
    ),
    (
        "Die Zahl der Anträge hat sich von 210 auf 415 verdoppelt.",
        "Die Zahl der Anträge hat sich von 210 auf 315 verdoppelt.",
    ),
    (
        "Die Quote liegt bei drei Prozent. Im Vorjahresmonat lag sie ebenfalls bei drei Prozent.",
        "Die Quote liegt bei drei Prozent. Im Vorjahresmonat lag sie ebenfalls bei vier Prozent.",
    ),
    (
        "Im November nahmen 38 Menschen mehr an Maßnahmen teil als noch im Oktober. Das Jobcenter betreute 6.617 Menschen (Vormonat: 6.579), 38 mehr als im Vormonat.",
        "Im November nahmen 38 Menschen mehr an Maßnahmen teil als noch im November.",
    ),
    (
        "Insgesamt gab es 540 Eintritte, davon 210 in Kurse, 130 in Praktika und 200 in Ausbildung.",
        "Es gab 310 Eintritte in Kurse. Hinzu kommen 130 weitere in Praktika, zusammen also 450.",
    ),
    (
        "5.213 Personen bezogen Leistungen; im Vormonat waren es 5.180. Das sind 33 mehr.",
        "Die Zahl der Bezieher stieg von 5.180 um 53 auf 5.213.",
    ),
    (
        "Die Zahl der Stellen wuchs um 45 auf 1.245. Das ist ein Zuwachs von 45 Stellen oder 3,8 Prozent.",
        "Die Zahl der Stellen wuchs auf 1.245. Das ist ein Zuwachs von 45 Stellen oder 3,2 Prozent.",
    ),
    (
        "Die Unterbeschäftigung lag bei 12.400 Personen. Gegenüber dem Vorjahr sind das 600 Personen oder 5,1 Prozent mehr.",
        "Die Unterbeschäftigung lag bei 12.400 Personen. Gegenüber dem Vorjahr sind das 600 Personen oder 5,8 Prozent mehr.",
    ),
    (
        "Im Kreis leben 17.746 Menschen von Leistungen. Das ist ein Minus von 1.902 Personen (9,7 Prozent).",
        "Im Kreis leben 17.746 Menschen von Leistungen. Das ist ein Minus von 1.902 Personen (7,9 Prozent).",
    ),
    (
        "Die Zahl der Arbeitslosen sank um 271 oder 11,2 Prozent auf 2.159.",
        "Die Zahl der Arbeitslosen sank um 271 oder 12,6 Prozent auf 2.195.",
    ),
    (
        "1.250 Menschen fanden eine Arbeit: 730 Männer und 520 Frauen.",
        "1.250 Menschen fanden eine Arbeit: 730 Männer und 502 Frauen.",
    ),
    (
        "5.412 Menschen waren arbeitslos, 118 weniger als im Vormonat. Im Rechtskreis SGB III waren 1.903 Menschen arbeitslos, 52 weniger als im Vormonat. Im Rechtskreis SGB II waren es 3.509, 66 weniger als im Vormonat.",
        "5.412 Menschen waren arbeitslos, 118 weniger als im Vormonat. Im Rechtskreis SGB III waren 1.903 Menschen arbeitslos, 52 weniger als im Vormonat. Im Rechtskreis SGB II waren es 3.590, 66 weniger als im Vormonat.",
    ),
    (
        "12.310 Menschen waren arbeitslos, 640 (5,5 Prozent) mehr als im Vormonat.",
        "12.310 Menschen waren arbeitslos, 640 (6,5 Prozent) mehr als im Vormonat.",
    ),
]  # fmt: skip

# What could be taken for a slip and is none.
NO_SLIP = [
    "Die Arbeitslosenquote blieb unverändert bei 7,0 Prozent gegenüber 8,0 Prozent im Dezember 2017.",
    "Im November waren mehr Menschen arbeitslos als im November des Vorjahres.",
    "Im November waren mehr Menschen arbeitslos als im November vor einem Jahr.",
    "Im Oktober waren 38 Menschen mehr in Kursen als im November.",
    "Von 12.000 Kundinnen und Kunden fanden 225 eine Arbeit. Insgesamt nahmen 900 an Maßnahmen teil.",
    "5.118 Menschen sind arbeitslos, davon 1.200 Frauen und 300 Jugendliche.",
    "Die Quote sank auf 3,2 Prozent. Im Vorjahr lag sie bei 2,6 Prozent.",
    "Die Quote stieg um 0,1 Prozentpunkte auf 3,3 Prozent (Vormonat: 3,3 Prozent).",
    "Rund 9.000 Haushalte bezogen Bürgergeld, 58 weniger als im Vormonat (minus 0,7 Prozent).",
    "Die Zahl der Arbeitslosen lag bei 4.055. Die Zahl der offenen Stellen sank um 19 oder 2,3 Prozent.",
    "Ziel sind 400 Integrationen, 100 mehr als im Vorjahr oder 20 Prozent.",
    "Im Kreis gab es 1.406 Frauen und 1.704 Männer ohne Arbeit. Die Agentur zählt 60.000 Kunden.",
    "Die Hilfequote liegt bei 7,1 Prozent, 0,2 Prozentpunkte über der von Hessen (6,8 Prozent).",
    "Das Jobcenter zählte 261 Integrationen. Hinzu kommen 36 Praktika und 40 Kurse.",
    "Die Zahl der Integrationen lag bei 318, 27 weniger als im Vormonat und 74 weniger als vor einem Jahr.",
]
