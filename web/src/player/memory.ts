import { openDB } from 'idb';
import { audio, usePlayer } from './player';
import type { Queue } from './queue';

interface Kept { queue: Queue; position: number; volume: number }

const database = () => openDB('son1k-player', 1, { upgrade: db => void db.createObjectStore('kept') });

/** Queue, order and position outlive the tab; it always comes back paused. */
export async function rememberQueue() {
  const db = await database();
  const kept = (await db.get('kept', 'player')) as Kept | undefined;
  if (kept && !usePlayer.getState().queue.current) {
    const track = kept.queue.entries.find(entry => entry.id === kept.queue.current)?.track;
    usePlayer.setState({ queue: kept.queue, position: kept.position, duration: track?.durationSeconds ?? 0, volume: kept.volume });
    audio.volume = kept.volume;
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keep = () => {
    timer = undefined;
    const { queue, position, volume } = usePlayer.getState();
    db.put('kept', { queue, position, volume } satisfies Kept, 'player').catch((error: unknown) => console.warn('Queue not kept', error));
  };
  usePlayer.subscribe((now, before) => {
    if (now.queue !== before.queue || now.position !== before.position || now.volume !== before.volume) timer ??= setTimeout(keep, now.queue !== before.queue ? 50 : 2000);
  });
  addEventListener('pagehide', keep);
}

/** Nothing of a member stays on a browser that they left. */
export async function forgetQueue() {
  const db = await database();
  await db.clear('kept');
}
