// Comfort only: every page works without this file.
"use strict";

let here = location.pathname + location.search;

// Filters answer at once: the page is fetched as the form would, and its parts are put in place.
async function refine(form) {
  const url = new URL(form.action);
  for (const [name, value] of new FormData(form)) {
    if (value !== "") url.searchParams.append(name, value);
  }
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focus = document.activeElement?.id;
  const open = new Map([...form.querySelectorAll("details[id]")].map((d) => [d.id, d.open]));
  for (const id of ["results", "filters"]) {
    const fresh = page.getElementById(id);
    if (fresh) document.getElementById(id).replaceWith(fresh);
  }
  for (const [id, state] of open) {
    const details = document.getElementById(id);
    if (details) details.open = state;
  }
  document.title = page.title;
  history.pushState(null, "", answer.url);
  here = location.pathname + location.search;
  const said = document.getElementById("announce");
  if (said) said.textContent = document.querySelector("#results h1").textContent;
  prepare();
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
}

// A long list of values gets a field to find one.
function searchable(list) {
  const field = document.createElement("input");
  field.type = "search";
  field.className = "find";
  field.placeholder = list.dataset.find;
  field.setAttribute("aria-label", list.dataset.find);
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLocaleLowerCase();
    const more = list.parentElement.querySelector("details.more");
    if (more && wanted) more.open = true;
    for (const item of list.parentElement.querySelectorAll("li")) {
      item.hidden = !item.textContent.toLocaleLowerCase().includes(wanted);
    }
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  list.before(field);
}

function prepare() {
  const form = document.getElementById("filters");
  form?.addEventListener("change", (event) => {
    if (event.target.matches("input[type=checkbox]")) {
      refine(form).catch(() => form.requestSubmit());
    }
  });
  document.querySelectorAll("ul[data-find]").forEach(searchable);
  document.querySelectorAll("select[data-submits]").forEach((select) => {
    select.addEventListener("change", () => select.form.requestSubmit());
  });
}

addEventListener("popstate", () => {
  if (location.pathname + location.search !== here) location.reload();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  navigator.clipboard?.writeText(document.getElementById(button.dataset.copy).textContent.trim());
  button.textContent = button.dataset.done;
});
prepare();
