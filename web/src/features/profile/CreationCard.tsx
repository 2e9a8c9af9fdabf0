import { Archive, ArchiveRestore, Eye, EyeOff, Flag, Gift, Link2, ListPlus, ListStart, Pin, PinOff } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { useSession } from '@/api/session';
import { useKeepItem } from '@/offline/useKeepItem';
import { addNext } from '@/player/player';
import { asTrack, type Track } from '@/player/track';
import { askCollection, askReport } from '@/shell/asked';
import { duration } from '@/texts/format';
import { needsTexts } from '@/texts/i18n';
import { Badge, Menu, toast, TrackCard } from '@/ui';
import { LikeButton } from '../likes/LikeButton';
import { useWallEntry } from './useWallEntry';

needsTexts('profile');

const ContributeDialog = lazy(() => import('../pool/ContributeDialog'));

/** One creation of a wall. Its owner sees what is private, pinned or archived, and can change it. */
export function CreationCard({ card, list, owner }: { card: Schemas['WallCardView']; list?: Track[]; owner: boolean }) {
  const track = asTrack(card);
  return (
    <TrackCard
      track={track} list={list} badges={<CreationBadges card={card} />} menu={<CreationMenu card={card} owner={owner} />}
      footer={(
        <div className="flex items-center gap-2 text-xs text-muted">
          <span className="min-w-0 flex-1 truncate">{[card.genre, card.durationSeconds && duration(card.durationSeconds)].filter(Boolean).join(' · ')}</span>
          <LikeButton track={track} className="-my-2 -mr-2" />
        </div>
      )}
    />
  );
}

export function CreationBadges({ card }: { card: Schemas['WallCardView'] }) {
  const { t } = useTranslation('profile');
  const seen = card.pinned || card.archived || card.claimed || card.contributed || (card.visibility && card.visibility !== 'public');
  if (!seen) return null;
  return (
    <>
      {card.pinned && <Badge tone="gold">{t('tag.pinned')}</Badge>}
      {card.visibility && card.visibility !== 'public' && <Badge tone="warn">{t(`visibility.${card.visibility}`)}</Badge>}
      {card.archived && <Badge>{t('tag.archived')}</Badge>}
      {card.claimed && <Badge tone="good">{t('tag.claimed')}</Badge>}
      {card.contributed && !card.claimed && <Badge tone="cyan">{t('tag.contributed')}</Badge>}
    </>
  );
}

export function CreationMenu({ card, owner }: { card: Schemas['WallCardView']; owner: boolean }) {
  const { t } = useTranslation('profile');
  const { pin, archive, setVisibility } = useWallEntry();
  const [contributing, setContributing] = useState(false);
  const keep = useKeepItem(asTrack(card));
  const isMember = useSession(state => state.status === 'member');
  const id = card.id!;
  const made = owner && card.mine === true;
  return (
    <>
      <Menu
        label={t('common:more')}
        items={[
          { label: t('menu.next'), icon: ListStart, onSelect: () => addNext([asTrack(card)]) },
          { label: t('menu.link'), icon: Link2, onSelect: () => void navigator.clipboard.writeText(`${location.origin}/t/${id}`).then(() => toast(t('menu.copied'))) },
          { label: t('common:collect'), icon: ListPlus, onSelect: () => askCollection([asTrack(card)]), hidden: !isMember },
          keep,
          { label: t(card.pinned ? 'menu.unpin' : 'menu.pin'), icon: card.pinned ? PinOff : Pin, onSelect: () => pin(id, !card.pinned), hidden: !owner },
          { label: t(card.archived ? 'menu.unarchive' : 'menu.archive'), icon: card.archived ? ArchiveRestore : Archive, onSelect: () => archive([id], !card.archived), hidden: !owner },
          { label: t('menu.publish'), icon: Eye, onSelect: () => setVisibility(id, 'public'), hidden: !made || card.visibility === 'public' },
          { label: t('menu.hide'), icon: EyeOff, onSelect: () => setVisibility(id, 'private'), hidden: !made || card.visibility !== 'public' },
          { label: t('menu.contribute'), icon: Gift, onSelect: () => setContributing(true), hidden: !made || card.contributed || card.kind !== 'music' },
          { label: t('common:report'), icon: Flag, onSelect: () => askReport('track', id, card.title ?? ''), hidden: !isMember || card.mine === true },
        ]}
      />
      {contributing && <Suspense><ContributeDialog id={id} onClose={() => setContributing(false)} /></Suspense>}
    </>
  );
}
