// Shows what needs a script, and says so when the browser or the person said no to the passkey.
for (const form of document.querySelectorAll("[data-needs-script]")) form.hidden = false;
document.addEventListener("allauth.error", (event) => {
  const failed = document.getElementById("passkey-failed");
  if (!failed) return;
  event.preventDefault();
  failed.hidden = false;
});
