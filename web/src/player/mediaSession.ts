import { coverAt } from '@/ui/bits';
import { audio, next, previous, seek, toggle, usePlayer } from './player';
import { currentEntry } from './queue';

/** Lock screen, headset and media keys. */
export function tellMediaSession() {
  const session = navigator.mediaSession;
  if (!session) return;
  const on = (action: MediaSessionAction, handler: MediaSessionActionHandler) => session.setActionHandler(action, handler);
  on('play', () => void toggle());
  on('pause', () => audio.pause());
  on('nexttrack', () => void next());
  on('previoustrack', () => void previous());
  on('seekto', details => seek(details.seekTime ?? 0));
  on('seekbackward', details => seek(audio.currentTime - (details.seekOffset ?? 10)));
  on('seekforward', details => seek(audio.currentTime + (details.seekOffset ?? 10)));
  usePlayer.subscribe((now, before) => {
    if (now.queue.current !== before.queue.current) describe();
    if (now.playing !== before.playing) session.playbackState = now.playing ? 'playing' : 'paused';
  });
}

function describe() {
  const track = currentEntry(usePlayer.getState().queue)?.track;
  navigator.mediaSession.metadata = track
    ? new MediaMetadata({ title: track.title, artist: track.artist.displayName, album: 'Son1kVers3', artwork: track.cover ? [96, 320, 640].map(size => ({ src: coverAt(track.cover!, size), sizes: `${size}x${size}`, type: 'image/webp' })) : [] })
    : null;
}
