import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, body, idempotent, type Schemas } from '@/api/client';
import { tiers as tierList } from '@/api/lists';
import { ApiError } from '@/api/problem';
import { queryClient } from '@/api/query';
import { useSession } from '@/api/session';
import { Button, ButtonLink, ErrorState, Skeleton, usePageTitle } from '@/ui';
import { SwitchDialog } from './SwitchDialog';
import { TierCard } from './TierCard';

type Tier = Schemas['Tier'];
type PaidTier = Exclude<Tier, 'FREE'>;

export const prefetch = () => queryClient.prefetchQuery(tierList);

export default function PricingPage() {
  const { t } = useTranslation('pricing');
  usePageTitle(t('pricingPage.title'));
  const navigate = useNavigate();
  const { status, me } = useSession();
  const [switching, setSwitching] = useState<PaidTier | null>(null);
  const keys = useRef(new Map<Tier, string>());
  const tiers = useQuery(tierList);
  const subscription = useQuery({ queryKey: ['subscription'], queryFn: () => body(api.GET('/api/tiers/subscription')), enabled: status === 'member' });
  const checkout = useMutation({
    // One key a plan: a click after a lost answer goes to the same payment page.
    mutationFn: (tier: PaidTier) => {
      if (!keys.current.has(tier)) keys.current.set(tier, crypto.randomUUID());
      const [successUrl, cancelUrl] = ['success', 'cancel'].map(end => `${location.origin}/checkout/${end}?tier=${tier}`);
      return body(api.POST('/api/tiers/checkout', { body: { tier, successUrl: successUrl!, cancelUrl: cancelUrl! }, headers: idempotent(keys.current.get(tier)) }));
    },
    onSuccess: ({ url }) => location.assign(url),
    onError: (error, tier) => {
      if (error instanceof ApiError && error.slug === 'subscription-exists') setSwitching(tier);
    },
  });
  const subscribed = Boolean(subscription.data && subscription.data.status !== 'none' && subscription.data.tier !== 'FREE');
  // A tier that an operator gave has no subscription behind it.
  const current = status === 'member' ? (subscribed ? subscription.data?.tier : me?.tier) : null;
  const known = checkout.error instanceof ApiError && checkout.error.slug === 'subscription-exists';

  function action(tier: Tier) {
    if (tier === current) return <ButtonLink to="/billing">{t('manage')}</ButtonLink>;
    if (tier === 'FREE') return status === 'member' ? <ButtonLink to="/billing" look="quiet">{t('cancelAt')}</ButtonLink> : <ButtonLink to="/register">{t('startFree')}</ButtonLink>;
    if (status !== 'member') return <Button look="primary" onClick={() => void navigate('/register?to=/pricing')}>{t('choose', { tier })}</Button>;
    return (
      <Button look="primary" busy={checkout.isPending && checkout.variables === tier} disabled={checkout.isPending} onClick={() => (subscribed ? setSwitching(tier) : checkout.mutate(tier))}>
        {t(subscribed ? 'switchTo' : 'choose', { tier })}
      </Button>
    );
  }

  return (
    <div className="page flex flex-col gap-6">
      <header className="max-w-2xl">
        <h1 className="text-3xl font-bold">{t('pricingPage.title')}</h1>
        <p className="mt-1 text-muted">{t('lead')}</p>
      </header>
      {checkout.error && !known && <ErrorState inline error={checkout.error} />}
      {tiers.isPending && <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">{Array.from({ length: 4 }, (_, i) => <Skeleton key={i} className="h-96" />)}</div>}
      {tiers.isError && <ErrorState error={tiers.error} onRetry={() => void tiers.refetch()} />}
      {tiers.data && <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">{tiers.data.items.map(tier => <TierCard key={tier.tier} tier={tier} current={tier.tier === current} action={action(tier.tier)} />)}</div>}
      <section aria-labelledby="what-if" className="card grid gap-4 p-5 md:grid-cols-3">
        <h2 id="what-if" className="text-lg font-bold md:col-span-3">{t('whatIf.title')}</h2>
        {(['upgrade', 'downgrade', 'cancel'] as const).map(one => <div key={one}><h3 className="font-bold">{t(`whatIf.${one}.title`)}</h3><p className="mt-1 text-sm text-muted">{t(`whatIf.${one}.text`)}</p></div>)}
      </section>
      <p className="text-sm text-muted">{t('poolNotice')}</p>
      <SwitchDialog tier={switching} onClose={() => setSwitching(null)} />
    </div>
  );
}
