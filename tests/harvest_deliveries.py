"""What the harvest matrix harvests: every file of the shared data that a node might publish, laid out as one would.

A file is a dump on this machine. What is a protocol's is served by a node on loopback, from the files as they are;
where they name the server they came from, that name becomes the node's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from nodes.fake_node import FakeNode
from nodes.ldes_node import TRIG, relation, stream
from nodes.recorded_node import replay, replay_api

Lay = Callable[[FakeNode, Path], str]


@dataclass(frozen=True)
class Delivery:
    """What a source gives in one run. `lay` lays it out and returns the source's URL; `name` is its row's."""

    name: str
    lay: Lay
    node: bool = False


@dataclass(frozen=True)
class Case:
    """A source: what it gives in one run after the other. `protocol` is the one it is registered with."""

    group: str
    deliveries: tuple[Delivery, ...]
    protocol: str = "auto"


def cases(data: Path) -> Iterator[Case]:
    """Yield every source of the matrix, in the order of its page."""
    for group in _GROUPS:
        yield from group(data)


# -- files as they are ----------------------------------------------------------------------------------------------


def _path(name: str, _: FakeNode, data: Path) -> str:
    return str(data / name)


def _file(name: str) -> Delivery:
    return Delivery(name.partition("/")[2], partial(_path, name))


def _files(data: Path, group: str, pattern: str = "**/*") -> Iterator[Case]:
    for path in sorted((data / group).glob(pattern)):
        if path.is_file():
            yield Case(group, (_file(str(path.relative_to(data))),))


def _one_after_the_other(group: str, *names: str) -> Case:
    return Case(group, tuple(_file(f"{group}/{name}") for name in names))


def _folder(group: str) -> Case:
    return Case(group, (Delivery("the whole folder as one source", partial(_path, group)),))


# -- served by a node -----------------------------------------------------------------------------------------------


def _served(group: str, name: str, lay: Lay, protocol: str = "auto") -> Case:
    return Case(group, (Delivery(name, lay, node=True),), protocol)


def _put(node: FakeNode, path: str, file: Path, host: str) -> str:
    """Serve a file as it is, but for the name of its server."""
    return node.serve(path, file.read_bytes().replace(host.encode(), node.base.encode()))


def _ckan_portal(node: FakeNode, data: Path) -> str:
    """A portal of CKAN whose catalogue is the sample (API guide of CKAN 2.11, ckanext-dcat: /catalog.ttl)."""
    status = {"help": "x", "success": True, "result": {"site_title": "A portal", "extensions": ["dcat"]}}
    node.serve("/api/3/action/status_show", json.dumps(status), "application/json")
    node.serve("/catalog.ttl", (data / "real-ckan" / "dcatap_catalog.ttl").read_bytes())
    return node.base


_HIP: Final = "https://fair.healthinformationportal.eu"
_HRI: Final = "https://health-ri.sandbox.semlab-leiden.nl"
_SLOVENIA: Final = "/catalog/1c75c2c9-d2cc-44cb-aaa8-cf8c11515c8d"
_EXAMPLE: Final = "/dataset/d7129d28-b72a-437f-8db0-4f0258dd3c25"
_EXAMPLE_CATALOGUE: Final = "/catalog/e3faf7ad-050c-475f-8ce4-da7e2faa5cd0"
_EXAMPLE_PART: Final = "/distribution/f9b9dff8-a039-4ca2-be9b-da72a61e3bac"


def _one_catalogue(node: FakeNode, data: Path) -> str:
    """A catalogue whose only member the fixtures do not hold: it is listed and not there."""
    return _put(node, _SLOVENIA, data / "examples-fdp-harvest" / "fdp_catalog.ttl", _HIP)


def _a_dataset_with_a_part(node: FakeNode, data: Path) -> str:
    """A catalogue of ours that lists the sandbox's dataset, and of its three distributions the one that is held."""
    folder = data / "examples-fdp-harvest"
    _put(node, _EXAMPLE, folder / f"dataset{_EXAMPLE.replace('/dataset/', '_')}.ttl", _HRI)
    _put(node, _EXAMPLE_PART, folder / f"distribution{_EXAMPLE_PART.replace('/distribution/', '_')}.ttl", _HRI)
    listed = (
        "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
        f'<{node.base}{_EXAMPLE_CATALOGUE}> a dcat:Catalog ; dct:title "One dataset"@en ;'
        f" dcat:dataset <{node.base}{_EXAMPLE}> .\n"
    )
    return node.serve(_EXAMPLE_CATALOGUE, listed)


def _fdp_root(name: str, node: FakeNode, data: Path) -> str:
    host = "https://example.com/fdp" if "no_catalogs" in name else "http://example.org"
    return _put(node, "/", data / "examples-fdp-harvest" / name, host)


_FRAGMENT: Final = re.compile(r"fragment-(\d+)\.trig")
_REAL: Final = "/feed/2025-04-13T15_3A45_3A00.000Z_123187500_{}/index.trig"


