import { api } from '@/api/client';
import { queryClient } from '@/api/query';
import { amend } from './player';
import type { Track } from './track';

/** Likes a track, or takes the like back; every list that shows it is asked again. */
export async function setLiked(track: Pick<Track, 'id' | 'likes'>, liked: boolean) {
  const before = { liked: !liked, likes: track.likes };
  amend(track.id, { liked, likes: track.likes + (liked ? 1 : -1) });
  try {
    const params = { path: { id: track.id } };
    const { data } = await (liked ? api.PUT('/api/community/pool/{id}/like', { params }) : api.DELETE('/api/community/pool/{id}/like', { params }));
    amend(track.id, { liked: data?.liked ?? liked, likes: data?.likes ?? track.likes });
    await queryClient.invalidateQueries({ queryKey: ['track', track.id] });
  } catch (error) {
    amend(track.id, before);
    throw error;
  }
}
