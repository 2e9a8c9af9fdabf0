// What somebody waits for, measured in Chromium against a running platform with a few public songs.
import { chromium } from 'playwright-core';

const base = process.env.BASE ?? 'http://localhost:8080';
const [login, password] = (process.env.LOGIN ?? '').split(':');
if (!login || !password) throw new Error('LOGIN=name:password is missing.');
const visitorPages = ['/', '/pool', '/pricing', '/search?q=a'];
const memberPages = ['/', '/create', '/library', '/pool/ranking'];
const loops = 20;
const manyCards = 10_000;
/** A middling phone on a middling network. */
const slow = { cpu: 4, latency: 40, bytesPerSecond: 10_000_000 / 8 };

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required', '--enable-precise-memory-info'] });
export let over = false;

function line(name, value, budget, unit) {
  const bad = budget !== undefined && value > budget;
  over ||= bad;
  const shown = unit === '' ? value.toFixed(3) : value.toFixed(unit === '%' ? 1 : 0);
  console.log(`${bad ? 'OVER' : 'ok  '} ${shown.padStart(7)}${budget === undefined ? '          ' : ` of ${String(budget).padStart(5)}`} ${unit.padEnd(2)}  ${name}`);
}

/** Keeps what the browser tells of painting, shifting and answering, and the audio element, which stands in no document. */
function observe() {
  window.seen = { lcp: 0, cls: 0, inp: 0 };
  new PerformanceObserver(list => list.getEntries().forEach(entry => (window.seen.lcp = entry.startTime))).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver(list => list.getEntries().forEach(entry => !entry.hadRecentInput && (window.seen.cls += entry.value))).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver(list => list.getEntries().forEach(entry => entry.interactionId && (window.seen.inp = Math.max(window.seen.inp, entry.duration)))).observe({ type: 'event', durationThreshold: 16, buffered: true });
  const Original = window.Audio;
  window.Audio = function (...given) {
    return (window.sound = new Original(...given));
  };
}

async function open(signedIn) {
  const context = await browser.newContext({ baseURL: base, locale: 'en', viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
  if (signedIn) {
    const answer = await context.request.post('/api/auth/login', { data: { login, password } });
    if (!answer.ok()) throw new Error(`Signing in answered ${answer.status()}.`);
    await context.addInitScript(() => localStorage.setItem('son1k.signed-in', '1'));
    // Whoever signed in here is known to the app; its files are fetched anew all the same.
    const first = await context.newPage();
    await first.goto('/settings');
    await first.locator('#root > :not([inert]) main h1').first().waitFor();
    await first.close();
  }
  await context.addInitScript(observe);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  return { context, page, devtools };
}

async function throttle(devtools) {
  await devtools.send('Network.enable');
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
  await devtools.send('Network.emulateNetworkConditions', { offline: false, latency: slow.latency, downloadThroughput: slow.bytesPerSecond, uploadThroughput: slow.bytesPerSecond });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slow.cpu });
}

async function load(page, path) {
  await page.goto(path);
  await page.locator('#root > :not([inert]) main h1').first().waitFor();
  await page.waitForLoadState('networkidle', { timeout: 15_000 }).catch(() => undefined);
  await page.waitForTimeout(500);
}

async function pages(signedIn, paths) {
  for (const path of paths) {
    const { context, page, devtools } = await open(signedIn);
    await throttle(devtools);
    await load(page, path);
    const { lcp, cls } = await page.evaluate(() => window.seen);
    const who = signedIn ? 'member' : 'visitor';
    line(`LCP, ${path}, ${who}, 4× CPU, 10 Mbit`, lcp, 1800, 'ms');
    line(`CLS, ${path}, ${who}`, cls, 0.02, '');
    await context.close();
  }
}

async function interactions() {
  const { context, page, devtools } = await open(false);
  await throttle(devtools);
  await load(page, '/pool');
  await page.locator('select').first().selectOption({ index: 1 });
  await page.locator('select').first().selectOption({ index: 0 });
  await page.locator('article').first().waitFor();
  await page.keyboard.press('?');
  await page.keyboard.press('Escape');
  await page.locator('input[type=search]').fill('a');
  await page.waitForTimeout(1000);
  line('INP, filters, menu and typing in the pool, 4× CPU', (await page.evaluate(() => window.seen)).inp, 150, 'ms');
  await context.close();
}

