import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '@/api/client';
import type { Track } from '@/player/track';

/** Likes count once a member and never for one's own tracks. Shown at once, taken back when the service refuses. */
export function useLike(track: Track) {
  const client = useQueryClient();
  const [now, setNow] = useState<{ liked: boolean; likes: number } | null>(null);
  const shown = now ?? { liked: track.liked, likes: track.likes };
  const path = { params: { path: { id: track.id } } };
  const change = useMutation({
    mutationFn: (liked: boolean) => body(liked ? api.POST('/api/wall/{id}/like', path) : api.DELETE('/api/wall/{id}/like', path)),
    onMutate: liked => setNow({ liked, likes: Math.max(0, shown.likes + (liked ? 1 : -1)) }),
    onSuccess: answer => {
      setNow({ liked: answer.liked, likes: answer.likes });
      void client.invalidateQueries({ queryKey: ['likes'] });
    },
    onError: () => setNow(null),
  });
  return { ...shown, error: change.error, toggle: () => change.mutate(!shown.liked) };
}
