"""Names that say "data access committee", and names that only look like it, in every language."""

from __future__ import annotations

import pytest

from catalogue.dac.naming import NAMES, committee_language

# fmt: off
OFFICIAL = {
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl", "pl",
    "pt", "ro", "sk", "sl", "sv",
}
# fmt: on

COMMITTEES = {
    "bg": ["Комитет за достъп до данни", "Комисия за достъп до данните", "Комитет по достъпа до данни"],
    "cs": ["Výbor pro přístup k datům UK", "Komise pro přístup k údajům"],
    "da": ["Dataadgangskomitéen", "Dataadgangsudvalg, Region Hovedstaden", "Udvalg for dataadgang"],
    "de": ["Datenzugangskomitee der Charité", "Mitglieder des Datenzugangsausschusses", "Ausschuss für den Datenzugang",
           "Use-&-Access-Daten: Datenzugriffskommission"],
    "el": ["Επιτροπή Πρόσβασης Δεδομένων", "Επιτροπή πρόσβασης σε δεδομένα",
           "Γραμματεία ΕΠΙΤΡΟΠΗΣ ΠΡΟΣΒΑΣΗΣ ΣΕ ΔΕΔΟΜΕΝΑ"],
    "en": ["Data Access Committee of the X UMC", "UK Biobank Access Committee", "DAC office UMC X",
           "Data Use and Access Committee", "DATA  ACCESS BOARD", "Use & Access Committee UKL", "EGA-DAC"],
    "es": ["Comité de Acceso a Datos", "Comisión de acceso a los datos genómicos"],
    "et": ["Andmetele juurdepääsu komitee", "Andmekasutuskomitee"],
    "fi": ["Tietojen käyttöoikeustoimikunta", "Datan käyttöoikeuskomitea", "Aineistopyyntötoimikunta"],
    "fr": ["Comité d’accès aux données", "COMITE D'ACCES AUX DONNEES", "Commission d'accès aux données génomiques"],
    "ga": ["Coiste Rochtana Sonraí", "An Coiste um Rochtain ar Shonraí"],
    "hr": ["Povjerenstvo za pristup podacima", "Odbor za pristup genomskim podacima"],
    "hu": ["Adathozzáférési Bizottság", "Az Adat-hozzáférési Bizottságának titkársága"],
    "is": ["Gagnaaðgangsnefnd", "Nefnd um aðgang að gögnum"],
    "it": ["Comitato di accesso ai dati", "Comitato per l’accesso ai dati", "Commissione di accesso ai dati"],
    "lt": ["Duomenų prieigos komitetas", "Prieigos prie duomenų komisija"],
    "lv": ["Datu piekļuves komiteja", "Komisija piekļuvei datiem"],
    "mt": ["Kumitat għall-aċċess għad-data", "Kumitat dwar l-aċċess għad-dejta", "Bord tal-aċċess għad-data"],
    "nl": ["Datatoegangscommissie UMCU", "Gegevenstoegangscommissie", "Commissie voor toegang tot gegevens",
           "Toegangscommissie Biobank"],
    "no": ["Datatilgangskomiteen", "Komité for datatilgang", "Datatilgangsutvalget"],
    "pl": ["Komitet ds. dostępu do danych", "Komisja do spraw dostępu do danych", "KOMITET DOSTĘPU DO DANYCH"],
    "pt": ["Comissão de Acesso a Dados", "Comité de acesso aos dados"],
    "ro": ["Comitetul de acces la date", "Comisia pentru accesul la date"],
    "sk": ["Výbor pre prístup k údajom", "Komisia pre prístup k dátam"],
    "sl": ["Odbor za dostop do podatkov", "Komisija za dostop do genomskih podatkov"],
    "sv": ["Dataåtkomstkommittén", "Kommittén för dataåtkomst", "Dataaccesskommitté"],
}  # fmt: skip

