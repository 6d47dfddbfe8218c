"""The JSON shapes of the interface contract, once: the API and the command line's `--json` both write these."""

from __future__ import annotations

from typing import Any, TypeAlias

from catalogue.catalogue import NodeSummary
from catalogue.dac.committee import Access, Committee
from catalogue.dataset import Texts
from catalogue.entry import Entry
from catalogue.search.query import FacetCounts, Hit, Page
from harvester.source import Source

Object: TypeAlias = dict[str, Any]


def page_json(page: Page) -> Object:
    """An answer to a search, as `search --json` and `/api/v1/datasets` give it."""
    return {
        "total": page.total,
        "page": page.page,
        "size": page.size,
        "took_ms": round(page.took_ms, 2),
        "relaxed": page.relaxed,
        "next": page.next,
        "hits": [hit_json(hit) for hit in page.hits],
        "facets": facets_json(page.facets),
    }


def hit_json(hit: Hit) -> Object:
    """One dataset found. `dac` may be empty; `decider` is always there."""
    return {
        "id": hit.id,
        "iri": hit.iri,
        "title": hit.title,
        "title_language": hit.title_language,
        "machine_translated": hit.machine_translated,
        "description": hit.description,
        "publisher": hit.publisher,
        "country": hit.country,
        "access_rights": hit.access_rights,
        "dac": [{"id": b.id, "name": b.name, "role": b.role, "method": b.method} for b in hit.dac],
        "decider": dict(hit.decider),
        "source": hit.source,
        "stage": hit.stage,
        "individuals": hit.individuals,
        "records": hit.records,
        "modified": hit.modified,
        "synthetic": hit.synthetic,
        "score": hit.score,
        "matched": [{"field": match.field, "snippet": match.snippet} for match in hit.matched],
    }


def facets_json(facets: tuple[FacetCounts, ...]) -> Object:
    """Facets by name."""
    return {
        facet.name: {
            "label": facet.label,
            "kind": facet.kind,
            "values": [
                {"value": v.value, "label": v.label, "count": v.count, "selected": v.selected, "depth": v.depth}
                for v in facet.values
            ],
            "missing": facet.missing,
            "others": facet.others,
        }
        for facet in facets
    }


def committee_json(committee: Committee) -> Object:
    """A committee. What it does not state is null or empty."""
    return {
        "id": committee.id,
        "iri": committee.iri,
        "names": texts_json(committee.names),
        "role": committee.role.value,
        "level": committee.level,
        "country": committee.country,
        "email": committee.email,
        "contact_page": committee.contact_page,
        "homepage": committee.homepage,
        "apply_url": committee.apply_url,
        "remit": texts_json(committee.remit),
        "conditions": texts_json(committee.conditions),
        "documents": list(committee.documents),
        "response_days": committee.response_days,
        "fee": committee.fee,
        "identifiers": list(committee.identifiers),
        "confirmed": committee.confirmed,
        "origin": committee.origin,
    }


def source_json(source: Source) -> Object:
    """A source as it is registered."""
    return {
        "name": source.name,
        "url": source.url,
        "title": source.title,
        "country": source.country,
        "protocol": source.protocol,
        "profile": source.profile,
        "stage": source.stage.value,
        "every": source.every,
        "cron": source.cron,
        "enabled": source.enabled,
        "default_dac": source.default_dac,
    }


def node_json(node: NodeSummary) -> Object:
    """A node: its source, how many datasets it lists, its latest run without the problems."""
    last = node.last.as_json() if node.last else None
    if last is not None:
        last.pop("problems")
    return source_json(node.source) | {"datasets": node.datasets, "last_run": last}


def entry_json(entry: Entry, page: str) -> Object:
    """A record: what the catalogue knows of it, what its node states in read form, and who decides."""
    state = entry.state
    verdict = state.verdict
    return {
        "id": state.id,
        "page": page,
        "iri": state.subject,
        "kind": state.kind.value,
        "status": state.status.value,
        "source": state.source,
        "identifiers": list(state.identifiers),
        "issued": state.issued.isoformat(),
        "changed": state.time.isoformat(),
        "run": state.run,
        "digest": state.digest,
        "complete": state.complete,
        "verdict": None
        if verdict is None
        else {
            "profile": verdict.profile,
            "release": verdict.release,
            "conforms": verdict.conforms,
            "valid": verdict.valid,
            "counts": {"violation": verdict.violation, "warning": verdict.warning, "info": verdict.info},
        },
        **access_json(entry.access),
        "dataset": stated(entry.dataset) if entry.dataset is not None else None,
    }


def access_json(access: Access) -> Object:
    """Who decides, and how the answer was found."""
    return {
        "dac": [
            {
                "id": link.committee.id,
                "names": texts_json(link.committee.names),
                "role": link.role.value,
                "method": link.method.value,
                "evidence": link.evidence,
            }
            for link in access.links
        ],
        "decider": {
            "status": access.decider.status.value,
            "method": access.decider.method.value,
            "evidence": access.decider.evidence,
        },
    }


def texts_json(texts: Texts) -> list[Object]:
    """Texts with their language tags."""
    return [{"value": text.value, "language": text.language} for text in texts]


def stated(value: Any) -> Any:  # noqa: ANN401 - read models nest records, tuples and plain values
    """A read model as JSON, fields that were not stated left out."""
    if isinstance(value, tuple):
        return [stated(each) for each in value]
    fields = getattr(value, "__dataclass_fields__", None)
    if fields is None:
        return value
    pairs = ((name, stated(getattr(value, name))) for name in fields)
    return {name: said for name, said in pairs if said is not None and said != []}
