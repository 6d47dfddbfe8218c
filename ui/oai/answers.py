"""What each verb of OAI-PMH answers (version 2.0, section 4), as the inside of the answer's XML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from catalogue.entry import Entry
from catalogue.journal.state import State, Status
from harvester.source import Source
from shapes.errors import Missing
from ui.oai.asking import KINDS, TOKEN, Asked, Place, Refused, place
from ui.oai.formats import FORMATS, Format, format_named
from ui.oai.xml import element, tag
from ui.site import Site

ADDRESS: Final = "/oai"
RECORDS: Final = 100  # of one answer
_HEADERS: Final = 1000


def answer(site: Site, asked: Asked) -> str:
    """Return what a request asks for. Raises `Refused`."""
    return tag(asked.verb, _VERBS[asked.verb](site, asked))


def stamp(moment: datetime) -> str:
    """Write a moment as the repository's granularity has it: to the second, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _identify(site: Site, _asked: Asked) -> str:
    span, settings = site.catalogue.chronicle.span(), site.settings
    contact = settings.contact.removeprefix("mailto:")
    mailbox = contact if "@" in contact else f"postmaster@{urlsplit(settings.base_url).hostname}"  # RFC 5321, 4.5.1
    return "".join(
        (
            element("repositoryName", settings.title),
            element("baseURL", site.address(ADDRESS)),
            element("protocolVersion", "2.0"),
            element("adminEmail", mailbox),
            element("earliestDatestamp", stamp(span.first if span else datetime(1970, 1, 1, tzinfo=UTC))),
            element("deletedRecord", "persistent"),
            element("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        )
    )


def _formats(site: Site, asked: Asked) -> str:
    chosen: list[Format] = list(FORMATS.values())
    if "identifier" in asked.arguments:
        entry = _entry(site, asked.arguments["identifier"])
        chosen = [each for each in chosen if each.write(site, entry) is not None]
    if not chosen:
        raise Refused("noMetadataFormats", "The record can be had in no format.")
    return "".join(
        tag(
            "metadataFormat",
            element("metadataPrefix", each.prefix)
            + element("schema", each.schema)
            + element("metadataNamespace", each.namespace),
        )
        for each in chosen
    )


def _sets(site: Site, asked: Asked) -> str:
    if TOKEN in asked.arguments:
        raise Refused("badResumptionToken", "The list of sets is given whole; it has no resumption token.")
    found = site.catalogue.sources()
    if not found:
        raise Refused("noSetHierarchy", "No node is registered, and sets are nodes.")
    return "".join(tag("set", element("setSpec", s.name) + element("setName", _name(s))) for s in found)


def _name(source: Source) -> str:
    return source.title or source.name


def _identifiers(site: Site, asked: Asked) -> str:
    return _list(site, asked, _HEADERS, with_body=False)


def _records(site: Site, asked: Asked) -> str:
    return _list(site, asked, RECORDS, with_body=True)


def _record(site: Site, asked: Asked) -> str:
    wanted = format_named(asked.needed("metadataPrefix"))
    entry = _entry(site, asked.needed("identifier"))
    written = _written(site, entry, wanted)
    if written is None:
        raise Refused("cannotDisseminateFormat", f"The record cannot be had as {wanted.prefix}.")
    return written


def _entry(site: Site, identifier: str) -> Entry:
    """Return a record by the identifier it has in OAI-PMH, which is its permanent IRI. Raises `Refused`."""
    key = identifier.rpartition("/")[2]
    try:
        entry = site.catalogue.entry(key)
    except Missing:
        entry = None
    if entry is None or entry.state.kind not in KINDS or _identifier(site, entry.state) != identifier:
        raise Refused("idDoesNotExist", f"There is no record {identifier!r}.")
    return entry


def _identifier(site: Site, state: State) -> str:
    return str(site.catalogue.page(state).value)


# Lists


def _list(site: Site, asked: Asked, size: int, *, with_body: bool) -> str:
    """Return one answer of a list, by what happened when: a record that changes meanwhile comes again, at the end."""
    here = place(asked)
    wanted = format_named(here.prefix)
    if here.source is not None and all(source.name != here.source for source in site.catalogue.sources()):
        raise Refused("badArgument", f"There is no set {here.source!r}; ListSets tells which there are.")
    states = site.catalogue.chronicle.happened(here.window, here.after, size + 1, with_body=with_body)
    if not states and not here.told:
        raise Refused("noRecordsMatch", "No record fits what was asked for.")
    told, rest = states[:size], states[size:]
    if with_body:
        said = "".join(filter(None, (_written(site, site.catalogue.describe(s), wanted) for s in told)))
    else:
        said = "".join(_header(site, state) for state in told)
    return said + _going_on(site, here, told, more=bool(rest))


def _going_on(site: Site, here: Place, told: tuple[State, ...], *, more: bool) -> str:
    """Return where the list goes on: nothing where one answer holds it all, an empty token at the end of several."""
    if not more and not here.told:
        return ""
    total = here.total or site.catalogue.chronicle.count(here.window)
    said = {"completeListSize": str(max(total, here.told + len(told))), "cursor": str(here.told)}
    if not more:
        return tag(TOKEN, **said)
    onward = replace(here, after=told[-1].seq, told=here.told + len(told), total=total)
    return element(TOKEN, onward.token(), **said)


def _written(site: Site, entry: Entry, wanted: Format) -> str | None:
    """Return a record; one that was withdrawn is its header alone. None where the format cannot hold it."""
    header = _header(site, entry.state)
    if entry.state.status is Status.WITHDRAWN:
        return tag("record", header)
    body = wanted.write(site, entry)
    return None if body is None else tag("record", header + tag("metadata", body))


def _header(site: Site, state: State) -> str:
    deleted = {"status": "deleted"} if state.status is Status.WITHDRAWN else {}
    said = (
        element("identifier", _identifier(site, state))
        + element("datestamp", stamp(state.time))
        + element("setSpec", state.source)
    )
    return tag("header", said, **deleted)


_VERBS: Final[Mapping[str, Callable[[Site, Asked], str]]] = MappingProxyType(
    {
        "Identify": _identify,
        "ListMetadataFormats": _formats,
        "ListSets": _sets,
        "ListIdentifiers": _identifiers,
        "ListRecords": _records,
        "GetRecord": _record,
    }
)
