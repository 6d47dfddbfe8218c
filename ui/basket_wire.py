"""Baskets and routes as JSON: the API and the command line both write these."""

from __future__ import annotations

from typing import Any, TypeAlias

from catalogue.access.basket import Absent, Basket, Body, Group, Line, Task
from catalogue.access.conditions import Compared, Shared
from catalogue.access.handover import NEGOTIATOR_PATH, links, negotiator_request
from catalogue.access.reading import Checked, Reading
from catalogue.access.route import Route, RouteKind
from catalogue.use.terms import code_of, words_of
from ui.wire import texts_json

Object: TypeAlias = dict[str, Any]


def basket_json(basket: Basket, title: str, address: str) -> Object:
    """A basket: its groups and what is not in them. `address` is its page, `title` the catalogue's."""
    return {
        "address": address,
        "total": len(basket.lines),
        "countries": list(basket.countries),
        "groups": [group_json(group, title, address) for group in basket.groups],
        "absent": [_absent(each) for each in basket.absent],
    }


def group_json(group: Group, title: str, address: str) -> Object:
    """One application that can be made (or what else there is to do: `task`)."""
    negotiator = group.kind is RouteKind.NEGOTIATOR and group.task is Task.APPLY
    request = {
        "method": "POST",
        "address": f"{group.system}{NEGOTIATOR_PATH}",
        "body": negotiator_request(group, address),
    }
    return {
        "task": group.task.value,
        "kind": group.kind.value if group.kind else None,
        "system": group.system,
        "workflow": group.workflow,
        "countries": list(group.countries),
        "bodies": [_body(body) for body in group.bodies],
        "links": [
            {"act": link.act.value, "address": link.address, "datasets": list(link.datasets)}
            for link in links(group, title)
        ],
        "request": request if negotiator else None,
        "conditions": _compared(group.conditions),
        "datasets": [_line(line) for line in group.lines],
    }


def _body(body: Body) -> Object:
    committee = body.committee
    return {
        "id": committee.id,
        "names": texts_json(committee.names),
        "role": body.role.value,
        "status": body.status.value,
        "methods": [method.value for method in body.methods],
        "datasets": body.datasets,
        "documents": list(committee.documents),
        "response_days": committee.response_days,
        "fee": committee.fee,
        "email": committee.email,
    }


def _compared(compared: Compared) -> Object:
    return {
        "common": [_shared(each) for each in compared.common],
        "varying": [_shared(each) for each in compared.varying],
        "silent": list(compared.silent),
        "conflicts": list(compared.conflicts),
    }


def _shared(shared: Shared) -> Object:
    term = shared.term
    return {
        "code": code_of(term.shorthand),
        "words": words_of(term.shorthand),
        "restricted_to": list(term.restricted_to),
        "datasets": list(shared.datasets),
    }


def _line(line: Line) -> Object:
    decider = line.entry.access.decider
    return {
        "id": line.entry.state.id,
        "iri": line.entry.state.subject,
        "titles": texts_json(line.dataset.titles),
        "identifiers": list(line.dataset.identifiers),
        "country": line.entry.source.country,
        "source": line.entry.source.name,
        "decider": {"status": decider.status.value, "method": decider.method.value, "evidence": decider.evidence},
        "resource": line.resource,
        "routes": [route_json(route) for route in line.routes],
        "check": check_json(line.checked),
    }


def route_json(route: Route) -> Object:
    """A way to apply, with the rule that found it and on what evidence."""
    return {
        "kind": route.kind.value,
        "address": route.address,
        "system": route.system,
        "resources": list(route.resources),
        "stated": route.stated,
        "workflow": route.workflow,
        "body": route.body,
        "method": route.method.value,
        "evidence": route.evidence,
    }


def check_json(checked: Checked | None) -> Object | None:
    """What the system told of the first route when it was last asked; None where it was not."""
    if checked is None:
        return None
    item = checked.item
    return {
        "standing": checked.standing.value,
        "sentence": checked.sentence,
        "time": checked.time.isoformat() if checked.time else None,
        "resource": checked.resource,
        "item": item.id if item else None,
        "workflow": item.workflow if item else None,
        "form": item.form if item else None,
        "organisation": item.organisation if item else None,
        "moved": None
        if checked.moved is None
        else {
            "before": checked.moved.before,
            "after": checked.moved.after,
            "time": checked.moved.time.isoformat(),
        },
    }


def reading_json(reading: Reading) -> Object:
    """What is known of an application system."""
    items = reading.answer.items if reading.answer else None
    return {
        "system": reading.system,
        "tried": reading.tried.isoformat(),
        "time": reading.time.isoformat() if reading.time else None,
        "failure": reading.failure,
        "public": None if reading.answer is None else items is not None,
        "cart": reading.answer.cart if reading.answer else None,
        "items": None if items is None else len(items),
        "open": None if items is None else sum(i.enabled and not i.archived and not i.expired for i in items),
        "unreadable": reading.answer.unreadable if reading.answer else None,
        "moved": [
            {"resource": each.resource, "before": each.before, "after": each.after, "time": each.time.isoformat()}
            for each in reading.moved
        ],
    }


def _absent(absent: Absent) -> Object:
    return {"id": absent.id, "why": absent.why.value, "titles": texts_json(absent.titles)}
