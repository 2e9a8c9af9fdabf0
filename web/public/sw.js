// Keeps the shell: the page and the files of the build, so that the app opens without a network. Nothing of the API is ever kept here:
// quota, money and private songs are asked for anew. A new build waits until the page says that it may take over.
const shell = 'son1k-__BUILD__';
/** The page that is kept: one that comes without a view of its own, for any address. */
const page = '/settings';
/** Every page of the build, so that each opens offline; written in by the build. */
const pages = [/* __FILES__ */];
const patience = 4000;

self.addEventListener('install', event => event.waitUntil(caches.open(shell).then(cache => cache.add(new Request(page, { cache: 'no-cache', headers: { accept: 'text/html' } })))));
self.addEventListener('activate', event => event.waitUntil(letGo()));

self.addEventListener('message', event => {
  if (event.data === 'take-over') void self.skipWaiting();
  else if (event.data?.keep) event.waitUntil(keep(event.data.keep));
});

self.addEventListener('fetch', event => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (request.mode === 'navigate' && !/^\/(api|docs|openapi|asyncapi|health|alive|oembed)(\/|$)/.test(url.pathname)) event.respondWith(navigate(request));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request));
});

self.addEventListener('push', event => {
  const { id, text, url } = event.data?.json() ?? {};
  if (text) event.waitUntil(self.registration.showNotification('Son1kVers3', { body: text, tag: id, icon: '/icon-maskable.svg', data: { url } }));
});

/** A window that is open is taken there; else one is opened. */
self.addEventListener('notificationclick', event => {
  event.notification.close();
  event.waitUntil(show(new URL(event.notification.data?.url ?? '/notifications', location.origin)));
});

async function show(url) {
  const [open] = await self.clients.matchAll({ type: 'window' });
  if (!open) return self.clients.openWindow(url);
  await open.focus();
  return open.navigate(url);
}

/** The files of earlier builds; their tabs still find them at the server for a day. */
async function letGo() {
  for (const name of await caches.keys()) if (name.startsWith('son1k-') && name !== shell) await caches.delete(name);
  await self.clients.claim();
}

/** The newest page where the network answers in time, else the one that was kept. */
async function navigate(request) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(patience) });
  } catch {
    return (await caches.match(page)) ?? Response.error();
  }
}

/** A file of the build never changes: what was kept is what it is. */
async function asset(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(shell)).put(request, answer.clone());
  return answer;
}

/** What the page had loaded before this was here. */
async function keep(files) {
  const cache = await caches.open(shell);
  for (const file of new Set([...files, ...pages])) if (!(await cache.match(file))) await cache.add(file).catch(() => undefined);
}
