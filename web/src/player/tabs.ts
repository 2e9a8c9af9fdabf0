import { audio, usePlayer } from './player';

/** One tab sounds: when another begins, this one pauses. */
export function pauseForOtherTabs() {
  const channel = new BroadcastChannel('son1k.player');
  audio.addEventListener('play', () => channel.postMessage('plays'));
  channel.onmessage = () => usePlayer.getState().playing && audio.pause();
}
