"""The site in a real browser: accessible, on a phone, by keyboard and without JavaScript, and it finds things."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

playwright_api = pytest.importorskip("playwright.sync_api", reason="install the extra `browser`")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="install the extra `browser`")

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium")
# Chromium would otherwise call home at every start.
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PATHS = (
    "/",
    "/datasets",
    "/datasets?q=myasthenic&access_rights=NON_PUBLIC",
    "/datasets?q=nothing-has-this-word",
    "/dataset/{record}",
    "/basket",
    "/basket?d={record}&d=GDI-FI-NUH-6&d=GDI-EE-BB-1&d=GOE-FI-NODE-1&d=GDI-DE-RTG-4&d=unknown",
    "/basket/pack?d={record}&d=GDI-EE-BB-1",
    "/datasets?use.purpose=health&use.profit=no&use.commercial=no",
    "/dataset/{record}?use.purpose=health&use.ethics=yes",
    "/dacs",
    "/dac/fi-gdi-dac",
    "/worklist",
    "/worklist/it",
    "/nodes",
    "/node/it",
    "/node/it/datasets",
    "/node/it/runs/{run}",
    "/node/it/quality",
    "/node/it/quality?sort=points",
    "/node/it/quality/moving?to=dcat-ap-3.0.1",
    "/dataset/{record}/quality",
    "/validate",
    "/sparql",
    "/sparql?query=SELECT+%3Fn+%28COUNT%28%3Fr%29+AS+%3Fc%29+%7B+%3Fr+gdix%3Anode+%3Fn+%7D+GROUP+BY+%3Fn",
    "/ns",
    "/fdp",
    "/about",
    "/dataset/unknown",
)


@contextmanager
def served(folder: Path, *arguments: str, **settings: str) -> Iterator[str]:
    """The real program, serving; gives its address without the last slash."""
    command = [sys.executable, "-m", "ui.cli.main", *arguments, "--port", "0"]
    environment = os.environ | settings
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT, env=environment)
        try:
            assert process.stdout is not None
            told = (re.search(r"(?<!begin with )http://127\.0\.0\.1:\d+", line) for line in process.stdout)
            found = next(filter(None, told), None)
            assert found, (folder / "log").read_text()
            yield found[0]
        finally:
            process.terminate()
            process.wait(timeout=60)
            if process.stdout is not None:
                process.stdout.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration."""
    with served(tmp_path_factory.mktemp("browser"), "demo") as address:
        yield address


