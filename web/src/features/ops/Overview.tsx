import { useMutation, useQuery } from '@tanstack/react-query';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { dateTime, money, number } from '@/texts/format';
import { Button, ErrorState, Skeleton } from '@/ui';
import { Freshness, refreshEvery } from './Freshness';

/** Money, members, tracks and the pool on one page; the ledger is checked on demand. */
export function Overview() {
  const { t } = useTranslation('ops');
  const dashboard = useQuery({ queryKey: ['ops', 'dashboard'], queryFn: () => body(api.GET('/api/admin/dashboard')), refetchInterval: refreshEvery });
  if (dashboard.isPending) return <Skeleton className="h-80" />;
  if (dashboard.isError && !dashboard.data) return <ErrorState error={dashboard.error} onRetry={() => void dashboard.refetch()} />;
  const now = dashboard.data;
  const figures: [string, string][] = [
    ['mrr', money(now.mrrCents, now.currency)],
    ['today', number(now.generations.today)],
    ['month', number(now.generations.thisMonth)],
    ['available', number(now.pool.available)],
    ['contributed', number(now.pool.contributed)],
    ['claimed', number(now.pool.claimed)],
    ['stripeWaiting', number(now.stripe.waiting)],
    ['stripeFailing', number(now.stripe.failing)],
  ];
  return (
    <div className="flex flex-col gap-5">
      <Freshness at={dashboard.dataUpdatedAt} />
      <dl className="grid grid-cols-2 gap-3 md:grid-cols-4">
        {figures.map(([name, value]) => <div key={name} className="card flex flex-col-reverse p-4"><dt className="text-xs text-muted">{t(`figure.${name}`)}</dt><dd className="font-display text-2xl font-bold break-words">{value}</dd></div>)}
      </dl>
      <div className="grid gap-3 md:grid-cols-2">
        <Counts title={t('tiers')} counts={now.usersPerTier} />
        <Counts title={t('subscriptions')} counts={now.subscriptions} />
        <Counts title={t('alvaeMembers')} counts={now.alvaeMembers} />
        <Counts title={t('accountHealth')} counts={now.accountHealth} />
      </div>
      <Ledger />
      {now.notes.length > 0 && (
        <section aria-labelledby="notes" className="card flex flex-col gap-2 p-5">
          <h2 id="notes" className="text-lg font-bold">{t('notes')}</h2>
          <ul className="flex flex-col divide-y divide-line text-sm">{now.notes.map(note => <li key={note.at + note.action} className="flex flex-wrap gap-x-3 py-2"><span className="text-muted">{dateTime(note.at)}</span><span className="font-semibold">{note.action}</span><span className="min-w-0 break-words">{note.detail}</span></li>)}</ul>
        </section>
      )}
      <p className="text-sm text-muted">{t('dashboardHint')}</p>
    </div>
  );
}

function Counts({ title, counts }: { title: string; counts: Record<string, number> }) {
  const { t } = useTranslation('ops');
  const entries = Object.entries(counts);
  const highest = Math.max(1, ...entries.map(([, count]) => count));
  return (
    <section aria-label={title} className="card flex flex-col gap-2 p-5">
      <h2 className="font-bold">{title}</h2>
      {entries.length === 0 && <p className="text-sm text-muted">{t('nothing')}</p>}
      <dl className="flex flex-col gap-1.5 text-sm">
        {entries.map(([name, count]) => (
          <div key={name} className="grid grid-cols-[8rem_1fr_auto] items-center gap-3">
            <dt className="truncate text-muted">{name}</dt>
            <dd aria-hidden className="h-2 rounded-full bg-raised"><div className="h-full rounded-full bg-accent" style={{ width: `${(count / highest) * 100}%` }} /></dd>
            <dd className="font-bold tabular-nums">{number(count)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Ledger() {
  const { t } = useTranslation('ops');
  const check = useMutation({ mutationFn: () => body(api.GET('/api/admin/ledger/check')) });
  const report = check.data;
  return (
    <section aria-labelledby="ledger" className="card flex flex-col gap-3 p-5">
      <div className="flex flex-wrap items-center justify-between gap-3"><h2 id="ledger" className="text-lg font-bold">{t('ledger')}</h2><Button busy={check.isPending} onClick={() => check.mutate()}>{t('checkLedger')}</Button></div>
      {report && (
        <p role="status" className="flex items-center gap-2 text-sm">
          {report.differences === 0 ? <CircleCheck aria-hidden className="size-5 text-good" /> : <TriangleAlert aria-hidden className="size-5 text-danger" />}
          {t('differences', { count: report.differences, buckets: number(report.buckets), entries: number(report.entries) })}
        </p>
      )}
      {report && report.items.length > 0 && <ul className="font-mono text-xs">{report.items.map(one => <li key={one.userId + one.periodStart} className="break-all">{`${one.userId} ${one.allowance} ${one.periodStart}`}</li>)}</ul>}
      {check.error && <ErrorState inline error={check.error} />}
    </section>
  );
}
