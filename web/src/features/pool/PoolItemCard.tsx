import { Flag, Link2, ListEnd, ListPlus, ListStart } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useKeepItem } from '@/offline/useKeepItem';
import { addLast, addNext } from '@/player/player';
import { asTrack, type Track } from '@/player/track';
import type { Schemas } from '@/api/client';
import { useSession } from '@/api/session';
import { askCollection, askReport } from '@/shell/asked';
import { duration } from '@/texts/format';
import { Badge, Menu, toast, TrackCard } from '@/ui';
import { LikeButton } from '../likes/LikeButton';

/** A song of the pool: hear it, like it, put it into the queue. Claiming is the pool's choice, so there is no button for it here. */
export function PoolItemCard({ card, list }: { card: Schemas['TrackCard']; list: Track[] }) {
  const { t } = useTranslation('pool');
  const track = asTrack(card);
  const keep = useKeepItem(track);
  const isMember = useSession(state => state.status === 'member');
  return (
    <TrackCard
      track={track} list={list}
      badges={<><Badge tone="cyan">{t(`quality.${card.quality}`)}</Badge>{card.claimed && <Badge tone="good">{t('claimed')}</Badge>}{card.mine && <Badge>{t('mine')}</Badge>}</>}
      footer={(
        <div className="flex items-center gap-2 text-xs text-muted">
          <span className="min-w-0 flex-1 truncate">{[card.genre, duration(card.durationSeconds), `${Math.round(card.tempo)} BPM`].join(' · ')}</span>
          <LikeButton track={track} className="-my-2 -mr-2" />
        </div>
      )}
      menu={(
        <Menu
          label={t('common:more')}
          items={[
            { label: t('menu.next'), icon: ListStart, onSelect: () => addNext([track]) },
            { label: t('menu.last'), icon: ListEnd, onSelect: () => addLast([track]) },
            { label: t('common:collect'), icon: ListPlus, onSelect: () => askCollection([track]), hidden: !isMember },
            keep,
            { label: t('menu.link'), icon: Link2, onSelect: () => void navigator.clipboard.writeText(`${location.origin}/t/${track.id}`).then(() => toast(t('menu.copied'))) },
            { label: t('common:report'), icon: Flag, onSelect: () => askReport('track', track.id, track.title), hidden: !isMember || track.mine },
          ]}
        />
      )}
    />
  );
}
