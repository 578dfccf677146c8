// A log that is typed is kept on this device at once, and sent without losing it when the network is gone. Without this
// script the same form is sent as any other. The form's token makes one log of it, however often it is sent.
const PREFIX = "lmp-log:";
const SECONDS = 20;
let form;
let timer;
let busy = false;
let waiting; // the button of a press that did not get through

const key = () => `${PREFIX}${form.dataset.person}:${form.getAttribute("action")}`;
const part = (name) => form.querySelector(`[data-${name}]`);

function held() {
  try {
    return JSON.parse(localStorage.getItem(key()));
  } catch {
    return null;
  }
}

function keep(unsaved) {
  const typed = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  try {
    localStorage.setItem(key(), JSON.stringify({ at: Date.now(), unsaved, typed }));
    return true;
  } catch {
    return false;
  }
}

// All that this device holds of the same log: it may have been begun at another address.
function forget() {
  const token = form.elements.token?.value;
  try {
    localStorage.removeItem(key());
    for (const other of Object.keys(localStorage)) {
      if (!token || !other.startsWith(PREFIX)) continue;
      const typed = JSON.parse(localStorage.getItem(other)).typed;
      if (typed.some(([name, value]) => name === "token" && value === token)) localStorage.removeItem(other);
    }
  } catch {
    // Nothing is kept for this site.
  }
}

function say(what) {
  const status = part("kept-status");
  status.textContent = status.dataset[what] ?? "";
}

function restore({ typed }) {
  for (const field of form.elements) {
    if (!field.name || field.name === "csrfmiddlewaretoken" || field.name === "seen" || field.type === "submit") continue;
    const values = typed.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.name !== "looked_over") field.value = values[0] ?? "";
  }
}

function body(action) {
  const data = new FormData(form);
  if (form.hasAttribute("data-resend")) for (const [name, value] of held()?.typed ?? []) data.append(name, value);
  data.set("action", action);
  return data;
}

function post(action) {
  return fetch(form.getAttribute("action"), {
    method: "POST",
    body: body(action),
    redirect: "manual",
    headers: { "X-Requested-With": "fetch" },
    signal: AbortSignal.timeout(SECONDS * 1000),
  });
}

async function saveDraft() {
  if (busy) return later();
  const sent = form;
  const before = held()?.at;
  try {
    const answer = await post("draft");
    if (!answer.ok || sent !== form || busy) return;
    if (held()?.at === before) keep(false);
    say("saved");
  } catch {
    say("offline");
  }
}

function later() {
  clearTimeout(timer);
  if (form.hasAttribute("data-drafts")) timer = setTimeout(saveDraft, 3000);
}

async function send(button) {
  if (busy) return;
  busy = true;
  waiting = undefined;
  clearTimeout(timer);
  if (!form.hasAttribute("data-resend")) keep(true);
  button.setAttribute("aria-busy", "true");
  say("sending");
  try {
    await receive(await post(button.value), button);
  } catch {
    waiting = button;
    say("unsent");
  } finally {
    busy = false;
    button.removeAttribute("aria-busy");
  }
}

async function receive(answer, button) {
  if (answer.type === "opaqueredirect") {
    say("signedOut");
    part("sign-in").hidden = false;
  } else if (answer.ok && answer.headers.get("Content-Type").startsWith("application/json")) {
    const { to } = await answer.json();
    if (button.value !== "draft") forget();
    else keep(false);
    location.assign(to);
  } else if (answer.status === 422 || answer.status === 409) {
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } else {
    say("failed");
  }
}

// The page that the server answered with, in place of this one.
function show(page) {
  document.title = page.title;
  document.querySelector("main").replaceWith(page.querySelector("main"));
  start();
  keep(true);
  document.querySelector("main [data-focus]")?.focus();
}

function step(button) {
  const input = button.closest("[data-count]").querySelector("input");
  const next = (Number.parseInt(input.value, 10) || 0) + Number(button.dataset.step);
  input.value = Math.min(Math.max(next, 0), Number(input.max));
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function start() {
  form = document.querySelector("form[data-keep-log]");
  for (const button of form.querySelectorAll("[data-step]")) {
    button.hidden = false;
    button.addEventListener("click", () => step(button));
  }
  form.addEventListener("input", () => {
    if (keep(true)) say(navigator.onLine ? "kept" : "offline");
    later();
  });
  part("throw")?.addEventListener("click", () => {
    forget();
    location.reload();
  });
}

function bringBack() {
  const found = held();
  if (!found) return;
  if (form.hasAttribute("data-resend")) {
    form.hidden = false;
    return;
  }
  if (!found.unsaved) return;
  const notice = part("restored");
  const text = notice.querySelector("p");
  notice.hidden = false;
  if (found.at > (Date.parse(form.dataset.savedAt) || 0)) {
    restore(found);
    text.textContent = text.dataset.restoredText;
    later();
    return;
  }
  text.textContent = text.dataset.olderText;
  part("fetch").hidden = false;
  part("fetch").addEventListener("click", () => {
    restore(found);
    keep(true);
    notice.hidden = true;
    later();
  });
}

// Before submit-once.js hears of it: what could not be sent is sent again.
document.addEventListener(
  "submit",
  (event) => {
    if (event.target !== form || !event.submitter || event.submitter.value === "discard") return;
    if (event.submitter.name === "_language") return; // the page comes back in the other language, with what is typed
    event.preventDefault();
    event.stopPropagation();
    send(event.submitter);
  },
  true,
);
document.addEventListener("submit", (event) => event.submitter?.value === "discard" && forget());
window.addEventListener("online", () => waiting && send(waiting));
window.addEventListener("offline", () => say("offline"));
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

start();
bringBack();
