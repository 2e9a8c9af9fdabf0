import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useOutbox } from '@/offline/outbox';
import { like } from '@/player/like';
import type { Track } from '@/player/track';

/** Likes count once a member and never for one's own tracks. Shown at once, taken back when the service refuses. */
export function useLike(track: Track) {
  const client = useQueryClient();
  const [now, setNow] = useState<{ liked: boolean; likes: number } | null>(null);
  // What waits for the network is shown as it will be.
  const waiting = useOutbox(state => state.waiting.find(one => one.subject === `like:${track.id}`));
  const shown = now ?? (waiting && track.liked !== (waiting.method === 'PUT') ? { liked: !track.liked, likes: track.likes + (track.liked ? -1 : 1) } : { liked: track.liked, likes: track.likes });
  const change = useMutation({
    mutationFn: (liked: boolean) => like(track.id, liked),
    onMutate: liked => setNow({ liked, likes: Math.max(0, shown.likes + (liked ? 1 : -1)) }),
    onSuccess: answer => {
      if (!answer) return;
      setNow({ liked: answer.liked, likes: answer.likes });
      void client.invalidateQueries({ queryKey: ['likes'] });
    },
    onError: () => setNow(null),
  });
  return { ...shown, error: change.error, toggle: () => change.mutate(!shown.liked) };
}
