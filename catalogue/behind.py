"""What went wrong with which projection while all were brought up to date, and how that is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from catalogue.projection import Projection
from catalogue.trouble import Trouble, trouble_of
from shapes.errors import CannotWork


class ProjectionsBehind(CannotWork):
    """A projection could not be brought up to date; the journal has everything, and trying again goes on from there.

    `troubles` say which and why.
    """

    code = "projections-behind"
    title = "Store or index is behind"

    def __init__(self, troubles: Sequence[Trouble]) -> None:
        reasons = " ".join(_sentence(f"The {trouble.part} is behind: {trouble}") for trouble in troubles)
        super().__init__(f"{reasons} The journal has everything; what is behind catches up by itself.")
        self.troubles = tuple(troubles)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


class Failures:
    """What went wrong with which projection, kept until the others are done; several threads may add to it."""

    def __init__(self, names: Iterable[str]) -> None:
        """`names` are those of all projections, in the order in which they are told of."""
        self._names = tuple(names)
        self._errors: dict[str, Exception] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._errors

    def of(self, name: str) -> Exception | None:
        """Return what went wrong with a projection."""
        return self._errors.get(name)

    @contextmanager
    def kept(self, projection: Projection) -> Iterator[None]:
        """Keep what is raised in the block, unless the projection failed before: then only the first counts."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - kept, and raised by `raise_any`
            self._errors.setdefault(projection.name, error)

    def raise_any(self) -> None:
        """Raise what was kept, if anything: all of it as one error, the first as its cause."""
        if self._errors:
            now = datetime.now(UTC)
            told = sorted(self._errors.items(), key=lambda item: self._names.index(item[0]))
            troubles = [trouble_of(name, error, now, answers=True) for name, error in told]
            raise ProjectionsBehind(troubles) from told[0][1]
