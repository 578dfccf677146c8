// One tap at the door without fetching the page again. Without this script, the same button sends the form.
const form = document.querySelector("form[data-door]");
const said = form?.querySelector("[data-said]");
const SECONDS = 15;

// Before submit-once.js hears of it: each row is pressed by itself, and may be pressed again.
document.addEventListener(
  "submit",
  (event) => {
    if (event.target !== form || !event.submitter) return;
    event.preventDefault();
    event.stopPropagation();
    tap(event.submitter);
  },
  true,
);

async function tap(button) {
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  const row = button.closest("li");
  row.querySelector("[data-error]")?.remove();
  try {
    show(row, await send(button));
  } catch {
    fail(row, form.dataset.failed);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

async function send(button) {
  const data = new FormData(form);
  data.append(button.name, button.value);
  const answer = await fetch(form.getAttribute("action"), {
    method: "POST",
    body: data,
    redirect: "manual",
    headers: { "X-Requested-With": "fetch" },
    signal: AbortSignal.timeout(SECONDS * 1000),
  });
  if (!answer.ok && answer.status !== 409) throw new Error(answer.statusText);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function show(row, answer) {
  const newer = answer.getElementById(row.id);
  const text = answer.getElementById("said").textContent;
  if (!newer) return fail(row, text);
  const held = row.contains(document.activeElement);
  row.replaceWith(newer);
  if (held) newer.querySelector("button")?.focus({ preventScroll: true });
  document.getElementById("counts").replaceWith(answer.getElementById("counts"));
  said.textContent = text;
}

function fail(row, text) {
  const error = document.createElement("p");
  error.className = "ds-validation-message app-door__error";
  error.dataset.error = "";
  error.textContent = text;
  row.append(error);
  said.textContent = text;
}
