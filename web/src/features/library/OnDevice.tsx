import { Smartphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useKeepItem } from '@/offline/useKeepItem';
import { useKeptTracks } from '@/offline/tracks';
import type { Track } from '@/player/track';
import { cardGrid, EmptyState, Menu, TrackCard } from '@/ui';

/** The songs that play here without a network. */
export function OnDevice() {
  const { t } = useTranslation('library');
  const tracks = useKeptTracks(state => state.tracks);
  if (!tracks.length) return <EmptyState icon={Smartphone} text={t('none.device')} />;
  return <div className={cardGrid}>{tracks.map(track => <TrackCard key={track.id} track={track} list={tracks} menu={<KeptMenu track={track} />} />)}</div>;
}

function KeptMenu({ track }: { track: Track }) {
  const { t } = useTranslation('common');
  return <Menu label={t('more')} items={[useKeepItem(track)]} />;
}
