// Builds the app into dist/, when something that it is made of has changed: node scripts/build.mjs
// Packages are installed first where they differ from the lock file. The page is replaced last, and the files of the build before stay
// for a day: an open tab goes on with them.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compress } from './compress.mjs';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) fail(`The web app needs Node.js 20.19 or later to be built; here is ${process.versions.node}.`);

const inputs = ['index.html', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', 'public', 'scripts', 'src'];
const dist = 'dist';
const mark = join(dist, '.built-from');
const next = 'node_modules/.cache/web-build';
const large = 400_000;
const day = 24 * 60 * 60 * 1000;

const hash = hashOf(inputs);
if (existsSync(mark) && readFileSync(mark, 'utf8') === hash) {
  console.log('The web app is up to date.');
} else {
  const begun = Date.now();
  if (!installed()) run('npm', ['ci', '--no-audit', '--no-fund']);
  rmSync(next, { recursive: true, force: true });
  run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--outDir', next, '--emptyOutDir', '--logLevel', 'error']);
  // A new build is a new worker.
  writeFileSync(join(next, 'sw.js'), readFileSync(join(next, 'sw.js'), 'utf8').replace('__BUILD__', hash.slice(0, 12)).replace('/* __FILES__ */', pages().map(file => `'/${file}'`).join(', ')));
  compress(next);
  publish();
  writeFileSync(mark, hash);
  console.log(`The web app is built (${((Date.now() - begun) / 1000).toFixed(1)} s).`);
}

function publish() {
  mkdirSync(join(dist, 'assets'), { recursive: true });
  const now = new Date();
  const list = join(dist, '.files');
  for (const file of existsSync(list) ? readFileSync(list, 'utf8').split('\n') : []) if (existsSync(join(dist, file))) utimesSync(join(dist, file), now, now);
  const files = filesIn(next);
  for (const file of files.filter(name => name !== 'index.html')) cpSync(join(next, file), join(dist, file));
  cpSync(join(next, 'index.html'), join(dist, '.index.html'));
  renameSync(join(dist, '.index.html'), join(dist, 'index.html'));
  writeFileSync(list, files.join('\n'));
  for (const file of filesIn(dist)) if (file.startsWith('assets/') && !files.includes(file) && Date.now() - statSync(join(dist, file)).mtimeMs > day) rmSync(join(dist, file));
}

/** What opens offline: all but what is so large that it is fetched when somebody looks. */
function pages() {
  return filesIn(next).filter(file => /^assets\/.*\.(js|css|woff2)$/.test(file) && statSync(join(next, file)).size < large);
}

/** Whether what is in node_modules is what the lock file says. */
function installed() {
  if (!existsSync('node_modules/.package-lock.json')) return false;
  const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  const there = JSON.parse(readFileSync('node_modules/.package-lock.json', 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => path === '' || (there[path] ? there[path].version === version : optional));
}

function hashOf(paths) {
  const hash = createHash('sha256').update(process.versions.node.split('.')[0]);
  for (const file of paths.flatMap(path => (statSync(path).isDirectory() ? filesIn(path).map(name => join(path, name)) : path)).sort()) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

function run(program, args) {
  try {
    execFileSync(program, args, { stdio: 'inherit' });
  } catch {
    fail(`${program} ${args[0]} failed.`);
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
