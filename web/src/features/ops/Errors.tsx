import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, body, type Schemas } from '@/api/client';
import { number } from '@/texts/format';
import { Button, cx, ErrorState, Skeleton, toast } from '@/ui';
import { Freshness } from './Freshness';

/** What the services could not apply or publish, queue by queue. Replaying is safe: what was applied already is ignored. */
export function Errors() {
  const { t } = useTranslation('ops');
  const errors = useQuery({ queryKey: ['ops', 'errors'], queryFn: () => body(api.GET('/api/admin/errors')), refetchInterval: 5000 });
  if (errors.isPending) return <Skeleton className="h-60" />;
  if (errors.isError) return <ErrorState error={errors.error} onRetry={() => void errors.refetch()} />;
  const waiting = errors.data.items.filter(queue => queue.messages > 0);
  const quiet = errors.data.items.length - waiting.length;
  return (
    <section aria-labelledby="errors" className="card flex flex-col gap-3 p-5">
      <header className="flex flex-wrap items-center justify-between gap-3"><h2 id="errors" className="text-lg font-bold">{t('errors.title')}</h2><Freshness at={errors.dataUpdatedAt} /></header>
      {errors.data.away.length > 0 && <p role="alert" className="text-sm text-warn">{t('errors.away', { services: errors.data.away.join(', ') })}</p>}
      {waiting.length === 0 && <p className="text-sm text-good">{t('errors.none')}</p>}
      <ul className="flex flex-col divide-y divide-line">{waiting.map(queue => <Queue key={queue.queue} queue={queue} />)}</ul>
      <p className="text-sm text-muted">{t('errors.quiet', { count: quiet })}</p>
    </section>
  );
}

function Queue({ queue }: { queue: Schemas['ErrorQueueView'] }) {
  const { t } = useTranslation('ops');
  const client = useQueryClient();
  const replay = useMutation({
    mutationFn: () => body(api.POST('/api/admin/errors/{queue}/replay', { params: { path: { queue: queue.queue } } })),
    onSuccess: ({ messages }) => {
      toast(t('errors.replayed', { count: messages }));
      return client.invalidateQueries({ queryKey: ['ops', 'errors'] });
    },
  });
  return (
    <li className="flex flex-wrap items-center gap-3 py-2">
      <div className="min-w-0 flex-1 basis-52"><p className="font-mono text-sm break-all">{queue.queue}</p><p className={cx('text-sm', 'text-danger')}>{t('errors.messages', { count: queue.messages, number: number(queue.messages) })}</p></div>
      <Button icon={RotateCcw} busy={replay.isPending} onClick={() => replay.mutate()}>{t('errors.replay')}</Button>
      {replay.error && <div className="w-full"><ErrorState inline error={replay.error} /></div>}
    </li>
  );
}
