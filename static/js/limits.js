// While somebody writes, a field says how much of its room is used. Without this script it says how much there is, and
// the server says what was too long; nothing is cut.
const NEARLY = 0.8;
const PAUSE = 1000; // a screen reader hears it when the person stops typing
const heard = document.createElement("p");
heard.className = "ds-sr-only";
heard.setAttribute("role", "status");
document.body.append(heard);
let timer;

// As the server counts: letters, and two for a new line.
const length = (text) => [...text.replaceAll("\n", "\r\n")].length;

function tell(field, aloud) {
  const note = field.id && document.getElementById(`${field.id}_limit`);
  if (!note) return;
  const limit = Number(note.dataset.limit);
  const used = length(field.value);
  if (used < NEARLY * limit && note.hidden) return;
  note.hidden = false;
  const said = used > limit ? note.dataset.over : note.dataset.used;
  note.textContent = said.replace("{used}", used).replace("{limit}", limit).replace("{over}", used - limit);
  note.toggleAttribute("data-too-long", used > limit);
  clearTimeout(timer);
  if (aloud && used >= NEARLY * limit) timer = setTimeout(() => (heard.textContent = note.textContent), PAUSE);
}

document.addEventListener("input", (event) => tell(event.target, true));
for (const note of document.querySelectorAll("[data-limit]")) {
  const field = document.getElementById(note.id.slice(0, -"_limit".length));
  if (field?.value) tell(field, false);
}
