// Lighthouse for each page as its middling phone (4x CPU slowdown), on a network of 10 Mbit/40 ms.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const version = '12.2.3';
const least = 95;
const base = process.env.BASE ?? 'http://localhost:8080';
const [login, password] = (process.env.LOGIN ?? '').split(':');
const visitorPages = ['/', '/pool', '/pool/ranking', '/pricing', '/search?q=a', '/challenges', '/login'];
const memberPages = ['/', '/create', '/library', '/collections', '/notifications', '/billing', '/settings'];
const categories = ['performance', 'accessibility', 'best-practices', 'seo'];
const slow = { rttMs: 40, throughputKbps: 10_000, requestLatencyMs: 40, downloadThroughputKbps: 10_000, uploadThroughputKbps: 10_000, cpuSlowdownMultiplier: 4 };

export let over = false;

const lighthouse = (await import(pathToFileURL(join(install(), 'core/index.js')))).default;
const port = await freePort();
const profile = mkdtempSync(join(tmpdir(), 'lighthouse-'));
const browser = await chromium.launchPersistentContext(profile, { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${port}`] });
console.log('     perf a11y best  seo   LCP ms');
const pool = await (await fetch(`${base}/api/community/pool?limit=1`)).json();
const song = pool.items[0];
for (const path of [...visitorPages, ...(song ? [`/t/${song.generationId}`, `/u/${song.artist.username}`] : [])]) await measure(path, 'visitor');
const page = await browser.newPage();
await page.goto(base);
const signedIn = await page.evaluate(async body => {
  const answer = await fetch('/api/auth/login', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  localStorage.setItem('son1k.signed-in', '1');
  return answer.status;
}, JSON.stringify({ login, password }));
if (signedIn !== 200) throw new Error(`Signing in answered ${signedIn}.`);
await page.reload();
await page.waitForTimeout(2000);
await page.close();
for (const path of memberPages) await measure(path, 'member');
await browser.close();
rmSync(profile, { recursive: true, force: true });

async function measure(path, who) {
  const { lhr } = await lighthouse(base + path, { port, output: 'json', logLevel: 'error' }, {
    extends: 'lighthouse:default',
    settings: {
      onlyCategories: categories, formFactor: 'mobile', throttlingMethod: 'simulate', throttling: slow,
      screenEmulation: { mobile: true, width: 412, height: 823, deviceScaleFactor: 1.75, disabled: false },
    },
  });
  if (lhr.runtimeError) throw new Error(`${path}: ${lhr.runtimeError.message}`);
  const scores = categories.map(name => Math.round(lhr.categories[name].score * 100));
  const bad = scores.some(score => score < least);
  over ||= bad;
  console.log(`${bad ? 'OVER' : 'ok  '} ${scores.map(score => String(score).padStart(4)).join(' ')} ${String(Math.round(lhr.audits['largest-contentful-paint'].numericValue)).padStart(8)}  ${path}, ${who}`);
  for (const name of categories.slice(1))
    for (const { id, weight } of lhr.categories[name].auditRefs) if (weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9) console.log(`       ${name}: ${lhr.audits[id].title}`);
}

/** Beside the app, for it is as large as all of the app's own tools and wanted here alone. */
function install() {
  const folder = resolve('../artifacts/lighthouse');
  const there = join(folder, 'node_modules/lighthouse');
  if (!existsSync(there)) {
    mkdirSync(folder, { recursive: true });
    execFileSync('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--loglevel=error', `lighthouse@${version}`], { stdio: 'inherit' });
  }
  return there;
}

function freePort() {
  return new Promise(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address();
      server.close(() => done(free));
    });
  });
}
