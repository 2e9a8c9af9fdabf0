import { useQuery } from '@tanstack/react-query';
import { Play, Sparkles } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { tiers as tierList } from '@/api/lists';
import { play } from '@/player/player';
import { money } from '@/texts/format';
import { Button, ButtonLink, ErrorState, Skeleton } from '@/ui';
import { Sustainability } from '../pool/Sustainability';
import { Row } from './Row';
import { usePoolRow } from './usePoolRow';

const link = 'inline-flex min-h-11 items-center text-sm font-semibold text-cyan hover:underline';

/** What it is, to be heard at once: one click to the first sound. */
export function Visitor() {
  const { t } = useTranslation('home');
  const row = usePoolRow();
  return (
    <div className="page flex flex-col gap-12">
      <section className="relative isolate flex flex-col items-start gap-5 overflow-hidden rounded-3xl border border-line px-6 py-12 sm:px-12 sm:py-20">
        <div aria-hidden className="absolute inset-0 -z-10 bg-[radial-gradient(60rem_30rem_at_85%_-10%,#b84dff40,transparent),radial-gradient(50rem_30rem_at_0%_110%,#00ffe72e,transparent)]" />
        <h1 className="max-w-2xl text-4xl leading-tight font-bold sm:text-6xl">{t('hero.title')}</h1>
        <p className="max-w-xl text-lg text-muted">{t('hero.lead')}</p>
        <div className="flex flex-wrap gap-3">
          <Button look="primary" icon={Play} disabled={!row.data?.length} onClick={() => row.data && void play(row.data)} className="min-h-13 px-7 text-base">{t('hero.listen')}</Button>
          <ButtonLink to="/register" icon={Sparkles} className="min-h-13 px-7 text-base">{t('hero.create')}</ButtonLink>
        </div>
        <p className="text-sm text-muted">{t('hero.free')}</p>
      </section>
      <Row title={t('pool.title')} tracks={row} empty={t('pool.empty')} action={<Link to="/pool" className={link}>{t('pool.all')}</Link>} />
      <section aria-label={t('how.title')} className="grid gap-4 sm:grid-cols-3">
        {(['make', 'keep', 'share'] as const).map(step => (
          <div key={step} className="card flex flex-col gap-2 p-5"><h2 className="text-lg font-bold">{t(`how.${step}.title`)}</h2><p className="text-sm text-muted">{t(`how.${step}.text`)}</p></div>
        ))}
      </section>
      <Prices />
      <section aria-label={t('sustain.title')} className="flex flex-col gap-3">
        <h2 className="text-xl font-bold">{t('sustain.title')}</h2>
        <p className="max-w-2xl text-sm text-muted">{t('sustain.text')}</p>
        <Sustainability />
      </section>
    </div>
  );
}

function Prices() {
  const { t } = useTranslation('home');
  const tiers = useQuery(tierList);
  return (
    <section aria-label={t('prices.title')} className="flex flex-col gap-3">
      <div className="flex items-center justify-between gap-3"><h2 className="text-xl font-bold">{t('prices.title')}</h2><Link to="/pricing" className={link}>{t('prices.all')}</Link></div>
      {tiers.isError && <ErrorState inline error={tiers.error} onRetry={() => void tiers.refetch()} />}
      <ul className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        {tiers.isPending && Array.from({ length: 4 }, (_, index) => <li key={index}><Skeleton className="h-28" /></li>)}
        {tiers.data?.items?.map(tier => (
          <li key={tier.tier} className="card flex flex-col gap-1 p-4">
            <h3 className="font-bold">{tier.tier}</h3>
            <p className="font-display text-2xl font-bold">{money(tier.priceCents ?? 0, tier.currency)}</p>
            <p className="text-sm text-muted">{t(tier.period === 'day' ? 'prices.perDay' : 'prices.perMonth', { count: tier.generations })}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
