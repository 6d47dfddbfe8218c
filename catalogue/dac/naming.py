"""Does a name say "data access committee"? In the official languages of the EU, and Norwegian and Icelandic."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from catalogue.folding import fold

_DATA: Final = "(data|datasets?|samples?|biobank|biospecimen|resource|tissue|genomics?|cohort|registry|research)"
_USE: Final = "((use|sharing) (and|&) )"
_DONNEES: Final = "(données|échantillons|jeux? de données|biobanque|ressources biologiques)"
_USED: Final = "( (and|&) use| review| oversight)"

# language -> what such a body is called, as regular expressions over folded text (no case, no accents), whole words.
# A name must speak of access to data (or samples): bodies for access to documents, care or universities are others.
NAMES: Final[dict[str, tuple[str, ...]]] = {
    "bg": (
        r"(комитет|комисия|съвет)(ът|а|та)? (за|по) достъпа?( до)? (данни|данните|генетични данни|геномни данни)",
    ),
    "cs": (r"(výbor|komise|rada)u? pro přístup k (genomickým |genetickým |zdravotním )?(datům|údajům)",),
    "da": (
        r"data ?-?adgangs(komité|udvalg|nævn|råd)(en|et)?",
        r"(komité|udvalg|nævn|råd)(en|et)? (for|vedrørende) (dataadgang|adgang til (sundheds)?data)",
    ),
    "de": (
        r"daten-?(zugangs|zugriffs)-?(komitee|ausschuss|kommission|gremium|rat)(e?s)?",
        r"(komitee|ausschuss|kommission|gremium)(e?s)? (für|über) (den )?(datenzugang|datenzugriff)",
        r"(komitee|ausschuss|kommission|gremium)(e?s)? für den zugang zu( den)? daten",
        r"use (and|&) access-? ?(komitee|ausschuss)",
    ),
    "el": (
        r"επιτροπή(ς)? (για την )?πρόσβαση(ς)?( σε| στα)?( γενετικά| γονιδιωματικά)? (δεδομένα|δεδομένων)",
    ),
    "en": (
        rf"{_DATA}( and (data|samples?|resources?))? {_USE}?access{_USED}? (committee|board|commission|panel)s?",
        r"(data )?(use|usage) (and|&) access (committee|board|panel)",
        r"committee (on|for) (data access|access to (the )?(data|samples))",
        r"^access committee",
    ),
    "es": (
        r"(comité|comisión|consejo|junta) (de|para el) acceso a (los )?datos( genómicos| genéticos)?",
        r"(comité|comisión) de acceso a (las )?muestras",
    ),
    "et": (
        r"(andmetele )?(juurdepääsu|ligipääsu) ?-?(komitee|komisjon|nõukogu)",
        r"andme(pääsu|kasutus)-? ?(komitee|komisjon|nõukogu)",
        r"andmete väljastamise (komitee|komisjon)",
    ),
    "fi": (
        r"(käyttöoikeus|käyttölupa)-?(komite|toimikun|lautakun|neuvosto)\w*",
        r"(tietojen |datan |aineistojen |tiedon|datan)-?(saatavuus|saanti|pääsy)-?(komite|toimikun|lautakun)\w*",
        r"tietojen käyttöoikeuksien (komitea|toimikunta|lautakunta)",
        r"data access -?komitea",
        r"aineistopyyntö(toimikunta|lautakunta)",
    ),
    "fr": (
        rf"(comité|commission|conseil|bureau)( scientifique| indépendant)?( pour)? (d'|de l'|l')accès aux? {_DONNEES}",
        r"(comité|commission) d'accès$",
        r"comité d'accès (et|à des) (d'utilisation|données)",
    ),
    "ga": (
        r"coiste (um )?(rochtana|rochtain)( ar)? (shonraí|sonraí)",
    ),
    "hr": (r"(povjerenstv[oa]|odbora?|komisij[ae]|vijeć[ea]) za pristup (genomskim |genetskim )?(podacima|podatcima)",),
    "hu": (
        r"adat-?hozzáférési (bizottság|testület|tanács)\w*",
        r"adatokhoz való hozzáférés(i|sel foglalkozó)? (bizottság|testület)\w*",
    ),
    "is": (
        r"(gagna)?aðgangs(nefnd|ráð)(in|ar)?",
        r"nefnd um (gagnaaðgang|aðgang að (heilbrigðis)?gögnum)",
    ),
    "it": (
        r"(comitato|commissione|consiglio) (di|per l'|per l)(')? ?accesso ai (dati|campioni)",
    ),
    "lt": (
        r"(prieigos prie (genomo |sveikatos )?duomenų|duomenų prieigos) (komitet|komisij|taryb)\w*",
    ),
    "lv": (
        r"(genoma |veselības )?datu piekļuves (komitej|komisij|padom)\w*",
        r"(komiteja|komisija) (datu piekļuvei|piekļuvei datiem|par piekļuvi datiem)",
    ),
    "mt": (
        r"(kumitat|bord|kummissjoni) (dwar l-|għall-|tal-)aċċess għa(d|ll)-(data|dejta|dati)",
    ),
    "nl": (
        r"(data|gegevens)-?toegangs-?(commissie|comité|raad)",
        r"(data-?access|gegevenstoegangs) ?-?commissie",
        r"(commissie|comité) (voor )?(de )?(datatoegang|gegevenstoegang|toegang tot (de )?(gegevens|data))",
        r"toegangscommissie( (voor )?(data|gegevens|biobank))?",
    ),
    "no": (
        r"data-?tilgangs(komité|komite|utvalg|nemnd|råd)(en|et|a)?",
        r"(komité|komite|utvalg|nemnd|nemd)(en|et|a)? for (datatilgang|tilgang til (helse)?data)",
    ),
    "pl": (
        r"(komitet|komisj|rad)(u|a|i|y)? ?(ds\.?|do spraw|do) dostępu do danych",
        r"(komitet|komisja|rada) dostępu do danych",
    ),
    "pt": (
        r"(comité|comitê|comissão|conselho) (de|para o) acesso (a|aos) (dados|amostras)",
    ),
    "ro": (
        r"(comitet|comisi|consili)(ul|a|e|ului|ei)? (de|pentru|privind) acces(ul)? la (date|datele)",
    ),
    "sk": (r"(výbor|komisia|rada) pre prístup k (genomickým |genetickým |zdravotným )?(údajom|dátam)",),
    "sl": (r"(odbor|komisija|svet)a? za dostop do (genomskih |genetskih |zdravstvenih )?podatkov",),
    "sv": (
        r"data-?(åtkomst|access|tillgångs|tillträdes)s?-?(kommitté|nämnd|råd|utskott)(n|en|et|ns)?",
        r"(kommitté|nämnd|råd)(n|en|et)? för (dataåtkomst|datatillgång|tillgång till data|åtkomst till data)",
        r"åtkomstkommitté(n)?",
    ),
}  # fmt: skip

_LONGEST: Final = 500  # characters; no name is longer, and a stranger's text may be
# The acronym, in capitals only: "dac" is a word of other languages.
_ACRONYM: Final = re.compile(r"(?<![A-Za-z0-9])DAC(?![A-Za-z0-9])")


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (language, re.compile("|".join(rf"(?<!\w)(?:{fold(pattern)})(?!\w)" for pattern in patterns)))
        for language, patterns in NAMES.items()
    )


def committee_language(name: str) -> str | None:
    """Return the language in which a name says it is a data access committee, or None when it does not.

    The acronym DAC counts as English. Compared without case and accents, in whole words.
    """
    return _language(name[:_LONGEST])


@lru_cache(maxsize=8192)
def _language(name: str) -> str | None:
    """The same, remembered: a node's datasets share their publishers and contact points."""
    folded = fold(name)
    found = next((language for language, pattern in _patterns() if pattern.search(folded)), None)
    return found or ("en" if _ACRONYM.search(name) else None)
