"""`validate`: check metadata files, folders, URLs or standard input. Needs no data folder.

Exit code 0: every input is valid; 1: a violation; 2: an input, profile or shapes file that cannot be processed. One
input that cannot be read does not stop the others.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import click
from rich.table import Table

from shapes.documents import judge_document
from shapes.errors import BadInput, Fault
from shapes.media import Syntax, by_name
from shapes.migration import migrate
from shapes.parse import Document
from shapes.profiles import profile, profiles
from shapes.record import Record
from shapes.render import FORMATS, Judged, as_text, judged_json, merged, render_all
from shapes.render.moving import crosswalk_json, crosswalk_text, migration_json, migration_text
from shapes.render.scoring import scored_json, scores_text
from shapes.report import Report
from shapes.scores import Scored, score_document
from shapes.validate import Criteria, GraphValidator, Validator, make_validator
from shapes.workers import WORTH_A_CREW, Worker, cores, judge_many
from ui.cli.context import Context, Verb, console, pass_context
from ui.cli.documents import documents, files_of

DEFAULT_PROFILE: Final = "healthdcat-ap-r8"
_UNPROCESSABLE: Final = 2
_BUDGET: Final = 300.0  # seconds for one document judged by shapes that are not ours
_MEMORY: Final = 4.0  # gigabytes for the same


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of the inputs: those judged, and the faults of those that could not be."""

    judged: tuple[Judged, ...]
    faults: tuple[Fault, ...]
    scored: tuple[Scored, ...] | None = None

    @property
    def exit_code(self) -> int:
        if self.faults:
            return max(_UNPROCESSABLE, *(fault.exit_code for fault in self.faults))
        return 0 if all(each.report.valid for each in self.judged) else 1


@click.command(cls=Verb)
@click.argument("inputs", nargs=-1, metavar="FILE|FOLDER|URL|- ...")
@click.option("--profile", "profile_id", metavar="ID", help=f"Profile to judge by [default: {DEFAULT_PROFILE}].")
@click.option(
    "--shapes", multiple=True, metavar="FILE|FOLDER", help="SHACL files to judge by; alone, or beside --profile."
)
@click.option("--as-published", is_flag=True, help="By --shapes alone, whole graphs; official files as they stand.")
@click.option(
    "--background", multiple=True, metavar="FILE|FOLDER", help="Vocabularies the data refers to; they are not judged."
)
@click.option(
    "--budget",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    default=_BUDGET,
    show_default=True,
    help="With --shapes: stop judging an input after this long. Their patterns and queries may never end.",
)
@click.option(
    "--memory",
    type=click.FloatRange(min=0.5),
    metavar="GB",
    default=_MEMORY,
    show_default=True,
    help="With --shapes: stop judging an input that needs more memory than this, for the same reason.",
)
@click.option("--vocabularies", is_flag=True, help="With --shapes: our code lists are background too.")
@click.option("--compare-with", "other_id", metavar="ID", help="What breaks when moving from --profile to this one.")
@click.option("--scores", is_flag=True, help="Also say how many points each dataset has, and what each lost one needs.")
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
    as_published: bool,
    background: tuple[str, ...],
    budget: float,
    memory: float,
    vocabularies: bool,
    other_id: str | None,
    scores: bool,
    form: str | None,
    input_format: str | None,
    list_profiles: bool,
) -> int:
    """Check metadata against a profile, or against SHACL files of your own.

    With a profile every record is judged by itself, with the vocabularies it refers to. With --shapes and no --profile
    the whole graph is judged by those shapes only. With --compare-with two profiles are compared: over the inputs, or
    without any input rule by rule.
    """
    if list_profiles:
        _list_profiles(context)
        return 0
    by = profile_id or (None if shapes else DEFAULT_PROFILE)
    asked = _Asked(by, shapes, background, vocabularies, scores, input_format, budget, memory)
    _refuse_contradictions(asked, profile_id, other_id, form, as_published=as_published)
    form = form or ("json" if context.json else "text")
    if other_id is not None:
        return _compare(context, inputs, asked, other_id, form)
    if not inputs:
        raise click.UsageError("Name a file, a folder, a URL, or - for standard input.")
    outcome = _outcome(context, inputs, asked)
    _print(outcome, form)
    return outcome.exit_code


@dataclass(frozen=True, slots=True)
class _Asked:
    """What to judge by, as the command line names it."""

    profile: str | None
    shapes: tuple[str, ...] = ()
    background: tuple[str, ...] = ()
    vocabularies: bool = False
    scores: bool = False
    input_format: str | None = None
    budget: float = _BUDGET
    memory: float = _MEMORY


