import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCcw, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, idempotent } from '@/api/client';
import { Button, ButtonLink, ErrorState, ProgressBar } from '@/ui';
import { useStage } from '../generator/GenerationDock';
import { ended, jobOf, useJobs, type Generation } from '../generator/jobs';

/** A song that is not there yet, or never will be: how far it is, or why. */
export default function InTheMaking({ generation, mine }: { generation: Generation; mine: boolean }) {
  const { t } = useTranslation('track');
  const client = useQueryClient();
  const job = useJobs(state => state.jobs[generation.id!]) ?? jobOf(generation);
  const stage = useStage(job);
  const act = useMutation({
    mutationFn: (what: 'cancel' | 'retry'): Promise<unknown> => {
      const options = { params: { path: { id: generation.id! } }, headers: idempotent() };
      return what === 'cancel' ? api.POST('/api/generations/{id}/cancel', options) : api.POST('/api/generations/{id}/retry', options);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['generations', generation.id] }),
  });
  const over = ended(job.status);
  return (
    <div className="page flex max-w-2xl flex-col gap-5 pt-12">
      <h1 className="text-3xl font-bold break-words">{generation.title}</h1>
      <p role="status" className={job.status === 'failed' ? 'text-danger' : 'text-muted'}>{stage}</p>
      {!over && <ProgressBar label={generation.title} percent={job.progress} className="h-2 bg-raised" />}
      {act.error && <ErrorState inline error={act.error} />}
      {mine && (
        <div className="flex flex-wrap gap-2">
          {!over && <Button icon={X} busy={act.isPending} onClick={() => act.mutate('cancel')}>{t('making.cancel')}</Button>}
          {job.status === 'failed' && <Button look="primary" icon={RotateCcw} busy={act.isPending} onClick={() => act.mutate('retry')}>{t('making.retry')}</Button>}
          <ButtonLink to={`/create?prompt=${encodeURIComponent(generation.prompt ?? '')}`}>{t('making.edit')}</ButtonLink>
        </div>
      )}
    </div>
  );
}
