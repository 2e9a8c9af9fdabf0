import type { Query, QueryCacheNotifyEvent, QueryClient, QueryKey } from '@tanstack/react-query';
import { OfflineError } from '@/api/problem';
import { database } from './database';

/** Features whose answers are kept. Never among them: money, quota, operators' figures, signed addresses. */
const kept = new Set(['wall', 'pool', 'track', 'generations', 'profile', 'genres', 'likes', 'home', 'collections', 'collection', 'challenges', 'challenge']);
const most = 100;
const pagesKept = 3;

export const isKept = ([feature, what]: QueryKey) => kept.has(feature as string) && !(feature === 'pool' && what === 'me');

/** Long lists are kept by their first pages: what is on the screen first. */
export function shortened(data: unknown): unknown {
  const list = data as { pages?: unknown[]; pageParams?: unknown[] } | null;
  return Array.isArray(list?.pages) ? { ...list, pages: list.pages.slice(0, pagesKept), pageParams: list.pageParams?.slice(0, pagesKept) } : data;
}

/** Keeps what comes, and shows what was kept where nothing comes any more; also of what was asked for before this was here. */
export function keepAnswers(client: QueryClient) {
  const cache = client.getQueryCache();
  cache.getAll().forEach(keepOrShow);
  cache.subscribe((event: QueryCacheNotifyEvent) => {
    if (event.type !== 'updated') return;
    if ((event.action.type === 'success' && !event.action.manual) || event.action.type === 'error') keepOrShow(event.query);
  });
}

function keepOrShow(query: Query) {
  if (!isKept(query.queryKey)) return;
  if (query.state.status === 'success') keep(query).catch((error: unknown) => console.info('Answer not kept', error));
  else if (query.state.error instanceof OfflineError) show(query).catch((error: unknown) => console.info('No answer kept', error));
}

async function keep({ queryHash, state }: Query) {
  const db = await database();
  await db.put('answers', { hash: queryHash, data: shortened(state.data), at: state.dataUpdatedAt });
  const old = await db.count('answers') - most;
  if (old <= 0) return;
  const writing = db.transaction('answers', 'readwrite');
  for (let cursor = await writing.store.index('at').openCursor(), left = old; cursor && left > 0; cursor = await cursor.continue(), left--) await cursor.delete();
  await writing.done;
}

/** What is on the page stays there; else what was kept comes back, with the age that it has. */
async function show(query: Query) {
  const old = query.state.data === undefined ? await (await database()).get('answers', query.queryHash) : { data: query.state.data, at: query.state.dataUpdatedAt };
  if (old && query.state.status === 'error') query.setState({ data: old.data, dataUpdatedAt: old.at, status: 'success', error: null, fetchStatus: 'idle', isInvalidated: true });
}
