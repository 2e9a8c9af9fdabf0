import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, body, idempotent } from '@/api/client';
import { usePages } from '@/api/pages';
import type { Track } from '@/player/track';
import { Button, Dialog, ErrorState, Field, Skeleton, toast } from '@/ui';
import { CollectionCover } from './CollectionCover';
import type { Collection } from './live';

/** Puts songs at the end of one of the collections that the member may change, or of a new one. */
export default function AddToCollection({ tracks, onClose }: { tracks: Pick<Track, 'id' | 'title'>[]; onClose: () => void }) {
  const { t } = useTranslation('collections');
  const client = useQueryClient();
  const navigate = useNavigate();
  const list = usePages(['collections', 'own'], cursor => body(api.GET('/api/collections', { params: { query: { limit: 50, cursor } } })));
  // A key for each song and collection: what was added before an answer was lost is not added again.
  const keys = useRef(new Map<string, string>());
  const [key] = useState(() => crypto.randomUUID());
  const keyOf = (name: string) => keys.current.get(name) ?? keys.current.set(name, crypto.randomUUID()).get(name)!;

  async function addTo({ id, title }: Pick<Collection, 'id' | 'title'>) {
    for (const [index, track] of tracks.entries()) await api.POST('/api/collections/{id}/items', { params: { path: { id } }, body: { generationId: track.id }, headers: idempotent(keyOf(`${id}/${index}`)) });
    return { id, title };
  }
  const onSuccess = ({ id, title }: Pick<Collection, 'id' | 'title'>) => {
    for (const what of ['collections', 'collection']) void client.invalidateQueries({ queryKey: [what] });
    toast(t('added', { count: tracks.length, title }), { action: { label: t('show'), run: () => void navigate(`/c/${id}`) } });
    onClose();
  };
  const add = useMutation({ mutationFn: addTo, onSuccess });
  const make = useMutation({ mutationFn: async (title: string) => addTo(await body(api.POST('/api/collections', { body: { title, visibility: null, order: null }, headers: idempotent(key) }))), onSuccess });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    make.mutate(new FormData(event.currentTarget).get('title') as string);
  }
  const error = add.error ?? make.error;
  const busy = add.isPending || make.isPending;
  return (
    <Dialog open onOpenChange={onClose} title={t('addTitle', { count: tracks.length, title: tracks[0]?.title })}>
      {error && <ErrorState inline error={error} />}
      {list.isPending && <Skeleton className="h-28" />}
      {list.isError && <ErrorState inline error={list.error} onRetry={() => void list.refetch()} />}
      <ul className="flex max-h-64 flex-col gap-1 overflow-y-auto">
        {list.items.filter(one => one.canEdit).map(one => (
          <li key={one.id}>
            <button type="button" disabled={busy} onClick={() => add.mutate(one)} className="flex min-h-14 w-full items-center gap-3 rounded-xl px-2 text-left hover:bg-raised disabled:opacity-50">
              <CollectionCover covers={one.covers} className="size-11 shrink-0" />
              <span className="min-w-0 flex-1 truncate font-semibold">{one.title}</span>
              <span className="text-xs text-muted">{t('items', { count: one.itemCount })}</span>
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={submit} className="flex items-end gap-2 border-t border-line pt-4">
        <Field label={t('newTitle')} name="title" maxLength={120} required className="flex-1" />
        <Button type="submit" icon={Plus} busy={make.isPending} disabled={busy}>{t('create')}</Button>
      </form>
    </Dialog>
  );
}
