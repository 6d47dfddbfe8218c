"""How values that are not columns are written: bodies and findings compressed, lists and committees as JSON."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, fields
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final

from catalogue.dac.committee import Committee, Observed, Role
from catalogue.dac.systems import Binding, System, SystemKind
from catalogue.journal.run import COUNTERS, Counts
from catalogue.text import Text
from shapes.record import Kind
from shapes.report import Finding

# Measured on real records: a tenth larger than with level 6, in half the time.
_LEVEL: Final = 3
_FINDING_FIELDS: Final = tuple(f.name for f in fields(Finding) if f.name != "detail")
_values_of: Final = attrgetter(*_FINDING_FIELDS)


def pack(body: bytes) -> bytes:
    """Compress a body (zlib)."""
    return zlib.compress(body, _LEVEL)


def unpack(packed: bytes) -> bytes:
    """Return what was packed."""
    return zlib.decompress(packed)


def clean(text: str) -> str:
    """Return text that every database can keep: a stranger's NUL or lone surrogate becomes U+FFFD or `?`."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def dump_names(values: tuple[str, ...]) -> str:
    """Write a list of texts (JSON escapes what a text column cannot keep)."""
    return json.dumps(values)


def load_names(text: str) -> tuple[str, ...]:
    """Read a list of texts."""
    return tuple(json.loads(text))


def dump_findings(findings: tuple[Finding, ...]) -> bytes:
    """Write findings: compressed JSON, fields that are None left out."""
    return pack(json.dumps([_finding(f) for f in findings], separators=(",", ":")).encode("ascii"))


def load_findings(packed: bytes) -> tuple[Finding, ...]:
    """Read findings."""
    return tuple(_read_finding(entry) for entry in json.loads(unpack(packed)))


def _finding(finding: Finding) -> dict[str, Any]:
    values = zip(_FINDING_FIELDS, _values_of(finding), strict=True)
    entry: dict[str, Any] = {name: value for name, value in values if value is not None}
    if finding.detail:
        entry["detail"] = [_finding(f) for f in finding.detail]
    return entry


def _read_finding(entry: Mapping[str, Any]) -> Finding:
    values: dict[str, Any] = {n: entry.get(n) for n in _FINDING_FIELDS}
    return Finding(**values, detail=tuple(_read_finding(f) for f in entry.get("detail", ())))


def dump_counts(counts: Mapping[Kind, Counts]) -> str:
    """Write the figures of a run: kind -> counter -> number, zeros left out."""
    figures = {kind: {n: v for n in COUNTERS if (v := getattr(c, n))} for kind, c in counts.items()}
    return json.dumps({kind: named for kind, named in figures.items() if named})


def load_counts(text: str) -> Mapping[Kind, Counts]:
    """Read the figures of a run. A counter this program does not know is left out."""
    return MappingProxyType(
        {
            Kind(kind): Counts(**{n: v for n, v in named.items() if n in COUNTERS})
            for kind, named in json.loads(text).items()
        }
    )


_COMMITTEE_FIELDS: Final = frozenset(f.name for f in fields(Committee))


def dump_committee(committee: Committee) -> str:
    """Write a committee: JSON with sorted keys, so that equal committees have equal text."""
    return json.dumps(asdict(committee), sort_keys=True)


def load_committee(text: str) -> Committee:
    """Read a committee. A field this program does not know is left out, one it had not then has its default."""
    stored = {n: v for n, v in json.loads(text).items() if n in _COMMITTEE_FIELDS}
    systems = tuple(_read_system(each) for each in stored.pop("systems", ()))
    observed = stored.pop("observed", None)
    values = {n: _read_value(v) for n, v in stored.items()} | {"role": Role(stored["role"])}
    return Committee(**values, systems=systems, observed=Observed(**observed) if observed else None)


def _read_system(value: Mapping[str, Any]) -> System:
    bindings = tuple(Binding(**each) for each in value["bindings"])
    return System(**{**value, "kind": SystemKind(value["kind"]), "bindings": bindings})


def _read_value(value: Any) -> Any:  # noqa: ANN401 - a value of JSON
    if isinstance(value, list):
        return tuple(Text(**entry) if isinstance(entry, dict) else entry for entry in value)
    return value
