"""What enrichments have to say to the rules of who decides, and the sentence that tells whose word it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from catalogue.dac.identity import merged, name_of
from catalogue.dac.registry import Registry
from catalogue.dac.resolve import Told
from catalogue.enrich.enrichment import Enrichment
from harvester.source import Source


def told_by(enrichments: Iterable[Enrichment], sources: Mapping[str, Source], registry: Registry) -> Iterator[Told]:
    """Yield the committees that enrichments name, as the registry knows them, with the evidence."""
    for each in enrichments:
        if each.committee is None:
            continue
        registered = registry.by_accession(each.committee.id)
        body = merged(registered, each.committee) if registered else each.committee
        source = sources.get(each.source)
        who = source.title if source is not None and source.title else each.source
        policy = f"is under the policy {each.policy.accession}, which" if each.policy and each.policy.accession else ""
        link = f"{policy} is decided on by" if policy else "is decided on by"
        yield Told(body, f'{who} says that {each.about} {link} "{name_of(body.names, body.id)}".')
