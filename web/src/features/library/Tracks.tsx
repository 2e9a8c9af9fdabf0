import { Archive, ArchiveRestore, CheckCheck, Download, Music, X } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api, body } from '@/api/client';
import { usePages } from '@/api/pages';
import { asTrack } from '@/player/track';
import { Button, ButtonLink, cx, EmptyState, ErrorState, Field, IconButton, Menu, Select, Skeleton, VirtualGrid } from '@/ui';
import { useWallEntry } from '../profile/useWallEntry';
import { WallRow } from '../profile/WallRow';
import { formats, useDownload } from './useDownload';

const sorts = ['recent', 'oldest', 'popular', 'plays'] as const;
/** What one call of the API takes. */
const most = 100;

/** The member's songs as a list in which several can be chosen and archived or downloaded at once. */
export function Tracks({ username, view }: { username: string; view: 'all' | 'collabs' | 'archived' }) {
  const { t } = useTranslation('library');
  const [params, setParams] = useSearchParams();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { archive } = useWallEntry();
  const download = useDownload();
  const q = useDeferredValue(params.get('q') ?? '');
  const sort = sorts.find(one => one === params.get('sort')) ?? 'recent';
  const query = { view, sort, q: q || undefined, limit: 50 };
  const wall = usePages(['wall', username, query], cursor => body(api.GET('/api/profiles/{username}/wall', { params: { path: { username }, query: { ...query, cursor } } })));
  const list = useMemo(() => wall.items.map(asTrack), [wall.items]);
  const set = (name: string, value: string) => setParams(old => {
    const next = new URLSearchParams(old);
    if (value) next.set(name, value);
    else next.delete(name);
    return next;
  }, { replace: true, preventScrollReset: true });
  const toggle = (id: string) => setChosen(old => {
    const next = new Set(old);
    if (!next.delete(id) && next.size < most) next.add(id);
    return next;
  });
  const ids = [...chosen];
  const clear = () => setChosen(new Set());

  return (
    <div className="flex flex-col gap-4">
      <form role="search" aria-label={t('filters')} onSubmit={event => event.preventDefault()} className="grid grid-cols-[1fr_auto] gap-3 *:min-w-0">
        <Field label={t('search')} hideLabel type="search" maxLength={100} placeholder={t('search')} value={params.get('q') ?? ''} onChange={event => set('q', event.target.value)} />
        <Select label={t('sortLabel')} hideLabel value={sort} onChange={event => set('sort', event.target.value)}>
          {sorts.map(one => <option key={one} value={one}>{t(`sort.${one}`)}</option>)}
        </Select>
      </form>
      {ids.length > 0 && (
        <div role="toolbar" aria-label={t('chosen', { count: ids.length })} className="card sticky top-16 z-10 flex flex-wrap items-center gap-2 bg-raised px-3 py-1.5">
          <p aria-live="polite" className="text-sm font-bold">{t('chosen', { count: ids.length })}</p>
          <span className="flex-1" />
          <Button icon={view === 'archived' ? ArchiveRestore : Archive} onClick={() => { archive(ids, view !== 'archived'); clear(); }}>{t(view === 'archived' ? 'unarchive' : 'archive')}</Button>
          <Menu
            label={t('download')} trigger={<Button icon={Download}>{t('download')}</Button>}
            items={formats.map(format => ({ label: t(`format.${format}`), onSelect: () => { download(ids, format); clear(); } }))}
          />
          <IconButton icon={CheckCheck} label={t('chooseAll')} onClick={() => setChosen(new Set(list.slice(0, most).map(track => track.id)))} />
          <IconButton icon={X} label={t('chooseNone')} onClick={clear} />
        </div>
      )}
      {wall.isPending && <div className="flex flex-col gap-2" aria-busy>{Array.from({ length: 8 }, (_, i) => <Skeleton key={i} className="h-18" />)}</div>}
      {wall.isError && <ErrorState error={wall.error} onRetry={() => void wall.refetch()} />}
      {wall.isSuccess && list.length === 0 && (
        <EmptyState
          icon={Music} text={t(q ? 'noneFound' : `none.${view}`)}
          action={view === 'collabs' ? <ButtonLink to="/pool" look="primary">{t('common:nav.pool')}</ButtonLink> : view === 'all' && !q ? <ButtonLink to="/create" look="primary">{t('common:nav.create')}</ButtonLink> : undefined}
        />
      )}
      {list.length > 0 && (
        <VirtualGrid
          label={t(`tab.${view === 'all' ? 'tracks' : view === 'collabs' ? 'claims' : 'archived'}`)} items={wall.items} keyOf={card => card.id!} most={1} gap={8} rowHeight={74} onEnd={wall.more}
          render={card => (
            <div className="flex items-center gap-1">
              <label className="grid size-11 shrink-0 cursor-pointer place-items-center">
                <span className="sr-only">{t('choose', { title: card.title })}</span>
                <input type="checkbox" checked={chosen.has(card.id!)} onChange={() => toggle(card.id!)} className="size-5 accent-cyan" />
              </label>
              <div className={cx('min-w-0 flex-1 rounded-2xl', chosen.has(card.id!) && 'outline-2 outline-cyan/70')}><WallRow card={card} list={list} owner /></div>
            </div>
          )}
        />
      )}
    </div>
  );
}
