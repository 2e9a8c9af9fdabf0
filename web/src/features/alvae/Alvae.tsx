import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api, body, type Schemas } from '@/api/client';
import { dateTime, number } from '@/texts/format';
import { ErrorState, Skeleton, Tabs, usePageTitle, type Tab } from '@/ui';
import { AlvaeBadge } from './AlvaeBadge';
import { Grants } from './Grants';
import { Members } from './Members';
import { Messages } from './Messages';
import { Proposals } from './Proposals';
import { RevenueShare } from './RevenueShare';

export default function Alvae() {
  const { t } = useTranslation('alvae');
  usePageTitle(t('alvae.title'));
  const [params, setParams] = useSearchParams();
  const status = useQuery({ queryKey: ['alvae', 'me'], queryFn: () => body(api.GET('/api/alvae/me')) });
  if (status.isPending) return <div className="page"><Skeleton className="h-60" /></div>;
  if (status.isError) return <div className="page"><ErrorState error={status.error} onRetry={() => void status.refetch()} /></div>;
  const { member, level } = status.data;
  const founder = level === 'FOUNDER';
  const all: (Tab & { seen: boolean })[] = [
    { value: 'members', label: t('tab.members'), content: <Members />, seen: true },
    { value: 'channel', label: t('tab.channel'), content: <Messages which="channel" />, seen: member },
    { value: 'proposals', label: t('tab.proposals'), content: <Proposals founder={founder} />, seen: member },
    { value: 'feedback', label: t('tab.feedback'), content: <Messages which="feedback" founder={founder} />, seen: founder || level === 'TESTER' },
    { value: 'grants', label: t('tab.grants'), content: <Grants />, seen: founder },
    { value: 'revenue', label: t('tab.revenue'), content: <RevenueShare />, seen: founder },
  ];
  const tabs = all.filter(tab => tab.seen);
  const tab = tabs.find(one => one.value === params.get('tab'))?.value ?? 'members';
  return (
    <div className="page flex max-w-4xl flex-col gap-5">
      <header><h1 className="text-3xl font-bold">{t('alvae.title')}</h1><p className="mt-1 text-muted">{t('lead')}</p></header>
      {member ? <Mine status={status.data} /> : <p className="card p-5">{t('noMember')}</p>}
      <Tabs label={t('alvae.title')} value={tab} onChange={value => setParams({ tab: value }, { replace: true })} tabs={tabs.map(({ value, label, content }) => ({ value, label, content: value === tab ? content : null }))} />
    </div>
  );
}

function Mine({ status }: { status: Schemas['AlvaeStatusDto'] }) {
  const { t } = useTranslation('alvae');
  const { level, alvaeId, grantedAt, benefits } = status;
  return (
    <section aria-label={t('mine')} className="card flex flex-col gap-3 p-5" style={{ borderColor: status.border ?? undefined }}>
      <div className="flex flex-wrap items-center gap-3">{level && <AlvaeBadge level={level} alvaeId={alvaeId} />}{grantedAt && <span className="text-sm text-muted">{t('since', { date: dateTime(grantedAt, { dateStyle: 'long' }) })}</span>}</div>
      {benefits && (
        <ul className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
          <li>{benefits.generationsPerMonth === null ? t('unlimited') : t('perMonth', { count: benefits.generationsPerMonth })}</li>
          {benefits.revenueSharePercent > 0 && <li>{t('share', { percent: number(benefits.revenueSharePercent) })}</li>}
          {benefits.features.map(feature => <li key={feature}>{t(`benefit.${feature}`, { defaultValue: feature })}</li>)}
        </ul>
      )}
    </section>
  );
}
