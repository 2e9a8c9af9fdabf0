// Writes src/api/schema.d.ts from a served OpenAPI document: node scripts/api.mjs [address]
// Its first line names the document's shape; a test compares it with what the platform serves.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import openapi, { astToString } from 'openapi-typescript';

const address = process.argv[2] ?? `${process.env.GATEWAY_URL ?? 'http://localhost:8080'}/openapi/v1.json`;
const words = new Set(['description', 'summary', 'title', 'example', 'examples', 'servers', 'info', 'tags']);

/** Every leaf of the document with its place, words for people left out: what callers depend on. */
function leaves(node, place = '') {
  if (node === null || typeof node !== 'object') return [`${place}=${node}`];
  return Object.entries(node).flatMap(([key, value]) => (words.has(key) && !place.endsWith('/properties') ? [] : leaves(value, `${place}/${key}`)));
}

/** The document, once the platform has all of it: until every service has described itself it answers 503. */
async function read(until = Date.now() + 60_000) {
  const answer = await fetch(address);
  if (answer.ok) return answer.json();
  if (answer.status !== 503 || Date.now() > until) throw new Error(`${address}: ${answer.status} ${await answer.text()}`);
  await new Promise((resolve) => setTimeout(resolve, 1000 * Number(answer.headers.get('Retry-After') ?? 2)));
  return read(until);
}

const document = await read();
if (!Object.keys(document.paths ?? {}).length) throw new Error(`${address} describes nothing`);
const lines = leaves(document).sort((a, b) => (a < b ? -1 : 1));
const shape = createHash('sha256').update(lines.join('\n')).digest('hex');
writeFileSync('src/api/schema.d.ts', `// Shape of the document: ${shape}\n${astToString(await openapi(document))}`);
console.log(`src/api/schema.d.ts: ${Object.keys(document.paths).length} paths`);
