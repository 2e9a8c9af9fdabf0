import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCcw, Sparkles } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { api, body, idempotent, type Schemas } from '@/api/client';
import { usePages } from '@/api/pages';
import { ApiError } from '@/api/problem';
import { needsTexts } from '@/texts/i18n';
import { Badge, Button, EmptyState, ErrorState, RelativeTime, Select, Skeleton, toast, useProblemText } from '@/ui';

needsTexts('generator');

const statuses = ['failed', 'cancelled', 'queued', 'rendering', 'completed'] as const;

/** Everything that was asked for, also what was not made: why, and another try. What failed or was cancelled cost no unit. */
export function Attempts() {
  const { t } = useTranslation(['library', 'generator']);
  const [params, setParams] = useSearchParams();
  const status = statuses.find(one => one === params.get('status'));
  const generations = usePages(['generations', status], cursor => body(api.GET('/api/generations', { params: { query: { status, cursor, limit: 30 } } })));
  return (
    <div className="flex flex-col gap-4">
      <Select label={t('attempts.status')} className="max-w-60" value={status ?? ''} onChange={event => setParams(event.target.value ? { tab: 'attempts', status: event.target.value } : { tab: 'attempts' }, { replace: true })}>
        <option value="">{t('attempts.all')}</option>
        {statuses.map(one => <option key={one} value={one}>{t(`attempts.is.${one}`)}</option>)}
      </Select>
      {generations.isPending && <Skeleton className="h-60" />}
      {generations.isError && <ErrorState error={generations.error} onRetry={() => void generations.refetch()} />}
      {generations.isSuccess && generations.items.length === 0 && <EmptyState icon={Sparkles} text={t('attempts.none')} />}
      <ul className="flex flex-col gap-2">{generations.items.map(one => <Attempt key={one.id} generation={one} />)}</ul>
      {generations.hasNextPage && <Button className="self-center" onClick={generations.more} busy={generations.isFetchingNextPage}>{t('more')}</Button>}
    </div>
  );
}

function Attempt({ generation }: { generation: Schemas['GenerationView'] }) {
  const { t } = useTranslation(['library', 'generator']);
  const client = useQueryClient();
  const words = useProblemText();
  // One key for one wish: a retry after a lost answer makes one track.
  const key = useRef(crypto.randomUUID());
  const retry = useMutation({
    mutationFn: () => body(api.POST('/api/generations/{id}/retry', { params: { path: { id: generation.id } }, headers: idempotent(key.current) })),
    onSettled: (_, error) => { if (!error || error instanceof ApiError) key.current = crypto.randomUUID(); },
    onSuccess: () => {
      toast(t('attempts.retried'));
      void client.invalidateQueries({ queryKey: ['generations'] });
      void client.invalidateQueries({ queryKey: ['limits'] });
    },
    onError: error => toast(words(error).title),
  });
  const { status, reasonCode } = generation;
  const tone = status === 'failed' ? 'danger' : status === 'completed' ? 'good' : status === 'cancelled' ? 'plain' : 'cyan';
  return (
    <li className="card flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-52">
        <Link to={`/t/${generation.id}`} className="block truncate font-bold hover:underline">{generation.title}</Link>
        <p className="line-clamp-2 text-sm text-muted">{generation.prompt}</p>
        {status === 'failed' && <p className="text-sm text-danger">{[reasonCode && t(`generator:reason.${reasonCode}`), t('attempts.free')].filter(Boolean).join(' ')}</p>}
      </div>
      <Badge tone={tone}>{t(`attempts.is.${status}`)}</Badge>
      <span className="text-xs text-muted"><RelativeTime at={generation.createdAt} /></span>
      {status === 'failed' && <Button icon={RotateCcw} busy={retry.isPending} onClick={() => retry.mutate()}>{t('common:retry')}</Button>}
    </li>
  );
}