def _refuse_contradictions(
    asked: _Asked, profile_id: str | None, other_id: str | None, form: str | None, *, as_published: bool
) -> None:
    if as_published and not asked.shapes:
        raise click.UsageError("--as-published needs the files to judge by: --shapes FILE or FOLDER.")
    if as_published and profile_id is not None:
        raise click.UsageError("--as-published judges by --shapes alone, not by a --profile too.")
    if other_id is not None and asked.shapes:
        raise click.UsageError("--compare-with compares two profiles; it goes without --shapes.")
    if other_id is not None and form not in (None, "text", "json"):
        raise click.UsageError(f"A comparison is text or json, not {form}.")
    if asked.scores and (asked.profile is None or other_id is not None):
        raise click.UsageError("--scores goes with one profile, without --compare-with and --as-published.")
    if asked.scores and form not in (None, "text", "json"):
        raise click.UsageError(f"Scores are text or json, not {form}.")


def _outcome(context: Context, inputs: Sequence[str] | Sequence[Document | Fault], asked: _Asked) -> _Outcome:
    """Judge what the inputs name; a fault of what to judge by is the whole outcome."""
    with closing(Worker(memory=int(asked.memory * 1024**3))) as worker:
        try:
            criteria = Criteria(
                profile=asked.profile,
                shapes=tuple(files_of(asked.shapes)),
                background=tuple(files_of(asked.background)),
                vocabularies=asked.vocabularies,
            )
            judge = _judge_of(context, criteria, worker, asked.budget)
            syntax = _syntax(asked.input_format)
        except Fault as fault:
            return _Outcome((), (fault,))
        outcome, read = _judge_all(context, _named(inputs), syntax, judge)
    if not asked.scores:
        return outcome
    pairs = zip(read, outcome.judged, strict=True)
    return replace(outcome, scored=tuple(one for each, by in pairs for one in score_document(each, by.report)))


def _named(inputs: Sequence[str] | Sequence[Document | Fault]) -> Iterable[Document | Fault]:
    """Return the documents of the inputs: read already, or still to be read."""
    names = [each for each in inputs if isinstance(each, str)]
    return documents(names) if names else [each for each in inputs if not isinstance(each, str)]


def _compare(context: Context, inputs: Sequence[str], asked: _Asked, other_id: str, form: str) -> int:
    """Say what moving from one profile to another breaks: in the inputs, or rule by rule without any."""
    if not inputs:
        before, after = profile(asked.profile or DEFAULT_PROFILE), profile(other_id)
        click.echo(crosswalk_json(before, after) if form == "json" else crosswalk_text(before, after), nl=False)
        return 0
    read = tuple(documents(inputs))
    first = _outcome(context, read, asked)
    second = _outcome(context, read, replace(asked, profile=other_id))
    if not (first.judged and second.judged):
        _print(first if first.faults else second, form)
        return max(first.exit_code, second.exit_code)
    migration = migrate(merged(first.judged), merged(second.judged))
    click.echo(migration_json(migration) if form == "json" else migration_text(migration), nl=False)
    for fault in second.faults:
        click.echo(f"Error: {fault}", err=True)
    return second.exit_code if second.faults else int(not migration.possible)


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
    found: Iterable[Document | Fault],
    syntax: Syntax | None,
    judge: Callable[[Document], Report],
) -> tuple[_Outcome, Sequence[Document]]:
    """Judge documents; return what became of them, and those that were judged."""
    judged: list[Judged] = []
    read: list[Document] = []
    faults: list[Fault] = []
    watching = context.show_progress()
    for document in found:
        if isinstance(document, Fault):
            faults.append(document)
            continue
        with console(stderr=True).status(f"Judging {document.name}") if watching else nullcontext():
            named = replace(document, syntax=syntax or document.syntax)
            try:
                report = judge(named)
            except Fault as fault:
                fault.url = fault.url or document.name
                faults.append(fault)
            else:
                judged.append(Judged(document.name, report))
                read.append(named)
    return _Outcome(tuple(judged), tuple(faults)), read


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


def _print(outcome: _Outcome, form: str) -> None:
    problems = [fault.problem() for fault in outcome.faults]
    if form == "json":
        click.echo(_as_json(outcome, problems))
    elif outcome.judged and form == "text":
        text = as_text(outcome.judged)
        console().print(text, soft_wrap=True) if sys.stdout.isatty() else click.echo(text.plain)
        click.echo(scores_text(outcome.scored or ()), nl=False)
    elif outcome.judged:
        click.echo(render_all(outcome.judged, form))
    for fault in outcome.faults:
        click.echo(f"Error: {fault}", err=True)


def _as_json(outcome: _Outcome, problems: Sequence[dict[str, object]]) -> str:
    """Return the report with the problems of unreadable inputs; the problem alone where there is no report."""
    body = judged_json(outcome.judged) if outcome.judged else dict(problems[0])
    if outcome.scored is not None:
        body["scores"] = [scored_json(each) for each in outcome.scored]
    if problems and (outcome.judged or len(problems) > 1):
        body["problems"] = list(problems)
    return json.dumps(body, ensure_ascii=False, indent=2)
