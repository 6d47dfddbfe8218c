"""FAIR Data Points in three dialects, shaped like the answers recorded of the programs (recorded-nodes/NOTES.md)."""

from __future__ import annotations

from typing import ClassVar

import pyoxigraph as ox
from nodes.fake_node import Made, Reply, Seen
from nodes.faulty_node import FaultyNode
from nodes.samples import PREFIXES

from shapes.vocabulary import FDP, LDP

_BEGINNING = "2026-11-20T17:11:27.221570714Z"
_DRAFT = b"You are not allow to view this record in state DRAFT"
_HEAD = f"{PREFIXES}@prefix fdp-o: <{FDP.base}> .\n@prefix ldp: <{LDP.base}> .\n"


class FdpNode(FaultyNode):
    """Two catalogues, the datasets shared out between them."""

    protocol: ClassVar[str] = "fdp"
    tricks: ClassVar[tuple[str, ...]] = ("all-private", "catalogue-private", "stale-list", "down", "endless-catalogues")
    root: ClassVar[str] = ""

    @property
    def iri(self) -> str:
        """What the IRIs of its records begin with."""
        return self.base + self.root

    def shares(self, names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        return {"one": names[::2], "two": names[1::2]}

    def put(self, path: str, turtle: str) -> None:
        self.serve(self.root + path, _HEAD + turtle, "text/turtle")

    def all_private(self) -> None:
        """Every dataset is a draft all of a sudden, or needs a login."""
        self._replace("dataset", Reply(403, _DRAFT))

    def catalogue_private(self) -> None:
        """The catalogues are, so that their lists are not seen."""
        self._replace("catalog", Reply(403, _DRAFT))

    def stale_list(self) -> None:
        """The lists stay, the datasets behind them do not."""
        self._replace("dataset", Reply(404, b"not found", "text/plain"))

    def down(self) -> None:
        """The root still answers; behind it nothing does."""
        for kind in ("catalog", "dataset", "distribution"):
            self._replace(kind, Reply(502, b"Bad Gateway", "text/html"))

    def endless_catalogues(self) -> None:
        """Each catalogue lists one more, without end."""

        def one_more(seen: Seen) -> Reply:
            number = int(seen.path.rpartition("-")[2]) if "-" in seen.path else 0
            here, there = f"{self.iri}/catalog/c-{number}", f"{self.iri}/catalog/c-{number + 1}"
            text = f'{_HEAD}<{here}> a dcat:Catalog ; dct:title "c" ; dcat:catalog <{there}> .'
            return Reply(200, text.encode())

        start = f"{self.iri}/catalog/c-0"
        root = f'<{self.iri}> a fdp-o:FAIRDataPoint ; dct:title "Root" ; fdp-o:metadataCatalog <{start}> .'
        self.put(self.start.removeprefix(self.base + self.root), root)
        for number in range(200):
            self.routes[f"{self.root}/catalog/c-{number}"] = Made(one_more)

    def _replace(self, kind: str, reply: Reply) -> None:
        for path in self.routes:
            if path.startswith(f"{self.root}/{kind}/"):
                self.routes[path] = reply


class ReferenceFdpNode(FdpNode):
    """The reference implementation, 1.20.2 (recorded-nodes/fairdatapoint, phase 2).

    Its IRIs are those of the setting persistentUrl, not of the address it is asked at; the container of every catalogue
    has one IRI and lists drafts, which answer 403; distributions are documents of their own. `stored` says when
    anything below a catalogue was last stored: publishing a draft is no storing.
    """

    stored: ClassVar[dict[str, str]] = {}

    @property
    def iri(self) -> str:
        return "https://w3id.example/fdp"

    def fill(self, names: tuple[str, ...]) -> str:
        shares = self.shares(names)
        catalogues = self._list("catalog", tuple(shares))
        self.put(
            "/",
            f'<{self.iri}> a fdp-o:FAIRDataPoint, fdp-o:MetadataService, dcat:DataService ; dct:title "Node" ;'
            f' fdp-o:fdpSoftwareVersion "FDP:v1.20.2" ; fdp-o:metadataCatalog {catalogues} .\n'
            + self._container("catalog", self.iri, "fdp-o:metadataCatalog", catalogues),
        )
        for catalogue, held in shares.items():
            self._catalogue(catalogue, held)
            for name in held:
                self._dataset(name, catalogue)
            self.behave(f"/dataset/draft-of-{catalogue}", Reply(403, _DRAFT))
        return self.url("/")

    def _list(self, kind: str, names: tuple[str, ...]) -> str:
        return ", ".join(f"<{self.iri}/{kind}/{name}>" for name in names)

    def _container(self, kind: str, holder: str, relation: str, members: str) -> str:
        return (
            f'<{self.iri}/{kind}/> a ldp:DirectContainer ; dct:title "Members" ; ldp:membershipResource <{holder}> ;'
            f" ldp:hasMemberRelation {relation} ; ldp:contains {members} .\n"
        )

    def _catalogue(self, name: str, held: tuple[str, ...]) -> None:
        iri, draft = f"{self.iri}/catalog/{name}", f"<{self.iri}/dataset/draft-of-{name}>"
        listed = self._list("dataset", held)
        said = f" ; dcat:dataset {listed}" if held else ""
        self.put(
            f"/catalog/{name}",
            f'<{iri}> a dcat:Resource, dcat:Catalog ; dct:title "{name}" ; dct:isPartOf <{self.iri}>{said} ;'
            f' fdp-o:metadataModified "{self.stored.get(name, _BEGINNING)}" .\n'
            + self._container("dataset", iri, "dcat:dataset", f"{listed}, {draft}" if held else draft),
        )

    def _dataset(self, name: str, catalogue: str) -> None:
        iri, file = f"{self.iri}/dataset/{name}", f"{self.iri}/distribution/{name}"
        self.put(
            f"/dataset/{name}",
            f'<{iri}> a dcat:Resource, dcat:Dataset ; dct:title "Dataset {name}" ; dct:identifier "id-{name}" ;'
            f" dct:isPartOf <{self.iri}/catalog/{catalogue}> ; dcat:distribution <{file}> .\n"
            + self._container("distribution", iri, "dcat:distribution", f"<{file}>"),
        )
        self.put(
            f"/distribution/{name}",
            f'<{file}> a dcat:Resource, dcat:Distribution ; dct:title "Files of {name}" ; dct:isPartOf <{iri}> ;'
            f" dcat:accessURL <https://node.example/get/{name}> .\n",
        )


class MiniFdpNode(FdpNode):
    """GDI's mini node, 0.9.1 (recorded-nodes/gdi-mini-node): lists datasets by dcat:dataset only.

    The FAIR Data Point is below the site's root, and its address has no slash at the end; distributions have no IRI.
    """

    root: ClassVar[str] = "/fairdp"

    def fill(self, names: tuple[str, ...]) -> str:
        shares = self.shares(names)
        catalogues = ", ".join(f"<{self.iri}/catalog/{name}>" for name in shares)
        self.put(
            "",
            f'<{self.iri}> a fdp-o:FAIRDataPoint, dcat:DataService ; dct:title "Node" ;'
            f" fdp-o:metadataCatalog {catalogues} .\n"
            f"<{self.iri}/catalog> a ldp:DirectContainer ; ldp:membershipResource <{self.iri}> ;"
            f" ldp:hasMemberRelation fdp-o:metadataCatalog ; ldp:contains {catalogues} .\n",
        )
        for catalogue, held in shares.items():
            listed = "".join(f" ; dcat:dataset <{self.iri}/dataset/{name}>" for name in held)
            self.put(
                f"/catalog/{catalogue}",
                f'<{self.iri}/catalog/{catalogue}> a dcat:Catalog ; dct:title "{catalogue}" ;'
                f" dct:isPartOf <{self.iri}>{listed} .\n",
            )
            for name in held:
                self._dataset(name)
        return self.url(self.root)

    def _dataset(self, name: str) -> None:
        self.put(
            f"/dataset/{name}",
            f'<{self.iri}/dataset/{name}> a dcat:Dataset ; dct:title "Dataset {name}" ; dct:identifier "id-{name}" ;'
            f' dcat:distribution [ a dcat:Distribution ; dct:title "Portal" ;'
            f" dcat:accessURL <https://portal.example/{name}> ] .\n",
        )


class StandaloneFdpNode(MiniFdpNode):
    """GDI's standalone node: JSON-LD, whatever is asked for; its root is found with a slash at the end only."""

    root: ClassVar[str] = "/fairdp"

    def fill(self, names: tuple[str, ...]) -> str:
        super().fill(names)
        self.routes[f"{self.root}/"] = self.routes.pop(self.root)
        return self.url(f"{self.root}/")

    def put(self, path: str, turtle: str) -> None:
        quads = ox.parse(_HEAD + turtle, format=ox.RdfFormat.TURTLE, base_iri=self.iri)
        body = ox.serialize(quads, format=ox.RdfFormat.JSON_LD)
        assert body is not None
        self.serve(self.root + path, body, "application/ld+json")
