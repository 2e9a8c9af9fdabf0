import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { ApiError } from '@/api/problem';
import { useSession } from '@/api/session';
import { change } from '@/offline/outbox';
import { usePageStream } from '@/streams/shared';
import { toast, useProblemText } from '@/ui';
import { applyEvent, moved, type Collection, type Item, type Whole } from './live';

/** A collection with all of its items. */
async function load(id: string): Promise<Whole> {
  const { items, nextCursor, ...collection } = await body(api.GET('/api/collections/{id}', { params: { path: { id }, query: { limit: 100 } } }));
  const all = [...items];
  for (let cursor = nextCursor; cursor;) {
    const page = await body(api.GET('/api/collections/{id}/items', { params: { path: { id }, query: { limit: 100, cursor } } }));
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return { collection: collection as Collection, items: all };
}

/** A collection as it is now, and as others change it, with what may be done to it. */
export function useCollection(id: string) {
  const { t } = useTranslation('collections');
  const client = useQueryClient();
  const problemText = useProblemText();
  const isMember = useSession(state => state.status === 'member');
  const key = ['collection', id];
  const whole = useQuery({ queryKey: key, queryFn: () => load(id) });
  const refresh = () => client.invalidateQueries({ queryKey: key });
  usePageStream(isMember && whole.isSuccess ? `/api/collections/${id}/events` : null, event => {
    const now = client.getQueryData<Whole>(key);
    const next = now && applyEvent(now, event);
    if (next) client.setQueryData(key, next);
    else if (now) void refresh();
  });

  function show(items: (items: Item[]) => Item[]) {
    client.setQueryData<Whole>(key, now => now && { ...now, items: items(now.items) });
  }
  const onError = (error: unknown) => {
    toast(error instanceof ApiError && error.slug === 'changed-meanwhile' ? t('changedMeanwhile') : problemText(error).title);
    void refresh();
  };
  const place = (item: Item) => `/api/collections/${id}/items/${item.id}`;
  const move = useMutation({
    mutationFn: ({ item, to }: { item: Item; to: number }) => change<Item>({ subject: `move:${item.id}`, method: 'PATCH', path: place(item), body: { position: to }, headers: { 'If-Match': `"${item.version}"` } }),
    onMutate: ({ item, to }) => show(items => moved(items, item.id, to)),
    onSuccess: answer => answer && show(items => items.map(one => (one.id === answer.id ? { ...one, rank: answer.rank, version: answer.version } : one))),
    onError,
  });
  const remove = useMutation({
    mutationFn: (item: Item) => change({ subject: `remove:${item.id}`, method: 'DELETE', path: place(item) }),
    onMutate: item => show(items => items.filter(one => one.id !== item.id)),
    onError,
  });
  const vote = useMutation({
    mutationFn: (item: Item) => change({ subject: `vote:${item.id}`, method: item.voted ? 'DELETE' : 'PUT', path: `${place(item)}/vote` }),
    onMutate: item => show(items => items.map(one => (one.id === item.id ? { ...one, voted: !item.voted, votes: item.votes + (item.voted ? -1 : 1) } : one))),
    onError,
  });
  return { whole, isMember, refresh, move: (item: Item, to: number) => move.mutate({ item, to }), remove: remove.mutate, vote: vote.mutate };
}
