"""For stewards: what to mend at a node first, how it went from run to run, what another release would break; badges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from catalogue.journal.state import State
from catalogue.stewardship import MOST_SCORED, percents_of, record_of
from harvester.source import Source
from shapes.errors import BadInput, Missing
from shapes.mending import Mend, by_points, mends
from shapes.migration import Migration, migrate
from shapes.profiles import profile, profiles
from shapes.record import Kind
from shapes.render import MEDIA_TYPES, Judged, render_all
from shapes.report import Finding, Report
from shapes.scores import SCHEMES
from shapes.validate import Criteria
from ui import counting, negotiate
from ui.badges import listed_state
from ui.judging import current_desk
from ui.present import page_numbers
from ui.site import current_site
from ui.trend_chart import trend

quality = Blueprint("quality", __name__)

_SUFFIXES: Final = {
    ".json": "json",
    ".csv": "csv",
    ".html": "html",
    ".ttl": "turtle",
    ".sarif": "sarif",
    ".txt": "text",
}
_FORMS: Final = "any('.json', '.csv', '.html', '.ttl', '.sarif', '.txt')"
_SHOWN: Final = 60  # things to mend on a page
_LISTED: Final = 100  # findings on a page of one thing to mend
_MOST_FINDINGS: Final = 50_000
_MOST_MOVED: Final = 2000


@dataclass(frozen=True, slots=True)
class _Cut:
    """One page of findings."""

    total: int
    page: int
    pages: int
    findings: tuple[Finding, ...]


@quality.get("/node/<name>/quality")
def node(name: str) -> str:
    """What to mend at a node, how it went, and how to show it elsewhere."""
    site = current_site()
    source = site.catalogue.source(name)
    ranked_by_points = _chosen("sort", ("records", "points")) == "points"
    found = site.catalogue.stewardship.mends(name)
    if ranked_by_points:
        found = by_points(found)
    course = site.catalogue.stewardship.course(name)
    return render_template(
        "quality.html",
        source=source,
        mends=found[:_SHOWN],
        more=max(0, len(found) - _SHOWN),
        by_points=ranked_by_points,
        course=course,
        most_scored=MOST_SCORED,
        now=course.milestones[-1] if course.milestones else None,
        trend=trend(course.milestones),
        schemes=SCHEMES,
        others=_others(source),
        profiles=profiles(),
        badge=site.address(url_for("badges.node", name=name)),
        page=site.address(url_for("quality.node", name=name)),
    )


@quality.get("/node/<name>/quality/records")
def records(name: str) -> str:
    """Every record and value one thing to mend is about, page by page."""
    site = current_site()
    source = site.catalogue.source(name)
    mend = _one(site.catalogue.stewardship.mends(name), name)
    cut = _cut(mend.findings)
    asked: dict[str, Any] = dict(_rule_asked())
    return render_template(
        "quality_records.html",
        source=source,
        mend=mend,
        cut=cut,
        asked=asked,
        numbers=page_numbers(cut.page, cut.pages),
        to_page=lambda number: url_for("quality.records", name=name, page=number, **asked),
    )


@quality.get(f"/node/<name>/quality<{_FORMS}:suffix>")
def node_report(name: str, suffix: str) -> Response:
    """Download a node's whole report, or that of one thing to mend; every record under its address here."""
    site = current_site()
    site.catalogue.source(name)
    wanted = _rule_asked()
    judged, count = [], 0
    for state, report in site.catalogue.stewardship.reports(name):
        kept = tuple(f for f in report.findings if not wanted or _is_of(f, wanted))
        count += len(kept)
        if count > _MOST_FINDINGS:
            way = "Validate" if wanted else "Take it rule by rule, or validate"
            raise BadInput(
                f"The report has more than {_MOST_FINDINGS:,} findings. {way} the node's files with the command line."
            )
        if kept or not wanted:
            judged.append(Judged(str(site.catalogue.page(state).value), replace(report, findings=kept)))
    return _download(judged, suffix, f"{name}-quality")


@quality.get("/node/<name>/quality/moving")
def moving(name: str) -> str:
    """What breaks in a node's records when they are judged by another profile (`?to=`)."""
    site = current_site()
    source = site.catalogue.source(name)
    to = profile(request.args.get("to", "") or _others(source)[0])
    found = site.catalogue.stewardship.records(name, _MOST_MOVED)
    if len(found) > _MOST_MOVED:
        raise BadInput(
            f"{name} has more than {_MOST_MOVED:,} records. Compare its files with the command line: "
            f"gdi-catalogue validate FILE --profile {_profile_of(source)} --compare-with {to.id}"
        )
    before = Report.merged(_profile_of(source), "", (r for _, r in site.catalogue.stewardship.reports(name)))
    after = current_desk().judge_records([record for _, record in found], Criteria(to.id))
    return _moved(
        migrate(before, Report.merged(to.id, to.release, after)),
        {record.subject: key for key, record in found},
        source=source,
        state=None,
        back=url_for("quality.node", name=name),
        action=url_for("quality.moving", name=name),
    )


