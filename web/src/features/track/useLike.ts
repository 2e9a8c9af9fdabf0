import { useMutation } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { useSession } from '@/api/session';
import { setLiked } from '@/player/like';
import type { Track } from '@/player/track';

/** A visitor who likes is asked to sign in, and comes back. */
export function useLike(track: Track) {
  const isMember = useSession(state => state.status === 'member');
  const navigate = useNavigate();
  return useMutation({ mutationFn: async (liked: boolean) => (isMember ? setLiked(track, liked) : navigate(`/login?to=/t/${track.id}`)) });
}
