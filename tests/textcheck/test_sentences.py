"""Single sentences about November 2020: proven, contradicted, or not for us to say."""

from __future__ import annotations

import pytest

from kca_etl.textcheck.check import check
from kca_etl.textcheck.results import UNKNOWN, UNTESTABLE
from tests.textcheck.helper import FRAME, NOVEMBER, of

RIGHT = """Arbeitslose: 7.273, −73 (−1,0 %) zum Vormonat, +1.260 (+21,0 %) zum Vorjahresmonat.
Rund 7.300 Menschen waren im November arbeitslos.
Etwa drei Prozent betrug die Arbeitslosenquote im SGB II.
Knapp 7.300 Menschen waren arbeitslos.
Über 7.200 Menschen waren arbeitslos.
Mehr als 24.000 Menschen beziehen Leistungen nach dem SGB II.
7,3 Tausend Menschen waren arbeitslos.
Die Zahl der Arbeitslosen sank um rund 70.
Die Zahl der Arbeitslosen stieg gegenüber dem Vorjahr um gut 20 Prozent.
Die Zahl der Arbeitslosen stieg gegenüber dem Vorjahr um knapp 21 Prozent.
Die Zahl der Arbeitslosen stieg im Vergleich zum Vorjahr um 21 Prozent.
Dreihundertachtzehn Menschen wurden in Arbeit integriert.
Die Zahl der Arbeitslosen ist um dreiundsiebzig gesunken.
Im SGB II lag die Quote bei 3,2 Prozent, im Vorjahr waren es 2,6 Prozent.
Die Zahl der Arbeitslosen ist gesunken.
Die Arbeitslosenquote ist im Vergleich zum Vormonat nicht gestiegen.
Die Arbeitslosenquote blieb gegenüber dem Vormonat konstant.
Die Zahl der Leistungsbezieher ist gegenüber dem Vormonat nahezu unverändert.
Die Zahl der Neuanträge ist leicht rückläufig.
Es gab weniger Integrationen als im Vormonat.
Die Arbeitslosigkeit liegt unverändert bei 3,2 Prozent.
Die Arbeitslosenquote verharrt bei 3,2 Prozent.
7.273 arbeitslose Menschen waren gemeldet.
Die Zahl der Arbeitslosen liegt 73 unter dem Vormonatswert.
Gegenüber Oktober ging die Zahl der Arbeitslosen um 73 zurück.
Im Oktober lag die Zahl der Arbeitslosen bei 7.346.
Die Zahl der Arbeitslosen nahm im November um 73 Personen ab.
Binnen eines Jahres kamen 1.260 Arbeitslose hinzu.
Im Vergleich zum Vorjahr sind das 1.260 Arbeitslose mehr.
Vor einem Jahr waren es 1.260 Arbeitslose weniger.
Im Vorjahresmonat waren 6.013 Menschen arbeitslos, 1.260 weniger als jetzt.
Ein Plus von 1.260 Arbeitslosen steht gegenüber dem Vorjahr zu Buche.
Die Zahl der Arbeitslosen wuchs um mehr als 1.200 gegenüber dem Vorjahresmonat.
Die Arbeitslosenquote (SGB II) betrug 3,2 Prozent nach 3,2 Prozent im Oktober und 2,6 Prozent im November 2019.
3,2 Prozent – so hoch war im November die Arbeitslosenquote im SGB II.
„Mit 318 Integrationen sind wir zufrieden“, sagte die Vorständin.
932 Teilnehmerinnen und Teilnehmer zählten die Maßnahmen der aktiven Arbeitsförderung.
Die Zahl der Neuanträge beläuft sich auf 553.
553-mal wurde ein Neuantrag gestellt.
Leistungen bezogen 24.736 Personen.
24.736 Menschen im Kreis sind auf Leistungen nach dem SGB II angewiesen.
Die 7.273 Arbeitslosen im Kreis entsprechen einer Quote von 3,2 Prozent.
Von 7.346 auf 7.273 ist die Zahl der Arbeitslosen gesunken.
Um 0,6 Punkte liegt die Quote höher als im Vorjahr.
Damit waren 1.260 Personen mehr arbeitslos als im November 2019.
Die Zahl der Arbeitslosen fiel um 1,0 Prozent.
Die Arbeitslosenquote lag im November 2020 – wie schon im Oktober – bei 3,2 Prozent.
Die Arbeitslosenquote liegt wie im Vormonat bei 3,2 Prozent.
Maßnahmen: 932 Teilnehmende
932 Menschen befanden sich in einer Maßnahme.
Arbeitslose (SGB II): 7.273 (Oktober: 7.346)
Erstmals seit 2018 lag die Zahl der Leistungsbezieher unter 25.000.
7.273 Menschen, 73 weniger als im Oktober, waren beim Kommunalen Center für Arbeit arbeitslos gemeldet.
Die Zahl der Arbeitslosen lag bei 7.273 (gegenüber Oktober (-73) und November 2019 (+1.260)).
Die Quote der Arbeitslosen im SGB II ist gegenüber Oktober gleich geblieben und liegt bei 3,2 Prozent.
Die Quote der Arbeitslosen im SGB II liegt mit 3,2 Prozent auf dem Niveau des Vormonats.
Mit 3,2 Prozent ist die Quote der Arbeitslosen im SGB II gegenüber dem Vormonat unverändert.
Die Arbeitslosenquote nach dem SGB II hat sich im November 2020 nicht verändert und beträgt weiterhin 3,2 Prozent.
Im MKK gab es im November 2020 genau 7.273 Arbeitslose (Oktober 2020: 7.346).
Im November 2020 waren somit genau 7.273 Personen im MKK arbeitslos gemeldet. Dies sind 73 Personen weniger als im Oktober.
Die Zahl der Leistungsbezieher im SGB II ist von 24.803 im Oktober auf 24.736 im November gesunken.
Die Anzahl der Leistungsbezieher beträgt 24.736 Personen und ging damit um 67 Personen zurück.
Dem Jobcenter gelang es im November, 318 Menschen in den Arbeitsmarkt zu integrieren (Oktober: 345).
Das KCA konnte im Berichtsmonat 318 Integrationen verzeichnen, 27 weniger als im Vormonat, aber auch 74 weniger als vor einem Jahr.
Insgesamt wurden 553 Neuanträge gestellt. Das sind 136 mehr als im November des Vorjahres und 2 weniger als im Oktober.
932 Klientinnen und Klienten nahmen im November an Maßnahmen teil, elf mehr als im Oktober.
Trotz der Corona-Pandemie ist die Zahl der Arbeitslosen zum dritten Mal in Folge gesunken: Im November waren es 7.273.
Im Vergleich zum Vormonat ging die Zahl der Arbeitslosen um 73 (1,0 Prozent) zurück. Im Vergleich zum Vorjahresmonat stieg sie um 1.260 (21,0 Prozent).
„Dass die Zahl der Arbeitslosen auf 7.273 gesunken ist, freut uns“, so die Vorsitzende.
Die Zahl der Arbeitslosen beträgt 7.273, das sind 73 weniger als im Oktober (7.346) und 1.260 mehr als im November 2019 (6.013).
November 2020: 7.273 Arbeitslose, Oktober 2020: 7.346 Arbeitslose, November 2019: 6.013 Arbeitslose.
Die Quote lag im November 2019 noch bei 2,6 Prozent und ist seither um 0,6 Prozentpunkte gestiegen.
Gegenüber November 2019, als die Quote bei 2,6 Prozent lag, beträgt der Anstieg 0,6 Prozentpunkte.
Von den 24.736 Leistungsbeziehern waren 7.273 arbeitslos gemeldet.
Rund 24.700 Menschen beziehen im Kreis Leistungen, darunter 7.273 Arbeitslose.
Die Zahl der Menschen im Leistungsbezug beträgt 24.736.
Die Zahl der arbeitslosen Menschen sank auf 7.273.
Die SGB II-Arbeitslosenquote blieb mit 3,2 Prozent konstant.
Gegenüber dem Vormonat blieb die Arbeitslosenquote mit 3,2 Prozent gleich.
Weiterhin sind 3,2 Prozent der zivilen Erwerbspersonen im Kreis im Rechtskreis SGB II arbeitslos.
318 Frauen und Männer fanden mit Hilfe des Jobcenters eine Arbeit und wurden integriert.
Im November fanden 318 Integrationen statt, 553 Neuanträge gingen ein, 932 Personen waren in Maßnahmen.
Die Zahl der Neuanträge (553) liegt etwa auf dem Niveau des Vormonats (555).
Arbeitslose im SGB II: 7.273 (-73 ggü. Vormonat; +1.260 ggü. Vorjahresmonat)
Arbeitslosenquote (SGB II): 3,2 % (Vormonat: 3,2 %; Vorjahresmonat: 2,6 %)
Stand November 2020: 7.273 Arbeitslose
Der November brachte 318 Integrationen.
Im November 2020 wurden mehr Neuanträge gestellt als im Vorjahresmonat, nämlich 553.
Es waren 7.273 Menschen arbeitslos, also weniger als im Vormonat, aber deutlich mehr als im Vorjahr.
Ein Jahr zuvor waren es 6.013 Arbeitslose.
Die Zahl der Integrationen sank um 27 von 345 auf 318.
Die Zahl der Integrationen sank von 345 um 27 auf 318.
Damit ist die Zahl der Arbeitslosen erneut gesunken, und zwar um 73 auf nunmehr 7.273.
Auf 7.273 ist die Zahl der Arbeitslosen im November gesunken.
Um 73 auf 7.273 sank die Zahl der Arbeitslosen.
Die Zahl der Arbeitslosen hat sich um 73 verringert. Sie beträgt nun 7.273.
Bei den Neuanträgen gab es einen leichten Rückgang um 2 auf 553.
Bei den Integrationen ist ein Minus von 27 zu verzeichnen.
Ein Plus von 11 gab es bei den Maßnahmeteilnehmern.
Das Jobcenter zählte 553 Neuanträge (Vorjahr: 417).
Die Quote liegt 0,6 Punkte über dem Vorjahr.
Die Zahl der Leistungsbezieher sank auf unter 25.000, nämlich auf 24.736.
Im November nahmen 932 Personen – und damit 11 mehr als im Oktober – an Maßnahmen teil.
Die Arbeitslosenquote im SGB II ist im November 2020 auf 3,2 Prozent gestiegen, nachdem sie im November 2019 bei 2,6 Prozent lag.
Die Zahl der Arbeitslosen ist um 1,0 Prozent auf 7.273 gesunken.
Die Zahl der Arbeitslosen im SGB II nahm im Vergleich zum Vormonat um 73 auf 7.273 Personen ab, im Vergleich zum Vorjahr jedoch um 1.260 Personen zu.
Leicht gesunken ist im November die Zahl der Arbeitslosen.
Gesunken ist auch die Zahl der Leistungsbezieher: auf 24.736.
Die Zahl der Leistungsbezieher lag im November um 67 unter und im Jahresvergleich um 1.006 über dem Vergleichswert.
Insgesamt 24.736 Menschen und damit 67 weniger als im Oktober bezogen Leistungen nach dem SGB II.
Die Zahl der Leistungsbezieher nach dem SGB II (Hartz IV) betrug 24.736.
Es wurden 553 Anträge auf Arbeitslosengeld II neu gestellt.
318 Arbeitslose konnten in den ersten Arbeitsmarkt integriert werden.
Für 318 Arbeitsuchende endete der Monat mit einer Integration in den Arbeitsmarkt.
Das Jobcenter integrierte 318 Kundinnen und Kunden.
An den Maßnahmen des Jobcenters nahmen im November 932 Personen teil.
932 Leistungsberechtigte nahmen an Maßnahmen teil.
Die Arbeitslosenzahl im Rechtskreis SGB II liegt bei 7.273 (Vormonat 7.346).
Im November sank die Zahl der Arbeitslosen auf 7273.
Die Zahl der Arbeitslosen ging von Oktober auf November um 73 zurück.
Seit Oktober ist die Zahl der Arbeitslosen um 73 gesunken.
7.273 Arbeitslose zählte das KCA im November. Im Oktober waren es 73 mehr.
Im Vormonat lag die Zahl der Arbeitslosen um 73 höher.
Die Quote blieb mit 3,2 Prozent auf Vormonatsniveau.
Die Zahl der Neuanträge bewegt sich mit 553 auf dem Niveau des Vormonats (555).
Mit 553 wurden nahezu gleich viele Neuanträge gestellt wie im Vormonat.
Die Arbeitslosenquote beträgt im SGB II unverändert 3,2 Prozent.
Unverändert liegt die Arbeitslosenquote im SGB II bei 3,2 Prozent.
Die Quote verbleibt bei 3,2 Prozent.
Im MKK sind 7.273 Menschen auf Arbeitsuche und im SGB II arbeitslos gemeldet.
Die Arbeitslosenquote lag bei 3,2 Prozent und damit um 0,6 Prozentpunkte höher als im Vorjahr.
Die Arbeitslosenquote lag bei 3,2 Prozent und damit 0,6 Prozentpunkte über dem Vorjahreswert.
Die Quote beträgt 3,2 Prozent, das sind 0,6 Prozentpunkte mehr als vor einem Jahr.
Die Zahl der Arbeitslosen sank auf 7.273 und damit um 1,0 Prozent.
7.273 Menschen waren arbeitslos und damit 1,0 Prozent weniger als im Vormonat.
73 Personen und damit 1,0 Prozent weniger als im Vormonat waren arbeitslos.
An Maßnahmen beteiligten sich 932 Leistungsberechtigte.
Im November lag die Zahl der Arbeitslosen bei 7.273 nach 6.013 im Vorjahr – 1.260 weniger als jetzt.
Die Arbeitslosenquote lag unverändert bei 3,2 Prozent gegenüber 2,6 Prozent im November 2019.
Die Zahl der Leistungsbezieher stagnierte.
Die Quote liegt bei 3,2 Prozent und damit 0,6 Prozentpunkte höher als im Vorjahresmonat (2,6 Prozent).
Gegenüber dem Vorjahresmonat waren 1.260 Personen (21,0 Prozent) mehr arbeitslos.
7.273 Menschen sind arbeitslos, 73 (1,0 Prozent) weniger als im Vormonat.
Mit 318 Integrationen wurde das Vormonatsergebnis von 345 um 27 verfehlt.
Gegenüber dem Höchststand im August mit 7.563 Arbeitslosen ist die Zahl um 290 gesunken.
Seit dem Höchststand im August ist die Zahl der Arbeitslosen damit um 290 gesunken.
Nach einem Anstieg im Sommer sinkt die Zahl der Arbeitslosen wieder: um 73 im November, um 64 im Oktober."""

