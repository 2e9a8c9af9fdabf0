import { openDB, type DBSchema } from 'idb';
import type { Schemas } from '@/api/client';

export type Body = Schemas['CreateGeneration'];

/** What was sent, or is about to be: kept before the first byte leaves, so that no reload and no lost answer makes it twice. */
export interface Sent { key: string; body: Body; at: number }

/** A recording, kept before its upload. */
export interface Recording { audio: Blob; seconds: number; at: number }

interface Schema extends DBSchema {
  drafts: { key: string; value: Body };
  sent: { key: string; value: Sent };
  recordings: { key: string; value: Recording };
}

const only = 'current';
let opened: ReturnType<typeof open> | undefined;
const open = () => openDB<Schema>('son1k-generator', 1, {
  upgrade(db) {
    db.createObjectStore('drafts');
    db.createObjectStore('sent');
    db.createObjectStore('recordings');
  },
});
const database = () => (opened ??= open());

export const readDraft = async () => (await database()).get('drafts', only);
export const keepDraft = async (body: Body) => void (await (await database()).put('drafts', body, only));
export const readSent = async () => (await database()).get('sent', only);
export const keepSent = async (sent: Sent) => void (await (await database()).put('sent', sent, only));
export const forgetSent = async () => (await database()).delete('sent', only);
export const readRecording = async () => (await database()).get('recordings', only);
export const keepRecording = async (recording: Recording) => void (await (await database()).put('recordings', recording, only));
export const forgetRecording = async () => (await database()).delete('recordings', only);

/** Nothing of a member stays on a browser that they left. */
export async function forgetGenerator() {
  const db = await database();
  await Promise.all([db.clear('drafts'), db.clear('sent'), db.clear('recordings')]);
}
