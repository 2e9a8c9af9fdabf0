import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, idempotent } from '@/api/client';
import { Button, ErrorState, ProgressBar } from '@/ui';

/** A song that nobody played for long lies in the archive: it is brought back on demand. */
export function Restoring({ id, percent }: { id: string; percent: number | null }) {
  const { t } = useTranslation('track');
  const client = useQueryClient();
  const restore = useMutation({
    mutationFn: () => api.POST('/api/generations/{id}/restore', { params: { path: { id } }, headers: idempotent() }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['generations', id] }),
  });
  return (
    <div role="status" className="card flex flex-col gap-3 p-4">
      <p className="font-bold">{percent === null ? t('archive.title') : t('archive.restoring', { percent })}</p>
      <p className="text-sm text-muted">{t('archive.hint')}</p>
      {percent === null
        ? <Button className="self-start" busy={restore.isPending} onClick={() => restore.mutate()}>{t('archive.restore')}</Button>
        : <ProgressBar label={t('archive.title')} percent={percent} className="h-2 bg-raised" />}
      {restore.error && <ErrorState inline error={restore.error} onRetry={() => restore.mutate()} />}
    </div>
  );
}
