import { ArrowBigUp, ArrowDown, ArrowUp, EllipsisVertical, GripVertical, Music, Pause, Play, X } from 'lucide-react';
import { useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { play, toggle, usePlayer } from '@/player/player';
import { currentEntry } from '@/player/queue';
import { useCover } from '@/player/sources';
import { asTrack, type Track } from '@/player/track';
import { duration, number } from '@/texts/format';
import { Cover, cx, IconButton, Menu } from '@/ui';
import type { Item, Whole } from './live';

interface Props {
  whole: Whole;
  canVote: boolean;
  move: (item: Item, to: number) => void;
  remove: (item: Item) => void;
  vote: (item: Item) => void;
}

/** The songs in their order. Who may change it drags a song, or moves it with Alt and the arrows; fingers have a menu. */
export function Items({ whole: { collection, items }, canVote, move, remove, vote }: Props) {
  const { t } = useTranslation('collections');
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const [said, setSaid] = useState('');
  const list = useRef<HTMLOListElement>(null);
  const movable = collection.canEdit && collection.order === 'manual';
  const tracks = items.flatMap(item => (item.track ? [asTrack(item.track)] : []));

  function step(item: Item, by: 1 | -1) {
    const to = Math.max(0, Math.min(items.length - 1, item.position + by));
    if (to === item.position) return;
    move(item, to);
    setSaid(t('movedTo', { title: item.track?.title ?? t('unavailable'), place: to + 1, count: items.length }));
  }
  function shift(event: KeyboardEvent, item: Item) {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    event.stopPropagation();
    step(item, event.key === 'ArrowUp' ? -1 : 1);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-item="${item.id}"]`)?.focus());
  }
  function drop(event: DragEvent, to: number) {
    event.preventDefault();
    const item = items.find(one => one.id === dragged);
    if (item && item.position !== to) move(item, to);
    setDragged(null);
    setOver(null);
  }
  return (
    <>
      {movable && <p className="text-sm text-muted max-sm:hidden">{t('moveHint')}</p>}
      <ol ref={list} aria-label={collection.title} className="flex flex-col gap-2">
        {items.map((item, index) => (
          <li
            key={item.id} draggable={movable} onDragStart={() => setDragged(item.id)} onDragEnd={() => { setDragged(null); setOver(null); }}
            onDragOver={event => { event.preventDefault(); setOver(index); }} onDrop={event => drop(event, index)}
            className={cx('card flex items-center gap-2 py-2 pl-2 pr-1 sm:gap-3', dragged === item.id && 'opacity-50', over === index && dragged && dragged !== item.id && 'border-cyan')}
          >
            {movable && <button type="button" data-item={item.id} aria-label={t('moveItem', { title: item.track?.title ?? t('unavailable') })} onKeyDown={event => shift(event, item)} className="grid size-11 shrink-0 cursor-grab place-items-center rounded-full text-muted hover:bg-raised max-sm:hidden"><GripVertical aria-hidden className="size-4" /></button>}
            <span aria-hidden className="w-6 shrink-0 text-center text-sm tabular-nums text-muted max-sm:hidden">{index + 1}</span>
            {item.track ? <Song track={asTrack(item.track)} list={tracks} /> : <Placeholder />}
            {(canVote || item.votes > 0) && (
              <button type="button" disabled={!canVote} aria-pressed={item.voted ?? false} onClick={() => vote(item)} className={cx('inline-flex min-h-11 min-w-11 shrink-0 items-center justify-center gap-1 rounded-full px-2 text-xs hover:bg-raised', item.voted ? 'text-cyan' : 'text-muted')}>
                <ArrowBigUp aria-hidden className={cx('size-5', item.voted && 'fill-current')} /><span className="sr-only">{t('voteFor', { title: item.track?.title ?? t('unavailable'), count: item.votes })}</span><span aria-hidden>{number(item.votes)}</span>
              </button>
            )}
            {collection.canEdit && <IconButton className="max-sm:hidden" icon={X} label={t('removeItem', { title: item.track?.title ?? t('unavailable') })} onClick={() => remove(item)} />}
            {collection.canEdit && (
              <Menu
                label={t('common:more')} trigger={<IconButton className="sm:hidden" icon={EllipsisVertical} label={t('common:more')} />}
                items={[
                  { label: t('moveUp'), icon: ArrowUp, onSelect: () => step(item, -1), hidden: !movable || index === 0 },
                  { label: t('moveDown'), icon: ArrowDown, onSelect: () => step(item, 1), hidden: !movable || index === items.length - 1 },
                  { label: t('remove'), icon: X, danger: true, onSelect: () => remove(item) },
                ]}
              />
            )}
          </li>
        ))}
      </ol>
      <p aria-live="polite" className="sr-only">{said}</p>
    </>
  );
}

function Song({ track, list }: { track: Track; list: Track[] }) {
  const { t } = useTranslation();
  const current = usePlayer(state => currentEntry(state.queue)?.track.id === track.id);
  const playing = usePlayer(state => state.playing) && current;
  return (
    <>
      <Cover src={useCover(track)} palette={track.palette} sizes="3rem" className="size-12 shrink-0 rounded-lg max-[22rem]:hidden" />
      <IconButton icon={playing ? Pause : Play} label={t(playing ? 'pauseTrack' : 'playTrack', { title: track.title })} active={current} onClick={() => void (current ? toggle() : play(list, Math.max(0, list.findIndex(one => one.id === track.id))))} />
      <div className="min-w-0 flex-1">
        <Link to={`/t/${track.id}`} className="block truncate font-bold hover:underline">{track.title}</Link>
        <p className="truncate text-xs text-muted">{[track.artist.displayName, track.durationSeconds && duration(track.durationSeconds)].filter(Boolean).join(' · ')}</p>
      </div>
    </>
  );
}

/** A track that turned private or was deleted keeps its place. */
function Placeholder() {
  const { t } = useTranslation('collections');
  return (
    <>
      <span aria-hidden className="grid size-12 shrink-0 place-items-center rounded-lg bg-raised text-muted"><Music className="size-5" /></span>
      <p className="min-w-0 flex-1 text-sm text-muted">{t('unavailable')}</p>
    </>
  );
}
