// What a visitor downloads, from the last build's manifest.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const kilobyte = 1000;
const budgets = { first: 170, route: 45, css: 20, fonts: 60 };
const larger = { 'src/features/generator/TheGenerator.tsx': 60, 'src/features/ops/Ops.tsx': 60 };
const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));
const size = file => gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length / kilobyte;
const plain = file => readFileSync(`dist/${file}`).length / kilobyte;

function closure(key, seen = new Set()) {
  if (!seen.has(key)) {
    seen.add(key);
    manifest[key].imports?.forEach(next => closure(next, seen));
  }
  return seen;
}

export let over = false;

function line(name, value, budget) {
  over ||= value > budget;
  console.log(`${value > budget ? 'OVER' : 'ok  '} ${value.toFixed(1).padStart(7)} of ${String(budget).padStart(3)} kB  ${name}`);
}

const entry = closure('index.html');
const texts = ['src/texts/en/common.json'];
const first = [...entry, ...texts].reduce((sum, key) => sum + size(manifest[key].file), 0);
line('first load, JS gzip', first, budgets.first);
const styles = new Set(Object.values(manifest).flatMap(chunk => [...(chunk.css ?? []), ...(chunk.file.endsWith('.css') ? [chunk.file] : [])]));
line('CSS gzip', [...styles].reduce((sum, file) => sum + size(file), 0), budgets.css);
const fonts = new Set(Object.values(manifest).flatMap(chunk => [...(chunk.assets ?? []), chunk.file]).filter(file => file.endsWith('.woff2')));
line('fonts', [...fonts].reduce((sum, file) => sum + plain(file), 0), budgets.fonts);
for (const [key, chunk] of Object.entries(manifest).filter(([key, chunk]) => chunk.isDynamicEntry && key.startsWith('src/features/'))) {
  const feature = key.split('/')[2];
  const parts = [...closure(key)].filter(part => !entry.has(part));
  const text = manifest[`src/texts/en/${feature}.json`];
  line(chunk.src, parts.reduce((sum, part) => sum + size(manifest[part].file), text ? size(text.file) : 0), larger[key] ?? budgets.route);
}
