import { useQuery } from '@tanstack/react-query';
import { Compass, Trophy } from 'lucide-react';
import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { genres as genreList } from '@/api/lists';
import { prefetchPages, usePages } from '@/api/pages';
import { queryClient } from '@/api/query';
import { asTrack } from '@/player/track';
import { Button, ButtonLink, CardSkeleton, cardGrid, EmptyState, ErrorState, Field, Select, useFilters, useTyped, usePageTitle, VirtualGrid } from '@/ui';
import { ClaimButton } from './ClaimButton';
import { PoolItemCard } from './PoolItemCard';
import { Sustainability } from './Sustainability';
import { sustainability } from './sustainabilityQuery';

const sorts = ['recent', 'popular', 'quality'] as const;
const qualities = ['standard', 'high', 'ultra'] as const;

function filterOf(params: URLSearchParams) {
  return {
    genre: params.get('genre') ?? undefined,
    quality: qualities.find(one => one === params.get('quality')),
    sort: sorts.find(one => one === params.get('sort')) ?? 'recent',
    limit: 30,
  };
}

const listOf = (filter: ReturnType<typeof filterOf> & { q?: string }) =>
  [['pool', 'list', filter], (cursor?: string) => body(api.GET('/api/community/pool', { params: { query: { ...filter, cursor } } }))] as const;

export const prefetch = (params: URLSearchParams) => Promise.all([
  prefetchPages(...listOf({ ...filterOf(params), q: params.get('q') ?? undefined })),
  queryClient.prefetchQuery(genreList),
  queryClient.prefetchQuery(sustainability),
]);

export default function CommunityPool() {
  const { t, i18n } = useTranslation('pool');
  usePageTitle(t('communityPool.title'));
  const { params, set, setParams } = useFilters();
  const [typed, type] = useTyped('q');
  const q = useDeferredValue(typed);
  const filter = filterOf(params);
  const { genre, quality, sort } = filter;
  const genres = useQuery(genreList);
  const pool = usePages(...listOf({ ...filter, q: q || undefined }));
  const list = useMemo(() => pool.items.map(asTrack), [pool.items]);
  const filtered = Boolean(q || genre || quality);

  return (
    <div className="page flex flex-col gap-6">
      <header className="flex flex-wrap items-start justify-between gap-4">
        <div className="max-w-xl">
          <h1 className="text-3xl font-bold">{t('communityPool.title')}</h1>
          <p className="mt-1 text-muted">{t('lead')}</p>
        </div>
        <ClaimButton genre={genre} />
      </header>
      <Sustainability />
      <form role="search" aria-label={t('filters')} onSubmit={event => event.preventDefault()} className="grid grid-cols-2 gap-3 lg:grid-cols-[2fr_1fr_1fr_1fr] *:min-w-0">
        <Field label={t('search')} hideLabel className="max-lg:col-span-2" type="search" maxLength={100} placeholder={t('search')} value={typed} onChange={event => type(event.target.value)} />
        <Select label={t('genre')} hideLabel value={genre ?? ''} onChange={event => set({ genre: event.target.value })}>
          <option value="">{t('anyGenre')}</option>
          {genres.data?.items.map(one => <option key={one.slug} value={one.slug}>{i18n.language === 'es' ? one.nameEs : one.name}</option>)}
        </Select>
        <Select label={t('qualityLabel')} hideLabel value={quality ?? ''} onChange={event => set({ quality: event.target.value })}>
          <option value="">{t('anyQuality')}</option>
          {qualities.map(one => <option key={one} value={one}>{t(`quality.${one}`)}</option>)}
        </Select>
        <Select label={t('sortLabel')} hideLabel className="max-lg:col-span-2" value={sort} onChange={event => set({ sort: event.target.value })}>
          {sorts.map(one => <option key={one} value={one}>{t(`sort.${one}`)}</option>)}
        </Select>
      </form>
      {pool.isPending && <div className={cardGrid} aria-busy>{Array.from({ length: 12 }, (_, i) => <CardSkeleton key={i} />)}</div>}
      {pool.isError && <ErrorState error={pool.error} onRetry={() => void pool.refetch()} />}
      {pool.isSuccess && list.length === 0 && (filtered
        ? <EmptyState icon={Compass} text={t('noneFound')} action={<Button onClick={() => setParams({}, { replace: true })}>{t('clear')}</Button>} />
        : <EmptyState icon={Compass} text={t('none')} action={<ButtonLink to="/create" look="primary">{t('common:nav.create')}</ButtonLink>} />)}
      {list.length > 0 && <VirtualGrid label={t('communityPool.title')} items={pool.items} keyOf={card => card.generationId} onEnd={pool.more} render={card => <PoolItemCard card={card} list={list} />} />}
      <ButtonLink to="/pool/ranking" look="quiet" icon={Trophy} className="self-center">{t('toRanking')}</ButtonLink>
    </div>
  );
}
