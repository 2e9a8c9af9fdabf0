import { CircleArrowDown, CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Track } from '@/player/track';
import { toast, useProblemText, type MenuItem } from '@/ui';
import { dropTrack, keepTrack, useKeptTracks } from './tracks';

/** The menu's line that keeps a song on this device, or gives it up. */
export function useKeepItem(track: Track): MenuItem {
  const { t } = useTranslation('common');
  const problemText = useProblemText();
  const kept = useKeptTracks(state => state.tracks.some(one => one.id === track.id));
  const act = () => (kept ? dropTrack(track.id) : keepTrack(track)).then(() => toast(t(kept ? 'offline.dropped' : 'offline.kept')), (error: unknown) => toast(problemText(error).title));
  return { label: t(kept ? 'offline.drop' : 'offline.keep'), icon: kept ? CircleCheck : CircleArrowDown, onSelect: () => void act() };
}