def _event_stream(node: FakeNode, data: Path, *, between: bool) -> str:
    """The recorded fragments on a root of ours. `between`: what lay between them is there, and empty."""
    found = {int(_FRAGMENT.fullmatch(path.name)[1]): path for path in (data / "real-be-ldes").glob("fragment-*.trig")}  # type: ignore[index]
    for number, path in found.items():
        node.serve(_REAL.format(number), path.read_bytes(), "application/octet-stream")
        if between and number + 1 not in found:
            node.serve(_REAL.format(number + 1), stream(), TRIG)
    return node.serve("/feed/index.trig", stream(*(relation(_REAL.format(number)) for number in sorted(found))), TRIG)


def _phase(number: int, node: FakeNode, data: Path) -> str:
    """The recorded FAIR Data Point as an anonymous reader met it in a phase (recorded-nodes/NOTES.md)."""

    def choose(exchange: Mapping[str, Any]) -> bool:
        match = re.match(r"phase (\d)\b.*anonymous", exchange["remark"])
        return match is not None and 2 <= int(match[1]) <= number

    node.routes.clear()
    replay(node, data / "recorded-nodes" / "fairdatapoint", choose)
    return node.url("/")


def _mini_node(node: FakeNode, data: Path) -> str:
    replay(node, data / "recorded-nodes" / "gdi-mini-node", lambda e: not e["remark"].startswith("state"))
    return node.url("/fairdp")


def _mini_beacon(node: FakeNode, data: Path) -> str:
    replay_api(node, data / "recorded-nodes" / "gdi-mini-node", "/beacon/aggregated")
    return node.url("/beacon/aggregated/v2/")


# -- the groups -----------------------------------------------------------------------------------------------------


def _govdata(data: Path) -> Iterator[Case]:
    yield from _files(data, "real-govdata-de")


def _ckan(data: Path) -> Iterator[Case]:
    yield from _files(data, "real-ckan")
    yield _served("real-ckan", "dcatap_catalog.ttl, served by a portal", _ckan_portal)


def _fdp(data: Path) -> Iterator[Case]:
    yield from _files(data, "examples-fdp-harvest")
    yield _served("examples-fdp-harvest", "fdp_catalog.ttl, served", _one_catalogue, "fdp")
    yield _served("examples-fdp-harvest", "dataset_d7129d28-….ttl, served with its part", _a_dataset_with_a_part, "fdp")
    for name in ("root_fdp_response.ttl", "root_fdp_response_no_catalogs.ttl"):
        yield _served("examples-fdp-harvest", f"{name}, served", partial(_fdp_root, name), "fdp")


def _ldes(_: Path) -> Iterator[Case]:
    for between, name in (
        (False, "six fragments, what lay between them gone"),
        (True, "six fragments, empty ones between"),
    ):
        yield _served("real-be-ldes", name, partial(_event_stream, between=between))


def _german(data: Path) -> Iterator[Case]:
    yield from _files(data, "tests-dcat-ap-de")


def _norwegian(data: Path) -> Iterator[Case]:
    yield from _files(data, "tests-fdk-harvester")
    yield _one_after_the_other("tests-fdk-harvester", "catalog_0.ttl", "catalog_0_diff_update.ttl")
    yield _one_after_the_other("tests-fdk-harvester", "catalog_diff_0.ttl", "catalog_diff_1.ttl")
    answers = ("harvest_response_0.ttl", "harvest_response_0_old_dataset_removed.ttl")
    yield _one_after_the_other("tests-fdk-harvester", *answers, answers[1])


def _broken(data: Path) -> Iterator[Case]:
    yield from _files(data, "broken-rdf")
    yield _folder("broken-rdf")


def _mutated(data: Path) -> Iterator[Case]:
    yield from _files(data, "mutated")
    yield _folder("mutated")
    yield _one_after_the_other(
        "mutated", "bom-crlf.ttl", "truncated.ttl", "empty.ttl", "html-error-page.ttl", "bom-crlf.ttl"
    )


def _ugly(data: Path) -> Iterator[Case]:
    yield from _files(data, "ugly-real")


def _health(data: Path) -> Iterator[Case]:
    yield from _files(data, "real-be-health", "*2025-04-13*")
    for name in ("node-a-sciensano-{}.ttl", "node-b-health-authorities-{}.rdf"):
        yield _one_after_the_other("real-be-health", name.format("2025-02-09"), name.format("2025-04-13"))


def _recorded(_: Path) -> Iterator[Case]:
    phases = tuple(
        Delivery(f"fairdatapoint, {what}", partial(_phase, number), node=True)
        for number, what in ((2, "phase 2"), (3, "phase 3: one deleted"), (4, "phase 4: a draft published"))
    )
    yield Case("recorded-nodes", phases)
    yield _served("recorded-nodes", "gdi-mini-node", _mini_node)
    yield _served("recorded-nodes", "gdi-mini-node, its Beacon", _mini_beacon)


def _ega(_: Path) -> Iterator[Case]:
    path = "ega-metadata/examples/json_validation_tests"
    yield Case("ega-metadata", (Delivery("the schema's examples", partial(_path, path)),), "ega")


_GROUPS: Final = (
    _govdata,
    _ckan,
    _fdp,
    _ldes,
    _german,
    _norwegian,
    _broken,
    _mutated,
    _ugly,
    _health,
    _recorded,
    _ega,
)
