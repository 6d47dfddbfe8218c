from __future__ import annotations

import pytest

from harvester.robots import read_robots

SITE = "https://site.example"


def allows(text: str, path: str) -> bool:
    return read_robots(text.encode(), "gdi-catalogue").allows(SITE + path)


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /a", "/a/b", False),
        ("Disallow: /a", "/b", True),
        ("Disallow:", "/a", True),
        ("Disallow: /", "/", False),
        ("Disallow: /\nAllow: /data/", "/data/x", True),
        ("Allow: /data/\nDisallow: /data/private", "/data/private/x", False),
        ("Disallow: /x\nAllow: /x", "/x", True),
        ("Disallow: /*.pdf$", "/a/b.pdf", False),
        ("Disallow: /*.pdf$", "/a/b.pdf?x", True),
        ("Disallow: /a?b", "/a?b=c", False),
        ("Disallow: /a%3Cd%3E", "/a%3Cd%3E", False),
        ("Disallow: /données", "/donn%C3%A9es/1", False),
        ("disallow : /a # not this", "/a", False),
        ("Crawl-delay: 10\nDisallow: /a", "/a", False),
        ("<html>Disallow: /</html>", "/a", True),
        ("Disallow: /*a*a$", "/a", True),
        ("Disallow: /*a*a$", "/xaxa", False),
        ("Disallow: /*", "/x", False),
        ("Disallow: /x*$", "/xyz", False),
        ("Disallow: /" + "*a" * 99 + "$", "/" + "a" * 5000 + "b", True),
    ],
)
def test_the_longest_rule_that_fits_decides(rules: str, path: str, *, allowed: bool) -> None:
    assert allows(f"User-agent: *\n{rules}\n", path) is allowed


def test_the_group_with_our_name_holds_and_not_the_one_for_everyone() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-Agent: GDI-Catalogue\nDisallow: /b\n"
    assert allows(text, "/a")
    assert not allows(text, "/b")
    assert not read_robots(text.encode(), "somebody").allows(SITE + "/a")


def test_groups_of_one_name_are_one_group() -> None:
    text = "User-agent: *\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: *\nDisallow: /b\n"
    assert [allows(text, path) for path in ("/a", "/b", "/c")] == [False, False, True]


def test_site_maps_are_named_outside_of_groups() -> None:
    text = "\ufeffSitemap: https://site.example/one.xml\nUser-agent: *\nDisallow: /a\nSITEMAP: /two.xml#x\n"
    assert read_robots(text.encode(), "x").sitemaps == ("https://site.example/one.xml", "/two.xml")


def test_no_rules_close_nothing() -> None:
    assert read_robots(b"", "x").allows(SITE)
    assert read_robots(b"\x00\xff Disallow: /\n", "x").allows(SITE)
