// Every budget of the app, with what was measured; fails above one of them. Alone it takes the sizes of the last build; what somebody waits for, and
// Lighthouse, need a running platform with a few public songs, and a machine that does nothing else:
//   BASE=http://localhost:8080 LOGIN=name:password npm run budget        (ONLY=lighthouse,speed for a part of it)
import { loadavg } from 'node:os';

const wanted = process.env.ONLY?.split(',') ?? (process.env.BASE ? ['sizes', 'speed', 'lighthouse'] : ['sizes']);
const over = [];
for (const part of wanted) {
  console.log(`-- ${part}, at load ${loadavg()[0].toFixed(1)}`);
  if ((await import(`./${part}.mjs`)).over) over.push(part);
}
if (!wanted.includes('speed')) console.log('For what somebody waits for, and Lighthouse: BASE=http://localhost:8080 LOGIN=name:password npm run budget');
process.exit(over.length ? 1 : 0);
