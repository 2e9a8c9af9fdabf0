import { create } from 'zustand';
import type { Track } from '@/player/track';

/** What a dialog was asked for from anywhere: a card's menu, the player, a comment. */
export type Asked =
  | { what: 'collect'; tracks: Pick<Track, 'id' | 'title'>[] }
  | { what: 'report'; kind: 'track' | 'comment' | 'profile'; id: string; title: string };

export const useAsked = create<{ asked: Asked | null }>(() => ({ asked: null }));

export const askCollection = (tracks: Pick<Track, 'id' | 'title'>[]) => useAsked.setState({ asked: { what: 'collect', tracks } });
export const askReport = (kind: 'track' | 'comment' | 'profile', id: string, title: string) => useAsked.setState({ asked: { what: 'report', kind, id, title } });
export const closeAsked = () => useAsked.setState({ asked: null });
