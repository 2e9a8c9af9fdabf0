import { api, body } from '@/api/client';
import { ApiError } from '@/api/problem';
import type { Track } from './track';

const fresh = 50 * 60_000;
const signed = new Map<string, { url: string; at: number }>();

/** A plain address for what everybody may hear; for own private tracks a signed one, kept for 50 of its 60 minutes. */
export async function addressOf(track: Track): Promise<string> {
  if (track.audio && !signed.has(track.id)) return track.audio;
  const known = signed.get(track.id);
  if (known && Date.now() - known.at < fresh) return known.url;
  const page = await body(api.GET('/api/media', { params: { query: { ids: track.id } } }));
  const media = page?.items?.[0];
  if (!media) throw new ApiError({ type: 'https://son1kvers3.dev/problems/not-found', title: 'Not found', status: 404 });
  signed.set(track.id, { url: media.audio, at: Date.now() });
  return media.audio;
}

export const stale = (track: Track) => !track.audio && Date.now() - (signed.get(track.id)?.at ?? 0) >= fresh;
export const forgetAddress = (id: string) => signed.delete(id);
