"""Whether the addresses of committees answer: their contact pages, home pages and the systems where one applies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from catalogue.dac.committee import Committee
from catalogue.reading.values import is_web_address
from harvester.errors import HttpStatus
from shapes.errors import BadInput, TooLarge, Unreachable

Get: TypeAlias = Callable[[str], object]

# A page that asks who one is, or to come back later, is there (RFC 9110, 15.5; RFC 6585).
_THERE: Final = frozenset({401, 403, 405, 406, 429})


@dataclass(frozen=True, slots=True)
class AddressCheck:
    """Whether an address of a committee answered, when it was last tried; `detail` says what it answered."""

    committee: str
    address: str
    time: datetime
    reachable: bool
    detail: str


def addresses_of(committee: Committee) -> tuple[str, ...]:
    """Return the http(s) addresses of a committee, each once."""
    stated = (
        committee.contact_page,
        committee.apply_url,
        committee.homepage,
        *(system.url for system in committee.systems),
    )
    return tuple(dict.fromkeys(each for each in stated if each and is_web_address(each)))


def check_addresses(committees: Iterable[Committee], get: Get, now: Callable[[], datetime]) -> Iterator[AddressCheck]:
    """Try every address of the committees, one after the other; an address several have is tried once.

    `get` fetches through the guarded door and raises what it raises.
    """
    known: dict[str, tuple[bool, str]] = {}
    for committee in committees:
        for address in addresses_of(committee):
            if address not in known:
                known[address] = _try(address, get)
            reachable, detail = known[address]
            yield AddressCheck(committee.id, address, now(), reachable, detail)


def _try(address: str, get: Get) -> tuple[bool, str]:
    try:
        get(address)
    except HttpStatus as error:
        return error.answered in _THERE, f"It answered with status {error.answered}."
    except TooLarge:
        return True, "It answered."
    except (Unreachable, BadInput) as error:
        return False, error.detail
    return True, "It answered."
