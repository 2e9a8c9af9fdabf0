import { Swords } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { api, body, type Schemas } from '@/api/client';
import { usePages } from '@/api/pages';
import { dateTime } from '@/texts/format';
import { Badge, Button, EmptyState, ErrorState, Skeleton, Tabs, usePageTitle } from '@/ui';

type Challenge = Schemas['ChallengeView'];

export default function Challenges() {
  const { t } = useTranslation('challenges');
  usePageTitle(t('challenges.title'));
  const [params, setParams] = useSearchParams();
  const tab = params.get('tab') === 'archive' ? 'archive' : 'now';
  return (
    <div className="page flex max-w-4xl flex-col gap-5">
      <header>
        <h1 className="text-3xl font-bold">{t('challenges.title')}</h1>
        <p className="mt-1 max-w-2xl text-muted">{t('lead')}</p>
      </header>
      <Tabs
        label={t('tab.label')} value={tab} onChange={value => setParams(value === 'now' ? {} : { tab: value }, { replace: true })}
        tabs={(['now', 'archive'] as const).map(value => ({ value, label: t(`tab.${value}`), content: value === tab ? <List over={value === 'archive'} /> : null }))}
      />
    </div>
  );
}

function List({ over }: { over: boolean }) {
  const { t } = useTranslation('challenges');
  const list = usePages(['challenges', over], cursor => body(api.GET('/api/challenges', { params: { query: { status: over ? 'closed' : undefined, limit: 20, cursor } } })));
  const shown = over ? list.items : list.items.filter(one => one.status !== 'closed');
  if (list.isPending) return <div className="flex flex-col gap-3" aria-busy>{Array.from({ length: 4 }, (_, i) => <Skeleton key={i} className="h-36" />)}</div>;
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (!shown.length) return <EmptyState icon={Swords} text={t('none')} />;
  return (
    <>
      <ul className="flex flex-col gap-3">{shown.map(one => <li key={one.id}><Card challenge={one} /></li>)}</ul>
      {list.hasNextPage && <Button className="mt-3" busy={list.isFetchingNextPage} onClick={list.more}>{t('more')}</Button>}
    </>
  );
}

function Card({ challenge }: { challenge: Challenge }) {
  const { t } = useTranslation('challenges');
  return (
    <Link to={`/challenges/${challenge.id}`} className="card flex flex-col gap-2 p-5 hover:border-muted">
      <span className="flex flex-wrap items-center gap-2"><StatusBadge challenge={challenge} /><Deadline challenge={challenge} /></span>
      <span className="font-display text-xl font-bold break-words">{challenge.title}</span>
      <span className="line-clamp-2 text-sm text-muted">{challenge.description}</span>
      <span className="text-sm">{challenge.winners.length ? `${t('winners')}: ${challenge.winners.map(one => one.displayName).join(', ')}` : t('entries', { count: challenge.entries })}</span>
    </Link>
  );
}

export function StatusBadge({ challenge }: { challenge: Challenge }) {
  const { t } = useTranslation('challenges');
  const tone = ({ scheduled: 'violet', open: 'good', closed: 'plain', cancelled: 'warn' } as const)[challenge.status];
  return <Badge tone={tone}>{t(`status.${challenge.status}`)}</Badge>;
}

/** In the reader's own time. */
export function Deadline({ challenge }: { challenge: Challenge }) {
  const { t } = useTranslation('challenges');
  const [text, at] = challenge.status === 'scheduled' ? ['opens', challenge.opensAt] as const : challenge.status === 'open' ? ['closes', challenge.closesAt] as const : ['closed', challenge.closesAt] as const;
  return <time dateTime={at} className="text-xs text-muted">{t(text, { at: dateTime(at) })}</time>;
}
