// Pages that were opened once can be read again without a connection: the network first, what was kept otherwise.
// Another edition of the same address has caches of its own; a newer state of this one takes over what was kept, afresh,
// so that a text that was taken back is not read on.
const OURS = `wenshi ${self.registration.scope} `;
const CACHE = OURS + edition.version;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(edition.shell)).then(() => self.skipWaiting()));
});

async function takeOver() {
  const cache = await caches.open(CACHE);
  const older = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE);
  for (const name of older) {
    const kept = await (await caches.open(name)).keys();
    for (const { url } of kept) {
      try { await cache.add(new Request(url, { cache: "reload" })); } catch { /* no longer there */ }
    }
    await caches.delete(name);
  }
  await self.clients.claim();
}

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith((async () => {
    const cache = await caches.open(CACHE);
    try {
      const answer = await fetch(request);
      if (answer.ok && answer.status === 200) await cache.put(request.url.split(/[?#]/)[0], answer.clone());
      return answer;
    } catch (failure) {
      const kept = await cache.match(request, { ignoreSearch: true });
      if (kept) return kept;
      if (request.url === self.registration.scope) return (await cache.match("index.html")) || Response.error();
      throw failure;
    }
  })());
});

async function keep(port) {
  const listing = await (await fetch(edition.listing)).json();
  const files = Object.keys(listing.files).filter((path) => !path.startsWith("books/"));
  const cache = await caches.open(CACHE);
  let done = 0, failed = 0;
  for (const path of files) {
    try { await cache.add(path); done += 1; } catch { failed += 1; }
    if ((done + failed) % 10 === 0 || done + failed === files.length) port.postMessage({ done, of: files.length, failed });
  }
}

self.addEventListener("message", (event) => {
  if (event.data === "keep") event.waitUntil(keep(event.ports[0]));
});
