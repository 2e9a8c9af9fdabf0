import type { Track } from './track';

/** An entry has an id of its own: the same song may stand in the queue twice. */
export interface Entry { id: string; track: Track }
export type Repeat = 'off' | 'all' | 'one';

export interface Queue {
  entries: Entry[];
  /** Order of playing by entry id; another than that of `entries` while shuffled. */
  order: string[];
  current: string | null;
  shuffle: boolean;
  repeat: Repeat;
}

export const emptyQueue: Queue = { entries: [], order: [], current: null, shuffle: false, repeat: 'off' };

const entryOf = (track: Track): Entry => ({ id: crypto.randomUUID(), track });

export const currentEntry = (queue: Queue) => queue.entries.find(entry => entry.id === queue.current) ?? null;

export const inOrder = (queue: Queue) => {
  const byId = new Map(queue.entries.map(entry => [entry.id, entry]));
  return queue.order.map(id => byId.get(id)!);
};

export function fill(queue: Queue, tracks: Track[], start = 0): Queue {
  const entries = tracks.map(entryOf);
  const current = entries[start]?.id ?? null;
  return { ...queue, entries, current, order: orderOf(entries, current, queue.shuffle) };
}

export function add(queue: Queue, tracks: Track[], where: 'next' | 'last'): Queue {
  const added = tracks.map(entryOf);
  const ids = added.map(entry => entry.id);
  const after = where === 'next' ? queue.order.indexOf(queue.current ?? '') + 1 : queue.order.length;
  return { ...queue, entries: [...queue.entries, ...added], order: queue.order.toSpliced(after, 0, ...ids), current: queue.current ?? ids[0] ?? null };
}

/** Removing the current one moves on to the one after it. */
export function remove(queue: Queue, id: string): Queue {
  const at = queue.order.indexOf(id);
  const order = queue.order.filter(other => other !== id);
  return { ...queue, entries: queue.entries.filter(entry => entry.id !== id), order, current: queue.current === id ? order[Math.min(at, order.length - 1)] ?? null : queue.current };
}

export function move(queue: Queue, id: string, to: number): Queue {
  const order = queue.order.filter(other => other !== id);
  return { ...queue, order: order.toSpliced(Math.max(0, Math.min(order.length, to)), 0, id) };
}

export const shuffled = (queue: Queue, shuffle: boolean): Queue => ({ ...queue, shuffle, order: orderOf(queue.entries, queue.current, shuffle) });

/** The entry that follows; null at the end. `ended` is the song's own end, which `repeat: one` obeys. */
export function following(queue: Queue, step: 1 | -1, ended = false): string | null {
  if (ended && queue.repeat === 'one') return queue.current;
  const at = queue.order.indexOf(queue.current ?? '') + step;
  if (at >= 0 && at < queue.order.length) return queue.order[at]!;
  if (queue.repeat === 'off') return null;
  return queue.order.at(step > 0 ? 0 : -1) ?? null;
}

function orderOf(entries: Entry[], current: string | null, shuffle: boolean): string[] {
  const ids = entries.map(entry => entry.id);
  if (!shuffle) return ids;
  const rest = ids.filter(id => id !== current);
  for (let i = rest.length - 1; i > 0; i--) {
    const other = Math.floor(Math.random() * (i + 1));
    [rest[i], rest[other]] = [rest[other]!, rest[i]!];
  }
  return current ? [current, ...rest] : rest;
}
