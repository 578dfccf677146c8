// A log that is typed is kept on this device at once, and sent without losing it when the network is gone. Without this
// script the same form is sent as any other. The form's token makes one log of it, however often it is sent.
const PREFIX = "lmp-log:";
const SECONDS = 20;
const isPutBy = document.documentElement.hasAttribute("data-without-network"); // by logs-without-network.js
let form;
let timer;
let busy = false;
let waiting; // the button of a press that did not get through
let isKept = true; // until the browser refuses it: its storage is full, or shut

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
    localStorage.setItem(key(), JSON.stringify({ at: Date.now(), unsaved, title: form.dataset.unsent, typed }));
    isKept = true;
  } catch {
    isKept = false;
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

// Nothing is said to be on the device that isn't.
function say(what) {
  const status = part("kept-status");
  status.textContent = status.dataset[isKept || what === "saved" || what === "sending" ? what : "notKept"] ?? "";
}

function restore({ typed }) {
  for (const field of form.elements) {
    if (!field.name || field.name === "csrfmiddlewaretoken" || field.name === "seen" || field.type === "submit") continue;
    const values = typed.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.name !== "looked_over") field.value = values[0] ?? "";
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function body({ name, value }) {
  const data = new FormData(form);
  if (form.hasAttribute("data-resend")) for (const [name, value] of held()?.typed ?? []) data.append(name, value);
  data.set(name, value);
  return data;
}

// The button that is pressed is sent with the form.
function post(button) {
  return fetch(form.getAttribute("action"), {
    method: "POST",
    body: body(button),
    redirect: "manual",
    headers: { "X-Requested-With": "fetch" },
    signal: AbortSignal.timeout(SECONDS * 1000),
  });
}

// A form that has lain on the device, or through a sign-in, has a token that is old. One that is new comes with the page.
// Returns what the page said: its status, or 0 when it sends to the sign-in.
async function renewToken() {
  const answer = await fetch(form.getAttribute("action"), { redirect: "manual", signal: AbortSignal.timeout(SECONDS * 1000) });
  if (answer.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("form[data-keep-log] [name=csrfmiddlewaretoken]")?.value;
    if (token) form.elements.csrfmiddlewaretoken.value = token;
  }
  return answer.status;
}

// Sends with a new token once, when the portal would not take the form with the one it has.
async function deliver(button) {
  const answer = await post(button);
  if (answer.type !== "opaqueredirect" && answer.status !== 403) return answer;
  return (await renewToken()) === 0 ? answer : post(button);
}

async function saveDraft() {
  if (busy) return later();
  const sent = form;
  const before = held()?.at;
  try {
    const answer = await deliver({ name: "action", value: "draft" });
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
    await receive(await deliver(button), button);
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
  } else if (answer.ok || answer.status === 422 || answer.status === 409) {
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } else {
    say(answer.status === 404 ? "noAccess" : "failed");
    part("my-page").hidden = answer.status !== 404;
  }
}

// Thrown away on purpose only: the question is in the page that the portal shows where there is no script.
function discard(event) {
  if (!confirm(event.submitter.dataset.question)) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  clearTimeout(timer);
  event.submitter.form.querySelector("[data-confirmed]").value = "yes";
  forget();
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
  input.value = Math.min(Math.max(next, 0), Number(input.dataset.max));
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function start() {
  form = document.querySelector("form[data-keep-log]");
  for (const button of form.querySelectorAll("[data-step]")) {
    button.hidden = false;
    button.addEventListener("click", () => step(button));
  }
  form.addEventListener("input", () => {
    keep(true);
    say(navigator.onLine ? "kept" : "offline");
    later();
  });
  part("throw")?.addEventListener("click", (event) => {
    if (!confirm(event.target.dataset.question)) return;
    forget();
    location.reload();
  });
}

// A form that nobody has written in: its log is its own, however often the page was shown from the device.
function begin() {
  if (!form.hasAttribute("data-fresh")) return;
  if (crypto.randomUUID) form.elements.token.value = crypto.randomUUID();
  if (!isPutBy) return;
  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  const { planned } = form.dataset;
  form.elements.held_on.value = planned && planned < today ? planned : today;
}

function bringBack() {
  const found = held();
  if (isPutBy) say("offline");
  if (!found) return begin();
  if (form.hasAttribute("data-resend")) {
    form.hidden = false;
    return;
  }
  if (!found.unsaved && !isPutBy) return begin();
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
    if (event.target !== form || !event.submitter) return;
    if (event.submitter.value === "discard") return discard(event);
    if (event.submitter.name === "_language") return; // the page comes back in the other language, with what is typed
    event.preventDefault();
    event.stopPropagation();
    send(event.submitter);
  },
  true,
);
window.addEventListener("online", () => waiting && send(waiting));
window.addEventListener("offline", () => say("offline"));
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

start();
bringBack();
