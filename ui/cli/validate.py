"""`validate`: check metadata files, folders, URLs or standard input. Needs no data folder.

Exit code 0: every input is valid; 1: a violation; 2: an input, profile or shapes file that cannot be processed. One
input that cannot be read does not stop the others.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import click
from rich.table import Table

from harvester.address import AddressPolicy, endpoint_of
from harvester.http import Door
from shapes.documents import judge_document
from shapes.errors import BadInput, Fault, TooLarge
from shapes.media import Syntax, by_extension, by_name
from shapes.parse import DEFAULT_LIMITS, Document
from shapes.profiles import profiles
from shapes.record import Record
from shapes.render import FORMATS, Judged, as_text, judged_json, render_all
from shapes.report import Report
from shapes.validate import Criteria, GraphValidator, Validator, make_validator
from shapes.workers import WORTH_A_CREW, Worker, cores, judge_many
from ui.cli.context import Context, Verb, console, pass_context

DEFAULT_PROFILE: Final = "healthdcat-ap-r8"
# In a folder, a name ending so is more often something else.
_AMBIGUOUS: Final = frozenset({".json", ".xml"})
_UNPROCESSABLE: Final = 2
_BUDGET: Final = 300.0  # seconds for one document judged by shapes that are not ours


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of the inputs: those judged, and the faults of those that could not be."""

    judged: tuple[Judged, ...]
    faults: tuple[Fault, ...]

    @property
    def exit_code(self) -> int:
        if self.faults:
            return max(_UNPROCESSABLE, *(fault.exit_code for fault in self.faults))
        return 0 if all(each.report.valid for each in self.judged) else 1


@click.command(cls=Verb)
@click.argument("inputs", nargs=-1, metavar="FILE|FOLDER|URL|- ...")
@click.option("--profile", "profile_id", metavar="ID", help=f"Profile to judge by [default: {DEFAULT_PROFILE}].")
@click.option("--shapes", multiple=True, metavar="FILE", help="SHACL file to judge by; alone, or beside --profile.")
@click.option("--background", multiple=True, metavar="FILE", help="Vocabulary the data refers to; it is not judged.")
@click.option(
    "--budget",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    default=_BUDGET,
    show_default=True,
    help="With --shapes: stop judging an input after this long. Their patterns and queries may never end.",
)
@click.option("--format", "form", type=click.Choice(tuple(FORMATS)), help="How to write the report [default: text].")
@click.option("--input-format", metavar="SYNTAX", help="Syntax of the inputs: turtle, rdfxml, jsonld, ntriples ...")
@click.option("--list-profiles", is_flag=True, help="List the profiles there are, and stop.")
@pass_context
def validate(  # noqa: PLR0913 - one per option of the verb
    context: Context,
    inputs: tuple[str, ...],
    profile_id: str | None,
    *,
    shapes: tuple[str, ...],
    background: tuple[str, ...],
    budget: float,
    form: str | None,
    input_format: str | None,
    list_profiles: bool,
) -> int:
    """Check metadata against a profile, or against SHACL files of your own.

    With a profile every record is judged by itself, with the vocabularies it refers to. With --shapes and no --profile
    the whole graph is judged by those shapes only.
    """
    if list_profiles:
        _list_profiles(context)
        return 0
    if not inputs:
        raise click.UsageError("Name a file, a folder, a URL, or - for standard input.")
    form = form or ("json" if context.json else "text")
    with closing(Worker()) as worker:
        try:
            criteria = Criteria(
                profile=profile_id or (None if shapes else DEFAULT_PROFILE),
                shapes=tuple(_file(Path(name)) for name in shapes),
                background=tuple(_file(Path(name)) for name in background),
            )
            judge = _judge_of(context, criteria, worker, budget)
            syntax = _syntax(input_format)
        except Fault as fault:
            outcome = _Outcome((), (fault,))
        else:
            outcome = _judge_all(context, inputs, syntax, judge)
    _print(outcome, form)
    return outcome.exit_code


def _list_profiles(context: Context) -> None:
    known = profiles().values()
    if context.json:
        context.emit([{"id": p.id, "title": p.title, "release": p.release, "levels": list(p.levels)} for p in known])
        return
    table = Table("Profile", "Title", "Release", "Levels", box=None)
    for each in known:
        table.add_row(each.id, each.title, each.release, ", ".join(each.levels))
    console().print(table)


def _syntax(name: str | None) -> Syntax | None:
    if name is None:
        return None
    found = by_name(name)
    if found is None:
        raise BadInput(f"There is no RDF syntax {name!r}; try turtle, rdfxml, jsonld, ntriples, nquads or trig.")
    return found


