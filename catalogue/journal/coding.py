"""How values that are not columns are written: bodies and findings compressed, lists and committees as JSON."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from catalogue.dac.committee import Committee, Observed, Role
from catalogue.dac.systems import Binding, System, SystemKind
from catalogue.journal.run import COUNTERS, Counts
from catalogue.text import Text
from shapes.record import Kind
from shapes.report import Finding

# Measured on real records: a tenth larger than with level 6, in half the time.
_LEVEL: Final = 3
# What a finding says, the same for all that one rule finds, and where it says so.
_WORDS: Final = ("severity", "path", "component", "shape", "message", "fix", "reference")
_PLACE: Final = ("focus", "value", "line", "record", "place")
_words_of: Final = attrgetter(*_WORDS)
_place_of: Final = attrgetter(*_PLACE)
_FIRST_FIELDS: Final = frozenset((*_WORDS, *_PLACE))

_Words: TypeAlias = tuple[str | None, ...]


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
    """Write findings: compressed JSON, in which the words that many findings share stand once."""
    words: dict[_Words, int] = {}
    found = json.dumps([_entry(finding, words) for finding in findings], separators=(",", ":"))
    return pack(f'{{"words":[{",".join(map(_written, words))}],"found":{found}}}'.encode("ascii"))


def load_findings(packed: bytes) -> tuple[Finding, ...]:
    """Read findings, also as programs before journal 0004 wrote them."""
    stored = json.loads(unpack(packed))
    if isinstance(stored, list):
        return tuple(map(_first_finding, stored))
    words = [dict(zip(_WORDS, each, strict=True)) for each in stored["words"]]
    return tuple(_finding(entry, words) for entry in stored["found"])


@lru_cache(maxsize=4096)
def _written(words: _Words) -> str:
    """Return words as JSON: those of a profile's rules come again with every record."""
    return json.dumps(words, separators=(",", ":"))


def _entry(finding: Finding, words: dict[_Words, int]) -> list[Any]:
    """Return the number of a finding's words, its place, and the findings it is made of where there are some."""
    entry = [words.setdefault(_words_of(finding), len(words)), *_place_of(finding)]
    if finding.detail:
        entry.append([_entry(each, words) for each in finding.detail])
    return entry


def _finding(entry: Sequence[Any], words: Sequence[dict[str, Any]]) -> Finding:
    number, focus, value, line, record, place, *more = entry
    detail = tuple(_finding(each, words) for each in more[0]) if more else ()
    return Finding(**words[number], focus=focus, value=value, line=line, record=record, place=place, detail=detail)


def _first_finding(entry: Mapping[str, Any]) -> Finding:
    values: dict[str, Any] = {name: entry.get(name) for name in _FIRST_FIELDS}
    return Finding(**values, detail=tuple(map(_first_finding, entry.get("detail", ()))))


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
