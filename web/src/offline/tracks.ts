import { create } from 'zustand';
import { addressOf } from '@/player/sources';
import type { Track } from '@/player/track';
import { database } from './database';

/** The songs that this device keeps, so that they play without a network. */
export const useKeptTracks = create<{ tracks: Track[] }>(() => ({ tracks: [] }));

const cacheName = 'kept-tracks';
const placeOf = (id: string) => `/kept/${id}`;

export async function loadKeptTracks() {
  useKeptTracks.setState({ tracks: await (await database()).getAll('tracks') });
}

export async function keepTrack(track: Track) {
  const response = await fetch(await addressOf(track));
  if (!response.ok) throw new Error(`The song answered ${response.status}`);
  await (await caches.open(cacheName)).put(placeOf(track.id), response);
  await (await database()).put('tracks', track);
  // Without this the browser may clear it away when its disk is full.
  await navigator.storage.persist();
  await loadKeptTracks();
}

export async function dropTrack(id: string) {
  await (await caches.open(cacheName)).delete(placeOf(id));
  await (await database()).delete('tracks', id);
  await loadKeptTracks();
}

/** Nothing of a member stays on a browser that they left. */
export async function forgetOffline() {
  const db = await database();
  await Promise.all([db.clear('answers'), db.clear('changes'), db.clear('tracks'), caches.delete(cacheName)]);
  useKeptTracks.setState({ tracks: [] });
}
