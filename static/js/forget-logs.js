// What keep-log.js holds of a log on this device goes when its person signs out, when another one is here, and with age.
const PREFIX = "lmp-log:";
const DAYS = 14;

function forget(unless) {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && !unless(key)) localStorage.removeItem(key);
  }
}

function isYoung(key) {
  try {
    return Date.now() - JSON.parse(localStorage.getItem(key)).at < DAYS * 24 * 60 * 60 * 1000;
  } catch {
    return false;
  }
}

try {
  const person = document.body.dataset.person;
  // Nobody is signed in: the session may have ended under a person who comes back for what was typed.
  forget((key) => isYoung(key) && (!person || key.startsWith(`${PREFIX}${person}:`)));
  const signOut = document.querySelector("[data-sign-out]");
  signOut?.addEventListener("submit", (event) => {
    const holds = Object.keys(localStorage).some((key) => key.startsWith(PREFIX));
    if (holds && !confirm(signOut.dataset.signOut)) {
      event.preventDefault();
      return;
    }
    forget(() => false);
  });
} catch {
  // The browser keeps nothing for this site.
}
