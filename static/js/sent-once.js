// The page that shows what a change does is the answer to a form. Once it is sent on, the browser's Back asks for the
// page's address instead of offering to send the form again, or saying that it cannot.
for (const form of document.querySelectorAll("form[data-leaves-page]")) {
  form.addEventListener("submit", () => history.replaceState(null, "", location.href));
}