async function sound() {
  const { context, page } = await open(false);
  await load(page, '/');
  const waits = [];
  for (let attempt = 0; attempt < 5; attempt++) {
    waits.push(await page.evaluate(index => new Promise(resolve => {
      const buttons = document.querySelectorAll('article button[aria-label^="Play"]');
      const begun = performance.now();
      window.sound.addEventListener('playing', () => resolve(performance.now() - begun), { once: true });
      buttons[index % buttons.length].click();
    }), attempt + 1));
  }
  line('click → sound, median of 5', waits.toSorted((a, b) => a - b)[2], 500, 'ms');
  await context.close();
}

async function longList() {
  const { context, page } = await open(false);
  await page.route(/\/api\/community\/pool\?/, route => {
    const query = new URL(route.request().url()).searchParams;
    const from = Number(query.get('cursor') ?? 0);
    const limit = Number(query.get('limit'));
    const items = Array.from({ length: Math.min(limit, manyCards - from) }, (_, index) => ({
      generationId: `01a00000-0000-7000-8000-${String(from + index).padStart(12, '0')}`, title: `Track ${from + index}`, artist: { username: 'somebody', displayName: 'Somebody' }, genre: 'ambient', tempo: 90, key: 'A minor',
      durationSeconds: 60, palette: ['#112233', '#334455', '#556677', '#778899', '#99aabb'], peaks: Array(64).fill(50), quality: 'standard', points: 1, likes: 0, plays: 0,
    }));
    return route.fulfill({ json: { items, nextCursor: from + limit < manyCards ? String(from + limit) : null } });
  });
  await load(page, '/pool');
  const frames = await page.evaluate(() => new Promise(resolve => {
    const seen = [];
    let last = performance.now();
    const step = now => {
      seen.push(now - last);
      last = now;
      scrollBy(0, 40);
      if (seen.length < 400) requestAnimationFrame(step);
      else resolve(seen.slice(5).toSorted((a, b) => a - b));
    };
    requestAnimationFrame(step);
  }));
  line(`frame p99 while scrolling ${manyCards} cards`, frames[Math.floor(frames.length * 0.99)], 20, 'ms');
  line('cards in the document', await page.locator('article').count(), 100, '');
  await context.close();
}

async function weight() {
  const { context, page, devtools } = await open(false);
  const sizes = new Map();
  await devtools.send('Network.enable');
  devtools.on('Network.responseReceived', ({ requestId, response }) => sizes.set(requestId, { url: response.url, bytes: 0 }));
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => sizes.has(requestId) && (sizes.get(requestId).bytes = encodedDataLength));
  await load(page, '/pool');
  const of = part => [...sizes.values()].filter(({ url }) => url.includes(part));
  const covers = of('/cover');
  const cards = await page.locator('article').count();
  const sum = list => list.reduce((total, { bytes }) => total + bytes, 0);
  line('30 cards with their covers', (sum(covers) / Math.max(1, covers.length)) * 30 / 1000 + (sum(of('/api/community/pool?')) / Math.max(1, cards)) * 30 / 1000, 700, 'kB');
  await context.close();
}

async function heap() {
  const { context, page, devtools } = await open(true);
  await load(page, '/');
  const rail = page.locator('nav').first();
  const places = ['/pool', '/library', '/search', '/create', '/pricing', '/notifications', '/'];
  const loop = async () => {
    for (const place of places) {
      await rail.locator(`a[href="${place}"]`).last().click();
      await page.locator('#root > :not([inert]) main h1').first().waitFor();
      await page.waitForTimeout(150);
    }
  };
  const used = async () => {
    for (let pass = 0; pass < 3; pass++) await devtools.send('HeapProfiler.collectGarbage');
    return (await devtools.send('Runtime.getHeapUsage')).usedSize;
  };
  // Until the engine has compiled what it runs often: that is no leak.
  for (let warm = 0; warm < 10; warm++) await loop();
  const before = await used();
  for (let round = 0; round < loops; round++) await loop();
  const after = await used();
  line(`heap growth after ${loops} rounds over ${places.length} pages (${(before / 1e6).toFixed(1)} → ${(after / 1e6).toFixed(1)} MB)`, (after / before - 1) * 100, 10, '%');

  await page.goto('/pool');
  await page.waitForTimeout(3000);
  await devtools.send('Performance.enable');
  const busy = async () => (await devtools.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value;
  const from = await busy();
  await page.waitForTimeout(10_000);
  line('idle CPU of the page', ((await busy()) - from) * 10, 2, '%');
  await context.close();
}

await pages(false, visitorPages);
await pages(true, memberPages);
await interactions();
await sound();
await longList();
await weight();
await heap();
await browser.close();
