"""The JSON shapes of the interface contract, once: the API and the command line's `--json` both write these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from catalogue.catalogue import NodeSummary
from catalogue.dac.checking import AddressCheck
from catalogue.dac.committee import Access, Committee
from catalogue.dac.confirming import is_due
from catalogue.dac.systems import System
from catalogue.dataset import Dataset, Texts
from catalogue.deciding import Governing, NodeWork
from catalogue.entry import Entry
from catalogue.run_story import RunStory
from catalogue.search.query import FacetCounts, Hit, Page
from catalogue.use.conditions import conditions_of, signature
from catalogue.use.doubts import doubts
from catalogue.use.judging import judge, judge_signature
from catalogue.use.purpose import Purpose
from catalogue.use.terms import code_of, words_of
from harvester.source import Source
from ui.committees import Change, shared_conditions
from ui.use import verdict_json

Object: TypeAlias = dict[str, Any]
_NOTHING: Final = Purpose()


def page_json(page: Page, purpose: Purpose = _NOTHING) -> Object:
    """An answer to a search, as `search --json` and `/api/v1/datasets` give it; `purpose` is the use in mind."""
    return {
        "total": page.total,
        "page": page.page,
        "size": page.size,
        "took_ms": round(page.took_ms, 2),
        "relaxed": page.relaxed,
        "next": page.next,
        "hits": [hit_json(hit, purpose) for hit in page.hits],
        "facets": facets_json(page.facets),
    }


def hit_json(hit: Hit, purpose: Purpose = _NOTHING) -> Object:
    """One dataset found. `dac` may be empty; `decider` is always there. `use` is null where no use is in mind."""
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
        "conditions": hit.conditions,
        "use": verdict_json(judge_signature(hit.conditions, purpose)) if purpose else None,
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
        "observed": stated(committee.observed) if committee.observed else None,
        "may_apply": texts_json(committee.may_apply),
        "secure_environment": texts_json(committee.environment),
        "opening_hours": committee.opening_hours,
        "governs": list(committee.governs),
        "systems": [system_json(system) for system in committee.systems],
        "identifiers": list(committee.identifiers),
        "confirmed": committee.confirmed,
        "origin": committee.origin,
    }


def body_json(row: Governing) -> Object:
    """A committee with how many listed datasets it is linked to, and whether its entry is due to be confirmed."""
    due = is_due(row.committee, datetime.now(UTC).date())
    return committee_json(row.committee) | {"datasets": row.datasets, "due": due}


def shared_json(signatures: Mapping[str, int]) -> list[Object]:
    """The conditions of a body's datasets, with how many state each; `every`: all of them."""
    rows, _total, _stating = shared_conditions(signatures)
    return [
        {"duo": r.code, "shorthand": r.shorthand, "words": r.words, "datasets": r.datasets, "every": r.every}
        for r in rows
    ]


def state_json(change: Change) -> Object:
    """What an import did to an entry of the registry."""
    return {"time": change.time.isoformat(), "file": change.name, "changed": list(change.fields), "first": change.first}


def check_json(check: AddressCheck) -> Object:
    """Whether an address of a committee answered."""
    return {
        "committee": check.committee,
        "address": check.address,
        "time": check.time.isoformat(),
        "reachable": check.reachable,
        "detail": check.detail,
    }


def work_json(work: NodeWork) -> Object:
    """What a node has to do; `undecided` is the sum of `none` and `stand_in`."""
    return {
        "node": work.source.name,
        "title": work.source.title,
        "country": work.source.country,
        "datasets": work.datasets,
        "none": work.none,
        "stand_in": work.stand_in,
        "open": work.open_data,
        "undecided": work.undecided,
    }


def system_json(system: System) -> Object:
    """A system where one applies, with what binds datasets to it."""
    return {
        "kind": system.kind.value,
        "url": system.url,
        "own_ids": system.own_ids,
        "workflow": system.workflow,
        "bindings": [
            {"dataset": b.dataset, "resource": b.resource, "item": b.item, "workflow": b.workflow}
            for b in system.bindings
        ],
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


def run_json(story: RunStory, address: Callable[[str], str]) -> Object:
    """A run with its problems, its page, and the records whose withdrawal it holds back."""
    run = story.run
    return run.as_json() | {
        "page": address(f"/node/{run.source}/runs/{run.id}"),
        "waiting": run.waiting,
        "held_records": [{"id": state.id, "kind": state.kind.value, "iri": state.subject} for state in story.held],
        "held_more": story.waiting - len(story.held),
    }


def entry_json(entry: Entry, page: str, name: str, purpose: Purpose = _NOTHING) -> Object:
    """A record: what the catalogue knows of it, what its node states in read form, who decides, and its conditions.

    `name` is the IRI that SPARQL has for its subject.
    """
    state = entry.state
    verdict = state.verdict
    return {
        "id": state.id,
        "page": page,
        "iri": name,
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
        "conditions": conditions_json(entry.dataset, purpose) if entry.dataset is not None else None,
        "dataset": stated(entry.dataset) if entry.dataset is not None else None,
        "enrichments": [stated(each) | {"time": each.time.isoformat()} for each in entry.enrichments],
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
                "confidence": link.method.confidence.value,
                "evidence": link.evidence,
            }
            for link in access.links
        ],
        "decider": {
            "status": access.decider.status.value,
            "method": access.decider.method.value,
            "evidence": access.decider.evidence,
            "confidence": access.decider.method.confidence.value,
            "conflicts": list(access.conflicts),
        },
    }


def conditions_json(dataset: Dataset, purpose: Purpose = _NOTHING) -> Object:
    """The conditions of use of a dataset: their signature, each term in plain words, and what is odd in them.

    `use` is what they say to the use in mind, null where there is none.
    """
    conditions = conditions_of(dataset)
    return {
        "signature": signature(conditions),
        "policies": [
            [
                {
                    "duo": code_of(term.shorthand),
                    "shorthand": term.shorthand,
                    "words": words_of(term.shorthand),
                    "permission": term.permission,
                    "restricted_to": list(term.restricted_to),
                }
                for term in terms
            ]
            for terms in conditions.policies
        ],
        "doubts": list(doubts(dataset)),
        "use": verdict_json(judge(conditions, purpose)) if purpose else None,
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
