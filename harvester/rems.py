"""What a Resource Entitlement Management System (REMS) tells anybody: its configuration and its catalogue of items.

`GET /api/config` is anonymous. `GET /api/catalogue` is, where the installation says `catalogue-is-public`; it then
lists items that are enabled and not archived in newer releases, disabled ones too in older. A catalogue item joins a
resource (`resid`, what others call the dataset), a workflow (who handles applications) and a form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import urlsplit, urlunsplit

from harvester.errors import BadAddress, BadAnswer, HttpStatus
from harvester.foreign_json import read_json
from harvester.http import Door

Object: TypeAlias = Mapping[str, object]

LARGEST: Final = 64 * 1024 * 1024  # bytes of a catalogue of items
_JSON: Final = "application/json"
_CLOSED: Final = frozenset({401, 403})
# What follows the front page in an address of REMS (docs/linking.md and the routes of its handler).
_PARTS: Final = re.compile(r"/(?:apply-for|applications?(?:/\d+)?|catalogue|api(?:/.*)?|swagger-ui(?:/.*)?)/?$")


@dataclass(frozen=True, slots=True)
class RemsItem:
    """One catalogue item. `resource` is its resid, `titles` are pairs of language and title, `infourl` tells more."""

    id: int
    resource: str
    workflow: int
    form: int | None
    enabled: bool
    archived: bool
    expired: bool
    organisation: str | None = None
    titles: tuple[tuple[str, str], ...] = ()
    infourl: str | None = None


@dataclass(frozen=True, slots=True)
class RemsAnswer:
    """What an installation told. `items` None: its catalogue is not public. `unreadable`: items that were none.

    `cart`: whether its pages let people apply for several resources at once (`enable-cart`, on where nothing is said).
    """

    base: str
    cart: bool
    duo: bool
    languages: tuple[str, ...]
    items: tuple[RemsItem, ...] | None
    unreadable: int = 0


def rems_base(url: str) -> str:
    """Return the front page of the installation an address belongs to, without a slash at the end.

    Raises `BadAddress` for what is no http(s) address.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise BadAddress(f"This is no address: {error}.", url=url) from error
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise BadAddress("A REMS is reached by an http or https address.", url=url)
    path = _PARTS.sub("", parts.path).rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc.lower(), path, "", ""))


def read_rems(door: Door, base: str) -> RemsAnswer:
    """Ask an installation, in two requests. `base` as `rems_base` gives it.

    Raises `BadAnswer` where something else than REMS answers, and what `Door.get` raises.
    """
    config = _config(*_get(door, f"{base}/api/config"))
    languages = config.get("languages")
    items: tuple[RemsItem, ...] | None = None
    unreadable = 0
    if config["catalogue-is-public"] is True:
        try:
            listed = _listed(*_get(door, f"{base}/api/catalogue"))
        except HttpStatus as error:
            if error.answered not in _CLOSED:
                raise
        else:
            items = tuple(item for each in listed if (item := _item(each)) is not None)
            unreadable = len(listed) - len(items)
    return RemsAnswer(
        base=base,
        cart=config.get("enable-cart") is not False,
        duo=config.get("enable-duo") is True,
        languages=tuple(str(each) for each in languages) if isinstance(languages, list) else (),
        items=items,
        unreadable=unreadable,
    )


def _get(door: Door, url: str) -> tuple[object, str]:
    """Return what an address answers in JSON, and the address that answered."""
    answer = door.get(url, accept=_JSON, max_bytes=LARGEST)
    return read_json(answer.data, answer.url, "REMS"), answer.url


def _config(value: object, url: str) -> Object:
    """The configuration; what does not say whether its catalogue is public is no REMS."""
    if not isinstance(value, dict) or not isinstance(value.get("catalogue-is-public"), bool):
        raise BadAnswer("This is JSON, but not the configuration of REMS: it has no 'catalogue-is-public'.", url=url)
    return value


def _listed(value: object, url: str) -> list[object]:
    if not isinstance(value, list):
        raise BadAnswer("The catalogue of REMS is a list; this answer is none.", url=url)
    return value


def _item(value: object) -> RemsItem | None:
    """Read one item; None where it lacks what makes it one."""
    if not isinstance(value, dict):
        return None
    number, resource, workflow = value.get("id"), value.get("resid"), value.get("wfid")
    if not (_whole(number) and _whole(workflow) and isinstance(resource, str) and resource):
        return None
    form = value.get("formid")
    return RemsItem(
        id=int(str(number)),
        resource=resource,
        workflow=int(str(workflow)),
        form=int(str(form)) if _whole(form) else None,
        enabled=value.get("enabled") is not False,
        archived=value.get("archived") is True,
        expired=value.get("expired") is True,
        organisation=_organisation(value.get("organization")),
        titles=tuple(_titles(value.get("localizations"))),
        infourl=_infourl(value.get("localizations")),
    )


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _organisation(value: object) -> str | None:
    """The organisation's name, in English if it has one (`organization/name` by language), else its id."""
    if not isinstance(value, dict):
        return None
    names = value.get("organization/name")
    named = [names.get("en"), *names.values()] if isinstance(names, dict) else []
    candidates = (*named, value.get("organization/id"))
    return next((each for each in candidates if isinstance(each, str) and each), None)


def _localizations(value: object) -> Iterator[tuple[str, Object]]:
    for language, each in value.items() if isinstance(value, dict) else ():
        if isinstance(each, dict):
            yield str(language), each


def _titles(value: object) -> Iterator[tuple[str, str]]:
    for language, each in _localizations(value):
        if isinstance(title := each.get("title"), str) and title:
            yield language, title


def _infourl(value: object) -> str | None:
    urls = (each.get("infourl") for _, each in _localizations(value))
    return next((url for url in urls if isinstance(url, str) and url), None)
