import { useQuery } from '@tanstack/react-query';
import { CircleCheck, LoaderCircle } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api, body } from '@/api/client';
import { queryClient } from '@/api/query';
import { loadMe } from '@/api/session';
import { ButtonLink, usePageTitle } from '@/ui';

const activationTimeout = 30_000;

/** The payment page came back: the plan is asked for until it counts, half a minute at most; after that its event is still on its way, and nothing is lost. */
export default function CheckoutSuccess() {
  const { t } = useTranslation('pricing');
  usePageTitle(t('checkoutSuccess.title'));
  const wanted = useSearchParams()[0].get('tier');
  const [since] = useState(() => Date.now());
  const [late, setLate] = useState(false);
  const subscription = useQuery({
    queryKey: ['subscription'], queryFn: () => body(api.GET('/api/tiers/subscription')), staleTime: 0,
    refetchInterval: ({ state }) => (active(state.data) || Date.now() - since > activationTimeout ? false : 1000),
  });
  const done = active(subscription.data);
  function active(data: { status: string; tier: string } | undefined) {
    return Boolean(data && data.status !== 'none' && data.tier !== 'FREE' && (!wanted || data.tier === wanted));
  }
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), activationTimeout);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (!done) return;
    void loadMe();
    void queryClient.invalidateQueries({ queryKey: ['limits'] });
  }, [done]);
  const state = done ? 'active' : late ? 'late' : 'waiting';
  return (
    <div className="page flex flex-col items-center gap-4 pt-20 text-center" role="status">
      {done ? <CircleCheck aria-hidden className="size-12 text-good" /> : <LoaderCircle aria-hidden className="size-12 animate-spin text-cyan" />}
      <h1 className="text-3xl font-bold">{t('checkoutSuccess.title')}</h1>
      <p className="max-w-md text-muted">{t(`checkoutSuccess.${state}`, { tier: subscription.data?.tier })}</p>
      <ButtonLink to={done ? '/create' : '/billing'} look="primary">{t(done ? 'common:nav.create' : 'common:nav.billing')}</ButtonLink>
    </div>
  );
}
