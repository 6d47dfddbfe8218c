"""A catalogue on pages, as ckanext-dcat and udata serve it (hydra:PagedCollection with text links)."""

from __future__ import annotations

from typing import ClassVar

from nodes.fake_node import Made, Reply, Seen
from nodes.faulty_node import FaultyNode
from nodes.samples import catalogue

_SIZE = 2


class HydraNode(FaultyNode):
    """Two datasets a page; the shape of the paging is that of the recorded pages in examples-udata."""

    protocol: ClassVar[str] = "hydra"
    tricks: ClassVar[tuple[str, ...]] = (
        "lying-count",
        "paging-loop",
        "repeated-page",
        "reordered-page",
        "endless-paging",
    )

    def fill(self, names: tuple[str, ...]) -> str:
        pages = [names[start : start + _SIZE] for start in range(0, len(names), _SIZE)]
        for number, held in enumerate(pages, 1):
            self._page(number, held, len(pages), len(names))
        self.routes["/catalog.ttl"] = self.routes["/catalog.ttl?page=1"]
        return self.url_of(1).partition("?")[0]

    def url_of(self, number: int) -> str:
        return self.base + f"/catalog.ttl?page={number}"

    def _page(self, number: int, held: tuple[str, ...], last: int, total: int, following: int | None = None) -> None:
        self.serve(f"/catalog.ttl?page={number}", self._text(number, held, last, total, following))

    def _text(self, number: int, held: tuple[str, ...], last: int, total: int, following: int | None = None) -> str:
        following = following or (number + 1 if number < last else None)
        more = f' ; hydra:nextPage "{self.url_of(following)}"' if following else ""
        return catalogue(*held) + (
            f"<{self.url_of(number)}> a hydra:PagedCollection ; hydra:totalItems {total} ;"
            f' hydra:lastPage "{self.url_of(last)}"{more} .\n'
        )

    def lying_count(self) -> None:
        """More is announced than there is, and a page is left out."""
        self._page(1, self.names[:_SIZE], 1, len(self.names) + 7)
        self.routes["/catalog.ttl"] = self.routes["/catalog.ttl?page=1"]

    def paging_loop(self) -> None:
        """The second page leads back to the first."""
        self._page(2, self.names[_SIZE : 2 * _SIZE], 3, len(self.names), following=1)

    def repeated_page(self) -> None:
        """Every page is the first one over again, byte for byte."""
        text = self._text(1, self.names[:_SIZE], 3, len(self.names))
        self.behave("/catalog.ttl", Made(lambda _: Reply(200, text.encode())))
        for number in (1, 2, 3):
            self.serve(f"/catalog.ttl?page={number}", text)

    def reordered_page(self) -> None:
        """Between two requests the order changed: the second page holds what the first did, and some never come."""
        self._page(2, self.names[1 : 1 + _SIZE], 2, len(self.names))

    def endless_paging(self) -> None:
        """There is always a next page, and never anything new on it."""

        def forever(seen: Seen) -> Reply:
            number = int(seen.path.partition("page=")[2] or 1)
            return Reply(200, self._text(number, self.names[:_SIZE], number + 1, len(self.names), number + 1).encode())

        self.routes.clear()
        self.behave("/catalog.ttl", Made(forever))
