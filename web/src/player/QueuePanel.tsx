import { FolderPlus, GripVertical, ListX, X } from 'lucide-react';
import { useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import { askCollection } from '@/shell/asked';
import { duration } from '@/texts/format';
import { Cover } from '@/ui/bits';
import { Button, IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { toast } from '@/ui/toast';
import { clearQueue, jumpTo, moveEntry, removeEntry, restoreQueue, usePlayer } from './player';
import { inOrder, type Entry } from './queue';
import { useCover } from './sources';

/** What plays on: dragged, or moved with Alt and the arrows; what was removed comes back with undo. */
export default function QueuePanel() {
  const { t } = useTranslation();
  const queue = usePlayer(state => state.queue);
  const entries = inOrder(queue);
  const isMember = useSession(state => state.status === 'member');
  const [dragged, setDragged] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const list = useRef<HTMLOListElement>(null);

  function remove(entry: Entry) {
    const before = queue;
    removeEntry(entry.id);
    toast(t('player.removed', { title: entry.track.title }), { action: { label: t('undo'), run: () => restoreQueue(before) } });
  }
  function clear() {
    const before = queue;
    clearQueue();
    toast(t('player.cleared'), { action: { label: t('undo'), run: () => restoreQueue(before) } });
  }
  function shift(event: KeyboardEvent, entry: Entry, index: number) {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    event.stopPropagation();
    const to = Math.max(0, Math.min(entries.length - 1, index + (event.key === 'ArrowUp' ? -1 : 1)));
    moveEntry(entry.id, to);
    setSaid(t('player.moved', { title: entry.track.title, place: to + 1, count: entries.length }));
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-entry="${entry.id}"]`)?.focus());
  }
  function drop(event: DragEvent, index: number) {
    event.preventDefault();
    if (dragged) moveEntry(dragged, index);
    setDragged(null);
  }
  if (!entries.length) return <p className="p-4 text-sm text-muted">{t('player.empty')}</p>;
  return (
    <div className="flex flex-col gap-2">
      <ol ref={list} aria-label={t('player.queue')} className="flex flex-col">
        {entries.map((entry, index) => (
          <li
            key={entry.id} draggable onDragStart={() => setDragged(entry.id)} onDragEnd={() => setDragged(null)} onDragOver={event => event.preventDefault()} onDrop={event => drop(event, index)}
            className={cx('flex items-center gap-2 rounded-xl pr-1 hover:bg-raised', dragged === entry.id && 'opacity-50', entry.id === queue.current && 'bg-raised')}
          >
            <GripVertical aria-hidden className="size-4 shrink-0 cursor-grab text-muted" />
            <button type="button" data-entry={entry.id} aria-current={entry.id === queue.current || undefined} onKeyDown={event => shift(event, entry, index)} onClick={() => void jumpTo(entry.id)} className="flex min-h-14 min-w-0 flex-1 items-center gap-3 text-left">
              <EntryCover entry={entry} />
              <span className="min-w-0"><span className={cx('block truncate text-sm font-semibold', entry.id === queue.current && 'text-cyan')}>{entry.track.title}</span><span className="block truncate text-xs text-muted">{entry.track.artist.displayName}</span></span>
            </button>
            <span className="text-xs tabular-nums text-muted">{duration(entry.track.durationSeconds ?? 0)}</span>
            <IconButton icon={X} label={t('player.remove', { title: entry.track.title })} onClick={() => remove(entry)} />
          </li>
        ))}
      </ol>
      <p aria-live="polite" className="sr-only">{said}</p>
      <div className="flex flex-wrap gap-2 px-2">
        {isMember && <Button look="quiet" icon={FolderPlus} onClick={() => askCollection(entries.map(entry => entry.track))}>{t('collect')}</Button>}
        <Button look="quiet" icon={ListX} onClick={clear}>{t('player.clear')}</Button>
      </div>
    </div>
  );
}

const EntryCover = ({ entry }: { entry: Entry }) => <Cover src={useCover(entry.track)} palette={entry.track.palette} sizes="2.75rem" className="size-11 shrink-0 rounded-lg" />;
