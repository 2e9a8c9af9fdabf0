import { useQuery } from '@tanstack/react-query';
import { LayoutGrid, List, Milestone, Music } from 'lucide-react';
import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api, body } from '@/api/client';
import { genres as genreList } from '@/api/lists';
import { usePages } from '@/api/pages';
import { asTrack } from '@/player/track';
import { ButtonLink, CardSkeleton, cardGrid, EmptyState, ErrorState, Field, IconButton, Select, Tabs, useFilters, useTyped, VirtualGrid } from '@/ui';
import { CreationCard } from './CreationCard';
import { Timeline } from './Timeline';
import { WallRow } from './WallRow';

const views = ['all', 'music', 'projects', 'collabs', 'archived'] as const;
const sorts = ['recent', 'oldest', 'popular', 'plays'] as const;
const layouts = ['grid', 'list', 'timeline'] as const;
const icons = { grid: LayoutGrid, list: List, timeline: Milestone };

/** A member's creations: which, how sorted and how drawn stands in the address. */
export function Wall({ username, owner }: { username: string; owner: boolean }) {
  const { t } = useTranslation('profile');
  const { params, set } = useFilters();
  const view = views.find(one => one === params.get('view')) ?? 'all';
  const tabs = views.filter(one => owner || one !== 'archived').map(value => ({
    value, label: t(`view.${value}`), content: value === view ? <Creations username={username} owner={owner} view={value} set={set} /> : null,
  }));
  return <Tabs label={t('wall')} tabs={tabs} value={view} onChange={value => set({ view: value === 'all' ? '' : value })} />;
}

function Creations({ username, owner, view, set }: { username: string; owner: boolean; view: (typeof views)[number]; set: (changes: Record<string, string>) => void }) {
  const { t, i18n } = useTranslation('profile');
  const [params] = useSearchParams();
  const [typed, type] = useTyped('q');
  const q = useDeferredValue(typed);
  const genre = params.get('genre') ?? undefined;
  const layout = layouts.find(one => one === params.get('as')) ?? 'grid';
  // A timeline has an order of its own.
  const sort = layout === 'timeline' ? 'recent' : sorts.find(one => one === params.get('sort')) ?? 'recent';
  const genres = useQuery(genreList);
  const query = { view, sort, genre, q: q || undefined, limit: 30 };
  const wall = usePages(['wall', username, query], cursor => body(api.GET('/api/profiles/{username}/wall', { params: { path: { username }, query: { ...query, cursor } } })));
  const list = useMemo(() => wall.items.map(asTrack), [wall.items]);

  return (
    <div className="flex flex-col gap-5">
      <form role="search" aria-label={t('filters')} onSubmit={event => event.preventDefault()} className="grid grid-cols-2 items-center gap-3 *:min-w-0 md:grid-cols-[2fr_1fr_1fr_auto]">
        <Field label={t('search')} hideLabel className="max-md:col-span-2" type="search" maxLength={100} placeholder={t('search')} value={typed} onChange={event => type(event.target.value)} />
        <Select label={t('genre')} hideLabel value={genre ?? ''} onChange={event => set({ genre: event.target.value })}>
          <option value="">{t('anyGenre')}</option>
          {genres.data?.items.map(one => <option key={one.slug} value={one.slug}>{i18n.language === 'es' ? one.nameEs : one.name}</option>)}
        </Select>
        <Select label={t('sortLabel')} hideLabel disabled={layout === 'timeline'} value={sort} onChange={event => set({ sort: event.target.value })}>
          {sorts.map(one => <option key={one} value={one}>{t(`sort.${one}`)}</option>)}
        </Select>
        <div role="group" aria-label={t('layout')} className="flex max-md:col-span-2">
          {layouts.map(one => <IconButton key={one} icon={icons[one]} label={t(`as.${one}`)} active={layout === one} onClick={() => set({ as: one === 'grid' ? '' : one })} />)}
        </div>
      </form>
      {wall.isPending && <div className={cardGrid} aria-busy>{Array.from({ length: 8 }, (_, i) => <CardSkeleton key={i} />)}</div>}
      {wall.isError && <ErrorState error={wall.error} onRetry={() => void wall.refetch()} />}
      {wall.isSuccess && list.length === 0 && <EmptyState icon={Music} text={t(q || genre ? 'noneFound' : `none.${view}`)} action={owner && view !== 'archived' ? <ButtonLink to="/create" look="primary">{t('common:nav.create')}</ButtonLink> : undefined} />}
      {list.length > 0 && layout === 'grid' && <VirtualGrid label={t('wall')} items={wall.items} keyOf={card => card.id!} onEnd={wall.more} render={card => <CreationCard card={card} list={list} owner={owner} />} />}
      {list.length > 0 && layout === 'list' && <VirtualGrid label={t('wall')} items={wall.items} keyOf={card => card.id!} most={1} gap={8} rowHeight={72} onEnd={wall.more} render={card => <WallRow card={card} list={list} owner={owner} />} />}
      {list.length > 0 && layout === 'timeline' && <Timeline cards={wall.items} owner={owner} onEnd={wall.hasNextPage ? wall.more : undefined} />}
    </div>
  );
}