@pytest.fixture(scope="module")
def site_without_search(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A catalogue whose search engine is away."""
    folder = tmp_path_factory.mktemp("without-search")
    with served(folder, "serve", "--no-schedule", "--data", str(folder), GDI_SEARCH="http://127.0.0.1:9") as address:
        yield address


@pytest.fixture(scope="module")
def record(site: str) -> str:
    with urllib.request.urlopen(f"{site}/api/v1/datasets?q=RYR1") as answer:
        return str(json.load(answer)["hits"][0]["id"])


@pytest.fixture(scope="module")
def run(site: str) -> int:
    """A run with problems."""
    with urllib.request.urlopen(f"{site}/api/v1/runs?source=it") as answer:
        return int(json.load(answer)["items"][0]["run"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("there is no chromium here (apt-get install chromium)")
    with playwright_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_no_barrier_that_axe_knows(site: str, record: str, run: int, browser: Browser, scheme: str, path: str) -> None:
    # The checker is injected as a script, which our own policy forbids: for it alone the policy is off.
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(site + path.format(record=record, run=run))
    found = axe.Axe().run(page).response["violations"]
    context.close()
    assert [(each["id"], [node["html"][:150] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_wider_than_a_phone(site: str, record: str, run: int, browser: Browser, path: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(site + path.format(record=record, run=run))
    width = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert width <= 320


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_a_search_that_cannot_be_answered(
    site_without_search: str, browser: Browser, scheme: str, width: int
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    answer = page.goto(f"{site_without_search}/datasets?q=rare")
    found = axe.Axe().run(page).response["violations"]
    reached = page.evaluate("document.documentElement.scrollWidth")
    heading = page.get_by_role("heading", level=1).inner_text()
    context.close()
    assert answer is not None
    assert (answer.status, heading) == (503, "Search is not available now")
    assert [(each["id"], [node["html"][:150] for node in each["nodes"]]) for each in found] == []
    assert reached <= width


@pytest.mark.parametrize("path", PATHS[:-1])
def test_no_page_breaks_its_own_policy_or_asks_another_host(
    site: str, record: str, run: int, browser: Browser, path: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site + path.format(record=record, run=run))
    context.close()
    assert said == []
    assert [url for url in asked if not url.startswith(site)] == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_reader_searches_filters_and_finds_who_decides(site: str, browser: Browser, *, scripts: bool) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{site}/")
    page.get_by_role("searchbox").first.fill("rare disease")
    page.get_by_role("searchbox").first.press("Enter")
    assert "q=rare" in page.url
    page.get_by_label("Finland", exact=False).first.check()
    if not page.url.count("country="):
        page.get_by_role("button", name="Apply filters").click()
    page.wait_for_url(re.compile("country=FI"))
    page.get_by_role("link", name="Congenital myasthenic syndromes cohort", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == "Congenital myasthenic syndromes cohort"
    page.get_by_role("link", name="Genomic Data Access Committee of Finland (synthetic)").first.click()
    assert page.url.startswith(f"{site}/dac/")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Genomic Data Access Committee")
    context.close()


def test_the_keyboard_alone_reaches_the_results(site: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/datasets?q=melanoma")
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.textContent.trim()")
    assert "content" in first.lower()  # the link that skips the navigation
    page.keyboard.press("Enter")
    for _ in range(200):
        page.keyboard.press("Tab")
        if "BRAF melanoma" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/dataset/"))
    context.close()


def test_a_steward_pastes_metadata_and_reads_what_is_wrong(site: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/validate")
    page.get_by_role("textbox").first.wait_for()
    described = (
        '<https://x.example/d> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/identifier> "d" .'
    )
    page.locator("textarea").first.fill(described)
    page.get_by_role("button", name="Check it").click()
    page.get_by_role("heading", name="What to mend").wait_for()
    assert "The dataset has no title (dct:title)." in page.locator("main").inner_text()
    context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_reader_fills_a_basket_and_begins_an_application(site: str, browser: Browser, *, scripts: bool) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{site}/datasets")
    for words in ("RYR1", "myasthenic", "biobank"):
        page.get_by_role("searchbox").first.fill(words)
        page.get_by_role("searchbox").first.press("Enter")
        page.wait_for_url(re.compile(f"q={words}"))
        page.get_by_role("link", name=re.compile("^Add to basket")).first.click()
        if not scripts:
            page.wait_for_url(re.compile("/basket"))
            page.get_by_role("link", name="Datasets", exact=True).first.click()
    page.get_by_role("link", name=re.compile("^Basket")).click()
    page.wait_for_url(re.compile(r"/basket\?d=\w+&d=\w+&d=\w+$"))
    assert page.locator(".page-head p").inner_text().startswith("3 datasets")
    page.get_by_role("link", name=re.compile("^Remove")).last.click()
    page.wait_for_url(re.compile(r"/basket\?d=\w+&d=\w+$"))
    page.get_by_role("link", name=re.compile("^Begin")).first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Draft application"
    context.close()


def test_a_basket_somebody_sent_replaces_ones_own_only_when_told_to(site: str, record: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/dataset/{record}")
    page.get_by_role("link", name=re.compile("^Add to basket")).click()
    page.goto(f"{site}/basket?d=GDI-EE-BB-1&d=GDI-EE-BB-2")
    count = page.locator("[data-basket-count]")
    assert count.inner_text() == "1"
    page.get_by_role("button", name="Keep this one in my browser").click()
    assert count.inner_text() == "2"
    page.goto(f"{site}/")
    assert (page.url, count.inner_text()) == (f"{site}/", "2")
    context.close()


def test_the_application_pack_prints_as_pdf(site: str, record: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{site}/basket/pack?d={record}")
    page.locator("textarea").first.fill("Ada Lovelace, University of Example")
    assert page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF-")
    page.emulate_media(media="print")
    assert page.locator(".screen").is_hidden()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_query_editor_completes_lets_the_keyboard_out_and_has_no_barrier(
    site: str, browser: Browser, scheme: str
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{site}/sparql")
    page.locator("form[data-editor=ready]").wait_for()
    found = axe.Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"][:150] for node in each["nodes"]]) for each in found] == []
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("SELECT ?d ?c { ?d gdix:decidedB")
    page.keyboard.press("Control+Space")
    page.locator(".CodeMirror-hint", has_text="gdix:decidedBy").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.type(" ?c }")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Run the query"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="rows").wait_for()
    assert page.get_by_role("heading", name="rows").inner_text() == "26 rows"
    assert "PREFIX+gdix" in page.url  # the address is a link to this very question
    context.close()


def test_the_editor_breaks_no_policy_and_asks_nobody_else(site: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/sparql")
    page.locator("form[data-editor=ready]").wait_for()
    hidden = page.evaluate(
        "(() => { const e = document.querySelector('.CodeMirror-scroll'); return e.scrollHeight - e.clientHeight })()"
    )
    assert hidden <= 0, "the whole query is to be seen"
    stored = page.evaluate("localStorage.length")
    context.close()
    assert (said, stored) == ([], 0)
    assert [url for url in asked if not url.startswith(site)] == []
    assert any("yasqe" in url for url in asked)


def test_a_query_is_asked_without_javascript_and_drawn(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/sparql")
    page.get_by_role("textbox", name="Query").fill(
        "SELECT ?name (COUNT(?r) AS ?records) { ?r gdix:node/dct:title ?name } GROUP BY ?name"
    )
    page.get_by_role("button", name="Run the query").click()
    assert page.get_by_role("heading", name="rows").inner_text() == "7 rows"
    assert page.locator("figure.bars li").count() == 7
    context.close()
