import { queryClient } from '@/api/query';
import { amend } from './player';
import type { Track } from './track';

interface Answer { liked: boolean; likes: number }

/** Likes a track, or takes the like back. Without a network it waits; null is the answer then. */
export async function like(id: string, liked: boolean): Promise<Answer | null> {
  const { change } = await import('@/offline/outbox');
  return change<Answer>({ subject: `like:${id}`, method: liked ? 'PUT' : 'DELETE', path: `/api/community/pool/${id}/like` });
}

/** The same, shown at once in the player; every list that shows it is asked again. */
export async function setLiked(track: Pick<Track, 'id' | 'likes'>, liked: boolean) {
  const before = { liked: !liked, likes: track.likes };
  amend(track.id, { liked, likes: track.likes + (liked ? 1 : -1) });
  try {
    const answer = await like(track.id, liked);
    if (!answer) return;
    amend(track.id, answer);
    await queryClient.invalidateQueries({ queryKey: ['track', track.id] });
  } catch (error) {
    amend(track.id, before);
    throw error;
  }
}
