// What is typed in a long form is saved as a draft while the person works. Without this script the button does it.
const form = document.querySelector("form[data-keep-draft]");
const status = form?.querySelector("[data-draft-status]");
const filled = form?.querySelector("[data-filled]");
const figures = [...(form?.querySelectorAll("input[name^='unit-'][name$='-children']") ?? [])];
let timer;
let sending = false;

async function save() {
  if (sending) return later();
  sending = true;
  const data = new FormData(form);
  data.set("action", "draft");
  try {
    const headers = { "X-Requested-With": "fetch" };
    tell(await fetch(form.getAttribute("action"), { method: "POST", body: data, redirect: "manual", headers }));
  } catch {
    fail();
  } finally {
    sending = false;
  }
}

// A redirect may lead to the sign-in page: only the portal's own word is that it is saved.
function tell(answer) {
  if (answer.ok && answer.headers.get("Content-Type").startsWith("application/json")) status.textContent = saved();
  else if (answer.status >= 500) fail();
  else status.textContent = status.dataset.refused;
}

function fail() {
  status.textContent = status.dataset.failed;
  later();
}

function saved() {
  const clock = new Date().toLocaleTimeString("nb-NO", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
  return status.dataset.saved.replace("{clock}", clock);
}

function count() {
  if (!filled) return;
  const done = figures.filter((field) => field.value.trim()).length;
  filled.textContent = filled.dataset.filled.replace("{filled}", done).replace("{all}", figures.length);
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(save, 3000);
}

form?.addEventListener("input", later);
form?.addEventListener("input", count);
form?.addEventListener("submit", () => clearTimeout(timer));
