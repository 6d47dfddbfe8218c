"""What strangers wrote never does anything on our pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.sanitise import anchor, excerpt, plain, prose, safe_address


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("<p>One <b>two</b></p>", "<p>One <b>two</b></p>"),
        ("<script>alert(1)</script>after", "after"),
        ("<img src=x onerror=alert(1)>after", "after"),
        ("<a href='javascript:alert(1)'>x</a>", '<a rel="nofollow noopener noreferrer">x</a>'),
        ("<p onclick=x style='color:red' class=y>x</p>", "<p>x</p>"),
        ("<h1>Theirs</h1>", "<p><strong>Theirs</strong></p>"),
        ("<svg><script>x</script></svg><style>*{}</style>t", "t"),
        ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>"),
        ("one\ntwo\n\nthree", "<p>one<br>two</p>\n<p>three</p>"),
        ("&lt;script&gt;", "&lt;script&gt;"),
    ],
)
def test_prose_keeps_harmless_tags_only(given: str, shown: str) -> None:
    assert str(prose(given)) == shown


def test_prose_links_addresses_but_not_their_full_stop() -> None:
    shown = str(prose("See https://a.example/b?c=1&d=2. Then go."))
    assert (
        '<a href="https://a.example/b?c=1&amp;d=2" rel="nofollow noopener">https://a.example/b?c=1&amp;d=2</a>.'
        in shown
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("<p>One</p><p>Two &amp; three</p>", "One Two & three"),
        ("a\n  b\tc", "a b c"),
        ("x < y > z", "x < y > z"),
        ("\u202eevil\u202c text", "evil text"),
    ],
)
def test_plain_is_one_line_without_tags(given: str, said: str) -> None:
    assert plain(given) == said


def test_an_excerpt_ends_between_words() -> None:
    assert excerpt("word " * 100, 22) == "word word word word …"
    assert excerpt("short") == "short"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//host/path",
        "https://",
        "https://a b",
        "java\nscript:x",
        "http://[bad",
        "",
        None,
    ],
)
def test_only_web_and_mail_addresses_become_links(address: str | None) -> None:
    assert safe_address(address) is None
    if address:
        assert "<a" not in str(anchor(address))


def test_an_address_is_escaped_in_its_link() -> None:
    shown = str(anchor('https://a.example/"><script>'))
    assert "<script>" not in shown
    assert shown.startswith('<a href="https://a.example/&#34;&gt;&lt;script&gt;" rel="nofollow noopener">')


@given(st.text(max_size=200))
def test_no_text_makes_a_tag_that_is_not_allowed(text: str) -> None:
    shown = str(prose(text)).lower()
    for tag in ("<script", "<img", "<iframe", "<style", "<form", "<input", "<svg", "<h1"):
        assert tag not in shown
    assert "\n" not in plain(text)