WRONG = """Rund 7.400 Menschen waren im November arbeitslos.
Rund 7.200 Menschen waren im November arbeitslos.
Die Arbeitslosenquote im SGB II liegt bei drei Prozent.
Knapp 7.200 Menschen waren arbeitslos.
Über 7.300 Menschen waren arbeitslos.
Mehr als 7.300 Menschen waren arbeitslos.
Weniger als 24.000 Menschen beziehen Leistungen nach dem SGB II.
Die Zahl der Arbeitslosen sank um rund 80.
Die Zahl der Arbeitslosen stieg um rund 70.
Die Zahl der Arbeitslosen stieg im Vergleich zum Vorjahr um 22 Prozent.
Die Zahl der Arbeitslosen stieg im Vergleich zum Vorjahr um 21 Prozentpunkte.
Die Arbeitslosenquote stieg im Vergleich zum Vorjahr um 0,6 Prozent.
Dreihundertneunzehn Menschen wurden in Arbeit integriert.
Die Zahl der Arbeitslosen ist um dreiundsiebzig gestiegen.
Im SGB II lag die Quote bei 3,2 Prozent, im Vorjahr waren es 2,7 Prozent.
Die Zahl der Arbeitslosen ist gestiegen.
Die Zahl der Arbeitslosen ist unverändert.
Die Arbeitslosenquote ist im Vergleich zum Vormonat gestiegen.
Die Arbeitslosenquote blieb gegenüber dem Vorjahr konstant.
Die Zahl der Leistungsbezieher ist gegenüber dem Vormonat unverändert.
Es gab mehr Integrationen als im Vormonat.
Die Zahl der Arbeitslosen liegt 73 über dem Vormonatswert.
Gegenüber September ging die Zahl der Arbeitslosen um 73 zurück.
Im Oktober lag die Zahl der Arbeitslosen bei 7.273.
Die Zahl der Arbeitslosen nahm im November um 73 Personen zu.
Die Zahl der Arbeitslosen wuchs um mehr als 1.300 gegenüber dem Vorjahresmonat.
Die Arbeitslosenquote (SGB II) betrug 3,2 Prozent nach 3,2 Prozent im Oktober und 2,7 Prozent im November 2019.
„Mit 381 Integrationen sind wir zufrieden“, sagte die Vorständin.
Die Zahl der Neuanträge beläuft sich auf 535.
Im November 2021 lag die Zahl der Arbeitslosen bei 7.273.
Von 7.364 auf 7.273 ist die Zahl der Arbeitslosen gesunken.
Die Quote ist 0,6 Prozentpunkte niedriger als vor einem Jahr.
Damit waren 1.206 Personen mehr arbeitslos als im November 2019.
Die Zahl der Arbeitslosen fiel um 1,1 Prozent.
Die Arbeitslosenquote liegt wie im Vorjahr bei 3,2 Prozent.
7.273 Leistungsbezieher zählte das Jobcenter im November.
Die Zahl der Integrationen lag bei 553, die der Neuanträge bei 318.
Die SGB-II-Quote hat sich gegenüber dem Vormonat auf 3,2 Prozent verbessert.
Die Arbeitslosenquote im SGB II ist im November 2020 auf 3,2 Prozent gesunken, nachdem sie im November 2019 bei 2,6 Prozent lag.
Unverändert liegt die Arbeitslosenquote im SGB II bei 2,3 Prozent.
Die Zahl der Neuanträge (553) liegt über dem Niveau des Vormonats (555).
Es waren 7.273 Menschen arbeitslos, also mehr als im Vormonat, aber deutlich mehr als im Vorjahr.
Leicht gestiegen ist im November die Zahl der Arbeitslosen.
Die Zahl der Leistungsbezieher stieg auf 24.736.
7.273 Arbeitslose zählte das KCA im November. Im Oktober waren es 73 weniger.
Im Vormonat lag die Zahl der Arbeitslosen um 73 niedriger.
Insgesamt 24.736 Menschen und damit 67 mehr als im Oktober bezogen Leistungen nach dem SGB II.
932 Leistungsberechtigte nahmen an Maßnahmen teil, elf weniger als im Oktober.
Die Zahl der Neuanträge hat sich gegenüber dem Vorjahr verdoppelt.
Die Zahl der Neuanträge hat sich gegenüber dem Vorjahr mehr als verdoppelt.
Gegenüber dem Vorjahr hat sich die Zahl der Integrationen halbiert.
Die Zahl der Arbeitslosen ist doppelt so hoch wie im Vorjahr.
Die Zahl der Arbeitslosen hat sich gegenüber November 2019 nahezu verdreifacht.
Die Arbeitslosenquote lag bei 3,2 Prozent und damit um 0,6 Prozentpunkte niedriger als im Vorjahr.
Die Arbeitslosenquote lag bei 3,3 Prozent und damit um 0,6 Prozentpunkte höher als im Vorjahr.
7.237 Menschen waren arbeitslos und damit 1,0 Prozent weniger als im Vormonat.
An Maßnahmen beteiligten sich 943 Leistungsberechtigte.
Im November lag die Zahl der Arbeitslosen bei 7.273 nach 6.013 im Vorjahr – 1.260 mehr als jetzt.
Die Arbeitslosenquote lag unverändert bei 3,3 Prozent gegenüber 2,6 Prozent im November 2019."""

