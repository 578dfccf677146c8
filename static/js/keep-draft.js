// What is typed in a long form is saved as a draft while the person works. Without this script the button does it.
const form = document.querySelector("form[data-keep-draft]");
const status = form?.querySelector("[data-draft-status]");
let timer;
let sending = false;

async function save() {
  if (sending) return later();
  sending = true;
  const data = new FormData(form);
  data.set("action", "draft");
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: data, redirect: "manual" });
    status.textContent = answer.type === "opaqueredirect" ? status.dataset.saved : status.dataset.failed;
  } catch {
    status.textContent = status.dataset.failed;
    later();
  } finally {
    sending = false;
  }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(save, 3000);
}

form?.addEventListener("input", later);
form?.addEventListener("submit", () => clearTimeout(timer));
