import { useQuery } from '@tanstack/react-query';
import { Music } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { genres as genreList } from '@/api/lists';
import { prefetchPages, usePages } from '@/api/pages';
import { asTrack } from '@/player/track';
import { Button, ButtonLink, cx, EmptyState, ErrorState, Field, Select, Skeleton, useFilters, useTyped, VirtualGrid } from '@/ui';
import { WallRow } from '../profile/WallRow';
import { all, nothing, toggle, within } from './selection';
import { SelectionBar } from './SelectionBar';

const sorts = ['recent', 'oldest', 'popular', 'plays'] as const;

type View = 'all' | 'collabs' | 'archived';
interface Query { view: View; sort: (typeof sorts)[number]; genre?: string; q?: string; limit: number }

const sortOf = (params: URLSearchParams) => sorts.find(one => one === params.get('sort')) ?? 'recent';

const listOf = (username: string, query: Query) =>
  [['wall', username, query], (cursor?: string) => body(api.GET('/api/profiles/{username}/wall', { params: { path: { username }, query: { ...query, cursor } } }))] as const;

export const prefetchTracks = (username: string, params: URLSearchParams) =>
  prefetchPages(...listOf(username, { view: 'all', sort: sortOf(params), genre: params.get('genre') ?? undefined, q: params.get('q') ?? undefined, limit: 50 }));

/** The member's songs as a list in which several can be chosen and archived or downloaded at once. */
export function Tracks({ username, view }: { username: string; view: View }) {
  const { t, i18n } = useTranslation('library');
  const { params, set } = useFilters();
  const [selection, setSelection] = useState(nothing);
  const [typed, type] = useTyped('q');
  const q = useDeferredValue(typed);
  const genre = params.get('genre') ?? undefined;
  const sort = sortOf(params);
  const genres = useQuery(genreList);
  const wall = usePages(...listOf(username, { view, sort, genre, q: q || undefined, limit: 50 }));
  const list = useMemo(() => wall.items.map(asTrack), [wall.items]);
  const order = useMemo(() => list.map(track => track.id), [list]);
  const chosen = within(selection, order);
  useEscape(() => setSelection(nothing));

  return (
    <div className="flex flex-col gap-4">
      <form role="search" aria-label={t('filters')} onSubmit={event => event.preventDefault()} className="grid grid-cols-2 gap-3 *:min-w-0 md:grid-cols-[2fr_1fr_1fr]">
        <Field label={t('search')} hideLabel className="max-md:col-span-2" type="search" maxLength={100} placeholder={t('search')} value={typed} onChange={event => type(event.target.value)} />
        <Select label={t('genre')} hideLabel value={genre ?? ''} onChange={event => set({ genre: event.target.value })}>
          <option value="">{t('anyGenre')}</option>
          {genres.data?.items.map(one => <option key={one.slug} value={one.slug}>{i18n.language === 'es' ? one.nameEs : one.name}</option>)}
        </Select>
        <Select label={t('sortLabel')} hideLabel value={sort} onChange={event => set({ sort: event.target.value })}>
          {sorts.map(one => <option key={one} value={one}>{t(`sort.${one}`)}</option>)}
        </Select>
      </form>
      {wall.isPending && <div className="flex flex-col gap-2" aria-busy>{Array.from({ length: 8 }, (_, i) => <Skeleton key={i} className="h-18" />)}</div>}
      {wall.isError && <ErrorState error={wall.error} onRetry={() => void wall.refetch()} />}
      {wall.isSuccess && list.length === 0 && (
        <EmptyState
          icon={Music} text={t(q || genre ? 'noneFound' : `none.${view}`)}
          action={q || genre ? <Button onClick={() => set({ q: '', genre: '' })}>{t('clear')}</Button> : view === 'collabs' ? <ButtonLink to="/pool" look="primary">{t('common:nav.pool')}</ButtonLink> : view === 'all' ? <ButtonLink to="/create" look="primary">{t('common:nav.create')}</ButtonLink> : undefined}
        />
      )}
      {list.length > 0 && (
        <VirtualGrid
          label={t(`tab.${view === 'all' ? 'tracks' : view === 'collabs' ? 'claims' : 'archived'}`)} items={wall.items} keyOf={card => card.id!} most={1} gap={8} rowHeight={74} onEnd={wall.more}
          render={card => (
            <div className="flex items-center gap-1">
              <label className="grid size-11 shrink-0 cursor-pointer place-items-center">
                <span className="sr-only">{t('choose', { title: card.title })}</span>
                <input type="checkbox" checked={selection.ids.has(card.id!)} onChange={event => setSelection(old => toggle(old, card.id!, order, (event.nativeEvent as MouseEvent).shiftKey))} className="size-5 accent-cyan" />
              </label>
              <div className={cx('min-w-0 flex-1 rounded-2xl', selection.ids.has(card.id!) && 'outline-2 outline-cyan/70')}><WallRow card={card} list={list} owner /></div>
            </div>
          )}
        />
      )}
      {chosen.length > 0 && (
        <SelectionBar
          tracks={list.filter(track => selection.ids.has(track.id))} archived={view === 'archived'} complete={chosen.length === order.length}
          onAll={() => setSelection(all(order))} onDone={() => setSelection(nothing)}
        />
      )}
    </div>
  );
}

function useEscape(run: () => void) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && !event.defaultPrevented && run();
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}