def _judge_all(
    context: Context,
    inputs: Sequence[str],
    syntax: Syntax | None,
    judge: Callable[[Document], Report],
) -> _Outcome:
    judged: list[Judged] = []
    faults: list[Fault] = []
    watching = context.show_progress()
    for document in _documents(inputs):
        if isinstance(document, Fault):
            faults.append(document)
            continue
        with console(stderr=True).status(f"Judging {document.name}") if watching else nullcontext():
            try:
                report = judge(replace(document, syntax=syntax or document.syntax))
            except Fault as fault:
                fault.url = fault.url or document.name
                faults.append(fault)
            else:
                judged.append(Judged(document.name, report))
    return _Outcome(tuple(judged), tuple(faults))


def _judge_of(context: Context, criteria: Criteria, worker: Worker, budget: float) -> Callable[[Document], Report]:
    """Return what judges one document: by shapes of others in a process that is ended at the budget, else here.

    Tells what there is to say of the shapes. Raises what reading them raises.
    """
    if criteria.shapes:
        for note in worker.prepare(criteria, budget):
            context.say(f"Shapes: {note}")
        return partial(worker.judge_document, criteria, timeout=budget)
    validator = make_validator(criteria)
    if isinstance(validator, GraphValidator):
        raise TypeError("without shapes one judges by a profile")
    return partial(judge_document, validator=validator, judge_all=partial(_judge_records, criteria, validator))


def _judge_records(criteria: Criteria, validator: Validator, records: Sequence[Record]) -> Iterable[Report]:
    """Judge records here, or on every core where they are so many that it pays."""
    alone = len(records) < WORTH_A_CREW or cores() == 1
    return map(validator.judge, records) if alone else judge_many(records, criteria)


def _documents(inputs: Sequence[str]) -> Iterator[Document | Fault]:
    """Yield every document the inputs name; the fault instead of one that cannot be had."""
    for name in inputs:
        try:
            if name == "-":
                yield Document(sys.stdin.buffer.read(), name="-", base="")
            elif name.lower().startswith(("http://", "https://")):
                yield _fetched(name)
            elif Path(name).is_dir():
                yield from _of_folder(Path(name))
            else:
                yield _file(Path(name))
        except Fault as fault:
            yield fault


def _of_folder(folder: Path) -> Iterator[Document | Fault]:
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and _is_rdf(path.relative_to(folder))]
    if not found:
        raise BadInput("No RDF file was found in this folder.", url=str(folder))
    for path in found:
        try:
            yield _file(path)
        except Fault as fault:
            yield fault


def _is_rdf(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return not hidden and path.suffix.lower() not in _AMBIGUOUS and by_extension(path.name) is not None


def _file(path: Path) -> Document:
    try:
        if path.stat().st_size > DEFAULT_LIMITS.bytes:
            raise TooLarge(f"The file has more than {DEFAULT_LIMITS.bytes:,} bytes.", url=str(path))
        return Document(path.read_bytes(), name=str(path), base=path.resolve().as_uri())
    except OSError as error:
        raise BadInput(f"The file cannot be read: {error.strerror or error}.", url=str(path)) from error


def _fetched(url: str) -> Document:
    """Fetch a URL through the guarded door. The person who types it may name a private address; a redirect may not."""
    with Door(policy=AddressPolicy().opened_for(endpoint_of(url), private=True)) as door:
        answer = door.get(url)
    return Document(answer.data, name=url, base=answer.url, media_type=answer.headers.get("Content-Type"))


def _print(outcome: _Outcome, form: str) -> None:
    problems = [fault.problem() for fault in outcome.faults]
    if form == "json":
        click.echo(_as_json(outcome.judged, problems))
    elif outcome.judged and form == "text":
        text = as_text(outcome.judged)
        console().print(text, soft_wrap=True) if sys.stdout.isatty() else click.echo(text.plain)
    elif outcome.judged:
        click.echo(render_all(outcome.judged, form))
    for fault in outcome.faults:
        click.echo(f"Error: {fault}", err=True)


def _as_json(judged: Sequence[Judged], problems: Sequence[dict[str, object]]) -> str:
    """Return the report with the problems of unreadable inputs; the problem alone where there is no report."""
    body = judged_json(judged) if judged else dict(problems[0])
    if problems and (judged or len(problems) > 1):
        body["problems"] = list(problems)
    return json.dumps(body, ensure_ascii=False, indent=2)