@quality.get("/dataset/<path:key>/quality")
def dataset(key: str) -> Response | str:
    """One dataset: how its description went from state to state, its report to keep, its badge."""
    state = listed_state(key)
    if state.id != key:
        return make_response(redirect(url_for("quality.dataset", key=state.id), HTTPStatus.SEE_OTHER))
    site = current_site()
    entry = site.catalogue.entry(state.id)
    report = site.catalogue.report(state.id)
    return render_template(
        "quality_dataset.html",
        entry=entry,
        state=state,
        source=entry.source,
        mends=mends(report) if report else (),
        report=report,
        history=tuple(reversed(site.catalogue.history(state.id, with_body=False))),
        percents=percents_of(state) if state.kind is Kind.DATASET else {},
        schemes=SCHEMES,
        others=_others(entry.source),
        profiles=profiles(),
        badge=site.address(url_for("badges.dataset", key=state.id)),
        page=str(site.catalogue.page(state).value),
    )


@quality.get("/dataset/<path:key>/quality/moving")
def dataset_moving(key: str) -> str:
    """What breaks in one description when it is judged by another profile."""
    state = listed_state(key)
    site = current_site()
    entry = site.catalogue.entry(state.id)
    to = profile(request.args.get("to", "") or _others(entry.source)[0])
    before = site.catalogue.report(state.id) or Report(_profile_of(entry.source), "", 1)
    after = current_desk().judge_records([record_of(state)], Criteria(to.id))[0]
    return _moved(
        migrate(before, after),
        {state.subject: state.id},
        source=entry.source,
        state=state,
        back=url_for("quality.dataset", key=state.id),
        action=url_for("quality.dataset_moving", key=state.id),
    )


@quality.get(f"/dataset/<path:key>/quality<{_FORMS}:suffix>")
def dataset_report(key: str, suffix: str) -> Response:
    """Download what was found in one dataset."""
    catalogue = current_site().catalogue
    state = listed_state(key)
    report = catalogue.report(state.id)
    if report is None:
        raise Missing(f"The record {state.id!r} was not validated.", record=state.id)
    return _download([Judged(str(catalogue.page(state).value), report)], suffix, f"{state.id}-quality")


def _profile_of(source: Source) -> str:
    return source.profile or current_site().settings.profile


def _others(source: Source) -> tuple[str, ...]:
    """The profiles a node can be compared with: later releases of its own first."""
    own = profile(_profile_of(source))
    rest = [each for each in profiles().values() if each.id != own.id]
    later = sorted(rest, key=lambda each: (each.title != own.title, each.release <= own.release, each.id))
    return tuple(each.id for each in later)


def _moved(
    migration: Migration,
    keys: dict[str, str],
    *,
    source: Source,
    state: State | None,
    back: str,
    action: str,
) -> str:
    parts = {name: mends(Report("", "", 0, getattr(migration, name))) for name in ("breaks", "stays", "asks", "eased")}
    return render_template(
        "moving.html",
        migration=migration,
        parts={name: found[:_SHOWN] for name, found in parts.items()},
        more={name: max(0, len(found) - _SHOWN) for name, found in parts.items()},
        keys=keys,
        source=source,
        state=state,
        back=back,
        action=action,
        others=_others(source),
        profiles=profiles(),
    )


def _chosen(name: str, allowed: Sequence[str]) -> str:
    """Return one of the words a parameter may be; the first where it is not given."""
    stated = request.args.get(name, allowed[0])
    if stated not in allowed:
        raise BadInput(f"{name} must be one of {', '.join(allowed)}, not {stated!r}.")
    return stated


def _rule_asked() -> dict[str, str]:
    """Return which thing to mend is meant, by what tells it apart; empty where none is."""
    return {name: request.args[name] for name in ("shape", "path", "severity") if request.args.get(name)}


def _is_of(finding: Finding, wanted: dict[str, str]) -> bool:
    return all((getattr(finding, name) or "") == wanted.get(name, "") for name in ("shape", "path", "severity"))


def _one(found: Sequence[Mend], name: str) -> Mend:
    wanted = _rule_asked()
    for mend in found:
        if _is_of(mend.findings[0], wanted):
            return mend
    raise Missing(f"Nothing of this kind is to be mended at {name} now.")


def _cut(findings: Sequence[Finding]) -> _Cut:
    pages = max(1, -(-len(findings) // _LISTED))
    page = counting.asked("page", most=pages)
    return _Cut(len(findings), page, pages, tuple(findings[(page - 1) * _LISTED : page * _LISTED]))


def _download(judged: Sequence[Judged], suffix: str, name: str) -> Response:
    form = _SUFFIXES[suffix]
    response = make_response(render_all(judged, form))
    media_type = MEDIA_TYPES[form]
    response.content_type = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}{suffix}"'
    if form == "html":
        # The report that stands alone has its style inside; nothing else in it may run or load.
        response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.add_etag()
    response.cache_control.no_cache = True
    return negotiate.conditional(response)
