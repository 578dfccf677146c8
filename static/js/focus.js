// The error summary takes focus by its autofocus attribute. Browsers skip that when the address ends in a #fragment.
if (location.hash) document.querySelector("[data-focus]")?.focus();
