"""Committees written in YAML, read as plain data: no tags, no anchors, and `NO` is Norway."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from catalogue.dac.errors import BadRegistry

LARGEST: Final = 4 * 1024 * 1024  # bytes: the reader is slow, and a registry is small
_BOOL: Final = "tag:yaml.org,2002:bool"
_TRUE_OR_FALSE: Final = re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$")


class _Plain(yaml.SafeLoader):
    """YAML 1.2 where it matters: of the words only true and false are truth values. An anchor is refused."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse what repeats: a small file could grow without end."""
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]  # of the types, not of the reader
            raise yaml.constructor.ConstructorError(None, None, "an alias (*name)", mark)
        composed: yaml.Node | None = super().compose_node(parent, index)
        return composed


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag != _BOOL]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Plain.add_implicit_resolver(_BOOL, _TRUE_OR_FALSE, list("tTfF"))


@dataclass(frozen=True, slots=True)
class YamlFile:
    """What a file holds, and where: `line(number, key)` is the line of a key of an entry, counted from 1."""

    document: object
    line: Callable[[int, str], int | None]


def read_yaml(data: bytes, name: str) -> YamlFile:
    """Read a file. Raises `BadRegistry` for what is no YAML, too large, nested too deep, or has aliases."""
    if len(data) > LARGEST:
        raise BadRegistry(f"A YAML file of committees has at most {LARGEST} bytes.", url=name or None)
    try:
        loader = _Plain(data.decode("utf-8"))
        root = loader.get_single_node()
        document: Any = loader.construct_document(root) if root is not None else None
    except UnicodeDecodeError as error:
        raise BadRegistry(f"The file is not UTF-8: {error.reason} at byte {error.start}.", url=name or None) from error
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark.line + 1 if error.problem_mark else None
        raise BadRegistry(f"This is not YAML we read: {error.problem}.", url=name or None, line=at) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise BadRegistry(f"This is not YAML we read: {error}.", url=name or None) from error
    places = _entries(root)

    def line(number: int, key: str) -> int | None:
        return _line(places[number - 1], key) if number <= len(places) else None

    return YamlFile(document, line)


def _entries(root: yaml.Node | None) -> list[yaml.Node]:
    """The nodes of the entries: of the list itself, or of the list under the only key."""
    if isinstance(root, yaml.MappingNode):
        lists = [value for _, value in root.value if isinstance(value, yaml.SequenceNode)]
        root = lists[0] if lists else None
    return list(root.value) if isinstance(root, yaml.SequenceNode) else []


def _line(entry: yaml.Node, key: str) -> int:
    """The line of a key; of the entry where it has no such key."""
    pairs = entry.value if isinstance(entry, yaml.MappingNode) else []
    found: Mapping[str, int] = {name.value: name.start_mark.line + 1 for name, _ in pairs}
    return found.get(key, entry.start_mark.line + 1)
