// What this device holds of logs goes when its person signs out, who is asked first, and when another one is here: the texts
// that keep-log.js has not sent, and the forms that logs-without-network.js has put by. Nothing of it goes with age.
const PREFIX = "lmp-log:";
const FORMS = "lmp-logs:";
const PATIENCE = 2000; // milliseconds

function forgetTexts(unless) {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && !unless(key)) localStorage.removeItem(key);
  }
}

async function forgetForms(unless) {
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) {
    if (name.startsWith(FORMS) && !unless(name)) await caches.delete(name);
  }
}

async function signOut(form) {
  forgetTexts(() => false);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  await Promise.race([forgetForms(() => false), late]).catch(() => {});
  form.submit();
}

try {
  const person = document.body.dataset.person;
  // Nobody is signed in: the session may have ended under a person who comes back for what was typed.
  if (person) {
    forgetTexts((key) => key.startsWith(`${PREFIX}${person}:`));
    forgetForms((name) => name === `${FORMS}${person}`).catch(() => {});
  }
  const form = document.querySelector("[data-sign-out]");
  // Before submit-once.js hears of it: a person who stays may press again.
  document.addEventListener(
    "submit",
    (event) => {
      if (event.target !== form) return;
      event.preventDefault();
      event.stopPropagation();
      const holds = Object.keys(localStorage).some((key) => key.startsWith(PREFIX));
      if (!holds || confirm(form.dataset.signOut)) signOut(form);
    },
    true,
  );
} catch {
  // The browser keeps nothing for this site.
}
