import { useQuery } from '@tanstack/react-query';
import { api, body, type Schemas } from '@/api/client';
import { ApiError } from '@/api/problem';
import type { Track } from './track';

type Media = Schemas['MediaView'];

/** Signed addresses last an hour; ten minutes before that they are asked for anew. */
const fresh = 50 * 60_000;
const most = 100;
const signed = new Map<string, { media: Media; at: number }>();
let waiting = new Map<string, { resolve: (media: Media | null) => void; reject: (error: unknown) => void; promise: Promise<Media | null> }>();

/** The signed addresses of an own track; null when it is none. What a page asks for in the same moment goes in one request. */
function mediaOf(id: string): Promise<Media | null> {
  const known = signed.get(id);
  if (known && Date.now() - known.at < fresh) return Promise.resolve(known.media);
  const asked = waiting.get(id);
  if (asked) return asked.promise;
  if (!waiting.size) setTimeout(askForAll, 15);
  const { promise, resolve, reject } = Promise.withResolvers<Media | null>();
  waiting.set(id, { promise, resolve, reject });
  return promise;
}

async function askForAll() {
  const asked = [...waiting];
  waiting = new Map();
  for (let from = 0; from < asked.length; from += most) {
    const some = asked.slice(from, from + most);
    try {
      const page = await body(api.GET('/api/media', { params: { query: { ids: some.map(([id]) => id).join(',') } } }));
      const found = new Map(page.items?.map(media => [media.id, media]));
      for (const [id, { resolve }] of some) {
        const media = found.get(id) ?? null;
        if (media) signed.set(id, { media, at: Date.now() });
        resolve(media);
      }
    } catch (error) {
      some.forEach(([, { reject }]) => reject(error));
    }
  }
}

/** A plain address for what everybody may hear; for own private tracks a signed one. */
export async function addressOf(track: Track): Promise<string> {
  if (track.audio) return track.audio;
  const media = await mediaOf(track.id);
  if (!media) throw new ApiError({ type: 'https://son1kvers3.dev/problems/not-found', title: 'Not found', status: 404 });
  return media.audio;
}

/** The cover of a card: its own address, or for an own private track the signed one. */
export function useCover(track: Pick<Track, 'id' | 'cover' | 'mine'> | undefined): string | null {
  const media = useQuery({ queryKey: ['media', track?.id], queryFn: () => mediaOf(track!.id), enabled: Boolean(track && !track.cover && track.mine), staleTime: fresh });
  return track?.cover ?? media.data?.cover ?? null;
}

export const stale = (track: Track) => !track.audio && Date.now() - (signed.get(track.id)?.at ?? 0) >= fresh;
export const forgetAddress = (id: string) => signed.delete(id);
export const forgetAddresses = () => signed.clear();
