import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { SearchX } from 'lucide-react';
import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api, body, type Schemas } from '@/api/client';
import { queryClient } from '@/api/query';
import { asTrack } from '@/player/track';
import { Button, CardSkeleton, cardGrid, EmptyState, ErrorState, Field, Tabs, TrackCard, useFilters, useTyped, usePageTitle, VirtualGrid } from '@/ui';
import { CollectionCard } from '../collections/CollectionCard';
import { Facets } from './Facets';
import { isCollection, isPerson, PersonRow, type Found } from './PersonRow';

const types = ['tracks', 'people', 'collections', 'pool'] as const;
type Type = (typeof types)[number];

const typeOf = (params: URLSearchParams) => types.find(one => one === params.get('type')) ?? 'tracks';

function filterOf(params: URLSearchParams) {
  const bpm = params.get('bpm');
  const text = (name: string) => params.get(name) ?? undefined;
  return {
    type: typeOf(params), q: params.get('q') || undefined, genre: text('genre'), mood: text('mood'), key: text('key'), similarTo: text('similarTo'),
    bpmMin: bpm ? Number(bpm) : undefined, bpmMax: bpm ? Number(bpm) + 20 : undefined,
  };
}

const results = (filter: ReturnType<typeof filterOf>) => infiniteQueryOptions({
  queryKey: ['search', filter],
  queryFn: ({ pageParam, signal }) => body(api.GET('/api/search', { params: { query: { ...filter, limit: 30, cursor: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: last => last.nextCursor ?? undefined,
});

export const prefetch = (params: URLSearchParams) => queryClient.prefetchInfiniteQuery(results(filterOf(params)));

/** As it is typed: the address holds what is asked for, so that Back and a shared link show the same. */
export default function Search() {
  const { t } = useTranslation('search');
  usePageTitle(t('search.title'));
  const { params, set, setParams } = useFilters();
  const type = typeOf(params);
  const similar = params.get('similarTo');
  const [typed, typeIn] = useTyped('q');
  return (
    <div className="page flex flex-col gap-5">
      <h1 className="text-3xl font-bold">{t(similar ? 'similar' : 'search.title')}</h1>
      {similar
        ? <Button className="self-start" onClick={() => setParams({}, { replace: true })}>{t('fromTheStart')}</Button>
        : <Field label={t('placeholder')} hideLabel type="search" maxLength={100} autoFocus placeholder={t('placeholder')} value={typed} onChange={event => typeIn(event.target.value)} />}
      <Tabs label={t('search.title')} value={type} onChange={value => set({ type: value === 'tracks' ? '' : value })} tabs={types.map(value => ({ value, label: t(`type.${value}`), content: value === type ? <Results type={value} set={set} /> : null }))} />
    </div>
  );
}

function Results({ type, set }: { type: Type; set: (changes: Record<string, string>) => void }) {
  const { t } = useTranslation('search');
  const [params, setParams] = useSearchParams();
  const q = useDeferredValue(params.get('q') ?? '');
  const bpm = params.get('bpm');
  const filter = { ...filterOf(params), type, q: q || undefined };
  const found = useInfiniteQuery({ ...results(filter), placeholderData: keepPreviousData });
  const items = useMemo(() => found.data?.pages.flatMap((page): Found[] => page.items) ?? [], [found.data]);
  const list = useMemo(() => items.filter((one): one is Schemas['CardView'] => !isPerson(one) && !isCollection(one)).map(asTrack), [items]);
  const more = () => void (found.hasNextPage && !found.isFetchingNextPage && found.fetchNextPage());
  const narrowed = filter.genre ?? filter.mood ?? filter.key ?? bpm;

  if (found.isPending) return <div className={cardGrid} aria-busy>{Array.from({ length: 8 }, (_, i) => <CardSkeleton key={i} />)}</div>;
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  return (
    <div className="flex flex-col gap-4" aria-busy={found.isPlaceholderData}>
      <p role="status" className="sr-only">{t('found', { count: items.length })}</p>
      {type !== 'people' && <Facets facets={found.data.pages[0]!.facets} params={params} set={set} />}
      {items.length === 0 && (
        <EmptyState
          icon={SearchX} text={t(narrowed ? 'noneNarrowed' : 'none')}
          action={narrowed ? <Button onClick={() => setParams(q ? { q, type } : { type }, { replace: true })}>{t('loosen')}</Button> : undefined}
        />
      )}
      {type === 'collections' && <ul className={cardGrid}>{items.filter(isCollection).map(one => <li key={one.id}><CollectionCard collection={one} /></li>)}{found.hasNextPage && <li className="self-center"><Button onClick={more} busy={found.isFetchingNextPage}>{t('more')}</Button></li>}</ul>}
      {type === 'people'
        ? <ul className="flex flex-col gap-2">{items.filter(isPerson).map(person => <PersonRow key={person.username} person={person} />)}{found.hasNextPage && <li className="self-center"><Button onClick={more} busy={found.isFetchingNextPage}>{t('more')}</Button></li>}</ul>
        : type !== 'collections' && list.length > 0 && <VirtualGrid label={t(`type.${type}`)} items={list} keyOf={track => track.id} onEnd={more} render={track => <TrackCard track={track} list={list} />} />}
    </div>
  );
}
