"""`search` and `show`: finding records, and looking at one."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, Final

import click

from catalogue.assemble import House, open_as_named
from catalogue.dac.committee import DacLink
from catalogue.desk import Desk
from catalogue.enrich.enrichment import Enrichment
from catalogue.entry import Entry
from catalogue.facets import SORTS
from catalogue.journal.state import State
from catalogue.search.cursor import read_cursor
from catalogue.search.parsing import make_query, read_choices
from catalogue.search.query import MAX_PAGE_SIZE, PAGE_SIZE, Hit, Page, Query
from catalogue.search.using import USE
from catalogue.text import Text, pick
from catalogue.use.judging import judge_signature
from catalogue.use.purpose import PREFIX, Purpose
from shapes.errors import BadInput, BadQuery, Missing
from shapes.media import by_name
from shapes.serialise import serialise
from ui.basket_wire import applying_json
from ui.cli.context import Context, Verb, console, pass_context
from ui.use import CAVEAT
from ui.wire import entry_json, page_json

_FORMS: Final = ("text", "turtle", "jsonld", "rdfxml", "ntriples", "nquads")
_VIEWS: Final = ("delivered", "published", "history")


@click.command(cls=Verb)
@click.argument("text", required=False, default="")
@click.option(
    "--facet", "facets", multiple=True, metavar="NAME=VALUE", help="Only datasets with this value; repeatable."
)
@click.option(
    "--use",
    "uses",
    multiple=True,
    metavar="QUESTION=ANSWER",
    help="A use you have in mind, such as purpose=health, commercial=no, country=BE; answer=yes chooses.",
)
@click.option("--sort", default=Query().sort, show_default=True, help=f"One of: {', '.join(s.name for s in SORTS)}.")
@click.option("--page", default=1, type=int, help="Which page; the first is 1.")
@click.option(
    "--size", default=PAGE_SIZE, show_default=True, type=int, help=f"Datasets on a page, 1 to {MAX_PAGE_SIZE}."
)
@click.option("--cursor", default="", help="What comes after another page: the text it was given as `next`.")
@pass_context
def search(context: Context, /, text: str, facets: tuple[str, ...], uses: tuple[str, ...], **paging: Any) -> None:  # noqa: ANN401 - as click hands them
    """Search the catalogue. Words and facets are ANDed; a repeated facet is ORed.

    With --use every dataset found says whether its stated conditions allow that use. Whoever decides may see it
    otherwise.
    """
    settings = context.settings(sparql_workers=1)
    query = make_query(text, read_choices(facets), languages=settings.languages, use=_use(uses), **paging)
    after = read_cursor(query)
    with open_as_named(settings) as house:
        house.freshen()
        found = house.catalogue.search(query)
    if context.json:
        context.emit(page_json(found, query.purpose))
    else:
        _print(found, after.before if after else (found.page - 1) * found.size, query.purpose)


def _use(given: Iterable[str]) -> list[tuple[str, str]]:
    """`purpose=health` as the parameter `use.purpose`; `answer=yes` as `use`."""
    pairs = []
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not value.strip():
            raise BadQuery(f"{each!r} is no question and answer: write QUESTION=ANSWER, for example purpose=health.")
        pairs.append((USE if name.strip() == "answer" else PREFIX + name.strip(), value))
    return pairs


def _print(found: Page, first: int, purpose: Purpose) -> None:
    out = console()
    out.print(f"{found.total} datasets" + (" (nothing matched exactly; these are near)" if found.relaxed else ""))
    for number, hit in enumerate(found.hits, first + 1):
        out.print(f"\n{number}. {hit.title}", style="bold", markup=False, soft_wrap=True)
        out.print(f"   {_line(hit)}", markup=False, soft_wrap=True)
        if purpose:
            verdict = judge_signature(hit.conditions, purpose)
            sentences = " ".join(reason.sentence for reason in verdict.decided)
            out.print(f"   {verdict.answer.value}: {sentences}", markup=False, soft_wrap=True)
        for matched in hit.matched[:1]:
            out.print(f"   {matched.field}: {matched.snippet}", markup=False, soft_wrap=True, style="dim")
    if purpose:
        out.print(f"\n{CAVEAT}", markup=False, soft_wrap=True, style="dim")


def _line(hit: Hit) -> str:
    bodies = ", ".join(f"{body.name} ({body.role})" for body in hit.dac) or "no deciding body published"
    parts = (hit.id, hit.country, hit.access_rights, hit.publisher, bodies)
    return " | ".join(part for part in parts if part)


@click.command(cls=Verb)
@click.argument("identifier", metavar="ID|IRI")
@click.option(
    "--format", "form", type=click.Choice(_FORMS), help="How to write it [default: text; with --as delivered: turtle]."
)
@click.option(
    "--as",
    "view",
    type=click.Choice(_VIEWS),
    default="published",
    show_default=True,
    help="What its node sent, that with what we add, or every state it had.",
)
@pass_context
def show(context: Context, identifier: str, form: str | None, view: str) -> None:
    """Show one record by our id, its IRI, or an identifier its node gave it."""
    if view == "history" and form not in (None, "text"):
        raise click.UsageError(f"A history is told as text or, with --json, as JSON; {form} writes a description.")
    if form is None and view == "delivered":  # what we say of it in words is not what its node sent
        form = "jsonld" if context.json else "turtle"
    settings = context.settings(sparql_workers=1)
    with open_as_named(settings) as house:
        record = house.catalogue.resolve(identifier)
        if record is None:
            raise Missing(f"There is no record {identifier!r} in this catalogue.", record=identifier)
        if view == "history":
            _history(context, house.catalogue.history(record))
        elif form in (None, "text"):
            _overview(context, house, record)
        else:
            _graph(house, record, form, view)


def _graph(house: House, record: str, form: str, view: str) -> None:
    syntax = by_name(form)
    if syntax is None:
        raise BadInput(f"There is no format {form!r}.")
    state = house.catalogue.state(record)
    if view == "delivered":
        triples = house.catalogue.delivered(state)
    else:
        triples = house.catalogue.published(house.catalogue.entry(record))
    sys.stdout.buffer.write(serialise(triples, syntax))
    sys.stdout.buffer.flush()


def _overview(context: Context, house: House, record: str) -> None:
    entry = house.catalogue.entry(record)
    page = house.catalogue.page(entry.state).value
    if context.json:
        line = Desk(house.catalogue, house.settings.data).line(entry)
        name = house.catalogue.name_of(entry.state.id, entry.state.subject)
        context.emit(entry_json(entry, page, name) | applying_json(line))
        return
    for label, value in _facts(entry, page):
        click.echo(f"{label:14} {value}")


def _facts(entry: Entry, page: str) -> list[tuple[str, str]]:
    state, dataset = entry.state, entry.dataset
    facts = [("id", state.id), ("page", page), ("status", state.status.value), ("kind", state.kind.value)]
    if dataset is not None:
        facts.append(("title", _words(dataset.titles)))
    if dataset is not None and dataset.access_rights is not None:
        facts.append(("access", _words(dataset.access_rights.labels)))
    bodies = [_body(link) for link in entry.access.links]
    facts += [("who decides", "; ".join(bodies) or entry.access.decider.evidence)]
    facts += [("others say", _told(each)) for each in entry.enrichments]
    facts += [("node", state.source), ("iri", state.subject), ("identifiers", ", ".join(state.identifiers))]
    facts += [("first listed", state.issued.isoformat()), ("last changed", state.time.isoformat())]
    if state.verdict is not None:
        verdict = state.verdict
        said = f"{verdict.violation} violations, {verdict.warning} warnings ({verdict.profile} {verdict.release})"
        facts.append(("validation", said))
    return facts


def _told(told: Enrichment) -> str:
    """What another service says, in a line, and which source that is."""
    if told.beacon is not None:
        return f"the Beacon {told.beacon.name!r} answers questions about it ({told.source}; {told.beacon.address})"
    policy = f" under the policy {told.policy.accession}" if told.policy and told.policy.accession else ""
    return f"the EGA has it as {told.about}{policy} ({told.source})"


def _body(link: DacLink) -> str:
    return f"{_words(link.committee.names)} ({link.role.value}, by {link.method.value})"


def _words(texts: tuple[Text, ...]) -> str:
    shown = pick(texts)
    return shown.value if shown else ""


def _history(context: Context, states: tuple[State, ...]) -> None:
    rows = [
        {
            "seq": state.seq,
            "time": state.time.isoformat(),
            "status": state.status.value,
            "run": state.run,
            "digest": state.digest,
            "subject": state.subject,
        }
        for state in states
    ]
    if context.json:
        context.emit(rows)
        return
    for row in rows:
        click.echo(f"{row['time']}  {row['status']:9}  run {row['run'] or '-':<4}  {row['digest']}")
