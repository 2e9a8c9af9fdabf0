import { create } from 'zustand';
import { call } from '@/api/client';
import { ApiError, OfflineError } from '@/api/problem';
import { queryClient } from '@/api/query';
import { useSession } from '@/api/session';
import { useConnection } from './connection';
import { database, type Change } from './database';

/** What waits to be sent, the oldest first; shown as "pending". */
export const useOutbox = create<{ waiting: Change[] }>(() => ({ waiting: [] }));

type Wanted = Pick<Change, 'subject' | 'method' | 'path' | 'body' | 'headers'>;

/** Makes a change now, or as soon as the server is back: then null is the answer. Once, whatever happens on the way. */
export async function change<T>(wanted: Wanted): Promise<T | null> {
  const made: Change = { ...wanted, id: crypto.randomUUID(), member: useSession.getState().me!.id, key: crypto.randomUUID(), at: Date.now() };
  if (!useOutbox.getState().waiting.some(other => other.subject === made.subject)) {
    try {
      return await send<T>(made);
    } catch (error) {
      if (!(error instanceof OfflineError)) throw error;
    }
  }
  await put(made);
  return null;
}

async function send<T>({ method, path, body, headers, key }: Change): Promise<T> {
  const response = await call(new Request(new URL(path, location.origin), {
    method, headers: { ...headers, 'content-type': 'application/json', ...(method === 'POST' && { 'Idempotency-Key': key }) }, ...(body !== undefined && { body: JSON.stringify(body) }),
  }));
  return (response.status === 204 ? null : await response.json()) as T;
}

async function put(made: Change) {
  const db = await database();
  const writing = db.transaction('changes', 'readwrite');
  for (const other of await writing.store.getAll()) if (other.subject === made.subject && other.member === made.member) await writing.store.delete(other.id);
  await writing.store.put(made);
  await writing.done;
  await look();
}

async function look() {
  const me = useSession.getState().me?.id;
  const waiting = (await (await database()).getAllFromIndex('changes', 'at')).filter(one => one.member === me);
  useOutbox.setState({ waiting });
  return waiting;
}

/** Sends what waits, in its order, one tab at a time. What is refused is told and given up; what meets no answer waits on. */
export async function flush(onRefused: (error: ApiError) => void) {
  if (!(await look()).length) return;
  await navigator.locks.request('son1k.outbox', async () => {
    for (let [next] = await look(); next; [next] = await look()) {
      try {
        await send(next);
      } catch (error) {
        if (!(error instanceof ApiError) || error.status >= 500 || error.status === 429 || error.status === 401) return;
        onRefused(error);
      }
      await (await database()).delete('changes', next.id);
    }
  });
  await queryClient.invalidateQueries();
}

/** Calls `back` whenever the server is there again. */
export const whenBack = (back: () => void) => useConnection.subscribe((now, before) => {
  if (before.awaySince !== null && now.awaySince === null) back();
});
