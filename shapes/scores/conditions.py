"""The conditions of metrics that are more than "there is a value". Each answers yes, no, or None for unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final, TypeAlias

import pyoxigraph as ox

from shapes.codelists import listed, normalise
from shapes.codelists.background import background
from shapes.graph import Term
from shapes.scores.metric import rows
from shapes.scores.subject import Subject
from shapes.vocabulary import EU, GENID, IANA, OBO, SKOS

Condition: TypeAlias = Callable[[Subject], bool | None]

_PERSISTENT: Final = re.compile(
    r"^(?:(?:https?://)?(?:(?:dx\.)?doi\.org|hdl\.handle\.net|n2t\.net|identifiers\.org|w3id\.org|purl\.org|"
    r"urn:nbn:|purl\.[a-z]+\.[a-z]+)|doi:|hdl:|ark:|10\.\d{4,9}/|EGA[CDPS]\d{11}$)",
    re.IGNORECASE,
)
_FILE_TYPES: Final = f"{EU.base}file-type/"
_RICH: Final = ("dct:title", "dct:description", "dcat:keyword", "dcat:theme", "dct:publisher")
_PLURAL: Final = (
    "dct:spatial", "dct:temporal", "dct:type", "dct:language", "dct:accrualPeriodicity", "dpv:hasPurpose",
    "healthdcatap:populationCoverage", "healthdcatap:numberOfRecords", "healthdcatap:numberOfUniqueIndividuals",
    "healthdcatap:minTypicalAge", "healthdcatap:healthTheme", "healthdcatap:hasVariables", "dct:conformsTo",
)  # fmt: skip
_ENOUGH_ATTRIBUTES: Final = 6
_ENOUGH_LISTS: Final = 3
_LICENCES: Final = "dct:license|dcat:distribution/dct:license"
_POLICIES: Final = "odrl:hasPolicy|dcat:distribution/odrl:hasPolicy"
_RULES: Final = "odrl:permission/odrl:constraint/odrl:rightOperand"
_CODES: Final = f"odrl:hasPolicy/{_RULES}|dcat:distribution/odrl:hasPolicy/{_RULES}"


def _reachable(path: str) -> Condition:
    """Whether any address answers: yes if one does, no if all were tried and none does, else unknown."""

    def condition(subject: Subject) -> bool | None:
        addresses = [term for term in subject.values(path) if isinstance(term, ox.NamedNode)]
        if not addresses or not subject.reachable:
            return None if addresses else False
        known = [subject.reachable.get(address.value) for address in addresses]
        return True if True in known else None if None in known else False

    return condition


def _format_listed(subject: Subject) -> bool:
    """Whether what is given of format and media type comes from its list, and one of them is given."""
    formats, media = subject.values("dct:format"), subject.values("dcat:mediaType")
    in_list = [_list_of(term) == "file-type" for term in formats]
    in_register = [normalise(term.value).startswith(IANA.base) for term in media]
    return bool(in_list or in_register) and all((*in_list, *in_register))


def _quality(column: str) -> Condition:
    """Whether any format is machine readable (or non-proprietary): unknown for formats not in our table."""

    def condition(subject: Subject) -> bool | None:
        given = subject.values("dct:format|dcat:mediaType")
        formats = _formats()
        known = [formats[code][column] == "yes" for term in given if (code := _code(term)) in formats]
        return True if True in known else None if given and not known else False

    return condition


@cache
def _formats() -> Mapping[str, Mapping[str, str]]:
    return {row["code"]: row for row in rows("formats")}


def _code(term: Term) -> str:
    """The code of a format: of the EU list, the media type, or what the text says."""
    text = normalise(term.value) if isinstance(term, ox.NamedNode) else term.value
    if text.startswith(IANA.base):
        return text.removeprefix(IANA.base)
    return text.removeprefix(_FILE_TYPES) if text.startswith(_FILE_TYPES) else text.upper()


def _list_of(term: Term) -> str:
    found = listed(normalise(term.value)) if isinstance(term, ox.NamedNode) else None
    return "" if found is None else found[0].name


def _is_known_licence(term: Term) -> bool:
    """Whether a licence is of the EU list or of a register of licences that we know."""
    return isinstance(term, ox.NamedNode) and _is_registered(term.value)


@lru_cache(maxsize=1024)
def _is_registered(licence: str) -> bool:
    return any(triple.predicate.value in (SKOS.inScheme, SKOS.exactMatch) for triple in background((licence,)))


def _names(subject: Subject) -> Iterable[str]:
    yield from (term.value for term in subject.values("dct:identifier|adms:identifier/skos:notation"))


def _is_global(subject: Subject) -> bool:
    iri = isinstance(subject.dataset, ox.NamedNode)
    return iri and GENID not in subject.dataset.value and subject.dataset.value.startswith(("http://", "https://"))


def _standard_terms(subject: Subject) -> bool:
    codes = subject.values(_CODES)
    duo = any(term.value.startswith(f"{OBO.base}DUO_") for term in codes)
    return duo or any(_is_known_licence(term) for term in subject.values(_LICENCES))


def _machine_terms(subject: Subject) -> bool:
    licences = subject.values(_LICENCES)
    return any(isinstance(term, ox.NamedNode) for term in licences) or subject.has(_POLICIES)


def _vocabularies(subject: Subject) -> bool:
    found: set[str] = set()
    for terms in subject.graph.predicates(subject.dataset).values():
        found.update(name for term in terms if (name := _list_of(term)))
        if len(found) >= _ENOUGH_LISTS:
            return True
    return False


CONDITIONS: Final[Mapping[str, Condition]] = MappingProxyType({
    "access-reachable": _reachable("dcat:accessURL"),
    "download-reachable": _reachable("dcat:downloadURL"),
    "format-listed": _format_listed,
    "format-known": lambda s: any(_list_of(t) == "file-type" for t in s.values("dcat:distribution/dct:format"))
    or s.has("dct:conformsTo|dcat:distribution/dct:conformsTo"),
    "machine-readable": _quality("machine_readable"),
    "non-proprietary": _quality("non_proprietary"),
    "compliant": lambda s: s.compliant,
    "licence-listed": lambda s: any(map(_is_known_licence, s.values("dct:license"))),
    "access-right-listed": lambda s: any(_list_of(term) == "access-right" for term in s.values("dct:accessRights")),
    "persistent-subject": lambda s: _is_global(s) and bool(_PERSISTENT.match(s.dataset.value)),
    "persistent-identifier": lambda s: any(_PERSISTENT.match(name) for name in _names(s)),
    "global-subject": _is_global,
    "global-identifier": lambda s: s.has("adms:identifier/adms:schemaAgency")
    or any(_PERSISTENT.match(name) or "://" in name for name in _names(s)),
    "rich": lambda s: all(map(s.has, _RICH)),
    "plural": lambda s: sum(map(s.has, _PLURAL)) >= _ENOUGH_ATTRIBUTES,
    "vocabularies": _vocabularies,
    "standard-terms": _standard_terms,
    "machine-terms": _machine_terms,
})  # fmt: skip
