import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, idempotent, type Schemas } from '@/api/client';
import { dateTime } from '@/texts/format';
import { Badge, Button, ButtonLink, Dialog, ErrorState, Skeleton, toast } from '@/ui';
import { useLimits } from '../generator/allowance';
import { daysLeft } from './daysLeft';

const long = (at: string) => dateTime(at, { dateStyle: 'long' });

/** The plan with what is pending. Cancelling stands beside changing, and is undone in the same place. */
export function Plan() {
  const { t } = useTranslation('billing');
  const subscription = useQuery({ queryKey: ['subscription'], queryFn: () => body(api.GET('/api/tiers/subscription')) });
  const limits = useLimits();
  if (subscription.isPending) return <Skeleton className="h-40" />;
  if (subscription.isError) return <ErrorState error={subscription.error} onRetry={() => void subscription.refetch()} />;
  const plan = subscription.data;
  // A tier that an operator gave has no subscription behind it.
  const tier = limits.data?.tier ?? plan.tier;
  const paid = plan.status !== 'none' && plan.tier !== 'FREE';
  return (
    <section aria-labelledby="plan" className="card flex flex-col gap-3 p-5">
      <div className="flex flex-wrap items-center gap-3"><h2 id="plan" className="text-lg font-bold">{t('plan')}</h2><Badge tone="cyan">{tier}</Badge></div>
      {paid && plan.currentPeriodEnd && !plan.pending && !plan.graceUntil && <p className="text-sm text-muted">{t('renews', { date: long(plan.currentPeriodEnd) })}</p>}
      {plan.graceUntil && (
        <div role="alert" className="flex flex-wrap items-center gap-3 rounded-xl border border-warn/60 p-3 text-sm">
          <TriangleAlert aria-hidden className="size-5 shrink-0 text-warn" />
          <p className="min-w-0 flex-1 basis-60">{t('pastDue', { count: daysLeft(plan.graceUntil), tier: plan.tier })}</p>
          <Portal look="primary" text={t('payNow')} />
        </div>
      )}
      {plan.pending && <p className="text-sm">{t(`pending.${plan.pending.reason}`, { tier: plan.pending.tier, date: long(plan.pending.at) })}</p>}
      <Actions plan={plan} paid={paid} />
    </section>
  );
}

/** To where cards are changed and invoices are paid. */
function Portal({ look, text }: { look: 'primary' | 'quiet'; text: string }) {
  const portal = useMutation({
    mutationFn: () => body(api.POST('/api/tiers/portal', { body: { returnUrl: `${location.origin}/billing` }, headers: idempotent() })),
    onSuccess: ({ url }) => location.assign(url),
  });
  return (
    <>
      <Button look={look} busy={portal.isPending} onClick={() => portal.mutate()}>{text}</Button>
      {portal.error && <ErrorState inline error={portal.error} />}
    </>
  );
}

function Actions({ plan, paid }: { plan: Schemas['SubscriptionView']; paid: boolean }) {
  const { t } = useTranslation('billing');
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const after = (text: string) => {
    for (const key of ['subscription', 'limits']) void client.invalidateQueries({ queryKey: [key] });
    setAsking(false);
    toast(text);
  };
  const cancel = useMutation({ mutationFn: () => body(api.DELETE('/api/tiers/subscription')), onSuccess: () => after(t('cancelled')) });
  const undo = useMutation({
    mutationFn: () => body(api.PATCH('/api/tiers/subscription', { body: plan.pending?.reason === 'cancel' ? { tier: null, cancelAtPeriodEnd: false } : { tier: plan.tier, cancelAtPeriodEnd: null }, headers: idempotent() })),
    onSuccess: () => after(t('undone')),
  });
  const undoable = plan.pending && plan.pending.reason !== 'payment';
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <ButtonLink to="/pricing" look={paid ? 'secondary' : 'primary'}>{t(paid ? 'change' : 'upgrade')}</ButtonLink>
        {paid && !plan.pending && <Button onClick={() => setAsking(true)}>{t('cancel')}</Button>}
        {undoable && <Button look="primary" busy={undo.isPending} onClick={() => undo.mutate()}>{t('undo')}</Button>}
        {paid && <Portal look="quiet" text={t('portal')} />}
      </div>
      {undo.error && <ErrorState inline error={undo.error} />}
      <Dialog open={asking} onOpenChange={setAsking} title={t('cancelTitle')} description={plan.currentPeriodEnd ? t('cancelText', { tier: plan.tier, date: long(plan.currentPeriodEnd) }) : undefined}>
        {cancel.error && <ErrorState inline error={cancel.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="quiet" onClick={() => setAsking(false)}>{t('keep')}</Button>
          <Button look="danger" busy={cancel.isPending} onClick={() => cancel.mutate()}>{t('cancel')}</Button>
        </div>
      </Dialog>
    </>
  );
}
