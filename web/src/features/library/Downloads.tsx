import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download, FileArchive, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, body, type Schemas } from '@/api/client';
import { usePages } from '@/api/pages';
import { bytes } from '@/texts/format';
import { Button, EmptyState, ErrorState, IconButton, ProgressBar, RelativeTime, Skeleton } from '@/ui';

const working = (download: Schemas['DownloadView']) => download.status === 'queued' || download.status === 'running';

/** Zips that were asked for. One on its way is looked at each second. */
export function Downloads() {
  const { t } = useTranslation('library');
  const downloads = usePages(['downloads'], cursor => body(api.GET('/api/downloads', { params: { query: { cursor } } })), { refetchWhile: pages => pages.some(working) });
  if (downloads.isPending) return <Skeleton className="h-40" />;
  if (downloads.isError) return <ErrorState error={downloads.error} onRetry={() => void downloads.refetch()} />;
  if (downloads.items.length === 0) return <EmptyState icon={FileArchive} text={t('downloads.none')} />;
  return (
    <ul className="flex flex-col gap-2">
      {downloads.items.map(one => <Row key={one.id} download={one} />)}
      {downloads.hasNextPage && <li><Button onClick={downloads.more} busy={downloads.isFetchingNextPage}>{t('more')}</Button></li>}
    </ul>
  );
}

function Row({ download }: { download: Schemas['DownloadView'] }) {
  const { t } = useTranslation('library');
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/downloads/{id}', { params: { path: { id: download.id } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['downloads'] }),
  });
  return (
    <li className="card flex flex-wrap items-center gap-3 px-4 py-3">
      <FileArchive aria-hidden className="size-5 text-muted" />
      <div className="min-w-0 flex-1 basis-40">
        <p className="font-bold">{t(`downloads.kind.${download.kind}`)}</p>
        <p className="text-xs text-muted"><RelativeTime at={download.createdAt} />{download.bytes !== null && ` · ${bytes(download.bytes)}`}</p>
        {working(download) && (
          <ProgressBar label={t('downloads.packing')} percent={download.progress} className="mt-2 h-1.5 bg-line" />
        )}
        {download.status === 'failed' && <p className="text-sm text-danger">{t(`downloads.failed.${download.reasonCode ?? 'interrupted'}`)}</p>}
      </div>
      {download.url && <a href={download.url} download className="inline-flex min-h-11 items-center gap-2 rounded-full bg-accent px-5 text-sm font-bold text-on-accent"><Download aria-hidden className="size-4" />{t('downloads.get')}</a>}
      <IconButton icon={Trash2} label={t('common:delete')} disabled={remove.isPending} onClick={() => remove.mutate()} />
    </li>
  );
}
