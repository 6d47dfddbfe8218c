// The basket kept in the browser. Comfort only: without this file it is kept in the address of every page.
"use strict";

(() => {
  const NAME = "gdi-catalogue-basket";
  const MOST = 50;

  const read = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(NAME) ?? "[]");
      return Array.isArray(kept) ? kept.filter((each) => typeof each === "string") : [];
    } catch {
      return null; // no storage here: the address has to do
    }
  };
  const write = (ids) => {
    try {
      localStorage.setItem(NAME, JSON.stringify(ids));
      return true;
    } catch {
      return false;
    }
  };
  if (read() === null) return;

  const link = document.querySelector("[data-basket-link]");
  const home = link?.dataset.basketLink ?? "/basket";
  const onPage = new URL(location.href).searchParams.getAll("d");
  const atBasket = location.pathname === new URL(home, location.href).pathname;

  const address = (ids) => {
    const url = new URL(home, location.href);
    url.searchParams.delete("d");
    for (const id of ids) url.searchParams.append("d", id);
    return url.href;
  };

  function show() {
    const ids = read() ?? [];
    if (link) {
      link.href = address(ids);
      const count = link.querySelector("[data-basket-count]");
      count.textContent = ids.length;
      count.hidden = ids.length === 0;
      link.querySelector("[data-basket-said]").hidden = ids.length === 0;
    }
    for (const each of document.querySelectorAll("[data-basket-toggle]")) {
      const inside = ids.includes(each.dataset.basketToggle);
      each.classList.toggle("inside", inside);
      each.querySelector(".label").textContent = inside ? each.dataset.takeOut : each.dataset.putIn;
    }
    const other = document.getElementById("basket-other");
    if (other) {
      const shown = other.dataset.basketIds.split(" ").filter(Boolean);
      other.hidden = shown.length === 0 || (shown.length === ids.length && shown.every((id) => ids.includes(id)));
    }
  }

  // What the address carries for those without this script is not needed, but on the page of a basket itself.
  function withoutAddress() {
    if (!atBasket && onPage.length) {
      const url = new URL(location.href);
      url.searchParams.delete("d");
      history.replaceState(history.state, "", url);
    }
    if (onPage.length === 0) return;
    for (const each of document.querySelectorAll("a[href*='d=']")) {
      const url = new URL(each.href);
      if (url.origin !== location.origin || url.pathname.startsWith(new URL(home, location.href).pathname)) continue;
      if (url.pathname.startsWith("/api/")) continue;
      url.searchParams.delete("d");
      each.href = url.href;
    }
    for (const field of document.querySelectorAll("form:not(.basket-form) input[type=hidden][name=d]")) field.remove();
  }

  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-basket-toggle]");
    const removed = event.target.closest("[data-basket-remove]");
    const ids = read() ?? [];
    if (toggle && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      const id = toggle.dataset.basketToggle;
      const next = ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id];
      // Over the bound the link is followed, and the page that answers says it.
      if (next.length > MOST) {
        toggle.href = address(next);
      } else if (write(next)) {
        event.preventDefault();
        show();
      }
    } else if (removed) {
      write(ids.filter((each) => each !== removed.dataset.basketRemove));
    } else if (event.target.closest("[data-basket-empty]")) {
      write([]);
    } else if (event.target.closest("[data-basket-keep]")) {
      write(document.getElementById("basket-other").dataset.basketIds.split(" ").filter(Boolean));
      show();
    }
  });
  // Adding on the page of the basket itself: what it then shows is what is kept.
  document.querySelector(".basket-form")?.addEventListener("submit", (event) => {
    const added = new FormData(event.target).getAll("d").map((each) => String(each).trim()).filter(Boolean);
    write([...new Set([...(read() ?? []), ...added])].slice(0, MOST));
  });
  // A dataset may have been put in by another name of its own: what is kept is the name this catalogue gives it.
  const known = document.getElementById("basket-other")?.dataset.basketIds?.split(" ").filter(Boolean) ?? [];
  const kept = read() ?? [];
  if (onPage.length && onPage.length === kept.length && onPage.every((id) => kept.includes(id))) write(known);
  addEventListener("storage", (event) => event.key === NAME && show());
  addEventListener("pageshow", show);
  new MutationObserver(show).observe(document.getElementById("main"), { childList: true });
  withoutAddress();
  show();
})();
