{% comment %}
The service worker of the logs. It answers for the pages below its own address and what they are drawn with, from what
logs-without-network.js has put by, and only where the network does not answer. It keeps nothing itself.
{% endcomment %}const SCOPE = new URL("./", self.location).pathname;
const STATIC = "{{ static|escapejs }}";
const PATIENCE = 6000; // milliseconds
const LOOSELY = { ignoreSearch: true, ignoreVary: true };

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page as it was put by, told from one that the portal sent just now.
async function withoutNetwork(kept) {
  const text = (await kept.text()).replace("<html ", "<html data-without-network ");
  const headers = new Headers();
  for (const name of ["Content-Type", "Content-Security-Policy"]) {
    if (kept.headers.has(name)) headers.set(name, kept.headers.get(name));
  }
  return new Response(text, { headers });
}

async function open(request) {
  const kept = await caches.match(request.url, LOOSELY);
  if (!kept) return fetch(request);
  const tooLate = new Promise((_resolve, reject) => setTimeout(reject, PATIENCE));
  try {
    const answer = await Promise.race([fetch(request), tooLate]);
    return [502, 503, 504].includes(answer.status) ? withoutNetwork(kept) : answer;
  } catch {
    return withoutNetwork(kept);
  }
}

async function file(request) {
  const kept = await caches.match(request.url, { ignoreVary: true });
  try {
    return await fetch(request);
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && address.pathname.startsWith(SCOPE)) event.respondWith(open(request));
  // The owner's symbol and logo are no static files
  else if (address.pathname.startsWith(STATIC) || request.destination === "image") event.respondWith(file(request));
});
