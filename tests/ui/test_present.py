"""How values are said: in the reader's language, in plain figures, and never as more than was stated."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from catalogue.dataset import Concept, Period
from catalogue.text import Text
from ui.language import order
from ui.present import Presenter, marked, page_numbers, unmarked

TITLES = (Text("Genomes", "en"), Text("Genomen", "nl"), Text("Génomes", "fr-t-nl"), Text("Plain"))


@pytest.mark.parametrize(
    ("languages", "shown"),
    [
        (("en",), "Genomes"),
        (("nl", "en"), '<span lang="nl">Genomen</span>'),
        (
            ("fr", "en"),
            '<span lang="fr">Génomes</span> <span class="machine">machine translated from Nederlands</span>',
        ),
        (("sv",), "Plain"),
    ],
)
def test_texts_are_in_the_readers_language(languages: tuple[str, ...], shown: str) -> None:
    assert str(Presenter(languages).text(TITLES)) == shown


def test_other_languages_are_kept_behind() -> None:
    show = Presenter(("nl",))
    assert [text.value for text in show.others(TITLES)] == ["Plain", "Genomes", "Génomes"]


def test_a_text_from_a_node_is_escaped() -> None:
    assert str(Presenter().text((Text("<b>x</b> & 1 < 2", "en"),))) == "x &amp; 1 &lt; 2"


@pytest.mark.parametrize(
    ("lexical", "shown"),
    [
        ("2026-01-17", '<time datetime="2026-01-17">17 January 2026</time>'),
        ("2026-01-17T10:00:00Z", '<time datetime="2026-01-17T10:00:00Z">17 January 2026</time>'),
        ("2026-03", '<time datetime="2026-03">March 2026</time>'),
        ("2026", '<time datetime="2026">2026</time>'),
        ("2026-13-01", "2026-13-01"),
        ("<yesterday>", "&lt;yesterday&gt;"),
        (None, ""),
    ],
)
def test_dates_are_said_and_what_is_no_date_is_shown_as_it_is(lexical: str | None, shown: str) -> None:
    assert str(Presenter().date(lexical)) == shown


def test_figures() -> None:
    show = Presenter()
    assert show.number(1234567) == "1\u202f234\u202f567"
    assert show.number(None) == ""
    assert [show.size(n) for n in (None, 999, 1500, 52_428_800)] == ["", "999 bytes", "1.5 kB", "52.4 MB"]
    assert [show.duration(s) for s in (0.42, 65, 3725, 86_400)] == ["0.4 s", "1 min 5 s", "1 h 2 min", "24 h"]


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(0, 0, "–"), (0, 10, "0 %"), (1, 1000, "under 1 %"), (999, 1000, "over 99 %"), (10, 10, "100 %"), (1, 2, "50 %")],
)
def test_a_share_is_never_rounded_to_all_or_nothing(part: int, whole: int, said: str) -> None:
    assert Presenter().share(part, whole) == said


def test_periods() -> None:
    show = Presenter()
    assert show.period(Period("2015-01-01", None)).striptags() == "since 1 January 2015"
    assert show.period(Period(None, "2020")).striptags() == "until 2020"
    assert (
        show.years(Period("2015-01-01", "2022-12-31"))
        == '<span title="1 January 2015 to 31 December 2022">2015–2022</span>'
    )


def test_concepts_without_a_label_keep_what_they_have() -> None:
    show = Presenter(("nl", "en"))
    assert show.label(Concept("http://x.example/a", (Text("Kanker", "nl"), Text("Cancer", "en")))) == "Kanker"
    assert show.label(Concept("http://purl.org/dc/terms/title", ())) == "dct:title"
    assert show.label(Concept("https://sws.geonames.org/2802361", (Text("2802361"),))) == "sws.geonames.org/2802361"


@pytest.mark.parametrize(
    ("code", "word"),
    [("NON_PUBLIC", "On application"), ("PUBLIC", "Open"), ("OTHER", "Something else")],
)
def test_access_rights_in_plain_words(code: str, word: str) -> None:
    concept = Concept(f"http://x.example/{code}", (Text("Something else", "en"),), code)
    assert Presenter().access(concept)[0] == word
    assert Presenter().access(None)[0] == "Not stated"


def test_marks_of_a_snippet_become_marks_and_nothing_else() -> None:
    assert str(marked("a [[gen]] <i>x</i> & [[b]]")) == "a <mark>gen</mark> x &amp; <mark>b</mark>"
    assert unmarked("a [[gen]] b") == "a gen b"


@pytest.mark.parametrize(
    ("page", "last", "shown"),
    [(1, 1, [1]), (1, 5, [1, 2, 3, None, 5]), (6, 20, [1, None, 4, 5, 6, 7, 8, None, 20]), (3, 3, [1, 2, 3])],
)
def test_the_pager_shows_the_ends_and_the_surroundings(page: int, last: int, shown: list[int | None]) -> None:
    assert page_numbers(page, last) == shown


def test_the_order_of_languages() -> None:
    assert order("NL", ["fr-BE", "en;q=bad"], ("en", "fr")) == ("nl", "fr", "en")
    assert order(None, [], ("en",)) == ("en",)


def test_a_moment_is_in_utc() -> None:
    moment = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)
    assert Presenter().moment(moment).striptags() == "1 March 2026, 09:05 UTC"
