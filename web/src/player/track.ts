import type { Schemas } from '@/api/client';

export interface Artist { username: string; displayName: string; alvae?: string | null; border?: string | null }

/** What a card and the player need of a song, whichever service it came from. */
export interface Track {
  id: string;
  title: string;
  artist: Artist;
  genre: string | null;
  mood: string | null;
  tempo: number | null;
  key: string | null;
  durationSeconds: number | null;
  palette: string[];
  peaks: number[];
  quality: string | null;
  likes: number;
  plays: number;
  mine: boolean;
  liked: boolean;
  claimed: boolean;
  /** Null for a private track: its address is signed and asked for when it is needed. */
  cover: string | null;
  audio: string | null;
}

interface AnyCard {
  id?: string;
  generationId?: string;
  title?: string;
  artist?: { [K in keyof Artist]?: Artist[K] | null };
  genre?: string | null;
  mood?: string | null;
  tempo?: number | null;
  key?: string | null;
  durationSeconds?: number | null;
  palette?: string[];
  peaks?: number[];
  quality?: string | null;
  counts?: { likes: number; plays: number };
  likes?: number;
  plays?: number;
  mine?: boolean | null;
  liked?: boolean | null;
  claimed?: boolean | null;
  cover?: string | null;
  audio?: string | null;
}

/** One shape for the cards of pool (`generationId`, `likes`) and of walls, search and collections (`id`, `counts`). */
export function asTrack(card: AnyCard): Track {
  return {
    id: (card.generationId ?? card.id)!,
    title: card.title ?? '',
    artist: { ...card.artist, username: card.artist?.username ?? 'deleted', displayName: card.artist?.displayName ?? 'deleted' },
    genre: card.genre ?? null,
    mood: card.mood ?? null,
    tempo: card.tempo ?? null,
    key: card.key ?? null,
    durationSeconds: card.durationSeconds ?? null,
    palette: card.palette ?? [],
    peaks: card.peaks ?? [],
    quality: card.quality ?? null,
    likes: card.counts?.likes ?? card.likes ?? 0,
    plays: card.counts?.plays ?? card.plays ?? 0,
    mine: card.mine ?? false,
    liked: card.liked ?? false,
    claimed: card.claimed ?? false,
    cover: card.cover ?? null,
    audio: card.audio ?? null,
  };
}

/** A generation of the caller's own, or one that they may hear, as a song. Its addresses are the signed ones of its `files`. */
export function trackOf(generation: Schemas['GenerationView'], artist: Artist, mine: boolean): Track {
  const file = (kind: string, format?: string) => generation.files?.find(one => one.kind === kind && (!format || one.format === format))?.url ?? null;
  const isPublic = generation.visibility !== 'private';
  return {
    id: generation.id!,
    title: generation.title ?? '',
    artist,
    genre: generation.genre ?? null,
    mood: generation.plan?.mood ?? null,
    tempo: generation.plan?.tempo ?? null,
    key: generation.plan?.key ?? null,
    durationSeconds: generation.durationSeconds ?? null,
    palette: [],
    peaks: [],
    quality: generation.quality ?? null,
    likes: 0,
    plays: 0,
    mine,
    liked: false,
    claimed: false,
    cover: isPublic ? `/api/generations/${generation.id}/cover` : file('cover'),
    audio: isPublic ? `/api/generations/${generation.id}/audio` : null,
  };
}
