// Back to this page with the browser's own button: what was typed stands there again, in the rows it was typed in.
// The browser itself is not trusted with that (autocomplete="off"): it goes by names, and the rows may be others' by now.
// Kept in this tab only, until the form is sent or somebody signs out.
const PREFIX = "lmp-typed:";
const form = document.querySelector("form[data-keep-typed]");

function fields() {
  return [...form.elements].filter((field) => field.name && !["hidden", "submit"].includes(field.type));
}

// Whose rows these are: their headings, and every field in its order.
function identity() {
  const person = document.body.dataset.person;
  const headings = [...form.querySelectorAll("legend, summary")].map((heading) => heading.textContent.trim());
  return JSON.stringify([person, headings, fields().map((field) => [field.name, field.type])]);
}

function values() {
  return fields().map((field) => (field.type === "checkbox" || field.type === "radio" ? field.checked : field.value));
}

function restore(kept) {
  fields().forEach((field, number) => {
    if (typeof kept[number] === "boolean") field.checked = kept[number];
    else field.value = kept[number];
    if (field.value !== field.defaultValue) field.closest("details")?.setAttribute("open", "");
  });
}

try {
  document.querySelector("[data-sign-out]")?.addEventListener("submit", () => sessionStorage.clear());
  // Each entry of the tab's history has a key of its own, made the first time.
  const key = history.state?.typed ?? PREFIX + crypto.randomUUID();
  history.replaceState({ ...history.state, typed: key }, "");
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (kept?.rows === identity()) restore(kept.values);
  const rows = identity();
  const keep = () => sessionStorage.setItem(key, JSON.stringify({ rows, values: values() }));
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", () => sessionStorage.removeItem(key));
} catch {
  // The browser keeps nothing for this site.
}
