"""How to cite a dataset's description."""

from __future__ import annotations

from catalogue.dataset import Dataset
from catalogue.entry import Entry
from ui.present import Presenter
from ui.site import Site


def citation(entry: Entry, dataset: Dataset, show: Presenter, site: Site) -> str:
    """Return one line in DataCite's order: creators, year, title, version, publisher, identifier.

    Nothing is made up: what the node does not state is left out, and the permanent address is always there.
    """
    makers = [show.name(creator) for creator in dataset.creators]
    publisher = show.name(dataset.publisher)
    year = (dataset.issued or dataset.modified or "")[:4]
    parts = [
        "; ".join(makers) or publisher,
        f"({year})" if year.isdigit() else "",
        show.words(dataset.titles) or dataset.iri,
        f"Version {dataset.version}" if dataset.version else "",
        publisher if makers else "",
        next(iter(dataset.identifiers), ""),
    ]
    said = ". ".join(part.rstrip(".") for part in parts if part)
    return f"{said}. {site.settings.title}, {site.catalogue.page(entry.state).value}"
