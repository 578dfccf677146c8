// While letters wait, fetch the page again and put its newer half in place. How far it has come stands beside it, in a region
// that stays, and is therefore read aloud. Without this script, a link does it.
const SECONDS = 2;

async function refresh() {
  const shown = document.getElementById("progress");
  if (!shown?.dataset.waiting) return;
  try {
    const response = await fetch(location.href);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const newer = response.ok && page.getElementById("progress");
    if (newer && newer.dataset.waiting !== shown.dataset.waiting && !shown.contains(document.activeElement)) {
      shown.replaceWith(newer);
      document.getElementById("told").textContent = page.getElementById("told").textContent;
    }
  } catch {
    // The network came and went: ask again.
  }
  setTimeout(refresh, SECONDS * 1000);
}

setTimeout(refresh, SECONDS * 1000);
