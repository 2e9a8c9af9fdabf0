import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, idempotent } from '@/api/client';
import { usePageStream } from '@/streams/shared';
import { Button, ErrorState, ProgressBar } from '@/ui';

/** A song that nobody played for long lies in the archive: it is brought back on demand. */
export function Restoring({ id, percent }: { id: string; percent: number | null }) {
  const { t } = useTranslation('track');
  const client = useQueryClient();
  const [failure, setFailure] = useState<string | null>(null);
  const look = () => client.invalidateQueries({ queryKey: ['generations', id] });
  const restore = useMutation({
    onMutate: () => setFailure(null),
    mutationFn: () => api.POST('/api/generations/{id}/restore', { params: { path: { id } }, headers: idempotent() }),
    onSuccess: look,
  });
  usePageStream(percent === null ? null : `/api/generations/${id}/events`, ({ event, data }) => {
    if (event === 'restore-failed') setFailure((data as { reasonCode: string }).reasonCode);
    if (event === 'restored' || event === 'restore-failed') void look();
  });
  return (
    <div role="status" className="card flex flex-col gap-3 p-4">
      <p className="font-bold">{percent === null ? t('archive.title') : t('archive.restoring', { percent })}</p>
      <p className="text-sm text-muted">{t('archive.hint')}</p>
      {percent === null && failure && <p role="alert" className="text-sm text-danger">{t(`archive.failed.${failure}`)}</p>}
      {percent === null
        ? <Button className="self-start" busy={restore.isPending} onClick={() => restore.mutate()}>{t('archive.restore')}</Button>
        : <ProgressBar label={t('archive.title')} percent={percent} className="h-2 bg-raised" />}
      {restore.error && <ErrorState inline error={restore.error} onRetry={() => restore.mutate()} />}
    </div>
  );
}
