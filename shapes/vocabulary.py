"""Every namespace, once.

An attribute or item of a `Namespace` is the IRI of a term as a plain string, so that no floor has to choose one RDF
library's term class to name a property: `DCT.title == "http://purl.org/dc/terms/title"`, `DPV["has-dash"]`.
"""

from __future__ import annotations

from functools import lru_cache


class Namespace:
    """A namespace IRI (`base`) whose attributes and items are the IRIs of its terms."""

    base: str

    def __init__(self, base: str) -> None:
        self.base = base

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        iri = self.__dict__[name] = self.base + name  # kept: programs name few terms, again and again
        return iri

    def __getitem__(self, name: str) -> str:
        return self.base + name

    def __contains__(self, iri: object) -> bool:
        return isinstance(iri, str) and iri.startswith(self.base)

    def __str__(self) -> str:
        return self.base


ADMS = Namespace("http://www.w3.org/ns/adms#")
AS = Namespace("https://www.w3.org/ns/activitystreams#")
CSVW = Namespace("http://www.w3.org/ns/csvw#")
CV = Namespace("http://data.europa.eu/m8g/")
DATACITE = Namespace("http://purl.org/spar/datacite/")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
DCT = Namespace("http://purl.org/dc/terms/")
DPV = Namespace("https://w3id.org/dpv#")
DQV = Namespace("http://www.w3.org/ns/dqv#")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
FDP = Namespace("https://w3id.org/fdp/fdp-o#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
GEODCATAP = Namespace("http://data.europa.eu/930/")
HEALTH = Namespace("http://healthdataportal.eu/ns/health#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
LDES = Namespace("https://w3id.org/ldes#")
LDP = Namespace("http://www.w3.org/ns/ldp#")
LOCN = Namespace("http://www.w3.org/ns/locn#")
OA = Namespace("http://www.w3.org/ns/oa#")
OBO = Namespace("http://purl.obolibrary.org/obo/")
ODRL = Namespace("http://www.w3.org/ns/odrl/2/")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
PROV = Namespace("http://www.w3.org/ns/prov#")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
SCHEMA = Namespace("https://schema.org/")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SH = Namespace("http://www.w3.org/ns/shacl#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
TIME = Namespace("http://www.w3.org/2006/time#")
TREE = Namespace("https://w3id.org/tree#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
VOID = Namespace("http://rdfs.org/ns/void#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")

# What an IRI has in it that stands for a blank node (RDF 1.1 Concepts, section 3.5): it may change with every export.
GENID = "/.well-known/genid/"

# Ours: the few terms no standard has (who decides, by which rule, how long it takes). Documented in docs/vocabulary.md.
GDIX = Namespace("https://w3id.org/gdi-catalogue/ns#")
# The GDI core profile's own namespace, and the bases of the code lists.
GDI = Namespace("http://data.gdi.eu/core/p2/")
EU = Namespace("http://publications.europa.eu/resource/authority/")
HDEU = Namespace("https://hdeu-dcat.data.health.europa.eu/resource/authority/")
IANA = Namespace("http://www.iana.org/assignments/media-types/")
EHDS = "http://data.europa.eu/eli/reg/2025/327/oj"

PREFIXES: dict[str, str] = {
    "adms": ADMS.base,
    "csvw": CSVW.base,
    "cv": CV.base,
    "dcat": DCAT.base,
    "dcatap": DCATAP.base,
    "dct": DCT.base,
    "dpv": DPV.base,
    "dqv": DQV.base,
    "eli": ELI.base,
    "fdp-o": FDP.base,
    "foaf": FOAF.base,
    "gdi": GDI.base,
    "gdix": GDIX.base,
    "geodcatap": GEODCATAP.base,
    "healthdcatap": HEALTH.base,
    "hydra": HYDRA.base,
    "ldp": LDP.base,
    "locn": LOCN.base,
    "oa": OA.base,
    "obo": OBO.base,
    "odrl": ODRL.base,
    "owl": OWL.base,
    "prov": PROV.base,
    "rdf": RDF.base,
    "rdfs": RDFS.base,
    "schema": SCHEMA.base,
    "sh": SH.base,
    "skos": SKOS.base,
    "spdx": SPDX.base,
    "time": TIME.base,
    "vcard": VCARD.base,
    "xsd": XSD.base,
}


@lru_cache(maxsize=4096)
def shorten(iri: str) -> str:
    """Return the prefixed name of an IRI (`dct:title`), or the IRI itself where no prefix of ours fits."""
    best = ""
    for prefix, base in PREFIXES.items():
        if iri.startswith(base) and len(base) > len(PREFIXES.get(best, "")):
            best = prefix
    if not best:
        return iri
    local = iri[len(PREFIXES[best]) :]
    return f"{best}:{local}" if local and "/" not in local and "#" not in local else iri


def expand(name: str) -> str:
    """Return the IRI of a prefixed name of ours (`dct:title`); anything else comes back as it is."""
    prefix, colon, local = name.partition(":")
    base = PREFIXES.get(prefix)
    return f"{base}{local}" if colon and base and not local.startswith("//") else name
