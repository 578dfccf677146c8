// The logs that keep-log.js holds of this person and has not sent: shown until they are sent or deleted on purpose.
const section = document.querySelector("[data-unsent-logs]");
const own = `lmp-log:${document.body.dataset.person}:`;
const MINUTE = 60_000;
const isPutBy = document.documentElement.hasAttribute("data-without-network"); // by logs-without-network.js

function unsent() {
  const found = [];
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(own)) continue;
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      if (kept.unsaved) found.push({ key, address: key.slice(own.length), ...kept });
    } catch {
      // Not ours to read.
    }
  }
  return found.sort((a, b) => b.at - a.at);
}

function age(at) {
  const minutes = Math.floor((Date.now() - at) / MINUTE);
  const [name, count] =
    minutes < 60 ? ["minutes", minutes] : minutes < 24 * 60 ? ["hours", Math.floor(minutes / 60)] : ["days", Math.floor(minutes / 60 / 24)];
  if (count < 1) return section.dataset.now;
  const [one, several] = section.dataset[name].split("|");
  return count === 1 ? one : several.replace("#", count);
}

function session(typed) {
  const day = new Date(`${typed.find(([name]) => name === "held_on")?.[1]}T12:00`);
  if (Number.isNaN(day.getTime())) return "";
  const weekday = section.dataset.weekdays.split("|")[day.getDay()];
  const month = section.dataset.months.split("|")[day.getMonth()];
  return section.dataset.session.replace("#", `${weekday} ${day.getDate()}. ${month} ${day.getFullYear()}`);
}

function row({ key, address, at, title, typed }) {
  const item = section.querySelector("template").content.cloneNode(true);
  const part = (name) => item.querySelector(`[data-${name}]`);
  const name = title || section.dataset.nameless;
  part("title").textContent = name;
  part("when").textContent = [session(typed), age(at)].filter(Boolean).join(" ");
  for (const whose of item.querySelectorAll("[data-whose]")) whose.textContent = ` – ${name}`;
  for (const field of ["worked_on", "agreed"]) {
    for (const line of (typed.find(([name]) => name === field)?.[1] ?? "").split("\n")) {
      const paragraph = document.createElement("p");
      paragraph.className = "ds-paragraph";
      paragraph.textContent = line;
      part("text").append(paragraph);
    }
  }
  part("open").href = address;
  const isShut = (isPutBy || !navigator.onLine) && section.dataset.logs && !address.startsWith(section.dataset.logs);
  part("needs-network").hidden = !isShut;
  part("open").hidden = isShut;
  part("delete").addEventListener("click", () => {
    if (!confirm(section.dataset.question)) return;
    localStorage.removeItem(key);
    show();
    (section.hidden ? document.querySelector("main") : section.querySelector("h2")).focus();
  });
  return item;
}

function show() {
  const found = unsent();
  section.hidden = found.length === 0;
  section.querySelector("ul").replaceChildren(...found.map(row));
}

try {
  show();
  for (const what of ["storage", "online", "offline"]) window.addEventListener(what, show);
  window.addEventListener("pageshow", (event) => event.persisted && show());
} catch {
  // The browser keeps nothing for this site.
}
