// Comfort only: the plain form works without this file. It puts an editor in the text area's place, with colours,
// mistakes shown while typing, and names completed from what this catalogue really holds.

const form = document.getElementById("ask");
const area = document.getElementById("query");

function load(source) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = source;
    script.addEventListener("load", done);
    script.addEventListener("error", () => failed(new Error(`${source} did not load`)));
    document.head.append(script);
  });
}

function dress(source) {
  return new Promise((done) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = source;
    link.addEventListener("load", done);
    link.addEventListener("error", done);
    document.head.prepend(link); // before our own, which has the colours
  });
}

// The names of the catalogue, asked for when the first is to be completed: counting them takes a large store a while.
let known;
async function terms() {
  known ??= fetch(form.dataset.terms).then((answer) => answer.json());
  return known;
}

function prefixesOfPage() {
  const rows = document.querySelectorAll("#known-prefixes tr");
  return Object.fromEntries(
    [...rows].map((row) => [row.cells[0].textContent.trim().replace(/:$/, ""), row.cells[1].textContent.trim()]),
  );
}

function completer(base, name, part) {
  return {
    ...base,
    name,
    persistenceId: null,
    bulk: false,
    get: async (_editor, token) => {
      const wanted = token?.autocompletionString ?? "";
      return (await terms())[part].filter((iri) => iri.startsWith(wanted)).slice(0, 100);
    },
  };
}

// The endpoint knows our prefixes; the editor would call them mistakes, and other endpoints do not know them.
function declare(editor, prefixes) {
  const declared = editor.getPrefixesFromQuery();
  const used = new Set([...editor.getValue().matchAll(/([A-Za-z][\w-]*):[\w]/g)].map((found) => found[1]));
  const lacking = Object.entries(prefixes).filter(([name]) => used.has(name) && !(name in declared));
  if (lacking.length) editor.addPrefixes(Object.fromEntries(lacking));
}

function run() {
  form.requestSubmit();
}

async function begin() {
  await Promise.all([dress(form.dataset.style), load(form.dataset.library)]);
  const { Yasqe } = window;
  const prefixes = prefixesOfPage();
  const { class: classes, property: properties } = Yasqe.Autocompleters;
  Yasqe.registerAutocompleter(completer(classes, "gdi-classes", "classes"), false);
  Yasqe.registerAutocompleter(completer(properties, "gdi-properties", "properties"), false);
  Yasqe.registerAutocompleter(
    {
      ...Yasqe.Autocompleters.prefixes,
      name: "gdi-prefixes",
      persistenceId: null,
      get: async () => Object.entries(prefixes).map(([name, iri]) => `${name}: <${iri}>`).sort(),
    },
    false,
  );
  const place = document.createElement("div");
  area.before(place);
  const editor = new Yasqe(place, {
    value: area.value,
    persistenceId: null, // nothing is kept in the browser
    createShareableLink: null,
    showQueryButton: false,
    resizeable: false,
    consumeShareLink: null,
    autofocus: false,
    viewportMargin: Infinity,
    autocompleters: ["gdi-prefixes", "gdi-classes", "gdi-properties", "variables"],
    // Tab leaves the editor: whoever has no mouse must be able to go on.
    extraKeys: { ...Yasqe.defaults.extraKeys, Tab: false, "Shift-Tab": false, "Ctrl-Enter": run, "Cmd-Enter": run },
  });
  declare(editor, prefixes);
  const field = editor.getInputField();
  field.setAttribute("aria-label", "Query");
  field.setAttribute("aria-describedby", "keys");
  area.hidden = true;
  form.querySelector("label").addEventListener("click", () => editor.focus());
  document.getElementById("keys").hidden = false;
  const pass = () => (area.value = editor.getValue());
  editor.on("change", pass);
  form.addEventListener("submit", pass);
  form.dataset.editor = "ready";
}

if (form && area) begin().catch((reason) => console.warn(`The plain form stays: ${reason.message}`));
