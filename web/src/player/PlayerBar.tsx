import { FolderPlus, ListMusic, Pause, Play, Repeat, Repeat1, Shuffle, SkipBack, SkipForward, Volume2, VolumeX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSession } from '@/api/session';
import { askCollection } from '@/shell/asked';
import { Cover } from '@/ui/bits';
import { IconButton } from '@/ui/Button';
import { LikeButton } from './LikeButton';
import { togglePanel, usePanel } from './panel';
import { cycleRepeat, next, previous, setVolume, toggle, toggleMute, toggleShuffle, usePlayer } from './player';
import { currentEntry } from './queue';
import { SeekBar } from './SeekBar';
import { useCover } from './sources';

/** The song that is on, below every page. Nothing is drawn before something was played. */
export default function PlayerBar() {
  const { t } = useTranslation();
  const { queue, playing, waiting, volume, muted, error } = usePlayer();
  const track = currentEntry(queue)?.track;
  const cover = useCover(track);
  const open = usePanel(state => state.open);
  const isMember = useSession(state => state.status === 'member');
  if (!track) return null;
  return (
    <section id="player" aria-label={t('player.label')} className="fixed inset-x-0 bottom-[var(--tabs)] z-30 flex h-[var(--player)] items-center gap-2 border-t border-line bg-surface px-2 sm:gap-4 sm:px-4">
      <div className="flex min-w-0 flex-1 items-center gap-3 lg:w-72 lg:flex-none">
        <Cover src={cover} palette={track.palette} sizes="3.5rem" className="size-12 shrink-0 rounded-lg sm:size-14" />
        <div className="min-w-0">
          <Link to={`/t/${track.id}`} className="block truncate text-sm font-bold hover:underline">{track.title}</Link>
          <p role={error ? 'alert' : undefined} className="truncate text-xs text-muted">{error ? t('player.failed') : track.artist.displayName}</p>
        </div>
      </div>
      <div className="flex shrink-0 flex-col items-center lg:flex-1">
        <div className="flex items-center">
          <IconButton className="max-lg:hidden" icon={Shuffle} label={t('player.shuffle')} active={queue.shuffle} onClick={toggleShuffle} />
          <IconButton className="max-sm:hidden" icon={SkipBack} label={t('player.previous')} onClick={() => void previous()} filled />
          <IconButton icon={playing ? Pause : Play} label={t(playing ? 'player.pause' : 'player.play')} aria-busy={waiting} onClick={() => void toggle()} filled />
          <IconButton icon={SkipForward} label={t('player.next')} onClick={() => void next()} filled />
          <IconButton className="max-lg:hidden" icon={queue.repeat === 'one' ? Repeat1 : Repeat} label={t('player.repeat', { mode: t(`player.repeatMode.${queue.repeat}`) })} active={queue.repeat !== 'off'} onClick={cycleRepeat} />
        </div>
        <SeekBar className="absolute inset-x-0 -top-1.5 lg:static lg:w-full lg:max-w-xl" />
      </div>
      <div className="flex shrink-0 items-center lg:w-72 lg:justify-end">
        <LikeButton track={track} className="max-sm:hidden" />
        {isMember && <IconButton className="max-lg:hidden" icon={FolderPlus} label={t('collect')} onClick={() => askCollection([track])} />}
        <IconButton icon={ListMusic} label={t('player.queue')} active={open} onClick={togglePanel} />
        <IconButton className="max-lg:hidden" icon={muted ? VolumeX : Volume2} label={t(muted ? 'player.unmute' : 'player.mute')} onClick={toggleMute} />
        <input type="range" aria-label={t('player.volume')} min={0} max={1} step={0.05} value={muted ? 0 : volume} onChange={event => setVolume(event.target.valueAsNumber)} className="w-24 accent-cyan max-lg:hidden" />
      </div>
    </section>
  );
}
