import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, body, idempotent, type Schemas } from '@/api/client';
import { dateTime, money } from '@/texts/format';
import { Button, Dialog, ErrorState, Skeleton, toast } from '@/ui';

type PaidTier = Exclude<Schemas['Tier'], 'FREE'>;

/** What a switch to another paid plan costs now and later, by Stripe's own preview, before anything happens. */
export function SwitchDialog({ tier, onClose }: { tier: PaidTier | null; onClose: () => void }) {
  const { t } = useTranslation('pricing');
  return <Dialog open={tier !== null} onOpenChange={open => !open && onClose()} title={t('switch.title', { tier })}>{tier && <Preview tier={tier} onClose={onClose} />}</Dialog>;
}

function Preview({ tier, onClose }: { tier: PaidTier; onClose: () => void }) {
  const { t } = useTranslation('pricing');
  const client = useQueryClient();
  const preview = useQuery({ queryKey: ['subscription', 'preview', tier], queryFn: () => body(api.POST('/api/tiers/subscription/preview', { body: { tier } })), staleTime: 0, gcTime: 0 });
  const change = useMutation({
    mutationFn: () => body(api.PATCH('/api/tiers/subscription', { body: { tier, cancelAtPeriodEnd: null }, headers: idempotent() })),
    onSuccess: () => {
      for (const key of ['subscription', 'limits', 'me']) void client.invalidateQueries({ queryKey: [key] });
      toast(t('switch.done', { tier }));
      onClose();
    },
  });
  if (preview.isPending) return <Skeleton className="h-28" />;
  if (preview.isError) return <ErrorState inline error={preview.error} onRetry={() => void preview.refetch()} />;
  const { dueNowCents, at, nextCents, nextAt, currency } = preview.data;
  const now = new Date(at).getTime() <= Date.now() + 60_000;
  return (
    <>
      <p>{now ? t('switch.now', { amount: money(dueNowCents, currency) }) : t('switch.later', { date: dateTime(at, { dateStyle: 'long' }) })}</p>
      {nextAt && <p className="text-sm text-muted">{t('switch.next', { amount: money(nextCents, currency), date: dateTime(nextAt, { dateStyle: 'long' }) })}</p>}
      {change.error && <ErrorState inline error={change.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="quiet" onClick={onClose}>{t('common:cancel')}</Button>
        <Button look="primary" busy={change.isPending} onClick={() => change.mutate()}>{t(now ? 'switch.pay' : 'switch.confirm')}</Button>
      </div>
    </>
  );
}
