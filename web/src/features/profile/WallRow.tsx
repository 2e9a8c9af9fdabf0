import { Pause, Play } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { play, toggle, usePlayer } from '@/player/player';
import { currentEntry } from '@/player/queue';
import { useCover } from '@/player/sources';
import { asTrack, type Track } from '@/player/track';
import { dateTime, duration } from '@/texts/format';
import { Cover, IconButton } from '@/ui';
import { LikeButton } from '../likes/LikeButton';
import { CreationBadges, CreationMenu } from './CreationCard';

/** A creation as one line of a list. */
export function WallRow({ card, list, owner }: { card: Schemas['WallCardView']; list: Track[]; owner: boolean }) {
  const { t } = useTranslation();
  const track = asTrack(card);
  const current = usePlayer(state => currentEntry(state.queue)?.track.id === track.id);
  const playing = usePlayer(state => state.playing) && current;
  return (
    <article className="card flex items-center gap-2 py-2 pl-2 pr-1 sm:gap-3">
      <Cover src={useCover(track)} palette={track.palette} sizes="3.5rem" className="size-14 shrink-0 rounded-lg" />
      <IconButton icon={playing ? Pause : Play} label={t(playing ? 'pauseTrack' : 'playTrack', { title: track.title })} active={current} onClick={() => void (current ? toggle() : play(list, Math.max(0, list.findIndex(one => one.id === track.id))))} />
      <div className="min-w-0 flex-1">
        <Link to={`/t/${track.id}`} className="block truncate font-bold hover:underline">{track.title}</Link>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-muted">
          <span>{[track.genre, track.durationSeconds && duration(track.durationSeconds)].filter(Boolean).join(' · ')}</span>
          <CreationBadges card={card} />
        </p>
      </div>
      <time dateTime={card.addedAt} className="hidden text-xs text-muted lg:block">{dateTime(card.addedAt, { dateStyle: 'medium' })}</time>
      <LikeButton track={track} className="max-sm:hidden" />
      <CreationMenu card={card} owner={owner} />
    </article>
  );
}
