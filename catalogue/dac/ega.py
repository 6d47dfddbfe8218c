"""Committees from EGA's own JSON objects (EbiEga/ega-metadata-schema: EGA.DAC.json, EGA.policy.json)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from catalogue.dac.committee import Committee
from catalogue.dac.errors import BadRegistry
from catalogue.dac.registry import ega_accessions
from catalogue.dac.systems import Binding, System, SystemKind
from catalogue.reading.agents import email_of
from catalogue.text import Text

_EGA: Final = "https://ega-archive.org"
_PAGE: Final = f"{_EGA}/dacs/"
_DAC, _POLICY = "DAC", "policy"


def is_ega(entry: object) -> bool:
    """Whether a JSON value is an object of EGA's schema."""
    return _kind(entry) != ""


def committees_of_ega(entries: Iterable[object], name: str) -> tuple[Committee, ...]:
    """Make committees of DAC objects, which govern the policies they refer to and the datasets of those policies.

    Raises `BadRegistry` for a DAC without an accession or title.
    """
    entries = [entry for entry in entries if isinstance(entry, Mapping)]
    datasets = {policy: governed for entry in entries if _kind(entry) == _POLICY for policy, governed in _policy(entry)}
    found: list[Committee] = []
    for number, entry in enumerate(entries, 1):
        if _kind(entry) == _DAC:
            committee = _committee(_data(entry), number, name)
            further = (d for policy in committee.governs for d in datasets.get(policy, ()))
            found.append(_with_datasets(committee, tuple(dict.fromkeys(further))))
    return tuple(found)


def _with_datasets(committee: Committee, datasets: tuple[str, ...]) -> Committee:
    """The committee with the datasets of its policies: it governs them, and one applies for each on its page at EGA."""
    systems = tuple(replace(each, bindings=tuple(map(Binding, datasets))) for each in committee.systems)
    return replace(committee, governs=tuple(dict.fromkeys((*committee.governs, *datasets))), systems=systems)


def _data(entry: object) -> Mapping[str, object]:
    inner = entry.get("data", entry) if isinstance(entry, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _kind(entry: object) -> str:
    described = _data(entry).get("schemaDescriptor")
    kind = described.get("objectType") if isinstance(described, Mapping) else None
    return kind if isinstance(kind, str) and kind in {_DAC, _POLICY} else ""


def _text(data: Mapping[str, object], *path: str) -> str:
    value: object = data
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value.strip() if isinstance(value, str) else ""


def _related(data: Mapping[str, object], key: str, kinds: str) -> tuple[str, ...]:
    """Accessions an object refers to, in its relationships' targets and sources."""
    related = data.get(key)
    texts = (
        _text(each, end, "objectId", "egaAccession")
        for each in (related if isinstance(related, list) else ())
        if isinstance(each, Mapping) and each.get("rType") == "referencedBy"
        for end in ("rTarget", "rSource")
    )
    return tuple(dict.fromkeys(a for text in texts for a in ega_accessions(text, kinds)))


def _policy(entry: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    data = _data(entry)
    for accession in ega_accessions(_text(data, "objectId", "egaAccession"), "P"):
        yield accession, _related(data, "policyRelationships", "D")


def _committee(data: Mapping[str, object], number: int, name: str) -> Committee:
    accession = next(iter(ega_accessions(_text(data, "objectId", "egaAccession"), "C")), None)
    title = _text(data, "objectTitle")
    if accession is None or not title:
        missing = "objectId.egaAccession (EGAC and eleven digits)" if accession is None else "objectTitle"
        raise BadRegistry(f"EGA object {number}: {missing} is missing.", url=name or None)
    description = _text(data, "objectDescription")
    return Committee(
        id=accession,
        names=(Text(title),),
        email=email_of(_text(data, "dacContacts", "mainContact", "emailAddress")),
        homepage=_PAGE + accession,
        remit=(Text(description),) if description else (),
        identifiers=(accession,),
        governs=_related(data, "dacRelationships", "P"),
        systems=(System(SystemKind.EGA, _EGA),),
    )
