import { useMutation } from '@tanstack/react-query';
import { Heart } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import { IconButton } from '@/ui/Button';
import { useProblemText } from '@/ui/states';
import { toast } from '@/ui/toast';
import { setLiked } from './like';
import type { Track } from './track';

/** Nobody likes their own song, and a visitor cannot be counted. */
export function LikeButton({ track, className }: { track: Track; className?: string }) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const isMember = useSession(state => state.status === 'member');
  const like = useMutation({ mutationFn: (liked: boolean) => setLiked(track, liked), onError: error => toast(problemText(error).title) });
  if (!isMember || track.mine) return null;
  return <IconButton icon={Heart} filled={track.liked} active={track.liked} disabled={like.isPending} className={className} label={t(track.liked ? 'player.unlike' : 'player.like')} onClick={() => like.mutate(!track.liked)} />;
}
