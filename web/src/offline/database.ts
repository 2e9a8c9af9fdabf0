import { openDB, type DBSchema } from 'idb';
import type { Track } from '@/player/track';

/** An answer of the API as it last came. */
export interface Answer { hash: string; data: unknown; at: number }

/** A change that waits for the server. */
export interface Change {
  id: string;
  /** Whose it is: sent for nobody else. */
  member: string;
  /** What it changes: a later change of the same takes its place. */
  subject: string;
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** The same in every attempt, so that it is done once. */
  key: string;
  at: number;
}

interface Schema extends DBSchema {
  answers: { key: string; value: Answer; indexes: { at: number } };
  changes: { key: string; value: Change; indexes: { at: number } };
  tracks: { key: string; value: Track };
}

let opened: ReturnType<typeof open> | undefined;
const open = () => openDB<Schema>('son1k-offline', 1, {
  upgrade(db) {
    db.createObjectStore('answers', { keyPath: 'hash' }).createIndex('at', 'at');
    db.createObjectStore('changes', { keyPath: 'id' }).createIndex('at', 'at');
    db.createObjectStore('tracks', { keyPath: 'id' });
  },
});
export const database = () => (opened ??= open());
