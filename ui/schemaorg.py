"""A dataset for search engines: schema.org's Dataset, as Google Dataset Search and others read it from the page."""

from __future__ import annotations

import json
from typing import Any, Final

from markupsafe import Markup

from catalogue.dac.committee import Role
from catalogue.dataset import Agent, Dataset, Distribution
from catalogue.entry import Entry
from ui.present import Presenter
from ui.sanitise import excerpt, plain, safe_address
from ui.site import Site

_MOST_WORDS: Final = 5000  # characters of a description they take
_MOST_VARIABLES: Final = 100
_MOST_DISTRIBUTIONS: Final = 50


def schema_dataset(entry: Entry, dataset: Dataset, show: Presenter, site: Site) -> dict[str, Any]:
    """Return the dataset as a schema.org object. What the node does not state is not there."""
    page = str(site.catalogue.page(entry.state).value)
    described = show.pick(dataset.descriptions)
    decider = next((link.committee for link in entry.access.links if link.role is Role.DECIDES), None)
    said: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": page,
        "url": page,
        "name": show.words(dataset.titles) or dataset.iri,
        "description": excerpt(described.value, _MOST_WORDS) if described else None,
        "alternateName": [plain(text.value) for text in dataset.alternatives],
        "identifier": [*dataset.identifiers, *dataset.other_identifiers],
        "sameAs": safe_address(dataset.iri),
        "keywords": list(dict.fromkeys(plain(word.value) for word in dataset.keywords)),
        "creator": [_organisation(agent, show) for agent in dataset.creators],
        "publisher": _organisation(dataset.publisher, show),
        "maintainer": _organisation(dataset.custodian, show),
        "license": safe_address(dataset.licence.iri) if dataset.licence else None,
        "datePublished": dataset.issued,
        "dateModified": dataset.modified,
        "version": dataset.version,
        "inLanguage": [language.code or show.label(language) for language in dataset.languages],
        "spatialCoverage": [show.label(place.concept) or show.words(place.names) for place in dataset.places],
        "temporalCoverage": [f"{p.start or '..'}/{p.end or '..'}" for p in dataset.periods if p.start or p.end],
        "isAccessibleForFree": True if dataset.access_rights and dataset.access_rights.code == "PUBLIC" else None,
        "conditionsOfAccess": _conditions(dataset, show, show.words(decider.names) if decider else None),
        "variableMeasured": [variable.name for variable in dataset.variables[:_MOST_VARIABLES]],
        "size": f"{dataset.records} records" if dataset.records is not None else None,
        "distribution": [_download(each, show) for each in dataset.distributions[:_MOST_DISTRIBUTIONS]],
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "name": site.settings.title,
            "url": site.settings.base_url,
        },
        "sdDatePublished": entry.state.issued.date().isoformat(),
    }
    return _stated(said)


def data_block(said: dict[str, Any]) -> Markup:
    """Return JSON that may stand in a `<script type="application/ld+json">`: no text in it can end the element."""
    text = json.dumps(said, ensure_ascii=False, indent=1)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - every sign that HTML reads was just escaped


def _conditions(dataset: Dataset, show: Presenter, decider: str | None) -> str | None:
    word, meaning = show.access(dataset.access_rights)
    said = f"{word}: {meaning}" if dataset.access_rights else ""
    return " ".join(part for part in (said, f"Decides on access: {decider}." if decider else "") if part) or None


def _organisation(agent: Agent | None, show: Presenter) -> dict[str, Any] | None:
    if agent is None:
        return None
    contact = next((c for c in agent.contacts if c.email), None)
    return _stated(
        {
            "@type": "Organization",
            "@id": safe_address(agent.iri),
            "name": show.name(agent),
            "url": safe_address(agent.homepage),
            "email": contact.email if contact else None,
        }
    )


def _download(distribution: Distribution, show: Presenter) -> dict[str, Any]:
    access = next((address for address in distribution.access_urls if safe_address(address)), None)
    download = next((address for address in distribution.download_urls if safe_address(address)), None)
    return _stated(
        {
            "@type": "DataDownload",
            "name": show.words(distribution.titles),
            "url": access,
            "contentUrl": download,
            "encodingFormat": distribution.media_type or show.label(distribution.format),
            "contentSize": show.size(distribution.byte_size),
            "license": safe_address(distribution.licence.iri) if distribution.licence else None,
        }
    )


def _stated(said: dict[str, Any]) -> dict[str, Any]:
    """Leave out what was not stated; a list of one stands for itself."""
    found: dict[str, Any] = {}
    for name, value in said.items():
        if isinstance(value, list):
            value = [each for each in value if each not in (None, "", {})]  # noqa: PLW2901 - narrowed in place
            value = value[0] if len(value) == 1 else value  # noqa: PLW2901 - narrowed in place
        if value not in (None, "", [], {}):
            found[name] = value
    return found
