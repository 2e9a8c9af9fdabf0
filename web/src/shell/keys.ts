import { cycleRepeat, next, nowPlaying, previous, seek, setVolume, toggle, toggleMute, toggleShuffle, usePlayer } from '@/player/player';
import { setLiked } from '@/player/like';
import { togglePanel } from '@/player/panel';
import { useSession } from '@/api/session';

/** What a key does; `text` is a key of common:keys, `keys` how the help shows it. */
export interface Shortcut { text: string; keys: string[]; matches: (press: Press) => boolean; run: (go: Go) => void; single?: boolean }
export interface Press { key: string; shift: boolean }
export interface Go { to: (path: string) => void; openPalette: () => void; openHelp: () => void }

const letter = (...keys: string[]) => ({ key, shift }: Press) => !shift && keys.includes(key.toLowerCase());
const shifted = (wanted: string) => ({ key, shift }: Press) => shift && key === wanted;

export const shortcuts: Shortcut[] = [
  { text: 'play', keys: ['Space', 'K'], matches: letter(' ', 'k'), run: () => void toggle() },
  { text: 'back5', keys: ['←'], matches: letter('arrowleft'), run: () => seek(usePlayer.getState().position - 5) },
  { text: 'on5', keys: ['→'], matches: letter('arrowright'), run: () => seek(usePlayer.getState().position + 5) },
  { text: 'next', keys: ['Shift', '→'], matches: shifted('ArrowRight'), run: () => void next() },
  { text: 'previous', keys: ['Shift', '←'], matches: shifted('ArrowLeft'), run: () => void previous() },
  { text: 'louder', keys: ['Shift', '↑'], matches: shifted('ArrowUp'), run: () => setVolume(usePlayer.getState().volume + 0.1) },
  { text: 'softer', keys: ['Shift', '↓'], matches: shifted('ArrowDown'), run: () => setVolume(usePlayer.getState().volume - 0.1) },
  { text: 'mute', keys: ['M'], matches: letter('m'), run: toggleMute, single: true },
  { text: 'like', keys: ['L'], matches: letter('l'), run: like, single: true },
  { text: 'shuffle', keys: ['S'], matches: letter('s'), run: toggleShuffle, single: true },
  { text: 'repeat', keys: ['R'], matches: letter('r'), run: cycleRepeat, single: true },
  { text: 'queue', keys: ['Q'], matches: letter('q'), run: togglePanel, single: true },
  { text: 'search', keys: ['/'], matches: ({ key }) => key === '/', run: go => go.to('/search'), single: true },
  { text: 'create', keys: ['N'], matches: letter('n'), run: go => go.to('/create'), single: true },
  { text: 'help', keys: ['?'], matches: ({ key }) => key === '?', run: go => go.openHelp(), single: true },
];

/** After G. */
export const places: Record<string, string> = { h: '/', p: '/pool', c: '/create', l: '/library' };

const off = 'son1k.single-keys-off';
export const singleKeysOn = () => localStorage.getItem(off) === null;
export const setSingleKeys = (on: boolean) => (on ? localStorage.removeItem(off) : localStorage.setItem(off, '1'));

/** The shortcut of a press, if it has one now. */
export const shortcutOf = (press: Press, singles = singleKeysOn()) => shortcuts.find(shortcut => (singles || !shortcut.single) && shortcut.matches(press));

const fields = 'input,textarea,select,[contenteditable=true],[role=dialog],[role=menu],[role=listbox]';
const ownArrows = '[role=tablist],[role=slider],audio,video';

/** Whether a press belongs to what has the focus: letters to fields and dialogs, Space and Enter to buttons, arrows to tabs. */
export function belongsTo(target: Element, key: string): boolean {
  if (target.closest(fields)) return true;
  if (key === ' ' && target.closest('button,a,summary,[role=button]')) return true;
  return key.startsWith('Arrow') && target.closest(ownArrows) !== null;
}

function like() {
  const track = nowPlaying();
  if (track && !track.mine && useSession.getState().status === 'member') setLiked(track, !track.liked).catch((error: unknown) => console.info('Not liked', error));
}
