// The error summary takes focus when the page opens. The autofocus attribute does the same without this file,
// but not when the address ends in a #fragment.
document.querySelector("[data-focus]")?.focus();
