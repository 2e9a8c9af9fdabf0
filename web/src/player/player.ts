import { create } from 'zustand';
import { ApiError } from '@/api/problem';
import { add, currentEntry, emptyQueue, fill, following, move, remove, shuffled, type Queue } from './queue';
import { keptAddress } from './kept';
import { addressOf, forgetAddress, stale } from './sources';
import type { Track } from './track';
import { heard } from './plays';

export interface PlayerState {
  queue: Queue;
  playing: boolean;
  waiting: boolean;
  position: number;
  duration: number;
  volume: number;
  muted: boolean;
  error: unknown;
}

export const usePlayer = create<PlayerState>(() => ({ queue: emptyQueue, playing: false, waiting: false, position: 0, duration: 0, volume: 1, muted: false, error: null }));

const set = usePlayer.setState;
const get = usePlayer.getState;
const setQueue = (queue: Queue) => set({ queue });

/** One element for the life of the page: a locked phone lets only this one go on to the next song. */
export const audio = new Audio();
audio.preload = 'auto';
let loaded: string | null = null;
let renewals = 0;

export const nowPlaying = () => currentEntry(get().queue)?.track ?? null;

/** Replaces the queue by these tracks and plays from `start`. The one call of every play button. */
export function play(tracks: Track[], start = 0) {
  setQueue(fill(get().queue, tracks, start));
  return begin(0);
}

export const addNext = (tracks: Track[]) => setQueue(add(get().queue, tracks, 'next'));
export const addLast = (tracks: Track[]) => setQueue(add(get().queue, tracks, 'last'));
export const moveEntry = (id: string, to: number) => setQueue(move(get().queue, id, to));
export const toggleShuffle = () => setQueue(shuffled(get().queue, !get().queue.shuffle));
export const cycleRepeat = () => setQueue({ ...get().queue, repeat: ({ off: 'all', all: 'one', one: 'off' } as const)[get().queue.repeat] });

export function removeEntry(id: string) {
  const wasCurrent = get().queue.current === id;
  setQueue(remove(get().queue, id));
  if (!wasCurrent) return;
  if (get().queue.current && get().playing) void begin(0);
  else stop();
}

export function clearQueue() {
  stop();
  setQueue({ ...emptyQueue, shuffle: get().queue.shuffle, repeat: get().queue.repeat });
}

/** Undo: the queue as it was; the song that is on goes on. */
export const restoreQueue = (queue: Queue) => setQueue({ ...queue, current: get().queue.current ?? queue.current });

export async function toggle() {
  if (get().playing) return audio.pause();
  if (!get().queue.current) return;
  if (loaded === get().queue.current && !stale(nowPlaying()!)) return start();
  await begin(get().position);
}

/** Puts another take in the place of the current song and goes on at the same second: A/B. */
export function compare(track: Track) {
  const { queue, position } = get();
  if (!queue.current) return play([track]);
  setQueue({ ...queue, entries: queue.entries.map(entry => (entry.id === queue.current ? { ...entry, track } : entry)) });
  return begin(position);
}

/** Tells every entry of a track what changed of it (a like, a new title). */
export function amend(id: string, change: Partial<Track>) {
  const { queue } = get();
  if (!queue.entries.some(entry => entry.track.id === id)) return;
  setQueue({ ...queue, entries: queue.entries.map(entry => (entry.track.id === id ? { ...entry, track: { ...entry.track, ...change } } : entry)) });
}

export const jumpTo = (id: string) => {
  setQueue({ ...get().queue, current: id });
  return begin(0);
};

export async function next(ended = false) {
  const id = following(get().queue, 1, ended);
  if (id) await jumpTo(id);
  else stop();
}

/** Back to the start of the song; to the song before when it has just begun. */
export async function previous() {
  const id = following(get().queue, -1);
  if (get().position > 3 || !id) seek(0);
  else await jumpTo(id);
}

export function seek(seconds: number) {
  const position = Math.max(0, Math.min(get().duration || 0, seconds));
  if (loaded === get().queue.current) audio.currentTime = position;
  set({ position });
}

export function setVolume(volume: number) {
  audio.volume = Math.max(0, Math.min(1, volume));
  set({ volume: audio.volume, muted: false });
  audio.muted = false;
}

export function toggleMute() {
  audio.muted = !audio.muted;
  set({ muted: audio.muted });
}

export function stop() {
  audio.pause();
  set({ playing: false, position: 0 });
}

async function begin(position: number) {
  const entry = currentEntry(get().queue);
  if (!entry) return;
  set({ position, duration: entry.track.durationSeconds ?? 0, waiting: true, error: null });
  try {
    const address = (await keptAddress(entry.track.id)) ?? (await addressOf(entry.track));
    if (get().queue.current !== entry.id) return;
    loaded = entry.id;
    audio.src = address;
    if (position) audio.currentTime = position;
    heard.begin(entry.track);
    await start();
  } catch (error) {
    set({ waiting: false, playing: false, error });
  }
}

async function start() {
  try {
    await audio.play();
  } catch (error) {
    // Another song was asked for meanwhile; it says for itself how it went.
    if ((error as DOMException).name !== 'AbortError') set({ waiting: false, playing: false, error });
  }
}

audio.addEventListener('play', () => set({ playing: true }));
audio.addEventListener('playing', () => { renewals = 0; set({ waiting: false }); });
audio.addEventListener('waiting', () => set({ waiting: true }));
audio.addEventListener('pause', () => set({ playing: false, waiting: false }));
audio.addEventListener('durationchange', () => Number.isFinite(audio.duration) && set({ duration: audio.duration }));
audio.addEventListener('timeupdate', () => {
  if (loaded !== get().queue.current) return;
  set({ position: audio.currentTime });
  heard.at(audio.currentTime);
});
audio.addEventListener('ended', () => void next(true));
audio.addEventListener('error', () => {
  const track = nowPlaying();
  if (!track || !audio.getAttribute('src')) return;
  // A signed address that ran out fails like any other fault: ask for a new one, once, and go on where it stopped.
  if (renewals++ === 0) {
    forgetAddress(track.id);
    void begin(get().position);
  } else set({ playing: false, waiting: false, error: new ApiError({ type: 'about:blank', title: 'Not playable', status: 503 }) });
});
