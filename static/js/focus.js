// The error summary takes focus by its autofocus attribute. Browsers skip that when the address ends in a #fragment:
// then it is the field that the address names, or else the page's own choice.
if (location.hash) {
  const named = document.getElementById(location.hash.slice(1));
  if (named?.matches("input, select, textarea") && !document.querySelector(".ds-error-summary")) named.focus();
  else document.querySelector("[data-focus]")?.focus();
}
