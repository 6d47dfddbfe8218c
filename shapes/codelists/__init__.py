"""The code lists of DCAT-AP, HealthDCAT-AP and GDI, with labels: one concept, one IRI, however a node wrote it.

The lists are tab-separated tables in this folder (`lists.tsv` names them, `aliases.tsv` holds other spellings of their
IRIs, ATTRIBUTION.md says whose they are). They are read on first use and kept; they never change while we run.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from shapes.vocabulary import expand

LANGUAGES: Final = ("en", "de", "fr", "es", "it", "nl")

_NO_LABELS: Mapping[str, str] = MappingProxyType({})
# A regulation, directive or decision by number alone, without the "/oj" that names its text in the Official Journal.
_BARE_ACT = re.compile(r"http://data\.europa\.eu/eli/(?:reg|reg_impl|reg_del|dir|dec|dec_impl)/\d{4}/\d+")
_ACT_TEXT = re.compile(r"(http://data\.europa\.eu/eli/[a-z_]+/\d{4}/\d+/oj)/[a-z]{3}(?:/\w+)?")


@dataclass(frozen=True, slots=True)
class ListedConcept:
    """One concept of a code list.

    `code` is its last part (`NON_PUBLIC`, `DUO:0000042`), `labels` are by language tag, `broader` is the IRI of the
    next wider concept where the list is a tree (it may stand in another list: a country's continent).
    `kind` tells DUO's permissions from its modifiers, and marks deprecated countries; `short` is DUO's shorthand (HMB);
    `note` says in plain English what the concept means for a reader.
    """

    iri: str
    code: str
    scheme: str
    labels: Mapping[str, str]
    broader: str | None = None
    kind: str = ""
    short: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CodeList:
    """One code list. `complete` is False when our copy is known to lack codes, or its owner adds codes often.

    `base` begins the IRIs of its concepts; with `owns_base`, every IRI that begins so belongs to the list.
    `classes` are the IRIs of the classes its concepts belong to, as the profiles' ranges ask.
    """

    name: str
    scheme: str
    title: str
    concepts: tuple[ListedConcept, ...]
    complete: bool
    base: str = ""
    owns_base: bool = False
    classes: tuple[str, ...] = field(default=())


def table(name: str) -> Iterator[dict[str, str]]:
    """Return the rows of one table of this folder, by column; empty cells are empty strings."""
    with files(__name__).joinpath(f"{name}.tsv").open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


@cache
def _headers() -> Mapping[str, Mapping[str, str]]:
    return {row["name"]: row for row in table("lists")}


def names() -> tuple[str, ...]:
    """Return the names of all code lists."""
    return tuple(_headers())


@cache
def codelists() -> Mapping[str, CodeList]:
    """Return every code list by name."""
    return MappingProxyType({name: codelist(name) for name in _headers()})


@cache
def codelist(name: str) -> CodeList:
    """Return one code list. Raises KeyError naming the lists there are."""
    header = _headers().get(name)
    if header is None:
        raise KeyError(f"no code list is named {name!r}; there are {', '.join(_headers())}")
    rows = list(table(name))
    iris = {row["code"]: row.get("iri") or header["base"] + row["code"] for row in rows}
    return CodeList(
        name=name,
        scheme=header["scheme"],
        title=header["title"],
        concepts=tuple(_concept(row, iris, header["scheme"]) for row in rows),
        complete=header["complete"] == "yes",
        base=header["base"],
        owns_base=header["owns_base"] == "yes",
        classes=tuple(expand(name) for name in header["classes"].split()),
    )


def _concept(row: Mapping[str, str], iris: Mapping[str, str], scheme: str) -> ListedConcept:
    """Make a concept of a row; a broader concept is given by its code in the same list, or by its IRI."""
    broader = row.get("broader") or None
    return ListedConcept(
        iri=iris[row["code"]],
        code=row["code"],
        scheme=scheme,
        labels=MappingProxyType({tag: row[tag] for tag in LANGUAGES if row.get(tag)}) or _NO_LABELS,
        broader=iris.get(broader, broader) if broader else None,
        kind=row.get("kind") or "",
        short=row.get("short") or "",
        note=row.get("note") or "",
    )


@cache
def _index() -> Mapping[str, tuple[CodeList, ListedConcept]]:
    """Every listed concept by canonical IRI."""
    return {each.iri: (found, each) for found in codelists().values() for each in found.concepts}


@cache
def _folded() -> Mapping[str, str]:
    """Canonical IRI by the same IRI in lower case: nodes write `file-type/csv` for `file-type/CSV`."""
    return {iri.casefold(): iri for iri in _index()}


@cache
def _aliases() -> tuple[Mapping[str, str], tuple[tuple[str, str], ...]]:
    """Exact other spellings, and other beginnings (longest first)."""
    exact: dict[str, str] = {}
    prefixes: list[tuple[str, str]] = []
    for row in table("aliases"):
        if row["kind"] == "exact":
            exact[row["written"]] = row["canonical"]
        else:
            prefixes.append((row["written"], row["canonical"]))
    return exact, tuple(sorted(prefixes, key=lambda pair: -len(pair[0])))


@cache
def _other_beginnings() -> tuple[str, ...]:
    """The other beginnings alone: whether an IRI has one of them is found in one step."""
    return tuple(old for old, _ in _aliases()[1])


def concept(iri: str) -> ListedConcept | None:
    """Return the listed concept an IRI names, in any of its spellings; None when our lists do not have it."""
    found = _index().get(normalise(iri))
    return found[1] if found else None


def listed(iri: str) -> tuple[CodeList, ListedConcept] | None:
    """Return the list and the concept a *canonical* IRI names (no other spelling); None when there is none."""
    return _index().get(iri)


def owner(iri: str) -> CodeList | None:
    """Return the list that owns the namespace of an IRI, whether or not it knows the code; None when none does."""
    return next((each for each in _owners() if iri.startswith(each.base) and len(iri) > len(each.base)), None)


@cache
def _owners() -> tuple[CodeList, ...]:
    return tuple(sorted((each for each in codelists().values() if each.owns_base), key=lambda each: -len(each.base)))


@lru_cache(maxsize=32_768)
def normalise(iri: str) -> str:
    """Return the one canonical IRI of a concept, whatever host, scheme, case or ending a node wrote; idempotent.

    Known: http and https of the EU lists, the health lists' former hosts, GDI's own health categories, the hosts and
    former namespaces of DPV, ELI variants of European law, DUO's compact form, ISO 639 IRIs of European languages and
    Creative Commons licences. Any other IRI comes back as it is, without blanks around it.
    """
    written = iri.strip()
    if written in _index():
        return written
    exact, prefixes = _aliases()
    found = exact.get(written) or exact.get(written.rstrip("/"))
    if found is None:
        found = written
        if written.startswith(_other_beginnings()):  # hardly any does
            found = next(new + written[len(old) :] for old, new in prefixes if written.startswith(old))
            found = exact.get(found, found)
    return _as_listed(_act(found))


def _act(iri: str) -> str:
    """Bring the ELI of a European act to the form that names its text: `…/reg/2025/327` becomes `…/reg/2025/327/oj`."""
    bare = iri.rstrip("/")
    if _BARE_ACT.fullmatch(bare):
        return f"{bare}/oj"
    text = _ACT_TEXT.fullmatch(bare)
    return text.group(1) if text else iri


def _as_listed(iri: str) -> str:
    """Correct a trailing slash or the case of letters, if that alone keeps an IRI from being a listed one."""
    if iri in _index():
        return iri
    return _folded().get(iri.rstrip("/").casefold(), iri)
