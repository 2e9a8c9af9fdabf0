import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body } from '@/api/client';
import { usePages } from '@/api/pages';
import { Button, ErrorState, RelativeTime, Skeleton } from '@/ui';

/** What is taken down, and rings of members who like each other's tracks. */
export function Moderation() {
  const { t } = useTranslation('ops');
  const client = useQueryClient();
  const hidden = usePages(['ops', 'hidden'], cursor => body(api.GET('/api/admin/pool', { params: { query: { cursor } } })));
  const rings = usePages(['ops', 'rings'], cursor => body(api.GET('/api/admin/pool/rings', { params: { query: { cursor } } })));
  const restore = useMutation({
    mutationFn: (id: string) => body(api.POST('/api/admin/pool/{id}/restore', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['ops', 'hidden'] }),
  });
  return (
    <div className="flex flex-col gap-5">
      <section aria-labelledby="hidden" className="card flex flex-col gap-3 p-5">
        <h2 id="hidden" className="text-lg font-bold">{t('hidden.title')}</h2>
        {hidden.isPending && <Skeleton className="h-20" />}
        {hidden.isError && <ErrorState inline error={hidden.error} onRetry={() => void hidden.refetch()} />}
        {hidden.isSuccess && hidden.items.length === 0 && <p className="text-sm text-muted">{t('hidden.none')}</p>}
        <ul className="flex flex-col divide-y divide-line">
          {hidden.items.map(({ track, reason }) => (
            <li key={track.generationId} className="flex flex-wrap items-center gap-3 py-2 text-sm"><div className="min-w-0 flex-1 basis-48"><p className="truncate font-bold">{track.title}</p><p className="text-muted">{reason}</p></div><Button busy={restore.isPending && restore.variables === track.generationId} onClick={() => restore.mutate(track.generationId)}>{t('hidden.restore')}</Button></li>
          ))}
        </ul>
        {hidden.hasNextPage && <Button onClick={hidden.more}>{t('more')}</Button>}
        {restore.error && <ErrorState inline error={restore.error} />}
      </section>
      <section aria-labelledby="rings" className="card flex flex-col gap-3 p-5">
        <h2 id="rings" className="text-lg font-bold">{t('rings.title')}</h2>
        {rings.isPending && <Skeleton className="h-20" />}
        {rings.isError && <ErrorState inline error={rings.error} onRetry={() => void rings.refetch()} />}
        {rings.isSuccess && rings.items.length === 0 && <p className="text-sm text-muted">{t('rings.none')}</p>}
        <ul className="flex flex-col divide-y divide-line">
          {rings.items.map(ring => (
            <li key={ring.id} className="flex flex-wrap items-center gap-x-3 py-2 text-sm">
              {ring.members.map(member => (member.artist.username ? <Link key={member.userId} to={`/u/${member.artist.username}`} className="inline-flex min-h-11 items-center text-cyan hover:underline">{member.artist.displayName}</Link> : <span key={member.userId} className="font-mono text-xs">{member.userId}</span>))}
              <span className="text-muted">{t('common:likes', { count: ring.likes })} · <RelativeTime at={ring.lastSeenAt} /></span>
            </li>
          ))}
        </ul>
        {rings.hasNextPage && <Button onClick={rings.more}>{t('more')}</Button>}
      </section>
    </div>
  );
}
