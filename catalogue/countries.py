"""Countries: the two-letter code a source is registered with, and its concept in the EU country list."""

from __future__ import annotations

from typing import Final

from shapes.vocabulary import EU

# ISO 3166-1 alpha-2 -> alpha-3 for the members and neighbours of the GDI. The EU list uses alpha-3; its two-letter
# notations differ from ISO for two countries (EL, UK), which are therefore accepted too.
ALPHA3: Final = {
    "AD": "AND", "AL": "ALB", "AM": "ARM", "AT": "AUT", "AZ": "AZE", "BA": "BIH", "BE": "BEL", "BG": "BGR",
    "BY": "BLR", "CH": "CHE", "CY": "CYP", "CZ": "CZE", "DE": "DEU", "DK": "DNK", "EE": "EST", "EL": "GRC",
    "ES": "ESP", "FI": "FIN", "FO": "FRO", "FR": "FRA", "GB": "GBR", "GE": "GEO", "GI": "GIB", "GL": "GRL",
    "GR": "GRC", "HR": "HRV", "HU": "HUN", "IE": "IRL", "IL": "ISR", "IS": "ISL", "IT": "ITA", "LI": "LIE",
    "LT": "LTU", "LU": "LUX", "LV": "LVA", "MC": "MCO", "MD": "MDA", "ME": "MNE", "MK": "MKD", "MT": "MLT",
    "NL": "NLD", "NO": "NOR", "PL": "POL", "PT": "PRT", "RO": "ROU", "RS": "SRB", "RU": "RUS", "SE": "SWE",
    "SI": "SVN", "SK": "SVK", "SM": "SMR", "TR": "TUR", "UA": "UKR", "UK": "GBR", "US": "USA", "VA": "VAT",
    "XK": "XKX",
}  # fmt: skip
ALPHA2: Final = {alpha3: alpha2 for alpha2, alpha3 in ALPHA3.items() if alpha2 not in {"EL", "UK"}}


def country_iri(code: str) -> str | None:
    """Return the concept of the EU country list for an ISO code of two or three letters, or None if unknown here."""
    code = code.strip().upper()
    alpha3 = ALPHA3.get(code) or (code if code in ALPHA2 else None)
    return f"{EU.base}country/{alpha3}" if alpha3 else None


def alpha2(code: str) -> str:
    """Return the ISO two-letter code for a two- or three-letter one (`BEL`, `EL`); an unknown one in upper case."""
    code = code.strip().upper()
    return ALPHA2.get(ALPHA3.get(code, code), code)
