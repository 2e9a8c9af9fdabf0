import { Heart, Pause, Play } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { play, toggle, usePlayer } from '@/player/player';
import { currentEntry } from '@/player/queue';
import { useCover } from '@/player/sources';
import type { Track } from '@/player/track';
import { duration, number } from '@/texts/format';
import { Cover, Waveform } from './bits';
import { cx } from './cx';

interface Props {
  track: Track;
  /** What plays on after it; the list that the card stands in. */
  list?: Track[];
  /** Under the title, in place of genre and tempo. */
  footer?: ReactNode;
  /** Right of the title: a Menu. */
  menu?: ReactNode;
  badges?: ReactNode;
}

/** One song in a grid: cover with play button, title, artist, shape. The frame in the artist's border colour. */
export function TrackCard({ track, list, footer, menu, badges }: Props) {
  const { t } = useTranslation();
  const current = usePlayer(state => currentEntry(state.queue)?.track.id === track.id);
  const playing = usePlayer(state => state.playing && currentEntry(state.queue)?.track.id === track.id);
  const start = () => (current ? toggle() : play(list ?? [track], list ? Math.max(0, list.findIndex(other => other.id === track.id)) : 0));
  const cover = useCover(track);
  const Icon = playing ? Pause : Play;
  return (
    <article aria-label={t('trackBy', { title: track.title, artist: track.artist.displayName })} className={cx('card group relative flex flex-col overflow-hidden', current && 'border-cyan/70')}>
      <div className="relative">
        <Cover src={cover} palette={track.palette} sizes="(min-width: 1024px) 14rem, (min-width: 640px) 30vw, 45vw" />
        <button type="button" onClick={() => void start()} aria-label={t(playing ? 'pauseTrack' : 'playTrack', { title: track.title })} className="absolute bottom-2 right-2 grid size-12 place-items-center rounded-full bg-accent text-on-accent shadow-lg">
          <Icon aria-hidden className="size-5 fill-current" />
        </button>
        {badges && <div className="absolute left-2 top-2 flex flex-wrap gap-1 rounded-full bg-bg/85">{badges}</div>}
      </div>
      <div className="flex min-w-0 flex-1 flex-col gap-1 p-3">
        <div className="flex items-start gap-1">
          <div className="min-w-0 flex-1">
            <Link to={`/t/${track.id}`} className="block truncate font-bold hover:underline">{track.title}</Link>
            <Link to={`/u/${track.artist.username}`} className="block truncate text-sm leading-6 text-muted hover:text-text">{track.artist.displayName}</Link>
          </div>
          {menu}
        </div>
        {track.peaks.length > 0 && <Waveform peaks={track.peaks} className="h-6 w-full" />}
        {footer ?? (
          <p className="flex flex-wrap items-center gap-x-2 text-xs text-muted">
            {track.genre && <span>{track.genre}</span>}
            {track.durationSeconds !== null && <span>{duration(track.durationSeconds)}</span>}
            <span className="ml-auto inline-flex items-center gap-1"><Heart aria-hidden className={cx('size-3.5', track.liked && 'fill-violet text-violet')} /><span aria-label={t('likes', { count: track.likes })}>{number(track.likes)}</span></span>
          </p>
        )}
      </div>
    </article>
  );
}

export const CardSkeleton = () => (
  <div aria-hidden className="card late overflow-hidden"><div className="aspect-square bg-raised" /><div className="flex h-28 flex-col gap-2 p-3"><div className="h-4 w-3/4 rounded bg-raised" /><div className="h-3 w-1/2 rounded bg-raised" /></div></div>
);

export const cardGrid = 'grid grid-cols-[repeat(auto-fill,minmax(min(9.5rem,100%),1fr))] gap-3 sm:grid-cols-[repeat(auto-fill,minmax(12rem,1fr))] sm:gap-4';
