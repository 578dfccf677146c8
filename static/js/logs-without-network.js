// Puts by the forms of the person's own logs, so that the service worker can show them where there is no network. What the
// person reaches no longer is thrown away at once, and everything of theirs at sign-out (forget-logs.js).
const { logs, worker } = document.querySelector("[data-unsent-logs]").dataset;
const { person } = document.body.dataset;
const HOUR = 60 * 60 * 1000;
const LOOSELY = { ignoreVary: true };

const get = (address) => fetch(address, { redirect: "manual", credentials: "same-origin" });
const read = (text) => new DOMParser().parseFromString(text, "text/html");
const drawnWith = (page) =>
  [...page.querySelectorAll("link[href], script[src], img[src]")].map((one) => one.getAttribute("href") ?? one.getAttribute("src"));

function isYoung(kept) {
  return kept && Date.now() - Date.parse(kept.headers.get("Date")) < HOUR;
}

// A page and the files that draw it; nothing of a page that is refused.
async function putBy(cache, address, source, files) {
  const answer = await get(source);
  if (!answer.ok) return cache.delete(address);
  const text = await answer.clone().text();
  for (const file of drawnWith(read(text))) files.add(file);
  return cache.put(address, answer);
}

async function keepForms() {
  const list = await get(logs);
  if (!list.ok) return;
  const page = read(await list.clone().text());
  const addresses = [...page.querySelectorAll("a[data-log-form]")].map((link) => link.getAttribute("href"));
  if (page.body.dataset.person !== person || !addresses.length) return forgetForms();
  const cache = await caches.open(`lmp-logs:${person}`);
  const files = new Set(drawnWith(page));
  await cache.put(logs, list);
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (pathname.startsWith(logs) && pathname !== logs && !addresses.includes(pathname)) await cache.delete(url);
  }
  for (const address of addresses) {
    if (!isYoung(await cache.match(address, LOOSELY))) await putBy(cache, address, `${address}?uten-nett`, files);
  }
  for (const file of files) await cache.put(file, await fetch(file));
  await navigator.serviceWorker.register(worker, { scope: logs });
}

// Also where the person supervises nobody any more.
async function forgetForms() {
  await caches.delete(`lmp-logs:${person}`);
}

if ("serviceWorker" in navigator && "caches" in window && navigator.onLine) {
  // A network that goes in the middle of it leaves what is there; the next page tries again.
  (logs ? keepForms() : forgetForms()).catch(() => {});
}