NOT_OURS = """Im SGB III lag die Quote bei 2,1 Prozent.
Die Arbeitslosenquote über beide Rechtskreise beträgt 5,3 Prozent.
Rechtskreisübergreifend waren 11.204 Menschen arbeitslos.
Bei der Agentur für Arbeit waren 3.931 Menschen arbeitslos gemeldet, 12 mehr als im Vormonat.
Im Landkreis Fulda lag die Arbeitslosenquote bei 2,9 Prozent.
Im Wetteraukreis waren 5.512 Menschen arbeitslos, in Gießen 6.001.
In Hessen sank die Zahl der Arbeitslosen um 1,3 Prozent, bundesweit um 1,7 Prozent.
In Hanau waren 2.500 Menschen arbeitslos.
Im Agenturbezirk Hanau waren 11.204 Menschen arbeitslos gemeldet.
Die Zahl der Arbeitslosen unter 25 Jahren lag bei 612.
612 Jugendliche waren arbeitslos.
Davon waren 3.300 Frauen.
Die Zahl der Bedarfsgemeinschaften stieg um 12 auf 11.900.
Die Zahl der Langzeitarbeitslosen lag bei 2.800.
16.204 erwerbsfähige Leistungsberechtigte betreute das Jobcenter.
Das Jobcenter beschäftigt 340 Mitarbeiterinnen und Mitarbeiter.
Seit 2005 wurden 27.600 Menschen in Arbeit vermittelt.
Im Jahr 2020 wurden bislang 3.500 Menschen in Arbeit integriert.
Von Januar bis November gelangen 3.412 Integrationen.
Im Jahresdurchschnitt waren 6.900 Menschen arbeitslos.
Die Zahl der Arbeitslosen sank in den letzten Jahren um 13,1 Prozent.
Die Zahl der Arbeitslosen könnte auf 8.000 steigen.
Ziel sind 400 Integrationen im Monat.
Die Schwelle von 8.000 Arbeitslosen wurde nicht erreicht.
Die 7.500er-Marke bei den Arbeitslosen ist seit 8 Jahren nicht überschritten.
Die Servicehotline 06051 97410 ist von 8 bis 16 Uhr erreichbar.
Das Jobcenter informiert unter § 16i SGB II über 25 Plätze.
Die Quote liegt mit 0,9 Punkten unter dem Landesdurchschnitt.
Über 88.000 Vermittlungen in Arbeit zählt das Jobcenter seit seiner Gründung.
Wegen COVID-19 blieb das Haus in der Barbarossastraße 16-24 geschlossen.
Am 30.11.2020 um 10:30 Uhr tagte der Verwaltungsrat zum 12. Mal.
Im Oktober hatte das KCA zwei neue Standorte in Hanau und Maintal eröffnet.
Rund 300 Gäste kamen am 12. November zur Jobmesse, 45 Arbeitgeber stellten sich vor.
Für 2021 plant das KCA 4.300 Maßnahmeplätze.
Das Budget beträgt 24,7 Millionen Euro.
Das Jobcenter hat 7 Standorte und 340 Beschäftigte.
Bei einem Projekt konnten 12 von 20 Teilnehmenden in Arbeit vermittelt werden.
Im Rahmen des Projekts wurden 25 Langzeitarbeitslose in Arbeit integriert.
85 Prozent der Arbeitslosen haben keinen Berufsabschluss.
Jeder dritte Leistungsbezieher ist jünger als 15 Jahre.
Von den Arbeitslosen sind 45 Prozent Frauen und 30 Prozent Ausländer.
Die Integrationsquote beträgt 18,4 Prozent.
Die Hilfequote liegt bei 7,1 Prozent.
Die Jugendarbeitslosenquote sank auf 2,1 Prozent.
4.500 Kinder leben in Bedarfsgemeinschaften.
Zwei Drittel der Leistungsbezieher sind erwerbsfähig.
Die durchschnittliche Zahl der Arbeitslosen lag 2019 bei 6.230.
Ende 2005 gab es noch 9.500 Arbeitslose.
Im ersten Halbjahr 2020 wurden 2.100 Menschen integriert.
Wer Fragen hat, erreicht das Jobcenter unter 0800 1234567 oder in der Barbarossastraße 24, 63571 Gelnhausen.
In den Geschäftsstellen Hanau und Schlüchtern wurden 120 Neuanträge gestellt.
Im Stadtgebiet Hanau lag die Zahl der Arbeitslosen bei 2.611.
Durch das Teilhabechancengesetz konnten 112 Menschen nach § 16i SGB II in den Arbeitsmarkt integriert werden.
Die Arbeitslosenquote insgesamt beträgt 5,4 Prozent.
Die Gesamtarbeitslosigkeit sank auf 11.200.
Kreisweit sind rechtskreisübergreifend 11.200 Menschen arbeitslos, die Gesamtquote liegt bei 5,0 Prozent.
Beim Arbeitslosengeld I gab es 3.900 Arbeitslose, 40 mehr als im Vormonat.
Im Main-Taunus-Kreis lag die Quote bei 2,5 Prozent, im Hochtaunuskreis bei 2,4 Prozent, in Frankfurt bei 5,1 Prozent.
Im benachbarten Kreis Offenbach stieg die Zahl der Arbeitslosen im SGB II um 120 auf 9.000.
Das Jobcenter Wetterau zählte 5.100 Arbeitslose und 300 Integrationen.
Im Westen Deutschlands liegt die Arbeitslosenquote bei 5,5 Prozent."""


@pytest.mark.parametrize("text", RIGHT.split("\n"))
def test_right(text: str) -> None:
    claims = check(text, NOVEMBER, FRAME)
    assert of(claims, "widerspricht") == []
    assert of(claims, "unschlüssig") == []
    assert of(check(text, NOVEMBER, FRAME.iloc[:0]), "unschlüssig") == []
    assert [c for c in of(claims, "nicht zuordenbar") if not c.startswith("20")] == []
    assert of(claims, "belegt")


@pytest.mark.parametrize("text", WRONG.split("\n"))
def test_wrong(text: str) -> None:
    claims = check(text, NOVEMBER, FRAME)
    assert of(claims, "widerspricht")
    assert all(
        c.expected and c.where and c.kennzahl and c.month
        for c in claims
        if c.verdict == "widerspricht"
    )


@pytest.mark.parametrize("text", NOT_OURS.split("\n"))
def test_not_ours(text: str) -> None:
    claims = check(text, NOVEMBER, FRAME)
    assert claims
    assert {c.verdict for c in claims} <= {UNKNOWN, UNTESTABLE}
    assert all(c.reason for c in claims)