# Ethics, data protection, access to documents, care or buildings, publishing: other bodies, in the same words.
OTHERS = {
    "bg": ["Комисия за защита на личните данни", "Комисия по етика", "Достъп до данни"],
    "cs": ["Etická komise", "Přístup k datům", "Rada pro výzkum"],
    "da": ["National Videnskabsetisk Komité", "Adgang for alle", "Datatilsynet"],
    "de": ["Ethikkommission der Universität", "Datenschutzkommission", "Datenzugang", "Zugangskommission",
           "DACH Forschung"],
    "el": ["Επιτροπή Δεοντολογίας", "Αρχή Προστασίας Δεδομένων", "Πρόσβαση σε δεδομένα"],
    "en": ["Health Data Access Body NL", "Open Access Committee", "Ethics Committee", "Data Protection Committee",
           "Accessibility Committee", "Data Accessibility", "EDAC", "Dac Adrian", "Dacia",
           "Data access and committees"],
    "es": ["Comisión de Acceso a la Información Pública", "Comité de Ética", "Acceso a datos"],
    "et": ["Andmekaitse Inspektsioon", "Eetikakomitee", "Juurdepääs andmetele"],
    "fi": ["Eettinen toimikunta", "Tieteellinen toimikunta", "Tietojen käyttö"],
    "fr": ["Commission d'accès aux documents administratifs", "Comité d'accès aux soins", "Comité d'éthique",
           "Comité de sécurité de l'information", "Accès aux données"],
    "ga": ["Coiste Eitice", "Rochtain ar Shonraí"],
    "hr": ["Etičko povjerenstvo", "Pristup podacima"],
    "hu": ["Adatvédelmi Hatóság", "Etikai Bizottság", "Adathozzáférés"],
    "is": ["Vísindasiðanefnd", "Persónuvernd", "Aðgangur að gögnum"],
    "it": ["Commissione per l'accesso ai documenti amministrativi", "Comitato etico", "Accesso ai dati"],
    "lt": ["Duomenų apsaugos inspekcija", "Bioetikos komitetas", "Duomenų prieiga"],
    "lv": ["Datu valsts inspekcija", "Ētikas komiteja", "Datu piekļuve"],
    "mt": ["Kumitat tal-Etika", "Aċċess għad-data"],
    "nl": ["Toegankelijkheidscommissie", "Medisch-ethische toetsingscommissie", "Toegang tot gegevens"],
    "no": ["Regional komité for medisinsk forskningsetikk", "Datatilsynet", "Tilgang til data"],
    "pl": ["Komitet Etyki", "Urząd Ochrony Danych", "Dostęp do danych"],
    "pt": ["Comissão de Acesso aos Documentos Administrativos", "Comissão de Ética", "Acesso a dados"],
    "ro": ["Comitetul de etică", "Acces la date"],
    "sk": ["Komisia pre etiku", "Prístup k údajom"],
    "sl": ["Komisija za medicinsko etiko", "Dostop do podatkov"],
    "sv": ["Etikprövningsnämnden", "Datainspektionen", "Tillgång till data"],
}  # fmt: skip


def test_every_official_language_and_norwegian_and_icelandic_is_covered_and_tested() -> None:
    assert set(NAMES) == OFFICIAL | {"no", "is"} == set(COMMITTEES) == set(OTHERS)


@pytest.mark.parametrize("language", sorted(COMMITTEES))
def test_a_committee_is_recognised_in_its_language(language: str) -> None:
    assert {name: committee_language(name) for name in COMMITTEES[language]} == dict.fromkeys(
        COMMITTEES[language], language
    )


@pytest.mark.parametrize("language", sorted(OTHERS))
def test_other_bodies_are_not_taken_for_committees(language: str) -> None:
    assert {name: committee_language(name) for name in OTHERS[language]} == dict.fromkeys(OTHERS[language])


def test_a_name_without_accents_or_in_capitals_is_the_same_name() -> None:
    assert committee_language("VYBOR PRO PRISTUP K DATUM") == "cs"
    assert committee_language("komitet ds. dostepu do danych") == "pl"
