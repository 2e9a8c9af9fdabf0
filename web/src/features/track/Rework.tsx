import { useQuery } from '@tanstack/react-query';
import { Shuffle, StepForward, WandSparkles } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { Button, ButtonLink, ErrorState, Skeleton } from '@/ui';
import { useRework, type Kind, type Wishes } from './useRework';

const ReworkDialog = lazy(() => import('./ReworkDialog'));

/** New songs from this one. */
export function Rework({ id, isMember }: { id: string; isMember: boolean }) {
  const { t } = useTranslation('track');
  const [kind, setKind] = useState<Kind | null>(null);
  if (!isMember) return <p className="card p-4 text-sm text-muted">{t('rework.signIn')} <ButtonLink to={`/register?to=/t/${id}`} className="mt-3">{t('rework.register')}</ButtonLink></p>;
  return (
    <section aria-labelledby="rework" className="card flex flex-col gap-3 p-4">
      <h2 id="rework" className="text-lg font-bold">{t('rework.title')}</h2>
      <div className="flex flex-wrap gap-2">
        <Button icon={WandSparkles} onClick={() => setKind('remix')}>{t('rework.remix')}</Button>
        <Button icon={StepForward} onClick={() => setKind('extend')}>{t('rework.extend')}</Button>
        <Button icon={Shuffle} onClick={() => setKind('variations')}>{t('rework.variations')}</Button>
      </div>
      <Suggestions id={id} />
      {kind && <Suspense><ReworkDialog id={id} kind={kind} onClose={() => setKind(null)} /></Suspense>}
    </section>
  );
}

function Suggestions({ id }: { id: string }) {
  const { t, i18n } = useTranslation('track');
  const suggestions = useQuery({ queryKey: ['suggestions', id], queryFn: () => body(api.GET('/api/generations/{id}/suggestions', { params: { path: { id } } })), staleTime: Infinity });
  const rework = useRework(id, () => undefined);
  if (suggestions.isPending) return <Skeleton className="h-32" />;
  if (suggestions.isError) return <ErrorState inline error={suggestions.error} onRetry={() => void suggestions.refetch()} />;
  return (
    <div className="flex flex-col gap-2">
      <h3 className="text-sm font-bold text-muted">{t('rework.suggestions')}</h3>
      {rework.error && <ErrorState inline error={rework.error} />}
      <ul className="flex flex-col gap-2">
        {suggestions.data.items?.slice(0, 4).map((one, index) => (
          <li key={index} className="flex items-center gap-3 rounded-xl bg-bg p-3">
            <p className="flex-1 text-sm">{i18n.language === 'es' ? one.reasonEs : one.reason}</p>
            <Button disabled={rework.isPending} onClick={() => rework.mutate({ kind: one.action as Kind, wishes: one.body as Wishes })}>{t(`rework.${one.action as Kind}`)}</Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
