import { useQuery } from '@tanstack/react-query';
import { ChevronDown, Trophy } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { api, body, type Schemas } from '@/api/client';
import { prefetchPages, usePages } from '@/api/pages';
import { useSession } from '@/api/session';
import { number } from '@/texts/format';
import { Button, ButtonLink, cx, EmptyState, ErrorState, IconButton, Meter, Skeleton, Tabs, usePageTitle } from '@/ui';
import { AlvaeBadge } from '../alvae/AlvaeBadge';
import { RankedTracks } from './RankedTracks';

const timeframes = ['week', 'month', 'all_time'] as const;
type Timeframe = (typeof timeframes)[number];

const timeframeOf = (params: URLSearchParams) => timeframes.find(one => one === params.get('in')) ?? 'week';

const listOf = (timeframe: Timeframe) =>
  [['pool', 'ranking', timeframe], (cursor?: string) => body(api.GET('/api/community/ranking', { params: { query: { timeframe, limit: 50, cursor } } }))] as const;

export const prefetch = (params: URLSearchParams) => prefetchPages(...listOf(timeframeOf(params)));

export default function ContributorRanking() {
  const { t } = useTranslation('pool');
  usePageTitle(t('contributorRanking.title'));
  const [params, setParams] = useSearchParams();
  const timeframe = timeframeOf(params);
  return (
    <div className="page flex max-w-3xl flex-col gap-5">
      <header>
        <h1 className="text-3xl font-bold">{t('contributorRanking.title')}</h1>
        <p className="mt-1 text-muted">{t('ranking.lead')}</p>
      </header>
      <Tabs
        label={t('ranking.timeframe')} value={timeframe} onChange={value => setParams({ in: value }, { replace: true })}
        tabs={timeframes.map(value => ({ value, label: t(`ranking.${value}`), content: value === timeframe ? <Places timeframe={value} /> : null }))}
      />
      <p className="text-sm text-muted">{t('ranking.points')}</p>
    </div>
  );
}

function Places({ timeframe }: { timeframe: Timeframe }) {
  const { t } = useTranslation('pool');
  const signedIn = useSession(state => state.status === 'member');
  const first = useQuery({ queryKey: ['pool', 'ranking', timeframe, 'me'], queryFn: () => body(api.GET('/api/community/ranking', { params: { query: { timeframe, limit: 1 } } })), enabled: signedIn });
  const ranking = usePages(...listOf(timeframe));
  if (ranking.isPending) return <div className="flex flex-col gap-2">{Array.from({ length: 8 }, (_, i) => <Skeleton key={i} className="h-16" />)}</div>;
  if (ranking.isError) return <ErrorState error={ranking.error} onRetry={() => void ranking.refetch()} />;
  const mine = first.data?.me;
  const outside = mine && !ranking.items.some(place => place.mine);
  return (
    <div className="flex flex-col gap-4">
      {signedIn && !mine && <Progress />}
      {ranking.items.length === 0 && <EmptyState icon={Trophy} text={t('ranking.none')} action={<ButtonLink to="/pool">{t('communityPool.title')}</ButtonLink>} />}
      <ol className="flex flex-col gap-2">
        {outside && <Place place={mine} timeframe={timeframe} pinned />}
        {ranking.items.map(place => <Place key={place.userId} place={place} timeframe={timeframe} />)}
      </ol>
      {ranking.hasNextPage && <Button busy={ranking.isFetchingNextPage} onClick={ranking.more} className="self-center">{t('ranking.more')}</Button>}
    </div>
  );
}

function Place({ place, timeframe, pinned }: { place: Schemas['RankingPlace']; timeframe: Timeframe; pinned?: boolean }) {
  const { t } = useTranslation('pool');
  const [open, setOpen] = useState(false);
  const { artist } = place;
  const name = artist.displayName ?? t('ranking.deleted');
  return (
    <li className={cx('card px-4 py-3', (place.mine || pinned) && 'border-cyan/70')} aria-current={place.mine ? 'true' : undefined}>
      <div className="flex items-center gap-3">
        <span className={cx('w-10 shrink-0 text-center font-display text-xl font-bold', place.place <= 3 ? 'text-accent' : 'text-muted')}>{number(place.place)}</span>
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            {artist.username
              ? <Link to={`/u/${artist.username}`} className="truncate font-bold hover:underline">{artist.displayName}</Link>
              : <span className="text-muted">{t('ranking.deleted')}</span>}
            {artist.alvae && <AlvaeBadge level={artist.alvae} />}
            {place.mine && <span className="text-xs text-cyan">{t('ranking.you')}</span>}
          </div>
          <p className="text-xs text-muted">{t('common:likes', { count: place.likes })}</p>
        </div>
        <p className="text-right"><span className="font-display text-lg font-bold">{number(place.points)}</span> <span className="text-xs text-muted">{t('ranking.pointsShort', { count: place.points })}</span></p>
        <IconButton icon={ChevronDown} aria-expanded={open} label={t('ranking.trace', { name })} onClick={() => setOpen(!open)} className={cx('-my-1 -mr-2', open && 'rotate-180')} />
      </div>
      {open && <div className="mt-2 border-t border-line pt-1"><RankedTracks userId={place.userId} timeframe={timeframe} /></div>}
    </li>
  );
}

/** Who has no place yet sees how far it is to the next contribution. */
function Progress() {
  const { t } = useTranslation('pool');
  const share = useQuery({ queryKey: ['pool', 'me'], queryFn: () => body(api.GET('/api/community/me')) });
  if (!share.data) return null;
  const made = 20 - share.data.nextIn;
  return <div className="card p-4"><Meter label={t('ranking.next')} text={t('ranking.of', { made, count: 20 })} used={made} limit={20} /></div>;
}
