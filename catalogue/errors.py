"""The catalogue's leaves of the error tree (drawn in `shapes.errors`)."""

from __future__ import annotations

from typing import Literal

from shapes.errors import BadInput, BadQuery, CannotWork, Fault, OverBudget


class BadSetting(BadInput):
    """A setting that is unknown, malformed or contradicts another."""

    code = "bad-setting"
    title = "A setting cannot be used"


class StoreLocked(CannotWork):
    """Another process holds the lock this work needs."""

    code = "store-locked"
    title = "The data folder is in use"


class SearchUnavailable(CannotWork):
    """The search index cannot answer now; pages, SPARQL and browsing by node still work."""

    code = "search-unavailable"
    title = "Search is not available now"


class StoreUnavailable(CannotWork):
    """The RDF store cannot answer or be written now; pages and search still work."""

    code = "store-unavailable"
    title = "SPARQL is not available now"


class StoreBeingFilled(StoreUnavailable):
    """The RDF store was never whole yet: a part of the catalogue is not answered from as if it were all of it."""

    code = "store-being-filled"


class QueryFailed(CannotWork):
    """The server behind the store gave no whole answer to this query; it may well answer others."""

    code = "query-failed"
    title = "The query was not answered"


class QuerySyntax(BadQuery):
    """A SPARQL query that does not parse; `column` counts from 1, like `line`."""

    def __init__(self, detail: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(detail, line=line)
        self.column = column

    def problem(self) -> dict[str, object]:
        """Return the problem object, with the column where it is known."""
        return super().problem() | ({} if self.column is None else {"column": self.column})


class QueryOverBudget(OverBudget):
    """A SPARQL query stopped at one of its budgets: seconds of time, bytes of memory, rows or bytes of its answer."""

    def __init__(self, detail: str, budget: Literal["time", "memory", "rows", "bytes"], limit: float) -> None:
        super().__init__(detail)
        self.budget = budget
        self.limit = limit

    def problem(self) -> dict[str, object]:
        """Return the problem object, with the budget and its limit."""
        return super().problem() | {"budget": self.budget, "limit": self.limit}


class NoTurn(CannotWork):
    """Every SPARQL worker is busy with the queries of others."""

    code = "no-turn"
    title = "Too many queries at once"


class TooManyQueries(NoTurn):
    """This caller has more queries waiting than one may have."""

    code = "too-many-queries"
    title = "Too many queries of yours at once"
    exit_code = 2
    status = 429


class Abandoned(Fault):
    """The client went away; nobody reads this."""

    code = "abandoned"
    title = "The client went away"
    exit_code = 1
    status = 503
