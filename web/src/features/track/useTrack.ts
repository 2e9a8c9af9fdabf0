import { useQuery } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import { ApiError } from '@/api/problem';
import { useSession } from '@/api/session';
import { asTrack, trackOf, type Track } from '@/player/track';
import { ended } from '../generator/jobs';

/** Everything of one song that the page shows first: its generation, and its card once it has one. */
export function useTrack(id: string) {
  const { status, me } = useSession();
  const generation = useQuery({
    queryKey: ['generations', id],
    queryFn: () => body(api.GET('/api/generations/{id}', { params: { path: { id } } })),
    enabled: status !== 'unknown',
    // A restored track tells its progress here; signed addresses end after an hour.
    refetchInterval: query => (query.state.data?.restoring !== null && query.state.data?.restoring !== undefined ? 2000 : query.state.data && !ended(query.state.data.status!) ? 5000 : 50 * 60_000),
  });
  const completed = generation.data?.status === 'completed';
  const card = useQuery({
    queryKey: ['track', id],
    queryFn: () => body(api.GET('/api/wall/{creationId}', { params: { path: { creationId: id } } })),
    enabled: completed,
    // The wall hears of a new song a moment after it is finished.
    retry: (count, error) => count < 5 && error instanceof ApiError && error.status === 404,
    retryDelay: 600,
  });
  const mine = Boolean(me && generation.data?.userId === me.id);
  const track: Track | null = generation.data && completed ? merged(generation.data, card.data, mine, me) : null;
  return { generation, card, mine, track };
}

function merged(generation: Parameters<typeof trackOf>[0], card: Parameters<typeof asTrack>[0] | undefined, mine: boolean, me: { username: string; displayName: string } | null): Track {
  const base = trackOf(generation, mine && me ? me : { username: 'deleted', displayName: '' }, mine);
  if (!card) return base;
  const seen = asTrack(card);
  return { ...seen, title: base.title, mine, cover: seen.cover ?? base.cover, audio: seen.audio };
}
