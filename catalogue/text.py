"""Text in several languages, and which one to show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One literal. `language` is its BCP 47 tag in lower case, or None."""

    value: str
    language: str | None = None

    @property
    def machine(self) -> bool:
        """Whether the tag says the text was translated by a machine (BCP 47 extension T: `fr-t-nl`)."""
        return self.language is not None and "-t-" in f"{self.language}-"

    @property
    def base(self) -> str | None:
        """The primary language subtag (`fr` of `fr-t-nl`)."""
        return self.language.split("-", 1)[0] if self.language else None


def pick(texts: Sequence[Text], languages: Iterable[str] = ("en",)) -> Text | None:
    """Return the text to show to a reader of these languages, best first.

    Written by people beats translated by machine in the same language; any language asked for, even by machine,
    beats one not asked for; then an untagged text, then the first written by people, then whatever there is.
    """
    for language in languages:
        same = [t for t in texts if t.base == language]
        if same:
            return next((t for t in same if not t.machine), same[0])
    untagged = next((t for t in texts if t.language is None), None)
    human = next((t for t in texts if not t.machine), None)
    return untagged or human or (texts[0] if texts else None)
