import { api, idempotent } from '@/api/client';
import { useSession } from '@/api/session';
import type { Track } from './track';

const listened = 'son1k.has-listened';

/** Whether somebody has listened here, ever: the first step of the checklist. */
export const hasListened = () => localStorage.getItem(listened) !== null;

let id: string | null = null;
let last = 0;
let seconds = 0;

/** Counts what was really heard of a song: after ten seconds it is told to the API, once. */
export const heard = {
  begin(track: Track) {
    id = track.id;
    last = seconds = 0;
  },
  at(position: number) {
    const step = position - last;
    last = position;
    // A jump is no listening: time goes on in small steps.
    if (!id || step <= 0 || step > 2) return;
    seconds += step;
    if (seconds < 10) return;
    const played = id;
    id = null;
    localStorage.setItem(listened, '1');
    if (useSession.getState().status !== 'member') return;
    // A play that could not be counted is not worth a word to the listener.
    api.POST('/api/community/pool/{id}/play', { params: { path: { id: played } }, headers: idempotent() }).catch((error: unknown) => console.info('Play not counted', error));
  },
};
