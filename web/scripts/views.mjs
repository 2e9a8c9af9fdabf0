// Draws the first view of pages in a window without a network: node scripts/views.mjs <built src/views.tsx> <file to write>
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { JSDOM } from 'jsdom';

/** Not a member's start page, which greets by name, and not the pages of what somebody made. */
const paths = {
  visitor: ['/', '/pool', '/pool/ranking', '/pricing', '/challenges', '/search', '/login', '/register', '/reset'],
  member: ['/pool', '/pool/ranking', '/pricing', '/challenges', '/search', '/create', '/library', '/collections', '/notifications'],
};
const [bundle, target] = process.argv.slice(2);
const { window } = new JSDOM('<!doctype html><html><body></body></html>', { url: 'https://localhost/', pretendToBeVisual: true });
for (const name of Object.getOwnPropertyNames(window)) if (!(name in globalThis)) globalThis[name] = window[name];
for (const name of ['location', 'history', 'localStorage', 'navigator', 'document', 'Event', 'CustomEvent', 'EventTarget']) Object.defineProperty(globalThis, name, { value: window[name], configurable: true, writable: true });
for (const name of ['addEventListener', 'removeEventListener', 'dispatchEvent', 'requestAnimationFrame', 'cancelAnimationFrame']) globalThis[name] = window[name].bind(window);
window.matchMedia = globalThis.matchMedia = () => ({ matches: false, addEventListener() {}, removeEventListener() {} });
window.scrollTo = () => {};
// What this device keeps is not known either.
for (const name of ['IDBRequest', 'IDBDatabase', 'IDBObjectStore', 'IDBIndex', 'IDBCursor', 'IDBTransaction']) globalThis[name] = class extends window.EventTarget {};
globalThis.indexedDB = { open: () => new globalThis.IDBRequest() };
// No answer ever comes: views are what is seen until then. What is asked for can be asked for beside the code.
let asked = [];
globalThis.fetch = request => {
  const { pathname, search } = new URL(request.url ?? request, location);
  asked.push(pathname + search);
  return new Promise(() => {});
};

const { draw } = await import(pathToFileURL(bundle).href);
const views = {};
for (const who of ['visitor', 'member']) {
  for (const path of paths[who]) {
    asked = [];
    const view = {};
    for (const language of ['es', 'en']) view[language] = still(await draw(path, language, who));
    views[path] = { ...views[path], [who]: view, ...(who === 'visitor' && { data: [...new Set(asked)] }) };
  }
}
writeFileSync(target, JSON.stringify(views));
// Streams and channels of the app are open still.
process.exit(0);

/** Nothing in it answers yet: it is neither reached by keys nor typed into. */
function still(html) {
  return `<div inert class="contents">${html.replaceAll('<input', '<input readonly').replaceAll('<select', '<select disabled')}</div>`;
}
