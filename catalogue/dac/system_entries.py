"""The nested parts of a registry entry: the systems where one applies, and the times that were observed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from catalogue.dac.checks import Check, Refused, a_date, a_days, a_text, an_address, an_email
from catalogue.dac.committee import Observed
from catalogue.dac.systems import Binding, System, SystemKind

_LARGEST: Final = 2**31 - 1  # REMS numbers its things with 32 bits
_Made = TypeVar("_Made")


def systems_of(value: object) -> tuple[System, ...]:
    """Read a list of systems, each a table of `kind`, `url`, `own_ids`, `workflow` and `bindings`."""
    return tuple(_each(value, "systems", _system))


def observed_of(value: object) -> Observed:
    """Read what was observed: a table of `days`, and where known `from`, `to` and `applications`."""
    checks: Mapping[str, Check] = {"days": a_days, "from": a_date, "to": a_date, "applications": _whole}
    known = _table(value, "observed_days", checks, ("days",))
    since, until = known.get("from"), known.get("to")
    if isinstance(since, str) and isinstance(until, str) and until < since:
        raise Refused("a table whose to is not before its from")
    return Observed(days=known["days"], since=since, until=until, applications=known.get("applications"))  # type: ignore[arg-type]  # checked above


def _system(value: object) -> System:
    checks: Mapping[str, Check] = {
        "kind": _kind,
        "url": a_text,
        "own_ids": _flag,
        "workflow": _whole,
        "bindings": lambda given: tuple(_each(given, "bindings", _binding)),
    }
    known = _table(value, "a system", checks, ("kind", "url"))
    url = str(known["url"])
    if known["kind"] is SystemKind.MAIL:
        known["url"] = f"mailto:{an_email(url)}"
    else:
        an_address(url)
    return System(**known)  # type: ignore[arg-type]  # checked key by key


def _binding(value: object) -> Binding:
    checks: Mapping[str, Check] = {"dataset": a_text, "resource": a_text, "item": _whole, "workflow": _whole}
    return Binding(**_table(value, "a binding", checks, ("dataset",)))  # type: ignore[arg-type]  # checked key by key


def _each(value: object, what: str, read: Callable[[object], _Made]) -> list[_Made]:
    if not isinstance(value, list):
        raise Refused(f"a list of tables ({what})")
    return [read(each) for each in value]


def _table(value: object, what: str, checks: Mapping[str, Check], required: tuple[str, ...]) -> dict[str, object]:
    """Check a table key by key; what is refused says where."""
    if not isinstance(value, Mapping):
        raise Refused(f"a table of {', '.join(checks)}")
    unknown = next((str(key) for key in value if key not in checks), None)
    if unknown is not None:
        raise Refused(f"a table of {', '.join(checks)} ({what} has no key {unknown})")
    missing = next((key for key in required if key not in value), None)
    if missing is not None:
        raise Refused(f"a table with {missing} ({what} has none)")
    known: dict[str, object] = {}
    for key, given in value.items():
        try:
            known[key] = checks[key](given)
        except Refused as refused:
            raise Refused(f"a table whose {key} is {refused}") from None
    return known


def _kind(value: object) -> SystemKind:
    if isinstance(value, str) and value in set(SystemKind):
        return SystemKind(value)
    raise Refused(f"one of {', '.join(SystemKind)}")


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise Refused("true or false")


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST:
        return value
    raise Refused("a whole number from 0")
