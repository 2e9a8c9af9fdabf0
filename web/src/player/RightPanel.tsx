import { Pause, Play, Repeat, Repeat1, Shuffle, SkipBack, SkipForward, X } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Cover } from '@/ui/bits';
import { IconButton } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { LikeButton } from './LikeButton';
import { closePanel } from './panel';
import { cycleRepeat, next, previous, toggle, toggleShuffle, usePlayer } from './player';
import { currentEntry } from './queue';
import QueuePanel from './QueuePanel';
import { SeekBar } from './SeekBar';
import { useCover } from './sources';

const wide = matchMedia('(width >= 64rem)');
const watch = (changed: () => void) => {
  wide.addEventListener('change', changed);
  return () => wide.removeEventListener('change', changed);
};

/** Beside the page where there is room; else a sheet over it, which is the whole player of a phone. */
export default function RightPanel() {
  const { t } = useTranslation();
  const isWide = useSyncExternalStore(watch, () => wide.matches);
  if (!isWide) return <Dialog open onOpenChange={closePanel} title={t('player.label')} shape="sheet"><Now /><QueuePanel /></Dialog>;
  return (
    <aside id="panel" aria-label={t('player.queue')} className="fixed bottom-[var(--player)] right-0 top-0 z-30 flex w-[var(--panel)] flex-col gap-3 overflow-y-auto border-l border-line bg-bg p-3">
      <header className="flex items-center justify-between pl-2"><h2 className="font-bold">{t('player.queue')}</h2><IconButton icon={X} label={t('close')} onClick={closePanel} /></header>
      <QueuePanel />
    </aside>
  );
}

function Now() {
  const { t } = useTranslation();
  const { queue, playing } = usePlayer();
  const track = currentEntry(queue)?.track;
  const cover = useCover(track);
  if (!track) return null;
  return (
    <div className="flex flex-col items-center gap-4">
      <Cover src={cover} palette={track.palette} sizes="16rem" className="w-64 max-w-full rounded-2xl" />
      <div className="flex w-full items-center justify-between gap-2">
        <div className="min-w-0"><Link to={`/t/${track.id}`} onClick={closePanel} className="block truncate text-lg font-bold">{track.title}</Link><p className="truncate text-sm text-muted">{track.artist.displayName}</p></div>
        <LikeButton track={track} />
      </div>
      <SeekBar className="w-full" />
      <div className="flex items-center gap-2">
        <IconButton icon={Shuffle} label={t('player.shuffle')} active={queue.shuffle} onClick={toggleShuffle} />
        <IconButton icon={SkipBack} filled label={t('player.previous')} onClick={() => void previous()} />
        <button type="button" aria-label={t(playing ? 'player.pause' : 'player.play')} onClick={() => void toggle()} className="grid size-16 place-items-center rounded-full bg-accent text-on-accent">{playing ? <Pause aria-hidden className="size-7 fill-current" /> : <Play aria-hidden className="size-7 fill-current" />}</button>
        <IconButton icon={SkipForward} filled label={t('player.next')} onClick={() => void next()} />
        <IconButton icon={queue.repeat === 'one' ? Repeat1 : Repeat} label={t('player.repeat', { mode: t(`player.repeatMode.${queue.repeat}`) })} active={queue.repeat !== 'off'} onClick={cycleRepeat} />
      </div>
    </div>
  );
}
